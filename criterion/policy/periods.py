"""Periods: the meter of the period that an instant lies in.

Resets are lazy: a meter is stored as it was left, and this says what has become of it since.

Source:
    Policy specification, sections 5.1 to 5.3 and 16.10.
"""

from typing import Final, NamedTuple

from criterion.policy.amounts import times
from criterion.policy.credit import Credit
from criterion.policy.plan import Limit
from criterion.policy.records import made
from criterion.policy.schedule import Period
from criterion.policy.state import Close, Meter
from criterion.policy.units import convert

LATENESS_MS: Final = 3_600_000
"""For how long after its end usage is still posted to a period."""


class Standing(NamedTuple):
    """A meter at an instant.

    Attributes:
        meter: As it stands.
        ended: The period that ended since it was stored, or ``None``.
        resets_at: When its period ends, in ms, or ``None``: it never does.
    """

    meter: Meter
    ended: Close | None
    resets_at: int | None


def standing(stored: Meter | None, limit: Limit, credit: Credit, now: int) -> Standing:
    """Return how a meter stands; one that is not there yet begins now."""
    meter = Meter(limit.credit, now) if stored is None else stored
    if meter.credit != limit.credit:
        meter = Meter(limit.credit, now, holds=meter.holds)  # its number means something else
    if meter.overhead is None:
        meter = meter._replace(overhead=times(meter.value, credit.overhead_cost))
    if limit.reset is None:
        return made(Standing, (meter, None, None))
    period = limit.reset.period(meter.started, now)
    if period.start == meter.started:
        return made(Standing, (meter, None, period.end))
    end = _end(limit, meter)
    ended = Close(meter.value, meter.overhead or 0, meter.started, end, meter.charged)
    previous = _before(limit, meter, period)
    since = meter.started if meter.since is None else meter.since
    begun = Meter(meter.credit, period.start, holds=meter.holds, previous=previous, since=since)
    return Standing(begun, ended, period.end)


def late_close(meter: Meter, occurred_at: int, now: int) -> Close | None:
    """Return the closed period that usage belongs to, while that is still open for it."""
    close = meter.previous
    if close is None or not close.start <= occurred_at < close.end:
        return None
    return close if now < close.end + LATENESS_MS else None


def converted(meter: Meter, source: Credit, target: Credit) -> Meter | None:
    """Return a meter in another credit; ``None`` where their units do not convert."""
    if source.units.dimension != target.units.dimension:
        return None
    if source.units.dimension in {"none", "whole"} and source.name != target.name:
        return None
    value = convert(meter.value, source.units, target.units)
    return meter._replace(credit=target.name, value=value, history=(), ewma_rate=None)


def _end(limit: Limit, meter: Meter) -> int:
    return meter.started if limit.reset is None else limit.reset.period(*[meter.started] * 2).end


def _before(limit: Limit, meter: Meter, period: Period) -> Close:
    """Return how the period before the current one ended; without usage where it was missed."""
    if limit.reset is None:
        return Close(meter.value, meter.overhead or 0, meter.started, period.start, meter.charged)
    start, end = limit.reset.period(meter.started, period.start - 1)
    if start != meter.started:
        return Close(0, 0, start, end)
    return Close(meter.value, meter.overhead or 0, start, end, meter.charged)
