"""Wording: how messages name kinds of values, parts of expressions and lists of choices."""

from collections.abc import Iterable
from typing import Final

from criterion.expression.tree import Constant, Expression, Scalar
from criterion.expression.types import Kind, Type
from criterion.expression.written import literal, written
from criterion.text import code, did_you_mean, listing

CHOICES_SHOWN_MAX: Final = 8
"""How many allowed values a hint lists."""

KINDS: Final[dict[Kind, str]] = {
    "integer": "a whole number",
    "number": "a number",
    "quantity": "a number or unlimited",
    "boolean": "true or false",
    "text": "text",
    "date": "a date",
    "datetime": "a date and time",
    "list": "a list",
    "mapping": "a mapping",
    "null": "null",
    "any": "any kind of value",
}


def shown(node: Expression) -> str:
    """Return an expression in backticks, cut where it is long."""
    return code(written(node))


def is_kind(node: Expression, given: Type) -> str:
    """Return ``what is what``: the part of the expression and its kind of value."""
    if given.kind == "any":
        return f"{shown(node)} may be any kind of value"
    if isinstance(node, Constant) and given.kind in {"boolean", "null"}:
        return f"{shown(node)} is a truth value" if given.kind == "boolean" else shown(node)
    return f"{shown(node)} is {KINDS[given.kind]}"


def kinds_named(kinds: Iterable[Kind]) -> str:
    """Return kinds as a list of nouns, the narrower number kinds left out."""
    found = set(kinds)
    if "quantity" in found:
        found -= {"integer", "number"}
        nouns = [
            "a number" if kind == "quantity" else KINDS[kind] for kind in KINDS if kind in found
        ]
    else:
        nouns = [KINDS[kind] for kind in KINDS if kind in found - _narrower(found)]
    return listing(nouns)


def _narrower(kinds: set[Kind]) -> set[Kind]:
    return {"integer"} if "number" in kinds else set()


def choices_hint(value: Scalar, choices: Iterable[Scalar]) -> str:
    """Return what to write instead of a value that is not among the choices."""
    known = list(choices)
    texts = [choice for choice in known if isinstance(choice, str)]
    if isinstance(value, str) and texts:
        nearest = did_you_mean(value, texts)
        if nearest:
            name = nearest.removeprefix("did you mean `").removesuffix("`?")
            return f"did you mean {code(literal(name))}?"
        folded = [text for text in texts if text.casefold() == value.casefold()]
        if folded:
            return f"did you mean {code(literal(folded[0]))}?"
    return f"the only values are {values_named(known)}"


def values_named(values: Iterable[Scalar]) -> str:
    """Return values as a list, cut where it is long."""
    shown_values = [code(literal(value)) for value in values]
    more = len(shown_values) - CHOICES_SHOWN_MAX
    if more > 0:
        return f"{', '.join(shown_values[:CHOICES_SHOWN_MAX])} and {more} more"
    return listing(shown_values, "and") if shown_values else "none"


def keys_hint(key: str, known: Iterable[str], base: str) -> str | None:
    """Return what to write instead of a key that is not there."""
    names = list(known)
    folded = [name for name in names if name.casefold() == key.casefold()]
    nearest = f"did you mean {code(folded[0])}?" if folded else did_you_mean(key, names)
    if nearest or not names:
        return nearest
    shown_names = [code(name) for name in names[:CHOICES_SHOWN_MAX]]
    more = len(names) - len(shown_names)
    tail = f" and {more} more" if more > 0 else ""
    listed = ", ".join(shown_names) + tail if more > 0 else listing(shown_names, "and")
    return f"{base} has {listed}"
