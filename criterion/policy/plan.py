"""Plans: what customers buy, the limits in it, and what tops them up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, NamedTuple, TypeAlias

from criterion.frozen import FrozenDict
from criterion.policy.amounts import Amount
from criterion.policy.credit import Price
from criterion.policy.schedule import DAY_MS, Every, Schedule

Mode: TypeAlias = Literal["hard", "soft", "observe"]
"""Whether a limit refuses, counts what is over it, or only counts."""

RefillMode: TypeAlias = Literal["hard", "add", "rollover"]
"""Whether a refill replaces what is left, adds to it, or carries a share of it over."""

BillingPeriod: TypeAlias = Literal["yearly", "monthly", "weekly", "daily"]

PERIOD_DEFAULT: Final = Every(30 * DAY_MS)
"""The period of whatever resets without saying when."""

PRIORITY_DEFAULT: Final = 100
"""Where a grant stands among those to be spent; lower ones go first."""


class Governor(NamedTuple):
    """A bucket of tokens below a hard limit; a call takes as many as it asks for.

    Attributes:
        capacity: How many it holds, in the credit's unit; more than zero.
        refill_rate: How many come back in a millisecond; not negative.
    """

    capacity: Amount
    refill_rate: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The ceiling of an entitlement; amounts are in the unit of its credit.

    Attributes:
        credit: What is counted; a name in the policy's credits.
        mode: What happens above it.
        hard_trailing: Whether the call that crosses a hard limit still passes.
        grants_apply: Whether grants make room above it.
        value: The ceiling; may be `UNLIMITED`.
        increment: What one increment counts; more than zero.
        minimum: What the meter never goes below, or ``None``.
        reset: When its period ends, or ``None``: it never does.
        override_expires_on: Of a customer's own limit: the instant it ends, in ms, or ``None``.
        governor: The rate that it allows, or ``None``.
        ewma_alpha: How much the last interval weighs in the smoothed rate, 0 to 1.
    """

    credit: str
    mode: Mode = "hard"
    hard_trailing: bool = False
    grants_apply: bool = True
    value: Amount = 0
    increment: Amount = 1
    minimum: Amount | None = None
    reset: Schedule | None = None
    override_expires_on: int | None = None
    governor: Governor | None = None
    ewma_alpha: Amount = Decimal("0.2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """One named thing that a plan allows.

    Attributes:
        name: Its key in the plan.
        limit: Its ceiling; ``None`` for a feature that one has or has not.
        scope: The type of customer whose meter counts, or ``None`` for the caller's own.
        description: What it is.
        hidden: Whether customers are not told of it.
        estimate_basis: The member of the context that estimates are per unit of, or ``None``.
        estimate_segment: The member of the context that estimates are kept apart by, or ``None``.
    """

    name: str
    limit: Limit | None = None
    scope: str | None = None
    description: str = ""
    hidden: bool = False
    estimate_basis: str | None = None
    estimate_segment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refill:
    """How a grant fills up again at each boundary of its period.

    Attributes:
        schedule: Its period, anchored at the grant.
        mode: What becomes of the rest.
        rollover_pct: The share that is carried over, 0.5 for a half.
        rollover_min: The least that is carried over, or ``None``.
        rollover_max: The most that is carried over, or ``None``.
        max_balance: What a refill never goes above, or ``None``.
        catchup_cap: How many missed periods are refilled at once at most, or ``None`` for all.
    """

    schedule: Schedule = PERIOD_DEFAULT
    mode: RefillMode = "hard"
    rollover_pct: Amount = 1
    rollover_min: Amount | None = None
    rollover_max: Amount | None = None
    max_balance: Amount | None = None
    catchup_cap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topup:
    """Extra room that a plan includes or sells.

    Attributes:
        name: Its key in the plan.
        credit: What it grants; a name in the policy's credits.
        value: How much; in the unit of that credit.
        price: What it costs, or ``None``.
        description: What it is.
        included: Whether customers of the plan get it without buying it.
        included_scopes: The types of customers that it is included for; empty for all.
        refill: How it fills up again, or ``None``: once spent it is gone.
        expires_after: How long it lasts in ms, or ``None``.
        priority: Where it stands among grants to be spent; lower ones go first.
        revoke_on_plan_change: Whether a bought one ends with the plan.
    """

    name: str
    credit: str
    value: Amount = 0
    price: Price | None = None
    description: str = ""
    included: bool = False
    included_scopes: tuple[str, ...] = ()
    refill: Refill | None = None
    expires_after: int | None = None
    priority: int = PRIORITY_DEFAULT
    revoke_on_plan_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What customers buy.

    Attributes:
        name: Its key in the policy.
        label: What people call it.
        period: How often it is billed; scales modelled margins.
        subscription: The entitlement that the base fee is charged by.
        trial_period: How long it costs nothing, in ms, or ``None``.
        entitlements: What it allows, by name.
        topups: What tops it up, by name.
        hidden: Whether customers are not told of it.
        default: Whether it serves customers without a plan.
    """

    name: str
    label: str = ""
    period: BillingPeriod = "monthly"
    subscription: str = "subscription"
    trial_period: int | None = None
    entitlements: Mapping[str, Entitlement] = field(default_factory=FrozenDict)
    topups: Mapping[str, Topup] = field(default_factory=FrozenDict)
    hidden: bool = False
    default: bool = False
