"""The translated reading: an expression as terms of SMT, for all facts and profiles at once."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

import z3

from criterion.analysis.smt.arithmetic import ARITHMETIC, NEGATIVE, beyond, some_text
from criterion.analysis.smt.calls import CALLS, extreme
from criterion.analysis.smt.facts import Facts
from criterion.analysis.smt.logic import ALWAYS, Claim, conj, disj, neg
from criterion.analysis.smt.lookups import AT_KEY
from criterion.analysis.smt.ranges import Range
from criterion.analysis.smt.relations import RELATIONS
from criterion.analysis.smt.symbols import Symbols
from criterion.analysis.smt.ways import (
    Fields,
    Items,
    Known,
    Number,
    Opaque,
    Part,
    Value,
    Way,
    Word,
    items_of,
    known,
    number_of,
    only,
    sort_of,
    truth,
)
from criterion.analysis.smt.work import Fault, Work, opaque
from criterion.expression.tree import (
    And,
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Constant,
    Expression,
    Fold,
    Key,
    ListDisplay,
    MappingDisplay,
    Name,
    Negative,
    Not,
    Or,
    Text,
)
from criterion.expression.values import shown

Scope = Mapping[str, Value]

VISITS_MAX: Final = 200
"""How many items of a list a loop visits in a translation."""

NUMBER_LENGTH: Final = 200
"""How many characters a number prints as at most, as long as it is near the bounds."""

_OTHER_LENGTHS: Final = {"boolean": 5, "null": 4, "date": 10, "instant": 32}


class Translation:
    """Translates the expressions of one body.

    Attributes:
        values: What each expression outside of loops came to, by its identity, with the path on
            which it is worked out. Of one that is reached twice, the last time.
    """

    def __init__(
        self, symbols: Symbols, facts: Facts, scope: Scope, lets: Mapping[str, Expression]
    ) -> None:
        """Take what ``input`` and ``profile`` are, and the lets."""
        self.symbols = symbols
        self.facts = facts
        self.values: dict[int, tuple[Claim, Value]] = {}
        self._scope = scope
        self._lets = lets
        self._known: dict[str, tuple[Value, tuple[Fault, ...]]] = {}

    def evaluate(self, node: Expression, path: Claim = ALWAYS) -> tuple[Value, list[Fault]]:
        """Return what an expression comes to, and what may fail on the way, in order."""
        work = Work(self.symbols, self.facts, node)
        with work.under(path):
            value = self.visit(work, node, self._scope)
        return value, work.faults

    def visit(self, work: Work, node: Expression, scope: Scope) -> Value:
        """Return what an expression comes to where the work stands."""
        outer, work.node = work.node, node
        value = _VISITS[type(node)](self, work, node, scope)
        work.node = outer
        if scope is self._scope:
            self.values[id(node)] = work.path, value
        return value

    def _name(self, work: Work, node: Name, scope: Scope) -> Value:
        if node.name in scope:
            return scope[node.name]
        if node.name not in self._known:
            value, faults = self.evaluate(self._lets[node.name])
            self._known[node.name] = value, tuple(faults)
        value, failures = self._known[node.name]
        work.fail_in_let(failures)
        return value

    def _key(self, work: Work, node: Key, scope: Scope) -> Value:
        base = self.visit(work, node.base, scope)
        return work.lifted(AT_KEY, base, self.visit(work, node.index, scope))

    def _negative(self, work: Work, node: Negative, scope: Scope) -> Value:
        return work.lifted(NEGATIVE, self.visit(work, node.operand, scope))

    def _arithmetic(self, work: Work, node: Arithmetic, scope: Scope) -> Value:
        left = self.visit(work, node.left, scope)
        return work.lifted(ARITHMETIC[node.operator], left, self.visit(work, node.right, scope))

    def _comparison(self, work: Work, node: Comparison, scope: Scope) -> Value:
        left = self.visit(work, node.left, scope)
        return work.lifted(RELATIONS[node.operator], left, self.visit(work, node.right, scope))

    def _negation(self, work: Work, node: Not, scope: Scope) -> Value:
        return truth(neg(work.truth(self.visit(work, node.operand, scope))))

    def _conjunction(self, work: Work, node: And, scope: Scope) -> Value:
        return truth(conj(*self._joined(work, node.operands, scope, stops_at=False)))

    def _disjunction(self, work: Work, node: Or, scope: Scope) -> Value:
        return truth(disj(*self._joined(work, node.operands, scope, stops_at=True)))

    def _joined(
        self, work: Work, operands: Iterable[Expression], scope: Scope, *, stops_at: bool
    ) -> list[Claim]:
        """Return the claims of operands that are worked out until one is ``stops_at``."""
        claims: list[Claim] = []
        for operand in operands:
            goes_on = conj(*((neg(claim) if stops_at else claim) for claim in claims))
            if goes_on is False:
                break
            with work.under(goes_on):
                claims.append(work.truth(self.visit(work, operand, scope)))
        return claims

    def _choice(self, work: Work, node: Choice, scope: Scope) -> Value:
        condition = work.truth(self.visit(work, node.condition, scope))
        ways: list[Way] = []
        for guard, branch in ((condition, node.then), (neg(condition), node.otherwise)):
            if guard is False:
                continue
            with work.under(guard):
                value = self.visit(work, branch, scope)
            ways += (Way(conj(guard, way.guard), way.part) for way in value)
        return self.symbols.merged(*ways)

    def _items(self, work: Work, node: ListDisplay, scope: Scope) -> Value:
        values = [self.visit(work, item, scope) for item in node.items]
        plain = [_plain(value) for value in values]
        if all(each is not None for each in plain):
            return known([each.value for each in plain if each is not None])
        return only(Items(tuple((True, value) for value in values), is_packed=True))

    def _mapping(self, work: Work, node: MappingDisplay, scope: Scope) -> Value:
        values = [self.visit(work, value, scope) for value in node.values]
        plain = [_plain(value) for value in values]
        if all(each is not None for each in plain):
            parts = (each.value for each in plain if each is not None)
            return known(dict(zip(node.keys, parts, strict=True)))
        return only(Fields(dict(zip(node.keys, values, strict=True))))

    def _call(self, work: Work, node: Call, scope: Scope) -> Value:
        arguments = [self.visit(work, argument, scope) for argument in node.arguments]
        return work.lifted(CALLS[node.function], *arguments)

    def _text(self, work: Work, node: Text, scope: Scope) -> Value:
        values = [
            known(part) if isinstance(part, str) else self.visit(work, part, scope)
            for part in node.parts
        ]
        plain = [_plain(value) for value in values]
        if all(each is not None for each in plain):
            whole = "".join(shown(each.value) for each in plain if each is not None)
            if len(whole) <= NUMBER_LENGTH:
                return known(whole)
        lengths = [_longest(value) for value in values]
        sure = [length for length in lengths if length is not None]
        return some_text(work, sum(sure) if len(sure) == len(lengths) else None)

    def _fold(self, work: Work, node: Fold, scope: Scope) -> Value:
        source = self.visit(work, node.source, scope)

        def folded(inner: Work, part: Part) -> Iterable[Way]:
            unknown = opaque(inner, part)
            if unknown is not None:
                return unknown
            if sort_of(part) != "list":
                return inner.wrong_kind(part)
            items = items_of(part)
            if len(items.parts) > VISITS_MAX:
                reason = f"a loop over more than {VISITS_MAX} items"
                inner.may_fail(reason)
                return only(Opaque(reason))
            return _Loop(self, inner, node, scope).run(items)

        return work.lifted(folded, source)


class _Loop:
    """One loop over the items of a list, each of which is there or not."""

    def __init__(self, translation: Translation, work: Work, node: Fold, scope: Scope) -> None:
        self._translation = translation
        self._work = work
        self._node = node
        self._scope = scope

    def run(self, items: Items) -> Iterable[Way]:
        """Return what the loop comes to."""
        match self._node.fold:
            case "any":
                return truth(disj(*self._claims(items, stops_at=True)))
            case "all":
                claims = self._claims(items, stops_at=False)
                return truth(conj(*claims))
            case "sum":
                return self._sum(items)
            case "count":
                return self._count(items)
            case "min" | "max":
                values = [(there, value) for there, value, _ in self._visited(items)]
                self._work.fail("empty", neg(disj(*(there for there, _ in values))))
                return extreme(self._work, values, is_least=self._node.fold == "min")
            case "list":
                visited = [(there, value) for there, value, _ in self._visited(items)]
                is_packed = items.is_packed and self._node.condition is None
                return only(Items(tuple(visited), is_packed))

    def _visited(
        self, items: Items, goes_on: Callable[[], Claim] = lambda: True
    ) -> Iterable[tuple[Claim, Value, Claim]]:
        """Yield whether each item counts, what it comes to, and whether it is there."""
        for there, item in items.parts:
            present = conj(there, goes_on())
            if present is False:
                continue
            scope = {**self._scope, self._node.variable: item}
            passes: Claim = True
            with self._work.under(present):
                if self._node.condition is not None:
                    test = self._translation.visit(self._work, self._node.condition, scope)
                    passes = self._work.truth(test)
            counts = conj(present, passes)
            with self._work.under(counts):
                value = self._translation.visit(self._work, self._node.item, scope)
            yield counts, value, there

    def _claims(self, items: Items, *, stops_at: bool) -> list[Claim]:
        claims: list[Claim] = []

        def goes_on() -> Claim:
            return conj(*((neg(claim) if stops_at else claim) for claim in claims))

        for counts, value, _ in self._visited(items, goes_on):
            with self._work.under(counts):
                holds = self._work.truth(value)
            claims.append(conj(counts, holds) if stops_at else disj(neg(counts), holds))
        return claims

    def _sum(self, items: Items) -> Iterable[Way]:
        total = known(0)
        for counts, value, _ in self._visited(items):
            with self._work.under(counts):
                added = self._work.lifted(ARITHMETIC["+"], total, value)
            total = self._translation.symbols.merged(
                *(Way(conj(counts, guard), part) for guard, part in added),
                *(Way(conj(neg(counts), guard), part) for guard, part in total),
            )
        for guard, part in total:
            number = number_of(part) if sort_of(part) == "number" else None
            if number is not None:
                with self._work.under(guard):
                    beyond(self._work, number)
        return total

    def _count(self, items: Items) -> Iterable[Way]:
        counted: list[Claim] = []
        for counts, value, _ in self._visited(items):
            with self._work.under(counts):
                counted.append(conj(counts, self._is_counted(value)))
        terms = [
            z3.If(claim, 1, 0) if not isinstance(claim, bool) else int(claim) for claim in counted
        ]
        between = Range(Fraction(0), Fraction(len(terms)), Fraction(1), Fraction(1))
        return only(Number(z3.Sum([z3.IntVal(0), *terms]), True, True, between))  # noqa: FBT003 -- by place

    def _is_counted(self, value: Value) -> Claim:
        claims = []
        for guard, part in value:
            with self._work.under(guard):
                if isinstance(part, Opaque):
                    self._work.may_fail(part.reason)
                    hole = self._translation.symbols.hole(part.reason, z3.BoolSort())
                    claims.append(conj(guard, hole))
                elif sort_of(part) == "boolean":
                    claims.append(conj(guard, self._work.truth(only(part))))
                elif sort_of(part) == "null":
                    self._work.wrong_kind(part)
                else:
                    claims.append(guard)
        return disj(*claims)


def _plain(value: Value) -> Known | None:
    """Return the plain data that a value is in every way, or ``None``."""
    part = value[0].part if len(value) == 1 else None
    return part if isinstance(part, Known) and value[0].guard is True else None


def _longest(value: Value) -> int | None:
    """Return the most characters that a value prints as, ``None`` where there is no telling."""
    lengths = [_part_length(part) for _, part in value]
    sure = [length for length in lengths if length is not None]
    return max(sure, default=0) if len(sure) == len(lengths) else None


def _part_length(part: Part) -> int | None:
    if isinstance(part, Known):
        return len(shown(part.value))
    if isinstance(part, Word):
        return part.longest
    if isinstance(part, Number):
        return NUMBER_LENGTH
    return _OTHER_LENGTHS.get(sort_of(part))


_VISITS: Final[Mapping[type, Callable[[Translation, Work, Any, Scope], Value]]] = MappingProxyType(
    {
        Constant: lambda _, __, node, ___: known(node.value),
        Name: Translation._name,  # noqa: SLF001 -- the class's own table
        Key: Translation._key,  # noqa: SLF001
        Negative: Translation._negative,  # noqa: SLF001
        Arithmetic: Translation._arithmetic,  # noqa: SLF001
        Comparison: Translation._comparison,  # noqa: SLF001
        Not: Translation._negation,  # noqa: SLF001
        And: Translation._conjunction,  # noqa: SLF001
        Or: Translation._disjunction,  # noqa: SLF001
        Choice: Translation._choice,  # noqa: SLF001
        ListDisplay: Translation._items,  # noqa: SLF001
        MappingDisplay: Translation._mapping,  # noqa: SLF001
        Call: Translation._call,  # noqa: SLF001
        Fold: Translation._fold,  # noqa: SLF001
        Text: Translation._text,  # noqa: SLF001
    }
)
"""What translates each kind of node."""
