"""Writing: a tree as the text that reads back as the same tree."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from criterion.exact import INTEGER_MAX
from criterion.expression.numbers import plain_text
from criterion.expression.tree import (
    And,
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Constant,
    Expression,
    Fold,
    Key,
    ListDisplay,
    MappingDisplay,
    Name,
    Negative,
    Not,
    Or,
    Scalar,
    Text,
)
from criterion.expression.words import RESERVED
from criterion.text import one_line

_CHOICE, _OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _NEGATE, _POWER, _ATOM = range(10)
_BINDING: Final = {"+": _ADD, "-": _ADD, "**": _POWER}
_PLAIN_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def written(node: Expression) -> str:
    """Return the expression as an author would write it, in one line.

    Only a text that is all of it reads back: inside of another expression none can be written.
    """
    return _WRITERS[type(node)](node)


def literal(value: Scalar) -> str:
    """Return a value as it is written in an expression."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    is_large = isinstance(value, Decimal) and value.is_finite() and abs(value) > INTEGER_MAX
    return f"{value:e}" if is_large else plain_text(value)


def quoted(text: str) -> str:
    """Return a text in double quotes, with escapes for what cannot stand in it."""
    return f'"{"".join(map(_character, text))}"'


def _character(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return char if char.isprintable() or one_line(char) == char else f"\\u{ord(char):04x}"


def _binding(node: Expression) -> int:
    """Return how tightly the outermost operator of an expression binds."""
    if isinstance(node, Arithmetic):
        return _BINDING.get(node.operator, _MULTIPLY)
    if isinstance(node, Constant):
        is_number = isinstance(node.value, int | Decimal) and not isinstance(node.value, bool)
        return _NEGATE if is_number and plain_text(node.value).startswith("-") else _ATOM  # type: ignore[arg-type]
    return _BINDINGS.get(type(node), _ATOM)


def _within(node: Expression, least: int) -> str:
    text = written(node)
    return text if _binding(node) >= least else f"({text})"


def _constant(node: Constant) -> str:
    return literal(node.value)


def _name(node: Name) -> str:
    return node.name


def _key(node: Key) -> str:
    base = _within(node.base, _ATOM)
    index = node.index.value if isinstance(node.index, Constant) else None
    if isinstance(index, str) and _PLAIN_KEY.fullmatch(index) and index not in RESERVED:
        return f"{base}.{index}"
    return f"{base}[{written(node.index)}]"


def _negative(node: Negative) -> str:
    return f"-{_within(node.operand, _NEGATE)}"


def _arithmetic(node: Arithmetic) -> str:
    binding = _binding(node)
    right = _NEGATE if binding == _POWER else binding + 1
    left = _ATOM if binding == _POWER else binding
    return f"{_within(node.left, left)} {node.operator} {_within(node.right, right)}"


def _comparison(node: Comparison) -> str:
    return f"{_within(node.left, _ADD)} {node.operator} {_within(node.right, _ADD)}"


def _not(node: Not) -> str:
    return f"not {_within(node.operand, _NOT)}"


def _and(node: And) -> str:
    return " and ".join(_within(operand, _NOT) for operand in node.operands)


def _or(node: Or) -> str:
    return " or ".join(_within(operand, _AND) for operand in node.operands)


def _choice(node: Choice) -> str:
    then, condition = _within(node.then, _OR), _within(node.condition, _OR)
    return f"{then} if {condition} else {written(node.otherwise)}"


def _list(node: ListDisplay) -> str:
    return f"[{', '.join(map(written, node.items))}]"


def _mapping(node: MappingDisplay) -> str:
    pairs = zip(node.keys, node.values, strict=True)
    return f"{{{', '.join(f'{quoted(key)}: {written(value)}' for key, value in pairs)}}}"


def _call(node: Call) -> str:
    return f"{node.function}({', '.join(map(written, node.arguments))})"


def _fold(node: Fold) -> str:
    condition = f" if {_within(node.condition, _OR)}" if node.condition else ""
    source = _within(node.source, _OR)
    inner = f"{written(node.item)} for {node.variable} in {source}{condition}"
    return f"[{inner}]" if node.fold == "list" else f"{node.fold}({inner})"


def _text(node: Text) -> str:
    return "".join(
        part.replace("{", "{{").replace("}", "}}")
        if isinstance(part, str)
        else f"{{{written(part)}}}"
        for part in node.parts
    )


_BINDINGS: Final[Mapping[type, int]] = MappingProxyType(
    {Choice: _CHOICE, Or: _OR, And: _AND, Not: _NOT, Comparison: _COMPARE, Negative: _NEGATE}
)
_WRITERS: Final[Mapping[type, Callable[[Any], str]]] = MappingProxyType(
    {
        Constant: _constant,
        Name: _name,
        Key: _key,
        Negative: _negative,
        Arithmetic: _arithmetic,
        Comparison: _comparison,
        Not: _not,
        And: _and,
        Or: _or,
        Choice: _choice,
        ListDisplay: _list,
        MappingDisplay: _mapping,
        Call: _call,
        Fold: _fold,
        Text: _text,
    }
)
