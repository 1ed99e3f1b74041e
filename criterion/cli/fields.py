"""Fields: a schema as lines that a person reads."""

from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from criterion.json_text import json_text, plain

Row = tuple[str, str, str]

QUANTITY: Final = [{"type": "number"}, {"const": "unlimited"}]
"""What a JSON Schema says of a quantity."""

_BOUNDS: Final = {
    "minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<",
    "multipleOf": "in steps of",
}  # fmt: skip
_EXACT: Final = {
    "ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
}  # fmt: skip


class _Shown(GenerateJsonSchema):
    """JSON Schemas in which a decimal is a number with exact bounds.

    Those for programs say that text of digits is taken too, and have floats for bounds.
    """

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        bounds = {name: schema.get(key) for key, name in _EXACT.items()}
        return {"type": "number"} | {
            name: bound for name, bound in bounds.items() if bound is not None
        }


def field_lines(schema: type[BaseModel]) -> list[Row]:
    """Return name, kind and description of each field; a default stands behind the kind."""
    whole = schema.model_json_schema(schema_generator=_Shown)
    definitions = whole.get("$defs", {})
    required = set(whole.get("required", ()))
    rows = []
    for name, field in whole.get("properties", {}).items():
        default = "" if name in required else f", default {json_text(plain(field.get('default')))}"
        mark = f", redact {field['redact']}" if "redact" in field else ""
        words = f"{_kind(field, definitions)}{mark}{default}"
        rows.append((f"  {name}", words, str(field.get("description", ""))))
    return rows


def _kind(field: dict[str, Any], definitions: dict[str, Any]) -> str:
    """Return what a value of a field is, in a few words."""
    if "$ref" in field:
        return _kind(definitions.get(field["$ref"].rpartition("/")[2], {}), definitions)
    choices = field.get("enum", [field["const"]] if "const" in field else [])
    if choices:
        return " | ".join(json_text(plain(value)) for value in choices)
    if "anyOf" in field:
        parts = field["anyOf"]
        is_quantity = parts == QUANTITY
        kinds = ["quantity"] if is_quantity else [_kind(part, definitions) for part in parts]
        return f"{' | '.join(kinds)}{_bounds(field)}"
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}), definitions)}"
    if field.get("type") == "object":
        return _mapping(field, definitions)
    matching = f" matching {field['pattern']}" if "pattern" in field else ""
    return f"{field.get('format') or field.get('type', 'any')}{matching}{_bounds(field)}"


def _mapping(field: dict[str, Any], definitions: dict[str, Any]) -> str:
    values = field.get("additionalProperties")
    if isinstance(values, dict):
        return f"mapping of {_kind(values, definitions)}"
    return f"{{{', '.join(field.get('properties', ()))}}}"


def _bounds(field: dict[str, Any]) -> str:
    found = [
        f"{sign} {json_text(plain(field[name]))}" for name, sign in _BOUNDS.items() if name in field
    ]
    return f" {' and '.join(found)}" if found else ""
