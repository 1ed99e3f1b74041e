"""Facts: a symbolic value for all that a schema takes, and what a model says it is."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Context, Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

import z3

from criterion.analysis.domain import Domain
from criterion.analysis.smt.leaves import leaf
from criterion.analysis.smt.logic import Claim, conj, disj, neg
from criterion.analysis.smt.ranges import Range
from criterion.analysis.smt.reading import Reading
from criterion.analysis.smt.symbols import Symbols
from criterion.analysis.smt.ways import (
    Day,
    Fields,
    Items,
    Known,
    Moment,
    Number,
    Opaque,
    Part,
    Table,
    Term,
    Truth,
    Value,
    Way,
    Word,
    day_of,
    known,
    moment_of,
    real,
)
from criterion.analysis.text_fit import taking
from criterion.exact import DIGITS_MAX, EXPONENT_MAX, INTEGER_MAX
from criterion.quantity import UNLIMITED

ITEMS_MAX: Final = 3
"""How many items of a list of facts are looked at."""

DEPTH_MAX: Final = 8
"""How deep values are followed."""

NOTHING_PINNED: Final[Mapping[str, Any]] = MappingProxyType({})
"""No value of the facts is known."""

_GREATEST: Final = Decimal(10) ** (EXPONENT_MAX + 1)
_LEAST: Final = Decimal(10) ** -EXPONENT_MAX
_DAYS: Final = (dt.date.min.toordinal(), dt.date.max.toordinal())
_DAY_MICROS: Final = 86_400_000_000
_MICROS_MAX: Final = _DAYS[1] * _DAY_MICROS
_SECOND: Final = 1_000_000
_OFFSET_MAX: Final = 86_399
_NEAREST: Final = Context(prec=DIGITS_MAX)
_EPOCH: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


class Facts:
    """The values of one schema under one name; every question about them is asked here."""

    def __init__(self, symbols: Symbols, pinned: Mapping[str, Any] = NOTHING_PINNED) -> None:
        """Take what the translation shares, and the values of paths that are known."""
        self._symbols = symbols
        self._pinned = pinned
        self._made: dict[tuple[str, tuple[int, ...]], Value] = {}
        self._kept: list[Term] = []
        self._asked: dict[str, list[Term]] = {}

    def value(
        self, domain: Domain, path: str, arguments: tuple[Term, ...] = (), depth: int = 0
    ) -> Value:
        """Return the symbolic value at a path; the arguments are keys of the tables above it."""
        if path in self._pinned and all(part.kept == "all" for part in domain.parts()):
            return known(self._pinned[path])
        key = path, tuple(argument.get_id() for argument in arguments)
        if key not in self._made:
            self._kept += arguments  # their ids stay theirs
            self._made[key] = self._value(domain.seen, path, arguments, depth)
        return self._made[key]

    def _value(self, domain: Domain, path: str, arguments: tuple[Term, ...], depth: int) -> Value:
        ways: list[Way] = []
        present: Claim = True
        if domain.nullable and domain.kind not in {"any", "null"}:
            is_null = leaf(f"{path}?", arguments, z3.BoolSort())
            ways, present = [Way(is_null, Known(None))], neg(is_null)
        if domain.kind == "quantity":
            unlimited = leaf(f"{path}!", arguments, z3.BoolSort())
            ways.append(Way(conj(present, unlimited), Known(UNLIMITED)))
            present = conj(present, neg(unlimited))
        part = self._part(domain, path, arguments, depth)
        return (*ways, Way(present, part))

    def _part(self, domain: Domain, path: str, arguments: tuple[Term, ...], depth: int) -> Part:
        match domain.kind:
            case "null":
                return Known(None)
            case "list" if depth < DEPTH_MAX:
                return self._items(domain, path, arguments, depth)
            case "mapping" if depth < DEPTH_MAX:
                return self._mapping(domain, path, arguments, depth)
            case "any" | "list" | "mapping":
                return Opaque(f"a value of any kind, `{path}`")
            case _:
                return self._scalar(domain, path, arguments)

    def _scalar(self, domain: Domain, path: str, arguments: tuple[Term, ...]) -> Part:
        require = self._symbols.require
        match domain.kind:
            case "boolean":
                term = leaf(path, arguments, z3.BoolSort())
                if domain.choices is not None:
                    require(disj(*(term == choice for choice in domain.choices)))
                return Truth(term)
            case "text":
                return self._word(domain, leaf(path, arguments, z3.IntSort()))
            case "date":
                term = leaf(path, arguments, z3.IntSort())
                require(z3.And(term >= _DAYS[0], term <= _DAYS[1]))
                return Day(term)
            case "datetime":
                micros = leaf(path, arguments, z3.IntSort())
                offset = leaf(f"{path}+", arguments, z3.IntSort())
                local = micros + offset * _SECOND
                require(z3.And(offset >= -_OFFSET_MAX, offset <= _OFFSET_MAX))
                require(z3.And(local >= 0, local < _MICROS_MAX))
                return Moment(micros, offset)
            case _:
                return self._number(domain, path, arguments)

    def _number(self, domain: Domain, path: str, arguments: tuple[Term, ...]) -> Number:
        require = self._symbols.require
        is_whole = domain.kind == "integer"
        term = leaf(path, arguments, z3.IntSort() if is_whole else z3.RealSort())
        exact: Callable[[Any], Term] = z3.IntVal if is_whole else real
        if domain.choices is not None:
            require(disj(*(term == exact(choice) for choice in domain.choices)))
        least, most = (-INTEGER_MAX, INTEGER_MAX) if is_whole else (-_GREATEST, _GREATEST)
        is_open = not is_whole
        bottom, top = (
            least if domain.least is None or domain.least < least else domain.least,
            most if domain.most is None or domain.most > most else domain.most,
        )
        is_above = domain.is_above or (is_open and bottom == least)
        is_below = domain.is_below or (is_open and top == most)
        require(term > exact(bottom) if is_above else term >= exact(bottom))
        require(term < exact(top) if is_below else term <= exact(top))
        if not is_whole:
            tiny = real(_LEAST)
            require(z3.Or(term == 0, term >= tiny, term <= -tiny))
        if domain.multiple_of is not None:
            times = leaf(f"{path}*", arguments, z3.IntSort())
            step = domain.multiple_of
            require(term == (times * int(step) if is_whole else z3.ToReal(times) * real(step)))
        between = _range(bottom, top, is_whole, domain)
        return Number(term, is_whole, True, between)  # noqa: FBT003 -- by place

    def _word(self, domain: Domain, term: Term) -> Word:
        texts = self._symbols.texts
        if domain.choices is not None:
            choices = tuple(str(choice) for choice in domain.choices)
            self._symbols.require(texts.among(term, choices))
            return Word(term, max(map(len, choices), default=0))
        if domain.length_min or domain.length_max is not None or domain.pattern is not None:
            texts.place(term, taking(domain))
        return Word(term, domain.length_max)

    def _items(self, domain: Domain, path: str, arguments: tuple[Term, ...], depth: int) -> Items:
        length = leaf(f"{path}#", arguments, z3.IntSort())
        most = items_max(domain)
        self._symbols.require(z3.And(length >= domain.length_min, length <= most))
        if domain.length_max is None or domain.length_max > most:
            self._symbols.limits[f"{path}#"] = f"lists of up to {most} items"
        item = domain.item or Domain(kind="any", nullable=True)
        parts = tuple(
            (length > place, self.value(item, f"{path}[{place}]", arguments, depth + 1))
            for place in range(most)
        )
        return Items(parts, is_packed=True)

    def _mapping(self, domain: Domain, path: str, arguments: tuple[Term, ...], depth: int) -> Part:
        if domain.fields is None:
            return Table(path, arguments, domain)
        return Fields(
            {
                name: self.value(part, f"{path}.{name}", arguments, depth + 1)
                for name, part in domain.fields.items()
            }
        )

    def looked_up(self, table: Table, key: Term) -> tuple[Claim, Value]:
        """Return whether a table has the key of a text, and what stands under it."""
        domain, arguments = table.domain, (*table.arguments, key)
        asked = self._asked.setdefault(table.path, [])
        present = leaf(f"{table.path}{{}}?", arguments, z3.BoolSort())
        if not any(argument.eq(key) for argument in asked):
            asked.append(key)
            count = leaf(f"{table.path}{{}}#", table.arguments, z3.IntSort())
            self._symbols.require(z3.Or(z3.Not(present), count >= 1))
        texts = self._symbols.texts
        if domain.keys:
            self._symbols.require(z3.Or(neg(texts.among(key, tuple(domain.keys))), present))
        if domain.key_choices is not None:
            self._symbols.require(z3.Or(z3.Not(present), texts.among(key, domain.key_choices)))
        item = domain.item or Domain(kind="any", nullable=True)
        return present, self.value(item, f"{table.path}{{}}", arguments, len(arguments))

    def size(self, table: Table) -> Term:
        """Return how many keys a table has; where it has any, one of them is among those asked."""
        count = leaf(f"{table.path}{{}}#", table.arguments, z3.IntSort())
        some = leaf(f"{table.path}{{}}.some", table.arguments, z3.IntSort())
        present, _ = self.looked_up(table, some)
        self._symbols.require(z3.And(count >= 0, z3.Or(count == 0, present)))
        self._symbols.holes[f"{table.path}{{}}#"] = f"the number of keys of `{table.path}`"
        return count

    def read(self, model: Any) -> Reading:  # noqa: ANN401 -- of z3
        """Return what reads facts and profiles out of a model."""
        return Reading(self._symbols, self._asked, model)

    def pins(
        self,
        domain: Domain,
        path: str,
        value: Any,  # noqa: ANN401 -- plain data
        keys: tuple[Term, ...] = (),
    ) -> Iterator[Claim]:
        """Yield what makes the value at a path this plain data."""
        if domain.nullable and domain.kind not in {"any", "null"}:
            is_null = leaf(f"{path}?", keys, z3.BoolSort())
            yield is_null == (value is None)
        if value is None or domain.kind in {"any", "null"}:
            return
        if domain.kind == "list":
            yield from self._pinned_items(domain, path, value, keys)
        elif domain.fields is not None:
            for name, part in domain.fields.items():
                yield from self.pins(part, f"{path}.{name}", value[name], keys)
        elif domain.kind == "mapping":
            yield from self._pinned_table(domain, path, value, keys)
        else:
            yield from self._pinned_scalar(domain, path, value, keys)

    def _pinned_items(
        self, domain: Domain, path: str, value: list[Any], keys: tuple[Term, ...]
    ) -> Iterator[Claim]:
        yield leaf(f"{path}#", keys, z3.IntSort()) == len(value)
        for place, item in enumerate(value):
            yield from self.pins(domain.item, f"{path}[{place}]", item, keys)  # type: ignore[arg-type] # a list of something

    def _pinned_table(
        self, domain: Domain, path: str, value: Mapping[str, Any], keys: tuple[Term, ...]
    ) -> Iterator[Claim]:
        texts = self._symbols.texts
        present = f"{path}{{}}?"
        numbers = {key: texts.number(key) for key in value}
        for asked in self._asked.get(path, ()):
            is_there = disj(*(asked == number for number in numbers.values()))
            yield leaf(present, (*keys, asked), z3.BoolSort()) == is_there
        for key, item in value.items():
            inner = (*keys, z3.IntVal(numbers[key]))
            yield from self.pins(domain.item, f"{path}{{}}", item, inner)  # type: ignore[arg-type] # same

    def _pinned_scalar(
        self,
        domain: Domain,
        path: str,
        value: Any,  # noqa: ANN401 -- plain data
        keys: tuple[Term, ...],
    ) -> Iterator[Claim]:
        match domain.kind:
            case "boolean":
                yield leaf(path, keys, z3.BoolSort()) == value
            case "text":
                yield leaf(path, keys, z3.IntSort()) == self._symbols.texts.number(value)
            case "date":
                yield leaf(path, keys, z3.IntSort()) == day_of(Known(value))
            case "datetime":
                moment = moment_of(Known(value))
                yield leaf(path, keys, z3.IntSort()) == moment.micros
                yield leaf(f"{path}+", keys, z3.IntSort()) == moment.offset
            case "integer":
                yield leaf(path, keys, z3.IntSort()) == value
            case _:
                is_unlimited = isinstance(value, Decimal) and value.is_infinite()
                if domain.kind == "quantity":
                    yield leaf(f"{path}!", keys, z3.BoolSort()) == is_unlimited
                if not is_unlimited:
                    yield leaf(path, keys, z3.RealSort()) == real(value)


def _range(bottom: int | Decimal, top: int | Decimal, is_whole: bool, domain: Domain) -> Range:  # noqa: FBT001 -- by place
    """Return the range of a number of facts."""
    step = Fraction(domain.multiple_of or is_whole) or None
    unit = max(Fraction(_LEAST), step or Fraction(0))
    if domain.least is not None and bottom > 0:
        unit = max(unit, Fraction(bottom))
    return Range(Fraction(bottom), Fraction(top), unit, step)


def items_max(domain: Domain) -> int:
    """Return how many items of a list are looked at."""
    most = max(ITEMS_MAX, domain.length_min)
    return most if domain.length_max is None else min(most, domain.length_max)
