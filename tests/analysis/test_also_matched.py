"""Also matched: later rules are asked alone, and those that fail are left out."""

from typing import Any

import pytest

from criterion import Catalogue, Engine, Result, Status, load_decision
from criterion.analysis import also_matched

CATALOGUE = Catalogue.load()
RATIO = load_decision(
    """
decision: ratio
version: 1.0.0
input: {a: {type: integer}, b: {type: integer}}
output: {allowed: {type: boolean}, share: {type: number}}
rules:
  - {id: zero, when: input.b == 0, emit: {allowed: false, share: 0}, explain: "b is {input.b}"}
  - {id: fails, when: input.a / input.b > 1, emit: {allowed: true, share: 1}, explain: "{input.a}"}
  - {id: late, when: input.a > 5, emit: {allowed: true, share: =input.a / input.b}}
  - {id: other, when: input.a < 5, emit: {allowed: true, share: 2}}
"""
)


@pytest.mark.parametrize("version", ["1.1.0", "1.1.0-yaml"])
def test_later_rules_say_what_they_would_have_said(version: str) -> None:
    facts = {"resource": "projects", "current_usage": 2, "requested_amount": 1, "plan": "free"}
    decision = CATALOGUE.decision("usage-limit", version)
    result: Result[Any] = Engine(profiles=CATALOGUE.profiles).run(decision, facts, "pricing")

    found = also_matched(result)

    assert [(each.rule, each.explanation) for each in found] == [
        ("within-limit", "Usage 2 + 1 <= limit 3"),
        ("over-limit", "Requested 3 exceeds limit 3"),
    ]
    assert found[0].to_dict()["data"] == {
        "allowed": True,
        "remaining": 0,
        "limit": 3,
        "upgrade_required": False,
        "suggested_plan": None,
        "message": "0 projects remaining",
    }


def test_a_rule_whose_condition_fails_is_left_out_and_one_that_emits_badly_is_not() -> None:
    found = also_matched(Engine().run(RATIO, {"a": 6, "b": 0}))

    assert [(each.rule, each.status, each.data) for each in found] == [
        ("late", Status.RULE_ERROR, None)
    ]


def test_facts_that_no_rule_was_asked_about_have_none() -> None:
    assert also_matched(Engine().run(RATIO, {"a": 6})) == ()
    assert also_matched(Engine().run(RATIO, {"a": 5, "b": 9})) == ()
