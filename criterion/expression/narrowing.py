"""Narrowing: what a condition makes certain about the values it names, where it is true or false.

``x != null and x > 3`` is fine because the second part is only reached where ``x`` has a value.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from types import MappingProxyType
from typing import Any, Final

from criterion.expression.scope import NOTHING, Facts, Path
from criterion.expression.tree import (
    And,
    Choice,
    Comparison,
    Constant,
    Expression,
    Key,
    ListDisplay,
    Name,
    Not,
    Or,
)
from criterion.expression.written import written
from criterion.quantity import UNLIMITED

PATH_LENGTH_MAX: Final = 20
"""How long a path may be that a let stands for."""

_OPPOSITE: Final = {
    "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in",
    "not in": "in",
}  # fmt: skip


def path_of(node: Expression, aliases: Mapping[str, Path]) -> Path | None:
    """Return the path that an expression is, or ``None`` for a constant.

    What is no path is one key by its text.

    Args:
        node: The expression.
        aliases: The paths that lets stand for.
    """
    if isinstance(node, Name):
        return aliases.get(node.name, (node.name,))
    if isinstance(node, Constant):
        return None
    if not isinstance(node, Key):
        return ("=", written(node))
    base = path_of(node.base, aliases)
    if base is None:
        return None
    if isinstance(node.index, Constant):
        return (*base, node.index.value)
    index = path_of(node.index, aliases)
    return None if index is None else (*base, index)


def alias_of(value: Expression, aliases: Mapping[str, Path]) -> Path | None:
    """Return the path that a let stands for: short ones only, or they might grow and grow."""
    path = path_of(value, aliases)
    if path is None or len(path) > PATH_LENGTH_MAX or any(isinstance(key, tuple) for key in path):
        return None
    return path


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Finds what conditions make certain.

    Attributes:
        lets: What each let stands for.
        aliases: The paths that lets stand for.
        is_finite: Whether an expression that was checked is a number and never unlimited.
    """

    lets: Mapping[str, Expression]
    aliases: Mapping[str, Path] = field(default_factory=dict)
    is_finite: Callable[[Expression], bool] = field(default=lambda _: False)
    _found: dict[tuple[str, bool], Facts] = field(default_factory=dict)

    def facts(self, condition: Expression, *, truth: bool) -> Facts:
        """Return what is certain where the condition is true, or where it is false."""
        find = _FINDERS.get(type(condition))
        return NOTHING if find is None else find(self, condition, truth)

    def _let(self, node: Name, truth: bool) -> Facts:  # noqa: FBT001 -- one of a table
        key = (node.name, truth)
        if key not in self._found:
            self._found[key] = NOTHING  # what a let that means itself makes certain
            meant = self.lets.get(node.name)
            if meant is not None:
                self._found[key] = self.facts(meant, truth=truth)
        return self._found[key]

    def _not(self, node: Not, truth: bool) -> Facts:  # noqa: FBT001
        return self.facts(node.operand, truth=not truth)

    def _and(self, node: And, truth: bool) -> Facts:  # noqa: FBT001
        return self._joined(node.operands, truth, stops_at=False)

    def _or(self, node: Or, truth: bool) -> Facts:  # noqa: FBT001
        return self._joined(node.operands, truth, stops_at=True)

    def _joined(self, operands: Iterable[Expression], truth: bool, *, stops_at: bool) -> Facts:  # noqa: FBT001
        """Join the facts of operands that are worked out until one is ``stops_at``."""
        so_far = NOTHING
        ends = []
        for operand in operands:
            ends.append(so_far | self.facts(operand, truth=stops_at))
            so_far |= self.facts(operand, truth=not stops_at)
        return so_far if truth is not stops_at else reduce(frozenset.intersection, ends)

    def _choice(self, node: Choice, truth: bool) -> Facts:  # noqa: FBT001
        ends = [
            self.facts(node.condition, truth=way) | self.facts(branch, truth=truth)
            for branch, way in ((node.then, True), (node.otherwise, False))
            if not (isinstance(branch, Constant) and branch.value is not truth)
        ]
        return reduce(frozenset.intersection, ends) if ends else NOTHING

    def _comparison(self, node: Comparison, truth: bool) -> Facts:  # noqa: FBT001
        operator = node.operator if truth else _OPPOSITE[node.operator]
        left, right = node.left, node.right
        if operator == "==":
            return self._equal(left, right) | self._equal(right, left)
        if operator == "!=":
            return self._unequal(left, right) | self._unequal(right, left)
        if operator == "in":
            return self._among(left, right)
        if operator in {">", ">="}:
            left, right, operator = right, left, {">": "<", ">=": "<="}[operator]
        if operator == "<" or (operator == "<=" and self.is_finite(right)):
            return self._finite(left)
        return NOTHING

    def _equal(self, left: Expression, right: Expression) -> Facts:
        """Return what is certain of the left, where it equals the right."""
        path = path_of(left, self.aliases)
        if path is None or not isinstance(right, Constant) or right.value is None:
            return NOTHING
        finite = NOTHING if right.value == UNLIMITED else self._finite(left)
        return finite | {("has value", path)}

    def _unequal(self, left: Expression, right: Expression) -> Facts:
        path = path_of(left, self.aliases)
        if path is None or not isinstance(right, Constant):
            return NOTHING
        if right.value is None:
            return frozenset({("has value", path)})
        return self._finite(left) if right.value == UNLIMITED else NOTHING

    def _among(self, left: Expression, right: Expression) -> Facts:
        path = path_of(left, self.aliases)
        if path is None or not isinstance(right, ListDisplay):
            return NOTHING
        is_certain = all(
            isinstance(item, Constant) and item.value is not None for item in right.items
        )
        return frozenset({("has value", path)}) if is_certain else NOTHING

    def _finite(self, node: Expression) -> Facts:
        path = path_of(node, self.aliases)
        return NOTHING if path is None else frozenset({("is finite", path)})


_FINDERS: Final[Mapping[type, Callable[[Narrowing, Any, bool], Facts]]] = MappingProxyType(
    {
        Name: Narrowing._let,  # noqa: SLF001 -- the class's own table
        Not: Narrowing._not,  # noqa: SLF001
        And: Narrowing._and,  # noqa: SLF001
        Or: Narrowing._or,  # noqa: SLF001
        Choice: Narrowing._choice,  # noqa: SLF001
        Comparison: Narrowing._comparison,  # noqa: SLF001
    }
)
