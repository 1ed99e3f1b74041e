"""Checks of operators: arithmetic, comparisons, and what joins conditions."""

import re
from decimal import Decimal
from typing import Final

from criterion.expression.checker import BROKEN, Checker, tainted
from criterion.expression.joins import widest
from criterion.expression.scope import Scope
from criterion.expression.tree import (
    Arithmetic,
    Comparison,
    Constant,
    Expression,
    Key,
    ListDisplay,
    Name,
    Negative,
    Scalar,
)
from criterion.expression.types import BOOLEAN, INTEGER, NUMBER, NUMERIC, TEXT, Kind, Type
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

_DAYS: Final[frozenset[Kind]] = frozenset({"date", "datetime"})
_WHOLE: Final[frozenset[Kind]] = frozenset({"integer", "number"})
_TRUTHS: Final = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_NUMBER_TEXT: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def negative(checker: Checker, node: Negative, scope: Scope) -> Type:
    """Return the type of ``-operand``."""
    given = checker.of_kind(node.operand, scope, NUMERIC, "`-`")
    if isinstance(node.operand, Constant) and given.kind == "quantity":
        return checker.note("range", node, "there is no negative `unlimited`")
    return given if given is BROKEN else tainted(widest([given]), given)


def arithmetic(checker: Checker, node: Arithmetic, scope: Scope) -> Type:
    """Return the type of a calculation, or of two texts joined."""
    dashed = _dashed_key(checker, node, scope)
    if dashed is not None:
        return dashed
    left, right = checker.value(node.left, scope), checker.value(node.right, scope)
    if BROKEN in (left, right):
        return BROKEN
    if node.operator == "+" and left.kind == right.kind == "text":
        return tainted(TEXT, left, right)
    for operand, given in ((node.left, left), (node.right, right)):
        if given.kind not in NUMERIC:
            return _no_number(checker, node, operand, left, right)
    return tainted(_result(checker, node, left, right), left, right)


def _dashed_key(checker: Checker, node: Arithmetic, scope: Scope) -> Type | None:
    """Note ``features.dark-mode``, a key with a dash that was written with a dot."""
    left, right = node.left, node.right
    if node.operator != "-" or not isinstance(left, Key) or not isinstance(right, Name):
        return None
    if (
        right.name in scope.names
        or not isinstance(left.index, Constant)
        or right.at != left.end + 1
    ):
        return None
    word = f"{left.index.value}-{right.name}"
    hint = f"for a key with a dash, write `{written(left.base)}[{literal(word)}]`"
    return checker.note("unknown_name", right, f"unknown name {code(right.name)}", hint)


def _result(checker: Checker, node: Arithmetic, left: Type, right: Type) -> Type:
    operator = node.operator
    if operator in {"/", "//", "%"} and right.minimum == right.maximum == 0:
        return checker.note("range", node.right, "a division by zero")
    if operator in {"//", "%"}:
        return _whole(checker, node, left, right)
    if operator == "/":
        return NUMBER if {left.kind, right.kind} <= _WHOLE else widest((left, right))
    if operator == "**":
        return _power(checker, node, left, right)
    return widest((left, right))


def _whole(checker: Checker, node: Arithmetic, left: Type, right: Type) -> Type:
    for operand, given in ((node.left, left), (node.right, right)):
        if given.kind not in _WHOLE or has_fraction(operand):
            hint = "write `floor(a / b)`" if node.operator == "//" else None
            if given.kind == "quantity":
                hint = f"test it first: `{written(operand)} != unlimited and …`"
            message = f"{is_kind(operand, given)}, and {code(node.operator)} takes whole numbers"
            return checker.note("type", operand, message, hint)
    return INTEGER


def _power(checker: Checker, node: Arithmetic, left: Type, right: Type) -> Type:
    if right.kind not in _WHOLE or has_fraction(node.right):
        message = f"{is_kind(node.right, right)}, and an exponent is a whole number"
        return checker.note("type", node.right, message)
    is_positive = right.minimum is not None and right.minimum >= 0
    if left.kind == right.kind == "integer":
        return INTEGER if is_positive else NUMBER
    return widest((left, NUMBER))


def has_fraction(node: Expression) -> bool:
    """Whether an expression is a number with a fraction, written out."""
    value = node.value if isinstance(node, Constant) else None
    return isinstance(value, Decimal) and value != value.to_integral_value()


