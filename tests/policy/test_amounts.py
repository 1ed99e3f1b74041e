"""Tests of amounts: exact arithmetic, and the rule by which they compare."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.policy.amounts import (
    Amount,
    at_most,
    less,
    minus,
    over,
    plus,
    rounded,
    same,
    tidy,
    times,
)
from criterion.quantity import UNLIMITED

AMOUNTS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**12), 10**12, places=12),
    st.decimals(-1, 1, places=11),
)

ROUNDED = [
    ("0.0000000005", "0.000000001"),
    ("-0.0000000005", "-0.000000001"),
    ("0.00000000049", "0"),
    ("1.9999999995", "2"),
    ("123456789012345678901234.5678901235", "123456789012345678901234.567890124"),
]


@pytest.mark.parametrize(("exact", "shown"), ROUNDED, ids=[exact for exact, _ in ROUNDED])
def test_amounts_are_rounded_at_nine_decimals_half_away_from_zero(exact: str, shown: str) -> None:
    assert rounded(Decimal(exact)) == Decimal(shown)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Decimal("0.100000000"), "0.1"),
        (Decimal("1500.0"), "1500"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.0"), "0"),
        (Decimal("-0.0000000001"), "0"),
        (7, "7"),
        (UNLIMITED, "Infinity"),
    ],
    ids=str,
)
def test_amounts_are_shown_without_zeros_at_their_end(exact: Amount, shown: str) -> None:
    assert str(rounded(exact)) == shown


@given(AMOUNTS, AMOUNTS)
def test_comparisons_are_those_of_the_rounded_amounts(left: Amount, right: Amount) -> None:
    assert at_most(left, right) is (rounded(left) <= rounded(right))
    assert less(left, right) is (rounded(left) < rounded(right))
    assert same(left, right) is (rounded(left) == rounded(right))


def test_a_hundred_tiny_calls_add_up_exactly() -> None:
    total: Amount = 0
    for _ in range(100):
        total = plus(total, Decimal("1.5e-10"))

    assert total == Decimal("1.5e-8")


def test_six_calls_of_forty_cents_fit_a_cap_that_a_division_made() -> None:
    third = over(Decimal("7.2"), 3)

    assert at_most(times(6, Decimal("0.40")), minus(third, Decimal("1e-30")))
    assert not at_most(times(6, Decimal("0.40")), minus(third, Decimal("1e-9")))


def test_whole_amounts_stay_whole_beyond_34_digits() -> None:
    assert plus(10**40, 1) == 10**40 + 1
    assert isinstance(over(10, 2), int)


@pytest.mark.parametrize("text", ["1e30", "-1e33", "1e28", "1234567890123456789012345678901234"])
def test_whole_decimals_of_up_to_34_digits_are_tidied_to_integers(text: str) -> None:
    found = tidy(Decimal(text))

    assert (type(found), found) == (int, int(Decimal(text)))


def test_nothing_is_above_unlimited() -> None:
    assert at_most(10**30, UNLIMITED)
    assert not at_most(UNLIMITED, 10**30)
    assert less(Decimal(10), UNLIMITED)


def test_a_quotient_may_be_longer_than_the_digits_of_the_default_context() -> None:
    assert over(10**32 + 5, 10) == Decimal("10000000000000000000000000000000.5")
    assert over(3 * 10**33, 3) == 10**33
