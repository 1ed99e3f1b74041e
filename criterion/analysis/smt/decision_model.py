"""Decision models: when each rule is reached, holds and fails, as claims about all facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from criterion.analysis.domain import Domain
from criterion.analysis.smt.arithmetic import beyond
from criterion.analysis.smt.facts import Facts
from criterion.analysis.smt.logic import Claim, conj, disj, neg
from criterion.analysis.smt.symbols import Symbols
from criterion.analysis.smt.translation import Translation
from criterion.analysis.smt.ways import (
    Fields,
    Items,
    Known,
    Value,
    fields_of,
    items_of,
    known,
    number_of,
    sort_of,
)
from criterion.analysis.smt.work import Fault, Work
from criterion.expression.failure import ExpressionFailure
from criterion.expression.tree import Body, Clause, Expression
from criterion.expression.values import emitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a model is made of.

    Attributes:
        body: Lets and clauses.
        input: What facts may be.
        profile: What profiles may be.
        values: The values of a fixed profile, plain; ``None`` for every profile there may be.
        pinned: Values of the facts that are known, plain, by their paths.
    """

    body: Body
    input: Domain
    profile: Domain
    values: Mapping[str, Any] | None = None
    pinned: Mapping[str, Any] = field(default_factory=dict)


class Emitted(NamedTuple):
    """A member that a clause emits, and what may fail while it does, in order."""

    name: str
    node: Expression
    value: Value
    faults: tuple[Fault, ...]


class DecisionModel:
    """The claims of one decision, for all facts, under one profile or under all.

    Attributes:
        symbols: What its terms share.
        facts: What is asked about facts and profiles.
        question: What it was made of.
        notes: What those who ask keep of a part of a clause, so as not to work it out again.
    """

    def __init__(
        self,
        question: Question,
        *,
        rounds: bool = False,
        beside: "DecisionModel | None" = None,
    ) -> None:
        """Translate the conditions; what is emitted is translated when it is asked for.

        Args:
            question: What it is made of.
            rounds: Whether decimals are rounded as the engine may round them.
            beside: The model of another decision about the very same facts.
        """
        self.question = question
        self.symbols: Symbols = Symbols(rounds=rounds) if beside is None else beside.symbols
        self.facts: Facts = Facts(self.symbols, question.pinned) if beside is None else beside.facts
        self.notes: dict[tuple[int, str], Any] = {}
        self._emits: dict[int, tuple[Emitted, ...]] = {}
        self._emitted_once: dict[tuple[str, int], Emitted] = {}

    @cached_property
    def translation(self) -> Translation:
        """The translated reading of its expressions."""
        question = self.question
        scope = {
            "input": self.facts.value(question.input, "input"),
            "profile": (
                self.facts.value(question.profile, "profile")
                if question.values is None
                else known(question.values)
            ),
        }
        lets = {let.name: let.value for let in question.body.lets}
        return Translation(self.symbols, self.facts, scope, lets)

    @cached_property
    def conditions(self) -> tuple[tuple[Claim, tuple[Fault, ...]], ...]:
        """Whether the condition of each clause holds, and what may fail in it."""
        return tuple(map(self._condition, self.question.body.clauses))

    def _condition(self, clause: Clause) -> tuple[Claim, tuple[Fault, ...]]:
        if clause.when is None:
            return True, ()
        value, faults = self.translation.evaluate(clause.when)
        work = Work(self.symbols, self.facts, clause.when)
        holds = work.truth(value)
        return holds, (*faults, *work.faults)

    @cached_property
    def _reached(self) -> tuple[Claim, ...]:
        reached: list[Claim] = [True]
        for holds, faults in self.conditions:
            reached.append(conj(reached[-1], sound(faults), neg(holds)))
        return tuple(reached)

    def reached(self, index: int) -> Claim:
        """Return whether the clauses before one did not match and did not fail.

        One behind the last stands for no match.
        """
        return self._reached[index]

    def holds(self, index: int) -> Claim:
        """Return whether a clause's condition holds, were it asked alone."""
        holds, faults = self.conditions[index]
        return conj(sound(faults), holds)

    def matches(self, index: int) -> Claim:
        """Return whether a clause is the one that matches."""
        return conj(self.reached(index), self.holds(index))

    def emits(self, index: int) -> tuple[Emitted, ...]:
        """Return what a clause emits, in order."""
        if index not in self._emits:
            clause = self.question.body.clauses[index]
            self._emits[index] = tuple(self._emitted(name, node) for name, node in clause.emit)
        return self._emits[index]

    def _emitted(self, name: str, node: Expression) -> Emitted:
        key = name, id(node)  # what the decision emits for all of its rules is translated once
        if key not in self._emitted_once:
            self._emitted_once[key] = self._made(name, node)
        return self._emitted_once[key]

    def _made(self, name: str, node: Expression) -> Emitted:
        value, faults = self.translation.evaluate(node)
        work = Work(self.symbols, self.facts, node)
        self._bounded(work, value)
        return Emitted(name, node, value, (*faults, *work.faults))

    def _bounded(self, work: Work, value: Value) -> None:
        """Note where a number in an emitted value is beyond the bounds."""
        for guard, part in value:
            with work.under(guard):
                if isinstance(part, Known):
                    _check_known(work, part)
                elif isinstance(part, Items):
                    for there, item in items_of(part).parts:
                        with work.under(there):
                            self._bounded(work, item)
                elif isinstance(part, Fields):
                    for item in fields_of(part).values():
                        self._bounded(work, item)
                elif sort_of(part) == "number" and (number := number_of(part)) is not None:
                    beyond(work, number)

    def condition_faults(self, index: int) -> tuple[Fault, ...]:
        """Return what may fail in the condition of a clause, were it asked alone, in order."""
        return self.conditions[index][1]

    def emit_faults(self, index: int) -> tuple[Fault, ...]:
        """Return what may fail in what a clause emits, in order."""
        return tuple(fault for member in self.emits(index) for fault in member.faults)


def _check_known(work: Work, part: Known) -> None:
    try:
        emitted(part.value)
    except ExpressionFailure as failure:
        work.fail(failure.code)


def sound(faults: Iterable[Fault]) -> Claim:
    """Return whether nothing fails."""
    return neg(disj(*(fault.guard for fault in faults)))
