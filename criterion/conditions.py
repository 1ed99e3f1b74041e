"""Conditions: the smallest questions of true or false that a decision asks, and where it asks them.

An occurrence is a condition of its own: what two rules ask in the same words is asked twice. Only
what rules emit as the same member in the same words is one, as a shared ``emit`` is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from criterion.decision import Decision
from criterion.expression.tree import (
    And,
    Body,
    Choice,
    Comparison,
    Constant,
    Expression,
    Fold,
    Not,
    Or,
    children,
)
from criterion.expression.written import written
from criterion.expression_decision import ExpressionDecision
from criterion.rule import OTHERWISE
from criterion.text import code, did_you_mean, listing, one_line

TEXT_LENGTH_MAX: Final = 500
"""How much of a condition is written out, in characters."""

WHEN: Final = "when"
"""What the condition of a rule in Python is called, which is one function."""


class Condition(NamedTuple):
    """A comparison, or another expression of true or false that holds no `and`, `or`, `not`, `if`.

    Attributes:
        text: How an author would write it; ``when`` for the function of a rule in Python.
        place: Where it stands: ``let.usage``, ``rules.heavy.when``, ``rules.heavy.emit.fee``,
            ``emit.fee`` where rules share it, ``rules.heavy`` for a rule in Python.
        nodes: The expression, once for each rule that shares it; none for a rule in Python.
    """

    text: str
    place: str
    nodes: tuple[Expression, ...]


class Unreachable(NamedTuple):
    """An arm of a condition that no facts can reach, as its author declares.

    Attributes:
        condition: The text of the condition.
        place: Where it stands.
        truth: What it never comes to.
        because: Why.
    """

    condition: str
    place: str
    truth: bool
    because: str


def conditions_of(decision: Decision[Any, Any, Any]) -> tuple[Condition, ...]:
    """Return every condition of lets, rules and emitted members, in the order they are written.

    Reasons have none: they explain an answer, and do not change it.
    """
    if isinstance(decision, ExpressionDecision):
        return tuple(_distinct(_of_body(decision.body)))
    rules = (rule for rule in decision.rules if rule.when != OTHERWISE)
    return tuple(Condition(WHEN, f"rules.{rule.id}", ()) for rule in rules)


class Mistaken(NamedTuple):
    """Why an arm cannot be declared unreachable.

    Attributes:
        field: The attribute of the arm that is wrong.
        message: What is wrong with it.
        hint: What to write instead.
    """

    field: str
    message: str
    hint: str | None


def mistake_in(arm: Unreachable, conditions: Sequence[Condition]) -> Mistaken | None:
    """Return why an arm belongs to none of the conditions, or ``None`` where it does."""
    places = dict.fromkeys(condition.place for condition in conditions)
    if arm.place not in places:
        message = f"there is no condition in {code(arm.place)}"
        return Mistaken("place", message, did_you_mean(arm.place, places))
    texts = [condition.text for condition in conditions if condition.place == arm.place]
    if arm.condition in texts:
        return None
    message = f"there is no condition {code(arm.condition)} in {code(arm.place)}"
    there = f"there is {listing(map(code, texts), 'and')}"
    return Mistaken("condition", message, did_you_mean(arm.condition, texts) or there)


def _of_body(body: Body) -> Iterator[Condition]:
    for let in body.lets:
        yield from _conditions([let.value], f"let.{let.name}", is_test=False)
    emitted: defaultdict[tuple[str, Expression], list[Expression]] = defaultdict(list)
    for clause in body.clauses:
        for name, node in clause.emit:
            emitted[name, node].append(node)
    for clause in body.clauses:
        place = f"rules.{clause.id}"
        if clause.when is not None:
            yield from _conditions([clause.when], f"{place}.when", is_test=True)
        for name, node in clause.emit:
            same = emitted.pop((name, node), [])
            shared = f"emit.{name}" if len(same) > 1 else f"{place}.emit.{name}"
            yield from _conditions(same, shared, is_test=False)


def _conditions(same: Iterable[Expression], place: str, *, is_test: bool) -> Iterator[Condition]:
    """Yield the conditions of an expression that is written once or, word for word, many times."""
    for nodes in zip(*(nodes_of(node, is_test=is_test) for node in same), strict=True):
        yield Condition(one_line(written(nodes[0]), TEXT_LENGTH_MAX), place, nodes)


def nodes_of(node: Expression, *, is_test: bool) -> Iterator[Expression]:
    """Yield the conditions of an expression.

    Args:
        node: The expression.
        is_test: Whether something is decided by its being true or false.
    """
    match node:
        case Constant():
            return
        case Not() | And() | Or():
            for operand in children(node):
                yield from nodes_of(operand, is_test=True)
        case Choice():
            yield from nodes_of(node.condition, is_test=True)
            yield from nodes_of(node.then, is_test=is_test)
            yield from nodes_of(node.otherwise, is_test=is_test)
        case Fold():
            if is_test:
                yield node
            yield from _of_loop(node)
        case _:
            if is_test or isinstance(node, Comparison):
                yield node
            for child in children(node):
                yield from nodes_of(child, is_test=False)


def _of_loop(node: Fold) -> Iterator[Expression]:
    yield from nodes_of(node.source, is_test=False)
    if node.condition is not None:
        yield from nodes_of(node.condition, is_test=True)
    yield from nodes_of(node.item, is_test=node.fold in {"any", "all"})


def _distinct(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Number what stands in one place more than once."""
    seen: Counter[tuple[str, str]] = Counter()
    for condition in conditions:
        key = condition.text, condition.place
        seen[key] += 1
        number = seen[key]
        yield condition if number == 1 else condition._replace(text=f"{key[0]} ({number})")
