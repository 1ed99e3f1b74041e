"""Work: where a translation stands: the path to it, and what can fail on the way."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, NamedTuple, TypeAlias

import z3

from criterion.analysis.smt.facts import Facts
from criterion.analysis.smt.logic import ALWAYS, Claim, conj, contradicts, disj
from criterion.analysis.smt.symbols import Symbols
from criterion.analysis.smt.ways import (
    Known,
    Opaque,
    Part,
    Truth,
    Value,
    Way,
    claim_of,
    known,
    only,
    sort_of,
)
from criterion.expression.failure import ExpressionFailure
from criterion.expression.tree import Expression

UNKNOWN: str = "unknown"
"""The code of a failure that is not known, of what was not translated."""

Operation: TypeAlias = Callable[..., Iterable[Way]]


class Fault(NamedTuple):
    """One way to fail; the first in order whose guard holds is what fails.

    Attributes:
        guard: When it fails, unless something before it does.
        code: One of `criterion.expression.failure.FAILURES`, or `UNKNOWN`; ``""`` of a let.
        node: Where.
        inner: Of a let: what may fail in it, in order.
    """

    guard: Claim
    code: str
    node: Expression
    inner: "tuple[Fault, ...]" = ()


class Work:
    """One translation under way.

    Attributes:
        symbols: What the translation shares.
        facts: What is asked about facts and free profiles.
        path: What holds where the translation stands.
        faults: What may fail so far, in order of evaluation.
        node: The expression that is being translated.
    """

    def __init__(self, symbols: Symbols, facts: Facts, node: Expression) -> None:
        """Start at the beginning."""
        self.symbols = symbols
        self.facts = facts
        self.path: Claim = True
        self.faults: list[Fault] = []
        self.node = node

    @contextmanager
    def under(self, guard: Claim) -> Iterator[None]:
        """Go on where a guard holds."""
        outer = self.path
        self.path = conj(outer, guard)
        try:
            yield
        finally:
            self.path = outer

    def fail(self, code: str, guard: Claim = ALWAYS) -> tuple[Way, ...]:
        """Note a failure, and return that there is no value."""
        condition = conj(self.path, guard)
        if condition is not False and not contradicts(condition):
            self.faults.append(Fault(condition, code, self.node))
        return ()

    def fail_in_let(self, faults: "tuple[Fault, ...]") -> None:
        """Note that a let is needed here, which may fail."""
        guard = conj(self.path, disj(*(fault.guard for fault in faults)))
        if guard is not False:
            self.faults.append(Fault(guard, "", self.node, faults))

    def may_fail(self, reason: str) -> None:
        """Note that what is not translated here may fail."""
        self.fail(UNKNOWN, self.symbols.hole(reason, z3.BoolSort()))

    def wrong_kind(self, part: Part) -> tuple[Way, ...]:
        """Note that a part is of the wrong kind."""
        return self.fail(code_of_kind(part))

    def lifted(self, operation: Operation, *values: Value) -> Value:
        """Return what an operation on parts makes of values."""
        ways: list[Way] = []
        for combination in product(*values):
            guard = conj(*(way.guard for way in combination))
            if guard is False:
                continue
            with self.under(guard):
                made = operation(self, *(way.part for way in combination))
                ways += (Way(conj(guard, way.guard), way.part) for way in made)
        return self.symbols.merged(*ways)

    def truth(self, value: Value) -> Claim:
        """Return whether a value is true, and note where it is no truth value."""
        claims = []
        for guard, part in value:
            sort = sort_of(part)
            with self.under(guard):
                if sort == "boolean":
                    claims.append(conj(guard, claim_of(part)))  # type: ignore[arg-type] # a truth
                elif isinstance(part, Opaque):
                    self.may_fail(part.reason)
                    claims.append(conj(guard, self.symbols.hole(part.reason, z3.BoolSort())))
                else:
                    self.wrong_kind(part)
        return disj(*claims)


def code_of_kind(part: Part) -> str:
    """Return the code of the failure of a part of the wrong kind."""
    return "null" if isinstance(part, Known) and part.value is None else "type"


def of_known(call: Callable[..., Any], symbolic: Operation) -> Operation:
    """Return an operation that calls a function of the language where all parts are plain data."""

    def operation(work: Work, *parts: Part) -> Iterable[Way]:
        if not all(isinstance(part, Known) for part in parts):
            return symbolic(work, *parts)
        try:
            return known(call(*(part.value for part in parts if isinstance(part, Known))))
        except ExpressionFailure as failure:
            return work.fail(failure.code)

    return operation


def opaque(work: Work, *parts: Part) -> Value | None:
    """Return what is not known where a part is not, and note that it may fail; else ``None``."""
    for part in parts:
        if isinstance(part, Opaque):
            work.may_fail(part.reason)
            return only(part)
    return None


def undecided(work: Work, reason: str) -> Value:
    """Return a truth value that was not translated, and cannot fail."""
    return only(Truth(work.symbols.hole(reason, z3.BoolSort())))
