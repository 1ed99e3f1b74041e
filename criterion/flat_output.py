"""Flat outputs: schemas whose instances hold in their very fields what JSON shows of them."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import SchemaValidator

from criterion.json_text import flat_text, json_text
from criterion.light import is_only_fields
from criterion.nodes import Node, parts_of
from criterion.plain_facts import plain_schema
from criterion.schema import Schema
from criterion.shape import Shape
from criterion.strictness import DONE
from criterion.views import CACHED_SCHEMAS_MAX

Writer = Callable[[Any], str | None]


@lru_cache(CACHED_SCHEMAS_MAX)
def flat_writer(schema: type[BaseModel]) -> Writer:
    """Return what writes outputs as JSON, of an instance or of the data that one is made of.

    It returns ``None`` for what it cannot write, as for all outputs of a schema that is not flat.
    """
    if not is_flat(schema):
        return lambda _: None
    read = SchemaValidator(plain_schema(Shape.of(schema))).validate_python
    at_once, may_change = _template_writer(schema), _changes_text(_root_of(schema))

    def write(data: Any) -> str | None:  # noqa: ANN401 -- an instance, or its data
        is_made = type(data) is schema
        if not is_made and type(data) is not dict:
            return None
        if is_made or not may_change:
            try:
                return at_once(vars(data) if is_made else data)
            except (KeyError, ValueError):  # a decimal, or a number too long to print
                pass
        try:
            return flat_text(vars(data) if is_made else read(data))
        except ValidationError:  # it fits, but has numbers that expressions would not take
            return None

    return write


def _template_writer(schema: type[BaseModel]) -> Callable[[Mapping[str, Any]], str]:
    """Return what writes data whose members are whole numbers, texts and the like.

    Raises:
        KeyError: One is anything else, or is missing and its default is.
        ValueError: A whole number has too many digits.
    """
    fields, kinds = schema.model_fields, _KINDS
    defaults = {
        name: field.default for name, field in fields.items() if type(field.default) in kinds
    }
    heads = (json_text(name).replace("%", "%%") for name in fields)
    template = f"{{{','.join(f'{head}:%s' for head in heads)}}}"
    names = tuple(fields)

    def write(data: Mapping[str, Any]) -> str:
        whole = {**defaults, **data}
        return template % tuple([kinds[type(value := whole[name])](value) for name in names])

    return write


def is_flat(schema: type[BaseModel]) -> bool:
    """Whether each field is one text, whole number, decimal, quantity or truth value, or null.

    Then nothing stands between an instance and its JSON: no alias, mark, serializer or omission.
    """
    if not issubclass(schema, Schema) or not is_only_fields(schema):
        return False
    root = _root_of(schema)
    if root["type"] != "model" or "serialization" in root or "serialization" in root["schema"]:
        return False
    fields = root["schema"]["fields"].values()
    return all(field.keys() <= _FIELD and _is_one(field["schema"]) for field in fields)


def _root_of(schema: type[BaseModel]) -> Node:
    return {**schema.__pydantic_core_schema__}


def _changes_text(node: Node) -> bool:
    """Whether a text that fits may become another one in an instance."""
    shared = {key.removeprefix("str_"): value for key, value in node.get("config", {}).items()}
    changes = any(part.get(key) for part in (node, shared) for key in _CHANGING)
    return changes or any(map(_changes_text, parts_of(node)))


def _is_one(node: Node) -> bool:
    """Whether a node makes one value of which `model_dump` changes nothing."""
    if node.get("serialization", _LATER).get("when_used") != "json":
        return False
    if node["type"] == "union":
        return DONE in node.get("metadata", {}) or all(map(_is_one, node["choices"]))
    return node["type"] in _ONE or (node["type"] in _AROUND and _is_one(node["schema"]))


_FIELD: Final = frozenset({"type", "schema", "metadata", "frozen"})
_ONE: Final = frozenset({"str", "int", "bool", "decimal", "literal"})
_AROUND: Final = frozenset({"default", "nullable", "function-before"})
_CHANGING: Final = ("strip_whitespace", "to_lower", "to_upper")
_KINDS: Final[Mapping[type, Callable[[Any], str]]] = {
    str: json_text,
    int: int.__repr__,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): lambda _: "null",
}
_LATER: Final = {"when_used": "json"}
"""What is written otherwise in JSON only, is not written otherwise by `model_dump`."""
