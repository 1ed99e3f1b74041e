"""Schema types: what a pydantic model promises about its values, as the types of expressions."""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel

from criterion.expression.joins import joined
from criterion.expression.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    INTEGER,
    NULL,
    NUMBER,
    QUANTITY,
    TEXT,
    Type,
)
from criterion.nodes import Node, holds_model, is_foreign, passed_to
from criterion.redaction import METADATA_KEY
from criterion.strictness import DONE

REQUIRED_KEYS: Final = "criterion_required_keys"
"""Key in the metadata of a node: the keys that an open mapping is certain to have."""

TITLE: Final = "criterion_title"
"""Key in the metadata of a field whose class is not made yet: what people call its value."""

DEPTH_MAX: Final = 20
"""How deep types are followed; a model may hold itself."""

_VALUE: Final = ANY.non_null()


def type_of_schema(model: type[BaseModel]) -> Type:
    """Return the type of a model's values as plain data: a closed mapping of its fields.

    ``required`` names the fields without a default. Fields of unknown kinds are ``any``.
    """
    root: Any = model.__pydantic_core_schema__
    return type_of_node(root)


def type_of_node(root: Node) -> Type:
    """Return the type of a core schema's values as plain data."""
    definitions = {node["ref"]: node for node in root.get("definitions", ())}
    return _Walk(definitions).of(root, 0)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Walks one core schema."""

    definitions: Mapping[str, Node]

    def of(self, node: Node, depth: int) -> Type:
        """Return the type of the values that a node validates to."""
        read = _READERS.get(node["type"])
        if depth > DEPTH_MAX:
            made = ANY
        elif read is not None:
            made = read(self, node, depth + 1)
        else:
            inner = passed_to(node, self.definitions)
            made = _VALUE if inner is None else self.of(inner, depth + 1)
            if is_foreign(node) and not holds_model(node):
                made = _loose(made)
        return _marked(made, node.get("metadata") or {})

    def model(self, node: Node, depth: int) -> Type:
        inner = self.of(node["schema"], depth)
        titles = {
            name: field.title
            for name, field in getattr(node.get("cls"), "model_fields", {}).items()
            if field.title
        }
        if inner.fields is None or not titles:
            return inner
        fields = ((name, part._replace(title=titles.get(name))) for name, part in inner.fields)
        return inner._replace(fields=tuple(fields))

    def fields(self, node: Node, depth: int) -> Type:
        """Return the closed mapping of a model's fields, or of a typed dictionary's."""
        given: dict[str, Node] = node["fields"]
        is_total = node["type"] != "typed-dict" or node.get("total", True)
        parts = {name: self.field(field, depth) for name, field in given.items()}
        certain = {
            name
            for name, field in given.items()
            if field.get("required", is_total) and field["schema"]["type"] != "default"
        }
        if node["type"] == "typed-dict":
            absent = parts.keys() - certain
            parts = {
                name: part._replace(nullable=True) if name in absent else part
                for name, part in parts.items()
            }
        return Type(kind="mapping", fields=tuple(parts.items()), required=frozenset(certain))

    def field(self, node: Node, depth: int) -> Type:
        made = self.of(node["schema"], depth)
        title = (node.get("metadata") or {}).get(TITLE)
        return made if title is None else made._replace(title=title)

    def optional(self, node: Node, depth: int) -> Type:
        return self.of(node["schema"], depth)._replace(nullable=True)

    def default(self, node: Node, depth: int) -> Type:
        inner = self.of(node["schema"], depth)
        return inner._replace(nullable=True) if node.get("default", ...) is None else inner

    def union(self, node: Node, depth: int) -> Type:
        if node.get("metadata", {}).get(DONE) and _is_quantity(node):
            return QUANTITY
        choices = node["choices"]
        branches = choices.values() if isinstance(choices, dict) else choices
        parts = (part[0] if isinstance(part, tuple) else part for part in branches)
        return joined(self.of(part, depth) for part in parts) or _VALUE

    def items(self, node: Node, depth: int) -> Type:
        """Return the list that a list, tuple or set becomes."""
        inner = node.get("items_schema") or {"type": "any"}
        parts = inner if isinstance(inner, list) else [inner]
        return Type(kind="list", item=joined(self.of(part, depth) for part in parts))

    def mapping(self, node: Node, depth: int) -> Type:
        keys = self.of(node.get("keys_schema") or {"type": "str"}, depth)
        item = self.of(node.get("values_schema") or {"type": "any"}, depth)
        choices = keys.choices if keys.kind == "text" else None
        known = None if choices is None else tuple(str(choice) for choice in choices)
        made = Type(kind="mapping", item=item, key_choices=known)
        return made._replace(is_redacted=True) if keys.is_redacted else made

    def literal(self, node: Node, _: int) -> Type:
        return _of_choices(node["expected"])

    def enumeration(self, node: Node, _: int) -> Type:
        return _of_choices(member.value for member in node["members"])


def _loose(given: Type) -> Type:
    """Return what is left of a type behind a validator of an author's: what kind of value it is."""
    return given._replace(
        choices=None,
        minimum=None,
        maximum=None,
        key_choices=None,
        item=given.item and _loose(given.item),
        fields=given.fields and tuple((name, _loose(part)) for name, part in given.fields),
    )


