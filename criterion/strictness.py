"""Strictness: what a `Schema` field takes, as a rewrite of pydantic's core schema.

Strict where it matters and friendly where it is safe: text is never a number, a truth value is
never a whole number, and nothing is read out of a set's random order; but a whole ``30.0`` is 30,
a float is the decimal it prints as, and dates come as ISO text. Each friendly field is a union of
the exact type, which costs nothing, and a Python function that is reached only when that refused.
Lists and mappings leave validation frozen.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from pydantic_core import CoreSchema, core_schema

from criterion.frozen import FrozenDict, FrozenList, freeze

Node = dict[str, Any]

DONE_KEY: Final = "criterion_strict"
DONE: Final = {DONE_KEY: True}
"""Metadata of a node that is already as it should be."""

FROM_JSON: Final = "criterion_from_json"
"""Key of the validation context that says: these values were JSON, so a number may be text."""

EXPONENT_MAX: Final = 40
"""Largest power of ten of a decimal that is read as a whole number."""

_NUMERIC_TEXT: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?", re.ASCII)
_ISO_TEXT: Final = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII),
    "datetime": re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.,]+([Zz]|[+-][0-9:]+)?", re.ASCII
    ),
    "time": re.compile(r"[0-9]{2}:[0-9]{2}[0-9:.,]*([Zz]|[+-][0-9:]+)?", re.ASCII),
    "timedelta": re.compile(r"[+-]?P[0-9DTHMSWYdthmswy.,]+", re.ASCII),
}
_NESTED: Final = frozenset(
    {"schema", "items_schema", "values_schema", "extras_schema", "fields", "choices", "definitions",
     "steps", "lax_schema", "strict_schema", "json_schema", "python_schema", "arguments_schema"}
)  # fmt: skip
_OUTER: Final = frozenset({"metadata", "serialization", "ref"})


def strict(node: CoreSchema) -> CoreSchema:
    """Return the node with every type in it, at any depth, strict and friendly as promised."""
    return _strict(node)  # type: ignore[arg-type]


def _strict(node: Node) -> Node:
    if node.get("metadata", {}).get(DONE_KEY):
        return node
    node = descend(node, _strict)
    treat = _TREATMENTS.get(node["type"])
    return node if treat is None or "strict" in node else treat(node)


def descend(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return the node with the change applied to each node directly below it."""
    return {key: _below(part, change) if key in _NESTED else part for key, part in node.items()}


def parts_of(node: Node) -> list[Node]:
    """Return the nodes directly below a node, without the definitions that it carries."""
    found: list[Node] = []

    def note(part: Node) -> Node:
        found.append(part)
        return part

    descend({key: part for key, part in node.items() if key != "definitions"}, note)
    return found


def _below(part: Any, change: Callable[[Node], Node]) -> Any:  # noqa: ANN401 -- a node, or some of them
    if isinstance(part, list | tuple):
        return [_below(item, change) for item in part]
    if isinstance(part, dict):
        if isinstance(part.get("type"), str):
            return change(part)
        return {key: _below(item, change) for key, item in part.items()}
    return part


def _exactly(node: Node) -> Node:
    return {**node, "strict": True}


def _friendly(read: Callable[..., object], *, lax: bool = False) -> Callable[[Node], Node]:
    """Make a treatment: the exact type first, else whatever ``read`` can make of the value."""

    def treat(node: Node) -> Node:
        bare = {key: part for key, part in node.items() if key not in _OUTER}
        exact = {**bare, **({"allow_inf_nan": False} if node["type"] == "float" else {})}
        before: Node = core_schema.with_info_before_validator_function(  # type: ignore[assignment]
            read,
            {**exact, "strict": not lax},
        )
        choices = [{**exact, "strict": True}, before]
        outer = {key: part for key, part in node.items() if key in _OUTER}
        return {"type": "union", "mode": "left_to_right", "choices": choices, **outer}

    return treat


def _iso(kind: str) -> Callable[[Node], Node]:
    pattern = _ISO_TEXT[kind]

    def read(value: object, _: core_schema.ValidationInfo) -> object:
        readable = isinstance(value, str) and pattern.fullmatch(value)
        return value if readable or not isinstance(value, str | int | float) else _Unreadable()

    return _friendly(read, lax=True)


class _Unreadable:
    """What a date or duration schema refuses whatever its strictness."""


def whole_number(value: object, _: core_schema.ValidationInfo) -> object:
    """Return a whole float or decimal as an int, anything else unchanged."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() <= EXPONENT_MAX:
        return int(value) if value == value.to_integral_value() else value
    return value


def exact_number(value: object, info: core_schema.ValidationInfo) -> object:
    """Return a number as the decimal it prints as; text only where it comes from JSON."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(float(value)))
    if isinstance(value, str) and _from_json(info) and _NUMERIC_TEXT.fullmatch(value):
        return Decimal(value)
    return value


def _from_json(info: core_schema.ValidationInfo) -> bool:
    in_context = isinstance(info.context, Mapping) and info.context.get(FROM_JSON) is True
    return info.mode == "json" or in_context


def json_number(value: int | Decimal) -> int | float | str:
    """Return the number that JSON shows: text only where a float would lose digits."""
    if isinstance(value, int):
        return value
    if value == value.to_integral_value() and value.adjusted() <= EXPONENT_MAX:
        return int(value)
    number = float(value)
    return number if Decimal(repr(number)) == value else str(value)


def _float(value: object, _: core_schema.ValidationInfo) -> object:
    return float(value) if isinstance(value, Decimal) and value.is_finite() else value


def _list(value: object, _: core_schema.ValidationInfo) -> object:
    return list(value) if isinstance(value, tuple) else value


def _tuple(value: object, _: core_schema.ValidationInfo) -> object:
    return tuple(value) if isinstance(value, list) else value


def _decimal(node: Node) -> Node:
    shown = core_schema.plain_serializer_function_ser_schema(json_number, when_used="json")
    treated = _friendly(exact_number)(node)
    return {"serialization": shown, **treated}


def _datetime(node: Node) -> Node:
    return _iso("datetime")({"tz_constraint": "aware", **node})


def _frozen_list(node: Node) -> Node:
    return _after(FrozenList, _friendly(_list)(node))


def _frozen_set(node: Node) -> Node:
    return _after(frozenset, node)


def _frozen_dict(node: Node) -> Node:
    return _after(FrozenDict, node)


def _plain_data(node: Node) -> Node:
    return _after(freeze, node)


def _after(function: Callable[[Any], object], node: Node) -> Node:
    outer = {key: node.pop(key) for key in _OUTER & node.keys()}
    inner: Any = node
    return {**core_schema.no_info_after_validator_function(function, inner), **outer}


def _default(node: Node) -> Node:
    """Hold a default to the same rules, so that a list among them is frozen too."""
    return node if node.get("default", ...) is None else {"validate_default": True, **node}


_TREATMENTS: Final[dict[str, Callable[[Node], Node]]] = {
    "str": _exactly,
    "bool": _exactly,
    "bytes": _exactly,
    "int": _friendly(whole_number),
    "float": _friendly(_float),
    "decimal": _decimal,
    "date": _iso("date"),
    "datetime": _datetime,
    "time": _iso("time"),
    "timedelta": _iso("timedelta"),
    "list": _frozen_list,
    "set": _frozen_set,
    "tuple": _friendly(_tuple),
    "dict": _frozen_dict,
    "any": _plain_data,
    "default": _default,
}
