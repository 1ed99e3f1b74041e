"""Limits of a field: bounds, lengths, patterns and lists of values, under pydantic's names."""

import re
from typing import Any, Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

from criterion.documents.field_words import BOUNDS, length_of, number_of
from criterion.documents.problems import Problems
from criterion.documents.sections import text_of
from criterion.documents.yaml_text import Node
from criterion.text import code

CHOICES_MAX: Final = 1_000
"""How many values an ``enum`` may list."""
PATTERN_LENGTH_MAX: Final = 200
"""Longest pattern, in characters."""

_NOT_WITH_CHOICES: Final = frozenset({"minLength", "maxLength", "pattern", *BOUNDS})
_NOT_LINEAR: Final = re.compile(r"\(\?<?[=!]|\\[1-9]|\(\?P=")
_NOUNS: Final[dict[type, str]] = {int: "a whole number", str: "text", bool: "true or false"}


def bounds_of(node: Node, problems: Problems, *, is_whole: bool) -> dict[str, Any]:
    """Return pydantic's bounds of a number."""
    bounds = _bounds(node, problems, is_whole=is_whole)
    least = max((bounds[name] for name in ("ge", "gt") if name in bounds), default=None)
    most = min((bounds[name] for name in ("le", "lt") if name in bounds), default=None)
    if least is not None and most is not None:
        is_open = least == bounds.get("gt") or most == bounds.get("lt")
        if least > most or (least == most and is_open):
            problems.add(node.start, "the bounds leave no number between them")
    return bounds


def _bounds(node: Node, problems: Problems, *, is_whole: bool) -> dict[str, Any]:
    members = node.members or {}
    bounds: dict[str, Any] = {}
    for word, name in BOUNDS.items():
        if word not in members:
            continue
        number = number_of(members[word], problems, word, is_whole=is_whole)
        if word == "multipleOf" and number is not None and number <= 0:
            problems.add(members[word].start, "`multipleOf` must be above 0")
        elif number is not None:
            bounds[name] = number
    return bounds


def lengths(node: Node, least: str, most: str, problems: Problems) -> dict[str, Any]:
    """Return pydantic's limits of a length, from the two words that a field may use."""
    members = node.members or {}
    found = {
        name: length_of(members[word], problems, word)
        for name, word in (("min_length", least), ("max_length", most))
        if word in members
    }
    limits = {name: number for name, number in found.items() if number is not None}
    if limits.get("min_length", 0) > limits.get("max_length", limits.get("min_length", 0)):
        problems.add(node.start, f"{code(least)} is above {code(most)}")
    return limits


def pattern_of(node: Node | None, problems: Problems) -> str | None:
    """Return a pattern that is matched in linear time, or ``None``."""
    text = text_of(node, problems, "`pattern`")
    if text is None or node is None:
        return None
    if len(text) > PATTERN_LENGTH_MAX:
        message = f"the pattern is longer than {PATTERN_LENGTH_MAX} characters"
        problems.add(node.start, message)
        return None
    try:
        SchemaValidator(core_schema.str_schema(pattern=text))
    except SchemaError:
        hint = (
            "patterns have no look-ahead, no look-behind and no back-references"
            if _NOT_LINEAR.search(text)
            else "it is no regular expression, or one that takes too much memory"
        )
        problems.add(node.start, "the pattern cannot be used", hint)
        return None
    return text


def choices(members: dict[str, Node], kind: type, problems: Problems) -> list[Any] | None:
    """Return the only values of a field that lists them, or ``None``."""
    node = members.get("enum", members.get("const"))
    if node is None:
        return None
    if "enum" in members and "const" in members:
        problems.add(members["const"].start, "`const` does not go with `enum`")
    for word in sorted(members.keys() & _NOT_WITH_CHOICES):
        problems.add(members[word].start, f"{code(word)} does not go with a list of values")
    parts = node.items if "enum" in members else [node]
    if not parts or len(parts) > CHOICES_MAX:
        hint = "write them in brackets, as in `[free, pro]`"
        problems.add(node.start, f"`enum` must be a list of one to {CHOICES_MAX:_} values", hint)
        return None
    seen: list[Any] = []
    for part in parts:
        _note_choice(part, kind, seen, problems)
    return seen or None


def _note_choice(part: Node, kind: type, seen: list[Any], problems: Problems) -> None:
    if part.is_broken:
        return
    if type(part.value) is not kind:
        hint = 'put quotes around it: `"…"`' if kind is str else None
        if part.value is None:
            hint = "write `default: null` for a field that may be null"
        problems.add(part.start, f"this value is not {_NOUNS[kind]}", hint)
    elif part.value in seen:
        problems.add(part.start, f"{code(str(part.value))} is listed twice")
    else:
        seen.append(part.value)
