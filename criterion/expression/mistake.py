"""Mistakes: what an author can get wrong in an expression, found before anything evaluates it."""

from typing import Final, NamedTuple

MISTAKES: Final = {
    "syntax": "a text that is no expression: something is missing, or too much",
    "foreign": "a part of Python, SQL or JavaScript that expressions do not have",
    "character": "a character that does not belong in an expression",
    "too_large": "an expression beyond the bounds of length, parts or depth",
    "number": "a number that is written wrongly or beyond the bounds of the language",
    "name": "a name that is not allowed here, or is taken",
    "unknown_name": "a name that nothing has",
    "unknown_key": "a key that a mapping cannot have",
    "unknown_function": "a call of something that is no function of the language",
    "arguments": "a function with too few or too many arguments",
    "type": "a value of a kind that does not fit",
    "null": "a value that may be null where a value is needed",
    "choice": "a value that is not among the only ones there are",
    "range": "a value beyond its bounds",
    "constant": "a condition that does not depend on the facts",
    "missing": "a member of the output that a rule does not emit",
}
"""The closed list of kinds, and what each means."""


class Mistake(NamedTuple):
    """One mistake in an expression.

    Attributes:
        kind: One of `MISTAKES`.
        at: The 1-based column of its first character.
        end: The column behind its last character.
        message: What is wrong, in lower case and without a full stop.
        hint: What to type instead, or ``None``.
    """

    kind: str
    at: int
    end: int
    message: str
    hint: str | None = None
