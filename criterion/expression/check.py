"""Checking: whether expressions fit the schemas, before any facts are there.

What is checked cleanly never meets a name, a key or a kind of value that it cannot use, on any
facts that fit the input schema.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from criterion.expression import check_calls, check_conditions, check_operators, check_values
from criterion.expression.check_conditions import condition
from criterion.expression.check_emit import check_fit
from criterion.expression.checker import Checker
from criterion.expression.functions import FUNCTIONS
from criterion.expression.mistake import Mistake
from criterion.expression.narrowing import alias_of
from criterion.expression.scope import Scope
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
    Let,
    ListDisplay,
    MappingDisplay,
    Name,
    Negative,
    Not,
    Or,
    Text,
)
from criterion.expression.types import Type
from criterion.expression.wording import keys_hint
from criterion.expression.words import FOLDS, name_mistake
from criterion.text import code

Stage: TypeAlias = Literal["let", "when", "emit", "explain"]

VISITS: Final[Mapping[type, Callable[[Checker, Any, Scope], Type]]] = MappingProxyType(
    {
        Constant: check_values.constant,
        Name: check_values.name,
        Key: check_values.key,
        ListDisplay: check_values.list_display,
        MappingDisplay: check_values.mapping_display,
        Choice: check_conditions.choice,
        Text: check_values.text,
        Negative: check_operators.negative,
        Arithmetic: check_operators.arithmetic,
        Comparison: check_operators.comparison,
        Not: check_conditions.negation,
        And: check_conditions.conjunction,
        Or: check_conditions.disjunction,
        Call: check_calls.call,
        Fold: check_calls.fold,
    }
)
"""What checks each kind of node."""


class Checked(NamedTuple):
    """What a check found.

    Attributes:
        type: The type of the expression; of kind ``any`` where it has a mistake.
        mistakes: Every mistake, by column.
    """

    type: Type
    mistakes: tuple[Mistake, ...]


class BodyMistake(NamedTuple):
    """One mistake in a body, and where in it.

    Attributes:
        rule: The id of the rule, or ``None`` in a let.
        stage: Which part of the rule.
        member: The member of the output, or the name of the let; else ``None``.
        mistake: What is wrong. Its columns are those of the tree; ``at`` is 0 where a member is
            missing and there is nothing to point at.
    """

    rule: str | None
    stage: Stage
    member: str | None
    mistake: Mistake


def check(tree: Expression, scope: Scope) -> Checked:
    """Return the type of an expression in a scope, and everything that is wrong with it."""
    checker = Checker(VISITS)
    given = checker.visit(tree, scope)
    return Checked(given, tuple(sorted(set(checker.mistakes), key=_column)))


def check_body(body: Body, input: Type, profile: Type, output: Type) -> list[BodyMistake]:
    """Return everything that is wrong with what a decision decides by, in its order.

    Args:
        body: Lets and clauses.
        input: The type of the facts: a closed mapping.
        profile: The type of the profile: a closed mapping.
        output: The type of what every clause emits: a closed mapping, whose ``required`` are the
            members without a default.
    """
    checking = _BodyCheck(output)
    scope = checking.lets(body.lets, Scope(names={"input": input, "profile": profile}))
    for clause in body.clauses:
        scope = checking.clause(clause, scope)
    return checking.mistakes


def body_scope(body: Body, input: Type, profile: Type) -> Scope:
    """Return the scope that the clauses of a body are read in, lets included."""
    return _BodyCheck(output=input).lets(
        body.lets, Scope(names={"input": input, "profile": profile})
    )


class ClauseChecks:
    """Checks what may stand in the place of a few clauses of a body, without checking the others.

    Args:
        body: Checked without mistakes.
        input: The type of the facts, and so on as for `check_body`.
        profile: The type of the profile.
        output: The type of what every clause emits.
    """

    def __init__(self, body: Body, input: Type, profile: Type, output: Type) -> None:
        """Find the scope that each clause is read in."""
        checking = _BodyCheck(output)
        scope = checking.lets(body.lets, Scope(names={"input": input, "profile": profile}))
        self._clauses, self._output, self._scopes = body.clauses, output, [scope]
        for clause in body.clauses:
            self._scopes.append(checking.clause(clause, self._scopes[-1]))

    def fits(self, clauses: tuple[Clause, ...], first: int) -> bool:
        """Whether clauses may stand in the place of as many others, from a position on."""
        checking, scope, end = _BodyCheck(self._output), self._scopes[first], first + len(clauses)
        for clause in clauses:
            scope = checking.clause(clause, scope)
        if scope != self._scopes[end]:  # those behind know something else by then
            for clause in self._clauses[end:]:
                scope = checking.clause(clause, scope)
        return not checking.mistakes


class _BodyCheck:
    """Checks one body from top to bottom."""

    def __init__(self, output: Type) -> None:
        self.mistakes: list[BodyMistake] = []
        self._output = output

    def lets(self, lets: tuple[Let, ...], scope: Scope) -> Scope:
        """Check the lets, each in the scope of those before it."""
        names = [let.name for let in lets]
        for place, let in enumerate(lets):
            later = frozenset(names[place:]) - set(names[:place])
            scope = self._let(let, scope._replace(later=later), is_taken=let.name in names[:place])
        return scope._replace(later=frozenset())

    def _let(self, let: Let, scope: Scope, *, is_taken: bool) -> Scope:
        checker = Checker(VISITS)
        given = checker.visit(let.value, scope)
        self._note(checker, None, "let", let.name)
        problem = name_mistake(let.name)
        if is_taken:
            problem = f"{code(let.name)} is defined above already", "choose another name"
        elif let.name in FUNCTIONS or let.name in FOLDS:
            problem = f"{code(let.name)} is a function", "choose another name"
        if problem is not None:
            mistake = Mistake("name", let.value.at, let.value.end, *problem)
            self.mistakes.append(BodyMistake(None, "let", let.name, mistake))
            return scope
        scope = scope.binding(let.name, given)
        path = alias_of(let.value, scope.aliases)
        aliases = scope.aliases if path is None else {**scope.aliases, let.name: path}
        return scope._replace(lets={**scope.lets, let.name: let.value}, aliases=aliases)

    def clause(self, clause: Clause, scope: Scope) -> Scope:
        """Check a clause, and return the scope of the next one: this one did not match."""
        checker = Checker(VISITS)
        inside = after = scope
        if clause.when is not None:
            _check_condition(checker, clause.when, scope)
            self._note(checker, clause.id, "when", None)
            inside = scope.knowing(checker.facts(clause.when, scope, truth=True))
            after = scope.knowing(checker.facts(clause.when, scope, truth=False))
        for member, value in clause.emit:
            self._emit(clause, member, value, inside)
        self._missing(clause)
        if clause.explain is not None:
            checker = Checker(VISITS)
            checker.visit(clause.explain, inside)
            self._note(checker, clause.id, "explain", None)
        return after

    def _emit(self, clause: Clause, member: str, value: Expression, scope: Scope) -> None:
        checker = Checker(VISITS)
        checker.visit(value, scope)
        target = self._output.field(member)
        if target is None:
            known = [name for name, _ in self._output.fields or ()]
            message = f"the output has no member {code(member)}"
            checker.note("unknown_key", value, message, keys_hint(member, known, "the output"))
        else:
            check_fit(checker, value, target)
        self._note(checker, clause.id, "emit", member)

    def _missing(self, clause: Clause) -> None:
        emitted = {name for name, _ in clause.emit}
        for name, _ in self._output.fields or ():
            if name in self._output.required and name not in emitted:
                message = f"the rule {code(clause.id)} does not emit {code(name)}"
                hint = f"add {code(name)} to its `emit`, or to the one that all rules share"
                mistake = Mistake("missing", 0, 0, message, hint)
                self.mistakes.append(BodyMistake(clause.id, "emit", name, mistake))

    def _note(self, checker: Checker, rule: str | None, stage: Stage, member: str | None) -> None:
        found = sorted(set(checker.mistakes), key=_column)
        self.mistakes.extend(BodyMistake(rule, stage, member, mistake) for mistake in found)
        checker.mistakes.clear()


def _check_condition(checker: Checker, when: Expression, scope: Scope) -> None:
    if isinstance(when, Constant) and isinstance(when.value, bool):
        hint = "write `when: otherwise`" if when.value else "leave the rule out"
        word = "always" if when.value else "never"
        checker.note("constant", when, f"the condition is {word} true", hint)
        return
    condition(checker, when, scope, "when")


def _column(mistake: Mistake) -> tuple[int, int]:
    return mistake.at, mistake.end
