"""Borrowed models: pydantic models that are not ours, validated so that nothing in them can change.

A `Schema` freezes itself. For any other model, a validator of our own is built from the same core
schema: lists and mappings come out frozen, and each model as an instance of a frozen subclass.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from types import new_class
from typing import Any, Final

from pydantic import AliasChoices, BaseModel, ConfigDict
from pydantic_core import SchemaValidator, core_schema

from criterion.frozen import FrozenDict, FrozenList, freeze, freeze_made
from criterion.nodes import Node, descend, holds_model, parts_of
from criterion.schema import Schema
from criterion.strictness import open_fields

CACHED_TWINS_MAX: Final = 1_024
"""How many borrowed models are remembered with their frozen subclasses."""


def validator_of(model: type[BaseModel]) -> SchemaValidator:
    """Return a validator whose results are frozen: a `Schema`'s own, or one made for the model."""
    root: Any = model.__pydantic_core_schema__
    made: Any = _frozen(root) if is_borrowed(model) else root
    # A class's own validator would take the place of the one that is asked for here.
    return SchemaValidator(made, _use_prebuilt=not is_borrowed(model))


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
    yield from dict.fromkeys(_found(root, definitions, kinds, ()))  # a union may name one twice


def _found(
    node: Node, definitions: dict[str, Node], kinds: set[str], path: tuple[str, ...]
) -> Iterator[str]:
    if node["type"] == "definition-ref":
        ref = node["schema_ref"]
        node = definitions.get(ref, {"type": "any"})
        definitions = {key: part for key, part in definitions.items() if key != ref}  # it may recur
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
    change = _CHANGES.get(node["type"])
    if change is not None:
        return change(node)
    freezer = _FREEZERS.get(node["type"])
    if freezer is None or holds_model(node):
        return node
    return _around(core_schema.no_info_after_validator_function, freezer, node)


def _around(wrapper: Callable[..., Any], function: Callable[[Any], object], node: Node) -> Node:
    outer = {key: node[key] for key in {"ref", "serialization"} & node.keys()}
    inner = {key: part for key, part in node.items() if key not in outer}
    return {**wrapper(function, inner), **outer}


def _model(node: Node) -> Node:
    """Make instances of the frozen twin, also out of instances of the model itself."""
    model, twin = node["cls"], _frozen_twin(node["cls"])
    if twin is model:
        return node
    names = model.model_fields

    def unpacked(value: object) -> object:
        if not isinstance(value, model) or isinstance(value, twin):
            return value
        fields = ((name, item) for name, item in value.__dict__.items() if name in names)
        return {**{_key(model, name): item for name, item in fields}, **(value.model_extra or {})}

    made = {**node, "cls": twin, "schema": open_fields(node)}
    return _around(core_schema.no_info_before_validator_function, unpacked, made)


def _key(model: type[BaseModel], name: str) -> str:
    """Return the key under which a mapping holds a field."""
    alias = model.model_fields[name].validation_alias
    first = alias.choices[0] if isinstance(alias, AliasChoices) else alias
    return first if isinstance(first, str) else name


def _default(node: Node) -> Node:
    """Freeze a default, which pydantic does not validate."""
    if "default" in node:
        return {**node, "default": freeze_made(node["default"])}
    make = node["default_factory"]

    def frozen(*validated: Any) -> object:  # noqa: ANN401 -- the fields before it, if it takes them
        return freeze_made(make(*validated))

    return {**node, "default_factory": frozen}


def _iterated(node: Node) -> Node:
    return _frozen({**node, "type": "list"})  # an iterator could be read only once


_CHANGES: Final[dict[str, Callable[[Node], Node]]] = {
    "model": _model,
    "default": _default,
    "generator": _iterated,
}
_FREEZERS: Final[dict[str, Callable[[Any], object]]] = {
    "list": FrozenList,
    "dict": FrozenDict,
    "typed-dict": FrozenDict,
    "set": frozenset,
    "any": freeze,
    **dict.fromkeys(
        ("json", "deque", "counter", "defaultdict", "ordered-dict",
         "function-after", "function-wrap", "function-plain"),
        freeze_made,
    ),
}  # fmt: skip


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
