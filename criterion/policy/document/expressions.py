"""Expressions of a policy document: read and checked where they stand."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from criterion.errors import ExpressionError
from criterion.expression.check import check
from criterion.expression.mistake import Mistake
from criterion.expression.parse import parse, parse_text
from criterion.expression.scope import Scope
from criterion.expression.tree import Constant, Expression, Text
from criterion.expression.types import Kind, Type
from criterion.policy.document.section import Given
from criterion.policy.units import Misfit

Names = Mapping[str, Type]

NUMBERS: Final = frozenset[Kind]({"integer", "number", "any"})
CONDITIONS: Final = frozenset[Kind]({"boolean", "any"})
_WANTED: Final = {NUMBERS: "a number", CONDITIONS: "true or false"}

_Tree = TypeVar("_Tree", bound=Expression)


def read_expression(
    given: Given, key: str, names: Names, wanted: frozenset[Kind]
) -> Expression | None:
    """Return the expression of a key; ``None`` where there is none, or it has a mistake.

    Args:
        given: The section.
        key: A key of it that holds text.
        names: What the expression may name.
        wanted: The kinds of value that it may have.
    """
    text = given[key]
    if text is None or not given.is_sound(key):
        return None
    try:
        tree = parse(text)
    except ExpressionError as error:
        _note_error(given, key, error)
        return None
    checked = check(tree, Scope(names=names))
    mistakes = list(checked.mistakes)
    if not mistakes and checked.type.kind not in wanted:
        message = f"this is not {_WANTED[wanted]}"
        mistakes.append(Mistake("type", tree.at, tree.end, message))
    return _sound(given, key, tree, mistakes)


def read_reason(given: Given, key: str, names: Names) -> Text | None:
    """Return the text with expressions in it of a key; ``None`` as for an expression."""
    text = given[key]
    if text is None or not given.is_sound(key):
        return None
    try:
        made = parse_text(text)
    except ExpressionError as error:
        _note_error(given, key, error)
        return None
    if isinstance(made, Constant):
        return Text(at=made.at, end=made.end, parts=(text,))
    return _sound(given, key, made, check(made, Scope(names=names)).mistakes)


def _sound(given: Given, key: str, tree: _Tree, mistakes: Iterable[Mistake]) -> _Tree | None:
    for mistake in mistakes:
        found = Misfit(mistake.message, mistake.hint, mistake.at - 1)
        given.misfit(key, "expression", found)
    return tree if given.is_sound(key) else None


def _note_error(given: Given, key: str, error: ExpressionError) -> None:
    given.misfit(key, "expression", Misfit(str(error.args[0]), error.hint, error.column - 1))
