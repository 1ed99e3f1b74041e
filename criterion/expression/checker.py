"""The checker: walks a tree, gives every part its type, and notes every mistake once."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from criterion.expression.mistake import Mistake
from criterion.expression.narrowing import Narrowing, path_of
from criterion.expression.scope import Facts, Path, Scope
from criterion.expression.tree import Expression, Key, Name
from criterion.expression.types import NUMBER, Kind, Type
from criterion.expression.wording import is_kind, kinds_named, shown

BROKEN: Final = Type(kind="any", nullable=True, title="(mistaken)")
"""The type of what has a mistake already; nothing more is said about it."""

Visit: TypeAlias = Callable[["Checker", Any, Scope], Type]


class Checker:
    """Checks expressions of one scope after another.

    Attributes:
        mistakes: What was found, in the order of the walk.
        types: The type of each node that was visited, by its identity.
    """

    def __init__(self, visits: Mapping[type, Visit]) -> None:
        """Take what checks each kind of node."""
        self.mistakes: list[Mistake] = []
        self.types: dict[int, Type] = {}
        self._visits = visits

    def visit(self, node: Expression, scope: Scope) -> Type:
        """Return the type of an expression where it stands."""
        given = self._visits[type(node)](self, node, scope)
        if scope.known and given is not BROKEN and (given.nullable or given.kind == "quantity"):
            given = _narrowed(given, path_of(node, scope.aliases), scope.known)
        self.types[id(node)] = given
        return given

    def note(self, kind: str, node: Expression, message: str, hint: str | None = None) -> Type:
        """Note a mistake, and return the type that says so."""
        self.mistakes.append(Mistake(kind, node.at, node.end, message, hint))
        return BROKEN

    def value(self, node: Expression, scope: Scope) -> Type:
        """Return the type of an expression that must have a value of a known kind."""
        return self.certain(node, self.visit(node, scope))

    def certain(self, node: Expression, given: Type) -> Type:
        """Return the type where it is known and never null; note it where it is not."""
        if given is BROKEN:
            return BROKEN
        if given.kind == "null":
            return self.note("null", node, "`null` cannot stand here", "compare it with `==`")
        if given.kind == "any":
            hint = "say in the schema what `type` it has"
            if not isinstance(node, Name | Key):
                hint = "let all the values that it may have be of one kind"
            return self.note("type", node, is_kind(node, given), hint)
        if given.nullable:
            name = shown(node).strip("`")
            hint = f"test it first: `{name} != null and …`, or `… if {name} != null else …`"
            return self.note("null", node, f"{shown(node)} may be null", hint)
        return given

    def of_kind(
        self, node: Expression, scope: Scope, kinds: Iterable[Kind], user: str, hint: str = ""
    ) -> Type:
        """Return the type of an expression that must be of some kinds: ``user`` needs that."""
        given = self.value(node, scope)
        if given is BROKEN or given.kind in kinds:
            return given
        message = f"{is_kind(node, given)}, and {user} takes {kinds_named(kinds)}"
        return self.note("type", node, message, hint or None)

    def facts(self, condition: Expression, scope: Scope, *, truth: bool) -> Facts:
        """Return what a condition that was visited makes certain."""
        return Narrowing(scope.lets, scope.aliases, self._is_finite).facts(condition, truth=truth)

    def _is_finite(self, node: Expression) -> bool:
        given = self.types.get(id(node))
        return given is not None and given.kind in {"integer", "number"}


def tainted(made: Type, *sources: Type) -> Type:
    """Return the type, marked where anything that it is computed from is."""
    if made.is_redacted or made is BROKEN or not any(map(is_marked, sources)):
        return made
    return made._replace(is_redacted=True)


def is_marked(given: Type) -> bool:
    """Whether a value, or any value inside it, is redacted."""
    if given.is_redacted:
        return True
    parts = [part for _, part in given.fields or ()]
    return any(is_marked(part) for part in (*parts, *([given.item] if given.item else [])))


def _narrowed(given: Type, path: Path | None, known: Facts) -> Type:
    if path is None:
        return given
    if given.nullable and ("has value", path) in known and given.kind != "null":
        given = given.non_null()
    if given.kind == "quantity" and ("is finite", path) in known:
        given = given._replace(kind=NUMBER.kind)
    return given
