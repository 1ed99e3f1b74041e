"""Domains: which values a schema takes, as far as its core schema says so."""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from pydantic_core import SchemaError, SchemaValidator, ValidationError

from criterion.expression.schema_types import DEPTH_MAX, REQUIRED_KEYS, type_of_node
from criterion.expression.types import Kind
from criterion.nodes import Node, is_models_own, is_remade, passed_to
from criterion.strictness import DONE

Plain = str | int | Decimal | bool

Kept: TypeAlias = Literal["all", "kind", "nothing"]
"""What of a domain is certain of the values that rules see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The values that a field takes; wherever it cannot tell, more than those.

    Those that rules see are others where a validator of an author's makes them.

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
        has_more: Whether the schema asks more of values than is said here, and may refuse some.
        kept: What of this holds of the values that rules see.
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
    has_more: bool = False
    kept: Kept = "all"

    @property
    def seen(self) -> "Domain":
        """The values that rules see."""
        if self.kept == "all":
            return self
        if self.kept == "nothing":
            return UNTOLD
        keys = frozenset[str]() if self.fields is None else self.keys
        return Domain(
            kind=self.kind, nullable=self.nullable, item=self.item, fields=self.fields, keys=keys
        )

    def parts(self) -> "Iterator[Domain]":
        """Yield the domain, and all that are inside it."""
        yield self
        inner = () if self.item is None else (self.item,)
        for part in (*inner, *(self.fields or {}).values()):
            yield from part.parts()

    def keeping(self, kept: Kept) -> "Domain":
        """Return the domain of values of which rules see no more than this, and inside them."""
        return replace(
            self,
            has_more=True,
            kept=min(self.kept, kept, key=_KEPT.index),
            item=None if self.item is None else self.item.keeping(kept),
            fields=self.fields and {name: part.keeping(kept) for name, part in self.fields.items()},
        )


_KEPT: Final[tuple[Kept, ...]] = ("nothing", "kind", "all")
ANY: Final = Domain(kind="any", nullable=True)
UNTOLD: Final = replace(ANY, has_more=True)


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
            made = UNTOLD
        elif read is not None:
            made = read(self, node, depth + 1)
        else:
            inner = passed_to(node, self.definitions)
            made = UNTOLD if inner is None else self.of(inner, depth + 1)
            if is_remade(node):
                is_closed = any(part.fields is not None for part in made.parts())
                is_sure = is_models_own(node) or not is_closed
                made = made.keeping("kind" if is_sure else "nothing")
        keys = (node.get("metadata") or {}).get(REQUIRED_KEYS)
        return made if keys is None else replace(made, keys=frozenset(keys))

    def fields(self, node: Node, depth: int) -> Domain:
        given: dict[str, Node] = node["fields"]
        is_total = node["type"] != "typed-dict" or node.get("total", True)
        certain = {
            name
            for name, field in given.items()
            if field.get("required", is_total) and field["schema"]["type"] != "default"
        }
        parts = {name: self.of(field["schema"], depth) for name, field in given.items()}
        made = Domain(kind="mapping", fields=parts, keys=frozenset(certain))
        if node["type"] == "typed-dict" and certain != parts.keys():
            return made.keeping("nothing")  # a key that is not there is neither null nor a value
        return made

    def optional(self, node: Node, depth: int) -> Domain:
        return replace(self.of(node["schema"], depth), nullable=True)

    def default(self, node: Node, depth: int) -> Domain:
        inner = self.of(node["schema"], depth)
        if node.get("default", ...) is None:
            return replace(inner, nullable=True)
        return inner if _is_default_fit(node) else inner.keeping("kind")

    def union(self, node: Node, depth: int) -> Domain:
        if DONE in (node.get("metadata") or {}) and type_of_node(node).kind == "quantity":
            return Domain(kind="quantity")
        choices = node["choices"]
        branches = choices.values() if isinstance(choices, dict) else choices
        parts = [part[0] if isinstance(part, tuple) else part for part in branches]
        if _is_friendly(parts):
            return self.of(parts[0], depth)
        options = [self.of(part, depth) for part in parts]
        return options[0] if all(option == options[0] for option in options) else UNTOLD

    def items(self, node: Node, depth: int) -> Domain:
        inner = node.get("items_schema") or {"type": "any"}
        if isinstance(inner, list):
            return UNTOLD
        lengths = {"length_min": node.get("min_length", 0), "length_max": node.get("max_length")}
        return Domain(kind="list", item=self.of(inner, depth), **lengths)

    def mapping(self, node: Node, depth: int) -> Domain:
        keys = self.of(node.get("keys_schema") or {"type": "str"}, depth)
        if keys.kind != "text":
            return UNTOLD
        choices = None if keys.choices is None else tuple(map(str, keys.choices))
        item = self.of(node.get("values_schema") or {"type": "any"}, depth)
        lengths = {"length_min": node.get("min_length", 0), "length_max": node.get("max_length")}
        return Domain(kind="mapping", item=item, key_choices=choices, **lengths)

    def literal(self, node: Node, _: int) -> Domain:
        return _of_choices(node["expected"])

    def enumeration(self, node: Node, _: int) -> Domain:
        return _of_choices(member.value for member in node["members"])


def _is_default_fit(node: Node) -> bool:
    """Whether a default is sure to be what its schema takes."""
    if node.get("validate_default"):
        return True
    default = node.get("default", ...)
    try:
        made = SchemaValidator(node["schema"]).validate_python(default)
    except (SchemaError, ValidationError):
        return False
    return type(made) is type(default) and made == default


def _is_friendly(parts: list[Node]) -> bool:
    """Whether the second of two branches only reads other forms of the values of the first."""
    if len(parts) != 2 or parts[1]["type"] != "function-before":  # noqa: PLR2004 -- a pair
        return False
    one, two = parts[0], parts[1]["schema"]
    return all(one.get(key) == two.get(key) for key in (one.keys() | two.keys()) - {"strict"})


def _of_choices(values: Iterable[object]) -> Domain:
    plain = [value.value if isinstance(value, enum.Enum) else value for value in values]
    exact = [Decimal(repr(value)) if isinstance(value, float) else value for value in plain]
    present = tuple(value for value in exact if isinstance(value, str | int | Decimal))
    kinds = {_KINDS[type(value)] for value in present if type(value) in _KINDS}
    if len(kinds) != 1 or len(present) + (None in exact) < len(exact):
        return UNTOLD
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
            has_more=not _DIGITS.isdisjoint(node),
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
        has_more=not isinstance(pattern, str | None),
    )


def _day(kind: Kind) -> Callable[[_Walk, Node, int], Domain]:
    return lambda _, node, __: Domain(kind=kind, has_more=not _DAY_BOUNDS.isdisjoint(node))


def _always(given: Domain) -> Callable[[_Walk, Node, int], Domain]:
    return lambda _, __, ___: given


_DIGITS: Final = frozenset({"max_digits", "decimal_places"})
_DAY_BOUNDS: Final = frozenset({"ge", "gt", "le", "lt", "now_op"})
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
        "date": _day("date"),
        "datetime": _day("datetime"),
        "none": _always(Domain(kind="null", nullable=True)),
        "any": _always(ANY),
        "model-fields": _Walk.fields,
        "typed-dict": _Walk.fields,
        "nullable": _Walk.optional,
        "default": _Walk.default,
        "union": _Walk.union,
        "list": _Walk.items,
        "dict": _Walk.mapping,
        "literal": _Walk.literal,
        "enum": _Walk.enumeration,
    }
)
"""What reads each kind of node; any other is what it passes to, or unknown."""
