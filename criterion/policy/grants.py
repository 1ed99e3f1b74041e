"""Grants: how they live, fill up again and end.

Source:
    Policy specification, section 9.1.
"""

from collections.abc import Iterable
from typing import Final

from criterion.policy.amounts import Amount, plus, times
from criterion.policy.plan import Refill
from criterion.policy.state import Grant

REFILLS_MAX: Final = 10_000
"""How many missed periods carry a rest over at once, where the terms name no smaller number."""


def current(grants: Iterable[Grant], now: int) -> tuple[Grant, ...]:
    """Return grants as they stand at an instant: expired and spent ones gone, others refilled."""
    standing: list[Grant] = []
    for grant in grants:
        terms, value, _ = grant
        if terms.expires_on is not None and now >= terms.expires_on:
            continue
        if terms.refill is not None:
            standing.append(refilled(grant, now))
        elif value > 0:
            standing.append(grant)
    return tuple(standing)


def is_expired(grant: Grant, now: int) -> bool:
    """Whether a grant has ended: at the instant itself it has."""
    expires_on = grant.terms.expires_on
    return expires_on is not None and now >= expires_on


def refilled(grant: Grant, now: int) -> Grant:
    """Return a grant with the refills of all periods that have begun since its own."""
    refill = grant.terms.refill
    if refill is None:
        return grant
    crossed = refill.schedule.crossed(grant.granted_on, now)
    if not crossed:
        return grant
    counted = crossed if refill.catchup_cap is None else min(crossed, refill.catchup_cap)
    value = _filled(grant, refill, counted) if counted else grant.value
    return Grant(grant.terms, value, refill.schedule.period(grant.granted_on, now).start)


def _filled(grant: Grant, refill: Refill, periods: int) -> Amount:
    """Return what a grant holds after some refills, at least one."""
    starting = grant.terms.starting_value
    if refill.mode == "hard":
        return _bounded(starting, None, refill.max_balance)
    if refill.mode == "add":  # each one adds the same, and only the last can meet the bound
        return _bounded(plus(grant.value, times(periods, starting)), None, refill.max_balance)
    value = grant.value
    for _ in range(min(periods, REFILLS_MAX)):
        before, value = value, _rolled(value, starting, refill)
        if value == before:
            break
    return value


def _rolled(value: Amount, starting: Amount, refill: Refill) -> Amount:
    carried = times(value, refill.rollover_pct) if value > 0 else 0
    carried = _bounded(carried, refill.rollover_min, refill.rollover_max)
    return _bounded(plus(starting, carried), None, refill.max_balance)


def _bounded(value: Amount, least: Amount | None, most: Amount | None) -> Amount:
    if least is not None and value < least:
        value = least
    return most if most is not None and value > most else value
