"""API rate limit: how many requests a plan may make, per minute, per day and at once."""

from typing import Annotated, Literal

from pydantic import Field

from criterion.decision import Decision
from criterion.rule import OTHERWISE, Rule
from criterion.schema import Schema

Plan = Literal["free", "starter", "pro", "enterprise"]
Requests = Annotated[int, Field(ge=0, description="A number of requests.")]


class Caller(Schema):
    """Who calls the API."""

    plan: Plan


class Rates(Schema):
    """How often the customers of one plan may call."""

    requests_per_minute: Requests
    requests_per_day: Requests
    burst_limit: Requests = Field(description="Requests that may arrive at the same moment.")


class RateLimits(Schema):
    """The rates of every plan, and those of plans that are not listed."""

    plans: dict[Plan, Rates]
    default: Rates


def rates_of(caller: Caller, limits: RateLimits) -> Rates:
    """Return the rates of a listed plan."""
    return limits.plans[caller.plan]


def in_words(plan: str, rates: Rates) -> str:
    """Return rates as a person would say them."""
    return (
        f"{plan} plan: {rates.requests_per_minute} requests a minute, "
        f"{rates.requests_per_day} a day, {rates.burst_limit} at once"
    )


api_rate_limit = Decision(
    id="api-rate-limit",
    version="1.0.0",
    title="API rate limits",
    owner="platform",
    input=Caller,
    profile=RateLimits,
    output=Rates,
    rules=(
        Rule(
            id="plan-rates",
            when=lambda caller, limits: caller.plan in limits.plans,
            emit=rates_of,
            explain=lambda caller, limits: in_words(caller.plan, rates_of(caller, limits)),
        ),
        Rule(
            id="default-rates",
            when=OTHERWISE,
            emit=lambda _, limits: limits.default,
            explain=lambda caller, limits: (
                f"{caller.plan} plan has no rates of its own; {in_words('default', limits.default)}"
            ),
        ),
    ),
)
