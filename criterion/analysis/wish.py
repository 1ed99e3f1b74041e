"""Wishes: what somebody would rather be told, as a claim about an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from criterion.decision import Decision
from criterion.errors import ExpressionError
from criterion.expression.check import check
from criterion.expression.failure import ExpressionFailure
from criterion.expression.interpret import Interpretation
from criterion.expression.parse import parse
from criterion.expression.schema_types import type_of_node, type_of_schema
from criterion.expression.scope import Scope
from criterion.expression.tree import Constant, Expression, Key, Name, children
from criterion.expression.types import Type
from criterion.expression_decision import ExpressionDecision
from criterion.plain_facts import plain_value
from criterion.result import Result, Status, parts_of_result

WishLike: TypeAlias = str | Callable[[Result[Any]], bool] | None
"""An expression over ``data`` and ``rule``, a function of a result, or nothing: another outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an answer should say.

    Attributes:
        text: As people write it.
        tree: The expression, ``None`` where it is a function.
        holds: Whether an answer says it. One without data never does.
    """

    text: str
    tree: Expression | None
    holds: Callable[[Result[Any]], bool]


def wish_of(given: WishLike, result: Result[Any], decision: Decision[Any, Any, Any]) -> Wish:
    """Return the wish that somebody names.

    Without one: of a denial that it be allowed, of anything else that another rule answers.

    Raises:
        ExpressionError: The text is no condition over ``data`` and ``rule``.
    """
    if callable(given):
        function = given
        return Wish(
            text="what was asked for",
            tree=None,
            holds=lambda other: other.status is Status.OK and bool(function(other)),
        )
    text = _usual(result) if given is None else given
    tree = _condition(text, decision)
    if text == ALLOWED:
        return Wish(text=text, tree=tree, holds=_is_allowed)
    names = reads_of(tree)
    names = frozenset(decision.output.model_fields) if names is ALL else names
    return Wish(text=text, tree=tree, holds=lambda other: _holds(tree, names, other))


ALLOWED = "data.allowed == true"
"""What is wished of a denial."""


def _usual(result: Result[Any]) -> str:
    if result.status is Status.OK:
        if getattr(result.data, "allowed", None) is False:
            return ALLOWED
        return f'rule != "{result.matched_rule}"'
    return "true"


def _is_allowed(result: Result[Any]) -> bool:
    return result.status is Status.OK and _member(result, "allowed") is True


def _member(result: Result[Any], name: str) -> Any:  # noqa: ANN401 -- of any kind
    """Return a member of the data; no instance is made of what is plain."""
    cause = parts_of_result(result)[1].cause
    if isinstance(cause, Mapping) and name in cause:
        return cause[name]
    return plain_value(getattr(result.data, name))


def reads_of(tree: Expression) -> frozenset[str]:
    """Return which members of the data an expression reads."""
    if isinstance(tree, Key) and tree.base == Name(name="data", at=tree.base.at, end=tree.base.end):
        return frozenset({str(tree.index.value)}) if isinstance(tree.index, Constant) else ALL
    if isinstance(tree, Name) and tree.name == "data":
        return ALL
    parts = [reads_of(part) for part in children(tree)]
    return ALL if any(part is ALL for part in parts) else frozenset().union(*parts)


class _All(frozenset[str]):
    """Every name."""

    def __contains__(self, _: object) -> bool:
        return True


ALL: Final[frozenset[str]] = _All()


def output_members(decision: ExpressionDecision) -> Mapping[str, Any]:
    """Return the members of an output, each with its default; ``...`` where it has no plain one."""
    node: Any = decision.shapes.output.node
    while "fields" not in node:
        node = node["schema"]
    return {name: part["schema"].get("default", ...) for name, part in node["fields"].items()}


def _holds(tree: Expression, names: frozenset[str], result: Result[Any]) -> bool:
    if result.status is not Status.OK:
        return False
    data = {name: _member(result, name) for name in names}
    scope = {"data": data, "rule": result.matched_rule}
    try:
        return Interpretation(scope, {}).value(tree) is True
    except ExpressionFailure:
        return False


def _condition(text: str, decision: Decision[Any, Any, Any]) -> Expression:
    tree = parse(text)
    if isinstance(decision, ExpressionDecision):
        data = type_of_node(decision.shapes.output.node)
    else:
        data = type_of_schema(decision.output)
    ids = tuple(rule.id for rule in decision.rules)
    checked = check(tree, Scope(names={"data": data, "rule": Type(kind="text", choices=ids)}))
    for mistake in checked.mistakes:
        raise ExpressionError(
            mistake.message,
            source=text,
            column=max(1, mistake.at),
            kind=mistake.kind,
            hint=mistake.hint,
        )
    if checked.type.kind not in {"boolean", "any"} or checked.type.nullable:
        raise ExpressionError(
            "a wish is true or false",
            source=text,
            column=1,
            kind="type",
            hint='compare something: `data.allowed == true`, or `rule == "…"`',
        )
    return tree
