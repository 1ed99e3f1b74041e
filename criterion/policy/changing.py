"""Changing: by how much a call would change a meter, and how much of that is past the limit.

Source:
    Policy specification, section 7.1, steps 2 to 7.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from criterion.policy.amounts import Amount, at_most, less, minus, plus
from criterion.policy.command import Command
from criterion.policy.costs import cost_of
from criterion.policy.credit import Credit
from criterion.policy.plan import Limit
from criterion.policy.records import made
from criterion.policy.state import Hold
from criterion.policy.units import Misfit, read_amount


class Held(NamedTuple):
    """What is set aside on a meter.

    Attributes:
        value: How much.
        overhead: What that is expected to cost the provider, in runes.
        until: When the first hold expires, in ms, or ``None``: there is none.
        number: How many holds there are.
    """

    value: Amount
    overhead: Amount
    until: int | None
    number: int = 0


NOTHING_HELD: Final = Held(0, 0, None)

HOLDS_MAX: Final = 1_000
"""How many holds one meter keeps; no more are made until some end."""


class Change(NamedTuple):
    """How a call would change a meter.

    Attributes:
        after: The meter after.
        effective: By how much it changes.
        overhead: What it costs the provider, in runes.
        overage: How much of the change is past the limit.
        gate_overage: The same with what is held.
        own_fits: Whether it fits the limit alone.
        gate_fits: Whether it fits beside what is held.
    """

    after: Amount
    effective: Amount
    overhead: Amount
    overage: Amount
    gate_overage: Amount
    own_fits: bool
    gate_fits: bool


def held_on(holds: Mapping[str, Hold], now: int) -> Held:
    """Return what is set aside at an instant; what has expired is not."""
    value: Amount = 0
    overhead: Amount = 0
    until: int | None = None
    number = 0
    for hold in holds.values():
        if now < hold.expires:
            value, overhead = plus(value, hold.value), plus(overhead, hold.overhead)
            until = hold.expires if until is None else min(until, hold.expires)
            number += 1
    return Held(value, overhead, until, number)


def amount_of(
    command: Command, value: Amount, limit: Limit, credit: Credit, holds: int = 0
) -> Amount | Misfit:
    """Return how much a command asks for, in the credit's unit, of a meter that stands at a value.

    Raises:
        TypeError: The amount is neither number nor text.
    """
    if command.verb == "increment":
        return limit.increment
    if command.verb == "decrement":
        return minus(0, limit.increment)
    amount = read_amount(command.amount, credit.units)
    if isinstance(amount, Misfit):
        return amount
    if command.verb == "set":
        return minus(amount, value)
    return _reserved(amount, holds) if command.verb == "reserve" else amount


def _reserved(amount: Amount, holds: int) -> Amount | Misfit:
    """Return an amount that may be set aside beside so many others."""
    if amount <= 0:
        return Misfit("a reservation is of more than nothing")
    if holds >= HOLDS_MAX:
        return Misfit(f"there are {holds:,} holds already; settle or release some")
    return amount


def change_of(
    command: Command, amount: Amount, value: Amount, limit: Limit, credit: Credit, held: Held
) -> Change:
    """Return what an amount would do to a meter that stands at a value."""
    ceiling, effective, after = limit.value, amount, plus(value, amount)
    if limit.minimum is not None and after < limit.minimum:
        after = limit.minimum
        effective = minus(after, value)
    overhead = command.overhead
    if overhead is None:
        is_free = credit.overhead is None and not credit.overhead_cost
        overhead = 0 if is_free else cost_of(credit, effective, command.context)
    own_fits = gate_fits = (after <= ceiling and not limit.hard_trailing) or fits(
        limit, after, value
    )
    overage: Amount = 0
    gate_overage: Amount = 0
    if effective > 0 and limit.mode != "observe":
        if after > ceiling:
            overage = gate_overage = effective if value >= ceiling else minus(after, ceiling)
        if held.value:
            gate_overage = max(0, minus(plus(after, held.value), max(value, ceiling)))
            gate_fits = fits(limit, plus(after, held.value), plus(value, held.value))
    members = (after, effective, overhead, overage, gate_overage, own_fits, gate_fits)
    return made(Change, members)


def fits(limit: Limit, after: Amount, before: Amount) -> bool:
    """Whether a limit lets a meter go from one value to another, without help from grants."""
    if limit.mode == "observe" or after <= before:
        return True
    if limit.hard_trailing:
        return less(before, limit.value) or at_most(after, before)
    if type(after) is int and type(limit.value) is int:
        return after <= limit.value
    return at_most(after, limit.value) or (type(after) is not int and at_most(after, before))
