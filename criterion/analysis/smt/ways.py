"""Ways: a symbolic value as the plain and symbolic parts that it may be, each under its guard.

The guards of a value exclude one another, and one of them holds wherever the value can be worked
out at all. So kinds never mix: a nullable number is null in one way and a number in the other.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple, TypeAlias

import z3

from criterion.analysis.domain import Domain
from criterion.analysis.smt.logic import ALWAYS, Claim, disj, either
from criterion.analysis.smt.ranges import ANY, Range, exactly, joined
from criterion.expression.failure import ExpressionFailure
from criterion.expression.numbers import within_bounds

Term: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Known:
    """Plain data, the same for all facts."""

    value: Any


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number.

    Attributes:
        term: An Int where it is whole, else a Real.
        is_whole: Whether it is an int of the language, whose arithmetic is never rounded.
        is_within: Whether it is certain to be within the bounds of facts.
        range: Between which bounds it lies.
    """

    term: Term
    is_whole: bool
    is_within: bool = False
    range: Range = ANY


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false."""

    term: Term


@dataclass(frozen=True, slots=True)
class Word:
    """A text, by its number in `Texts`; ``longest`` is its greatest length where that is known."""

    term: Term
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A date, as its proleptic ordinal."""

    term: Term


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, as microseconds since the year 1 in UTC, and its offset from it in seconds."""

    micros: Term
    offset: Term


@dataclass(frozen=True, slots=True)
class Items:
    """A list: parts in order, each there or not; ``is_packed`` where those come first that are."""

    parts: "tuple[tuple[Claim, Value], ...]"
    is_packed: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with certain keys."""

    parts: "Mapping[str, Value]"


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping whose keys are not known: whoever looks one up asks `Facts` for it."""

    path: str
    arguments: tuple[Term, ...]
    domain: Domain


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value of any kind."""

    reason: str


Part: TypeAlias = Known | Number | Truth | Word | Day | Moment | Items | Fields | Table | Opaque


class Way(NamedTuple):
    """What a value is where the guard holds."""

    guard: Claim
    part: Part


Value: TypeAlias = tuple[Way, ...]

WAYS_MAX: Final = 100
"""How many ways a value may be."""

_EPOCH: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)


def known(value: object) -> Value:
    """Return the symbolic form of plain data."""
    return (Way(ALWAYS, Known(value)),)


def only(part: Part) -> Value:
    """Return a value that is the same part in every way."""
    return (Way(ALWAYS, part),)


def truth(claim: Claim) -> Value:
    """Return a claim as a value."""
    return only(Known(claim) if isinstance(claim, bool) else Truth(claim))


def claim_of(part: Known | Truth) -> Claim:
    """Return a truth value as a claim."""
    return part.value if isinstance(part, Known) else part.term


def sort_of(part: Part) -> str:
    """Return the kind of a part, by which errors are told apart."""
    if not isinstance(part, Known):
        return _SORTS[type(part)]
    return _PLAIN_SORTS.get(type(part.value)) or _nested_sort(part.value)


def _nested_sort(value: object) -> str:
    return "list" if isinstance(value, list) else "mapping" if isinstance(value, dict) else "null"


def number_of(part: Part) -> Number | None:
    """Return a finite number in its symbolic form, ``None`` for unlimited."""
    if isinstance(part, Number):
        return part
    value = part.value if isinstance(part, Known) else None
    if isinstance(value, int):
        return Number(z3.IntVal(value), True, _fits(value), exactly(value))  # noqa: FBT003 -- by place
    if value is None or not value.is_finite():
        return None
    return Number(real(value), False, _fits(value), exactly(value))  # noqa: FBT003 -- by place


def _fits(value: int | Decimal) -> bool:
    try:
        within_bounds(value)
    except ExpressionFailure:
        return False
    return True


def real(value: int | Decimal) -> Term:
    """Return an exact number as a term."""
    exact = Fraction(value)
    return z3.RealVal(f"{exact.numerator}/{exact.denominator}")


def as_real(number: Number) -> Term:
    """Return the term of a number as a Real."""
    if not number.is_whole:
        return number.term
    return real(number.term.as_long()) if z3.is_int_value(number.term) else z3.ToReal(number.term)


def day_of(part: Part) -> Term:
    """Return a date as a term."""
    return part.term if isinstance(part, Day) else z3.IntVal(_known(part).toordinal())


def moment_of(part: Part) -> Moment:
    """Return an instant in its symbolic form."""
    if isinstance(part, Moment):
        return part
    value: dt.datetime = _known(part)
    offset = value.utcoffset() or dt.timedelta()
    micros = (value - _EPOCH) // _MICROSECOND
    return Moment(z3.IntVal(micros), z3.IntVal(int(offset.total_seconds())))


