"""Quantities: a whole number, a decimal, or unlimited."""

from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from criterion.exact import UNLIMITED_TEXT, exact_number, json_number
from criterion.nodes import Node
from criterion.strictness import DONE

__all__ = ["UNLIMITED", "UNLIMITED_TEXT", "Quantity", "quantity_node"]

UNLIMITED: Final = Decimal("Infinity")
"""No limit: greater than every number; ``"unlimited"`` in YAML and JSON."""


class _QuantityType:
    """What makes ``int | Decimal`` a quantity for pydantic."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Keep the bounds that pydantic has put around ``int | Decimal`` already."""
        bounded: Any = handler(source)
        quantity: Any = _replaced(bounded)
        return quantity  # type: ignore[no-any-return]

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Show the two forms, and bounds under the names that they have there."""
        shown = handler(schema)
        bounds = {name: shown[key] for key, name in _BOUNDS.items() if key in shown}
        return {"anyOf": [{"type": "number"}, {"const": UNLIMITED_TEXT}], **bounds}


_BOUNDS: Final = {
    "gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum",
    "multiple_of": "multipleOf",
}  # fmt: skip


def _replaced(node: Node) -> Node:
    """Return the node with a quantity in the place of ``int | Decimal``."""
    return {**node, "schema": _replaced(node["schema"])} if "schema" in node else quantity_node()


def quantity_node() -> Node:
    """Return the core schema of a quantity without bounds."""
    finite = core_schema.union_schema(
        [core_schema.int_schema(strict=True), core_schema.decimal_schema(strict=True)],
        mode="left_to_right",
    )
    either = core_schema.union_schema(
        [finite, core_schema.with_info_plain_validator_function(_read_quantity)],
        mode="left_to_right",
        metadata={DONE: True},
        serialization=core_schema.plain_serializer_function_ser_schema(
            json_number, when_used="json"
        ),
    )
    return {**either}


Quantity: TypeAlias = Annotated[int | Decimal, _QuantityType()]
"""A field type: a finite number or `UNLIMITED`. Text is refused, but for ``"unlimited"``."""


def _read_quantity(value: object, info: core_schema.ValidationInfo) -> int | Decimal:
    number = exact_number(value, info)
    if isinstance(number, Decimal) and (number.is_finite() or _is_unlimited(number)):
        return number
    if isinstance(value, str) and value == UNLIMITED_TEXT:
        return UNLIMITED
    message = 'must be a number or "unlimited"'
    raise PydanticCustomError("quantity_type", message)


def _is_unlimited(number: Decimal) -> bool:
    return number.is_infinite() and not number.is_signed()
