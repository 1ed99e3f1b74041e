"""Models whose validators make other values than their fields say, for decisions that read them."""

from decimal import Decimal
from typing import Annotated, Any, Final, Literal, NotRequired, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from typing_extensions import TypedDict

from criterion import Schema

RARE: Final = 123_457
"""The value that validators change or refuse; no search comes upon it."""

Number = Annotated[int, Field(ge=0, le=1_000_000)]


def lowered(value: int) -> int:
    """Return a number below zero for one of many."""
    return -1 if value == RARE else value


class After(Schema):
    """A field that is changed when it was checked."""

    x: Annotated[Number, AfterValidator(lowered)]


class Wrapped(Schema):
    """The same, around the check."""

    x: Number

    @field_validator("x", mode="wrap")
    @classmethod
    def lower(cls, value: Any, check: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401
        """Return what is not checked any more."""
        return lowered(check(value))


class Plain(Schema):
    """The same, in the place of the check."""

    x: Annotated[Number, PlainValidator(lambda value: None if value == RARE else value)]


class Chosen(Schema):
    """A choice that is made another."""

    x: Annotated[Literal["a", "b", "c"], AfterValidator(lambda value: value.strip("c"))]


class Listed(Schema):
    """The same, of the items in a list."""

    x: list[Annotated[Number, AfterValidator(lowered)]]


class Whole(BaseModel):
    """A model that changes a field of its own."""

    x: Number

    @model_validator(mode="after")
    def lower(self) -> Self:
        """Return another instance."""
        return self.model_copy(update={"x": lowered(self.x)})


class Held(BaseModel):
    """A field that holds such a model."""

    part: Whole


class Defaulted(BaseModel):
    """A default that does not fit, which pydantic does not look at."""

    x: int = Field(default=-1, ge=0)


class Pair(TypedDict):
    """A mapping of which one key may be absent."""

    left: NotRequired[int]
    right: int


class Paired(BaseModel):
    """A field that holds such a mapping."""

    x: Pair


class Either(Schema):
    """Two branches, of which the second reads other forms of other values."""

    x: Number | Annotated[int, Field(ge=2_000_000), BeforeValidator(lowered)]


class Before(Schema):
    """A field that is changed before it is checked."""

    x: Annotated[Number, BeforeValidator(lowered)]


class Common(Schema):
    """An output that refuses one number."""

    fee: int

    @field_validator("fee")
    @classmethod
    def common(cls, value: int) -> int:
        """Refuse it."""
        if value == RARE:
            raise ValueError("rare")
        return value


class Cents(Schema):
    """An output that refuses digits behind the cents."""

    fee: Annotated[Decimal, Field(decimal_places=2)]


class Poor(BaseModel):
    """An output that refuses a combination."""

    fee: int
    rich: bool

    @model_validator(mode="after")
    def fit(self) -> Self:
        """Refuse the poor with a fee."""
        if self.fee == RARE and not self.rich:
            raise ValueError("too much")
        return self


class Taken(Schema):
    """An input as it is."""

    x: Number