def _no_number(
    checker: Checker, node: Arithmetic, operand: Expression, left: Type, right: Type
) -> Type:
    given = left if operand is node.left else right
    kinds = {left.kind, right.kind}
    hint = None
    if kinds <= _DAYS and node.operator == "-":
        days = f"{written(node.right)}, {written(node.left)}"
        hint = f"write `days_between({days})`"
        if kinds == {"datetime"}:
            hint += f" or `seconds_between({days})`"
    elif kinds & _DAYS and node.operator in {"+", "-"}:
        sign = "-" if node.operator == "-" else ""
        hint = f"write `add_days({written(node.left)}, {sign}{written(node.right)})`"
    elif "text" in kinds and node.operator == "+":
        hint = 'to join texts and numbers, write a text with braces: `"{a} of {b}"`'
        if isinstance(operand, Constant) and _NUMBER_TEXT.fullmatch(str(operand.value)):
            hint = f"write `{operand.value}` without quotes"
    elif given.kind == "list":
        hint = f"write `sum(x for x in {written(operand)})`, or `len({written(operand)})`"
    message = f"{is_kind(operand, given)}, and {code(node.operator)} takes numbers"
    return checker.note("type", operand, message, hint)


def comparison(checker: Checker, node: Comparison, scope: Scope) -> Type:
    """Return the type of a comparison: true or false."""
    if node.operator in {"in", "not in"}:
        return _membership(checker, node, scope)
    if node.operator in {"==", "!="}:
        left = checker.visit(node.left, scope)
        right = _bare(checker, node.right, left, scope) or checker.visit(node.right, scope)
        if BROKEN not in (left, right):
            _check_equal(checker, node, left, right)
        return tainted(BOOLEAN, left, right)
    left, right = checker.value(node.left, scope), checker.value(node.right, scope)
    if BROKEN not in (left, right):
        _check_ordered(checker, node, left, right)
    return tainted(BOOLEAN, left, right)


def _bare(checker: Checker, node: Expression, wanted: Type, scope: Scope) -> Type | None:
    """Note a text that was written without its quotes."""
    if not isinstance(node, Name) or node.name in scope.names or wanted.kind != "text":
        return None
    if wanted.choices is None or node.name not in wanted.choices:
        return None
    message = f"unknown name {code(node.name)}"
    return checker.note("unknown_name", node, message, f'for the text, write `"{node.name}"`')


def _check_equal(checker: Checker, node: Comparison, left: Type, right: Type) -> None:
    if not can_equal(left, right):
        operand = node.right if isinstance(node.right, Constant) else node.left
        other = node.left if operand is node.right else node.right
        given = right if operand is node.right else left
        wanted = left if operand is node.right else right
        message = f"{is_kind(other, wanted)} and {is_kind(operand, given)}: they are never equal"
        checker.note("type", operand, message, _conversion(operand, given, wanted, other))
    elif not _share_choice(left, right):
        _note_choice(checker, node.left, node.right, left, right)


def can_equal(left: Type, right: Type) -> bool:
    """Whether a value of one kind may equal one of the other."""
    kinds = {left.kind, right.kind}
    return len(kinds) == 1 or bool(kinds & {"null", "any"}) or kinds <= NUMERIC


def _share_choice(left: Type, right: Type) -> bool:
    if left.choices is None or right.choices is None or (left.nullable and right.nullable):
        return True
    return not set(left.choices).isdisjoint(right.choices)


def _note_choice(
    checker: Checker, left: Expression, right: Expression, given_left: Type, given_right: Type
) -> None:
    """Note two values that have no choice in common, at the one that is written out."""
    if isinstance(left, Constant) and not isinstance(right, Constant):
        left, right, given_left = right, left, given_right
    message = f"{shown(left)} is never {shown(right)}"
    choices = given_left.choices or ()
    value = right.value if isinstance(right, Constant) else None
    hint = f"the only values are {values_named(choices)}"
    if isinstance(right, Constant) and not isinstance(left, Constant):
        hint = choices_hint(value, choices)
    checker.note("choice", right, message, hint)


def _conversion(operand: Expression, given: Type, wanted: Type, other: Expression) -> str | None:
    """Return how a value is written as the kind of the other."""
    if "list" in {given.kind, wanted.kind}:
        item, list_ = (operand, other) if wanted.kind == "list" else (other, operand)
        held = (wanted if wanted.kind == "list" else given).item
        is_held = held is None or can_equal(held, given if wanted.kind == "list" else wanted)
        return f"write `{written(item)} in {written(list_)}`" if is_held else None
    if isinstance(operand, Constant):
        other_way = rewritten(operand.value, wanted.kind)
        return other_way and f"write {code(other_way)}"
    if {given.kind, wanted.kind} == _DAYS:
        moment = operand if given.kind == "datetime" else other
        return f"compare its day in UTC: `date({written(moment)})`"
    return None


