"""Decisions: versioned questions with schemas and ordered rules, checked when they are defined."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from inspect import (
    CO_ASYNC_GENERATOR,
    CO_COROUTINE,
    isasyncgenfunction,
    iscoroutinefunction,
    signature,
)
from types import FunctionType
from typing import Any, Generic

from pydantic import BaseModel, RootModel

from criterion.borrowed import unfreezable_fields
from criterion.digest import definition_digest
from criterion.errors import DefinitionError, Problem
from criterion.identity import ID_HINT, VERSION_HINT, is_id, parse_version
from criterion.rule import OTHERWISE, Input, Output, Profile, Rule
from criterion.schema import NoProfile
from criterion.text import code, one_line


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Decision(Generic[Input, Profile, Output]):
    """A versioned question: three schemas, and rules of which the first that matches answers.

    Attributes:
        id: Readable alone: ``usage-limit``.
        version: A semantic version, ``1.1.0``; a new one for every change that users can notice.
        input: What the facts look like: a `Schema`, or another pydantic model, which then is as
            strict as its own configuration says and is frozen all the same.
        output: What is decided.
        rules: A tuple in order of precedence, at least one; a list is kept as a tuple.
        profile: The numbers that the rules run under; `NoProfile`, the default, where there are
            none (type checkers want to see it spelled out).
        title: What people call the decision.
        owner: Who answers for it.

    Raises:
        DefinitionError: The definition cannot be used; lists everything that is wrong with it.
    """

    id: str
    version: str
    input: type[Input]
    output: type[Output]
    rules: tuple[Rule[Input, Profile, Output], ...]
    profile: type[Profile] = NoProfile  # type: ignore[assignment] # what an omitted profile means
    title: str | None = None
    owner: str | None = None

    def __post_init__(self) -> None:
        """Check the whole definition before anything uses it."""
        rules: object = self.rules
        object.__setattr__(self, "rules", tuple(rules) if isinstance(rules, list) else rules)
        problems = [*_head(self), *_schemas(self._written_schemas()), *_rules(self.rules)]
        if problems:
            raise DefinitionError(f"decision {code(str(self.id))}", problems)

    def _written_schemas(self) -> Iterator[tuple[str, object]]:
        """Yield the schemas that somebody wrote in Python, with their names."""
        for name in ("input", "profile", "output"):
            yield name, getattr(self, name)

    def __repr__(self) -> str:
        """Return id, version and size, in one line."""
        return f"<Decision {self.id} v{self.version}, {len(self.rules)} rules>"

    @cached_property
    def digest(self) -> str | None:
        """``sha256:…`` over the definition; ``None`` where the source of a rule is not to be had.

        Titles, descriptions, the owner, helpers that a rule calls and values that it captures do
        not count.
        """
        return definition_digest(self)


def _head(decision: "Decision[Any, Any, Any]") -> Iterator[Problem]:
    if not is_id(decision.id):
        yield Problem("id", f"{code(str(decision.id))} is not an id", ID_HINT)
    if parse_version(decision.version) is None:
        message = f"{code(str(decision.version))} is not a semantic version"
        yield Problem("version", message, VERSION_HINT)
    for name in ("title", "owner"):
        words = getattr(decision, name)
        if words is not None and not isinstance(words, str):
            yield Problem(name, f"{_shown(words)} is not a text")


def _schemas(written: Iterable[tuple[str, object]]) -> Iterator[Problem]:
    for name, schema in written:
        if not isinstance(schema, type) or not issubclass(schema, BaseModel):
            hint = "derive a class from `criterion.Schema`"
            yield Problem(name, f"{_shown(schema)} is not a schema", hint)
        elif issubclass(schema, RootModel):
            yield Problem(name, f"{_shown(schema)} has no named fields", "give its value a name")
        else:
            for field in unfreezable_fields(schema):
                hint = "derive it from `criterion.Schema`"
                yield Problem(f"{name}.{field}", "holds a kind of object that can change", hint)


def _rules(rules: object) -> Iterator[Problem]:
    if not isinstance(rules, tuple):
        yield Problem("rules", f"{_shown(rules)} is not a sequence of rules")
        return
    if not rules:
        yield Problem("rules", "a decision needs at least one rule")
    seen: set[str] = set()
    catch_all: str | None = None
    for number, rule in enumerate(rules, 1):
        if not isinstance(rule, Rule):
            yield Problem(f"rules[{number}]", f"{_shown(rule)} is not a rule")
            continue
        place = f"rules.{one_line(str(rule.id), 100)}"
        yield from _rule(rule, place)
        if str(rule.id) in seen:
            yield Problem(place, "an earlier rule has the same id", "rename one of them")
        if catch_all is not None:
            message = f"can never match: {code(catch_all)} before it always does"
            yield Problem(place, message, "move the rule that always matches to the end")
        seen.add(str(rule.id))
        catch_all = catch_all or (rule.id if rule.when == OTHERWISE else None)


def _rule(rule: Rule[Any, Any, Any], place: str) -> Iterator[Problem]:
    if not is_id(rule.id):
        yield Problem(place, f"{code(str(rule.id))} is not an id", ID_HINT)
    stages: dict[str, object] = {"when": rule.when, "emit": rule.emit, "explain": rule.explain}
    for stage, function in stages.items():
        if (stage == "when" and function == OTHERWISE) or (stage == "explain" and function is None):
            continue
        problem = _function_problem(function)
        if problem:
            yield Problem(f"{place}.{stage}", *problem)


def _function_problem(function: object) -> tuple[str, str | None] | None:
    if isinstance(function, FunctionType) and _is_usual(function):
        return None
    if not callable(function):
        return f"{_shown(function)} is not a function", "write `lambda facts, profile: …`"
    called = getattr(function, "__call__", function)  # noqa: B004 -- an object's own method
    if any(iscoroutinefunction(part) or isasyncgenfunction(part) for part in (function, called)):
        return "is asynchronous", "look things up first and pass them in as facts"
    if not _takes_two(function):
        return "does not take two arguments", "write `lambda facts, profile: …`"
    return None


def _is_usual(function: FunctionType) -> bool:
    """Whether it takes two arguments and returns, as nearly all do: to look closer takes long."""
    made = function.__code__
    is_marked = made.co_flags & (CO_COROUTINE | CO_ASYNC_GENERATOR) or function.__dict__
    return made.co_argcount == 2 and not made.co_kwonlyargcount and not is_marked  # noqa: PLR2004


def _takes_two(function: Callable[..., object]) -> bool:
    try:
        signature(function).bind(None, None)
    except TypeError:
        return False
    except ValueError:  # a built-in function without a known signature
        return True
    return True


def _shown(thing: object) -> str:
    return code(thing.__name__ if isinstance(thing, type) else repr(thing))
