"""The translated reading of generated expressions allows what the others say, and nothing else."""

from collections.abc import Iterable
from typing import Any, Final

import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from criterion.analysis.smt.decision_model import DecisionModel, Question, sound
from criterion.analysis.smt.logic import ALWAYS, Claim, conj, disj, names_in, neg
from criterion.analysis.smt.relations import equal
from criterion.analysis.smt.ways import known
from criterion.analysis.smt.work import UNKNOWN, Fault, Work
from criterion.expression.failure import ClauseFailure
from criterion.expression.interpret import decide
from criterion.expression.tree import Body
from tests.analysis.domains import domain_of_type
from tests.expression.generated import INPUT, PROFILE, bodies, values
from tests.soak import sized

EXAMPLES: Final = sized(10_000, 30)
TIMEOUT_MS: Final = 2_000

FACTS: Final = domain_of_type(INPUT)
PROFILES: Final = domain_of_type(PROFILE)


def model_of(body: Body, profile: dict[str, Any] | None, *, rounds: bool) -> DecisionModel:
    question = Question(body=body, input=FACTS, profile=PROFILES, values=profile)
    return DecisionModel(question, rounds=rounds)


def leaves(faults: Iterable[Fault], guard: Claim = ALWAYS) -> Iterable[tuple[Claim, str]]:
    """Yield every fault with the faults of lets in their places, in order."""
    for fault in faults:
        if fault.inner:
            yield from leaves(fault.inner, conj(guard, fault.guard))
        else:
            yield conj(guard, fault.guard), fault.code


def fails_with(faults: Iterable[Fault], code: str) -> Claim:
    """Return whether the first fault has a code, or one that is not known."""
    before: list[Claim] = []
    found: list[Claim] = []
    for guard, given_code in leaves(faults):
        if given_code in {code, UNKNOWN}:
            found.append(conj(guard, *map(neg, before)))
        before.append(guard)
    return disj(*found)


def claim_of(model: DecisionModel, facts: dict[str, Any], profile: dict[str, Any]) -> Claim:
    """Return the claim that a decision comes out as the interpreted reading says it does."""
    try:
        index, data = decide(model.question.body, facts, profile)
    except ClauseFailure as failure:
        index, code = failure.index, failure.failure.code
        if failure.stage == "when":
            return conj(model.reached(index), fails_with(model.condition_faults(index), code))
        return conj(model.matches(index), fails_with(model.emit_faults(index), code))
    if data is None:
        return model.reached(index)
    emits = model.emits(index)
    work = Work(model.symbols, model.facts, emits[0].node)
    same = [equal(work, member.value, known(data[member.name])) for member in emits]
    return conj(model.matches(index), sound(model.emit_faults(index)), *same)


def pinned(model: DecisionModel, facts: dict[str, Any], profile: dict[str, Any]) -> z3.Solver:
    """Return a solver that knows nothing but these facts."""
    solver = z3.Solver()
    solver.set("timeout", TIMEOUT_MS)
    pins = [*model.facts.pins(FACTS, "input", facts)]
    if model.question.values is None:
        pins += model.facts.pins(PROFILES, "profile", profile)
    solver.add(*pins, *model.symbols.texts.axioms(), *model.symbols.constraints)
    return solver


@pytest.mark.soak
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
@given(bodies(), values(INPUT), values(PROFILE), st.booleans())
def test_what_is_decided_is_allowed_by_the_translation(
    body: Body,
    facts: dict[str, Any],
    profile: dict[str, Any],
    is_free: bool,  # noqa: FBT001
) -> None:
    model = model_of(body, None if is_free else profile, rounds=True)
    claim = claim_of(model, facts, profile)
    solver = pinned(model, facts, profile)

    solver.add(claim)

    assert solver.check() != z3.unsat


@pytest.mark.soak
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
@given(bodies(), values(INPUT), values(PROFILE), st.booleans())
def test_nothing_else_is_allowed_where_all_is_translated_and_exact(
    body: Body,
    facts: dict[str, Any],
    profile: dict[str, Any],
    is_free: bool,  # noqa: FBT001
) -> None:
    model = model_of(body, None if is_free else profile, rounds=False)
    claim = claim_of(model, facts, profile)
    solver = pinned(model, facts, profile)
    if model.symbols.was_rounded or names_in(claim) & model.symbols.holes.keys():
        return

    solver.add(neg(claim))

    assert solver.check() != z3.sat