def _marked(given: Type, metadata: Mapping[str, Any]) -> Type:
    if METADATA_KEY in metadata:
        given = given._replace(is_redacted=True)
    if REQUIRED_KEYS in metadata and given.fields is None:
        given = given._replace(required=frozenset(metadata[REQUIRED_KEYS]))
    return given


def _is_quantity(node: Node) -> bool:
    kinds = [part["type"] for part in node["choices"] if isinstance(part, dict)]
    return kinds == ["union", "function-plain"]


def _whole(_: _Walk, node: Node, __: int) -> Type:
    above, below = node.get("gt"), node.get("lt")
    least = node.get("ge") if above is None else above + 1
    most = node.get("le") if below is None else below - 1
    return INTEGER._replace(minimum=least, maximum=most)


def _number(_: _Walk, node: Node, __: int) -> Type:
    least, most = (
        _exact(node.get(closed), node.get(open_)) for closed, open_ in (("ge", "gt"), ("le", "lt"))
    )
    return NUMBER._replace(minimum=least, maximum=most)


def _exact(*bounds: object) -> int | Decimal | None:
    given = next((bound for bound in bounds if bound is not None), None)
    if isinstance(given, int | Decimal):
        return given
    return Decimal(repr(given)) if isinstance(given, float) else None


def _of_choices(values: Iterable[object]) -> Type:
    plain = [value.value if isinstance(value, enum.Enum) else value for value in values]
    return joined(map(_of_choice, plain)) or _VALUE


def _of_choice(value: object) -> Type:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, int | Decimal):
        kind = INTEGER if isinstance(value, int) else NUMBER
        return kind._replace(choices=(value,), minimum=value, maximum=value)
    return TEXT._replace(choices=(value,)) if isinstance(value, str) else _VALUE


def _always(given: Type) -> Callable[[_Walk, Node, int], Type]:
    return lambda _, __, ___: given


_READERS: Final[Mapping[str, Callable[[_Walk, Node, int], Type]]] = MappingProxyType(
    {
        "int": _whole,
        "float": _number,
        "decimal": _number,
        "bool": _always(BOOLEAN),
        "str": _always(TEXT),
        "uuid": _always(TEXT),
        "url": _always(TEXT),
        "multi-host-url": _always(TEXT),
        "date": _always(DATE),
        "datetime": _always(DATETIME),
        "none": _always(NULL),
        "any": _always(ANY),
        "model": _Walk.model,
        "model-fields": _Walk.fields,
        "typed-dict": _Walk.fields,
        "nullable": _Walk.optional,
        "default": _Walk.default,
        "union": _Walk.union,
        "tagged-union": _Walk.union,
        "list": _Walk.items,
        "tuple": _Walk.items,
        "set": _Walk.items,
        "frozenset": _Walk.items,
        "dict": _Walk.mapping,
        "literal": _Walk.literal,
        "enum": _Walk.enumeration,
    }
)
"""What reads each kind of node; any other is what it passes to, or unknown."""
