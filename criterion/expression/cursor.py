"""The cursor: where a parser stands among the tokens, and how it refuses one."""

from typing import Final, NoReturn

from criterion.errors import ExpressionError
from criterion.expression.tokens import OPENING, Token
from criterion.expression.unexpected import in_middle, in_place_of_value, unclosed

NESTING_MAX: Final = 64
"""How deep brackets and operators may be nested while reading, whatever nodes they make."""


class Cursor:
    """Stands before one token of an expression, and takes them one by one."""

    def __init__(self, source: str, tokens: list[Token], opening: str = "") -> None:
        """Stand before the first token; ``opening`` is the brace that the expression is in."""
        self.source = source
        self.tokens = tokens
        self.opening = opening
        self.index = 0
        self.nesting = 0
        self.token = tokens[0]

    @property
    def end(self) -> int:
        """The 1-based column behind the token that was read last."""
        return self.tokens[self.index - 1].end + 1

    def take(self) -> Token:
        """Return the token, and stand before the next one."""
        token = self.token
        if token.kind != "end":
            self.index += 1
            self.token = self.tokens[self.index]
        return token

    def deeper(self) -> None:
        """Count one more level of nesting, and refuse one too many."""
        self.nesting += 1
        if self.nesting > NESTING_MAX:
            message, hint = "the expression is nested too deeply", "name a part of it under `let`"
            self.refuse("too_large", self.token, message, hint)

    def take_comma(self) -> bool:
        """Take a comma, if there is one."""
        return self.token.text == "," and bool(self.take())

    def close(self, bracket: Token) -> None:
        """Take the partner of a bracket, or refuse what stands in its place."""
        closing = OPENING[bracket.text]
        if self.token.text == closing and self.token.kind == "sign":
            self.take()
        elif self.token.kind == "end":
            self.refuse("syntax", bracket, *unclosed(bracket))
        else:
            self.refuse_middle(bracket)

    def refuse_value(self) -> NoReturn:
        """Refuse the token where a value should begin."""
        before = self.tokens[self.index - 1] if self.index else None
        if before is not None and before.text in OPENING and self.token.kind == "end":
            self.refuse("syntax", before, *unclosed(before))
        kind, message, hint = in_place_of_value(self.token, before)
        self.refuse(kind, self.token, message, hint)

    def refuse_middle(self, bracket: Token | None = None) -> NoReturn:
        """Refuse the token behind a complete value, inside of a bracket or outside of any."""
        before = self.tokens[self.index - 1]
        after = self.tokens[min(self.index + 1, len(self.tokens) - 1)]
        opening = bracket.text if bracket else self.opening
        kind, message, hint = in_middle(self.token, before, after, opening)
        self.refuse(kind, self.token, message, hint)

    def refuse(self, kind: str, token: Token, message: str, hint: str | None = None) -> NoReturn:
        """Raise the error for a token."""
        raise ExpressionError(
            message, source=self.source, column=token.at + 1, hint=hint, kind=kind
        )
