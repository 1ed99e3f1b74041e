"""Asked again: the question behind a result, put with single values changed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

from criterion.analysis.domain import Domain, domain_of
from criterion.analysis.leaves import (
    LEAVES_MAX,
    Leaf,
    Path,
    changed,
    covers,
    fixed_paths,
    leaves_of,
)
from criterion.analysis.offered import plain_profile
from criterion.analysis.trials import scalars_in
from criterion.clock import FixedClock
from criterion.decision import Decision
from criterion.engine import Engine
from criterion.expression.tree import Body, Constant, Expression, Key, children
from criterion.expression_decision import ExpressionDecision
from criterion.light import model_of
from criterion.result import Result, Status, parts_of_result
from criterion.snapshot import ProfileSnapshot, profile_values
from criterion.views import has_marks

Values: TypeAlias = Mapping[Path, Any]
"""Changed values, by their paths."""

UNASKED: Final = frozenset({Status.INVALID_INPUT, Status.INVALID_PROFILE})
"""How an evaluation ends that asked no rule."""


class AskedAgain:
    """One result's question.

    Attributes:
        decision: What was asked.
        facts: About what, in Python's own types.
        values: Under which values of a profile.
        tries: How often it was asked again.
    """

    def __init__(self, result: Result[Any]) -> None:
        """Take the question out of a result that has facts."""
        reading: Any
        reading, outcome = parts_of_result(result)
        self.decision: Decision[Any, Any, Any] = reading.decision
        self.facts = _own(outcome.facts)
        self.values = _values_of(self.decision, reading.profile)
        self.tries = 0
        self._engine = Engine(clock=FixedClock(result.evaluated_at))
        self._run = self._engine.bind(self.decision, reading.profile.source)

    def run(self, changes: Values) -> Result[Any]:
        """Return the answer with some values changed."""
        self.tries += 1
        facts, values = self.changed(changes)
        if values is self.values:
            return self._run(facts)
        return self._engine.run(self.decision, facts, values)

    def changed(self, changes: Values) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return the facts and the values of the profile with some values changed."""
        facts, values = self.facts, self.values
        for path, value in changes.items():
            if path[0] == "input":
                facts = changed(facts, path[1:], value)
            else:
                values = changed(values, path[1:], value)
        return facts, values

    @property
    def domains(self) -> tuple[Domain, Domain]:
        """The domains of input and profile."""
        if isinstance(self.decision, ExpressionDecision):
            shapes = self.decision.shapes
            return domain_of(shapes.input.node), domain_of(shapes.profile.node)
        return domain_of(_root(self.decision.input)), domain_of(_root(self.decision.profile))

    def leaves(self, *, of_profile: bool) -> tuple[Leaf, ...]:
        """Return the values that may be changed: those of the facts, and perhaps of the profile.

        Marked ones may not, nor those whose schema says ``changeable: false``; under a profile with
        marked fields, texts may not that could be any, since those that help may be its secrets.
        """
        given, profile = self.domains
        found = list(_free(leaves_of(given, self.facts, ("input",)), self.decision.input))
        if self.has_marked_profile:
            found = [leaf for leaf in found if not leaf.is_any_text]
        if of_profile:
            part = leaves_of(profile, self.values, ("profile",))
            found += _free(part, self.decision.profile)
        return tuple(found)

    @property
    def has_marked_profile(self) -> bool:
        """Whether some values of the profile are marked."""
        profile: type[BaseModel] = self.decision.profile
        return has_marks(profile)

    def pool(self) -> tuple[Any, ...]:
        """Return the values that the rules and the profile name: where an answer may turn."""
        return pool_of(self.decision, self.values)

    def texts(self) -> Iterator[str]:
        """Yield the texts among them, and keys of the profile that are no names of its schema."""
        _, profile = self.domains
        found = (*_constants(self.decision), *_texts(profile, self.values))
        yield from dict.fromkeys(each for each in found if isinstance(each, str))


def pool_of(decision: Decision[Any, Any, Any], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the constants of a decision in expressions, and all that a profile holds."""
    return tuple(dict.fromkeys([*_constants(decision), *scalars_in(values)]))


def _free(leaves: Iterable[Leaf], schema: type[BaseModel]) -> Iterator[Leaf]:
    found = list(leaves)
    if not found:
        return
    fixed = fixed_paths(_root(schema), found[0].path[:1])
    free = (leaf for leaf in found if not any(covers(path, leaf.path) for path in fixed))
    for leaf, _ in zip(free, range(LEAVES_MAX), strict=False):
        yield leaf


def _root(schema: type[BaseModel]) -> Any:  # noqa: ANN401 -- a node
    return schema.__pydantic_core_schema__


def _own(facts: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- plain facts, or an instance
    if isinstance(facts, Mapping):
        return dict(facts)
    members: Mapping[str, Any] = model_of(facts).model_dump()
    return members


def _values_of(decision: Decision[Any, Any, Any], profile: ProfileSnapshot) -> Mapping[str, Any]:
    if profile.source is None:
        return {}
    if isinstance(decision, ExpressionDecision):
        return plain_profile(decision, profile.values)
    return profile_values(profile.source)


def _texts(domain: Domain, value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            inner = domain.item if domain.fields is None else domain.fields.get(key)
            if domain.fields is None:
                yield key
            if inner is not None:
                yield from _texts(inner, part)
    elif isinstance(value, list | tuple):
        for part in value:
            if domain.item is not None:
                yield from _texts(domain.item, part)
    else:
        yield value


def _constants(decision: Decision[Any, Any, Any]) -> Iterator[Any]:
    """Yield the constants that a decision in expressions compares with."""
    if not isinstance(decision, ExpressionDecision):
        return
    for node in _conditions(decision.body):
        waiting = [node]
        while waiting:
            part = waiting.pop()
            if isinstance(part, Constant) and part.value is not None:
                yield part.value
            waiting += [part.base] if isinstance(part, Key) else children(part)


def _conditions(body: Body) -> Iterator[Expression]:
    yield from (let.value for let in body.lets)
    yield from (clause.when for clause in body.clauses if clause.when is not None)
