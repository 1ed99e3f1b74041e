"""Diffs: what is said to differ does, what is proven the same is, and versions are held to it."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings

from criterion import Catalogue, Decision, Engine, load_decision
from criterion.analysis import Diff, diff
from criterion.analysis.diffing import node_of
from criterion.analysis.domain import domain_of
from criterion.analysis.offered import offered_values
from criterion.analysis.shared_facts import shared_facts
from criterion.analysis.twins import Twins
from criterion.testing import facts as facts_of
from tests.soak import sized

CATALOGUE: Final = Catalogue.load()
FACTS_MAX: Final = sized(10_000, 40)
BUDGET_MS: Final = 20_000
FEE: Final = """
decision: fee
version: 1.2.0
input:
  weight: {type: integer, minimum: 1, maximum: 100}
  zone: {enum: [home, abroad]}
  note: {type: string, default: ""}
profile:
  limit: {type: integer, minimum: 0}
output:
  allowed: {type: boolean}
  fee: {type: number}
  text: {type: string, default: ok}
let:
  is_heavy: input.weight > profile.limit
rules:
  - id: heavy
    when: is_heavy and input.zone == "abroad"
    emit: {allowed: false, fee: 0, text: "{input.weight} over {profile.limit}"}
    explain: "{input.weight} is over {profile.limit}"
  - id: other
    when: otherwise
    emit: {allowed: true, fee: =input.weight / 4}
