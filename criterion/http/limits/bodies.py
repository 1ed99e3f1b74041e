"""Bodies: what the operations of a policy take, each checked as strictly as facts are."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias, TypeVar

from pydantic import BaseModel, Field, ValidationError

from criterion.borrowed import validator_of
from criterion.http.body import read_body
from criterion.http.limits.kinds import limit_problem
from criterion.http.pointer import field_errors
from criterion.http.problem import Problem
from criterion.schema import Schema
from criterion.validation import error_details

NAME_LENGTH_MAX: Final = 200
"""How long the name of a customer, an entitlement or a hold may be, in characters."""

AMOUNT_LENGTH_MAX: Final = 60
"""How long an amount that is written as text may be, in characters."""

USES_MAX: Final = 20
"""How many entitlements may be asked for together."""

AMOUNT_MAX: Final = 10**24
"""How much an amount may be that is written as a number; less than that below zero, too."""

CONTEXT_MAX: Final = 50
"""How many members the context of a call may have."""

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH_MAX)]
Amount: TypeAlias = (
    Annotated[int, Field(ge=-AMOUNT_MAX, le=AMOUNT_MAX)]
    | Annotated[Decimal, Field(ge=-AMOUNT_MAX, le=AMOUNT_MAX)]
    | Annotated[str, Field(max_length=AMOUNT_LENGTH_MAX)]
)
Context: TypeAlias = Annotated[dict[str, Any], Field(max_length=CONTEXT_MAX)]

Body = TypeVar("Body", bound=BaseModel)


class Question(Schema):
    """Who asks, and what is known of the call."""

    customer: Name = Field(description="Who asks: an id, or an alternate one.")
    context: Context = Field(
        default_factory=dict, description="What else is known of the call: costs and guards see it."
    )


class Step(Question):
    """One increment of one entitlement."""

    entitlement: Name = Field(description="What for.")
    occurred_at: datetime | None = Field(default=None, description="When it was used.")


class Use(Step):
    """An amount of one entitlement."""

    amount: Amount = Field(
        default=0, description="How much, in the credit's unit, or text with a unit."
    )


class Gate(Schema):
    """One of several entitlements."""

    entitlement: Name = Field(description="What for.")
    amount: Amount = Field(default=0, description="How much.")


class Uses(Question):
    """Amounts of several entitlements: all of them, or none."""

    uses: Annotated[list[Gate], Field(min_length=1, max_length=USES_MAX)]
    occurred_at: datetime | None = Field(default=None, description="When it was used.")


class Holding(Question):
    """For how long room is set aside."""

    ttl_ms: int | None = Field(
        default=None, gt=0, le=2**53, description="For how long; by default what the policy says."
    )
    clamp: bool = Field(
        default=False, description="Whether an estimate shrinks to what there is room for."
    )


class Reservation(Holding):
    """Room to set aside on one entitlement."""

    entitlement: Name = Field(description="What for.")
    amount: Amount | None = Field(
        default=None, description="How much; by default what such calls are expected to use."
    )


class HeldGate(Schema):
    """One of several entitlements to set room aside on."""

    entitlement: Name = Field(description="What for.")
    amount: Amount | None = Field(default=None, description="How much; by default an estimate.")


class Reservations(Holding):
    """Room to set aside on several entitlements: on all of them, or on none."""

    uses: Annotated[list[HeldGate], Field(min_length=1, max_length=USES_MAX)]


class Settlement(Step):
    """What was used under a hold."""

    hold: Name = Field(description="The hold that the reservation named.")
    amount: Amount = Field(description="How much was used.")


class Release(Schema):
    """A hold to give back."""

    customer: Name = Field(description="Who reserved.")
    entitlement: Name = Field(description="What for.")
    hold: Name = Field(description="The hold that the reservation named.")


def read(body: bytes, model: type[Body]) -> Body | Problem:
    """Return what a body says, or why it is refused, every member of it at once."""
    value = read_body(body)
    if isinstance(value, Problem):
        return value
    try:
        made: Body = validator_of(model).validate_python(value)
    except ValidationError as error:
        errors = field_errors(error_details(error, model), value)
        return limit_problem("invalid_input", "what does not fit is listed in `errors`", errors)
    return made
