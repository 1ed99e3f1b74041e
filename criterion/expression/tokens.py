"""Tokens: the words, numbers, texts and signs that an expression is written in."""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from criterion.text import one_line

TokenKind: TypeAlias = Literal["name", "number", "text", "sign", "foreign", "end"]

OPENING: Final = {"(": ")", "[": "]", "{": "}"}
CLOSING: Final = frozenset(OPENING.values())


class Token(NamedTuple):
    """One token.

    Attributes:
        kind: ``foreign`` is what expressions do not have; ``end`` is the end of the expression.
        text: As written.
        at: Where it begins, counted from 0.
        end: Where the next character stands.
    """

    kind: TokenKind
    text: str
    at: int
    end: int


# A number takes in whatever is glued to it, so that `1.10.0` and `10k` are one mistake each.
_TOKEN: Final = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>\.?[0-9](?:[eE][+-](?=[0-9])|[A-Za-z0-9_]|\.(?=[0-9A-Za-z_]))*)
    | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<foreign>===|!==|<>|=>|=<(?!=)|&&|\|\||->|:=|\?\?|<<|>>|\?\.|\.\.\.|\+\+
        |(?:\*\*|//|[-+*/%])=(?!=))
    | (?P<sign>\*\*|//|==|!=|<=|>=|[-+*/%<>()\[\]{},.:])
    | (?P<other>.)
    """,
    re.VERBOSE | re.ASCII | re.DOTALL,
)


def tokens_of(source: str, start: int = 0) -> list[Token]:
    """Return the tokens from a place on, up to an unmatched ``}`` or the end, and an end token."""
    return list(_tokens(source, start))


def _tokens(source: str, start: int) -> Iterator[Token]:
    scan = _TOKEN.scanner(source, start)  # type: ignore[attr-defined] # typeshed leaves it out
    depth = 0
    at = start
    while match := scan.match():
        kind, text, at = match.lastgroup, match[0], match.end()
        if kind == "space":
            continue
        if kind == "sign":
            depth += (text in OPENING) - (text in CLOSING)
            if depth < 0 and text == "}":
                at = match.start()
                break
        yield Token("foreign" if kind == "other" else kind, text, match.start(), at)
    yield Token("end", "", at, at)


def unsafe_offset(text: str) -> int | None:
    """Return where the first character stands that a reader would not see as it is, if any."""
    if text.isprintable():
        return None
    return next((at for at, char in enumerate(text) if one_line(char) != char), None)