def items_of(part: Part) -> Items:
    """Return a list in its symbolic form."""
    if isinstance(part, Items):
        return part
    return Items(tuple((True, known(item)) for item in _known(part)), is_packed=True)


def fields_of(part: Part) -> Mapping[str, Value]:
    """Return a mapping with certain keys in its symbolic form."""
    if isinstance(part, Fields):
        return part.parts
    return {key: known(item) for key, item in _known(part).items()}


def _known(part: Part) -> Any:  # noqa: ANN401 -- plain data
    assert isinstance(part, Known)  # noqa: S101 -- the caller has told the sorts apart
    return part.value


Identify: TypeAlias = Callable[[str], int]


def word_of(part: Part, identify: Identify) -> Word:
    """Return a text in its symbolic form."""
    if isinstance(part, Word):
        return part
    value: str = _known(part)
    return Word(z3.IntVal(identify(value)), len(value))


def merged(ways: Iterable[Way], identify: Identify) -> Value:
    """Return a value in as few ways as kinds allow."""
    groups: dict[object, list[Way]] = {}
    for way in ways:
        if way.guard is not False:
            groups.setdefault(_group(way.part), []).append(way)
    made = tuple(way for group in groups.values() for way in _joined(group, identify))
    return made if len(made) <= WAYS_MAX else only(Opaque("a value of too many forms"))


def _group(part: Part) -> object:
    sort = sort_of(part)
    if isinstance(part, Known) and isinstance(part.value, Decimal) and part.value.is_infinite():
        return "unlimited"
    return sort


def _joined(group: list[Way], identify: Identify) -> Iterable[Way]:
    first = group[0].part
    if len(group) == 1:
        return group
    guard = disj(*(way.guard for way in group))
    if isinstance(first, Known) and all(_same(first, way.part) for way in group[1:]):
        return [Way(guard, first)]
    join = _JOINS.get(sort_of(first))
    return group if join is None else [Way(guard, join(group, identify))]


def _same(left: Known, right: Part) -> bool:
    if not isinstance(right, Known) or type(left.value) is not type(right.value):
        return False
    return bool(left.value == right.value)


def _chain(group: list[Way], term: Callable[[Part], Term]) -> Term:
    chosen = term(group[-1].part)
    for guard, part in reversed(group[:-1]):
        chosen = either(guard, term(part), chosen)
    return chosen


def _numbers(group: list[Way], _: Identify) -> Part:
    numbers = {id(way.part): number for way in group if (number := number_of(way.part))}
    is_whole = all(number.is_whole for number in numbers.values())

    def term(part: Part) -> Term:
        number = numbers[id(part)]
        return number.term if is_whole else as_real(number)

    is_within = all(number.is_within for number in numbers.values())
    between = joined(number.range for number in numbers.values())
    return Number(_chain(group, term), is_whole, is_within, between)


def _truths(group: list[Way], _: Identify) -> Part:
    def term(part: Part) -> Term:
        return z3.BoolVal(part.value) if isinstance(part, Known) else part.term  # type: ignore[union-attr] # a Truth

    return Truth(_chain(group, term))


def _words(group: list[Way], identify: Identify) -> Part:
    lengths = [word_of(way.part, identify).longest for way in group]
    known_lengths = [length for length in lengths if length is not None]
    longest = max(known_lengths) if len(known_lengths) == len(lengths) else None
    return Word(_chain(group, lambda part: word_of(part, identify).term), longest)


def _days(group: list[Way], _: Identify) -> Part:
    return Day(_chain(group, day_of))


def _moments(group: list[Way], _: Identify) -> Part:
    micros = _chain(group, lambda part: moment_of(part).micros)
    return Moment(micros, _chain(group, lambda part: moment_of(part).offset))


_JOINS: Final[Mapping[str, Callable[[list[Way], Identify], Part]]] = {
    "number": _numbers,
    "boolean": _truths,
    "text": _words,
    "date": _days,
    "instant": _moments,
}
_SORTS: Final[Mapping[type, str]] = {
    Number: "number", Truth: "boolean", Word: "text", Day: "date", Moment: "instant",
    Items: "list", Fields: "mapping", Table: "mapping", Opaque: "opaque",
}  # fmt: skip
_PLAIN_SORTS: Final[Mapping[type, str]] = {
    int: "number", Decimal: "number", bool: "boolean", str: "text", dt.date: "date",
    dt.datetime: "instant",
}  # fmt: skip
