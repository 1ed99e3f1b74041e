"""Helpless: whether no change of the values that may be changed leads to a wished answer."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from criterion.analysis.asked_again import AskedAgain, Values
from criterion.analysis.domain import Domain
from criterion.analysis.leaves import Leaf, Path
from criterion.analysis.proving.setting import Meant, Setting, Witness
from criterion.analysis.smt.decision_model import DecisionModel, sound
from criterion.analysis.smt.logic import Claim, conj, disj
from criterion.analysis.smt.solving import Budget
from criterion.analysis.smt.translation import Translation
from criterion.analysis.smt.ways import Fields, Opaque, Value, known, only
from criterion.analysis.smt.work import Work
from criterion.analysis.watch import Watch
from criterion.analysis.wish import Wish, output_members, reads_of
from criterion.expression_decision import ExpressionDecision

_MISSING = object()


class Said(NamedTuple):
    """What is known.

    Attributes:
        verdict: ``proven`` that nothing helps, ``found``, or ``unknown``.
        reason: What the proof does not cover, or why it is unknown.
        changes: What helps, where it was found.
    """

    verdict: str
    reason: str | None
    changes: Values


def helpless(
    asked: AskedAgain,
    wish: Wish,
    leaves: tuple[Leaf, ...],
    watch: Watch,
    holds: Callable[[Values], bool],
) -> Said:
    """Return whether no change of the facts helps, for all values of those that may be changed.

    Args:
        asked: The question, about a decision in expressions.
        wish: An expression.
        leaves: What may be changed; all of it stands in the facts.
        watch: The time.
        holds: Whether changes help, as the engine says.
    """
    decision: Any = asked.decision
    budget = Budget(int(watch.left_ms), int(watch.left_ms), watch.now_ms)
    paths = {leaf.path for leaf in leaves}
    pinned = dict(_pinned(asked.domains[0], asked.facts, ("input",), paths))
    setting = Setting(
        decision, decision.body, budget, profile="", values=asked.values, meant=Meant(pinned=pinned)
    )
    found: dict[Path, Any] = {}

    def confirm(witness: Witness) -> bool:
        found.clear()
        for leaf in leaves:
            value = _at(witness.facts, leaf.path[1:])
            if value is not _MISSING and value != leaf.value:
                found[leaf.path] = value
        return bool(found) and holds(found)

    answered = setting.ask(lambda model: (_wished(model, decision, wish),), confirm, is_shown=False)
    reason = answered.limit if answered.verdict == "proven" else answered.reason
    return Said(answered.verdict, reason, dict(found) if answered.verdict == "found" else {})


def _wished(model: DecisionModel, decision: ExpressionDecision, wish: Wish) -> Claim:
    """Return whether some rule matches that says what is wished."""
    return disj(*(_says(model, decision, wish, n) for n in range(len(decision.body.clauses))))


def _says(model: DecisionModel, decision: ExpressionDecision, wish: Wish, index: int) -> Claim:
    tree: Any = wish.tree
    clause = decision.body.clauses[index]
    emitted = dict(clause.emit)
    data: dict[str, Value] = {}
    for name in output_members(decision):
        if name not in reads_of(tree):
            continue  # what is emitted beside may fail, too; the engine says so of an example
        node = emitted.get(name)
        data[name] = (
            _default(decision, name) if node is None else model.translation.evaluate(node)[0]
        )
    scope = {"data": only(Fields(data)), "rule": known(clause.id)}
    translation = Translation(model.symbols, model.facts, scope, {})
    value, faults = translation.evaluate(tree)
    work = Work(model.symbols, model.facts, tree)
    holds = work.truth(value)
    return conj(model.matches(index), sound((*faults, *work.faults)), holds)


def _default(decision: ExpressionDecision, name: str) -> Value:
    """Return what a member is that is not emitted."""
    default = output_members(decision)[name]
    return only(Opaque("a default of the output")) if default is ... else known(default)


def _pinned(
    domain: Domain, value: object, path: Path, paths: set[Path]
) -> Iterator[tuple[str, Any]]:
    """Yield the facts that may not be changed, by their paths."""
    if path in paths:
        return
    if not any(each[: len(path)] == path for each in paths):
        yield ".".join(map(str, path)), value
    elif domain.fields is not None and isinstance(value, Mapping):
        for name, part in domain.fields.items():
            yield from _pinned(part, value[name], (*path, name), paths)


def _at(value: Any, path: Path) -> Any:  # noqa: ANN401 -- plain data
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part, _MISSING)
        elif isinstance(value, list | tuple) and isinstance(part, int):
            value = value[part] if part < len(value) else _MISSING
        else:
            return _MISSING
    return value
