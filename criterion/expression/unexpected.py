"""The unexpected: what is wrong where a token cannot stand, and what to type instead."""

from typing import Final

from criterion.expression.tokens import CLOSING, OPENING, Token, unsafe_offset
from criterion.expression.tree import Constant, Expression, Key
from criterion.expression.words import HINTS, OPERATORS, VALUE_HINTS, WORD_HINTS, keyed
from criterion.text import code

Problem = tuple[str, str, str | None]
"""Kind, message and hint."""

METHODS: Final = {
    "lower": "lower", "upper": "upper", "startswith": "startswith", "startsWith": "startswith",
    "endswith": "endswith", "endsWith": "endswith", "includes": "contains", "contains": "contains",
    "get": "get", "toLowerCase": "lower", "toUpperCase": "upper", "round": "round", "abs": "abs",
    "length": "len", "size": "len", "count": "len",
}  # fmt: skip
"""Methods of other languages, and the functions that do the same."""

SHOWN_LENGTH_MAX: Final = 60
GROUP_LENGTH: Final = 3
GROUP_HINT: Final = "digits are grouped with `_`, as in `1_000`"


def in_place_of_value(token: Token, before: Token | None) -> Problem:
    """Say why no value begins with a token."""
    word = token.text
    if before is None and word in CLOSING:
        return "syntax", f"{code(word)} closes nothing", "leave it out"
    if token.kind == "end" or word in CLOSING or word in {",", ":"}:
        return _missing(before)
    if token.kind == "foreign":
        return _foreign(token, starts=before is None)
    if token.kind == "sign" or word in OPERATORS - {"if", "for"}:
        hint = "leave it out" if word == "+" else None
        return "syntax", f"a value is missing before {code(word)}", hint
    if word[0] == "_":
        return "name", f"{code(word)} begins with `_`", "no name here does"
    hint = VALUE_HINTS.get(word, "write one expression: a value, or a condition")
    return "foreign", f"{code(word)} cannot stand here", hint


def in_middle(token: Token, before: Token, after: Token, opening: str) -> Problem:
    """Say why an expression does not go on with a token after a complete value."""
    word = token.text
    if opening == "{" and word in {"!", "="}:
        return "foreign", f"{code(word)} cannot stand here", "write the expression alone"
    if token.kind == "foreign":
        return _foreign(token, starts=False)
    if word in CLOSING:
        return "syntax", *_wrong_bracket(word, opening)
    if token.kind == "name" and word.lower() in WORD_HINTS:
        return "foreign", f"{code(word)} is no operator", WORD_HINTS[word.lower()]
    if token.kind == "sign" or word in OPERATORS:
        return "syntax", f"{code(word)} cannot stand here", _misplaced(word, before, after, opening)
    return "syntax", f"an operator is missing before {code(word)}", _between(token, before)


def as_function(function: Expression, source: str) -> tuple[str, str | None]:
    """Say that only functions can be called, and which of them does what a method would."""
    shown = code(source[function.at - 1 : function.end - 1])
    if isinstance(function, Key) and isinstance(function.index, Constant):
        name = str(function.index.value)
        message = f"{code(name)} is called like a method, and there are none"
        if name not in METHODS:
            return message, "call one of the listed functions, as in `lower(input.plan)`"
        base = source[function.base.at - 1 : function.base.end - 1]
        base = base if len(base) <= SHOWN_LENGTH_MAX else "…"
        rest = "" if METHODS[name] in {"lower", "upper", "len", "abs", "round"} else ", …"
        return message, f"write {code(f'{METHODS[name]}({base}{rest})')}"
    return f"{shown} is no function", "call one of the listed functions by its name"


def unclosed(bracket: Token) -> tuple[str, str]:
    """Say that a bracket has no partner."""
    return f"{code(bracket.text)} is never closed", f"close it with {code(OPENING[bracket.text])}"


def not_a_name(token: Token) -> tuple[str, str | None] | None:
    """Say why no variable of a ``for`` can be called what a token says, or ``None``."""
    if token.kind == "name":
        return None
    return "`for` needs a name", "write `for x in list`"


def joins(word: str) -> tuple[str, str]:
    """Say that a ``for`` has one list and one condition."""
    if word == "for":
        return (
            "there is one `for` only",
            "give the inner one its own function: `any(any(…) for x in list)`",
        )
    if word == "if":
        return "there is one `if` only", "join conditions with `and`"
    return "`else` cannot stand behind a condition", "put `… if … else …` before the `for`"


def _missing(before: Token | None) -> Problem:
    if before is None:
        return "syntax", "the expression is empty", "write a value or a condition"
    hint = "for a share, write `0.5`" if before.text == "%" else None
    return "syntax", f"a value is missing after {code(before.text)}", hint


def _foreign(token: Token, *, starts: bool) -> Problem:
    sign = token.text
    if sign == "=" and starts:
        return "foreign", "`=` cannot stand here", "leave it out: this already is an expression"
    if sign in {'"', "'"}:
        return "syntax", "the text is never closed", f"close it with {code(sign)} in the same line"
    if sign in HINTS:
        shown = "a backtick" if sign == "`" else code(sign) if sign.isprintable() else "this space"
        return "foreign", f"{shown} cannot stand here", HINTS[sign]
    if unsafe_offset(sign) is not None:
        shown = sign.encode("unicode_escape").decode()
        return "character", f"the invisible character {code(shown)} stands here", "delete it"
    if sign.isalpha():
        hint = f"type the name in the letters a to z; for a key, write `{keyed('…')}`"
        return "character", f"{code(sign)} is no plain letter", hint
    return "character", f"{code(sign)} cannot stand here", None


def _wrong_bracket(closing: str, opening: str) -> tuple[str, str]:
    if not opening or opening == "{" == closing:
        return f"{code(closing)} closes nothing", "leave it out"
    message = f"{code(closing)} cannot close {code(opening)}"
    return message, f"close it with {code(OPENING[opening])} first"


def _misplaced(word: str, before: Token, after: Token, opening: str) -> str | None:
    is_grouped = before.kind == after.kind == "number" and after.end - after.at == GROUP_LENGTH
    if word == "," and is_grouped and before.end + 1 == after.at:
        return GROUP_HINT
    if word == ":" and opening == "{":
        return "to format a number, write `{round(…, 2)}`"
    return {"else": "write `a if condition else b`", "for": VALUE_HINTS["for"]}.get(word)


def _between(token: Token, before: Token) -> str | None:
    if before.kind == token.kind == "number" and token.end - token.at == GROUP_LENGTH:
        return GROUP_HINT
    if before.kind == token.kind == "text":
        return "join texts with `+`"
    if before.kind == "name" and before.text in {"NOT", "Not"}:
        return "write `not`"
    if before.kind == "name" and before.text.lower() == "when":
        return "leave `when` out: this already is the condition"
    return None