"""
Offered: TypeAlias = Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]

PROFILES: Final[Offered] = {"fee": ({"limit": 30}, {"limit": 30})}


def edited(*edits: tuple[str, str], version: str = "1.2.1") -> str:
    text = FEE.replace("1.2.0", version)
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    return text


def compared(text: str, profiles: Offered | None = PROFILES) -> Diff:
    return diff(load_decision(FEE), load_decision(text), profiles=profiles, budget_ms=BUDGET_MS)


SAME: Final = {
    "another order": ("is_heavy and input.zone", "is_heavy and not false and input.zone"),
    "another comparison": ("weight > profile.limit\nr", "weight >= profile.limit + 1\nr"),
    "another let": ("is_heavy and input", "input.weight > profile.limit and input"),
    "other words": ("is over", "exceeds"),
    "a factor": ("input.weight / 4", "input.weight * 0.25"),
}


@pytest.mark.soak
@pytest.mark.parametrize("name", SAME)
def test_what_is_proven_to_be_the_same_is_on_many_facts(name: str) -> None:
    text = edited(SAME[name])

    found = compared(text)

    assert [(each.verdict, each.differences) for each in found.answers] == [("proven", ())]
    assert (found.step, found.is_version_enough, found.is_same) == ("patch", True, True)
    assert found.edits
    old, new = load_decision(FEE), load_decision(text)
    bounds = [Engine().bind(each, {"limit": 30}) for each in (old, new)]

    @settings(max_examples=FACTS_MAX, suppress_health_check=list(HealthCheck), deadline=None)
    @given(facts_of(old, {"limit": 30}))
    def search(facts: dict[str, Any]) -> None:
        one, two = (bound(facts) for bound in bounds)
        assert (one.status, one.data and one.data.model_dump()) == (
            two.status,
            two.data and two.data.model_dump(),
        )

    search()


OTHER: Final = {
    "a bound": (("weight > profile", "weight >= profile"), "other", "heavy", 30),
    "a number": (("weight / 4", "weight / 5"), "other", "other", 1),
    "a text": (("over {profile", "above {profile"), "heavy", "heavy", 31),
    "a default": (("default: ok", "default: fine"), "other", "other", 1),
    "a failure": (("weight / 4", "weight / (input.weight - 7)"), "other", "RULE_ERROR", 7),
    "no match": (("when: otherwise", "when: input.weight != 9"), "other", "NO_MATCH", 9),
}


@pytest.mark.parametrize("name", OTHER)
def test_what_differs_is_shown_on_the_smallest_facts(name: str) -> None:
    edit, before, after, weight = OTHER[name]

    found = compared(edited(edit))

    ways = {(each.before, each.after): each for each in found.answers[0].differences}
    assert (before, after) in ways
    assert ways[before, after].facts["weight"] == weight
    assert (found.step, found.is_version_enough) == ("minor", False)
    assert compared(edited(edit, version="1.3.0")).is_version_enough
    for each in ways.values():
        confirm(load_decision(FEE), load_decision(edited(edit)), each.facts, {"limit": 30})


def confirm(
    old: Decision[Any, Any, Any],
    new: Decision[Any, Any, Any],
    facts: Mapping[str, Any],
    values: Mapping[str, object],
) -> None:
    one, two = (Engine().run(each, dict(facts), values) for each in (old, new))
    assert (one.status, one.data and one.data.model_dump()) != (
        two.status,
        two.data and two.data.model_dump(),
    )


SCHEMAS: Final = {
    "less is taken": (("maximum: 100", "maximum: 90"), "major"),
    "more is taken": (("maximum: 100", "maximum: 110"), "minor"),
    "one choice less": (("[home, abroad]", "[abroad]"), "major"),
    "one choice more": (("[home, abroad]", "[home, abroad, sea]"), "minor"),
    "a new optional field": (("  note:", "  more: {type: integer, default: 0}\n  note:"), "minor"),
    "a new required field": (("  note:", "  more: {type: integer}\n  note:"), "major"),
    "a field that has to be given": (('string, default: ""', "string"), "major"),
    "another kind": (("weight: {type: integer", "weight: {type: number"), "minor"),
    "less profiles": (("integer, minimum: 0}", "integer, minimum: 5}"), "major"),
    "a wider output": (("fee: {type: number}", "fee: {type: number, default: null}"), "major"),
    "a narrower output": (("fee: {type: number}", "fee: {type: number, minimum: 0}"), "minor"),
    "another default": (('default: ""', "default: none"), "minor"),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_says_which_step_the_version_needs(name: str) -> None:
    edit, step = SCHEMAS[name]

    found = compared(edited(edit))

    assert found.step == step
    assert not found.is_version_enough
    assert found.schemas
    version = {"minor": "1.3.0", "major": "2.0.0"}[step]
    assert compared(edited(edit, version=version)).is_version_enough


def test_a_profile_that_changes_is_compared_for_all_facts() -> None:
    decision = load_decision(FEE)

    found = diff(decision, decision, profiles={"fee": ({"limit": 30}, {"limit": 25})})

    ways = {(each.before, each.after): each for each in found.answers[0].differences}
    assert set(ways) == {("other", "heavy"), ("heavy", "heavy")}
    assert ways["other", "heavy"].facts["weight"] == 26
    assert ways["other", "heavy"].members["allowed"] == (True, False)
    assert (found.step, found.answers[0].verdict) == ("none", "proven")


@pytest.mark.parametrize("weight", range(26, 31))
def test_whatever_facts_are_met_first_the_smallest_are_shown(weight: int) -> None:
    decision = load_decision(FEE)
    node = node_of(decision.input)
    shared = shared_facts(node, node, (domain_of(node), domain_of(node)))
    twins = Twins(decision, decision, shared, ({"limit": 30}, {"limit": 25}))

    found, _ = twins.smallest({"weight": weight, "zone": "abroad", "note": ""}, None)

    assert found["weight"] == 26


def test_without_a_profile_every_profile_is_meant() -> None:
    same = compared(edited(SAME["another comparison"]), None)
    other = compared(edited(OTHER["a bound"][0]), None)

    assert same.answers[0].is_same
    assert other.answers[0].differences[0].values is not None


def test_a_decision_in_python_is_tried_and_never_proven() -> None:
    python, text = (CATALOGUE.decision("usage-limit", each) for each in ("1.1.0", "1.1.0-yaml"))
    values = offered_values(text, CATALOGUE.profiles)["pricing"]
    limits = {**values["limits"], "free": {**values["limits"]["free"], "projects": 2}}

    same = diff(python, text, profiles={"pricing": (values, values)})
    other = diff(python, python, profiles={"pricing": (values, {**values, "limits": limits})})

    assert [each.verdict for each in same.answers] == ["not found"]
    assert [each.verdict for each in other.answers] == ["found"]
    for each in other.answers[0].differences:
        one, two = (
            Engine().run(python, dict(each.facts), profile)
            for profile in (values, {**values, "limits": limits})
        )
        assert one.unwrap() != two.unwrap()


def test_marked_values_are_not_shown() -> None:
    text = FEE.replace("maximum: 100}", "maximum: 100, redact: mask}")
    new = text.replace("weight > profile", "weight >= profile")

    found = diff(load_decision(text), load_decision(new), profiles=PROFILES)

    assert found.answers[0].differences
    assert str(found.answers[0].differences[0].facts["weight"]) == "[redacted]"
    assert '"weight":30' not in str(found.to_dict())


def test_facts_that_no_longer_compare_are_said_so() -> None:
    found = compared(edited(("{enum: [home, abroad]}", "{type: integer}"), ('"abroad"', "3")))

    assert found.answers[0].verdict == "unknown"
    assert found.answers[0].reason == "`zone` is of another kind now"


def test_without_time_nothing_is_said_to_be_proven() -> None:
    found = diff(
        load_decision(FEE), load_decision(edited()), profiles=PROFILES, budget_ms=1,
        now_ms=iter(range(0, 10**9, 5)).__next__,
    )  # fmt: skip

    assert (found.answers[0].verdict, found.answers[0].reason) == ("unknown", "time")
