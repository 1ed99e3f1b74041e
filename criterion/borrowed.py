"""Borrowed models: pydantic models that are not ours, validated so that nothing in them can change.

A `Schema` freezes itself. For any other model, a validator of our own is built from the same core
schema: lists and mappings come out frozen, and each model as an instance of a frozen subclass.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from types import new_class
from typing import Any, Final

from pydantic import BaseModel, ConfigDict
from pydantic_core import SchemaValidator, core_schema

from criterion.frozen import FrozenDict, FrozenList, freeze
from criterion.schema import Schema
from criterion.strictness import Node, descend, parts_of

CACHED_TWINS_MAX: Final = 1_024
"""How many borrowed models are remembered with their frozen subclasses."""


def validator_of(model: type[BaseModel]) -> SchemaValidator:
    """Return a validator whose results are frozen: a `Schema`'s own, or one made for the model."""
    root: Any = model.__pydantic_core_schema__
    made: Any = _frozen(root) if is_borrowed(model) else root
    return SchemaValidator(made)


def is_borrowed(model: type[BaseModel]) -> bool:
    """Whether the model is not a `Schema`, so that an instance of it may still change."""
    return not issubclass(model, Schema)


def unfreezable_fields(model: type[BaseModel]) -> Iterator[str]:
    """Yield the dotted names of fields that hold objects which could change after validation.

    Those are dataclasses, and in a `Schema` also other pydantic models and typed dictionaries,
    since it freezes only what is its own.
    """
    root: Any = model.__pydantic_core_schema__
    definitions = {node["ref"]: node for node in root.get("definitions", ())}
    kinds = {"dataclass"} if is_borrowed(model) else {"dataclass", "typed-dict", "model"}
    yield from _found(root, definitions, kinds, ())


def _found(
    node: Node, definitions: dict[str, Node], kinds: set[str], path: tuple[str, ...]
) -> Iterator[str]:
    if node["type"] == "definition-ref":
        node = definitions.pop(node["schema_ref"], {"type": "any"})  # each once: they may recur
    if node["type"] in kinds and not (node["type"] == "model" and issubclass(node["cls"], Schema)):
        yield ".".join(path)
        return
    if isinstance(node.get("fields"), dict):
        for name, field in node["fields"].items():
            yield from _found(field["schema"], definitions, kinds, (*path, name))
    else:
        for part in parts_of(node):
            yield from _found(part, definitions, kinds, path)


def _frozen(node: Node) -> Node:
    node = descend(node, _frozen)
    if node["type"] == "model":
        return {**node, "cls": _frozen_twin(node["cls"])}
    freezer = _FREEZERS.get(node["type"])
    if freezer is None:
        return node
    outer = {key: node[key] for key in {"ref", "serialization"} & node.keys()}
    inner: Any = {key: part for key, part in node.items() if key not in outer}
    return {**core_schema.no_info_after_validator_function(freezer, inner), **outer}


_FREEZERS: Final[dict[str, Callable[[Any], object]]] = {
    "list": FrozenList,
    "dict": FrozenDict,
    "typed-dict": FrozenDict,
    "set": frozenset,
    "any": freeze,
}


@lru_cache(CACHED_TWINS_MAX)
def _frozen_twin(model: type[BaseModel]) -> type[BaseModel]:
    """Return a subclass of the same name whose instances refuse every change."""
    if issubclass(model, Schema):
        return model
    members: dict[str, Any] = {
        "__module__": model.__module__,
        "__qualname__": model.__qualname__,
        "__doc__": model.__doc__,
        "model_config": ConfigDict(frozen=True),
    }
    twin: type[BaseModel] = new_class(
        model.__name__, (model,), exec_body=lambda body: body.update(members)
    )
    return twin
