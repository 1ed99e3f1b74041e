"""Ranges hold what the language works out, however it rounds."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.analysis.smt import ranges
from criterion.analysis.smt.ranges import Range
from criterion.expression import numbers

DIGITS: Final = st.integers(-(10**34) + 1, 10**34 - 1)
DECIMALS: Final = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places), DIGITS, st.integers(0, 40)
)


def around(*values: Decimal) -> Range:
    """Return the range of a number that is one of these."""
    return ranges.joined(map(ranges.exactly, values))


def holds(between: Range, value: Decimal | int) -> bool:
    """Whether a range allows a number."""
    given = Fraction(value)
    is_multiple = between.step is None or (
        given % between.step == 0 if between.step else given == 0
    )
    return (
        (between.least is None or between.least <= given)
        and (between.most is None or given <= between.most)
        and (given == 0 or abs(given) >= between.unit)
        and is_multiple
    )


OPERATIONS: Final[dict[str, tuple[Callable[..., Any], Callable[..., Range]]]] = {
    "+": (numbers.add, ranges.plus),
    "-": (numbers.subtract, lambda one, two: ranges.plus(one, ranges.minus(two))),
    "*": (numbers.multiply, ranges.times),
    "/": (numbers.divide, ranges.over),
}


@pytest.mark.parametrize("name", OPERATIONS)
@given(DECIMALS, DECIMALS, DECIMALS, DECIMALS)
def test_an_operation_stays_in_the_range_that_is_worked_out_for_it(
    name: str, one: Decimal, other: Decimal, two: Decimal, another: Decimal
) -> None:
    work, between = OPERATIONS[name]
    if name == "/" and two == 0:
        return

    made = ranges.kept(between(around(one, other), around(two, another)))

    assert holds(made, work(one, two))


@given(st.decimals("0.5", "3", places=6), st.integers(-60, 60), st.integers(-60, 60))
def test_a_power_stays_in_its_range(base: Decimal, by: int, other: int) -> None:
    given_by = ranges.joined([ranges.exactly(by), ranges.exactly(other)])

    between = ranges.power(ranges.exactly(base), given_by)

    assert between is not None
    assert holds(ranges.kept(between), numbers.power(base, by))


@given(DECIMALS, st.integers(-6, 12))
def test_a_rounded_number_is_a_multiple_of_its_last_place(value: Decimal, places: int) -> None:
    made = ranges.at_places(ranges.exactly(value), places)

    assert holds(ranges.kept(made), numbers.rounded(value, places))


def test_a_difference_of_decimals_does_not_come_nearer_to_zero_than_their_digits() -> None:
    limit = ranges.exactly(Decimal(15_000))
    paid = Range(Fraction(0), Fraction(10**12), Fraction(1, 10**40))

    assert ranges.plus(limit, ranges.minus(paid)).is_within
