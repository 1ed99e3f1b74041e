"""What events say that calls are worth adds up to a plain loop over every single unit."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.scenes import policy_of

BOUNDS: Final = (3, 8)
RATES: Final = (Decimal("0.07"), Decimal("0.05"), Decimal("0.013"))
INCLUDED: Final = 4


def band(unit: int) -> int:
    """Return which tier a unit lies in, the first being 1."""
    return sum(1 for bound in BOUNDS if unit > bound)


def listed(model: str, units: int) -> Decimal:
    """Return the price of so many units, one after the other."""
    if model == "volume":
        return sum((RATES[band(units)] for _ in range(units)), Decimal(0))
    if model == "stairstep":
        return RATES[band(units)] if units else Decimal(0)
    return sum((RATES[band(unit)] for unit in range(1, units + 1)), Decimal(0))


def tiers() -> Sequence[dict[str, Any]]:
    """Return the bands as a document says them."""
    prices = [{"price": {"amount": rate}} for rate in RATES]
    return [{**price, "up_to": bound} for price, bound in zip(prices, (*BOUNDS, None), strict=True)]


@pytest.mark.parametrize("model", ["tiered", "volume", "stairstep"])
@given(amounts=st.lists(st.integers(-6, 9), max_size=12))
def test_what_calls_are_worth_adds_up_to_a_loop_over_units(model: str, amounts: list[int]) -> None:
    limit = {"credit": "c", "value": INCLUDED, "mode": "soft", "minimum": 0}
    policy = policy_of(
        {"x": {"limit": limit}}, credits={"c": {"pricing_model": model, "tiers": tiers()}}
    )
    worth: list[Decimal] = []
    policy.on_event(lambda event: worth.append(event.payload["meter"]["price_diff"]))

    used = 0
    for amount in amounts:
        policy.allow("u", "x", amount)
        used = max(0, used + amount)

        assert sum(worth) == listed(model, max(0, used - INCLUDED))
