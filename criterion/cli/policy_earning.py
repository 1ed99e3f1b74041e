"""``criterion policy margin``: what customers bring in and cost in their present periods."""

from typing import Any, NamedTuple

from criterion.cli.policy_names import customers_in, head_of
from criterion.cli.policy_options import Order
from criterion.cli.policy_pricing import MARGIN_HEADS, margin_members, say_margin, sums
from criterion.cli.screen import note, say, say_table
from criterion.cli.session import Answers
from criterion.policy.amounts import Amount, minus
from criterion.policy.margins import Line, Margin, total
from criterion.policy.runtime.policy import Policy
from criterion.text import one_line


class Earned(NamedTuple):
    """The margin of one customer."""

    customer: str
    plan: str
    margin: Margin


def say_margin_of(policy: Policy, name: str, answers: Answers) -> None:
    """Print one customer's margin by entitlement.

    Raises:
        UsageError: There is no such customer.
    """
    id = head_of(policy, name).customer.id
    found = _earned(policy, id)
    members = None if found is None else _members(found)

    def say_it() -> None:
        if found is None:
            note("no plan serves this customer")
            return
        say(one_line(f"{found.customer}  plan {found.plan}"))
        say_margin(found.margin)

    answers.answer(members, say_it)


def say_margins(policy: Policy, order: Order, limit: int, answers: Answers) -> None:
    """Print the margin of every customer, and all of them together."""
    found = [each for id in customers_in(policy.store) if (each := _earned(policy, id))]
    whole = total({each.customer: _line(each) for each in found})
    found.sort(key=lambda each: (_rank(each, order), each.customer))
    members: dict[str, Any] = {
        "customers": [_members(each) for each in found[:limit]],
        "count": len(found),
        "total": {"revenue": whole.revenue, "cost": whole.cost, "margin": whole.margin},
    }

    def say_it() -> None:
        rows = [(each.customer, each.plan, *sums(each.margin)) for each in found[:limit]]
        say_table([*rows, ("total", "", *sums(whole))], ("customer", "plan", *MARGIN_HEADS))
        if len(found) > limit:
            note(f"\n{len(found) - limit:,} more: `--limit {len(found)}`")

    answers.answer(members, say_it)


def _earned(policy: Policy, customer: str) -> Earned | None:
    margin, plan = policy.margin_snapshot(customer), policy.plan(customer)
    return None if margin is None or plan is None else Earned(customer, plan.name, margin)


def _line(earned: Earned) -> Line:
    return Line(earned.margin.revenue, earned.margin.cost, earned.margin.margin)


def _rank(earned: Earned, order: Order) -> Amount:
    margin = earned.margin
    ranks: dict[Order, Amount] = {
        Order.LEFT: minus(margin.revenue, margin.cost),
        Order.REVENUE: -margin.revenue,
        Order.COST: -margin.cost,
    }
    return ranks.get(order, 0)


def _members(earned: Earned) -> dict[str, Any]:
    return {
        "customer": earned.customer, "plan": earned.plan, **margin_members(earned.margin),
    }  # fmt: skip
