"""Quantities: a number, or no limit."""

import json
from decimal import Decimal
from typing import Annotated, Any, Final

import pytest
from hypothesis import given
from pydantic import Field, ValidationError

from criterion.quantity import UNLIMITED, Quantity
from criterion.schema import Schema
from tests.json_schema import fits
from tests.schemas import QUANTITIES, SHORT_QUANTITIES, held, holding

TAKEN: Final[dict[str, tuple[object, object]]] = {
    "int": (3, 3),
    "zero": (0, 0),
    "5,000 digits": (10**5_000, 10**5_000),
    "decimal": (Decimal("1.10"), Decimal("1.10")),
    "float": (0.1, Decimal("0.1")),
    "whole float": (3.0, Decimal("3.0")),
    "infinite float": (float("inf"), UNLIMITED),
    "infinite decimal": (Decimal("Infinity"), UNLIMITED),
    "text": ("unlimited", UNLIMITED),
}


@pytest.mark.parametrize(("given", "expected"), TAKEN.values(), ids=TAKEN)
def test_a_number_or_no_limit_is_a_quantity(given: object, expected: object) -> None:
    quantity = held(Quantity, given)

    assert quantity == expected
    assert type(quantity) is type(expected)


REFUSED: Final[dict[str, object]] = {
    "true": True,
    "numeric text": "3",
    "other text": "Unlimited",
    "text of infinity": "Infinity",
    "text in bytes": b"unlimited",
    "minus infinity": float("-inf"),
    "minus infinite decimal": Decimal("-Infinity"),
    "NaN": float("nan"),
    "NaN decimal": Decimal("NaN"),
    "signalling NaN": Decimal("sNaN"),
    "complex": 1j,
    "null": None,
    "list": [1],
}


@pytest.mark.parametrize("given", REFUSED.values(), ids=REFUSED)
def test_anything_else_is_no_quantity(given: object) -> None:
    with pytest.raises(ValidationError):
        held(Quantity, given)


FORMS: Final = {
    "field": (Quantity, Field(gt=0, le=10)),
    "annotation": (Annotated[Quantity, Field(gt=0, le=10)], Field()),
    "nullable": (Quantity | None, Field(gt=0, le=10)),
}


@pytest.mark.parametrize(("kind", "field"), FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("inside", [1, 10, Decimal("0.1"), 9.9])
def test_a_bound_lets_the_inside_in(kind: object, field: Any, inside: object) -> None:  # noqa: ANN401
    assert held(kind, inside, field) == (Decimal("9.9") if inside == 9.9 else inside)


@pytest.mark.parametrize(("kind", "field"), FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("outside", [0, -1, 11, Decimal("10.1"), -0.5, "unlimited", UNLIMITED])
def test_a_bound_keeps_the_outside_out(kind: object, field: Any, outside: object) -> None:  # noqa: ANN401
    with pytest.raises(ValidationError):
        held(kind, outside, field)


def test_no_limit_is_above_every_lower_bound() -> None:
    assert held(Quantity, "unlimited", Field(gt=0)) == UNLIMITED


def test_no_limit_exceeds_every_number() -> None:
    assert UNLIMITED > 10**5_000
    assert Decimal("1E+999999") < UNLIMITED


class Plan(Schema):
    """Quantities in every position."""

    seats: Quantity = Field(ge=0)
    storage_gb: Quantity = UNLIMITED
    credits: Quantity | None = None
    rates: list[Quantity] = Field(default_factory=list)
    limits: dict[str, Quantity] = Field(default_factory=dict)


def test_json_shows_no_limit_in_words() -> None:
    plan = Plan(seats=UNLIMITED, credits=UNLIMITED, rates=[UNLIMITED], limits={"a": UNLIMITED})

    shown = json.loads(plan.model_dump_json())

    assert shown == {
        "seats": "unlimited",
        "storage_gb": "unlimited",
        "credits": "unlimited",
        "rates": ["unlimited"],
        "limits": {"a": "unlimited"},
    }
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


def test_json_schema_names_both_forms_and_the_bounds() -> None:
    properties = Plan.model_json_schema()["properties"]

    assert properties["seats"]["anyOf"] == [{"type": "number"}, {"const": "unlimited"}]
    assert properties["seats"]["minimum"] == 0
    assert properties["storage_gb"]["default"] == "unlimited"


@given(QUANTITIES)
def test_a_quantity_is_the_same_after_json(quantity: int | Decimal) -> None:
    schema = holding(Quantity)
    model = schema.model_validate({"value": quantity})

    text = model.model_dump_json()

    assert schema.model_validate_json(text) == model


@given(SHORT_QUANTITIES)
def test_what_json_shows_is_what_json_schema_says(quantity: int | Decimal) -> None:
    schema = holding(Quantity)
    model = schema.model_validate({"value": quantity})
    described = schema.model_json_schema()

    assert fits(json.loads(model.model_dump_json()), described, described)
