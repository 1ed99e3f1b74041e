"""Changes: everything that may be changed in a decision, each with its place in the file."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any, Final, NamedTuple

from criterion.expression.check import ClauseChecks, check_body
from criterion.expression.tree import Body, Clause, Constant, Expression, Node, children
from criterion.expression.types import Type
from criterion.expression.written import written
from criterion.mutation.operators import changed, changed_emit

RULES: Final = "rules"
"""The place of a change of the order of rules."""

Span = tuple[type, int, int]
"""What tells one part of a file from another: its kind, and where it begins and ends."""


class Change(NamedTuple):
    """One change.

    Attributes:
        place: ``let.usage``, ``rules.heavy.when``, ``rules.heavy.emit.fee``, ``emit.fee`` where
            rules share it, ``rules`` for their order.
        before: What is written.
        after: What stands in its place.
        offset: Where in the file, counted in characters from 0.
        body: What the decision decides by then.
        clauses: The positions of the clauses that differ; all of them where a let does.
    """

    place: str
    before: str
    after: str
    offset: int
    body: Body
    clauses: range


class Types(NamedTuple):
    """The types that a body is checked against."""

    input: Type
    profile: Type
    output: Type


def changes(body: Body, offsets: Mapping[str, int], types: Types) -> Iterator[Change]:
    """Yield every change after which the decision could still be loaded.

    Args:
        body: With columns that count from the beginning of the file.
        offsets: Where the id of each rule stands.
        types: What the body was checked against.
    """
    found = (*_of_parts(body, types.output), *_of_order(body, offsets))
    checks = ClauseChecks(body, *types)
    for change in found:
        first, end = change.clauses.start, change.clauses.stop
        is_of_lets = change.body.lets is not body.lets
        if (
            not check_body(change.body, *types)
            if is_of_lets
            else checks.fits(change.body.clauses[first:end], first)
        ):
            yield change


def _of_order(body: Body, offsets: Mapping[str, int]) -> Iterator[Change]:
    for number, (one, next_one) in enumerate(pairwise(body.clauses)):
        if one.when is None or next_one.when is None:
            continue  # behind a rule that always matches, nothing can stand
        clauses = [*body.clauses]
        clauses[number : number + 2] = next_one, one
        swapped = replace(body, clauses=tuple(clauses))
        before, after = f"{one.id}, {next_one.id}", f"{next_one.id}, {one.id}"
        yield Change(RULES, before, after, offsets[next_one.id], swapped, range(number, number + 2))


def _of_parts(body: Body, output: Type) -> Iterator[Change]:
    for place, node in _roots(body):
        stage, _, member = place.rpartition(".")
        if isinstance(node, Constant) and stage.rpartition(".")[2] == "emit":
            choices = getattr(output.field(member), "choices", None) or ()
            others = changed_emit(node.value, choices)
            yield from (_change(body, place, node, replace(node, value=each)) for each in others)
        else:
            yield from _of_part(body, place, node)


def _roots(body: Body) -> Iterator[tuple[str, Expression]]:
    """Yield every expression that decides, once, with its place."""
    for let in body.lets:
        yield f"let.{let.name}", let.value
    written_at = Counter(_span(node) for clause in body.clauses for _, node in clause.emit)
    seen: set[Span] = set()
    for clause in body.clauses:
        if clause.when is not None:
            yield f"rules.{clause.id}.when", clause.when
        for name, node in clause.emit:
            span = _span(node)
            if span not in seen:
                lead = "" if written_at[span] > 1 else f"rules.{clause.id}."
                yield f"{lead}emit.{name}", node
            seen.add(span)


def _of_part(body: Body, place: str, node: Expression) -> Iterator[Change]:
    for each in changed(node):
        yield _change(body, place, node, each)
    for below in children(node):
        yield from _of_part(body, place, below)


def _change(body: Body, place: str, node: Expression, other: Expression) -> Change:
    span = _span(node)
    kind, _, rest = place.partition(".")
    at = range(len(body.clauses))
    lets, clauses = body.lets, body.clauses
    if kind == "let":
        lets = tuple(
            replace(let, value=_put(let.value, span, other)) if let.name == rest else let
            for let in body.lets
        )
    elif kind == "rules":
        id = rest.partition(".")[0]
        first = next(number for number, clause in enumerate(clauses) if clause.id == id)
        at = range(first, first + 1)
    if kind != "let":
        changed = tuple(_put_clause(clause, span, other) for clause in clauses[at.start : at.stop])
        clauses = (*clauses[: at.start], *changed, *clauses[at.stop :])
    after = replace(body, lets=lets, clauses=clauses)
    return Change(place, written(node), written(other), node.at - 1, after, at)


def _put_clause(clause: Clause, span: Span, other: Expression) -> Clause:
    when = None if clause.when is None else _put(clause.when, span, other)
    emit = tuple((name, _put(node, span, other)) for name, node in clause.emit)
    return replace(clause, when=when, emit=emit)


def _put(node: Expression, span: Span, other: Expression) -> Expression:
    """Return a tree with another part in the place of one; the same tree where it has none."""
    if _span(node) == span:
        return other
    parts: dict[str, Any] = {}
    for field in fields(node):
        part = getattr(node, field.name)
        if isinstance(part, Node):
            parts[field.name] = _put(part, span, other)  # type: ignore[arg-type] # all are expressions
        elif isinstance(part, tuple):
            parts[field.name] = tuple(
                _put(each, span, other) if isinstance(each, Node) else each  # type: ignore[arg-type] # same
                for each in part
            )
    is_same = all(_are_same(getattr(node, name), part) for name, part in parts.items())
    return node if is_same else replace(node, **parts)


def _are_same(one: Any, other: Any) -> bool:  # noqa: ANN401 -- a node, or several
    if isinstance(one, tuple):
        return all(a is b for a, b in zip(one, other, strict=True))
    return one is other


def _span(node: Expression) -> Span:
    return type(node), node.at, node.end
