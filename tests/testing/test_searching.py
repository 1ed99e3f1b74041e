"""Searching: a witness for every rule that can be reached, and boundaries with both sides."""

from datetime import date
from typing import Any

import pytest

from criterion import Catalogue, Decision, Engine
from criterion.testing import boundaries, witnesses
from tests.testing.subjects import LIMIT, PROFILE

CATALOGUE = Catalogue.load()
UNDER = [
    (decision, CATALOGUE.profiles.offers(decision.id)[0].name)
    for decision in CATALOGUE.serving
    if CATALOGUE.profiles.offers(decision.id)
    and decision.id not in {"api-rate-limit", "cart-pricing"}
]
"""Ready decisions whose profile leaves all of their rules within reach, but the slowest."""


@pytest.mark.parametrize(("decision", "name"), UNDER, ids=str)
def test_every_rule_of_a_ready_decision_has_a_witness(
    decision: Decision[Any, Any, Any], name: str
) -> None:
    engine = Engine(profiles=CATALOGUE.profiles)

    found = witnesses(decision, name, profiles=CATALOGUE.profiles)

    decided = [engine.run(decision, each.facts or {}, name).matched_rule for each in found]
    assert decided == [rule.id for rule in decision.rules]


def test_a_rule_without_a_witness_is_not_found() -> None:
    found = {each.rule: each for each in witnesses(LIMIT, PROFILE)}

    assert found["never"].facts is None
    assert str(found["never"]) == "`never`: not found"
    assert [rule for rule, each in found.items() if each.facts is None] == ["never"]


def test_boundaries_have_a_rule_below_on_and_above() -> None:
    facts = [{"used": 1, "wanted": 1, "plan": "a-plan", "day": date(2026, 1, 1)}]

    found = {(each.place, each.field): each for each in boundaries(LIMIT, PROFILE, facts)}

    late = found["rules.late.when", "day"]
    assert str(late) == (
        "`input.day > profile.ends`, in rules.late.when\n"
        '  below day = "2026-02-28" within\n'
        '  on    day = "2026-03-01" within\n'
        '  above day = "2026-03-02" late'
    )
    over = found["rules.over.when", "wanted"]
    assert [over.below, over.on, over.above] == [(1, "within"), (2, "within"), (3, "over")]


def test_the_boundaries_of_rules_in_python_are_where_another_rule_decides() -> None:
    decision = CATALOGUE.decision("usage-limit")
    facts = [{"resource": "projects", "current_usage": 2, "plan": "starter"}]

    found = boundaries(decision, "pricing", facts, profiles=CATALOGUE.profiles)

    assert [(each.place, each.field, each.below, each.on) for each in found] == [
        (
            "rules.approaching-limit",
            field,
            (number - 1, "within-limit"),
            (number, "approaching-limit"),
        )
        for field, number in (("current_usage", 8), ("requested_amount", 7))
    ]
