"""Tables: every section of a policy document, its keys, and what each means.

Source:
    Policy specification, section 2.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from criterion.policy.document.fields import (
    Duration,
    Field,
    Flag,
    Inner,
    Label,
    Links,
    Names,
    Number,
    Words,
    Written,
)
from criterion.policy.document.section import Section
from criterion.policy.plan import PRIORITY_DEFAULT
from criterion.policy.terms import HOLD_TTL_MS, SAMPLES_MIN

_DESCRIPTION: Final = Words(about="What it is for.", default="")
CREDIT_NAME: Final = Words(about="A name in `credits`.", required=True, may_be_empty=False)
_HIDDEN: Final = Flag(about="Whether customers are not told of it.")

RESET: Final[Mapping[str, Field]] = {
    "resets": Flag(about="Whether it begins anew each period."),
    "reset_inc": Duration(about="The length of its period; 30 days by default.", least=1),
    "reset_sch": Words(about="Its period by the calendar, such as `monthly:1`.", default=None),
}
"""The keys of whatever resets."""

REFILL: Final[Mapping[str, Field]] = {
    **RESET,
    "reset_mode": Words(
        about="What becomes of the rest at a refill.",
        default="hard",
        choices=("hard", "add", "rollover"),
    ),
    "rollover_min": Written(about="The least that is carried over.", default=None),
    "rollover_max": Written(about="The most that is carried over.", default=None),
    "rollover_pct": Number(about="The share that is carried over: 0.5 is a half.", least=0),
    "max_balance": Written(about="What a refill never goes above.", default=None),
    "reset_catchup_cap": Number(
        about="How many missed periods are refilled at most.", least=0, is_whole=True
    ),
}

PRICE: Final = Section(
    "a price",
    {
        "amount": Number(about="In runes.", default=0, least=0, nullable=False),
        "id": Words(about="Its name in a billing system.", default=None),
        "suffix": Words(about="What people read behind it.", default=None),
    },
)

TIER: Final = Section(
    "a tier",
    {
        "up_to": Number(about="Its last quantity; none for the last tier."),
        "price": Inner(
            about="Per unit, or for the whole step.",
            of="price",
            required=True,
            example="{amount: 5}",
        ),
    },
)

CREDIT: Final = Section(
    "a credit",
    {
        "unit": Words(about="What people call one of it.", default="credit", nullable=False),
        "label": Words(about="What people call it.", default="Credit", nullable=False),
        "description": _DESCRIPTION,
        "resets": Flag(about="For readers; has no effect."),
        "overhead_cost": Number(about="What a unit costs you, in runes.", default=0, least=0),
        "overhead": Words(about="An expression over `units` and `context`: runes.", default=None),
        "pricing_model": Words(
            about="How its prices apply.",
            default="flat",
            nullable=False,
            choices=("flat", "tiered", "volume", "stairstep"),
            aliases={"graduated": "tiered", "per_unit": "flat"},
        ),
        "price": Inner(about="Of a flat credit.", of="price", example="{amount: 5}"),
        "tiers": Inner(about="Of any other.", of="tier", each="item"),
        "units": Words(about="What it is counted in.", default="float", nullable=False),
    },
    {"stof_units": "units"},
)

LIMIT: Final = Section(
    "a limit",
    {
        "credit": CREDIT_NAME,
        "mode": Words(
            about="What happens above it.",
            default="hard",
            nullable=False,
            choices=("hard", "soft", "observe"),
        ),
        "hard_trailing": Flag(about="Whether the crossing call still passes.", nullable=False),
        "grants_apply": Flag(about="Whether grants make room above it.", default=True),
        "value": Written(about="The ceiling, or `unlimited`.", may_be_unlimited=True),
        "increment": Written(about="What one increment counts.", default=1),
        "minimum": Written(about="What the meter never goes below.", default=None),
        **RESET,
        "override_expires_on": Number(about="Of an override: its end, in ms.", is_whole=True),
        "governor_enabled": Flag(about="Whether it has a token bucket."),
        "governor_capacity": Written(about="How much the bucket holds.", default=None),
        "governor_refill_rate": Number(about="Tokens that come back in a millisecond.", least=0),
        "ewma_alpha": Number(
            about="The weight of the last interval.", default=Decimal("0.2"), least=0, most=1
        ),
    },
)

ENTITLEMENT: Final = Section(
    "an entitlement",
    {
        "description": _DESCRIPTION,
        "limit": Inner(
            about="Its ceiling; none for a feature flag.",
            of="limit",
            example="{credit: seat, value: 3}",
        ),
        "scope": Words(about="The type of customer whose meter counts.", default=None),
        "hidden": _HIDDEN,
        "estimate_basis": Words(about="A member of the context.", default=None),
        "estimate_segment": Words(about="A member of the context.", default=None),
    },
)

TOPUP: Final = Section(
    "a topup",
    {
        "credit": CREDIT_NAME,
        "value": Written(about="How much it grants."),
        "price": Inner(about="What it costs.", of="price", example="{amount: 5}"),
        "description": _DESCRIPTION,
        "included": Flag(about="Whether the plan includes it."),
        "included_scopes": Names(about="For which types of customers; all by default."),
        **REFILL,
        "expires_after": Duration(about="How long it lasts.", least=1),
        "priority": Number(
            about="Lower ones are spent first.", default=PRIORITY_DEFAULT, is_whole=True
        ),
        "revoke_on_plan_change": Flag(about="Whether a bought one ends with the plan."),
    },
)

PLAN: Final = Section(
    "a plan",
    {
        "name": Words(about="Its key; need not be repeated.", default=None),
        "label": Words(about="What people call it.", nullable=False),
        "period": Words(
            about="How often it is billed.",
            default="monthly",
            nullable=False,
            choices=("yearly", "monthly", "weekly", "daily"),
        ),
        "subscription": Words(
            about="The entitlement of the base fee.",
            default="subscription",
            nullable=False,
            may_be_empty=False,
        ),
        "trial_period": Duration(about="How long it costs nothing."),
        "entitlements": Inner(
            about="What it allows, by name.", of="entitlement", each="name", nullable=False
        ),
        "topups": Inner(about="What tops it up, by name.", of="topup", each="name", nullable=False),
        "hidden": _HIDDEN,
        "default": Flag(about="Whether it serves customers without a plan."),
    },
)

PAIR: Final = Section(
    "a pair",
    {
        "value": Number(about="What one is worth.", default=1, least=0, nullable=False),
        "currency": Words(about="In what.", default="usd", nullable=False),
    },
)

EXCHANGE: Final = Section(
    "an exchange",
    {
        "grant_strategy": Words(
            about="Which grants are spent first.",
            default="expires_first",
            nullable=False,
            choices=("expires_first", "cheapest_first", "valuable_first"),
        ),
    },
    is_open=True,
)
"""The other keys are names, each with a pair."""

GUARD: Final = Section(
    "a guard",
    {
        "id": Words(about="Unique among guards.", required=True),
        "when": Words(about="A condition; it refuses what it matches.", required=True),
        "explain": Words(about="Why, with {expressions} in it.", default=None),
    },
)

NOTIFICATION: Final = Section(
    "a notification",
    {
        "when": Words(about="A condition over `type` and `event`.", required=True),
        "once_per": Words(
            about="How often it is told of while it stays true.",
            default=None,
            choices=("period", "crossing"),
        ),
        "description": _DESCRIPTION,
    },
)

PARAMETER: Final = Section(
    "a parameter",
    {
        "name": Words(about="What it is called.", required=True, may_be_empty=False),
        "description": _DESCRIPTION,
        "schema_type": Words(about="Its type in JSON Schema.", default="string"),
        "required": Flag(about="Whether it must be given."),
    },
)

CAPABILITY: Final = Section(
    "a capability",
    {
        "name": Words(about="Its key; need not be repeated.", default=None),
        "version": Label(about="As its author counts.", default=""),
        "description": _DESCRIPTION,
        "parameters": Inner(about="What it takes.", of="parameter", each="item"),
        "result": Words(about="What it returns, in words."),
        "plans": Names(about="For which plans; all by default."),
        "customers": Names(about="For which customers; all by default."),
    },
)

POLICY: Final = Section(
    "a policy",
    {
        "version": Label(about="As you count."),
        "credits": Inner(about="What is counted, by name.", of="credit", each="name"),
        "plans": Inner(about="What customers buy, by name.", of="plan", each="name"),
        "exchange": Inner(about="What names are worth.", of="exchange"),
        "guards": Inner(about="Rules of your own, before the others.", of="guard", each="item"),
        "notifications": Inner(about="What to tell, by name.", of="notification", each="name"),
        "capabilities": Inner(about="Tools that come with plans.", of="capability", each="name"),
        "customer_types": Names(about="The types of customers that there are."),
        "customers": Inner(about="Where customers begin, by id.", of="customer", each="name"),
        "alt_customer_ids": Links(about="The customer of each alternate id."),
        "estimates": Inner(
            about="What calls used, by entitlement and segment.", of="estimate", each="table"
        ),
        "estimate_min_samples": Number(
            about="How many samples an estimate needs.",
            default=SAMPLES_MIN,
            least=1,
            is_whole=True,
            nullable=False,
        ),
        "hold_ttl": Duration(about="How long a hold lasts.", default=HOLD_TTL_MS, nullable=False),
        "store_failure": Words(
            about="What becomes of calls while the store cannot answer.",
            default="fail_closed",
            choices=("fail_closed", "fail_open", "error"),
            nullable=False,
        ),
    },
)
