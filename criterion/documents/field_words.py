"""The words of a field: which part of JSON Schema a document may use, and for which type."""

from decimal import Decimal
from typing import Any, Final

from criterion.documents.problems import Problems
from criterion.documents.yaml_text import Node
from criterion.text import code, did_you_mean, listing

TYPES: Final = ("integer", "number", "string", "boolean", "array", "object")
FORMATS: Final = ("date", "date-time", "decimal", "uuid")
BOUNDS: Final = {
    "minimum": "ge", "maximum": "le", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
}  # fmt: skip
"""Words that bound a number, and pydantic's names for them."""

_ANY: Final = frozenset({"default", "title", "description", "redact", "changeable"})
_OF: Final = {
    "integer": frozenset({"enum", "const", *BOUNDS}),
    "number": frozenset({"format", *BOUNDS}),
    "string": frozenset({"enum", "const", "minLength", "maxLength", "pattern", "format"}),
    "boolean": frozenset({"enum", "const"}),
    "array": frozenset({"items", "minItems", "maxItems"}),
    "object": frozenset({"properties", "required", "additionalProperties"}),
}
WORDS: Final = frozenset({"type", "$ref"}).union(_ANY, *_OF.values())
"""Every word that a field may have."""

_UNSUPPORTED: Final = {
    **dict.fromkeys(("anyOf", "oneOf", "allOf", "not"), "give the field one type"),
    **dict.fromkeys(("if", "then", "else", "dependentRequired", "dependentSchemas"),
                    "put the condition into a rule"),
    **dict.fromkeys(("$defs", "definitions", "$id", "$schema", "$anchor"), "write the type out"),
    **dict.fromkeys(("patternProperties", "propertyNames", "minProperties", "maxProperties"),
                    "use `additionalProperties` and `required`"),
    **dict.fromkeys(("contains", "uniqueItems", "prefixItems", "additionalItems"),
                    "use `items`, `minItems` and `maxItems`"),
    **dict.fromkeys(("nullable", "optional"), "write `default: null`"),
    **dict.fromkeys(("examples", "example", "$comment", "deprecated", "readOnly", "writeOnly"),
                    "put it into the `description`"),
}  # fmt: skip
_NULL_HINT: Final = "write `default: null` for a field that may be null"


def field_type(node: Node, problems: Problems) -> str | None:
    """Return a field's type, ``"quantity"`` included, or ``None`` after a problem.

    Words that are not of this language, or not of this type, are noted.
    """
    members = node.members or {}
    unknown = [word for word in members if word not in WORDS]
    for word in unknown:
        _unknown(word, node.keys[word].start, problems)
    if "$ref" in members:
        return _reference(node, problems)
    if "type" not in members:
        kind = _type_of_choices(members)
        if kind is None and not unknown:
            hint = f"the types are {listing(map(code, TYPES))}, or `$ref: quantity`"
            problems.add(node.start, "`type` is missing", hint)
    else:
        kind = _named(members["type"], problems)
    if kind is not None:
        _fit(kind, node, problems)
    return kind


def _unknown(word: str, at: int, problems: Problems) -> None:
    if word in _UNSUPPORTED:
        message = f"{code(word)} of JSON Schema is not supported"
        problems.add(at, message, _UNSUPPORTED[word])
    else:
        hint = did_you_mean(word, WORDS) or "a field has a `type`, and words that narrow it"
        problems.add(at, f"{code(word)} is not a word for a field", hint)


def _reference(node: Node, problems: Problems) -> str | None:
    target = (node.members or {})["$ref"]
    if target.value != "quantity":
        hint = "the only one is `quantity`; write other types out"
        problems.add(target.start, "this reference is not known", hint)
        return None
    for word in node.keys.keys() & WORDS - _ANY - {"$ref", *BOUNDS}:
        problems.add(node.keys[word].start, f"{code(word)} does not go with `$ref: quantity`")
    return "quantity"


def _named(node: Node, problems: Problems) -> str | None:
    if node.is_broken or node.value in TYPES:
        return None if node.is_broken else str(node.value)
    if node.items is not None:
        problems.add(node.start, "a field has one type, not a list of them", _NULL_HINT)
    elif node.value == "null" or node.value is None:
        problems.add(node.start, "`null` is not a type of its own", _NULL_HINT)
    else:
        shown = str(node.value)
        hint = _SYNONYMS.get(shown.lower()) or did_you_mean(shown, TYPES)
        hint = hint or f"the types are {listing(map(code, TYPES))}"
        problems.add(node.start, f"{code(shown)} is not a type", hint)
    return None


_SYNONYMS: Final = {
    **dict.fromkeys(("int", "whole", "long"), "write `integer`"),
    **dict.fromkeys(("float", "double", "decimal", "money"), "write `number`"),
    **dict.fromkeys(("str", "text", "varchar"), "write `string`"),
    "bool": "write `boolean`",
    **dict.fromkeys(("list", "tuple", "set"), "write `array`"),
    **dict.fromkeys(("dict", "map", "mapping", "hash"), "write `object`"),
    **dict.fromkeys(("date", "uuid"), "write `type: string` and `format: …`"),
    **dict.fromkeys(("datetime", "timestamp"), "write `type: string` and `format: date-time`"),
    "quantity": "write `$ref: quantity`",
    **dict.fromkeys(("enum", "choice", "literal"), "list the values: `enum: [a, b]`"),
}


def _type_of_choices(members: dict[str, Node]) -> str | None:
    """Return the type of a field that only lists its values."""
    node = members.get("enum") or members.get("const")
    if node is None:
        return None
    value: Any = node.value[0] if isinstance(node.value, list) and node.value else node.value
    if isinstance(value, bool):
        return "boolean"
    return "integer" if isinstance(value, int) else "string"


def _fit(kind: str, node: Node, problems: Problems) -> None:
    allowed = _OF[kind] | _ANY | {"type"}
    for word, key in node.keys.items():
        if word in allowed or word not in WORDS:
            continue
        kinds = listing(code(name) for name, words in _OF.items() if word in words)
        problems.add(key.start, f"{code(word)} does not go with {code(kind)}", f"it is for {kinds}")


def number_of(node: Node, problems: Problems, word: str, *, is_whole: bool) -> int | Decimal | None:
    """Return a number, or ``None`` after a problem."""
    value = node.value
    if node.is_broken:
        return None
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if is_number and (not is_whole or value == int(value)):
        return int(value) if is_whole else value
    noun = "a whole number" if is_whole else "a number"
    problems.add(node.start, f"{code(word)} must be {noun}")
    return None


def length_of(node: Node, problems: Problems, word: str) -> int | None:
    """Return a length, or ``None`` after a problem."""
    number = number_of(node, problems, word, is_whole=True)
    if number is not None and number < 0:
        problems.add(node.start, f"{code(word)} must be at least 0")
        return None
    return None if number is None else int(number)
