"""Labels: what a decision's values are called, whatever the facts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from criterion.expression.check import VISITS
from criterion.expression.checker import BROKEN, Checker, is_marked
from criterion.expression.phrases import ROOTS, expression_text, words
from criterion.expression.scope import Scope
from criterion.expression.tree import Body, Comparison, Constant, Expression, Key, Name
from criterion.expression.types import ANY, Type

_OPPOSITES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
        "in": "not in", "not in": "in",
    }
)  # fmt: skip
_MIRRORED: Final[Mapping[str, str]] = MappingProxyType(
    {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
)


class Frame(NamedTuple):
    """The words around two compared values."""

    left: Expression
    right: Expression
    before: str
    between: str


def turned(node: Comparison, truth: bool) -> tuple[str, Expression, Expression]:  # noqa: FBT001
    """Return the comparison that holds, its constant to the right."""
    operator = node.operator if truth else _OPPOSITES[node.operator]
    left, right = node.left, node.right
    is_mirrored = isinstance(left, Constant) and not isinstance(right, Constant)
    if is_mirrored and operator in _MIRRORED:
        return _MIRRORED[operator], right, left
    return operator, left, right


class Labels:
    """What is the same for all facts: what values are called, and which are marked.

    Attributes:
        marks: Whether anything is marked.
    """

    def __init__(self, body: Body, given: Type, profile: Type) -> None:
        """Take the body, and the types of its input and profile, for titles and marks."""
        self.marks = is_marked(given) or is_marked(profile)
        self._types = _types_of(body, given, profile)
        self._hidden: dict[int, bool] = {}
        self._fixed: dict[int, str | None] = {}
        self._frames: dict[tuple[int, bool], Frame | None] = {}

    def hides(self, node: Expression) -> bool:
        """Whether a value is marked, or made of what is."""
        known = self._hidden.get(id(node))
        if known is None:
            known = self._hidden[id(node)] = is_marked(self._types.get(id(node), ANY))
        return known

    def fixed(self, node: Expression) -> str | None:
        """Return what a value is called for all facts, or ``None`` where it depends on a key."""
        try:
            return self._fixed[id(node)]
        except KeyError:
            name = self._fixed[id(node)] = self._name(node)
            return name

    def frame(self, node: Comparison, truth: bool) -> Frame | None:  # noqa: FBT001
        """Return the words around the values of a comparison, where they are always the same."""
        key = id(node), truth
        try:
            return self._frames[key]
        except KeyError:
            frame = self._frames[key] = self._framed(*turned(node, truth))
            return frame

    def _framed(self, operator: str, left: Expression, right: Expression) -> Frame | None:
        if self.marks or operator in {"in", "not in", "=="}:
            return None
        name = self.fixed(left) if isinstance(left, Name | Key) else None
        if name is not None and isinstance(right, Constant):
            words = (f"{name} is ", ", not ") if operator == "!=" else (f"{name} ", f" {operator} ")
            return Frame(left, right, *words)
        other = self.fixed(right) if isinstance(right, Name | Key) else None
        if name is None or other is None:
            return None
        return Frame(left, right, f"{name} ", f" {operator} {other} ")

    def _name(self, node: Expression) -> str | None:
        if isinstance(node, Name):
            return words(node.name)
        if not isinstance(node, Key):
            return expression_text(node)
        given = self._types.get(id(node), ANY)
        if given.title and given is not BROKEN:
            return given.title
        is_field = isinstance(node.base, Name) and node.base.name in ROOTS
        if is_field and isinstance(node.index, Constant) and isinstance(node.index.value, str):
            return words(node.index.value)
        return None


def _types_of(body: Body, given: Type, profile: Type) -> Mapping[int, Type]:
    """Return the type of every node of the lets and the conditions, by its identity."""
    checker = Checker(VISITS)
    scope = Scope(names={"input": given, "profile": profile})
    lets: dict[str, Expression] = {}
    for let in body.lets:
        kind = checker.visit(let.value, scope)
        lets = {**lets, let.name: let.value}
        scope = Scope(names={**scope.names, let.name: kind}, lets=lets)
    for clause in body.clauses:
        if clause.when is not None:
            checker.visit(clause.when, scope)
            scope = scope.knowing(checker.facts(clause.when, scope, truth=False))
    return checker.types
