"""Resets of a policy document: the period of a limit, a topup, a grant or a cap."""

from criterion.policy.document.section import Given
from criterion.policy.plan import PERIOD_DEFAULT, Refill
from criterion.policy.schedule import Every, Schedule
from criterion.policy.schedule_text import read_schedule
from criterion.policy.unit_table import Unit
from criterion.policy.units import Misfit


def read_reset(given: Given) -> Schedule | None:
    """Return the period of whatever resets, ``None`` where it never does."""
    step_ms, text = given["reset_inc"], given["reset_sch"]
    if given.has("reset_inc") and given.has("reset_sch"):
        message = "`reset_sch` is given beside `reset_inc`"
        given.note("reset_sch", "reset", message, "keep one of them")
    calendar: Schedule | Misfit | None = None if text is None else read_schedule(text)
    if isinstance(calendar, Misfit):
        given.misfit("reset_sch", "schedule", calendar)
        calendar = None
    if given["resets"]:
        return calendar or (PERIOD_DEFAULT if step_ms is None else Every(step_ms))
    for key in ("reset_inc", "reset_sch"):
        if given.has(key) and given.is_sound(key):
            message = f"`{key}` has no effect without `resets: true`"
            given.note(key, "unused", message, "add `resets: true`")
    return None


def read_refill(given: Given, unit: Unit) -> Refill | None:
    """Return how a grant fills up again; ``None`` where it does not.

    Args:
        given: A topup or a grant.
        unit: The unit of its credit.
    """
    schedule = read_reset(given)
    bounds = {
        key: given.amount(key, unit) for key in ("rollover_min", "rollover_max", "max_balance")
    }
    for key, amount in bounds.items():
        given.not_negative(key, amount)
    if schedule is None:
        return None
    share = given["rollover_pct"]
    return Refill(
        schedule=schedule,
        mode=given["reset_mode"],
        rollover_pct=1 if share is None else share,
        catchup_cap=given["reset_catchup_cap"],
        **bounds,
    )
