"""Plain facts: what expressions see of an input or a profile: frozen data, and never a model.

A schema that is nothing but fields validates straight into mappings, by the same core schema with
its models taken out. Instances of any other model are validated first and copied field by field.
"""

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import (
    InitErrorDetails,
    PydanticCustomError,
    PydanticKnownError,
    SchemaValidator,
    core_schema,
)

from criterion.borrowed import is_borrowed, validator_of
from criterion.exact import DIGITS_MAX, EXPONENT_MAX, INTEGER_MAX
from criterion.expression.fits import Misfit, misfits
from criterion.expression.schema_types import type_of_node
from criterion.expression.wording import kinds_named
from criterion.frozen import FrozenDict, FrozenList
from criterion.json_text import plain
from criterion.light import is_only_fields, model_of
from criterion.nodes import Node, descend, is_foreign, parts_of
from criterion.shape import Shape

PlainReader = Callable[[object], dict[str, Any]]


class PlainReaders(NamedTuple):
    """What validates facts into plain frozen data.

    The numbers in it are within the bounds of expressions; others are refused as out of range.

    Attributes:
        of_dict: Takes a dictionary; it runs no Python where the schema is nothing but fields.
        of_any: Takes anything: a mapping, or an instance of the schema.
    """

    of_dict: PlainReader
    of_any: PlainReader


def plain_readers(shape: Shape) -> PlainReaders:
    """Return what validates a schema's facts into plain frozen data."""
    core = plain_schema(shape)
    if core is None:
        read_copy = _fitting(_copying(shape.model), shape)
        return PlainReaders(read_copy, read_copy)
    validate: PlainReader = SchemaValidator(core).validate_python
    if not shape.is_described and _is_anyones(shape.node):
        validate = _fitting(validate, shape)

    def read(given: object) -> dict[str, Any]:
        if not isinstance(given, BaseModel) or not isinstance(given, shape.model):
            return validate(given)
        model = model_of(given)
        fields = shape.model.model_fields
        return validate({name: _unwrapped(getattr(model, name)) for name in fields})

    return PlainReaders(validate, read)


def plain_schema(shape: Shape) -> Any:  # noqa: ANN401 -- a core schema
    """Return what validates into plain frozen data; ``None`` where a schema is more than fields."""
    is_plain = shape.is_described or _is_plain(shape.node, shape.model)
    return plain_node(shape.node) if is_plain else None


def _is_plain(root: Node, schema: type[BaseModel]) -> bool:
    models = {schema, *_models(root)}
    return all(not is_borrowed(model) and is_only_fields(model) for model in models)


def _models(node: Node) -> Iterator[type[BaseModel]]:
    if node["type"] in {"model", "dataclass"}:
        yield node["cls"]
    for part in (*parts_of(node), *node.get("definitions", ())):
        yield from _models(part)


def _is_anyones(node: Node) -> bool:
    parts = (*parts_of(node), *node.get("definitions", ()))
    return is_foreign(node) or any(map(_is_anyones, parts))


def plain_node(node: Node) -> Any:  # noqa: ANN401 -- a core schema
    """Return a core schema with mappings in the place of models, and bounds around numbers."""
    node = descend(node, plain_node)
    change = _CHANGES.get(node["type"])
    if change is not None:
        return change(node)
    return node if _is_plain_by_itself(node) else _after(plain_value)(node)


def _is_plain_by_itself(node: Node) -> bool:
    """Whether a node leaves plain data as it is, or is one of those that are made plain below."""
    if node["type"] == "literal":
        return not any(isinstance(value, enum.Enum) for value in node["expected"])
    return node["type"] in _PLAIN and not is_foreign(node)


def _as_mapping(node: Node) -> Node:
    fields = {
        name: core_schema.typed_dict_field(
            field["schema"], required=field["schema"]["type"] != "default"
        )
        for name, field in node["schema"]["fields"].items()
    }
    made = core_schema.typed_dict_schema(
        fields, config=node.get("config"), extra_behavior="forbid", ref=node.get("ref")
    )
    return {**made, "metadata": node.get("metadata", {})}


def _with_plain_keys(node: Node) -> Node:
    keys = node.get("keys_schema")
    if keys is None or keys["type"] in {"str", "int"}:
        return node
    inner: Any = keys
    return {**node, "keys_schema": core_schema.no_info_after_validator_function(_key, inner)}


def _bounded_int(node: Node) -> Node:
    least, most = node.get("ge", -INTEGER_MAX), node.get("le", INTEGER_MAX)
    return {**node, "ge": max(least, -INTEGER_MAX), "le": min(most, INTEGER_MAX)}


def _after(function: Callable[[Any], object]) -> Callable[[Node], Node]:
    def change(node: Node) -> Node:
        inner: Any = node
        ref = {"ref": node.pop("ref")} if "ref" in node else {}
        return {**core_schema.no_info_after_validator_function(function, inner), **ref}

    return change


