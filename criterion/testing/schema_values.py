"""Schema values: hypothesis strategies for what a core schema accepts, made by construction.

Whatever a schema says by constraints is built in; nothing is drawn and thrown away but for
patterns with a length, and for validators that an author wrote as functions.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import SchemaError, SchemaValidator

from criterion.errors import DefinitionError, Problem
from criterion.nodes import Node
from criterion.quantity import UNLIMITED
from criterion.testing.grid import Grid, grid_of
from criterion.testing.schema_nodes import (
    Path,
    Schemas,
    alternatives,
    dotted,
    fields_of,
    inner_of,
    is_quantity,
    optional_keys,
)
from criterion.text import code

Values = st.SearchStrategy[Any]

ITEMS_MORE: Final = 4
"""How many items more than it must have a list gets at most, where its schema sets no end."""

TEXT_MORE: Final = 12
"""How many characters more than it must have a text gets at most."""

NEAR: Final = 1_000
"""How many steps from 0, or from a bound, most numbers are."""

_KEYS: Final = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8)


class SchemaValues:
    """Makes strategies for one schema.

    Attributes:
        schemas: The schema.
        hints: Texts, numbers and dates that a decision compares with; mixed in wherever a field
            accepts them.
        given: Strategies for the fields at certain paths, in place of the schema's.
    """

    def __init__(
        self, schemas: Schemas, hints: Iterable[Any] = (), given: Mapping[str, Values] | None = None
    ) -> None:
        """Take a schema; nothing is made yet."""
        self.schemas = schemas
        self.hints = tuple(hints)
        self.given = dict(given or {})
        self._refs: dict[str, Values] = {}

    def all(self) -> Values:
        """Return the strategy for the whole schema."""
        return self.of(self.schemas.root, ())

    def of(self, node: Node, path: Path) -> Values:
        """Return the strategy for a node at a path."""
        own = self.given.get(dotted(path))
        if own is not None:
            return own
        if is_quantity(node):
            inner = self.of({"type": "union", "choices": alternatives(node)}, path)
            return st.one_of(inner, st.just(UNLIMITED))
        make = self._MAKERS.get(node["type"])
        if make is not None:
            return make(self, node, path)
        grid = grid_of(node)
        if grid is not None:
            return self._on_grid(grid, node, path)
        problem = Problem(dotted(path) or "the schema", f"cannot draw {code(node['type'])}", _HINT)
        raise DefinitionError("a strategy for facts", [problem])

    def _on_grid(self, grid: Grid, node: Node, path: Path) -> Values:
        if grid.first > grid.last:
            problem = Problem(dotted(path), "the bounds leave no value between them")
            raise DefinitionError("a strategy for facts", [problem])
        near = min(max(0, grid.first), grid.last)
        low, high = max(grid.first, near - NEAR), min(grid.last, near + NEAR)
        numbers = st.one_of(st.integers(low, high), st.integers(grid.first, grid.last)).map(
            lambda number: grid.value(Fraction(number) * grid.step)
        )
        return self._with_hints(numbers, node)

    def _with_hints(self, strategy: Values, node: Node) -> Values:
        """Mix in what the decision compares with, where the schema accepts it."""
        fitting = [hint for hint in self.hints if accepts(node, hint)]
        return st.one_of(strategy, st.sampled_from(fitting)) if fitting else strategy

    def _text(self, node: Node, path: Path) -> Values:
        least = node.get("min_length") or 0
        most = node.get("max_length")
        if node.get("pattern") is None:
            size = least + TEXT_MORE if most is None else min(most, least + TEXT_MORE)
            made = st.text(min_size=least, max_size=size)
        else:
            made = _matching(str(getattr(node["pattern"], "pattern", node["pattern"])), path)
        if {"pattern", "strip_whitespace", "to_lower", "to_upper"} & node.keys():
            made = made.filter(lambda text: accepts(node, text))
        return self._with_hints(made, node)

    def _boolean(self, _: Node, __: Path) -> Values:
        return st.booleans()

    def _nothing(self, _: Node, __: Path) -> Values:
        return st.none()

    def _anything(self, _: Node, __: Path) -> Values:
        return st.one_of(st.none(), st.booleans(), st.integers(-NEAR, NEAR), st.text(max_size=5))

    def _literal(self, node: Node, _: Path) -> Values:
        return st.sampled_from(list(node["expected"]))

    def _enum(self, node: Node, _: Path) -> Values:
        plain = [member.value for member in node["members"]]
        usable = all(accepts(node, value) for value in plain)
        return st.sampled_from(plain if usable else list(node["members"]))

    def _nullable(self, node: Node, path: Path) -> Values:
        return st.one_of(st.none(), self.of(node["schema"], path))

    def _inner(self, node: Node, path: Path) -> Values:
        required = node.get("metadata", {}).get("criterion_required_keys")
        if required:
            return self._open(self._bare_dict(node), path, required)
        return self.of(inner_of(node), path)

    def _bare_dict(self, node: Node) -> Node:
        while node["type"] != "dict":
            node = node["schema"]
        return node

    def _union(self, node: Node, path: Path) -> Values:
        return st.one_of([self.of(choice, path) for choice in alternatives(node)])

    def _items(self, node: Node, path: Path) -> Values:
        least, most = _sizes(node)
        item = self.of(node["items_schema"], (*path, "*")) if "items_schema" in node else st.none()
        return st.lists(item, min_size=least, max_size=most)

    def _unique(self, node: Node, path: Path) -> Values:
        least, most = _sizes(node)
        item = self.of(node["items_schema"], (*path, "*"))
        return st.frozensets(item, min_size=least, max_size=most).map(
            frozenset if node["type"] == "frozenset" else set
        )

    def _tuple(self, node: Node, path: Path) -> Values:
        items = [self.of(part, (*path, "*")) for part in node["items_schema"]]
        many = node.get("variadic_item_index")
        if many is None:
            return st.tuples(*items)
        least, most = _sizes(node)
        fixed = len(items) - 1
        rest = st.lists(items[many], min_size=max(0, least - fixed), max_size=max(0, most - fixed))
        before, after = items[:many], items[many + 1 :]
        return st.tuples(st.tuples(*before), rest, st.tuples(*after)).map(
            lambda parts: (*parts[0], *parts[1], *parts[2])
        )

    def _dict(self, node: Node, path: Path) -> Values:
        return self._open(node, path, ())

    def _open(self, node: Node, path: Path, required: Iterable[str]) -> Values:
        least, most = _sizes(node)
        keys = self._key(node.get("keys_schema", {"type": "any"}), path)
        value = self.of(node.get("values_schema", {"type": "any"}), (*path, "*"))
        free = st.dictionaries(keys, value, min_size=least, max_size=most)
        needed = dict.fromkeys(required, value)
        return st.tuples(free, st.fixed_dictionaries(needed)).map(lambda two: two[0] | two[1])

    def _key(self, node: Node, path: Path) -> Values:
        bare = self.schemas.bare(node)
        is_open = bare["type"] == "any" or (bare["type"] == "str" and not _LIMITED & bare.keys())
        return self._with_hints(_KEYS, {"type": "str"}) if is_open else self.of(node, (*path, "*"))

    def _model(self, node: Node, path: Path) -> Values:
        fields = fields_of(self.schemas, node) or {}
        free = optional_keys(self.schemas, node)
        required: dict[str, Values] = {}
        optional: dict[str, Values] = {}
        for name, field in fields.items():
            kind = optional if name in free else required
            kind[name] = self.of(field, (*path, name))
        return st.fixed_dictionaries(required, optional=optional)

    def _reference(self, node: Node, path: Path) -> Values:
        ref = node["schema_ref"]
        if ref not in self._refs:
            self._refs[ref] = st.deferred(lambda: self._refs[f"{ref}/made"])
            self._refs[f"{ref}/made"] = self.of(self.schemas.definitions[ref], path)
        return self._refs[ref]

    def _uuid(self, _: Node, __: Path) -> Values:
        return st.uuids().map(str)

    def _time(self, _: Node, __: Path) -> Values:
        return st.times()

    def _duration(self, node: Node, _: Path) -> Values:
        low = {"min_value": node["ge"]} if "ge" in node else {}
        high = {"max_value": node["le"]} if "le" in node else {}
        return st.timedeltas(**low, **high)

    _MAKERS: Final[dict[str, Callable[["SchemaValues", Node, Path], Values]]] = {
        "str": _text,
        "bool": _boolean,
        "none": _nothing,
        "any": _anything,
        "literal": _literal,
        "enum": _enum,
        "nullable": _nullable,
        "default": _inner,
        "custom-error": _inner,
        "definitions": _inner,
        "function-after": _inner,
        "function-before": _inner,
        "function-wrap": _inner,
        "union": _union,
        "tagged-union": _union,
        "list": _items,
        "set": _unique,
        "frozenset": _unique,
        "tuple": _tuple,
        "dict": _dict,
        "model": _model,
        "model-fields": _model,
        "typed-dict": _model,
        "definition-ref": _reference,
        "uuid": _uuid,
        "time": _time,
        "timedelta": _duration,
    }


def accepts(node: Node, value: object) -> bool:
    """Whether the schema of one value accepts it as it is."""
    try:
        read = SchemaValidator(node).validate_python(value)
    except (ValidationError, SchemaError):
        return False
    return type(read) is type(value) or node["type"] == "enum"


def _sizes(node: Node) -> tuple[int, int]:
    least = node.get("min_length") or 0
    most = node.get("max_length")
    return least, least + ITEMS_MORE if most is None else min(most, least + ITEMS_MORE)


def _matching(pattern: str, path: Path) -> Values:
    """Return texts that match a pattern, without the line break that ``$`` allows in Python."""
    text = pattern
    if text.endswith("$") and not text.endswith(r"\$"):
        text = rf"{text[:-1]}\Z"
    try:
        return st.from_regex(re.compile(text), fullmatch=True)
    except re.error as error:
        problem = Problem(dotted(path), f"cannot draw texts that match {code(pattern)}", _HINT)
        raise DefinitionError("a strategy for facts", [problem]) from error


_LIMITED: Final = frozenset({"pattern", "min_length", "max_length"})
_HINT: Final = 'give a strategy of your own: `fields={"…": st.…}`'
