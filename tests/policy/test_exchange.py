"""Tests of the exchange: routes, both directions, and what leads nowhere."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.policy.amounts import Amount
from criterion.policy.exchange import BUILT_IN, Exchange, Pair, cycle_of
from criterion.policy.pricing import curve_of
from criterion.quantity import UNLIMITED

CURVES = {
    "ai_in": curve_of("flat", [(UNLIMITED, Decimal("0.000007"))]),
    "free": curve_of("flat", [(UNLIMITED, 0)]),
    "tiered": curve_of("tiered", [(100, Decimal("0.01")), (UNLIMITED, Decimal("0.005"))]),
    "step": curve_of("stairstep", [(100, 5), (UNLIMITED, 50)]),
}
PAIRS = {
    **BUILT_IN,
    "abstract": Pair(1, "rune"),
    "ai_tokens": Pair(Decimal("1.25"), "abstract"),
    "ai_in": Pair(Decimal("0.000006"), "ai_tokens"),
    "mb": Pair(Decimal("0.00003"), "abstract"),
    "pack": Pair(50, "tiered"),
    "worthless": Pair(0, "usd"),
    "rune": Pair(7, "usd"),
    "a": Pair(2, "b"),
    "b": Pair(3, "a"),
    "to_a": Pair(1, "a"),
    "lost": Pair(1, "nowhere"),
}
EXCHANGE = Exchange(PAIRS, CURVES, "expires_first")

RATES: list[tuple[str, str, str, str | None]] = [
    ("10", "abstract", "ai_in", "1333333.333333333333333333333333333"),
    ("2", "abstract", "mb", "66666.66666666666666666666666666667"),
    ("1", "ai_tokens", "rune", "1.25"),
    ("1", "usd", "ai_tokens", "0.8"),
    ("1", "rune", "usd", "1"),
    ("7", "nope", "nope", "7"),
    ("1", "nope", "usd", None),
    ("1", "usd", "nope", None),
    ("1", "a", "usd", None),
    ("1", "usd", "a", None),
    ("1", "to_a", "usd", None),
    ("1", "lost", "usd", None),
    ("1", "usd", "free", None),
    ("5", "free", "usd", "0"),
    ("5", "worthless", "usd", "0"),
    ("5", "usd", "worthless", None),
    ("2", "pack", "usd", "1"),
    ("1.25", "usd", "pack", "3"),
    ("1", "usd", "step", "0"),
    ("50", "usd", "step", "Infinity"),
]


@pytest.mark.parametrize(
    ("amount", "source", "target", "converted"), RATES, ids=["-".join(each[:3]) for each in RATES]
)
def test_amounts_convert_through_runes(
    amount: str, source: str, target: str, converted: str | None
) -> None:
    found = EXCHANGE.convert(Decimal(amount), source, target)

    assert found == (None if converted is None else Decimal(converted))


def test_a_pair_wins_over_the_price_of_its_credit() -> None:
    assert EXCHANGE.to_runes(1_000_000, "ai_in") == Decimal("7.5")


def test_positions_count_on_either_curve() -> None:
    assert EXCHANGE.to_runes(50, "tiered", 75) == Decimal("0.375")
    assert EXCHANGE.to_runes(1, "pack", 2) == Decimal("0.25")
    assert EXCHANGE.from_runes(Decimal("0.375"), "tiered", 75) == 50
    assert EXCHANGE.convert(50, "tiered", "tiered", at=75, to=0) == 50


def test_a_cycle_is_named_from_where_it_closes() -> None:
    assert cycle_of(PAIRS, "a") == ("a", "b", "a")
    assert cycle_of(PAIRS, "to_a") == ("a", "b", "a")
    assert cycle_of(PAIRS, "mb") is None
    assert cycle_of({"rune": Pair(1, "usd"), "usd": Pair(1, "rune")}, "usd") is None


def followed(pairs: dict[str, Pair], name: str) -> Amount | None:
    """Return what one of a name is in runes, by following pairs one after another."""
    factor: Amount = 1
    for _ in range(len(pairs) + 1):
        if name == "rune":
            return factor
        if name not in pairs:
            return None
        factor, name = factor * Decimal(pairs[name].value), pairs[name].currency
    return None


NAMES = st.sampled_from(["rune", "p", "q", "r", "s", "t", "gone"])


@given(st.dictionaries(NAMES, st.builds(Pair, st.integers(0, 5), NAMES)))
def test_routes_are_those_that_following_every_pair_finds(pairs: dict[str, Pair]) -> None:
    exchange = Exchange(pairs, {}, "expires_first")

    for name in ["rune", "p", "q", "r", "s", "t", "gone"]:
        assert exchange.to_runes(1, name) == followed(pairs, name)
