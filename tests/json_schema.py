"""A small reading of JSON Schema: whether a JSON value is what a schema describes."""

import re
from typing import Any, Final

_TYPES: Final[dict[str, type | tuple[type, ...]]] = {
    "integer": int,
    "number": (int, float),
    "string": str,
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}


def fits(value: object, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether the value is valid, by the keywords that our schemas use."""
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    return (
        ("anyOf" not in schema or any(fits(value, part, root) for part in schema["anyOf"]))
        and ("const" not in schema or value == schema["const"])
        and ("enum" not in schema or value in schema["enum"])
        and ("type" not in schema or _is(value, schema["type"]))
        and _in_bounds(value, schema)
        and _items_fit(value, schema, root)
        and _members_fit(value, schema, root)
    )


def _is(value: object, kind: str | list[str]) -> bool:
    if isinstance(kind, list):
        return any(_is(value, each) for each in kind)
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _in_bounds(value: object, schema: dict[str, Any]) -> bool:
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    if not isinstance(value, int | float):
        return True
    return (
        value >= schema.get("minimum", value)
        and value <= schema.get("maximum", value)
        and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
        and ("exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"])
    )


def _items_fit(value: object, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    if not isinstance(value, list):
        return True
    heads = schema.get("prefixItems", [])
    rest = schema.get("items", {})
    return (
        schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        and all(fits(item, part, root) for item, part in zip(value, heads, strict=False))
        and (rest is not False)
        and all(fits(item, rest, root) for item in value[len(heads) :])
    )


def _members_fit(value: object, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    if not isinstance(value, dict):
        return True
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    return all(name in value for name in schema.get("required", ())) and all(
        fits(item, known[name], root) if name in known else _may_stand(item, others, root)
        for name, item in value.items()
    )


def _may_stand(item: object, others: bool | dict[str, Any], root: dict[str, Any]) -> bool:  # noqa: FBT001 -- as JSON Schema has it
    return others if isinstance(others, bool) else fits(item, others, root)
