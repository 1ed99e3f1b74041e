"""Parsing: an expression's text as a tree, or one error that says what to type instead.

A parser of our own decides what the language is: what it has no words for cannot be said. It reads
Python's grammar of operators, so that what it accepts means what Python would mean by it.
"""

import re
from typing import Final

from criterion.errors import ExpressionError
from criterion.expression.parser import PARTS_MAX, Parser
from criterion.expression.tokens import tokens_of
from criterion.expression.tree import Constant, Expression, Text, measure

LENGTH_MAX: Final = 2_000
"""Longest expression, in characters."""

TEXT_LENGTH_MAX: Final = 10_000
"""Longest text with expressions in it, in characters."""

_BRACE: Final = re.compile(r"\{\{|\}\}|\{|\}")


def parse(source: str) -> Expression:
    """Return the tree of one expression; newlines are white space.

    Raises:
        ExpressionError: It is no expression of the language, or beyond its bounds.
    """
    _refuse_long(source, source, LENGTH_MAX, 1)
    return _parsed(source, 0)[0]


def parse_text(source: str) -> Text | Constant:
    """Return the tree of a text in which ``{…}`` holds an expression, and ``{{`` is a brace.

    Columns count over the whole text. A text without expressions is a constant.

    Raises:
        ExpressionError: A brace is not closed, or what it holds is no expression.
    """
    _refuse_long(source, source, TEXT_LENGTH_MAX, 1)
    parts: list[str | Expression] = []
    literal: list[str] = []
    at = nodes = 0
    while brace := _BRACE.search(source, at):
        literal.append(source[at : brace.start()])
        at = brace.end()
        if len(brace[0]) > 1:
            literal.append(brace[0][0])
        elif brace[0] == "}":
            message, hint = "`}` closes nothing", "for a brace in the text, write `}}`"
            raise _error(message, source, brace.start() + 1, hint)
        else:
            parts += ["".join(literal)] if any(literal) else []
            literal = []
            node, at = _braced(source, brace.start())
            parts.append(node)
            nodes += measure(node)[0]
            _refuse_many(source, brace.start() + 1, nodes)
    literal.append(source[at:])
    rest = "".join(literal)
    if not parts:
        return Constant(at=1, end=len(source) + 1, value=rest)
    return Text(at=1, end=len(source) + 1, parts=(*parts, rest) if rest else tuple(parts))


def _braced(source: str, brace: int) -> tuple[Expression, int]:
    """Return the expression behind an opening brace, and the place behind the closing one."""
    node, end = _parsed(source, brace + 1, "{")
    if end == len(source):
        hint = "close it with `}`; for a brace in the text, write `{{`"
        raise _error("`{` is never closed", source, brace + 1, hint)
    _refuse_long(source[brace + 1 : end], source, LENGTH_MAX, brace + 2)
    return node, end + 1


def _parsed(source: str, start: int, opening: str = "") -> tuple[Expression, int]:
    tokens = tokens_of(source, start)
    try:
        return Parser(source, tokens, opening).whole(), tokens[-1].at
    except RecursionError:
        message, hint = "the expression is nested too deeply", "name a part of it under `let`"
        raise _error(message, source, start + 1, hint, "too_large") from None


def _refuse_long(part: str, source: str, limit: int, column: int) -> None:
    if len(part) > limit:
        message = f"{len(part):,} characters are too many for one expression"
        hint = f"use at most {limit:,}; name parts of it under `let`"
        raise _error(message, source[: limit + 1], column, hint, "too_large")


def _refuse_many(source: str, column: int, nodes: int) -> None:
    if nodes > PARTS_MAX:
        message, hint = "the text has too many parts", "name some of them under `let`"
        raise _error(message, source, column, hint, "too_large")


def _error(
    message: str, source: str, column: int, hint: str, kind: str = "syntax"
) -> ExpressionError:
    return ExpressionError(message, source=source, column=column, hint=hint, kind=kind)
