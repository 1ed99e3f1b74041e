"""Profile reads: which values of its profile an evaluation looked at."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from pydantic import BaseModel

from criterion.explanation import RuleReading
from criterion.expression.tree import Call, Expression, Key, Name, children
from criterion.expression.written import written
from criterion.expression_reading import ExpressionReading
from criterion.light import model_of
from criterion.result import Outcome, Result, Status, parts_of_result
from criterion.views import has_marks

Lets = Mapping[str, Expression]

_UNASKED: Final = frozenset({Status.INVALID_INPUT, Status.INVALID_PROFILE})


def profile_reads(result: Result[Any]) -> dict[str, object]:
    """Return the values that the rules read, by how they are written; none of a marked profile.

    Rules run again for it. A value that was read whole, such as a list, is there whole.
    """
    reading: Any
    reading, outcome = parts_of_result(result)
    if outcome.status in _UNASKED or has_marks(reading.decision.profile):
        return {}
    if isinstance(reading, ExpressionReading):
        return _of_expressions(reading, outcome)
    return _of_rules(reading, outcome)


def _of_expressions(reading: ExpressionReading, outcome: Outcome) -> dict[str, object]:
    interpretation = reading.interpretation(outcome)
    body = reading.expressions.body
    asked: list[Expression] = []
    for clause in body.clauses[: outcome.position + 1]:
        asked += [clause.when] if clause.when is not None else []
    if outcome.status is Status.OK:
        clause = body.clauses[outcome.position]
        asked += [node for _, node in clause.emit]
        asked += [clause.explain] if clause.explain is not None else []
    for node in asked:
        interpretation.attempt(node)
    found: dict[str, object] = {}
    lets = reading.expressions.lets
    for node in (*asked, *lets.values()):
        for read in _reads(node, lets):
            reached = interpretation.known(read)
            is_value = reached is not None and reached.failure is None
            if reached and is_value and not isinstance(reached.value, Mapping):
                found[written(read)] = reached.value
    return found


def _reads(node: Expression, lets: Lets) -> Iterator[Expression]:
    """Yield every part that takes a key of the profile, or of a let that is a part of it."""
    if _taken_of(node) is not None and _is_of_profile(node, lets):
        yield node
    for child in children(node):
        yield from _reads(child, lets)


def _taken_of(node: Expression) -> Expression | None:
    """Return what a node takes a key of, or ``None`` where it takes none."""
    if isinstance(node, Key):
        return node.base
    is_get = isinstance(node, Call) and node.function == "get"
    return node.arguments[0] if isinstance(node, Call) and is_get else None


def _is_of_profile(node: Expression | None, lets: Lets) -> bool:
    while node is not None:
        if isinstance(node, Name):
            if node.name == "profile":
                return True
            node = lets.get(node.name)
        else:
            node = _taken_of(node)
    return False


def _of_rules(reading: RuleReading, outcome: Outcome) -> dict[str, object]:
    found: dict[str, object] = {}
    watched = _watched(model_of(reading.profile.values), "profile", found)
    decision = reading.decision
    functions: list[Any] = [rule.when for rule in decision.rules[: outcome.position + 1]]
    if outcome.status is Status.OK:
        rule = decision.rules[outcome.position]
        functions += [rule.emit, rule.explain]
    for function in functions:
        if callable(function):
            with suppress(Exception):  # whatever it does not do with a stand-in
                function(outcome.facts, watched)
    return found


class _Watched:
    """Stands in for a part of a profile, and notes which values are taken out of it."""

    def __init__(self, value: Any, path: str, found: dict[str, object]) -> None:  # noqa: ANN401
        self._value, self._path, self._found = value, path, found

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        value = getattr(self._value, name)
        if isinstance(self._value, BaseModel):
            return _watched(value, f"{self._path}.{name}", self._found)
        self._found[self._path] = self._value
        return value

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401
        return _watched(self._value[key], f"{self._path}[{key!r}]", self._found)

    def get(self, key: object, default: object = None) -> Any:  # noqa: ANN401
        return self[key] if key in self._value else default

    def __contains__(self, item: object) -> bool:
        self._found[self._path] = self._value
        return item in self._value

    def __iter__(self) -> Iterator[Any]:
        self._found[self._path] = self._value
        return iter(self._value)

    def __len__(self) -> int:
        self._found[self._path] = self._value
        return len(self._value)


def _watched(value: Any, path: str, found: dict[str, object]) -> Any:  # noqa: ANN401
    if isinstance(value, BaseModel | Mapping) or (
        isinstance(value, Sequence) and not isinstance(value, str | bytes)
    ):
        return _Watched(value, path, found)
    if not callable(value):
        found[path] = value
    return value
