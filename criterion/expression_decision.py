"""Expression decisions: decisions whose rules are expressions, as documents have them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from criterion.decision import Decision
from criterion.expression.compile import Decide, compile_body
from criterion.expression.interpret import Interpretation
from criterion.expression.reasons import Reasons
from criterion.expression.tree import Body, Clause, Expression
from criterion.expression.types import Type
from criterion.expression.written import written
from criterion.plain_facts import plain_value
from criterion.rule import OTHERWISE, Rule


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ExpressionDecision(Decision[Any, Any, Any]):
    """A decision whose rules are expressions.

    An engine runs all of them as one compiled function. The rules work one by one, too: they
    interpret their expressions, so that whatever takes a decision's rules can use them.

    Attributes:
        body: What it decides by: lets and clauses, one for each rule.
        definition: The digest over the canonical definition.
        types: The types of input and profile that the body was checked against.
    """

    body: Body
    definition: str
    types: tuple[Type, Type]

    @property
    def digest(self) -> str:
        """``sha256:…`` over the definition; titles, descriptions and the owner do not count."""
        return self.definition

    @cached_property
    def reasons(self) -> Reasons:
        """What generates the reasons of its rules."""
        return Reasons(self.body, *self.types)

    def reason_of(self, position: int) -> Decide:
        """Return the compiled text of a rule's reason, compiled when it is first read."""
        known = self._texts.get(position)
        if known is None:
            clause = self.body.clauses[position]
            emit = () if clause.explain is None else (("reason", clause.explain),)
            alone = Clause(id=clause.id, when=None, emit=emit, explain=None)
            body = Body(lets=self.body.lets, clauses=(alone,))
            known = self._texts[position] = compile_body(body, *self.types)
        return known

    @cached_property
    def _texts(self) -> dict[int, Decide]:
        return {}


def rules_of(body: Body) -> tuple[Rule[Any, Any, Any], ...]:
    """Return the clauses as rules that interpret them."""
    lets = {let.name: let.value for let in body.lets}
    return tuple(_rule(clause, lets) for clause in body.clauses)


def _rule(clause: Clause, lets: Mapping[str, Expression]) -> Rule[Any, Any, Any]:
    def emit(given: object, profile: object) -> dict[str, Any]:
        interpretation = _interpretation(given, profile, lets)
        return {name: interpretation.value(node) for name, node in clause.emit}

    reason = clause.explain
    explain = None if reason is None else _reader(reason, lets)
    when: Any = OTHERWISE if clause.when is None else _reader(clause.when, lets)
    return Rule(id=clause.id, when=when, emit=emit, explain=explain)


def _reader(node: Expression, lets: Mapping[str, Expression]) -> Callable[[object, object], Any]:
    def read(given: object, profile: object) -> object:
        return _interpretation(given, profile, lets).value(node)

    read.__name__ = written(node)
    return read


def _interpretation(
    given: object, profile: object, lets: Mapping[str, Expression]
) -> Interpretation:
    return Interpretation({"input": plain_value(given), "profile": plain_value(profile)}, lets)
