"""Schema nodes: core schemas as facts see them, without what only makes them strict and frozen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from criterion.nodes import Node
from criterion.testing.grid import Grid, grid_of, place_of

Path = tuple[str | int, ...]
"""Where a value is in facts: keys and positions."""


@dataclass(frozen=True, slots=True)
class Schemas:
    """A core schema and its definitions."""

    root: Node
    definitions: Mapping[str, Node]

    def bare(self, node: Node) -> Node:
        """Return what a node accepts, without defaults, null, and functions around it."""
        while True:
            if node["type"] == "definition-ref":
                node = self.definitions[node["schema_ref"]]
            elif node["type"] == "union":
                choices = alternatives(node)
                if len(choices) != 1:
                    return node
                node = choices[0]
            elif node["type"] == "definitions" or (node["type"] in _WRAPPERS and "schema" in node):
                node = node["schema"]
            else:
                return node


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number or a date in facts that can be moved.

    Attributes:
        path: Where it is.
        grid: What it may be.
        start: Where it stands now.
    """

    path: Path
    grid: Grid
    start: Any


_BOUNDS = ("ge", "gt", "le", "lt", "multiple_of")
_WRAPPERS = frozenset(
    {"custom-error", "default", "nullable", "function-after", "function-before", "function-wrap",
     "model-field"}
)  # fmt: skip


def schemas_of(model: Any) -> Schemas:  # noqa: ANN401 -- a schema class
    """Return the core schema of a class."""
    node: Node = model.__pydantic_core_schema__
    definitions = {part["ref"]: part for part in node.get("definitions", ())}
    return Schemas(node["schema"] if node["type"] == "definitions" else node, definitions)


def inner_of(node: Node) -> Node:
    """Return what a function stands around, with the bounds that the function checks."""
    function = node["function"]["function"] if "function" in node else None
    keywords = getattr(function, "keywords", None) or {}
    bounds = {key: keywords[key] for key in _BOUNDS if key in keywords}
    inner: Node = node["schema"]
    return _bounded(inner, bounds) if bounds else inner


def _bounded(node: Node, bounds: Mapping[str, Any]) -> Node:
    """Return a schema whose numbers have more bounds; unlimited stays where there is no end."""
    if node["type"] in {"int", "decimal", "float"}:
        return {**node, **bounds}
    if node["type"] == "union":
        is_ended = is_quantity(node) and not {"le", "lt", "multiple_of"}.isdisjoint(bounds)
        choices = alternatives(node) if is_ended else node["choices"]
        return {**node, "choices": [_bounded(each, bounds) for each in choices]}
    return {**node, "schema": _bounded(node["schema"], bounds)} if "schema" in node else node


def alternatives(node: Node) -> list[Node]:
    """Return the schemas of a union, without those that only read another form of the same."""
    if node["type"] == "tagged-union":
        return list(node["choices"].values())
    found = [part[0] if isinstance(part, tuple) else part for part in node["choices"]]
    if node.get("mode") == "left_to_right" and len(found) > 1:
        found = [found[0], *(part for part in found[1:] if not _reads_again(part, found[0]))]
    return found


def is_quantity(node: Node) -> bool:
    """Whether a schema is a number that may be unlimited."""
    return node["type"] == "union" and any(
        part["type"] == "function-plain"
        and part["function"]["function"].__name__ == "_read_quantity"
        for part in (each[0] if isinstance(each, tuple) else each for each in node["choices"])
    )


def fields_of(schemas: Schemas, node: Node) -> Mapping[str, Node] | None:
    """Return the schemas of a mapping's keys as facts name them, or ``None`` for other schemas."""
    node = _holding_fields(schemas, node)
    if node["type"] not in _WITH_FIELDS:
        return None
    return {_key(name, field): field["schema"] for name, field in node["fields"].items()}


def optional_keys(schemas: Schemas, node: Node) -> frozenset[str]:
    """Return the keys of a mapping that facts may leave out."""
    node = _holding_fields(schemas, node)
    if node["type"] not in _WITH_FIELDS:
        return frozenset()
    is_total = node["type"] == "model-fields" or node.get("total", True)
    return frozenset(
        _key(name, field)
        for name, field in node["fields"].items()
        if field["schema"]["type"] == "default" or not field.get("required", is_total)
    )


_WITH_FIELDS: Final = frozenset({"model-fields", "typed-dict"})


def _holding_fields(schemas: Schemas, node: Node) -> Node:
    node = schemas.bare(node)
    while node["type"] in {"model", "dataclass"} or node["type"] in _WRAPPERS:
        node = schemas.bare(node["schema"])
    return node


def leaves(schemas: Schemas, node: Node, value: Any, path: Path = ()) -> Iterator[Leaf]:  # noqa: ANN401
    """Yield the numbers and dates in facts that can be moved; absent ones from their default."""
    fields = fields_of(schemas, node)
    if fields is not None:
        present = value if isinstance(value, Mapping) else {}
        for name, field in fields.items():
            given = present[name] if name in present else field.get("default")
            yield from leaves(schemas, field, given, (*path, name))
        return
    bare = schemas.bare(node)
    if bare["type"] in {"list", "set", "frozenset", "tuple"} and isinstance(value, list | tuple):
        items = bare["items_schema"]
        for position, item in enumerate(value):
            part = items[min(position, len(items) - 1)] if isinstance(items, list) else items
            yield from leaves(schemas, part, item, (*path, position))
    elif bare["type"] == "dict" and isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(schemas, bare["values_schema"], item, (*path, key))
    else:
        yield from _leaf(bare, value, path)


def replaced(value: Any, path: Path, new: object) -> Any:  # noqa: ANN401 -- any plain data
    """Return facts with one value replaced."""
    if not path:
        return new
    step, *rest = path
    if isinstance(value, Mapping):
        return {**value, step: replaced(value.get(step), tuple(rest), new)}
    if isinstance(value, list | tuple) and isinstance(step, int):
        changed = list(value)
        changed[step] = replaced(changed[step], tuple(rest), new)
        return changed if isinstance(value, list) else tuple(changed)
    return {step: replaced(None, tuple(rest), new)}


def dotted(path: Path) -> str:
    """Return a path as people write it: ``items[0].quantity``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _leaf(bare: Node, value: Any, path: Path) -> Iterator[Leaf]:  # noqa: ANN401
    choices = [bare]
    while choices[0]["type"] == "union":
        choices = alternatives(choices[0])
    for choice in reversed(choices):  # the widest kind of number comes last: `int | Decimal`
        grid = grid_of(choice)
        if grid is None or grid.first > grid.last:
            continue
        try:
            place = place_of(value)
        except ValueError:
            place = grid.nearest(grid.step * 0)
        yield Leaf(path, grid, grid.value(place) if place == grid.nearest(place) else value)
        return


def _reads_again(part: Node, first: Node) -> bool:
    """Whether a choice is the first one again, behind a function that reads other forms of it."""
    if part["type"] == "function-plain":
        return True
    return bool(part["type"] == "function-before" and part["schema"]["type"] == first["type"])


def _key(name: str, field: Node) -> str:
    alias = field.get("validation_alias", name)
    while isinstance(alias, list):
        alias = alias[0]
    return str(alias)
