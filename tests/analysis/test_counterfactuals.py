"""Counterfactuals: every change that is named leads there, none is spare, and a proof holds."""

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from itertools import chain
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from criterion import Catalogue, Engine, Result, load_decision
from criterion.analysis import Counterfactuals, counterfactuals
from criterion.analysis.leaves import changed
from criterion.analysis.offered import offered_values
from criterion.errors import ExpressionError
from criterion.expression_decision import ExpressionDecision
from criterion.testing import facts as facts_of
from tests.soak import sized

CATALOGUE: Final = Catalogue.load()
EXPRESSIONS: Final = [each for each in CATALOGUE.decisions if isinstance(each, ExpressionDecision)]
ENGINE: Final = Engine(profiles=CATALOGUE.profiles)
FACTS_MAX: Final = sized(10_000, 40)
USAGE: Final[dict[str, Any]] = {
    "resource": "projects",
    "current_usage": 3,
    "requested_amount": 1,
    "plan": "free",
}
DOOR: Final = load_decision(
    """
decision: door
version: 1.0.0
input:
  name: {type: string}
  badge: {type: integer, minimum: 0, maximum: 9, changeable: false}
  pin: {type: integer, minimum: 0, maximum: 9_999, redact: mask}
  hour: {type: integer, minimum: 0, maximum: 23}
  day: {type: integer, minimum: 1, maximum: 31}
  weight: {type: number, minimum: 0}
output:
  allowed: {type: boolean}
rules:
  - id: open
    when: input.badge == 7 or input.pin == 1_234 or input.name == "porter"
    emit: {allowed: true}
  - id: night
    when: input.hour == 3 and input.day == 13 and input.weight > 10.5
    emit: {allowed: true}
  - id: shut
    when: otherwise
    emit: {allowed: false}
"""
)
VISITOR: Final[dict[str, Any]] = {
    "name": "ann",
    "badge": 1,
    "pin": 1,
    "hour": 12,
    "day": 1,
    "weight": Decimal(1),
}


def usage(version: str | None = None) -> Result[Any]:
    return ENGINE.run(CATALOGUE.decision("usage-limit", version), USAGE, "pricing")


def visited() -> Result[Any]:
    return ENGINE.run(DOOR, VISITOR)


@pytest.mark.parametrize("version", ["1.1.0", "1.1.0-yaml"])
def test_the_smallest_single_changes_are_named_with_how_far_they_help(version: str) -> None:
    found = counterfactuals(usage(version), budget_ms=5_000)

    lines = str(found).splitlines()
    assert found.verdict == "found"
    assert lines[0].startswith("with `current_usage` at most 2 (now 3), `approaching-limit`")
    assert lines[1].startswith("with `requested_amount` at most 0 (now 1)")
    assert lines[3].startswith('with `plan` "starter", "pro" or "enterprise" (now "free")')


def test_a_profile_is_changed_only_where_that_is_asked_for() -> None:
    paths = [
        {change.path[0] for each in found.alternatives for change in each.changes}
        for found in (
            counterfactuals(usage(), limit=20, budget_ms=5_000),
            counterfactuals(usage(), profile=True, limit=20, budget_ms=5_000),
        )
    ]

    assert paths == [{"input"}, {"input", "profile"}]


def test_the_cheapest_comes_first() -> None:
    found = counterfactuals(usage(), costs={"current_usage": 5, "plan": Decimal("0.5")}, limit=1)

    assert [each.cost for each in found.alternatives] == [Decimal("0.5")]
    assert found.alternatives[0].changes[0].name == "plan"


def test_what_may_not_be_changed_never_is() -> None:
    found = counterfactuals(visited(), budget_ms=5_000)

    assert found.changeable == ("hour", "day", "weight")
    with pytest.raises(ValueError, match="`badge` is nothing that may be changed"):
        counterfactuals(visited(), changeable=["badge"])
    with pytest.raises(ValueError, match="`pin` is nothing that may be changed"):
        counterfactuals(visited(), costs={"pin": 2})
    with pytest.raises(ValueError, match="not a number from 0 on"):
        counterfactuals(visited(), costs={"day": -1})


def test_a_text_that_could_be_any_is_changed_where_it_is_named() -> None:
    found = counterfactuals(visited(), changeable=["name"])

    assert [each.changes[0].after for each in found.alternatives] == ["porter"]


