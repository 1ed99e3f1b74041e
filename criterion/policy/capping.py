"""Capping: what a call consumes of each cap, and whether there is room for it.

Consumption is worked out once, and both the gate and the commit use it.

Source:
    Policy specification, section 10.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from criterion.policy.amounts import (
    Amount,
    at_most,
    is_unlimited,
    less,
    minus,
    over,
    plus,
    times,
)
from criterion.policy.exchange import RUNE, Exchange
from criterion.policy.records import made
from criterion.policy.state import Cap, CapTerms, Head


class Holding(NamedTuple):
    """A cap, and the customer that holds it; ``""`` of one for this call alone."""

    holder: str
    cap: Cap


class Usage(NamedTuple):
    """What a call comes to, as caps count it.

    Attributes:
        entitlement: What was asked for.
        credit: What is counted.
        position: Where on its price curve the call begins.
        units: By how much the meter changes.
        overage: How much of that is past the limit.
        covered: How much of the overage grants cover.
        overhead: What it costs the provider, in runes.
    """

    entitlement: str
    credit: str
    position: Amount
    units: Amount
    overage: Amount
    covered: Amount
    overhead: Amount


class Draw(NamedTuple):
    """What a call draws on one cap.

    Attributes:
        holder: Whose cap it is; ``""`` of one for this call alone.
        cap: As it stands.
        after: What is spent under it after the call.
        consumed: What the call adds.
        wanted: What has to fit: with the holds of the same meter.
        reserved: What other holds reserve on it.
        fits: Whether there is room.
        crosses: Whether what is spent reaches the ceiling with this call.
    """

    holder: str
    cap: Cap
    after: Amount
    consumed: Amount
    wanted: Amount
    reserved: Amount
    fits: bool
    crosses: bool

    @property
    def refuses(self) -> bool:
        """Whether it is in the way of the call."""
        return not (self.fits or self.cap.terms.observe_only)

    @property
    def use(self) -> "CapUse":
        """The same in plain numbers."""
        holder, cap, _, consumed, wanted, others, fits, _ = self
        terms = cap.terms
        return CapUse(
            terms.id, holder, terms.credit, terms.value, cap.meter_value, consumed, wanted, others,
            fits, not terms.observe_only, not holder,
        )  # fmt: skip


class CapUse(NamedTuple):
    """What a call means to one cap, in plain numbers.

    Attributes:
        id: The cap's.
        holder: Whose cap it is.
        credit: What it is counted in.
        ceiling: Its value.
        spent: What was spent before.
        consumed: What the call adds.
        wanted: What has to fit: with the holds of the same meter.
        reserved: What other holds reserve on it.
        fits: Whether there is room.
        enforced: Whether it refuses what does not fit.
        temporary: Whether it is for this call alone.
    """

    id: str
    holder: str
    credit: str
    ceiling: Amount
    spent: Amount
    consumed: Amount
    wanted: Amount
    reserved: Amount
    fits: bool
    enforced: bool
    temporary: bool


def caps_over(caller: Head, reach: Sequence[Head], now: int) -> list[Holding]:
    """Return the caps that hold for a caller as they stand: its own, then shared, nearest first.

    Args:
        caller: Who asks.
        reach: The customers that its refs lead to, nearest first.
        now: The time of deciding, in ms.
    """
    holder = caller.customer.id
    held = [
        made(Holding, (holder, cap if cap.terms.reset is None else current(cap, now)))
        for cap in caller.caps.values()
        if cap.terms.expires_on is None or now < cap.terms.expires_on
    ]
    for head in reach:
        if head.caps:
            held += _shared(head, caller.customer.type, now)
    return held


def current(cap: Cap, now: int) -> Cap:
    """Return a cap as it stands at an instant."""
    reset = cap.terms.reset
    if reset is None:
        return cap
    start = reset.period(cap.started, now).start
    return cap if start == cap.started else cap._replace(meter_value=0, started=start)


def is_expired(cap: Cap, now: int) -> bool:
    """Whether a cap has ended: at the instant itself it has."""
    expires_on = cap.terms.expires_on
    return expires_on is not None and now >= expires_on


def consumption(terms: CapTerms, usage: Usage, exchange: Exchange) -> Amount | None:
    """Return what a call adds to a cap, in its credit; ``None`` where the cap is not about it."""
    if terms.scope and usage.entitlement not in terms.scope:
        return None
    if not terms.exchangeable and usage.credit != terms.credit:
        return None
    worth = _overhead if terms.overhead_cost else _overage if terms.overage_only else _all
    consumed = worth(terms, usage, exchange)
    if consumed is None or is_unlimited(consumed):
        return None
    if consumed < 0 and not terms.follow_decrements and _is_decrement(terms, usage):
        return 0
    return consumed


def has_room(terms: CapTerms, spent: Amount, wanted: Amount) -> bool:
    """Whether a cap has room for an amount in its credit."""
    if wanted <= 0:
        return True
    if terms.hard_trailing:
        return less(spent, terms.value)
    return at_most(plus(spent, wanted), terms.value)


def reserved(cap: Cap, meter: tuple[str, str], now: int) -> Amount:
    """Return what holds reserve on a cap that are not on the given meter."""
    total: Amount = 0
    for hold in cap.holds.values():
        if now < hold.expires and hold.meter != meter:
            total = plus(total, hold.value)
    return total


def plain_draws(
    holder: str, caps: Iterable[Cap], credit: str, units: Amount, now: int
) -> tuple[Draw, ...] | None:
    """Return what units draw on caps that count nothing else, in their own credit.

    The same as `draw_on` of each that has not ended, at once; ``None`` where there is any other.
    """
    draws: tuple[Draw, ...] = ()
    for each in caps:
        terms = each.terms
        if terms.expires_on is not None and now >= terms.expires_on:
            continue
        if terms.credit != credit or terms.scope or terms.hard_trailing:
            return None
        if terms.overage_only or terms.overhead_cost or terms.ignore_grants:
            return None
        cap = each if terms.reset is None else current(each, now)
        _, spent, _, holds = cap
        if holds:
            return None
        after, ceiling = plus(spent, units), terms.value
        is_below = type(after) is int and type(ceiling) is int and after < ceiling
        fits = is_below or at_most(after, ceiling)
        crosses = not is_below and _crosses(spent, after, ceiling)
        draws += (made(Draw, (holder, cap, after, units, units, 0, fits, crosses)),)
    return draws


def draw_on(
    holding: Holding,
    usage: Usage,
    beside: Usage,
    meter: tuple[str, str],
    exchange: Exchange,
    now: int,
) -> tuple[Draw, ...]:
    """Return what a call draws on a cap; nothing where the cap is not about it.

    Args:
        holding: The cap as it stands.
        usage: What the call comes to.
        beside: The same with the holds of its meter.
        meter: That meter: its owner and its entitlement.
        exchange: What credits are worth.
        now: The time of deciding, in ms.
    """
    holder, cap = holding
    terms, spent, _, holds = cap
    consumed = consumption(terms, usage, exchange)
    if consumed is None:
        return ()
    after = plus(spent, consumed)
    wanted = consumed
    others: Amount = 0
    if beside is not usage:
        held = consumption(terms, beside, exchange)
        wanted = consumed if held is None else held
    if holds:
        others = reserved(cap, meter, now)
    fits = has_room(terms, plus(spent, others), wanted)
    crosses = _crosses(spent, after, terms.value)
    return (made(Draw, (holder, cap, after, consumed, wanted, others, fits, crosses)),)


def _crosses(before: Amount, after: Amount, ceiling: Amount) -> bool:
    return at_most(ceiling, after) and less(before, ceiling)


def _shared(head: Head, kind: str, now: int) -> Iterator[Holding]:
    for cap in head.caps.values():
        terms = cap.terms
        is_for = terms.shared and (not terms.shared_with or kind in terms.shared_with)
        if is_for and not is_expired(cap, now):
            yield made(Holding, (head.customer.id, current(cap, now)))


def _is_decrement(terms: CapTerms, usage: Usage) -> bool:
    return usage.units <= 0 or (terms.overage_only and usage.overage <= 0)


def _all(terms: CapTerms, usage: Usage, exchange: Exchange) -> Amount | None:
    whole = exchange.convert(usage.units, usage.credit, terms.credit, at=usage.position)
    if whole is None or not terms.ignore_grants or usage.covered <= 0:
        return whole
    at = max(0, usage.position)
    covered = exchange.convert(usage.covered, usage.credit, terms.credit, at=at)
    return None if covered is None else max(0, minus(whole, covered))


def _overage(terms: CapTerms, usage: Usage, exchange: Exchange) -> Amount | None:
    covered = usage.covered if terms.ignore_grants else 0
    at = plus(max(0, usage.position), covered)
    return exchange.convert(minus(usage.overage, covered), usage.credit, terms.credit, at=at)


def _overhead(terms: CapTerms, usage: Usage, exchange: Exchange) -> Amount | None:
    """Return the provider's cost of the units that count; of a call without units, all of it."""
    runes: Amount
    if usage.units == 0:
        runes = 0 if terms.overage_only else usage.overhead
    else:
        units = usage.overage if terms.overage_only else usage.units
        if terms.ignore_grants and usage.covered > 0:
            units = max(0, minus(units, usage.covered))
        runes = usage.overhead
        if units != usage.units:
            runes = over(times(runes, units), usage.units)
    return exchange.convert(runes, RUNE, terms.credit)