def rewritten(value: Scalar, wanted: Kind) -> str | None:
    """Return a constant as it is written where another kind is wanted."""
    if wanted == "text":
        return f'"{literal(value)}"'
    if wanted == "boolean" and value in {0, 1}:
        return "true" if value else "false"
    if not isinstance(value, str):
        return None
    if wanted in NUMERIC and (_NUMBER_TEXT.fullmatch(value) or value == "unlimited"):
        return value
    if wanted == "boolean" and value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    return f"{wanted}({literal(value)})" if wanted in _DAYS else None


def _check_ordered(checker: Checker, node: Comparison, left: Type, right: Type) -> None:
    sides = ((node.left, left, right, node.right), (node.right, right, left, node.left))
    if {left.kind, right.kind} <= NUMERIC or left.kind == right.kind and left.kind in _DAYS:  # noqa: RUF021
        return
    for operand, given, wanted, other in sides:
        if given.kind in NUMERIC | _DAYS:
            continue
        message = f"{is_kind(operand, given)}, and {code(node.operator)} compares numbers and dates"
        hint = _conversion(operand, given, wanted, other) if wanted.kind != "list" else None
        if given.kind == "list":
            hint = f"compare its length: `len({written(operand)})`"
        elif given.kind == wanted.kind == "text":
            hint = "to test for one of some texts, write `in […]`"
        elif given.kind == "text":
            hint = hint or "compare text with text, by `==`, `!=` or `in`"
        checker.note("type", operand, message, hint)
        return
    message = f"{is_kind(node.left, left)} and {is_kind(node.right, right)}"
    hint = _conversion(node.right, right, left, node.left)
    checker.note("type", node.right, f"{message}, which have no order", hint)


def _membership(checker: Checker, node: Comparison, scope: Scope) -> Type:
    left, right = checker.visit(node.left, scope), checker.value(node.right, scope)
    if BROKEN in (left, right):
        return tainted(BOOLEAN, left, right)
    if right.kind == "list":
        _check_items(checker, node, left, right)
    elif right.kind == "mapping":
        if checker.certain(node.left, left) is not BROKEN:
            _check_key(checker, node, left, right)
    else:
        message = (
            f"{is_kind(node.right, right)}, and {code(node.operator)} takes a list or a mapping"
        )
        hint = None
        if right.kind == "text":
            negation = "not " if node.operator == "not in" else ""
            hint = f"write `{negation}contains({written(node.right)}, {written(node.left)})`"
        checker.note("type", node.right, message, hint)
    return tainted(BOOLEAN, left, right)


def _check_items(checker: Checker, node: Comparison, left: Type, right: Type) -> None:
    if isinstance(node.right, ListDisplay):
        for item in node.right.items:
            equality = Comparison(
                at=item.at, end=item.end, operator="==", left=node.left, right=item
            )
            _check_equal(checker, equality, left, checker.types[id(item)])
    elif right.item is not None and not can_equal(left, right.item):
        items = f"the items of {shown(node.right)} are {KINDS[right.item.kind]}"
        message = f"{is_kind(node.left, left)}, and {items}"
        checker.note("type", node.left, message)
    elif right.item is not None and not _share_choice(left, right.item):
        message = f"{shown(node.left)} is never in {shown(node.right)}"
        value = node.left.value if isinstance(node.left, Constant) else None
        checker.note("choice", node.left, message, choices_hint(value, right.item.choices or ()))


def _check_key(checker: Checker, node: Comparison, left: Type, right: Type) -> None:
    keys = right.key_choices
    if right.fields is not None:
        keys = tuple(name for name, _ in right.fields)
    if left.kind not in {"text", "integer"}:
        message = f"{is_kind(node.left, left)}, and the keys of a mapping are text"
        checker.note("type", node.left, message)
    elif keys is not None and left.choices is not None and set(keys).isdisjoint(left.choices):
        message = f"{shown(node.left)} is never a key of {shown(node.right)}"
        word = str(node.left.value) if isinstance(node.left, Constant) else ""
        checker.note("unknown_key", node.left, message, keys_hint(word, keys, shown(node.right)))
