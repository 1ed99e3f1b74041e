"""Quantities: a whole number, a decimal, or unlimited."""

from decimal import Decimal
from typing import Annotated, Final, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from criterion.strictness import DONE, exact_number, json_number

UNLIMITED: Final = Decimal("Infinity")
"""No limit: greater than every number; ``"unlimited"`` in YAML and JSON."""

UNLIMITED_TEXT: Final = "unlimited"


class _QuantityType:
    """What makes ``int | Decimal`` a quantity for pydantic."""

    def __get_pydantic_core_schema__(self, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        finite = core_schema.union_schema(
            [core_schema.int_schema(strict=True), core_schema.decimal_schema(strict=True)],
            mode="left_to_right",
        )
        return core_schema.union_schema(
            [finite, core_schema.with_info_plain_validator_function(_read_quantity)],
            mode="left_to_right",
            metadata=DONE,
            serialization=core_schema.plain_serializer_function_ser_schema(
                _written, when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, __: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [{"type": "number"}, {"const": UNLIMITED_TEXT}]}


Quantity: TypeAlias = Annotated[int | Decimal, _QuantityType()]
"""A field type: a finite number or `UNLIMITED`. Text is refused, but for ``"unlimited"``."""


def _read_quantity(value: object, info: core_schema.ValidationInfo) -> int | Decimal:
    if value == UNLIMITED_TEXT or (isinstance(value, (float, Decimal)) and value == UNLIMITED):
        return UNLIMITED
    number = exact_number(value, info)
    if isinstance(number, Decimal) and number.is_finite():
        return number
    message = 'must be a number or "unlimited"'
    raise PydanticCustomError("quantity_type", message)


def _written(value: int | Decimal) -> int | float | str:
    return UNLIMITED_TEXT if value == UNLIMITED else json_number(value)
