"""Words for what stands in a policy: limits, periods and prices as people read them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from criterion.json_text import instant
from criterion.policy.amounts import Amount, is_unlimited
from criterion.policy.credit import Credit
from criterion.policy.instants import instant_of
from criterion.policy.plan import Limit
from criterion.policy.schedule import Every, Schedule
from criterion.policy.unit_table import Unit
from criterion.policy.wording import amount, duration

NEVER: Final = "never"
NOTHING: Final = "-"

_MIDNIGHT: Final = "T00:00:00Z"


def measured(value: Amount, unit: Unit) -> str:
    """Return an amount with its unit."""
    is_count = unit.dimension in {"none", "whole"} or is_unlimited(value)
    return amount(value) if is_count else f"{amount(value)} {unit.name}"


def when(at_ms: int | None) -> str | None:
    """Return an instant in ms as programs read it."""
    return None if at_ms is None else instant(instant_of(at_ms))


def day(at_ms: int | None, otherwise: str = NEVER) -> str:
    """Return an instant in ms as people read it: to the second, midnight as its day alone."""
    return otherwise if at_ms is None else day_of(instant_of(at_ms))


def day_of(at: datetime) -> str:
    """Return an instant as people read it: to the second, midnight as its day alone."""
    text = instant(at.astimezone(UTC).replace(microsecond=0))
    return text.removesuffix(_MIDNIGHT)


def resetting(schedule: Schedule | None) -> str:
    """Return when something begins anew, as policies write calendars."""
    if schedule is None:
        return NEVER
    return f"every {duration(schedule.step_ms)}" if isinstance(schedule, Every) else schedule.text


def conditions(limit: Limit) -> list[str]:
    """Return what else there is to say of a limit than its value and its period."""
    said: list[str] = [] if limit.mode == "hard" else [limit.mode]
    if limit.hard_trailing:
        said.append("the last call may cross it")
    if limit.governor is not None:
        a_second = limit.governor.refill_rate * 1_000
        said.append(f"{amount(limit.governor.capacity)} at once, {amount(a_second)} a second")
    if not limit.grants_apply:
        said.append("without grants")
    if limit.minimum is not None and limit.minimum != 0:
        said.append(f"not below {amount(limit.minimum)}")
    return said


def runes(value: Amount) -> str:
    """Return a price with all its digits."""
    if is_unlimited(value):
        return amount(value)
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Amount) -> str:
    """Return a sum to the hundredth of a rune; one below a rune to the ten thousandth."""
    is_small = value != 0 and -1 < value < 1
    return f"{Decimal(value):,.4f}" if is_small else f"{Decimal(value):,.2f}"


def pricing(credit: Credit) -> str:
    """Return what a credit costs, in a few words."""
    if credit.price is not None:
        return f"{runes(credit.price.amount)} each"
    if not credit.tiers:
        return NOTHING
    first, last = credit.tiers[0].price.amount, credit.tiers[-1].price.amount
    between = runes(first) if first == last else f"{runes(first)} to {runes(last)}"
    return f"{credit.pricing_model}, {between}"
