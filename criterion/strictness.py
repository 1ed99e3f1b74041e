"""Strictness: what a `Schema` field takes, as a rewrite of pydantic's core schema.

Strict where it matters and friendly where it is safe: text is never a number, a truth value is
never a whole number, and nothing is read out of a set's random order; but a whole ``30.0`` is 30,
a float is the decimal it prints as, and dates come as ISO text. Each friendly field is a union of
the exact type, which costs nothing, and a Python function that is reached only when that refused.
Lists and mappings leave validation frozen.
"""

import datetime as dt
import enum
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from pydantic_core import CoreSchema, core_schema

from criterion.exact import exact_number, is_finite, json_data, json_number, whole_number
from criterion.frozen import FrozenDict, FrozenList, freeze, freeze_made, frozen_key
from criterion.nodes import Node, before, descend, holds_model
from criterion.redaction import METADATA_KEY, silent

DONE: Final = "criterion_strict"
"""Key in the metadata of a node that is already as it should be."""

_ISO_TEXT: Final = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII),
    "datetime": re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.,]+([Zz]|[+-][0-9:]+)?", re.ASCII
    ),
    "time": re.compile(r"[0-9]{2}:[0-9]{2}[0-9:.,]*([Zz]|[+-][0-9:]+)?", re.ASCII),
    "timedelta": re.compile(r"[+-]?P[0-9DTHMSWYdthmswy.,]+", re.ASCII),
}
_OUTER: Final = frozenset({"metadata", "serialization", "ref"})


def strict(node: CoreSchema, resolve: Callable[[CoreSchema], CoreSchema]) -> CoreSchema:
    """Return the node with every type in it, at any depth, strict and friendly as promised.

    Args:
        node: The core schema of one `Schema`.
        resolve: Finds what a reference means. Type aliases and named tuples are shared with other
            models, so they are copied; models stay what they are.
    """
    copies: dict[str, Node] = {}

    def change(part: Node) -> Node:
        if part.get("metadata", {}).get(DONE):
            return part
        if part["type"] == "definition-ref":
            return copied(part)
        part = descend(part, change)
        treat = _TREATMENTS.get(part["type"])
        return part if treat is None else treat(part)

    def copied(reference: Node) -> Node:
        ref = f"{reference['schema_ref']}{_COPY}"
        if ref not in copies:
            meant = _resolved(reference, resolve)
            if meant is None:
                return reference
            copies[ref] = meant  # known while it is made: it may mean itself
            copies[ref] = {**change(meant), "ref": ref}
        return {**reference, "schema_ref": ref}

    made: Any = change(node)  # type: ignore[arg-type]
    made = {**made, "metadata": {**made.get("metadata", {}), DONE: True}}
    shared: Any = list(copies.values())
    return core_schema.definitions_schema(made, shared) if copies else made


_COPY: Final = "-strict"


def _resolved(reference: Node, resolve: Callable[[CoreSchema], CoreSchema]) -> Node | None:
    """Return the node that a reference means, or ``None`` for a model, which has its own rules."""
    try:
        meant: Any = resolve(reference)
    except LookupError:  # a model that is still being defined
        return None
    return None if holds_model(meant) or meant.get("metadata", {}).get(DONE) else meant


def _exactly(node: Node) -> Node:
    return {**node, "strict": True}


def _friendly(read: Callable[..., object], *, lax: bool = False) -> Callable[[Node], Node]:
    """Make a treatment: the exact type first, else whatever ``read`` can make of the value."""

    def treat(node: Node) -> Node:
        bare = {key: part for key, part in node.items() if key not in _OUTER}
        finite = {"allow_inf_nan": False} if node["type"] == "float" else {}
        exact = {**bare, **finite, "strict": True}
        outer = {key: part for key, part in node.items() if key in _OUTER}
        if node.get("strict"):  # the author asked for nothing but the exact type
            return {**exact, **outer}
        choices = [exact, before(read, {**exact, "strict": not lax})]
        return {"type": "union", "mode": "left_to_right", "choices": choices, **outer}

    return treat


def _iso(kind: str) -> Callable[[Node], Node]:
    pattern = _ISO_TEXT[kind]

    def read(value: object, _: core_schema.ValidationInfo) -> object:
        if isinstance(value, dt.date | dt.time | dt.timedelta):
            return value
        return value if isinstance(value, str) and pattern.fullmatch(value) else _Unreadable()

    return _friendly(read, lax=True)


class _Unreadable:
    """What every schema refuses, whatever its strictness."""


def _float(value: object, _: core_schema.ValidationInfo) -> object:
    return float(value) if isinstance(value, Decimal) and value.is_finite() else value


def _list(value: object, _: core_schema.ValidationInfo) -> object:
    return list(value) if isinstance(value, tuple) else value


