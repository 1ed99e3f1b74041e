"""Checks of conditions: what joins them, what they choose, and that they are true or false."""

from criterion.expression.checker import BROKEN, Checker, tainted
from criterion.expression.joins import either
from criterion.expression.scope import Scope
from criterion.expression.tree import And, Choice, Comparison, Constant, Expression, Not, Or
from criterion.expression.types import BOOLEAN, NUMERIC, Type
from criterion.expression.wording import is_kind
from criterion.expression.written import written
from criterion.text import code


def condition(
    checker: Checker, node: Expression, scope: Scope, user: str, before: Expression | None = None
) -> Type:
    """Return the type of what must be true or false, because ``user`` takes nothing else.

    Args:
        checker: Where a mistake is noted.
        node: The condition.
        scope: Where it stands.
        user: The word that takes it: ``and``, ``when``.
        before: The condition before it, if there is one.
    """
    given = checker.value(node, scope)
    if given is BROKEN or given.kind == "boolean":
        return given
    message = f"{is_kind(node, given)}, and {code(user)} takes conditions"
    return checker.note("type", node, message, _condition_hint(node, given, before))


def _condition_hint(node: Expression, given: Type, before: Expression | None) -> str:
    """Return how a value is made a condition.

    Args:
        node: The value.
        given: Its type.
        before: The condition before it: ``a == 1 or 2`` repeats what was compared.
    """
    if isinstance(before, Comparison) and before.operator == "==" and isinstance(node, Constant):
        return f"write `{written(before.left)} in [{written(before.right)}, {written(node)}]`"
    if given.fields:
        return f"compare one of its keys, as in `{written(node)}.{given.fields[0][0]} == …`"
    if given.kind in {"list", "mapping"}:
        return f"compare its length, as in `len({written(node)}) > 0`"
    if given.kind in NUMERIC:
        return f"compare it, as in `{written(node)} > 0`"
    return f"compare it, as in `{written(node)} == …`"


def choice(checker: Checker, node: Choice, scope: Scope) -> Type:
    """Return the type of whichever of two values is chosen."""
    test = condition(checker, node.condition, scope, "if")
    then = checker.visit(node.then, scope.knowing(checker.facts(node.condition, scope, truth=True)))
    not_so = scope.knowing(checker.facts(node.condition, scope, truth=False))
    otherwise = checker.visit(node.otherwise, not_so)
    if BROKEN in (then, otherwise):
        return BROKEN
    return tainted(either(then, otherwise), test)


def negation(checker: Checker, node: Not, scope: Scope) -> Type:
    """Return the type of ``not operand``."""
    given = condition(checker, node.operand, scope, "not")
    return tainted(BOOLEAN, given)


def conjunction(checker: Checker, node: And, scope: Scope) -> Type:
    """Return the type of ``and``: each part is reached only where those before it are true."""
    return _joint(checker, node.operands, scope, "and")


def disjunction(checker: Checker, node: Or, scope: Scope) -> Type:
    """Return the type of ``or``: each part is reached only where those before it are false."""
    return _joint(checker, node.operands, scope, "or")


def _joint(checker: Checker, operands: tuple[Expression, ...], scope: Scope, word: str) -> Type:
    types = []
    before: Expression | None = None
    for operand in operands:
        types.append(condition(checker, operand, scope, word, before))
        scope = scope.knowing(checker.facts(operand, scope, truth=word == "and"))
        before = operand
    return tainted(BOOLEAN, *types)
