"""Usage limit: may this customer use more of a resource on their plan, and what helps if not."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from criterion.decision import Decision
from criterion.quantity import UNLIMITED, Quantity
from criterion.rule import OTHERWISE, Rule
from criterion.schema import Schema

Plan = Literal["free", "starter", "pro", "enterprise"]
Resource = Literal["projects", "team_members", "api_calls", "storage_gb", "alerts"]


class Usage(Schema):
    """What is used now, and what is asked for on top."""

    resource: Resource
    current_usage: int = Field(ge=0, description="Used so far, in units of the resource.")
    requested_amount: int = Field(
        default=1, ge=0, description="Asked for on top; 0 asks how things stand."
    )
    plan: Plan


class Pricing(Schema):
    """The numbers of every plan."""

    warn_at: Annotated[Decimal, Field(gt=0, le=1)] = Field(
        description="Share of a limit from which a customer is warned."
    )
    limits: dict[Plan, dict[Resource, Quantity]] = Field(
        description="How much each plan allows of each resource; what is not listed, nothing."
    )
    next_plan: dict[Plan, Plan] = Field(description="The plan to suggest to customers of a plan.")


class Allowance(Schema):
    """Whether the request is allowed, and what is left after it."""

    allowed: bool
    remaining: Quantity = Field(description="Left after the request; 0 where it is denied.")
    limit: Quantity
    upgrade_required: bool
    suggested_plan: Plan | None = None
    message: str


def limit_of(usage: Usage, pricing: Pricing) -> Quantity:
    """Return how much of the resource the plan allows; 0 where it lists none."""
    return pricing.limits.get(usage.plan, {}).get(usage.resource, 0)


def total_of(usage: Usage) -> int:
    """Return what would be used after the request."""
    return usage.current_usage + usage.requested_amount


def is_unlimited(usage: Usage, pricing: Pricing) -> bool:
    """Whether this is an enterprise plan without a limit on the resource."""
    return usage.plan == "enterprise" and limit_of(usage, pricing) == UNLIMITED


def is_near_limit(usage: Usage, pricing: Pricing) -> bool:
    """Whether the request fits, but takes the usage over the share that warns."""
    limit = limit_of(usage, pricing)
    return limit * pricing.warn_at < total_of(usage) <= limit


def is_within_limit(usage: Usage, pricing: Pricing) -> bool:
    """Whether the request fits."""
    return total_of(usage) <= limit_of(usage, pricing)


def unlimited(usage: Usage, _: Pricing) -> Allowance:
    """Allow whatever is asked."""
    return Allowance(
        allowed=True,
        remaining=UNLIMITED,
        limit=UNLIMITED,
        upgrade_required=False,
        message=f"Enterprise plan: {usage.resource} without a limit.",
    )


def near_limit(usage: Usage, pricing: Pricing) -> Allowance:
    """Allow, and suggest a plan with more room."""
    limit, plan = limit_of(usage, pricing), pricing.next_plan.get(usage.plan)
    advice = f" Consider upgrading to {plan}." if plan else ""
    return Allowance(
        allowed=True,
        remaining=limit - total_of(usage),
        limit=limit,
        upgrade_required=False,
        suggested_plan=plan,
        message=f"Approaching the {usage.resource} limit.{advice}",
    )


def within_limit(usage: Usage, pricing: Pricing) -> Allowance:
    """Allow."""
    limit = limit_of(usage, pricing)
    left = limit - total_of(usage)
    return Allowance(
        allowed=True,
        remaining=left,
        limit=limit,
        upgrade_required=False,
        message=f"{in_words(left)} {usage.resource} remaining",
    )


def over_limit(usage: Usage, pricing: Pricing) -> Allowance:
    """Deny, and suggest a plan with more room."""
    plan = pricing.next_plan.get(usage.plan)
    advice = f" Upgrade to {plan} for more." if plan else ""
    return Allowance(
        allowed=False,
        remaining=0,
        limit=limit_of(usage, pricing),
        upgrade_required=plan is not None,
        suggested_plan=plan,
        message=f"{usage.resource} limit reached.{advice}",
    )


def in_words(quantity: Quantity) -> str:
    """Return a quantity as people write it: ``3``, ``2.5``, or ``unlimited``."""
    if isinstance(quantity, int):
        return str(quantity)
    if quantity == UNLIMITED:
        return "unlimited"
    digits = f"{quantity:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def percent(share: Decimal) -> str:
    """Return a share as people write it: ``80 %``."""
    return f"{(share * 100).normalize():f} %"


usage_limit = Decision(
    id="usage-limit",
    version="1.1.0",
    title="Plan limits",
    owner="growth",
    input=Usage,
    profile=Pricing,
    output=Allowance,
    rules=(
        Rule(
            id="enterprise-unlimited",
            when=is_unlimited,
            emit=unlimited,
            explain=lambda usage, _: f"Enterprise plan has no limit on {usage.resource}",
        ),
        Rule(
            id="approaching-limit",
            when=is_near_limit,
            emit=near_limit,
            explain=lambda usage, pricing: (
                f"Usage {usage.current_usage} + {usage.requested_amount} is over "
                f"{percent(pricing.warn_at)} of limit {in_words(limit_of(usage, pricing))}"
            ),
        ),
        Rule(
            id="within-limit",
            when=is_within_limit,
            emit=within_limit,
            explain=lambda usage, pricing: (
                f"Usage {usage.current_usage} + {usage.requested_amount} "
                f"<= limit {in_words(limit_of(usage, pricing))}"
            ),
        ),
        Rule(
            id="over-limit",
            when=OTHERWISE,
            emit=over_limit,
            explain=lambda usage, pricing: (
                f"Requested {total_of(usage)} exceeds limit {in_words(limit_of(usage, pricing))}"
            ),
        ),
    ),
)