def test_the_prover_finds_what_needs_many_changes() -> None:
    found = counterfactuals(visited(), budget_ms=10_000)

    (only,) = found.alternatives
    assert [change.name for change in only.changes] == ["hour", "day", "weight"]
    assert [change.after for change in only.changes] == [3, 13, Decimal("10.51")]
    assert (only.changes[2].least, only.changes[2].most) == (Decimal("10.51"), None)
    assert only.rule == "night"


@pytest.mark.soak
def test_a_proof_that_nothing_helps_holds_on_many_facts() -> None:
    found = counterfactuals(visited(), changeable=["hour", "weight"], budget_ms=10_000)
    bound = ENGINE.bind(DOOR)

    assert str(found) == "no change of `hour` and `weight` would: proven"

    @settings(max_examples=FACTS_MAX, deadline=None)
    @given(st.integers(0, 23), st.decimals(0, 100, places=2))
    def search(hour: int, weight: Decimal) -> None:
        assert bound({**VISITOR, "hour": hour, "weight": weight}).unwrap().allowed is False

    search()


def test_without_the_prover_nothing_is_proven() -> None:
    found = counterfactuals(visited(), changeable=["hour"], prove=False, budget_ms=5_000)

    assert (found.verdict, found.alternatives) == ("not found", ())


def test_a_search_without_time_says_so() -> None:
    times = chain([0.0] * 3, iter(lambda: 1_000.0, None))

    found = counterfactuals(visited(), now_ms=lambda: next(times))

    assert (found.verdict, found.reason) == ("unknown", "time")


def test_facts_that_do_not_fit_have_no_alternatives() -> None:
    found = counterfactuals(ENGINE.run(DOOR, {**VISITOR, "hour": 24}))

    assert found.verdict == "unknown"
    assert found.reason is not None
    assert found.reason.startswith("no rule was asked")


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ("data.alowed", "`data` has no `alowed`"),
        ("data.allowed ==", "=="),
        ('rule == "shutt"', "is never"),
        ("rule", "a wish is true or false"),
        ("input.hour == 3", "unknown name"),
        ("data.allowed > 3", "compare"),
    ],
)
def test_a_wish_that_cannot_be_meant_is_refused(wish: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        counterfactuals(visited(), wish=wish)

    assert message in str(caught.value)


def test_a_wish_may_be_a_function() -> None:
    found = counterfactuals(usage(), wish=lambda other: other.unwrap().remaining == 6)

    assert found.alternatives[0].rule == "within-limit"


@pytest.mark.soak
@pytest.mark.parametrize("decision", EXPRESSIONS, ids=lambda decision: decision.id)
def test_every_alternative_leads_there_and_has_no_change_to_spare(
    decision: ExpressionDecision,
) -> None:
    profiles = offered_values(decision, CATALOGUE.profiles) or {"": {}}
    profile = next(iter(profiles.values()))
    bound = Engine().bind(decision, profile)
    drawn = facts_of(decision, profile)

    @settings(max_examples=sized(300, 3), suppress_health_check=list(HealthCheck), deadline=None)
    @given(drawn)
    def search(facts: dict[str, Any]) -> None:
        result = bound(facts)
        found = counterfactuals(result, prove=False, budget_ms=sized(1_000, 50))
        wish = _holds(found, result)
        for each in found.alternatives:
            again = bound(each.facts)
            assert wish(again)
            assert (again.matched_rule, again.explanation) == (each.rule, each.explanation)
            for change in each.changes:
                path = change.path[1:]
                assert not wish(bound(changed(each.facts, path, change.before)))
                for value in (change.least, change.most, *change.others):
                    assert value is None or wish(bound(changed(each.facts, path, value)))

    search()


def _holds(found: Counterfactuals, result: Result[Any]) -> Callable[[Result[Any]], bool]:
    """Return whether an answer is the one that is wished of a result, said without the library."""
    if found.wish == "data.allowed == true":
        return lambda other: other.matched_rule is not None and other.unwrap().allowed
    return lambda other: other.matched_rule not in {None, result.matched_rule}


def test_the_prover_stays_away_while_something_is_found() -> None:
    code = (
        "import sys\n"
        "from criterion import Catalogue, Engine\n"
        "from criterion.analysis import counterfactuals\n"
        "c = Catalogue.load()\n"
        f"r = Engine(profiles=c.profiles).run(c.decision('usage-limit'), {USAGE!r}, 'pricing')\n"
        "assert counterfactuals(r).verdict == 'found'\n"
        "assert 'z3' not in sys.modules and 'hypothesis' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
