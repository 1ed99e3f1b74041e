"""Domains: which values a schema takes, as far as its core schema says so."""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from criterion.expression.schema_types import DEPTH_MAX, REQUIRED_KEYS, type_of_node
from criterion.expression.types import Kind
from criterion.nodes import Node
from criterion.strictness import DONE

Plain = str | int | Decimal | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The values that a field takes; wherever it cannot tell, more than those.

    Attributes:
        kind: The kind of value, but for null.
        nullable: Whether null is one of them.
        choices: The only values there are, or ``None``.
        least: Least number.
        most: Greatest number.
        is_above: Whether ``least`` itself is left out.
        is_below: Whether ``most`` itself is left out.
        multiple_of: What numbers are multiples of.
        length_min: Fewest characters, items or keys.
        length_max: Most of them, or ``None``.
        pattern: What texts match, or ``None``.
        item: Of a list its items, of an open mapping its values.
        fields: Of a closed mapping: the domain of each key.
        keys: Keys that are certain to be there: fields without a default, or of an open mapping.
        key_choices: Of an open mapping: the only keys there can be, or ``None``.
    """

    kind: Kind
    nullable: bool = False
    choices: tuple[Plain, ...] | None = None
    least: int | Decimal | None = None
    most: int | Decimal | None = None
    is_above: bool = False
    is_below: bool = False
    multiple_of: int | Decimal | None = None
    length_min: int = 0
    length_max: int | None = None
    pattern: str | None = None
    item: "Domain | None" = None
    fields: "Mapping[str, Domain] | None" = None
    keys: frozenset[str] = frozenset()
    key_choices: tuple[str, ...] | None = None


ANY: Final = Domain(kind="any", nullable=True)


def domain_of(root: Node) -> Domain:
    """Return the domain of a core schema."""
    definitions = {node["ref"]: node for node in root.get("definitions", ())}
    return _Walk(definitions).of(root, 0)


@dataclass(frozen=True, slots=True)
class _Walk:
    definitions: Mapping[str, Node]

    def of(self, node: Node, depth: int) -> Domain:
        read = _READERS.get(node["type"])
        if depth > DEPTH_MAX:
            made = ANY
        elif read is not None:
            made = read(self, node, depth + 1)
        else:
            made = self.of(node["schema"], depth) if "schema" in node else ANY
        keys = (node.get("metadata") or {}).get(REQUIRED_KEYS)
        return made if keys is None else replace(made, keys=frozenset(keys))

    def reference(self, node: Node, depth: int) -> Domain:
        return self.of(self.definitions[node["schema_ref"]], depth)

    def fields(self, node: Node, depth: int) -> Domain:
        given: dict[str, Node] = node["fields"]
        if node["type"] == "typed-dict" and not node.get("total", True):
            return ANY
        certain = {name for name, field in given.items() if field["schema"]["type"] != "default"}
        parts = {name: self.of(field["schema"], depth) for name, field in given.items()}
        return Domain(kind="mapping", fields=parts, keys=frozenset(certain))

    def optional(self, node: Node, depth: int) -> Domain:
        return replace(self.of(node["schema"], depth), nullable=True)

    def default(self, node: Node, depth: int) -> Domain:
        inner = self.of(node["schema"], depth)
        return replace(inner, nullable=True) if node.get("default", ...) is None else inner

    def union(self, node: Node, depth: int) -> Domain:
        if DONE in (node.get("metadata") or {}) and type_of_node(node).kind == "quantity":
            return Domain(kind="quantity")
        choices = node["choices"]
        branches = choices.values() if isinstance(choices, dict) else choices
        parts = [part[0] if isinstance(part, tuple) else part for part in branches]
        if _is_friendly(parts):
            return self.of(parts[0], depth)
        options = [self.of(part, depth) for part in parts]
        return options[0] if all(option == options[0] for option in options) else ANY

    def items(self, node: Node, depth: int) -> Domain:
        inner = node.get("items_schema") or {"type": "any"}
        if isinstance(inner, list):
            return ANY
        lengths = {"length_min": node.get("min_length", 0), "length_max": node.get("max_length")}
        return Domain(kind="list", item=self.of(inner, depth), **lengths)

    def mapping(self, node: Node, depth: int) -> Domain:
        keys = self.of(node.get("keys_schema") or {"type": "str"}, depth)
        if keys.kind != "text":
            return ANY
        choices = None if keys.choices is None else tuple(map(str, keys.choices))
        item = self.of(node.get("values_schema") or {"type": "any"}, depth)
        lengths = {"length_min": node.get("min_length", 0), "length_max": node.get("max_length")}
        return Domain(kind="mapping", item=item, key_choices=choices, **lengths)

    def literal(self, node: Node, _: int) -> Domain:
        return _of_choices(node["expected"])

    def enumeration(self, node: Node, _: int) -> Domain:
        return _of_choices(member.value for member in node["members"])

    def last(self, node: Node, depth: int) -> Domain:
        return self.of(node["steps"][-1], depth)

    def strict_part(self, node: Node, depth: int) -> Domain:
        return self.of(node["strict_schema"], depth)

    def python_part(self, node: Node, depth: int) -> Domain:
        return self.of(node["python_schema"], depth)


def _is_friendly(parts: list[Node]) -> bool:
    """Whether the second of two branches only reads other forms of the values of the first."""
    return len(parts) == 2 and parts[1]["type"] == "function-before"  # noqa: PLR2004 -- a pair


def _of_choices(values: Iterable[object]) -> Domain:
    plain = [value.value if isinstance(value, enum.Enum) else value for value in values]
    exact = [Decimal(repr(value)) if isinstance(value, float) else value for value in plain]
    present = tuple(value for value in exact if isinstance(value, str | int | Decimal))
    kinds = {_KINDS[type(value)] for value in present if type(value) in _KINDS}
    if len(kinds) != 1 or len(present) + (None in exact) < len(exact):
        return ANY
    return Domain(kind=kinds.pop(), choices=present, nullable=None in exact)


def _number(kind: Kind) -> Callable[[_Walk, Node, int], Domain]:
    def read(_: _Walk, node: Node, __: int) -> Domain:
        above, below = node.get("gt"), node.get("lt")
        return Domain(
            kind=kind,
            least=_exact(node.get("ge") if above is None else above),
            most=_exact(node.get("le") if below is None else below),
            is_above=above is not None,
            is_below=below is not None,
            multiple_of=_exact(node.get("multiple_of")),
        )

    return read


def _exact(bound: Any) -> int | Decimal | None:  # noqa: ANN401 -- a number, or nothing
    return Decimal(repr(bound)) if isinstance(bound, float) else bound


def _text(_: _Walk, node: Node, __: int) -> Domain:
    pattern = node.get("pattern")
    return Domain(
        kind="text",
        length_min=node.get("min_length", 0),
        length_max=node.get("max_length"),
        pattern=pattern if isinstance(pattern, str) else None,
    )


def _always(given: Domain) -> Callable[[_Walk, Node, int], Domain]:
    return lambda _, __, ___: given


_KINDS: Final[Mapping[type, Kind]] = MappingProxyType(
    {str: "text", int: "integer", Decimal: "number", bool: "boolean"}
)
_READERS: Final[Mapping[str, Callable[[_Walk, Node, int], Domain]]] = MappingProxyType(
    {
        "int": _number("integer"),
        "float": _number("number"),
        "decimal": _number("number"),
        "bool": _always(Domain(kind="boolean")),
        "str": _text,
        "uuid": _always(
            Domain(kind="text", pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        ),
        "date": _always(Domain(kind="date")),
        "datetime": _always(Domain(kind="datetime")),
        "none": _always(Domain(kind="null", nullable=True)),
        "any": _always(ANY),
        "definition-ref": _Walk.reference,
        "model-fields": _Walk.fields,
        "typed-dict": _Walk.fields,
        "nullable": _Walk.optional,
        "default": _Walk.default,
        "union": _Walk.union,
        "list": _Walk.items,
        "set": _always(ANY),
        "frozenset": _always(ANY),
        "dict": _Walk.mapping,
        "literal": _Walk.literal,
        "enum": _Walk.enumeration,
        "chain": _Walk.last,
        "lax-or-strict": _Walk.strict_part,
        "json-or-python": _Walk.python_part,
    }
)
"""What reads each kind of node; any other is what it wraps, or unknown."""