def _decimal(number: Decimal) -> Decimal:
    if number.is_infinite() and number > 0:
        return number
    if not number.is_finite():
        raise PydanticKnownError("finite_number")
    if not number:
        return number
    if number.adjusted() > EXPONENT_MAX:
        bound = Decimal(1).scaleb(EXPONENT_MAX + 1)
        if number > 0:
            raise PydanticKnownError("less_than", {"lt": bound})
        raise PydanticKnownError("greater_than", {"gt": -bound})
    if number.adjusted() < -EXPONENT_MAX:
        raise PydanticKnownError("decimal_max_places", {"decimal_places": EXPONENT_MAX})
    if len(number.as_tuple().digits) > DIGITS_MAX:
        raise PydanticKnownError("decimal_max_digits", {"max_digits": DIGITS_MAX})
    return number


def _whole(number: int) -> int:
    if number > INTEGER_MAX:
        raise PydanticKnownError("less_than_equal", {"le": INTEGER_MAX})
    if number < -INTEGER_MAX:
        raise PydanticKnownError("greater_than_equal", {"ge": -INTEGER_MAX})
    return number


def plain_value(value: Any) -> Any:  # noqa: ANN401, PLR0911 -- one line per kind of value
    """Return validated data as expressions see it.

    Raises:
        PydanticKnownError: A number is out of bounds.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, enum.Enum):
        return plain_value(value.value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return _whole(int(value))
    if isinstance(value, float | Decimal):
        return _decimal(value if isinstance(value, Decimal) else Decimal(repr(float(value))))
    if isinstance(value, dt.date):
        return value
    return _structure(value)


def _structure(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, BaseModel):
        model = model_of(value)
        return FrozenDict((name, plain_value(part)) for name, part in vars(model).items())
    if isinstance(value, Mapping):
        return FrozenDict((_key(key), plain_value(part)) for key, part in value.items())
    if isinstance(value, set | frozenset):
        return FrozenList(sorted(map(plain_value, value), key=lambda item: (str(type(item)), item)))
    if isinstance(value, list | tuple):
        return FrozenList(map(plain_value, value))
    return str(value) if isinstance(value, uuid.UUID) else plain(value, other=str)


def _key(key: object) -> object:
    key = plain_value(key)
    return key if isinstance(key, str | int) else str(key)


def _unwrapped(value: object) -> object:
    """Return a field's value as its validator takes it: nested instances as mappings."""
    return plain_value(value) if isinstance(value, BaseModel | list | dict) else value


def _copying(schema: type[BaseModel]) -> PlainReader:
    validate = validator_of(schema).validate_python

    def read(given: object) -> dict[str, Any]:
        is_model = is_borrowed(schema) and not isinstance(given, Mapping)
        model = validate(given, from_attributes=True) if is_model else validate(given)
        try:
            return {name: _copied(name, getattr(model, name)) for name in schema.model_fields}
        except _MisfitError as error:
            raise ValidationError.from_exception_data(
                schema.__name__, [error.line], hide_input=True
            ) from None

    return read


def _fitting(read: PlainReader, shape: Shape) -> PlainReader:
    """Hold what validators of an author's made to the type that expressions are checked against."""
    given = type_of_node(shape.node)

    def read_fitting(facts: object) -> dict[str, Any]:
        values = read(facts)
        lines = [_line(misfit) for misfit in misfits(values, given)]
        if lines:
            raise ValidationError.from_exception_data(shape.model.__name__, lines, hide_input=True)
        return values

    return read_fitting


def _line(misfit: Misfit) -> InitErrorDetails:
    if misfit.type.kind == "number" and isinstance(misfit.value, Decimal):
        return InitErrorDetails(type="finite_number", loc=misfit.path, input=None)
    error = PydanticCustomError(
        "misfit",
        "the schema says {kind}, and a validator of it makes something else",
        {"kind": kinds_named([misfit.type.kind])},
    )
    return InitErrorDetails(type=error, loc=misfit.path, input=None)


class _MisfitError(Exception):
    """A number that expressions cannot work with."""

    def __init__(self, line: InitErrorDetails) -> None:
        self.line = line


def _copied(name: str, value: object) -> Any:  # noqa: ANN401
    try:
        return plain_value(value)
    except PydanticKnownError as error:
        line = InitErrorDetails(type=error.type, loc=(name,), input=None, ctx=error.context or {})
    raise _MisfitError(line)


_CHANGES: Final[dict[str, Callable[[Node], Node]]] = {
    "model": _as_mapping,
    "int": _bounded_int,
    "decimal": _after(_decimal),
    "dict": _with_plain_keys,
}
_PLAIN: Final = frozenset(
    {"none", "bool", "str", "date", "datetime", "list", "nullable", "model-fields", "model-field",
     "typed-dict", "typed-dict-field", "named-tuple-field", "arguments", "default", "union",
     "tagged-union", "chain", "lax-or-strict", "json-or-python", "custom-error", "definitions",
     "definition-ref", "function-before", "function-after", "function-wrap"}
)  # fmt: skip
