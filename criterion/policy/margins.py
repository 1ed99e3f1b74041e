"""Margins: what usage brings in, what it costs, and what is left of it.

Source:
    Policy specification, section 14.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from criterion.policy.amounts import Amount, minus, over, plus, times
from criterion.policy.book import Book
from criterion.policy.costs import cost_of
from criterion.policy.credit import Credit
from criterion.policy.periods import standing
from criterion.policy.plan import Limit, Plan
from criterion.policy.pricing import price_of
from criterion.policy.resolution import override
from criterion.policy.rounding import cents
from criterion.policy.schedule import DAY_MS, Every
from criterion.policy.state import Head

PERIODS_MS: Final[Mapping[str, int]] = {
    "daily": DAY_MS,
    "weekly": 7 * DAY_MS,
    "monthly": 30 * DAY_MS,
    "yearly": 365 * DAY_MS,
}
"""How long the billing period of a plan is taken to be, for scaling."""


class Line(NamedTuple):
    """What one entitlement brings in, and what it costs.

    Attributes:
        revenue: List price of what is past the limit, in runes.
        cost: What it cost the provider, in runes.
        margin: What is left, in hundredths of the revenue; ``None`` without revenue.
    """

    revenue: Amount
    cost: Amount
    margin: Amount | None


class Margin(NamedTuple):
    """What usage brings in, what it costs, and the same for each entitlement.

    Attributes:
        revenue: In runes.
        cost: In runes.
        margin: What is left, in hundredths of the revenue; ``None`` without revenue.
        entitlements: The same, by name.
    """

    revenue: Amount
    cost: Amount
    margin: Amount | None
    entitlements: Mapping[str, Line]


class Usage(NamedTuple):
    """What is assumed of an entitlement.

    Attributes:
        meter: How much is used in its period.
        limit: How much of that is included.
        credit: What is counted.
        overhead: What it costs the provider, in runes; ``None``: as the credit says.
    """

    meter: Amount
    limit: Amount
    credit: str
    overhead: Amount | None = None


def snapshot(book: Book, head: Head, plan: Plan, now: int) -> Margin:
    """Return the margin of a customer's own meters in their present periods."""
    lines = {}
    for name, entitlement in plan.entitlements.items():
        limit = override(head, name, now) or entitlement.limit
        meter = head.meters.get(name)
        if limit is None:
            continue
        credit = book.credits[limit.credit]
        stands = standing(meter, limit, credit, now).meter
        observed = limit.mode == "observe"
        value = 0 if observed else max(0, minus(stands.value, limit.value))
        lines[name] = line(_price(credit, value), stands.overhead or 0)
    return total(lines)


def modelled(book: Book, plan: Plan, usages: Mapping[str, Usage], *, scaled: bool) -> Margin:
    """Return the margin that assumed usage would have on a plan.

    Args:
        book: The policy.
        plan: The plan.
        usages: What is assumed of each entitlement, by name.
        scaled: Whether usage of shorter or longer periods is scaled to the plan's own.
    """
    lines = {}
    for name, usage in usages.items():
        limit = plan.entitlements[name].limit
        if limit is None:
            continue
        credit = book.credits[usage.credit]
        factor = _factor(plan, limit) if scaled else 1
        units = times(usage.meter, factor)
        overhead = usage.overhead
        cost = cost_of(credit, units, None) if overhead is None else times(overhead, factor)
        billable = 0 if limit.mode == "observe" else minus(units, times(usage.limit, factor))
        lines[name] = line(_price(credit, max(0, billable)), cost)
    return total(lines)


def total(lines: Mapping[str, Line]) -> Margin:
    """Return lines with their sums."""
    revenue = _sum(each.revenue for each in lines.values())
    cost = _sum(each.cost for each in lines.values())
    return Margin(revenue, cost, percent(revenue, cost), lines)


def line(revenue: Amount, cost: Amount) -> Line:
    """Return revenue and cost with what is left."""
    return Line(revenue, cost, percent(revenue, cost))


def percent(revenue: Amount, cost: Amount) -> Amount | None:
    """Return what is left in hundredths of the revenue, to two decimals; ``None`` without any."""
    return cents(over(times(minus(revenue, cost), 100), revenue)) if revenue else None


def _price(credit: Credit, units: Amount) -> Amount:
    return 0 if credit.curve is None else price_of(credit.curve, units)


def _factor(plan: Plan, limit: Limit) -> Amount:
    if not isinstance(limit.reset, Every):
        return 1
    return over(PERIODS_MS[plan.period], limit.reset.step_ms)


def _sum(amounts: Iterable[Amount]) -> Amount:
    whole: Amount = 0
    for amount in amounts:
        whole = plus(whole, amount)
    return whole
