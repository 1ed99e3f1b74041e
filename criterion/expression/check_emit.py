"""Checks of what a rule emits: whether it fits the output, member by member."""

from decimal import Decimal
from typing import Final

from criterion.expression.check_operators import rewritten
from criterion.expression.checker import BROKEN, Checker
from criterion.expression.dates import date, instant
from criterion.expression.failure import ExpressionFailure
from criterion.expression.tree import (
    Choice,
    Constant,
    Expression,
    ListDisplay,
    MappingDisplay,
)
from criterion.expression.types import NUMERIC, Kind, Type
from criterion.expression.wording import (
    KINDS,
    choices_hint,
    is_kind,
    keys_hint,
    shown,
    values_named,
)
from criterion.expression.written import literal, written
from criterion.text import code

_FITS: Final[dict[Kind, frozenset[Kind]]] = {
    "integer": frozenset({"integer"}),
    "number": frozenset({"integer", "number"}),
    "quantity": NUMERIC,
}
"""Which kinds of numbers a member of a kind takes."""


def check_fit(checker: Checker, node: Expression, target: Type) -> None:
    """Note where an expression that was visited does not fit what it is emitted as."""
    given = checker.types.get(id(node), BROKEN)
    if given is BROKEN or (target.kind == "any" and target.choices is None):
        return
    if isinstance(node, Choice):
        check_fit(checker, node.then, target)
        check_fit(checker, node.otherwise, target)
    elif isinstance(node, ListDisplay) and target.kind == "list":
        for item in node.items:
            check_fit(checker, item, target.item or BROKEN)
    elif isinstance(node, MappingDisplay) and target.kind == "mapping":
        _check_members(checker, node, target)
    elif isinstance(node, Constant):
        _check_constant(checker, node, given, target)
    else:
        _check_type(checker, node, given, target)


def _check_members(checker: Checker, node: MappingDisplay, target: Type) -> None:
    known = target.key_choices
    if target.fields is not None:
        known = tuple(name for name, _ in target.fields)
    for key, value in zip(node.keys, node.values, strict=True):
        if known is not None and key not in known:
            message = f"{code(key)} is no member of the output here"
            checker.note("unknown_key", value, message, keys_hint(key, known, "it"))
            continue
        wanted = target.field(key) if target.fields is not None else target.item
        check_fit(checker, value, wanted or BROKEN)
    for key in sorted(target.required - set(node.keys)):
        checker.note("missing", node, f"the member {code(key)} is missing", f"add {code(key)}")


def _check_constant(checker: Checker, node: Constant, given: Type, target: Type) -> None:
    value = node.value
    if value is None:
        if not target.nullable:
            hint = "in the schema, `default: null` lets a member be null"
            checker.note("null", node, "null is emitted where a value is needed", hint)
    elif target.choices is not None:
        if not any(value == choice and _same_sort(value, choice) for choice in target.choices):
            hint = choices_hint(value, target.choices)
            checker.note("choice", node, f"{shown(node)} is not among its values", hint)
    elif target.kind in {"date", "datetime"} and isinstance(value, str):
        _check_day(checker, node, value, target)
    elif target.kind == "quantity" and value == "unlimited":
        return
    elif target.kind in NUMERIC and given.kind in NUMERIC:
        _check_number(checker, node, given, target)
    else:
        _check_type(checker, node, given, target)


def _same_sort(value: object, choice: object) -> bool:
    return isinstance(value, bool) == isinstance(choice, bool)


def _check_day(checker: Checker, node: Constant, value: str, target: Type) -> None:
    try:
        date(value) if target.kind == "date" else instant(value)
    except ExpressionFailure:
        example = "2026-01-31" if target.kind == "date" else "2026-01-31T12:00:00Z"
        message = f"{shown(node)} is not {KINDS[target.kind]}"
        checker.note("range", node, message, f"write it as in `{example}`")