def _tuple(value: object, _: core_schema.ValidationInfo) -> object:
    return tuple(value) if isinstance(value, list) else value


_JSON_NUMBER: Final = core_schema.union_schema(
    [core_schema.int_schema(), core_schema.float_schema(), core_schema.str_schema()]
)


def _decimal(node: Node) -> Node:
    shown = core_schema.plain_serializer_function_ser_schema(
        json_number, when_used="json", return_schema=_JSON_NUMBER
    )
    treated = _friendly(exact_number)(node)
    return {"serialization": shown, **treated}


def _datetime(node: Node) -> Node:
    return _iso("datetime")({"tz_constraint": "aware", **node})


def _frozen_list(node: Node) -> Node:
    return _after(FrozenList, _friendly(_list)(node))


def _iterated(node: Node) -> Node:
    return _frozen_list({**node, "type": "list"})  # an iterator could be read only once


def _frozen_set(node: Node) -> Node:
    return {**node, "type": "frozenset", "strict": False}


def _frozen_dict(node: Node) -> Node:
    keys = node.get("keys_schema", _ANY)
    frozen = _after(FrozenDict, {**node, "keys_schema": _key(keys)})
    return silent(frozen) if _is_marked(keys) else frozen  # else a place in it would tell the key


_ANY: Final[Node] = {"type": "any"}


def _key(node: Node) -> Node:
    """Treat the keys of a mapping, which in JSON are always text, whatever they mean."""
    if node["type"] == "any":
        return _after(frozen_key, node)
    if node["type"] in {"int", "float", "decimal"}:
        finite = {"allow_inf_nan": False} if node["type"] == "float" else {}
        return before(_no_truth_value, {**node, **finite})
    return _TREATMENTS[node["type"]](node) if node["type"] in _KEYS else node


_KEYS: Final = frozenset({"str", "date", "datetime", "time", "timedelta", "literal", "enum"})


def _no_truth_value(value: object, _: core_schema.ValidationInfo) -> object:
    return _Unreadable() if isinstance(value, bool) else value


def _plain_data(node: Node) -> Node:
    shown = core_schema.plain_serializer_function_ser_schema(json_data, when_used="json")
    return _after(freeze, {"serialization": shown, **node})


def _open(node: Node) -> Node:
    return {**node, "schema": open_fields(node)}


def open_fields(node: Node) -> Node:
    """Return the fields of a model so that what it takes beside them is frozen, if it does."""
    fields: Node = node["schema"]
    is_open = node.get("config", {}).get("extra_fields_behavior") == "allow"
    if not is_open or fields["type"] != "model-fields" or "extras_schema" in fields:
        return fields
    return {**fields, "extras_schema": _plain_data(_ANY)}


def _literal(node: Node) -> Node:
    return _one_of(node, node["expected"])


def _enum(node: Node) -> Node:
    looks_itself = node["cls"]._missing_.__func__ is not enum.Enum._missing_.__func__  # type: ignore[attr-defined]
    return node if looks_itself else _one_of(node, [item.value for item in node["members"]])


def _one_of(node: Node, known: list[object]) -> Node:
    """Take only what is of the same kind as an allowed value: ``True`` is not 1, nor is "1"."""
    kinds = {_kind(item) for item in known}
    if kinds <= {"text"}:
        return node

    def read(value: object, _: core_schema.ValidationInfo) -> object:
        kind = _kind(value)
        return value if kind in kinds or kind == "other" else _Unreadable()

    outer = {key: part for key, part in node.items() if key in _OUTER}
    return {**before(read, {k: part for k, part in node.items() if k not in _OUTER}), **outer}


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "truth value"
    if isinstance(value, float | Decimal):
        return "number" if is_finite(value) else "no number"
    if isinstance(value, int):
        return "number"
    return "text" if isinstance(value, str) else "bytes" if isinstance(value, bytes) else "other"


def _made(node: Node) -> Node:
    """Freeze what a validator of the author's made."""
    return node if holds_model(node) else _quoting_nothing(_after(freeze_made, node))


def _quoting_nothing(node: Node) -> Node:
    """Keep the words of an author's validator to itself where the value is marked."""
    return silent(node) if _is_marked(node) else node


def _is_marked(node: Node) -> bool:
    while METADATA_KEY not in node.get("metadata", {}):
        if "schema" not in node:
            return False
        node = node["schema"]
    return True


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
    "generator": _iterated,
    "deque": _made,
    "counter": _made,
    "defaultdict": _made,
    "ordered-dict": _made,
    "dict": _frozen_dict,
    "any": _plain_data,
    "json": _made,
    "model": _open,
    "literal": _literal,
    "enum": _enum,
    "function-before": _quoting_nothing,
    "function-after": _made,
    "function-wrap": _made,
    "function-plain": _made,
    "default": _default,
}
