"""Credits: the units that plans count and price."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from criterion.policy.amounts import Amount
from criterion.policy.pricing import Curve, Model, price_of, quantity_for, total
from criterion.policy.unit_table import PLAIN, Unit
from criterion.quantity import UNLIMITED

Cost: TypeAlias = Callable[[Amount, Mapping[str, Any]], object]
"""What units cost the provider, in runes: takes how many, and the context of the call."""


class Price(NamedTuple):
    """What a unit, a step or a pack costs.

    Attributes:
        amount: In runes; not negative.
        id: Its name in a billing system outside, or ``None``.
        suffix: What people read behind it, such as ``"/seat"``.
    """

    amount: Amount
    id: str | None = None
    suffix: str | None = None


class Tier(NamedTuple):
    """A price for the quantities up to and with a bound.

    Attributes:
        up_to: The bound; `UNLIMITED` for the last one.
        price: Per unit, or of a stairstep for the whole step.
    """

    up_to: Amount
    price: Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A unit that is counted and perhaps priced.

    Attributes:
        name: Its key in the policy.
        unit: What people call one of it; a label only.
        label: What people call the credit.
        description: What it is.
        resets: Said to readers only; meters reset as their limits say.
        overhead_cost: What one unit costs the provider, in runes.
        overhead: Tells what units cost the provider where that is no constant, or ``None``.
        pricing_model: How its prices apply.
        price: Of a flat credit, or ``None``.
        tiers: Of any other: ascending, the last one open.
        units: What its amounts are counted in.
        curve: The same prices ready to compute with; ``None`` where it has none.
    """

    name: str
    unit: str = "credit"
    label: str = "Credit"
    description: str = ""
    resets: bool = False
    overhead_cost: Amount = 0
    overhead: Cost | None = None
    pricing_model: Model = "flat"
    price: Price | None = None
    tiers: tuple[Tier, ...] = ()
    units: Unit = PLAIN
    curve: Curve | None = None

    def price_of(self, quantity: Amount, offset: Amount = 0) -> Amount | None:
        """Return what a quantity costs from a position on, in runes; ``None`` without prices."""
        return None if self.curve is None else price_of(self.curve, quantity, offset)

    def total_price(self, quantity: Amount) -> Amount | None:
        """Return what the first billable units cost, in runes; ``None`` without prices."""
        return None if self.curve is None else total(self.curve, quantity)

    def quantity_for(self, runes: Amount, offset: Amount = 0) -> Amount | None:
        """Return how much a sum buys from a position on; ``None`` where it buys nothing."""
        return None if self.curve is None else quantity_for(self.curve, runes, offset)


def ordered(tiers: Iterable[Tier]) -> tuple[Tier, ...]:
    """Return tiers ascending, with the first open one last; any further open ones are dropped."""
    known = tuple(tiers)
    bounded = sorted((tier for tier in known if tier.up_to != UNLIMITED), key=_bound)
    opened = [tier for tier in known if tier.up_to == UNLIMITED]
    return (*bounded, *opened[:1])


def _bound(tier: Tier) -> Amount:
    return tier.up_to
