"""Telling: explanations that do not say what decided, or say it in a way that hides it."""

from collections.abc import Iterator, Mapping

from criterion.analysis.finding import Finding
from criterion.analysis.paths import Path, reads
from criterion.analysis.placing import Placing
from criterion.expression.infer import Types, type_of, types_of
from criterion.expression.tree import (
    And,
    Body,
    Call,
    Clause,
    Comparison,
    Constant,
    Expression,
    Name,
    Not,
    Or,
    Text,
    children,
)
from criterion.expression.types import Type
from criterion.expression.written import written
from criterion.text import code, listing

Lets = Mapping[str, Expression]

_ORDERED = frozenset({"<", "<=", ">", ">="})
_ROUNDING = frozenset({"round", "floor", "ceil"})


def untold(body: Body, input: Type, profile: Type, placing: Placing | None) -> Iterator[Finding]:
    """Yield a finding for each explanation that does not tell what decided."""
    lets = {let.name: let.value for let in body.lets}
    types = types_of(body.lets, input, profile)
    for clause in body.clauses:
        if clause.when is None or clause.explain is None:
            continue
        problem = _problem(clause.when, clause.explain, lets, types)
        if problem is not None:
            message, hint = problem
            yield _finding(clause, message, hint, placing)


def _finding(clause: Clause, message: str, hint: str, placing: Placing | None) -> Finding:
    place = None if placing is None or clause.explain is None else placing.of_node(clause.explain)
    return Finding(
        kind="explanation",
        level="problem",
        verdict="proven",
        message=f"the explanation of {code(clause.id)} {message}",
        hint=hint,
        rule=clause.id,
        place=place,
    )


def _problem(when: Expression, explain: Text, lets: Lets, types: Types) -> tuple[str, str] | None:
    """Return what is wrong with an explanation, and what to do, or ``None``."""
    told = {path for path in reads(explain, lets) if len(path) > 1}
    words = " ".join(part for part in explain.parts if isinstance(part, str)).lower()
    ordered = [each for each in _comparisons(when, lets) if each.operator in _ORDERED]
    if ordered and not any(_is_told(each, told, words, lets) for each in ordered):
        quoted = listing([code(_operand(each)) for each in ordered], "and")
        return f"mentions nothing that was compared: {quoted}", "put a compared value into it"
    arms = _arms(when, lets)
    missing = [arm for arm in arms if not _mentions(arm, told, words, lets)]
    if len(arms) > 1 and missing and len(missing) < len(arms):
        quoted = listing([code(written(arm)) for arm in missing], "and")
        return f"mentions only one side of an `or`, and not {quoted}", "mention every side"
    for each in _comparisons(when, lets):
        for rounded in _rounded(explain, lets):
            hidden = _hidden(each, rounded, lets, types)
            if hidden is not None:
                message = f"rounds {code(written(hidden))}, which the condition compares unrounded"
                return message, "print it as it is: two unequal values may look equal"
    return None


def _opened(node: Expression, lets: Lets) -> Expression:
    while isinstance(node, Name) and node.name in lets:
        node = lets[node.name]
    return node


def _comparisons(node: Expression, lets: Lets) -> Iterator[Comparison]:
    """Yield the comparisons of a condition, lets that are conditions opened."""
    node = _opened(node, lets)
    if isinstance(node, Comparison):
        yield node
    elif isinstance(node, And | Or | Not):
        for child in children(node):
            yield from _comparisons(child, lets)


def _arms(node: Expression, lets: Lets) -> tuple[Expression, ...]:
    """Return the sides of the first `or` of a condition."""
    node = _opened(node, lets)
    if isinstance(node, Or):
        return node.operands
    if isinstance(node, And):
        return next((arms for part in node.operands if (arms := _arms(part, lets))), ())
    return ()


def _is_told(node: Comparison, told: set[Path], words: str, lets: Lets) -> bool:
    return _mentions(node, told, words, lets)


def _mentions(node: Expression, told: set[Path], words: str, lets: Lets) -> bool:
    """Whether an explanation mentions a part of a condition, by a value or in words."""
    paths = {path for path in reads(node, lets) if len(path) > 1}
    if any(_is_same(one, two) for one in told for two in paths):
        return True
    names = {word for path in paths for word in path[-1].lower().split("_") if word not in _FILLERS}
    return any(word in words for word in names | set(_constants(node)))


_FILLERS = frozenset({"is", "has", "*", "from", "in", "of", "the", "at", "to", "may", "min", "max"})


def _is_same(one: Path, two: Path) -> bool:
    shorter = min(len(one), len(two))
    return one[:shorter] == two[:shorter]


def _constants(node: Expression) -> Iterator[str]:
    if isinstance(node, Constant) and isinstance(node.value, str) and node.value:
        yield node.value.lower()
    for child in children(node):
        yield from _constants(child)


def _operand(node: Comparison) -> str:
    side = node.right if isinstance(node.left, Constant) else node.left
    return written(side)


def _rounded(node: Expression, lets: Lets) -> Iterator[Call]:
    """Yield the calls that round in a text; a let stands for what it is."""
    for child in children(node):
        part = _opened(child, lets)
        if isinstance(part, Call) and part.function in _ROUNDING:
            yield part
        elif part is child:
            yield from _rounded(part, lets)


def _hidden(node: Comparison, rounded: Call, lets: Lets, types: Types) -> Expression | None:
    """Return what a comparison compares and a call rounds, ``None`` where there is no such."""
    if node.operator not in _ORDERED:
        return None
    inside = set(_spelled(rounded.arguments[0], lets))
    for side in (node.left, node.right):
        is_number = type_of(side, types).kind in {"number", "quantity"}
        is_rounded = _opened(side, lets) is rounded or written(side) == written(rounded)
        if isinstance(side, Constant) or not is_number or is_rounded:
            continue
        if not inside.isdisjoint({written(side), written(_opened(side, lets))}):
            return side
    return None


def _spelled(node: Expression, lets: Lets) -> Iterator[str]:
    """Yield how an expression and its parts are written, lets opened and not."""
    yield written(node)
    opened = _opened(node, lets)
    if opened is not node:
        yield from _spelled(opened, lets)
    for child in children(node):
        yield from _spelled(child, lets)
