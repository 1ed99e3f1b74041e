"""Schema types: what pydantic models promise, as the types of expressions."""

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

import pytest
from pydantic import BaseModel, Field, create_model
from typing_extensions import TypedDict

from criterion.expression.schema_types import type_of_schema
from criterion.expression.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    INTEGER,
    NUMBER,
    QUANTITY,
    TEXT,
    Type,
)
from criterion.quantity import Quantity
from criterion.redaction import Redact
from criterion.schema import NoProfile, Schema


class Colour(enum.Enum):
    """A choice that is an enum."""

    RED = "red"
    BLUE = "blue"


class Size(enum.IntEnum):
    """A choice of whole numbers."""

    SMALL = 1
    LARGE = 2


class Inner(Schema):
    """A model inside another."""

    city: str
    zip: str | None = None


class Loose(BaseModel):
    """A borrowed model."""

    name: str
    share: float = 0.5


class Pair(TypedDict, total=False):
    """A typed dictionary whose keys may be absent."""

    left: int


class Chain(Schema):
    """A model that holds itself."""

    name: str
    below: "Chain | None" = None


INNER: Final = Type(
    kind="mapping",
    fields=(("city", TEXT), ("zip", Type(kind="text", nullable=True))),
    required=frozenset({"city"}),
)
CHOICES: Final = Type(kind="text", choices=("red", "blue"))

KINDS: Final[list[tuple[Any, Type]]] = [
    (int, INTEGER),
    (Annotated[int, Field(ge=1, lt=10)], Type(kind="integer", minimum=1, maximum=9)),
    (Annotated[int, Field(gt=0)], Type(kind="integer", minimum=1)),
    (float, NUMBER),
    (Decimal, NUMBER),
    (
        Annotated[Decimal, Field(gt=0, le=Decimal("0.5"))],
        Type(kind="number", minimum=0, maximum=Decimal("0.5")),
    ),
    (int | Decimal, NUMBER),
    (Quantity, QUANTITY),
    (Annotated[Quantity, Field(ge=0)], QUANTITY),
    (Quantity | None, Type(kind="quantity", nullable=True)),
    (bool, BOOLEAN),
    (str, TEXT),
    (Annotated[str, Field(pattern="a+", max_length=3)], TEXT),
    (uuid.UUID, TEXT),
    (dt.date, DATE),
    (dt.datetime, DATETIME),
    (int | None, Type(kind="integer", nullable=True)),
    (Literal["red", "blue"], CHOICES),
    (Colour, CHOICES),
    (Colour | None, Type(kind="text", choices=("red", "blue"), nullable=True)),
    (Size, Type(kind="integer", choices=(1, 2), minimum=1, maximum=2)),
    (Literal["red", "blue"] | None, CHOICES._replace(nullable=True)),
    (int | str, ANY.non_null()),
    (Any, ANY),
    (dt.timedelta, ANY.non_null()),
    (list[int], Type(kind="list", item=INTEGER)),
    (tuple[int, ...], Type(kind="list", item=INTEGER)),
    (tuple[int, Decimal], Type(kind="list", item=NUMBER)),
    (frozenset[str], Type(kind="list", item=TEXT)),
    (list[Inner], Type(kind="list", item=INNER)),
    (dict[str, int], Type(kind="mapping", item=INTEGER)),
    (
        dict[Literal["red", "blue"], int],
        Type(kind="mapping", item=INTEGER, key_choices=("red", "blue")),
    ),
    (dict[Colour, int], Type(kind="mapping", item=INTEGER, key_choices=("red", "blue"))),
    (Inner, INNER),
    (
        Inner | None,
        Type(kind="mapping", fields=INNER.fields, required=INNER.required, nullable=True),
    ),
    (Pair, Type(kind="mapping", fields=(("left", Type(kind="integer", nullable=True)),))),
    (Annotated[str, Redact("mask")], Type(kind="text", is_redacted=True)),
    (
        list[Annotated[str, Redact("mask")]],
        Type(kind="list", item=Type(kind="text", is_redacted=True)),
    ),
    (bytes, ANY.non_null()),
]


@pytest.mark.parametrize(("annotation", "expected"), KINDS, ids=range(len(KINDS)))
@pytest.mark.parametrize("base", [Schema, BaseModel])
def test_an_annotation_has_its_type(annotation: Any, expected: Type, base: type[BaseModel]) -> None:  # noqa: ANN401
    model = create_model("Holder", __base__=base, value=annotation)

    assert type_of_schema(model).field("value") == expected


def test_required_are_the_fields_without_a_default() -> None:
    found = type_of_schema(Inner)

    assert found.required == {"city"}
    assert found.field("zip") == Type(kind="text", nullable=True)


def test_a_field_that_defaults_to_null_may_be_null() -> None:
    model = create_model("Holder", __base__=Schema, value=(int | None, None))

    assert type_of_schema(model).field("value") == Type(kind="integer", nullable=True)


def test_a_title_is_kept() -> None:
    model = create_model("Holder", __base__=Schema, value=(int, Field(title="weight")))

    assert type_of_schema(model).field("value") == Type(kind="integer", title="weight")


def test_a_marked_model_is_marked_as_a_whole() -> None:
    model = create_model("Holder", __base__=Schema, value=Annotated[Inner, Redact("drop")])

    found = type_of_schema(model).field("value")

    assert found is not None
    assert found.is_redacted


def test_a_borrowed_model_has_a_type_too() -> None:
    assert type_of_schema(Loose) == Type(
        kind="mapping", fields=(("name", TEXT), ("share", NUMBER)), required=frozenset({"name"})
    )


def test_a_schema_without_fields_is_an_empty_mapping() -> None:
    assert type_of_schema(NoProfile) == Type(kind="mapping", fields=())


def test_a_model_that_holds_itself_is_known_to_some_depth() -> None:
    found: Type | None = type_of_schema(Chain)

    for _ in range(3):
        assert found is not None
        assert found.field("name") == TEXT
        found = found.field("below")
