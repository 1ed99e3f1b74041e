"""Formulas: the expressions of a policy, made ready to be worked out on every call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from criterion.expression.compile import Decide, compile_body
from criterion.expression.failure import ClauseFailure
from criterion.expression.tree import Body, Clause, Constant, Expression, Key, Let, Name
from criterion.expression.types import Type
from criterion.frozen import FrozenDict, FrozenList
from criterion.policy.amounts import Amount
from criterion.policy.scopes import as_compiled

Names: TypeAlias = Mapping[str, Type]

_RESULT = "result"


@dataclass(frozen=True, slots=True)
class Formula:
    """One checked expression.

    Attributes:
        text: As it is written; two formulas of one text and one scope are equal.
        tree: The same as a tree.
    """

    text: str
    tree: Expression = field(compare=False, repr=False)
    _run: Decide = field(compare=False, repr=False)

    def __call__(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- plain data
        """Return its value.

        Args:
            values: One for each name of the scope: plain, frozen data.

        Raises:
            ExpressionFailure: It cannot be worked out for these values.
        """
        try:
            data = self._run(values, {})[1]
        except ClauseFailure as error:
            raise error.failure from None
        return None if data is None else data[_RESULT]


def formula(text: str, tree: Expression, names: Names) -> Formula:
    """Return an expression that was checked against these names, ready to run."""
    clause = Clause(id=_RESULT, when=None, emit=((_RESULT, tree),), explain=None)
    body = Body(lets=lets_of(names), clauses=(clause,))
    empty = Type(kind="mapping", fields=())
    return Formula(text, tree, compile_body(body, as_compiled(names), empty))


def lets_of(names: Names) -> tuple[Let, ...]:
    """Return lets that read the names of a scope from the input."""
    return tuple(Let(name=name, value=_read(name)) for name in names if name != "input")


def _read(name: str) -> Expression:
    root = Name(at=1, end=1, name="input")
    return Key(at=1, end=1, base=root, index=Constant(at=1, end=1, value=name))


@dataclass(frozen=True, slots=True)
class CostFormula:
    """What units of a credit cost the provider, as an expression says.

    Attributes:
        formula: Over the names of `criterion.policy.scopes.OVERHEAD`.
    """

    formula: Formula

    def __call__(self, units: Amount, context: Mapping[str, Any]) -> object:
        """Return the cost in runes.

        Raises:
            ExpressionFailure: It cannot be worked out for this context.
        """
        cost: object = self.formula({"units": units, "context": exact(context)})
        return cost


def exact(given: Any) -> Any:  # noqa: ANN401 -- plain data
    """Return frozen data as expressions take it: fractions by their shortest text, at any depth."""
    if type(given) is float:
        return Decimal(repr(given))
    if isinstance(given, Mapping):
        return FrozenDict((key, exact(each)) for key, each in given.items())
    if isinstance(given, list):
        return FrozenList(exact(each) for each in given)
    return given
