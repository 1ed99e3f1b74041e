"""Failing: facts for which a rule fails: a division by zero, a missing key, bounds."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from criterion.analysis.proving.desk import Desk
from criterion.analysis.proving.setting import Witness, tried
from criterion.analysis.smt.decision_model import DecisionModel
from criterion.analysis.smt.logic import ALWAYS, Claim, conj, disj
from criterion.analysis.smt.work import UNKNOWN, Fault
from criterion.expression.failure import FAILURES, ExpressionFailure, Stage
from criterion.expression.interpret import Interpretation
from criterion.expression.tree import Body, Expression
from criterion.expression.values import emitted
from criterion.result import Result, Status
from criterion.text import code

LIMITS: Final = frozenset({"overflow", "text_too_long", "steps"})
"""Failures that only very large, very small or very long values come to."""

STAGES: Final[tuple[Stage, ...]] = ("when", "emit")
"""The parts of a rule that may fail."""

_DEFECTS: Final = frozenset(FAILURES) - LIMITS


class Leaf(NamedTuple):
    """One fault with those of lets in its place."""

    guard: Claim
    code: str
    node: Expression


def leaves(faults: Iterable[Fault], guard: Claim = ALWAYS) -> Iterable[Leaf]:
    """Yield every fault, with the faults of lets in their places, in order."""
    for fault in faults:
        if fault.inner:
            yield from leaves(fault.inner, conj(guard, fault.guard))
        else:
            yield Leaf(conj(guard, fault.guard), fault.code, fault.node)


def note_failures(desk: Desk) -> None:
    """Note, once for each place in the file, facts for which a rule fails."""
    seen: set[int] = set()
    count = len(desk.setting.body.clauses)
    parts = [(index, stage) for index in range(count) for stage in STAGES]
    kinds = [("rule-error", _DEFECTS), ("limits", LIMITS)][: 1 + desk.is_last_word]
    for kind, codes in kinds:
        if _never(desk, parts, codes):
            continue
        for index, stage in parts:
            _Failing(desk, index, stage, kind, codes).note(seen)
    for index, stage in parts:
        _note_untranslated(desk, index, stage)


def _never(desk: Desk, parts: Iterable[tuple[int, Stage]], codes: frozenset[str]) -> bool:
    """Whether one proof says that no rule fails in some ways."""
    setting = desk.setting
    ids = {clause.id for clause in setting.body.clauses}

    def claims(model: DecisionModel) -> tuple[Claim, ...]:
        fails = []
        for index, stage in parts:
            given = (leaf.guard for leaf in _of_stage(model, index, stage) if leaf.code in codes)
            fails.append(conj(_reached(model, index, stage), disj(*given)))
        return (disj(*fails),)

    if not any(leaf.code in codes for part in parts for leaf in _of_stage(setting.model, *part)):
        return True
    return setting.is_proven(claims, lambda witness: _fails_somehow(witness, ids))


class _Failing:
    """The question whether one part of a rule fails in some ways."""

    def __init__(
        self, desk: Desk, index: int, stage: Stage, kind: str, codes: Iterable[str]
    ) -> None:
        self._desk = desk
        self._index = index
        self._stage = stage
        self._kind = kind
        self._codes = frozenset(codes)
        self._rule = desk.setting.body.clauses[index].id

    def note(self, seen: set[int]) -> None:
        """Note what fails, unless it fails at a place that was seen."""
        setting = self._desk.setting
        if not any(
            leaf.code in self._codes for leaf in _of_stage(setting.model, self._index, self._stage)
        ):
            return
        answered = setting.ask(
            lambda model: self._claims(model, seen), lambda witness: self._confirms(witness, seen)
        )
        if answered.verdict == "unknown" and self._kind == "rule-error":
            what = f"whether {code(self._rule)} can fail"
            self._desk.undecided(what, answered.reason)
        if answered.verdict != "found" or answered.witness is None:
            return
        leaf = self._leaf(answered.witness)
        if leaf is not None:
            seen.add(id(leaf.node))
        error = answered.witness.result.errors[0]
        self._desk.note(
            self._kind,
            f"{code(self._rule)} fails for some facts: {error.message}",
            verdict="found",
            level=self._desk.level if self._kind == "rule-error" else "remark",
            rule=self._rule,
            node=None if leaf is None else leaf.node,
            witness=answered.witness,
            hint=_HINTS.get(self._kind),
        )

    def _claims(self, model: DecisionModel, seen: set[int]) -> tuple[Claim, ...]:
        given = _of_stage(model, self._index, self._stage)
        fails = [
            leaf.guard for leaf in given if leaf.code in self._codes and id(leaf.node) not in seen
        ]
        return _reached(model, self._index, self._stage), disj(*fails)

    def _confirms(self, witness: Witness, seen: set[int]) -> bool:
        if not _fails(witness.result, self._rule, self._stage):
            return False
        leaf = self._leaf(witness)
        return leaf is None or (leaf.code in self._codes and id(leaf.node) not in seen)

    def _leaf(self, witness: Witness) -> Leaf | None:
        """Return the fault that the engine came to, ``None`` where it is none that was foreseen."""
        body = self._desk.setting.body
        found = failed_at(body, self._index, self._stage, witness)
        given = _of_stage(self._desk.setting.model, self._index, self._stage)
        return next((leaf for leaf in given if (id(leaf.node), leaf.code) == found), None)


def _fails_somehow(witness: Witness, ids: set[str]) -> bool:
    return witness.result.status is Status.RULE_ERROR and tried(witness.result) in ids


def _fails(result: Result[Any], rule: str, stage: Stage) -> bool:
    if result.status is not Status.RULE_ERROR:
        return False
    return result.errors[0].path == f"rules.{rule}.{stage}"


def failed_at(body: Body, index: int, stage: Stage, witness: Witness) -> tuple[int, str] | None:
    """Return where a part of a clause fails, by the identity of the node, and its code."""
    lets = {let.name: let.value for let in body.lets}
    scope = {"input": witness.seen, "profile": witness.profile}
    interpretation = Interpretation(scope, lets)
    clause = body.clauses[index]
    when = () if clause.when is None else (clause.when,)
    for node in when if stage == "when" else (each for _, each in clause.emit):
        reached = interpretation.attempt(node)
        if reached.failure is not None:
            return next(iter(interpretation.failures), id(node)), reached.failure.code
        try:
            emitted(reached.value)
        except ExpressionFailure as failure:
            return id(node), failure.code
    return None


def _note_untranslated(desk: Desk, index: int, stage: Stage) -> None:
    """Note where it is not known whether a rule fails, because of what was not translated."""
    model = desk.setting.model
    unknown = [leaf for leaf in _of_stage(model, index, stage) if leaf.code == UNKNOWN]
    if not unknown:
        return
    rule = desk.setting.body.clauses[index].id
    answered = desk.setting.ask(
        lambda model: (
            _reached(model, index, stage),
            disj(*(leaf.guard for leaf in _of_stage(model, index, stage) if leaf.code == UNKNOWN)),
        ),
        lambda witness: _fails(witness.result, rule, stage),
    )
    if answered.verdict != "proven":
        desk.undecided(f"whether {code(rule)} can fail", answered.reason)


def _of_stage(model: DecisionModel, index: int, stage: Stage) -> list[Leaf]:
    known: list[Leaf] | None = model.notes.get((index, stage))
    if known is None:
        faults = model.condition_faults(index) if stage == "when" else model.emit_faults(index)
        known = model.notes[index, stage] = list(leaves(faults))
    return known


def _reached(model: DecisionModel, index: int, stage: Stage) -> Claim:
    return model.reached(index) if stage == "when" else model.matches(index)


_HINTS: Final = {
    "rule-error": "test it before, in the condition or by an earlier rule",
    "limits": "bound the fields in the schema, by `maximum`, `minimum` or `maxLength`",
}
