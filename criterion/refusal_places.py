"""Places of refusals: pydantic's locations, which name union branches, as paths people know."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from criterion.nodes import Node
from criterion.redaction import METADATA_KEY
from criterion.text import one_line
from criterion.views import CACHED_SCHEMAS_MAX

REMEMBERED_MAX: Final = 256
"""How many places of errors are remembered per schema before that starts anew."""

REMEMBERED_LENGTH_MAX: Final = 200
"""Longest place that is remembered, in characters; unknown keys can be long."""


class Place(NamedTuple):
    """Where pydantic's location really is."""

    path: str
    unions: tuple[tuple[str, str], ...]  # the unions on the way: where, and which branch complained
    siblings: tuple[str, ...]  # known keys beside the last part

    @property
    def group(self) -> str:
        """The path of the outermost union, where there is one."""
        return self.unions[0][0] if self.unions else self.path

    @property
    def branch(self) -> str:
        """The branch of that union."""
        return self.unions[0][1] if self.unions else ""


_Location = tuple[int | str, ...]


class Places:
    """Walks a core schema along pydantic's locations, which name union branches beside keys."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._definitions = {node["ref"]: node for node in root.get("definitions", ())}
        self._found: dict[_Location, Place] = {}

    def find(self, location: _Location) -> Place:
        """Return the dotted path without branches, cut at the first marked field."""
        place = self._found.get(location)
        if place is None:
            place = self._walk(location)
            if sum(len(str(step)) for step in location) <= REMEMBERED_LENGTH_MAX:
                if len(self._found) >= REMEMBERED_MAX:
                    self._found.clear()
                self._found[location] = place
        return place

    def _walk(self, location: _Location) -> Place:
        node: Node | None = self._root
        parts: list[str] = []
        unions: list[tuple[str, str]] = []
        siblings: tuple[str, ...] = ()
        for step in location:
            node, is_marked = self._resolve(node)
            if is_marked:
                return Place(_dotted(parts), tuple(unions), ())
            if node is not None and node["type"] in {"union", "tagged-union"}:
                unions.append((_dotted(parts), str(step)))
                node = self._branch(node, step)
                continue
            if step == "[key]":
                continue
            parts.append(str(step))
            node, siblings = _below(node, step)
        return Place(_dotted(parts), tuple(unions), siblings)

    def _resolve(self, node: Node | None) -> tuple[Node | None, bool]:
        """Step through wrappers that leave no trace in a location."""
        is_marked = False
        while node is not None:
            is_marked = is_marked or METADATA_KEY in node.get("metadata", {})
            if node["type"] == "definition-ref":
                node = self._definitions.get(node["schema_ref"])
            elif node["type"] == "chain":
                node = node["steps"][-1]
            elif node["type"] in _TWOFOLD:
                node = node[_TWOFOLD[node["type"]]]
            elif node["type"] not in _STOPS and isinstance(node.get("schema"), dict):
                node = node["schema"]
            else:
                break
        return node, is_marked

    def _branch(self, node: Node, label: int | str) -> Node | None:
        """Return the branch of a union that a location names, as far as the label tells."""
        if node["type"] == "tagged-union":
            found = node["choices"].get(label)
            return found if isinstance(found, dict) else None
        for fits in _LIKENESSES:
            for choice in node["choices"]:
                named = isinstance(choice, tuple | list)
                part: Node = choice[0] if named else choice
                core: Node = self._definitions.get(part.get("schema_ref", ""), part)
                title = getattr(core.get("cls"), "__name__", "")
                names = (named and choice[1], title, core["type"])
                if any(known and fits(str(label), known) for known in names):
                    return part
        return None


_LIKENESSES: Final = (str.__eq__, str.startswith, str.endswith)
"""How a label says what it stands for: ``int``, ``list[…]``, ``constrained-int``."""


@lru_cache(CACHED_SCHEMAS_MAX)
def places_of(schema: type[BaseModel]) -> Places:
    """Return what finds the places of a schema's refusals."""
    root: Any = schema.__pydantic_core_schema__
    return Places(root)


_TWOFOLD: Final = {"json-or-python": "python_schema", "lax-or-strict": "lax_schema"}
_STOPS: Final = frozenset({"union", "tagged-union", "list", "tuple", "dict", "model-fields"})


def _fields(node: Node) -> dict[str, Node] | None:
    """Return the fields of a model, or of a named tuple, which has a list of them."""
    fields: Any = node.get("fields")
    return {field["name"]: field for field in fields} if isinstance(fields, list) else fields


def _below(node: Node | None, step: int | str) -> tuple[Node | None, tuple[str, ...]]:
    if node is None:
        return None, ()
    fields = _fields(node)
    if fields is not None:
        known = {str(field.get("validation_alias", name)): field for name, field in fields.items()}
        if isinstance(step, int) and node["type"] == "named-tuple":
            return [*fields.values()][step]["schema"], ()
        field = known.get(str(step)) or fields.get(str(step))
        return (field["schema"] if field else None), tuple(known)
    if node["type"] == "dict":
        return node.get("values_schema"), ()
    items = node.get("items_schema")
    if isinstance(items, list):
        at = step if isinstance(step, int) and step < len(items) else -1
        return items[at], ()
    return items, ()


def _dotted(parts: Iterable[str]) -> str:
    return ".".join(one_line(part, 100) for part in parts)
