"""Expression readings: what an outcome means, from the plain facts that were kept."""

from collections.abc import Mapping
from typing import Any

from criterion.explanation import RuleReading
from criterion.expression.check import VISITS, body_scope
from criterion.expression.checker import BROKEN, Checker, is_marked
from criterion.expression.failure import ClauseFailure, ExpressionFailure
from criterion.expression.interpret import Interpretation
from criterion.expression.tree import Clause, Text
from criterion.expression.values import shown
from criterion.expression_decision import ExpressionDecision
from criterion.redaction import REDACTED_TEXT
from criterion.result import Failure, Outcome
from criterion.snapshot import ProfileSnapshot
from criterion.text import code


class ExpressionReading(RuleReading):
    """Reads the outcomes of one decision in expressions under one profile."""

    __slots__ = ("_values", "expressions")

    def __init__(
        self, decision: ExpressionDecision, profile: ProfileSnapshot, values: Mapping[str, Any]
    ) -> None:
        """Keep what all these outcomes have in common; the values are the profile's, plain."""
        super().__init__(decision, profile)
        self.expressions = decision
        self._values = values

    def interpretation(self, outcome: Outcome) -> Interpretation:
        """Begin to interpret the decision's expressions, over the facts of an outcome."""
        return Interpretation(self.scope(outcome), self.expressions.lets)

    def scope(self, outcome: Outcome) -> Mapping[str, Any]:
        """Return what the expressions of the decision see, for the facts of an outcome."""
        return {"input": outcome.facts, "profile": self._values}

    def _reason(self, outcome: Outcome) -> str:
        decision, position = self.expressions, outcome.position
        clause = decision.body.clauses[position]
        if clause.explain is None:
            return decision.reasons.reason(position, self.interpretation(outcome))
        try:
            if self._has_marks():
                return self._hiding(clause, clause.explain, self.interpretation(outcome))
            return decision.reason_of(clause.explain)(outcome.facts, self._values)
        except (ExpressionFailure, ClauseFailure) as failure:
            return f"the explanation of {code(clause.id)} failed: {failure}"

    def _whys_false(self, outcome: Outcome, positions: range) -> list[str]:
        interpretation = self.interpretation(outcome)
        reasons = self.expressions.reasons
        return [reasons.reason(position, interpretation) for position in positions]

    def _hiding(self, clause: Clause, text: Text, interpretation: Interpretation) -> str:
        """Return the author's text, with a stand-in for what depends on marked values."""
        marked = self._marked(clause, text)
        parts = []
        for part in text.parts:
            if isinstance(part, str):
                parts.append(part)
            elif id(part) in marked:
                parts.append(REDACTED_TEXT)
            else:
                reached = interpretation.attempt(part)
                if reached.failure is not None:
                    raise reached.failure
                parts.append(shown(reached.value))
        return "".join(parts)

    def _marked(self, clause: Clause, text: Text) -> set[int]:
        """Return which parts of a text depend on marked values."""
        decision = self.expressions
        scope = body_scope(decision.body, *decision.types)
        checker = Checker(VISITS)
        if clause.when is not None:
            scope = scope.knowing(checker.facts(clause.when, scope, truth=True))
        checker.visit(text, scope)
        parts = (part for part in text.parts if not isinstance(part, str))
        types = {id(part): checker.types[id(part)] for part in parts}
        return {part for part, given in types.items() if given is BROKEN or is_marked(given)}

    def _text(self, failure: Failure) -> str:
        """Return what went wrong; a failure of an expression never tells values."""
        if isinstance(failure.raised, ExpressionFailure):
            return str(failure.raised)
        return super()._text(failure)
