"""The interpreted reading: works an expression out node by node, and remembers every value.

It is the plain reading that the others are held to, and the one that explains.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from criterion.expression import numbers, operations
from criterion.expression.failure import (
    ClauseFailure,
    ExpressionFailure,
    Stage,
    too_much,
    wrong_kind,
)
from criterion.expression.functions import FUNCTIONS
from criterion.expression.operations import STEPS_MAX, at_key
from criterion.expression.tree import (
    And,
    Arithmetic,
    Body,
    Call,
    Choice,
    Clause,
    Comparison,
    Constant,
    Expression,
    Fold,
    Key,
    ListDisplay,
    MappingDisplay,
    Name,
    Negative,
    Not,
    Or,
    Text,
    is_written_out,
    visit_cost,
)
from criterion.expression.values import CONTAINERS, bounded, emitted, items, shown, truth

if TYPE_CHECKING:
    from criterion.expression.evaluator import Evaluator

Scope = Mapping[str, object]

ARITHMETIC: Final[Mapping[str, Callable[[Any, Any], Any]]] = MappingProxyType(
    {
        "+": operations.plus,
        "-": numbers.subtract,
        "*": numbers.multiply,
        "/": numbers.divide,
        "//": numbers.floor_divide,
        "%": numbers.modulo,
        "**": numbers.power,
    }
)
"""What each arithmetic operator does."""

COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = MappingProxyType(
    {
        "==": operations.equal,
        "!=": lambda left, right: not operations.equal(left, right),
        "<": operations.less,
        "<=": operations.less_or_equal,
        ">": operations.greater,
        ">=": operations.greater_or_equal,
        "in": operations.is_in,
        "not in": lambda left, right: not operations.is_in(left, right),
    }
)
"""What each comparison operator does."""

_FOLDS: Final[Mapping[str, Callable[[Iterable[Any]], Any]]] = MappingProxyType(
    {
        "any": lambda values: any(map(truth, values)),
        "all": lambda values: all(map(truth, values)),
        "sum": operations.total,
        "count": operations.how_many,
        "min": lambda values: operations.least(*values),
        "max": lambda values: operations.greatest(*values),
        "list": list,
    }
)


class Reached(NamedTuple):
    """What a node came to.

    Attributes:
        value: Its value; ``None`` also where it failed.
        failure: Why it has none, or ``None``.
    """

    value: Any
    failure: ExpressionFailure | None = None


@cache
def _evaluator_type() -> type["Evaluator"]:
    from criterion.expression.evaluator import Evaluator  # noqa: PLC0415 -- when first used

    return Evaluator


def _evaluator(handlers: Mapping[type, Callable[[Any], Any]]) -> Callable[[object], Any]:
    evaluate: Callable[[object], Any] = _evaluator_type()(handlers).evaluate
    return evaluate


class Interpretation:
    """One evaluation: a scope, lets that are worked out when needed, and all values so far.

    Attributes:
        values: What each evaluated node came to, by its identity; of a node inside a loop, the
            last time. Nodes that were not needed are missing, and so are constants and names
            that a key was read of.
        failures: Why a node came to nothing.
    """

    def __init__(self, scope: Scope, lets: Mapping[str, Expression]) -> None:
        """Take plain frozen data, the values of ``input`` and ``profile``, and the lets."""
        self.values: dict[int, Any] = {}
        self.failures: dict[int, ExpressionFailure] = {}
        self._outer = scope
        self._scope = scope
        self._lets = lets
        self._known: dict[str, Any] = {}
        self._state: list[Any] = [STEPS_MAX]
        self._costs: dict[int, int] = {}
        self._loops = 0
        self._evaluate = _evaluator(self._handlers())

    def _handlers(self) -> dict[type, Callable[[Any], Any]]:
        return {
            Name: self._name,
            Key: self._key,
            Negative: self._negative,
            Arithmetic: self._arithmetic,
            Comparison: self._comparison,
            Not: self._not,
            And: self._and,
            Or: self._or,
            Choice: self._choice,
            ListDisplay: self._list,
            MappingDisplay: self._mapping,
            Call: self._call,
            Fold: self._fold,
            Text: self._text,
        }

    def value(self, node: Expression) -> Any:  # noqa: ANN401 -- any plain data
        """Return what an expression comes to.

        Raises:
            ExpressionFailure: It cannot be worked out.
        """
        if type(node) is Constant:
            return node.value
        try:
            if type(node) is Name and node.name in self._known:
                value = self._name(node)
            else:
                value = self._evaluate(node)
            self.values[id(node)] = value
        except ExpressionFailure as failure:
            self.failures[id(node)] = failure
            raise
        return value

    def attempt(self, node: Expression) -> Reached:
        """Return what an expression comes to, be it a failure; what is known is not done again."""
        known = self.known(node)
        if known is not None:
            return known
        try:
            return Reached(self.value(node))
        except ExpressionFailure as failure:
            return Reached(None, failure)
        except (RecursionError, MemoryError):
            return Reached(None, too_much())

    def known(self, node: Expression) -> Reached | None:
        """Return what a node came to, or ``None`` where it was not needed yet."""
        if type(node) is Constant:
            return Reached(node.value)
        place = id(node)
        if place in self.values:
            return Reached(self.values[place])
        return Reached(None, self.failures[place]) if place in self.failures else None

    def _name(self, node: Name) -> object:
        if node.name in self._scope:
            return self._scope[node.name]
        if node.name not in self._known:
            self._known[node.name] = self._let(node.name)
        return self._known[node.name]

    def _let(self, name: str) -> object:
        """Work out a let: outside of all loops, whoever needs it; once, also where it fails."""
        value = self._lets[name]
        if id(value) in self.failures:
            raise self.failures[id(value)]
        inner = self._scope, self._loops
        self._scope, self._loops = self._outer, 0
        try:
            return self.value(value)
        finally:
            self._scope, self._loops = inner

    def _key(self, node: Key) -> object:
        base, index = node.base, node.index
        if type(base) is Name and base.name in self._scope:
            given = self._scope[base.name]
        else:
            given = self.value(base)
        return at_key(given, index.value if type(index) is Constant else self.value(index))

    def _negative(self, node: Negative) -> object:
        return numbers.negate(self.value(node.operand))

    def _arithmetic(self, node: Arithmetic) -> object:
        left = self.value(node.left)
        return ARITHMETIC[node.operator](left, self.value(node.right))

    def _comparison(self, node: Comparison) -> bool:
        left, right = self.value(node.left), self.value(node.right)
        if type(right) in CONTAINERS and not is_written_out(node.right):
            if node.operator in {"==", "!="}:
                operations.traversed(self._state, right)
            elif self._loops:
                operations.searched(self._state, right)
        return COMPARISONS[node.operator](left, right)

    def _not(self, node: Not) -> bool:
        return not truth(self.value(node.operand))

    def _and(self, node: And) -> bool:
        return all(map(truth, map(self.value, node.operands)))

    def _or(self, node: Or) -> bool:
        return any(map(truth, map(self.value, node.operands)))

    def _choice(self, node: Choice) -> object:
        chosen = node.then if truth(self.value(node.condition)) else node.otherwise
        return self.value(chosen)

    def _list(self, node: ListDisplay) -> object:
        return [self._held(item) for item in node.items]

    def _mapping(self, node: MappingDisplay) -> object:
        return {key: self._held(item) for key, item in zip(node.keys, node.values, strict=True)}

    def _held(self, node: Expression) -> Any:  # noqa: ANN401 -- any plain data
        """Return what is put into a list or a mapping, which may make it larger many times over."""
        value = self.value(node)
        return value if is_written_out(node) else operations.traversed(self._state, value)

    def _call(self, node: Call) -> object:
        function = FUNCTIONS[node.function]
        if not self._loops:
            return function.call(*map(self.value, node.arguments))
        arguments = []
        for position, argument in enumerate(node.arguments):
            value = self.value(argument)
            if function.scans(position):
                operations.scanned(self._state, value)
            arguments.append(value)
        return function.call(*arguments)

    def _text(self, node: Text) -> str:
        return bounded("".join(map(self._shown, node.parts)))

    def _shown(self, part: str | Expression) -> str:
        return part if isinstance(part, str) else shown(self.value(part))

    def _fold(self, node: Fold) -> object:
        source = items(self.value(node.source))
        operations.spend(self._state, len(source) * self._cost(node))
        outer = self._scope
        self._loops += 1
        try:
            return _FOLDS[node.fold](self._visited(node, source))
        finally:
            self._scope = outer
            self._loops -= 1

    def _visited(self, node: Fold, source: list[object]) -> Iterator[object]:
        """Yield what each item comes to that the condition lets pass."""
        outer = self._scope
        for item in source:
            self._scope = {**outer, node.variable: item}
            if node.condition is not None and not truth(self.value(node.condition)):
                continue
            value = self.value(node.item)
            if node.fold == "list" and not is_written_out(node.item):
                operations.collected(self._state, value)
            yield value

    def _cost(self, node: Fold) -> int:
        cost = self._costs.get(id(node))
        if cost is None:
            cost = self._costs[id(node)] = visit_cost(node)
        return cost


def interpret(
    expression: Expression, scope: Scope, lets: Mapping[str, Expression]
) -> tuple[Reached, Interpretation]:
    """Work an expression out; never raises.

    Returns:
        What it came to, and the interpretation, which knows what every part of it came to.
    """
    interpretation = Interpretation(scope, lets)
    return interpretation.attempt(expression), interpretation


def decide(
    body: Body, given: Mapping[str, object], profile: Mapping[str, object]
) -> tuple[int, dict[str, object] | None]:
    """Return the position of the first clause that matches, with the data that it emits.

    Returns:
        The number of clauses and ``None`` where none matches.

    Raises:
        ClauseFailure: A clause that was reached cannot be worked out.
    """
    lets = {let.name: let.value for let in body.lets}
    interpretation = Interpretation({"input": given, "profile": profile}, lets)
    for index, clause in enumerate(body.clauses):
        if _holds(interpretation, index, clause.when):
            return index, _emitted(interpretation, index, clause)
    return len(body.clauses), None


def _holds(interpretation: Interpretation, index: int, when: Expression | None) -> bool:
    if when is None:
        return True
    reached = interpretation.attempt(when)
    if reached.failure is None and not isinstance(reached.value, bool):
        raise ClauseFailure(index, "when", wrong_kind(reached.value, "true or false"))
    return bool(_value(reached, index, "when"))


def _emitted(interpretation: Interpretation, index: int, clause: Clause) -> dict[str, object]:
    data = {}
    for name, node in clause.emit:
        value = _value(interpretation.attempt(node), index, "emit")
        try:
            data[name] = emitted(value)
            continue
        except ExpressionFailure as error:
            failure = error
        raise ClauseFailure(index, "emit", failure)
    return data


def _value(reached: Reached, index: int, stage: Stage) -> Any:  # noqa: ANN401 -- any plain data
    if reached.failure is not None:
        raise ClauseFailure(index, stage, reached.failure)
    return reached.value
