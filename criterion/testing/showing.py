"""Showing: facts as reports print them, without the values of fields that are marked `redact`."""

from collections.abc import Mapping
from typing import Any

from criterion.json_text import json_text, plain
from criterion.nodes import Node, parts_of
from criterion.redaction import METADATA_KEY, REDACTED_TEXT
from criterion.testing.schema_nodes import Path, Schemas, fields_of


class ShownFacts(dict[str, Any]):
    """Facts that hold every value, and print ``[redacted]`` for those of marked fields."""

    __slots__ = ("_shown",)

    def __init__(self, facts: Mapping[str, Any], schemas: Schemas) -> None:
        """Take facts, and the schema that says which fields are marked."""
        super().__init__(facts)
        self._shown = shown(schemas, schemas.root, facts)

    def __repr__(self) -> str:
        return repr(self._shown)

    __str__ = __repr__

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        """Copy and pickle as the facts alone."""
        return dict, (dict(self),)

    @property
    def json(self) -> str:
        """What is printed, as JSON."""
        return json_text(plain(self._shown, other=str))


def facts_json(facts: Mapping[str, Any]) -> str:
    """Return facts as reports print them."""
    return facts.json if isinstance(facts, ShownFacts) else json_text(plain(facts, other=str))


def shown(schemas: Schemas, node: Node, value: Any) -> Any:  # noqa: ANN401 -- any plain data
    """Return plain data with a text in the place of every value that is marked."""
    if value is None:
        return value
    if _is_marked(schemas, node):
        return REDACTED_TEXT
    fields = fields_of(schemas, node)
    if fields is not None and isinstance(value, Mapping):
        return {
            name: shown(schemas, fields[name], part) if name in fields else part
            for name, part in value.items()
        }
    bare = schemas.bare(node)
    if bare["type"] == "list" and isinstance(value, list | tuple):
        return [shown(schemas, bare["items_schema"], part) for part in value]
    if bare["type"] == "dict" and isinstance(value, Mapping) and "values_schema" in bare:
        values = {key: shown(schemas, bare["values_schema"], part) for key, part in value.items()}
        is_known = not _has_marks(schemas, bare.get("keys_schema", {"type": "any"}))
        return values if is_known else REDACTED_TEXT
    return REDACTED_TEXT if _has_marks(schemas, bare) else value


def is_shown(schemas: Schemas, facts: Any, path: Path) -> bool:  # noqa: ANN401 -- any plain data
    """Whether reports print the value at a path of facts."""
    value = shown(schemas, schemas.root, facts)
    for step in path:
        if value == REDACTED_TEXT:
            return False
        value = value.get(step) if isinstance(value, Mapping) else value[step]
    return bool(value != REDACTED_TEXT)


def _is_marked(schemas: Schemas, node: Node) -> bool:
    """Whether a mark stands on a node, or on what it is wrapped in."""
    while METADATA_KEY not in node.get("metadata", {}):
        if node["type"] == "definition-ref":
            node = schemas.definitions[node["schema_ref"]]
        elif isinstance(node.get("schema"), dict):
            node = node["schema"]
        else:
            return False
    return True


def _has_marks(schemas: Schemas, node: Node, seen: tuple[str, ...] = ()) -> bool:
    if METADATA_KEY in node.get("metadata", {}):
        return True
    if node["type"] == "definition-ref":
        ref = node["schema_ref"]
        known = ref in seen
        return not known and _has_marks(schemas, schemas.definitions[ref], (*seen, ref))
    return any(_has_marks(schemas, part, seen) for part in parts_of(node))
