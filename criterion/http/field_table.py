"""The field table: what a JSON Schema asks for, field by field, as HTML for people."""

import json
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any, Final, TypeAlias

Schema: TypeAlias = Mapping[str, Any]
Find: TypeAlias = Callable[[Schema], Schema]

DEPTH_MAX: Final = 3
"""How deep fields of fields are shown; the JSON Schema below shows them all."""

_BOUNDS: Final = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "like {}",
}


def field_table(schema: Schema, find: Find) -> Iterator[str]:
    """Yield the lines of a table: name, type, meaning.

    Args:
        schema: Of an object.
        find: Returns the schema that one with a reference means.
    """
    rows = list(_rows(schema, find, "", DEPTH_MAX))
    if rows:
        yield "<table><tr><th>Field</th><th>Type</th><th>Meaning</th></tr>"
        yield from rows
        yield "</table>"


def _rows(schema: Schema, find: Find, before: str, depth: int) -> Iterator[str]:
    for name, given in schema.get("properties", {}).items():
        field = {**find(given), **given}
        cells = (
            f"<code>{escape(before + name)}</code>",
            escape(_kind(field, find)),
            escape(". ".join(_meanings(field, is_required=name in schema.get("required", ())))),
        )
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        inner = find(field.get("items", {})) if field.get("type") == "array" else field
        if depth > 1:
            sign = "[]." if inner is not field else "."
            yield from _rows(inner, find, f"{before}{name}{sign}", depth - 1)


def _kind(schema: Schema, find: Find) -> str:
    """Return ``text``, ``list of integer ≥ 0``, ``free or pro``."""
    found = {**find(schema), **schema}
    if "anyOf" in found:
        return " or ".join(dict.fromkeys(_kind(part, find) for part in found["anyOf"]))
    if "const" in found or "enum" in found:
        return " or ".join(map(_shown, found.get("enum", [found.get("const")])))
    kind = found.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(_kind({**found, "type": part}, find) for part in kind)
    if kind == "array":
        kind = f"list of {_kind(found.get('items', {}), find)}"
    elif kind == "object" and isinstance(found.get("additionalProperties"), Mapping):
        kind = f"names, each with {_kind(found['additionalProperties'], find)}"
    words = found.get("format") or {"string": "text", "object": "members"}.get(kind, kind)
    bounds = (sign.format(found[key]) for key, sign in _BOUNDS.items() if key in found)
    return ", ".join([words, *bounds])


def _meanings(field: Schema, *, is_required: bool) -> Iterator[str]:
    description = field.get("description")
    if description:
        yield description.rstrip(".")
    if "default" in field:
        yield f"Default: {_shown(field['default'])}"
    elif not is_required:
        yield "May be left out"


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
