"""Arithmetic: the numbers of the language as terms, with unlimited and everything undefined."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

import z3

from criterion.analysis.smt import ranges
from criterion.analysis.smt.logic import either, neg
from criterion.analysis.smt.ranges import Range
from criterion.analysis.smt.ways import (
    Known,
    Number,
    Part,
    Term,
    Value,
    Way,
    Word,
    as_real,
    known,
    number_of,
    only,
    sort_of,
    word_of,
)
from criterion.analysis.smt.work import Operation, Work, of_known, opaque
from criterion.exact import EXPONENT_MAX, INTEGER_MAX
from criterion.expression import numbers, operations
from criterion.expression.values import TEXT_LENGTH_MAX
from criterion.quantity import UNLIMITED

FACTORS_MAX: Final = 4
"""The largest exponent that is written out as factors."""

PLACES_MAX: Final = 12
"""How many places a symbolic number is rounded to at most."""

_GREATEST: Final = Decimal(10) ** (EXPONENT_MAX + 1)
_LEAST: Final = Decimal(10) ** -EXPONENT_MAX


def finite(work: Work, *parts: Part) -> list[Number | None] | None:
    """Return numbers, ``None`` among them for unlimited; nothing where a part is no number."""
    for part in parts:
        if sort_of(part) != "number":
            work.wrong_kind(part)
            return None
    return [number_of(part) for part in parts]


def _binary(symbolic: Callable[[Work, Any, Any], Iterable[Way]]) -> Operation:
    def operation(work: Work, left: Part, right: Part) -> Iterable[Way]:
        unknown = opaque(work, left, right)
        if unknown is not None:
            return unknown
        given = finite(work, left, right)
        return () if given is None else symbolic(work, *given)

    return operation


def _add(work: Work, left: Number | None, right: Number | None) -> Iterable[Way]:
    if left is None or right is None:
        return known(UNLIMITED)
    return only(
        _made(work, left, right, lambda one, two: one + two, ranges.plus(left.range, right.range))
    )


def _subtract(work: Work, left: Number | None, right: Number | None) -> Iterable[Way]:
    if right is None:
        return work.fail("undefined")
    if left is None:
        return known(UNLIMITED)
    between = ranges.plus(left.range, ranges.minus(right.range))
    return only(_made(work, left, right, lambda one, two: one - two, between))


def _multiply(work: Work, left: Number | None, right: Number | None) -> Iterable[Way]:
    if left is None and right is None:
        return known(UNLIMITED)
    if left is None or right is None:
        other = left or right
        assert other is not None  # noqa: S101 -- one of them is a number
        work.fail("undefined", other.term <= 0)
        return known(UNLIMITED)
    between = ranges.times(left.range, right.range)
    if left.is_whole and right.is_whole:
        return only(_whole(work.symbols.product(left, right), between))
    product = work.symbols.product(_as_decimal(left), _as_decimal(right))
    return only(work.symbols.rounded(product, between))


def _divide(work: Work, left: Number | None, right: Number | None) -> Iterable[Way]:
    if right is None:
        return work.fail("undefined") if left is None else known(Decimal(0))
    if not _is_off_zero(right):
        work.fail("division_by_zero", right.term == 0)
    if left is None:
        work.fail("undefined", right.term < 0)
        return known(UNLIMITED)
    quotient = work.symbols.quotient(_as_decimal(left), _as_decimal(right))
    return only(work.symbols.rounded(quotient, ranges.over(left.range, right.range)))


def _made(
    work: Work, left: Number, right: Number, make: Callable[[Term, Term], Term], between: Range
) -> Number:
    if left.is_whole and right.is_whole:
        return _whole(make(left.term, right.term), between)
    return work.symbols.rounded(make(as_real(left), as_real(right)), between)


def _whole(term: Term, between: Range) -> Number:
    return Number(term, True, ranges.is_whole_within(between), between)  # noqa: FBT003 -- by place


def _as_decimal(number: Number) -> Number:
    return replace(number, term=as_real(number), is_whole=False)


def whole(work: Work, number: Number | None) -> Term | None:
    """Return a number without a fraction as an Int, and note where it has one."""
    if number is None:
        work.fail("undefined")
        return None
    if number.is_whole:
        return number.term
    work.fail("not_whole", neg(z3.IsInt(number.term)))
    return z3.ToInt(number.term)


def _floored(is_modulo: bool) -> Callable[[Work, Number | None, Number | None], Iterable[Way]]:  # noqa: FBT001 -- one of two
    def operation(work: Work, left: Number | None, right: Number | None) -> Iterable[Way]:
        dividend = whole(work, left)
        divisor = whole(work, right) if dividend is not None else None
        if dividend is None or divisor is None:
            return ()
        work.fail("division_by_zero", divisor == 0)
        quotient = either(divisor > 0, dividend / divisor, (-dividend) / (-divisor))
        term = dividend - divisor * quotient if is_modulo else quotient
        return only(Number(term, is_whole=True, range=ranges.WHOLE))

    return operation


def _power(work: Work, base: Part, exponent: Part) -> Iterable[Way]:
    unknown = opaque(work, base, exponent)
    if unknown is not None:
        return unknown
    given = finite(work, base, exponent)
    if given is None:
        return ()
    of = given[0]
    known_exponent = exponent.value if isinstance(exponent, Known) else None
    if of is not None and isinstance(known_exponent, int) and 0 <= known_exponent <= FACTORS_MAX:
        return _written_out(work, of, known_exponent)
    return not_translated(work, "`**`", *given, is_power=True)


def _written_out(work: Work, of: Number, by: int) -> Iterable[Way]:
    if by == 0:
        return known(1 if of.is_whole else Decimal(1))
    made = of
    for _ in range(by - 1):
        term, between = work.symbols.product(made, of), ranges.times(made.range, of.range)
        made = _whole(term, between) if of.is_whole else work.symbols.rounded(term, between)
    beyond(work, made, tiny=not of.is_whole)
    return only(made)


def not_translated(
    work: Work, what: str, *given: Number | None, is_power: bool = False
) -> Iterable[Way]:
    """Return a number that is the same function of the same numbers, whichever that is."""
    reason = f"{what} of values that are not known"
    between = _power_range(*given) if is_power else None
    if between is None:
        work.may_fail(reason)
    terms = [z3.RealVal(-1) if number is None else as_real(number) for number in given]
    name = f"not translated: {what}"
    work.symbols.holes[name] = reason
    made = z3.Function(name, *[z3.RealSort()] * len(terms), z3.RealSort())(*terms)
    if is_power:
        base, by = terms
        work.symbols.require(z3.Implies(z3.And(base > 1, by >= 1), made >= base))
        work.symbols.require(z3.Implies(base > 0, made > 0))
    if between is not None and between.least is not None and between.most is not None:
        work.symbols.require(z3.And(made >= str(between.least), made <= str(between.most)))
    return only(work.symbols.rounded(made, between or ranges.ANY))


def _power_range(base: Number | None, by: Number | None) -> Range | None:
    """Return the range of a power that cannot fail, or ``None``."""
    if base is None or by is None or not by.is_whole:
        return None
    between = ranges.power(base.range, by.range)
    return between if between is not None and between.is_within else None


def _is_off_zero(number: Number) -> bool:
    """Whether a number is certain not to be zero."""
    return number.range.is_positive or ranges.minus(number.range).is_positive


def beyond(work: Work, number: Number, *, tiny: bool = True) -> None:
    """Note where a number is beyond the bounds of facts and of what is emitted."""
    if number.is_within:
        return
    term = number.term
    if number.is_whole:
        work.fail("overflow", z3.Or(term > INTEGER_MAX, term < -INTEGER_MAX))
        return
    greatest, least = _bound(_GREATEST), _bound(_LEAST)
    work.fail("overflow", z3.Or(term >= greatest, term <= -greatest))
    if tiny:
        work.fail("overflow", z3.And(term != 0, term < least, term > -least))


def _bound(value: Decimal) -> Term:
    return z3.RealVal(f"{value:f}")


def negative(work: Work, part: Part) -> Iterable[Way]:
    """Return ``-part``."""
    unknown = opaque(work, part)
    if unknown is not None:
        return unknown
    given = finite(work, part)
    if given is None:
        return ()
    number = given[0]
    if number is None:
        return work.fail("undefined")
    between = ranges.minus(number.range)
    return only(Number(-number.term, number.is_whole, number.is_within, between))


def absolute(_: Work, number: Number | None) -> Value:
    """Return a number without its sign."""
    if number is None:
        return known(UNLIMITED)
    term = either(number.term >= 0, number.term, -number.term)
    return only(Number(term, number.is_whole, number.is_within, ranges.absolute(number.range)))


def floor(_: Work, number: Number | None) -> Value:
    """Return the greatest whole number that is not above."""
    if number is None:
        return known(UNLIMITED)
    term = number.term if number.is_whole else z3.ToInt(number.term)
    return only(_whole(term, ranges.at_places(number.range, 0)))


def ceil(_: Work, number: Number | None) -> Value:
    """Return the least whole number that is not below."""
    if number is None:
        return known(UNLIMITED)
    term = number.term if number.is_whole else -z3.ToInt(-number.term)
    return only(_whole(term, ranges.at_places(number.range, 0)))


def rounded(work: Work, number: Number | None, places: int) -> Value:
    """Return a number at so many places, halves away from zero."""
    if number is None:
        return known(UNLIMITED)
    if number.is_whole and places >= 0:
        return only(number)
    if abs(places) > PLACES_MAX:
        return tuple(not_translated(work, "`round`", number))
    scale = z3.RealVal(f"1{'0' * places}") if places >= 0 else z3.RealVal(f"1/1{'0' * -places}")
    size = as_real(number)
    above = z3.ToInt(either(size >= 0, size, -size) * scale + z3.RealVal("1/2"))
    signed = either(size >= 0, above, -above)
    between = ranges.at_places(number.range, places)
    if places > 0:
        return only(work.symbols.rounded(z3.ToReal(signed) / scale, between))
    return only(_whole(signed * 10**-places, between))


def _plus(work: Work, left: Part, right: Part) -> Iterable[Way]:
    if sort_of(left) != "text":
        return _NUMERIC_PLUS(work, left, right)
    unknown = opaque(work, right)
    if unknown is not None:
        return unknown
    if sort_of(right) != "text":
        return work.wrong_kind(right)
    return joined_text(work, left, right)


def joined_text(work: Work, *parts: Part) -> Value:
    """Return texts put together: some text, of a length that may be too much."""
    lengths = [word_of(part, work.symbols.texts.number).longest for part in parts]
    sure = [length for length in lengths if length is not None]
    longest = sum(sure) if len(sure) == len(lengths) else None
    return some_text(work, longest)


def some_text(work: Work, longest: int | None) -> Value:
    """Return a text that is not known, at most so long."""
    reason = "a text that is put together"
    if longest is None or longest > TEXT_LENGTH_MAX:
        work.fail("text_too_long", work.symbols.hole(reason, z3.BoolSort()))
        longest = TEXT_LENGTH_MAX
    return only(Word(work.symbols.hole(reason, z3.IntSort()), longest))


_NUMERIC_PLUS: Final = _binary(_add)

ARITHMETIC: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "+": of_known(operations.plus, _plus),
        "-": of_known(numbers.subtract, _binary(_subtract)),
        "*": of_known(numbers.multiply, _binary(_multiply)),
        "/": of_known(numbers.divide, _binary(_divide)),
        "//": of_known(numbers.floor_divide, _binary(_floored(is_modulo=False))),
        "%": of_known(numbers.modulo, _binary(_floored(is_modulo=True))),
        "**": of_known(numbers.power, _power),
    }
)
"""What each arithmetic operator does."""

NEGATIVE: Final = of_known(numbers.negate, negative)
