"""What is proven holds on many facts, and every example is what it is said to be."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from criterion import Catalogue, Engine, Status, load_decision
from criterion.analysis import Report, lint
from criterion.analysis.offered import offered_values
from criterion.analysis.smt.decision_model import sound
from criterion.analysis.smt.logic import neg
from criterion.analysis.smt.solving import Budget, Solving
from criterion.expression.failure import ClauseFailure
from criterion.expression.interpret import decide
from criterion.expression.tree import Body
from criterion.expression_decision import ExpressionDecision
from criterion.testing import facts as facts_of
from tests.analysis.test_lint import PROFILE, RULES, decided
from tests.analysis.test_readings_agree import model_of
from tests.analysis.validated import RARE
from tests.expression.generated import INPUT, bodies, values
from tests.expression.generated import PROFILE as PROFILES
from tests.soak import sized

CATALOGUE: Final = Catalogue.load()
DECISIONS: Final = [each for each in CATALOGUE.decisions if isinstance(each, ExpressionDecision)]
BUDGET_MS: Final = sized(20_000, 300)
FACTS_MAX: Final = sized(10_000, 60)


@cache
def linted(decision: ExpressionDecision) -> Report:
    """Return the report on a decision of the catalogue; worked out once."""
    return lint(decision, profiles=CATALOGUE.profiles, budget_ms=BUDGET_MS)


def impossible(report: Report, profile: str) -> set[Status]:
    """Return the statuses that a report says no facts lead to under a profile."""
    if any(found.kind == "undecided" for found in report.findings):
        return set()
    kinds = {found.kind for found in report.findings if found.profile in {None, profile}}
    ruled_out = {
        Status.NO_MATCH: {"gap"},
        Status.RULE_ERROR: {"rule-error", "limits"},
        Status.INVALID_OUTPUT: {"output"},
    }
    return {status for status, found in ruled_out.items() if kinds.isdisjoint(found)}


@pytest.mark.soak
@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.id)
def test_what_is_proven_of_the_catalogue_holds_on_many_facts(decision: ExpressionDecision) -> None:
    report = linted(decision)
    for name, profile in offered_values(decision, CATALOGUE.profiles).items():
        ruled_out = impossible(report, name)
        dead = {
            found.rule
            for found in report.findings
            if found.kind == "unreachable" and found.profile in {None, name}
        }
        bound = Engine().bind(decision, profile)
        drawn = facts_of(decision, profile)

        @settings(max_examples=FACTS_MAX, suppress_health_check=list(HealthCheck), deadline=None)
        @given(drawn)
        def search(facts: dict[str, Any]) -> None:
            result = bound(facts)  # noqa: B023 -- called in this turn
            assert result.status is not Status.INVALID_INPUT
            assert result.status not in ruled_out  # noqa: B023
            assert result.matched_rule not in dead  # noqa: B023

        search()


@pytest.mark.soak
@settings(max_examples=sized(2_000, 10), suppress_health_check=list(HealthCheck), deadline=None)
@given(bodies(), st.lists(st.tuples(values(INPUT), values(PROFILES)), min_size=5, max_size=20))
def test_what_is_proven_of_generated_decisions_holds_on_many_facts(
    body: Body, cases: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    model = model_of(body, None, rounds=True)
    solving = Solving(model, Budget(1_000, 100, lambda: 0.0))
    count = len(body.clauses)
    dead = {n for n in range(count) if solving.ask(model.matches(n)).said == "never"}
    dead |= {count} if solving.ask(model.reached(count)).said == "never" else set()
    unfailing = {
        n
        for n in range(count)
        if solving.ask(model.reached(n), neg(sound(model.condition_faults(n)))).said == "never"
    }

    for facts, profile in cases:
        index, is_condition = outcome(body, facts, profile)
        assert index not in (unfailing if is_condition else dead)


def outcome(body: Body, facts: dict[str, Any], profile: dict[str, Any]) -> tuple[int, bool]:
    """Return which clause it comes down to, and whether that is one whose condition fails."""
    try:
        return decide(body, facts, profile)[0], False
    except ClauseFailure as failure:
        return failure.index, failure.stage == "when"


STATUSES: Final = {
    "gap": Status.NO_MATCH,
    "rule-error": Status.RULE_ERROR,
    "limits": Status.RULE_ERROR,
    "output": Status.INVALID_OUTPUT,
    "overlap": Status.OK,
}


def check_examples(decision: ExpressionDecision, report: Report, profiles: dict[str, Any]) -> int:
    """Run every example of a report, and return how many there are."""
    shown = [found for found in report.findings if found.facts is not None]
    for found in shown:
        profile = found.values if found.profile is None else profiles[found.profile]
        result = Engine().run(decision, dict(found.facts or {}), profile=profile or {})
        assert result.status is STATUSES[found.kind], str(found)
        if found.kind == "overlap":
            assert result.matched_rule != found.rule
    return len(shown)


RARELY: Final = ({"x": 1}, {"x": RARE})
VALIDATED: Final[dict[str, tuple[str, str, str, tuple[dict[str, Any], ...]]]] = {
    "after": ("After", "input.x < 0", "", RARELY),
    "wrap": ("Wrapped", "input.x < 0", "", RARELY),
    "plain": ("Plain", "input.x == null", "", RARELY),
    "a choice": ("Chosen", 'input.x == ""', "", ({"x": "a"}, {"x": "c"})),
    "items": ("Listed", "any(y < 0 for y in input.x)", "", ({"x": [5, RARE]},)),
    "a model": ("Whole", "input.x < 0", "", RARELY),
    "a model inside": ("Held", "input.part.x < 0", "", ({"part": {"x": RARE}},)),
    "an absent key": (
        "Paired", "input.x.left != null and input.x.left < 3", "", ({"x": {"right": 1}},)
    ),
    "a default": ("Defaulted", "input.x < 0", "", ({"x": 0}, {})),
    "another branch": ("Either", "input.x > 1_000_000", "", ({"x": 0}, {"x": 2_000_000})),
    "before": ("Before", "input.x < 0", "", RARELY),
    "an output": ("Taken", "input.x < 1", "Common", RARELY),
    "places": ("Taken", "input.x < 1", "Cents", RARELY),
    "a whole output": ("Taken", "input.x < 1", "Poor", RARELY),
}  # fmt: skip


def validated(name: str, folder: Path) -> ExpressionDecision:
    """Return a decision over models with validators, and two rules."""
    given, condition, made, _ = VALIDATED[name]
    models = "tests.analysis.validated"
    output = f"output: {models}:{made}" if made else "output: {fee: {type: number}}"
    fee = {"": "1", "Cents": f"=0.001 if input.x == {RARE} else 1"}.get(made, "=input.x")
    rich = ", rich: false" if made == "Poor" else ""
    path = folder / "validated.yaml"
    path.write_text(
        f"decision: validated\nversion: 1.0.0\ninput: {models}:{given}\n{output}\nrules:\n"
        f"  - id: one\n    when: {condition}\n    emit: {{fee: 1{rich}}}\n"
        f"  - id: two\n    when: otherwise\n    emit: {{fee: {fee}{rich}}}\n"
    )
    decision = load_decision(path)
    assert isinstance(decision, ExpressionDecision)
    return decision


@pytest.mark.parametrize("name", VALIDATED)
def test_no_proof_relies_on_what_a_validator_changes_or_refuses(name: str, tmp_path: Path) -> None:
    decision = validated(name, tmp_path)

    report = lint(decision, budget_ms=20_000)

    proven = [found for found in report.findings if found.verdict == "proven"]
    dead = {found.rule for found in proven} - {None}
    for facts in VALIDATED[name][3]:
        result = Engine().run(decision, facts)
        assert result.status not in impossible(report, ""), facts
        assert result.matched_rule not in dead, facts


def test_what_is_checked_after_a_validator_is_still_proven(tmp_path: Path) -> None:
    report = lint(validated("before", tmp_path), budget_ms=20_000)

    assert [(found.kind, found.rule) for found in report.problems] == [("unreachable", "one")]


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.id)
def test_every_example_of_the_catalogue_runs_to_what_it_claims(
    decision: ExpressionDecision,
) -> None:
    report = linted(decision)

    check_examples(decision, report, offered_values(decision, CATALOGUE.profiles))


def test_every_example_of_small_decisions_runs_to_what_it_claims() -> None:
    count = 0
    for rules in RULES.values():
        decision = load_decision(decided(rules))
        for profiles in (PROFILE, {}):
            count += check_examples(decision, lint(decision, profiles=profiles), PROFILE)

    assert count >= 8


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.id)
def test_the_catalogue_is_lint_clean(decision: ExpressionDecision) -> None:
    report = linted(decision)

    assert report.problems == ()
