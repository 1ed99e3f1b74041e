"""Field forms: what values a field takes, as a core schema at once and as an annotation later.

The node is what pydantic makes of the annotation; a test holds them equal. To derive it here takes
a tenth of the time.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, NamedTuple, Protocol

from pydantic import Field, GetCoreSchemaHandler, PlainSerializer, TypeAdapter
from pydantic_core import CoreSchema, core_schema

from criterion.nodes import Node
from criterion.quantity import Quantity, quantity_node
from criterion.shape import Shape

Annotation = Any
"""What may stand behind the colon of a field."""

Limits = Mapping[str, Any]
"""Limits under pydantic's names: ``ge``, ``max_length``."""


class Form(NamedTuple):
    """What values a field takes.

    Attributes:
        node: Its core schema, before `criterion.strictness` has treated it.
        annotation: Returns what the field of a class is annotated with.
    """

    node: Node
    annotation: Callable[[], Annotation]


class Mark(Protocol):
    """What may stand in ``Annotated`` and changes the core schema."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema: ...


def anything() -> Form:
    """Return the form of a field that there is a problem with."""
    return Form({"type": "any"}, lambda: Any)


def scalar(kind: str, limits: Limits = MappingProxyType({})) -> Form:
    """Return the form of one value, of a type or format of JSON Schema."""
    base = _SCALARS[kind]
    if base.node is None:  # bounds stand inside or around it: pydantic knows
        return _made_by_pydantic(_limited(base.annotation, limits))
    return Form({**base.node, **limits}, partial(_limited, base.annotation, limits))


def quantity(bounds: Limits) -> Form:
    """Return the form of a quantity."""
    if bounds:
        return _made_by_pydantic(_limited(Quantity, bounds))
    return Form(quantity_node(), lambda: Quantity)


def one_of(values: list[Any]) -> Form:
    """Return the form of a field that lists its only values."""
    node: Any = core_schema.literal_schema(values)
    return Form(node, lambda: Literal[tuple(values)])


def list_of(item: Form, lengths: Limits) -> Form:
    """Return the form of a list."""

    def annotation() -> Annotation:
        inner: Any = item.annotation()
        return _limited(list[inner], lengths)

    return Form({"type": "list", "items_schema": item.node, **lengths}, annotation)


def mapping_of(value: Form) -> Form:
    """Return the form of a mapping with any keys."""

    def annotation() -> Annotation:
        inner: Any = value.annotation()
        return dict[str, inner]

    node = {"type": "dict", "keys_schema": {"type": "str"}, "values_schema": value.node}
    return Form(node, annotation)


def nested(shape: Shape) -> Form:
    """Return the form of a mapping with known keys."""
    return Form(shape.node, lambda: shape.model)


def nullable(form: Form) -> Form:
    """Return the form that takes null as well."""
    if form.node["type"] == "any":
        return form
    return Form({"type": "nullable", "schema": form.node}, lambda: form.annotation() | None)


def marked(form: Form, mark: Mark) -> Form:
    """Return the form with a mark around it."""
    handler: Any = lambda _: form.node  # noqa: E731 -- all that these marks ask of a handler
    node: Any = mark.__get_pydantic_core_schema__(None, handler)
    return Form(node, lambda: Annotated[form.annotation(), mark])


def _limited(annotation: Annotation, limits: Limits) -> Annotation:
    return Annotated[annotation, Field(**limits)] if limits else annotation


def _made_by_pydantic(annotation: Annotation) -> Form:
    node: Any = TypeAdapter(annotation).core_schema
    return Form(node, lambda: annotation)


class _Scalar(NamedTuple):
    annotation: Annotation
    node: Node | None


_DATETIME: Final[Any] = core_schema.datetime_schema()
_SCALARS: Final[Mapping[str, _Scalar]] = MappingProxyType(
    {
        "integer": _Scalar(int, {"type": "int"}),
        "number": _Scalar(Decimal, {"type": "decimal"}),
        "boolean": _Scalar(bool, {"type": "bool"}),
        "string": _Scalar(str, {"type": "str"}),
        "date": _Scalar(dt.date, {"type": "date"}),
        "date-time": _Scalar(dt.datetime, _DATETIME),
        "uuid": _Scalar(uuid.UUID, {"type": "uuid"}),
        "decimal": _Scalar(Annotated[Decimal, PlainSerializer(str)], None),
    }
)
