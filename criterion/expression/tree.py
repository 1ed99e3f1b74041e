"""The tree of an expression: plain frozen nodes that every reading walks.

Each node knows where it stands in its source: ``at`` is the 1-based column of its first character
and ``end`` the one behind its last, counted in characters over the whole text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from typing import Literal, TypeAlias

ArithmeticOperator: TypeAlias = Literal["+", "-", "*", "/", "//", "%", "**"]
ComparisonOperator: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
FoldName: TypeAlias = Literal["any", "all", "sum", "count", "min", "max", "list"]
Scalar: TypeAlias = str | int | Decimal | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any part of an expression."""

    at: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Node):
    """Text, a number, ``true``, ``false``, ``null`` or ``unlimited`` (decimal infinity)."""

    value: Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Node):
    """``input``, ``profile``, a let, or a bound variable."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Node):
    """``base.name`` or ``base[index]``: a key of a mapping, or a position in a list.

    ``index`` is a `Constant` of text where the key was written with a dot.
    """

    base: "Expression"
    index: "Expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Negative(Node):
    """``-operand``."""

    operand: "Expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic(Node):
    """``left operator right``; ``+`` also joins texts."""

    operator: ArithmeticOperator
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Node):
    """``left operator right``; a chain ``a < b < c`` is an `And` of comparisons sharing ``b``."""

    operator: ComparisonOperator
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Node):
    """``not operand``."""

    operand: "Expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class And(Node):
    """``a and b and …``: true where all are; stops at the first that is false."""

    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or(Node):
    """``a or b or …``: true where one is; stops at the first that is true."""

    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Node):
    """``then if condition else otherwise``."""

    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDisplay(Node):
    """``[a, b, …]``."""

    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingDisplay(Node):
    """``{"a": x, …}``; the keys are text."""

    keys: tuple[str, ...]
    values: tuple["Expression", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Node):
    """``function(a, b)``, of the closed list of functions."""

    function: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold(Node):
    """``any(item for variable in source if condition)`` and its like; ``[… for …]`` is ``list``."""

    fold: FoldName
    item: "Expression"
    variable: str
    source: "Expression"
    condition: "Expression | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Node):
    """A text with expressions in it: ``"{usage} of {limit}"``; only documents make these.

    Attributes:
        parts: Literal texts, with doubled braces undone, and expressions, in order.
    """

    parts: tuple["str | Expression", ...]


Expression: TypeAlias = (
    Constant | Name | Key | Negative | Arithmetic | Comparison | Not | And | Or | Choice
    | ListDisplay | MappingDisplay | Call | Fold | Text
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Let:
    """A name for a value that rules share; worked out when first needed, at most once."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One rule in expressions.

    Attributes:
        id: The rule's id.
        when: Its condition; ``None`` for ``otherwise``.
        emit: The output's members, in order; constants, lists and mappings are expressions too.
        explain: The author's reason, or ``None`` where it is generated from the condition.
    """

    id: str
    when: Expression | None
    emit: tuple[tuple[str, Expression], ...]
    explain: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a decision in expressions decides by: shared lets, and clauses in order."""

    lets: tuple[Let, ...]
    clauses: tuple[Clause, ...]


def children(node: Expression) -> Iterator[Expression]:
    """Yield the expressions directly below a node, in order of evaluation."""
    kind: type = type(node)
    for name in _members(kind):
        part = getattr(node, name)
        for item in part if isinstance(part, tuple) else (part,):
            if isinstance(item, Node):
                yield item  # type: ignore[misc] # every subclass of Node is an Expression


def measure(node: Expression) -> tuple[int, int]:
    """Return how many nodes a tree has, and how deep it is."""
    waiting = [(node, 1)]
    parts = deepest = 0
    while waiting:
        part, depth = waiting.pop()
        parts += 1
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in children(part))
    return parts, deepest


def visit_cost(loop: Fold) -> int:
    """Return what a visit of one item costs, in steps: one for each node of the loop's body."""
    condition = 0 if loop.condition is None else measure(loop.condition)[0]
    return measure(loop.item)[0] + condition


def is_written_out(node: Expression) -> bool:
    """Whether a list or mapping is written where it stands; what it holds has paid for itself."""
    return isinstance(node, ListDisplay | MappingDisplay)


@cache
def _members(kind: type) -> tuple[str, ...]:
    """Return the names of what may hold expressions in a kind of node; there are few kinds."""
    return tuple(field.name for field in fields(kind) if field.name not in {"at", "end"})
