"""The redacted view: facts as an explanation may see them."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from criterion.nodes import Node, parts_of
from criterion.redaction import METADATA_KEY, Redacted, RedactMode

CACHED_SCHEMAS_MAX: Final = 1_024
"""How many schemas are remembered as having marks or having none."""

_Model = TypeVar("_Model", bound=BaseModel)


def redacted(model: _Model) -> _Model:
    """Return the model with a stand-in for every marked value, at any depth.

    A model without marks is returned as it is. The view is for reading: it is not valid data.
    """
    if not has_marks(type(model)):
        return model
    view: _Model = redacted_facts(type(model), model, _stand_in)
    return view


StandIn = Callable[[RedactMode, Any], Redacted]
"""Makes what stands in for a value that is marked so."""


def redacted_facts(schema: type[BaseModel], facts: Any, stand_in: StandIn) -> Any:  # noqa: ANN401 -- an instance of the schema, or its plain facts
    """Return an instance of a schema, or its plain facts, with a stand-in for each marked value."""
    root: Any = schema.__pydantic_core_schema__
    return _View(root, stand_in).of(root, facts)


def _stand_in(mode: RedactMode, _: object) -> Redacted:
    return Redacted(mode)


@lru_cache(CACHED_SCHEMAS_MAX)
def has_marks(schema: type[BaseModel]) -> bool:
    """Whether any field of the schema, at any depth, is marked."""
    root: Any = schema.__pydantic_core_schema__
    return _View(root, _stand_in).marks(root)


class _View:
    """Walks one core schema beside a value."""

    def __init__(self, root: Node, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._definitions = {node["ref"]: node for node in root.get("definitions", ())}

    def marks(self, node: Node, seen: tuple[str, ...] = ()) -> bool:
        """Whether the node or one below it is marked."""
        if METADATA_KEY in node.get("metadata", {}):
            return True
        if node["type"] == "definition-ref":
            ref = node["schema_ref"]
            return ref not in seen and self.marks(self._definitions[ref], (*seen, ref))
        return any(self.marks(part, seen) for part in parts_of(node))

    def of(self, node: Node, value: Any) -> Any:  # noqa: ANN401 -- any value of the schema
        """Return the view of a value that the node validated."""
        mode = node.get("metadata", {}).get(METADATA_KEY)
        if mode is not None:
            return self._stand_in(mode, value)
        if value is None or not self.marks(node):
            return value
        look = self._LOOKS.get(node["type"])
        if look is not None:
            return look(self, node, value)
        return self.of(node["schema"], value) if "schema" in node else Redacted("mask")

    def _reference(self, node: Node, value: object) -> object:
        return self.of(self._definitions[node["schema_ref"]], value)

    def _model(self, node: Node, value: object) -> object:
        fields = _fields(node["schema"])
        if isinstance(value, Mapping):  # plain facts
            return {name: self.of(fields[name], item) for name, item in value.items()}
        if not isinstance(value, BaseModel):
            return Redacted("mask")
        shown = {
            name: self.of(fields[name], item)
            for name, item in value.__dict__.items()
            if name in fields  # not what a cached property has left there
        }
        view = object.__new__(value.__class__)  # light facts say that they are the model
        object.__setattr__(view, "__dict__", shown)
        for slot in ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
            object.__setattr__(view, slot, getattr(value, slot))
        return view

    def _items(self, node: Node, value: Any) -> object:  # noqa: ANN401 -- a list, tuple or set
        if not isinstance(value, list | tuple):
            return Redacted("mask")
        parts = node["items_schema"]
        if isinstance(parts, dict):
            return [self.of(parts, item) for item in value]
        if node.get("variadic_item_index") is None and len(parts) == len(value):
            return tuple(self.of(part, item) for part, item in zip(parts, value, strict=True))
        return (
            tuple(self.of(parts[0], item) for item in value)
            if len(parts) == 1
            else (Redacted("mask"))
        )

    def _mapping(self, node: Node, value: Any) -> object:  # noqa: ANN401 -- a mapping
        if self.marks(node.get("keys_schema", {"type": "any"})):
            return Redacted("mask")
        return {key: self.of(node["values_schema"], item) for key, item in value.items()}

    def _choice(self, node: Node, value: object) -> object:
        choices = node["choices"]
        for choice in choices.values() if isinstance(choices, dict) else choices:
            part = choice[0] if isinstance(choice, tuple | list) else choice
            if self._made(part, value):
                return self.of(part, value)
        return Redacted("mask")

    def _made(self, node: Node, value: object) -> bool:
        """Whether the node is the one that validated a value, as far as its kind tells."""
        while node["type"] == "definition-ref" or node["type"].startswith("function-"):
            known = self._definitions.get(node.get("schema_ref", ""), {"type": "any"})
            node = node.get("schema", known)
        if node["type"] == "union":  # of the exact kind and a friendly reading
            return any(self._made(part, value) for part in node["choices"])
        return node.get("cls") is value.__class__ or isinstance(value, _HELD.get(node["type"], ()))

    def _last(self, node: Node, value: object) -> object:
        return self.of(node["steps"][-1], value)

    _LOOKS: Final[dict[str, Callable[["_View", Node, Any], object]]] = {
        "definition-ref": _reference,
        "model": _model,
        "list": _items,
        "tuple": _items,
        "dict": _mapping,
        "union": _choice,
        "tagged-union": _choice,
        "chain": _last,
    }


_HELD: Final[dict[str, tuple[type, ...]]] = {"list": (list,), "tuple": (tuple,), "dict": (dict,)}
"""What the nodes of collections validate to."""


def _fields(node: Node) -> dict[str, Node]:
    while "fields" not in node:
        node = node["schema"]
    fields: dict[str, Node] = node["fields"]
    return {name: field["schema"] for name, field in fields.items()}
