"""Tests of pricing, against a loop over single units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.policy.amounts import Amount
from criterion.policy.pricing import Curve, Model, curve_of, price_of, quantity_for, total
from criterion.quantity import UNLIMITED

PRICES: list[tuple[Amount, Amount]] = [
    (100, Decimal("0.01")),
    (1000, Decimal("0.005")),
    (UNLIMITED, Decimal("0.001")),
]
FLAT = curve_of("flat", [(UNLIMITED, Decimal("0.01"))])
TIERED, VOLUME = curve_of("tiered", PRICES), curve_of("volume", PRICES)
STEP = curve_of("stairstep", [(100, 5), (1000, 20), (UNLIMITED, 50)])

TOTALS: list[tuple[str, Curve, str, str]] = [
    ("tiered at a bound", TIERED, "100", "1"),
    ("tiered behind it", TIERED, "100.5", "1.0025"),
    ("tiered", TIERED, "1000", "5.5"),
    ("tiered, third band", TIERED, "2000", "6.5"),
    ("tiered below zero", TIERED, "-5", "-0.05"),
    ("volume at a bound", VOLUME, "100", "1"),
    ("volume behind it", VOLUME, "101", "0.505"),
    ("volume below zero", VOLUME, "-5", "-0.05"),
    ("stairstep at zero", STEP, "0", "0"),
    ("stairstep below zero", STEP, "-5", "0"),
    ("stairstep just above", STEP, "0.000001", "5"),
    ("stairstep at a bound", STEP, "100", "5"),
    ("stairstep behind it", STEP, "100.1", "20"),
    ("flat below zero", FLAT, "-5", "-0.05"),
]


@pytest.mark.parametrize(
    ("curve", "quantity", "cost"), [each[1:] for each in TOTALS], ids=[each[0] for each in TOTALS]
)
def test_the_total_of_the_first_units(curve: Curve, quantity: str, cost: str) -> None:
    assert total(curve, Decimal(quantity)) == Decimal(cost)


MARGINALS: list[tuple[str, Curve, str, str, str]] = [
    ("over a bound", TIERED, "50", "75", "0.375"),
    ("a refund", TIERED, "-5", "100", "-0.05"),
    ("included units at the first rate", TIERED, "10", "-5", "0.1"),
    ("volume reprices", VOLUME, "1", "100", "-0.495"),
    ("the next step", STEP, "1", "100", "15"),
    ("inside a step", STEP, "50", "10", "0"),
    ("included units of a step", STEP, "50", "-50", "0"),
    ("out of what is included into a step", STEP, "60", "-50", "5"),
    ("flat ignores the position", FLAT, "10", "12345", "0.1"),
    ("an unlimited plan, tiered", TIERED, "10", "-Infinity", "0.1"),
    ("an unlimited plan, stairstep", STEP, "10", "-Infinity", "0"),
    ("nothing", STEP, "0", "100", "0"),
]


@pytest.mark.parametrize(
    ("curve", "quantity", "offset", "cost"),
    [each[1:] for each in MARGINALS],
    ids=[each[0] for each in MARGINALS],
)
def test_the_price_of_a_quantity_at_a_position(
    curve: Curve, quantity: str, offset: str, cost: str
) -> None:
    assert price_of(curve, Decimal(quantity), Decimal(offset)) == Decimal(cost)


BOUGHT: list[tuple[str, Curve, str, str, str | None]] = [
    ("tiered", TIERED, "1.5", "0", "200"),
    ("tiered from inside", TIERED, "0.375", "75", "50"),
    ("tiered, to a bound", TIERED, "1", "0", "100"),
    ("tiered, third band", TIERED, "6.5", "0", "2000"),
    ("tiered, out of what is included", TIERED, "0.1", "-5", "10"),
    ("tiered, within what is included", TIERED, "0.02", "-5", "2"),
    ("tiered, a debt", TIERED, "-0.05", "100", "-5"),
    ("volume enters a cheaper band", VOLUME, "0.05", "95", "105"),
    ("a step that does not fit", STEP, "10", "100", "0"),
    ("a step that fits", STEP, "15", "100", "900"),
    ("the open step", STEP, "100", "1000", "Infinity"),
    ("the rest of a step is free", STEP, "1", "40", "60"),
    ("less than the first step", STEP, "4", "0", "0"),
    ("included units of a step are free", STEP, "4", "-30", "30"),
    ("a debt of a step", STEP, "-1", "0", None),
    ("nothing buys nothing", STEP, "0", "40", "0"),
    ("flat", FLAT, "0.1", "77", "10"),
    ("flat, a debt", FLAT, "-0.1", "77", "-10"),
    ("a flat price of zero", curve_of("flat", [(UNLIMITED, 0)]), "1", "0", None),
    ("a free last tier", curve_of("tiered", [(10, 1), (UNLIMITED, 0)]), "11", "0", "Infinity"),
    ("a free first tier", curve_of("tiered", [(10, 0), (UNLIMITED, 2)]), "4", "-5", "17"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("curve", "runes", "offset", "quantity"),
    [each[1:] for each in BOUGHT],
    ids=[each[0] for each in BOUGHT],
)
def test_what_a_sum_buys(curve: Curve, runes: str, offset: str, quantity: str | None) -> None:
    found = quantity_for(curve, Decimal(runes), Decimal(offset))

    assert found == (None if quantity is None else Decimal(quantity))


@st.composite
def curves(draw: st.DrawFn) -> tuple[Model, list[tuple[Amount, Amount]]]:
    model: Model = draw(st.sampled_from(["tiered", "volume", "stairstep"]))
    ends = sorted(draw(st.sets(st.integers(1, 60), max_size=4)))
    rates = draw(st.lists(st.decimals(0, 9, places=5), min_size=5, max_size=5))
    return model, list(zip([*ends, UNLIMITED], rates, strict=False))


def naive(model: Model, prices: list[tuple[Amount, Amount]], units: int) -> Decimal:
    """Return a total by looking at one unit after another."""
    spent = Decimal(0)
    for unit in range(1, units + 1):
        rate = Decimal(next(rate for end, rate in prices if unit <= end))
        spent = {"tiered": spent + rate, "volume": unit * rate, "stairstep": rate}[model]
    return spent


@given(curves(), st.integers(0, 90), st.integers(0, 90))
def test_prices_equal_a_loop_over_single_units(
    made: tuple[Model, list[tuple[Amount, Amount]]], offset: int, quantity: int
) -> None:
    curve = curve_of(*made)

    assert total(curve, quantity) == naive(*made, quantity)
    expected = naive(*made, offset + quantity) - naive(*made, offset)
    assert price_of(curve, quantity, offset) == expected
    assert price_of(curve, -quantity, offset + quantity) == -expected


@given(curves(), st.integers(-20, 90), st.decimals(0, 500, places=3))
def test_what_is_bought_costs_no_more_than_the_sum(
    made: tuple[Model, list[tuple[Amount, Amount]]], offset: int, runes: Decimal
) -> None:
    curve = curve_of(*made)
    bought = quantity_for(curve, runes, offset)

    assert bought is not None
    if bought == UNLIMITED:
        return
    assert price_of(curve, bought, offset) <= runes + Decimal("1e-20")
    if runes and made[0] == "tiered":
        assert price_of(curve, bought, offset) >= runes - Decimal("1e-20")
