"""Assessments: what a metering call comes to, in plain numbers that rules can decide by.

The same fields stand here twice: as the tuple that is made on every call, and as the schema that
the catalogue, the linter and an explanation read. A test holds the two equal.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import Field

from criterion.policy.amounts import Amount
from criterion.policy.capping import CapUse
from criterion.quantity import Quantity
from criterion.schema import Schema


class Assessment(NamedTuple):
    """What a metering call comes to; see `Metering` for what each field means."""

    customer: str
    entitlement: str
    at: int
    customer_type: str = ""
    owner: str = ""
    plan: str = ""
    credit: str = ""
    mode: str = ""
    conflicting: bool = False
    known: bool = True
    included: bool = True
    missing: str | None = None
    metered: bool = True
    usable: bool = True
    problem: str | None = None
    requested: Amount = 0
    effective: Amount = 0
    value: Amount = 0
    after: Amount = 0
    limit: Amount = 0
    held: Amount = 0
    overage: Amount = 0
    gate_overage: Amount = 0
    available: Amount = 0
    covered: Amount = 0
    overhead: Amount = 0
    spent: Amount = 0
    charge: Amount = 0
    charged: Amount = 0
    own_fits: bool = True
    gate_fits: bool = True
    limit_fits: bool = True
    caps_fit: bool = True
    rate_fits: bool = True
    force: bool = False
    trailing: bool = False
    late: bool = False
    clamped: bool = False
    resets_at: int | None = None
    held_until: int | None = None
    tokens: Amount | None = None
    capacity: Amount | None = None
    wait_ms: int | None = None
    purchasable: bool = False
    upgrade: tuple[str, Amount] | None = None
    caps: tuple[CapUse, ...] = ()
    metadata: Mapping[str, Any] | None = None
    context: Mapping[str, Any] | None = None
    verb: str = "allow"
    reached: bool = True
    lenient: bool = False


class CapFacts(Schema):
    """What a call means to one cap."""

    id: str = Field(description="The cap's.")
    holder: str = Field(description="Whose cap it is.")
    credit: str = Field(description="What it is counted in.")
    ceiling: Quantity = Field(description="Its value.")
    spent: Quantity = Field(description="What was spent before.")
    consumed: Quantity = Field(description="What the call adds.")
    wanted: Quantity = Field(description="What has to fit: with the holds of the same meter.")
    reserved: Quantity = Field(description="What other holds reserve on it.")
    fits: bool = Field(description="Whether there is room.")
    enforced: bool = Field(description="Whether it refuses what does not fit.")
    temporary: bool = Field(description="Whether it is for this call alone.")


class Metering(Schema):
    """What a metering call comes to; amounts are in the credit's unit, instants in ms."""

    customer: str = Field(description="Who asks.")
    entitlement: str = Field(description="What for.")
    at: int = Field(description="When it is decided.")
    customer_type: str = Field("", description="What who asks is.")
    owner: str = Field("", description="Whose meter counts.")
    plan: str = Field("", description="The plan whose limit counts.")
    credit: str = Field("", description="What is counted.")
    mode: str = Field("", description="Whether the limit is hard, soft, or observes.")
    conflicting: bool = Field(
        default=False, description="Whether its key or hold was used for something else."
    )
    known: bool = Field(default=True, description="Whether the customer is known.")
    included: bool = Field(default=True, description="Whether the plan has the entitlement.")
    missing: str | None = Field(
        default=None, description="The type of customer whose meter would count."
    )
    metered: bool = Field(default=True, description="Whether the entitlement has a limit.")
    usable: bool = Field(
        default=True, description="Whether it is asked of a meter, where it needs one."
    )
    problem: str | None = Field(default=None, description="Why the amount is none.")
    requested: Quantity = Field(0, description="The amount.")
    effective: Quantity = Field(0, description="By how much the meter changes.")
    value: Quantity = Field(0, description="The meter before.")
    after: Quantity = Field(0, description="The meter after.")
    limit: Quantity = Field(0, description="The ceiling, without grants.")
    held: Quantity = Field(0, description="What other calls hold on the meter.")
    overage: Quantity = Field(0, description="How much of the change is past the limit.")
    gate_overage: Quantity = Field(0, description="The same with what is held.")
    available: Quantity = Field(0, description="What grants can cover.")
    covered: Quantity = Field(0, description="What grants do cover.")
    overhead: Quantity = Field(0, description="What it costs the provider, in runes.")
    spent: Quantity = Field(0, description="What the period has cost the provider before.")
    charge: Quantity = Field(0, description="What its uncovered overage is worth, in runes.")
    charged: Quantity = Field(0, description="The same of the period before.")
    own_fits: bool = Field(default=True, description="Whether it fits the limit alone.")
    gate_fits: bool = Field(default=True, description="Whether it fits beside what is held.")
    limit_fits: bool = Field(default=True, description="Whether limit or grants let it pass.")
    caps_fit: bool = Field(default=True, description="Whether every cap has room.")
    rate_fits: bool = Field(default=True, description="Whether the governor lets it pass.")
    force: bool = Field(default=False, description="Whether it happened already.")
    trailing: bool = Field(default=False, description="Whether the crossing call passes.")
    late: bool = Field(default=False, description="Whether its own period is over.")
    clamped: bool = Field(default=False, description="Whether a later time was seen already.")
    resets_at: int | None = Field(default=None, description="When the period ends.")
    held_until: int | None = Field(default=None, description="When the first hold expires.")
    tokens: Quantity | None = Field(default=None, description="What the governor's bucket has.")
    capacity: Quantity | None = Field(default=None, description="What that bucket takes.")
    wait_ms: int | None = Field(default=None, description="How long until it has enough.")
    purchasable: bool = Field(default=False, description="Whether topups could cover it.")
    upgrade: tuple[str, Quantity] | None = Field(
        default=None, description="The plan with the next higher limit, and that."
    )
    caps: tuple[CapFacts, ...] = Field((), description="What it means to each cap.")
    metadata: dict[str, Any] | None = Field(default=None, description="The owner's metadata.")
    context: dict[str, Any] | None = Field(default=None, description="The call's context.")
    verb: str = Field("allow", description="What is asked: to use it, to set it aside, to settle.")
    reached: bool = Field(default=True, description="Whether the store could answer.")
    lenient: bool = Field(
        default=False, description="Whether calls pass while the store cannot answer."
    )


def facts_of(assessment: Assessment) -> Metering:
    """Return an assessment as the facts of a decision."""
    members = assessment._asdict()
    members["caps"] = [use._asdict() for use in assessment.caps]
    return Metering.model_validate(members)
