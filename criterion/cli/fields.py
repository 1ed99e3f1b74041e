"""Fields: a schema as lines that a person reads."""

from typing import Any

from pydantic import BaseModel

from criterion.json_text import json_text, plain

Row = tuple[str, str, str]


def field_lines(schema: type[BaseModel]) -> list[Row]:
    """Return name, kind and description of each field; a default stands behind the kind."""
    whole = schema.model_json_schema()
    definitions = whole.get("$defs", {})
    required = set(whole.get("required", ()))
    rows = []
    for name, field in whole.get("properties", {}).items():
        default = "" if name in required else f", default {json_text(plain(field.get('default')))}"
        words = f"{_kind(field, definitions)}{default}"
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
        return " | ".join(_kind(part, definitions) for part in field["anyOf"])
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}), definitions)}"
    if field.get("type") == "object":
        return _mapping(field, definitions)
    return f"{field.get('type', 'any')}{_bounds(field)}"


def _mapping(field: dict[str, Any], definitions: dict[str, Any]) -> str:
    values = field.get("additionalProperties")
    if isinstance(values, dict):
        return f"mapping of {_kind(values, definitions)}"
    return f"{{{', '.join(field.get('properties', ()))}}}"


def _bounds(field: dict[str, Any]) -> str:
    signs = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
    found = [
        f"{sign} {json_text(plain(field[name]))}" for name, sign in signs.items() if name in field
    ]
    return f" {' and '.join(found)}" if found else ""
