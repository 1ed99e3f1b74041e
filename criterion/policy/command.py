"""Commands: what one metering call asks for."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

from criterion.policy.amounts import Amount
from criterion.policy.state import CapTerms

Verb: TypeAlias = Literal["allow", "increment", "decrement", "set", "reserve", "settle"]
"""How a command says how much: an amount, one increment up or down, the value to reach."""


class Command(NamedTuple):
    """One call as it came in.

    Attributes:
        customer: Who asks: an id, or an alternate one.
        entitlement: What for.
        amount: How much, as the caller wrote it; ``None`` of a reservation: as estimated.
        verb: What the amount means.
        context: What else is known of the call.
        overhead: What it costs the provider, in runes; ``None``: as the credit says.
        caps: The caps that hold for this call alone.
        force: Whether it happened already, so that nothing refuses it.
        occurred_at: When it happened, in ms, or ``None``: now.
        tells: Whether events tell of it.
        hold: The hold that is settled, or the one to make.
    """

    customer: str
    entitlement: str
    amount: object = 0
    verb: Verb = "allow"
    context: Mapping[str, Any] | None = None
    overhead: Amount | None = None
    caps: tuple[CapTerms, ...] = ()
    force: bool = False
    occurred_at: int | None = None
    tells: bool = True
    hold: "HoldTerms | None" = None


class HoldTerms(NamedTuple):
    """The hold that a call makes or ends.

    Attributes:
        id: Unique among the holds of its meter.
        ttl: How long it lasts, in ms.
        quantile: How sure an estimate has to be to hold enough, 0 to 1.
        basis: What the estimate is per unit of, or ``None``: as the context says.
        segment: What the estimate is kept apart by, or ``None``: as the context says.
        clamp: Whether an estimate shrinks to what there is room for.
    """

    id: str
    ttl: int = 0
    quantile: Amount = 0
    basis: Amount | None = None
    segment: str | None = None
    clamp: bool = False
