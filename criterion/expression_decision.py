"""Expression decisions: decisions whose rules are expressions, as documents have them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from criterion.allowance import Allowance
from criterion.decision import Decision
from criterion.expression.compile import PutTogether, compile_text
from criterion.expression.interpret import Interpretation
from criterion.expression.reasons import Reasons
from criterion.expression.tree import Body, Clause, Expression, Text
from criterion.expression.types import Type
from criterion.expression.values import emitted
from criterion.expression.written import written
from criterion.json_text import Plain
from criterion.plain_facts import plain_value
from criterion.rule import OTHERWISE, Rule
from criterion.shape import Shapes


def _class_of(name: str) -> Any:  # noqa: ANN401 -- a descriptor in the place of a class
    return cached_property(lambda decision: getattr(decision.shapes, name).model)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ExpressionDecision(Decision[Any, Any, Any]):
    """A decision whose rules are expressions.

    An engine runs all of them as one compiled function. The rules work one by one, too: they
    interpret their expressions, so that whatever takes a decision's rules can use them.

    Attributes:
        shapes: Its schemas; the classes are made when ``input``, ``profile`` or ``output`` is read.
        body: What it decides by: lets and clauses, one for each rule.
        definition: Works out the digest over the canonical definition, when it is first read.
        types: The types of input and profile that the body was checked against.
        text: Writes it as YAML, from which an equal decision can be loaded.
        allowances: Findings of lint that its author means to live with.
        covered: Returns what the digest covers, where the YAML names models in Python and so does
            not say all of it; else ``None``.
    """

    input: type[Any] = field(init=False, default=_class_of("input"))
    profile: type[Any] = field(init=False, default=_class_of("profile"))
    output: type[Any] = field(init=False, default=_class_of("output"))
    shapes: Shapes
    body: Body
    definition: Callable[[], str]
    types: tuple[Type, Type]
    text: Callable[[], str]
    covered: Callable[[], Plain] | None = None
    allowances: tuple[Allowance, ...] = ()

    def _written_schemas(self) -> Iterator[tuple[str, object]]:
        """Yield those that are named by a module; the others are nothing but fields."""
        for name, shape in zip(Shapes._fields, self.shapes, strict=True):
            if not shape.is_described:
                yield name, shape.model

    @cached_property
    def digest(self) -> str:
        """``sha256:…`` over the definition; titles, descriptions and the owner do not count."""
        return self.definition()

    @cached_property
    def lets(self) -> Mapping[str, Expression]:
        """The expression of each let, by its name."""
        return {let.name: let.value for let in self.body.lets}

    @cached_property
    def reasons(self) -> Reasons:
        """What generates the reasons of its rules."""
        return Reasons(self.body, *self.types)

    def reason_of(self, text: Text) -> PutTogether:
        """Return the compiled form of one of the rules' reasons, made when it is first read."""
        known = self._reasons.get(id(text))
        if known is None:
            known = self._reasons[id(text)] = compile_text(text, self.body.lets, *self.types)
        return known

    @cached_property
    def _reasons(self) -> dict[int, PutTogether]:
        return {}


def rules_of(body: Body) -> tuple[Rule[Any, Any, Any], ...]:
    """Return the clauses as rules that interpret them."""
    lets = {let.name: let.value for let in body.lets}
    return tuple(_rule(clause, lets) for clause in body.clauses)


def _rule(clause: Clause, lets: Mapping[str, Expression]) -> Rule[Any, Any, Any]:
    def emit(given: object, profile: object) -> dict[str, Any]:
        interpretation = _interpretation(given, profile, lets)
        return {name: emitted(interpretation.value(node)) for name, node in clause.emit}

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
