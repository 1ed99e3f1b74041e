"""Operators: what each part of an expression may be changed into, one at a time.

Source:
    Relational operators are replaced by those that differ from them on the boundary and beside
    it: Kaminski, Ammann and Offutt, Improving logic-based testing, 2013.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from criterion.expression.tree import (
    And,
    Arithmetic,
    ArithmeticOperator,
    Comparison,
    ComparisonOperator,
    Constant,
    Expression,
    Not,
    Or,
    Scalar,
)

COMPARISONS: Final[Mapping[str, tuple[ComparisonOperator, ...]]] = MappingProxyType(
    {
        "<": ("<=", "!="),
        "<=": ("<", "=="),
        ">": (">=", "!="),
        ">=": (">", "=="),
        "==": ("!=",),
        "!=": ("==",),
        "in": ("not in",),
        "not in": ("in",),
    }
)
ARITHMETIC: Final[Mapping[str, ArithmeticOperator]] = MappingProxyType(
    {"+": "-", "-": "+", "*": "/", "/": "*"}
)


def changed(node: Expression) -> Iterator[Expression]:
    """Yield what an expression may be changed into; what is below it stays as it is."""
    match node:
        case Comparison():
            yield from (replace(node, operator=each) for each in COMPARISONS[node.operator])
        case Arithmetic() if node.operator in ARITHMETIC:
            yield replace(node, operator=ARITHMETIC[node.operator])
        case And():
            yield Or(at=node.at, end=node.end, operands=node.operands)
        case Or():
            yield And(at=node.at, end=node.end, operands=node.operands)
        case Not():
            yield node.operand
        case Constant():
            yield from (replace(node, value=value) for value in changed_value(node.value))
        case _:
            pass


def changed_value(value: Scalar) -> Iterator[Scalar]:
    """Yield the neighbours of a number, and the opposite of a truth; none of anything else."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, Decimal) and value.is_finite():
        exponent = value.as_tuple().exponent
        unit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
        yield from (value + unit, value - unit)


def changed_emit(value: Scalar, choices: tuple[Scalar, ...]) -> Iterator[Scalar]:
    """Yield one other value for a member that is emitted as it is written.

    Args:
        value: What is emitted.
        choices: The only values that the member may have; none where any will do.
    """
    if choices and value in choices:
        yield choices[(choices.index(value) + 1) % len(choices)]
    elif isinstance(value, str):
        yield "" if value else "changed"
    elif isinstance(value, Decimal) and value.is_infinite():
        yield 0
    else:
        yield from list(changed_value(value))[:1]
