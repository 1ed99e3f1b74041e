"""Rates: how fast a meter rises, from its last changes, in units per ms.

Source:
    Policy specification, section 8.
"""

from typing import NamedTuple

from criterion.policy.amounts import Amount, minus, per, plus, times
from criterion.policy.records import made
from criterion.policy.state import HISTORY_MAX, Change


class Pace(NamedTuple):
    """What a meter remembers of its changes.

    Attributes:
        history: The last changes, oldest first, one for each ms.
        ewma_rate: The smoothed rate of all intervals before the last one, or ``None``.
    """

    history: tuple[Change, ...]
    ewma_rate: Amount | None


def pushed(
    history: tuple[Change, ...], ewma_rate: Amount | None, ts: int, delta: Amount, alpha: Amount
) -> tuple[tuple[Change, ...], Amount | None]:
    """Return the two parts of a pace after one more change; changes of one ms count as one."""
    if not history:
        return (Change(ts, delta),), None
    last_ts, last_delta = history[-1]
    if last_ts < ts:
        newest = made(Change, (ts, delta))
        return (*history[1 - HISTORY_MAX :], newest), ewma(Pace(history, ewma_rate), alpha)
    merged = made(Change, (last_ts, plus(last_delta, delta)))
    return (*history[:-1], merged), ewma_rate


def rate(history: tuple[Change, ...], back: int = 0) -> Amount | None:
    """Return the rate of the last interval, or of one further back; ``None`` without one."""
    last = len(history) - 1 - back
    if last < 1:
        return None
    newest = history[last]
    return per(newest.delta, newest.ts - history[last - 1].ts)


def ewma(pace: Pace, alpha: Amount) -> Amount | None:
    """Return the smoothed rate; the first interval is taken as it is."""
    newest = rate(pace.history)
    if newest is None or pace.ewma_rate is None:
        return newest
    return plus(pace.ewma_rate, times(alpha, minus(newest, pace.ewma_rate)))


def acceleration(history: tuple[Change, ...]) -> Amount:
    """Return by how much the last rate differs from the one before; 0 before three changes."""
    newest, older = rate(history), rate(history, 1)
    return 0 if newest is None or older is None else minus(newest, older)
