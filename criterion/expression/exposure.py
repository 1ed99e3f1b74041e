"""Exposure: marked values that a decision emits into members of its output that have no mark.

What is only computed from a marked value, such as a score or a comparison, is not counted: to
decide by such values is what they are there for.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from criterion.expression.check import VISITS, body_scope
from criterion.expression.checker import Checker, is_marked
from criterion.expression.tree import (
    And,
    Arithmetic,
    Body,
    Call,
    Choice,
    Comparison,
    Expression,
    Fold,
    Key,
    Name,
    Negative,
    Not,
    Or,
    children,
)
from criterion.expression.types import Type
from criterion.expression.written import written

SHOWING: Final = frozenset({"lower", "upper", "date", "datetime"})
"""Functions whose result shows the value that they are given."""

_HIDING: Final = (And, Arithmetic, Call, Comparison, Negative, Not, Or)
"""Nodes whose value is only computed from those of their parts."""


class Exposure(NamedTuple):
    """One member that shows a marked value.

    Attributes:
        rule: The id of the rule.
        member: The member of the output.
        shown: The value, as an expression.
    """

    rule: str
    member: str
    shown: str


def exposures(body: Body, input: Type, profile: Type, output: Type) -> Iterator[Exposure]:
    """Yield every member of every rule that shows a marked value and has no mark itself."""
    scope = body_scope(body, input, profile)
    for clause in body.clauses:
        for member, value in clause.emit:
            target = output.field(member)
            if target is None or is_marked(target):
                continue
            for part in _shown(value, scope.lets):
                if is_marked(Checker(VISITS).visit(part, scope)):
                    yield Exposure(clause.id, member, written(part))
                    break


def _shown(node: Expression, lets: Mapping[str, Expression]) -> Iterator[Expression]:
    """Yield the keys whose values can be seen in that of an expression."""
    if isinstance(node, Key):
        yield node
    elif isinstance(node, Name) and node.name in lets:
        yield from _shown(lets[node.name], lets)
    elif isinstance(node, Fold):
        yield from _shown(node.source, lets) if node.fold == "list" else ()
    elif not isinstance(node, _HIDING) or _shows(node):
        parts = (node.then, node.otherwise) if isinstance(node, Choice) else children(node)
        for part in parts:
            yield from _shown(part, lets)


def _shows(node: Expression) -> bool:
    """Whether a node joins texts, or calls a function that shows its argument."""
    if isinstance(node, Arithmetic):
        return node.operator == "+"
    return isinstance(node, Call) and node.function in SHOWING
