"""Numbers: every operator at its edges, and the failures beyond them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.expression import numbers
from criterion.expression.failure import ExpressionFailure

UNLIMITED = Decimal("Infinity")
THIRD = Decimal("0.3333333333333333333333333333333333")


class Case(NamedTuple):
    id: str
    function: Callable[..., Any]
    given: tuple[object, ...]
    answer: object


ANSWERS = [
    Case("whole numbers stay whole", numbers.add, (2, 3), 5),
    Case("decimals are exact", numbers.add, (Decimal("0.1"), Decimal("0.2")), Decimal("0.3")),
    Case("whole and decimal mix", numbers.add, (1, Decimal("0.5")), Decimal("1.5")),
    Case("whole numbers are exact beyond 34 digits", numbers.multiply, (10**20, 10**20), 10**40),
    Case("unlimited plus anything", numbers.add, (UNLIMITED, -5), UNLIMITED),
    Case("unlimited plus unlimited", numbers.add, (UNLIMITED, UNLIMITED), UNLIMITED),
    Case("unlimited minus a number", numbers.subtract, (UNLIMITED, 5), UNLIMITED),
    Case("unlimited times a positive", numbers.multiply, (Decimal("0.5"), UNLIMITED), UNLIMITED),
    Case("a division is a decimal", numbers.divide, (6, 3), Decimal(2)),
    Case("a division has 34 digits", numbers.divide, (1, 3), THIRD),
    Case("a number by unlimited is nothing", numbers.divide, (5, UNLIMITED), Decimal(0)),
    Case("floor division goes down", numbers.floor_divide, (-7, 2), -4),
    Case("a whole decimal is whole", numbers.floor_divide, (Decimal("7.0"), 2), 3),
    Case("the remainder has the divisor's sign", numbers.modulo, (-7, 3), 2),
    Case("a whole power", numbers.power, (2, 62), 2**62),
    Case("a negative power", numbers.power, (2, -2), Decimal("0.25")),
    Case("anything to the power of nothing", numbers.power, (0, 0), 1),
    Case("a power of minus one at the most", numbers.power, (-1, 1_000), 1),
    Case("minus", numbers.negate, (Decimal("1.5"),), Decimal("-1.5")),
    Case("without sign", numbers.absolute, (-3,), 3),
    Case("a half rounds up", numbers.rounded, (Decimal("2.5"),), 3),
    Case("a negative half rounds down", numbers.rounded, (Decimal("-2.5"),), -3),
    Case("cents", numbers.rounded, (Decimal("2.345"), 2), Decimal("2.35")),
    Case("hundreds", numbers.rounded, (1_250, -2), 1_300),
    Case("unlimited stays when rounded", numbers.rounded, (UNLIMITED, 2), UNLIMITED),
    Case("floor", numbers.floor, (Decimal("-0.1"),), -1),
    Case("ceil", numbers.ceil, (Decimal("0.1"),), 1),
    Case("floor of unlimited", numbers.floor, (UNLIMITED,), UNLIMITED),
    Case("the greatest whole number", numbers.within_bounds, (2**63 - 1,), 2**63 - 1),
    Case("the greatest decimal", numbers.within_bounds, (Decimal("9E+40"),), Decimal("9E+40")),
    Case("digits that are cut", numbers.rounded_to, (THIRD, 3), Decimal("0.333")),
    Case("whole digits are not", numbers.rounded_to, (Decimal("12345.6"), 3), Decimal(12346)),
]

FAILURES = [
    Case("by zero", numbers.divide, (1, 0), "division_by_zero"),
    Case("by a zero with a point", numbers.divide, (0, Decimal("0.0")), "division_by_zero"),
    Case("the rest of a division by zero", numbers.modulo, (1, 0), "division_by_zero"),
    Case("floor division by zero", numbers.floor_divide, (1, 0), "division_by_zero"),
    Case("one over zero", numbers.power, (0, -1), "division_by_zero"),
    Case("unlimited minus unlimited", numbers.subtract, (UNLIMITED, UNLIMITED), "undefined"),
    Case("a number minus unlimited", numbers.subtract, (1, UNLIMITED), "undefined"),
    Case("nothing times unlimited", numbers.multiply, (0, UNLIMITED), "undefined"),
    Case("a negative times unlimited", numbers.multiply, (UNLIMITED, -1), "undefined"),
    Case("unlimited over unlimited", numbers.divide, (UNLIMITED, UNLIMITED), "undefined"),
    Case("minus unlimited", numbers.negate, (UNLIMITED,), "undefined"),
    Case("floor division of unlimited", numbers.floor_divide, (UNLIMITED, 2), "undefined"),
    Case("unlimited to the power of nothing", numbers.power, (UNLIMITED, 0), "undefined"),
    Case("a power beyond 63 bits", numbers.power, (2, 63), "overflow"),
    Case("a huge power, at once", numbers.power, (10**30, 1_000), "overflow"),
    Case("an exponent beyond the bound", numbers.power, (1, 1_001), "overflow"),
    Case("a power too small", numbers.power, (Decimal("0.1"), 41), "overflow"),
    Case("a whole number too large", numbers.within_bounds, (2**63,), "overflow"),
    Case("a decimal too large", numbers.within_bounds, (Decimal("1E+41"),), "overflow"),
    Case("too large on the way", numbers.multiply, (10**3_999, 10**3_999), "overflow"),
    Case("a decimal too large on the way", numbers.multiply, (Decimal("1E+4000"), 10), "overflow"),
    Case("too many digits behind the point", numbers.rounded, (1, 41), "overflow"),
    Case("a fraction where a whole is needed", numbers.modulo, (Decimal("1.5"), 1), "not_whole"),
    Case("null", numbers.add, (None, 1), "null"),
    Case("a truth value is no number", numbers.add, (True, 1), "type"),
    Case("a truth value is no decimal either", numbers.add, (Decimal(1), True), "type"),
    Case("text is no number", numbers.subtract, (1, "2"), "type"),
    Case("a list is no number", numbers.multiply, ([1], 2), "type"),
]

TEXTS = [
    (0, "0"), (Decimal("-0.0"), "0"), (1_000, "1000"), (Decimal("1E+3"), "1000"),
    (Decimal("2.50"), "2.5"), (Decimal("1E-7"), "0.0000001"), (UNLIMITED, "unlimited"),
]  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case.id)
def test_arithmetic_answers(case: Case) -> None:
    answer = case.function(*case.given)

    assert (type(answer), answer) == (type(case.answer), case.answer)


@pytest.mark.parametrize("case", FAILURES, ids=lambda case: case.id)
def test_arithmetic_fails_with_a_code(case: Case) -> None:
    with pytest.raises(ExpressionFailure) as failure:
        case.function(*case.given)

    assert failure.value.code == case.answer
    assert failure.value.__context__ is None


@pytest.mark.parametrize(("number", "text"), TEXTS)
def test_equal_numbers_print_alike(number: numbers.Number, text: str) -> None:
    assert numbers.plain_text(number) == text


@given(st.integers(), st.integers().filter(bool))
def test_floor_division_and_remainder_belong_together(dividend: int, divisor: int) -> None:
    whole, rest = numbers.floor_divide(dividend, divisor), numbers.modulo(dividend, divisor)

    assert whole * divisor + rest == dividend


@given(st.decimals(-(10**12), 10**12, places=4), st.integers(-3, 4))
def test_rounding_is_never_off_by_more_than_half_a_step(number: Decimal, digits: int) -> None:
    error = abs(Decimal(numbers.rounded(number, digits)) - number)

    assert error * 2 <= Decimal(10) ** -digits
