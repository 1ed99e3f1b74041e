"""Words: which names an expression may use, and what those of other languages are called here."""

import keyword
import re
from typing import Final

from criterion.text import code

CONSTANTS: Final = {"true": True, "false": False, "null": None}
OPERATORS: Final = frozenset({"and", "or", "not", "in", "if", "else", "for"})
FOLDS: Final = ("any", "all", "sum", "count", "min", "max")
ROOTS: Final = ("input", "profile")

RESERVED: Final = (
    frozenset(keyword.kwlist) | OPERATORS | frozenset(CONSTANTS) | frozenset({"unlimited"})
)
"""Words that are never names: those of the language, and Python's own."""

NAME_LENGTH_MAX: Final = 100

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)

HINTS: Final = {
    "=": "to compare, write `==`",
    "===": "write `==`",
    "!==": "write `!=`",
    "<>": "write `!=`",
    "=>": "write `>=`",
    "=<": "write `<=`",
    "&&": "write `and`",
    "&": "write `and`",
    "||": "write `or`",
    "|": "write `or`",
    "!": "write `not`",
    "~": "write `not`",
    "^": "for a power, write `**`",
    "++": "to add, write `a + b`",
    "+=": "name the sum under `let`",
    "-=": "name the difference under `let`",
    "*=": "name the product under `let`",
    "/=": "name the quotient under `let`",
    ":=": "name the value under `let`",
    "<<": "write `a * 2 ** b`",
    ">>": "write `floor(a / 2 ** b)`",
    "->": "write `a if condition else b`",
    "??": "write `a if a != null else b`",
    "?.": "test it first: `a != null and a.b == …`",
    "?": "write `a if condition else b`",
    ";": "write one expression",
    "@": "write the name alone, as in `input.plan`",
    "$": "write the name alone, as in `input.plan`",
    "`": "write text in double quotes",
    "\\": "leave it out: an expression may go on in the next line as it is",
    "#": "put the comment outside of the expression",
    "…": "write every part out",
    "...": "write every part out",
    "\u2265": "write `>=`",
    "\u2264": "write `<=`",
    "\u2260": "write `!=`",
    "\u00d7": "write `*`",
    "\u00b7": "write `*`",
    "\u00f7": "write `/`",
    "\u2212": "write `-`",
    "\u2013": "write `-`",
    "\u2014": "write `-`",
    "\u2227": "write `and`",
    "\u2228": "write `or`",
    "\u00ac": "write `not`",
    "\u221e": "write `unlimited`",
    **dict.fromkeys(
        "\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019\u201a", 'write the straight quote `"`'
    ),
    **dict.fromkeys("\u20ac\u00a3\u00a5", "write the amount as a plain number"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", "replace it by an ordinary space"),
}
"""What to type instead of a sign of another language."""

WORD_HINTS: Final = {
    "is": "to compare, write `==`",
    "equals": "write `==`",
    "eq": "write `==`",
    "ne": "write `!=`",
    "gt": "write `>`",
    "gte": "write `>=`",
    "ge": "write `>=`",
    "lt": "write `<`",
    "lte": "write `<=`",
    "le": "write `<=`",
    "mod": "write `%`",
    "div": "write `//`",
    "and": "write `and`",
    "or": "write `or`",
    "not": "write `not`",
    "in": "write `in`",
    "xor": "write `a != b`",
    "between": "write `low <= value <= high`",
    "like": 'write `contains(text, "part")`',
    "contains": "write `contains(text, part)`",
    "startswith": "write `startswith(text, part)`",
    "endswith": "write `endswith(text, part)`",
    "matches": "use `startswith`, `endswith` or `contains`",
    "then": "write `a if condition else b`",
    "elif": "write `a if one else b if other else c`",
    "where": "write `for x in list if condition`",
    "plus": "write `+`",
    "minus": "write `-`",
    "times": "write `*`",
    "exists": "write `value != null`",
    "percent": "write the share, as in `0.5`",
}
"""What to type instead of a word between two values."""

VALUE_HINTS: Final = {
    "True": "write `true`",
    "TRUE": "write `true`",
    "yes": "write `true`",
    "False": "write `false`",
    "FALSE": "write `false`",
    "no": "write `false`",
    "None": "write `null`",
    "none": "write `null`",
    "NULL": "write `null`",
    "Null": "write `null`",
    "nil": "write `null`",
    "undefined": "write `null`",
    "Infinity": "write `unlimited`",
    "inf": "write `unlimited`",
    "infinity": "write `unlimited`",
    "UNLIMITED": "write `unlimited`",
    "Unlimited": "write `unlimited`",
    "NaN": "there is none: numbers are always numbers",
    "nan": "there is none: numbers are always numbers",
    "otherwise": "write it alone: `when: otherwise`",
    "now": "let the caller pass the time in, as a field of the input",
    "today": "let the caller pass the date in, as a field of the input",
    "output": "conditions and reasons see `input`, `profile` and lets only",
    "facts": "write `input`",
    "lambda": "write the expression itself, or name it under `let`",
    "if": "write `a if condition else b`",
    "for": "write `any(… for x in list)`, or `[… for x in list]`",
}
"""What to type instead of a word that stands where a value should."""


def name_mistake(name: str) -> tuple[str, str | None] | None:
    """Return why a let or a bound variable cannot have this name, and a hint; else ``None``."""
    if name.startswith("_"):
        return f"{code(name)} begins with `_`", "names begin with a letter"
    if not _NAME.fullmatch(name):
        return f"{code(name)} is not a name", "use letters, digits and `_`, as in `new_usage`"
    if len(name) > NAME_LENGTH_MAX:
        return f"{code(name)} is too long for a name", f"use at most {NAME_LENGTH_MAX} characters"
    if name in RESERVED:
        return f"{code(name)} is a word of the language", "choose another name"
    if name in ROOTS:
        return f"{code(name)} already means the {name} itself", "choose another name"
    return None


def keyed(name: str) -> str:
    """Return how a key is written that is no plain name: ``["from"]``."""
    quote = "'" if '"' in name else '"'
    return f"[{quote}{name}{quote}]"