def _check_number(checker: Checker, node: Constant, given: Type, target: Type) -> None:
    value = node.value
    if isinstance(value, str | None):
        return
    is_whole = value == value.to_integral_value() if isinstance(value, Decimal) else True
    if given.kind not in _FITS[target.kind] and not (given.kind == "number" and is_whole):
        _check_type(checker, node, given, target)
    elif target.minimum is not None and value < target.minimum:
        message = f"{shown(node)} is less than its minimum"
        checker.note("range", node, message, f"it is at least `{literal(target.minimum)}`")
    elif target.maximum is not None and value > target.maximum:
        message = f"{shown(node)} is more than its maximum"
        checker.note("range", node, message, f"it is at most `{literal(target.maximum)}`")


def _check_type(checker: Checker, node: Expression, given: Type, target: Type) -> None:
    problem = misfit(given, target)
    if problem is None:
        return
    wanted = KINDS[target.kind]
    messages = {
        "null": f"{shown(node)} may be null, and {wanted} is needed",
        "unlimited": f"{shown(node)} may be unlimited, and {wanted} is needed",
        "fraction": f"{shown(node)} may have a fraction, and a whole number is needed",
        "choice": f"{shown(node)} is never among its values",
        "item": f"the parts of {shown(node)} are of another kind than is needed",
        "key": f"{shown(node)} does not have the members that are needed",
        "kind": f"{is_kind(node, given)}, and {wanted} is needed",
    }
    kind = problem if problem in {"null", "choice"} else "missing" if problem == "key" else "type"
    checker.note(kind, node, messages[problem], _misfit_hint(problem, node, given, target))


def _misfit_hint(problem: str, node: Expression, given: Type, target: Type) -> str | None:
    name = written(node)
    hints = {
        "null": f"write `{name} if {name} != null else …`",
        "unlimited": f"write `{name} if {name} != unlimited else …`, or make it a `$ref: quantity`",
        "fraction": f"write `round({name})`, `floor({name})` or `ceil({name})`",
        "choice": f"the only values are {values_named(target.choices or ())}",
        "kind": _kind_hint(node, given, target),
    }
    return hints.get(problem)


def _kind_hint(node: Expression, given: Type, target: Type) -> str | None:
    name = written(node)
    if isinstance(node, Constant):
        other_way = rewritten(node.value, target.kind)
        return other_way and f"write {code(other_way)}"
    if target.kind in {"date", "datetime"} and given.kind == "text":
        return f"write `{target.kind}({name})`"
    if target.kind == "text" and given.kind not in {"list", "mapping"}:
        return f'write it in a text: `"{{{name}}}"`'
    if target.kind == "boolean" and given.kind in NUMERIC:
        return f"compare it, as in `{name} > 0`"
    return None


def misfit(given: Type, target: Type) -> str | None:
    """Return why values of one type do not all fit another, or ``None`` where they do."""
    if given is BROKEN or (target.kind == "any" and target.choices is None):
        return None
    if given.nullable and not target.nullable:
        return "kind" if given.kind == "any" else "null"
    if given.kind in NUMERIC and target.kind in NUMERIC and given.kind not in _FITS[target.kind]:
        return "unlimited" if given.kind == "quantity" else "fraction"
    if given.kind != target.kind and not {given.kind, target.kind} <= NUMERIC:
        return None if given.kind == "null" else "kind"
    if given.choices is not None and target.choices is not None:
        return "choice" if set(given.choices).isdisjoint(target.choices) else None
    return _part_misfit(given, target)


def _part_misfit(given: Type, target: Type) -> str | None:
    if given.kind == "mapping":
        return _mapping_misfit(given, target)
    if given.item is None or target.item is None:
        return None
    return "item" if misfit(given.item, target.item) else None


def _mapping_misfit(given: Type, target: Type) -> str | None:
    if target.fields is None:
        parts = [part for _, part in given.fields or ()] or ([given.item] if given.item else [])
        wanted = target.item
        return "item" if wanted and any(misfit(part, wanted) for part in parts) else None
    if given.fields is None:
        return "key"
    known = dict(target.fields)
    if any(name not in known for name, _ in given.fields):
        return "key"
    if not target.required <= {name for name, _ in given.fields}:
        return "key"
    return "item" if any(misfit(part, known[name]) for name, part in given.fields) else None
