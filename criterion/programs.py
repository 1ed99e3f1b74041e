"""Programs: how an engine runs a decision, by the kind of its rules."""

from typing import Any

from criterion.decision import Decision
from criterion.evaluation import Program


def program_of(decision: Decision[Any, Any, Any]) -> Program:
    """Return a decision made ready to run."""
    if type(decision) is not Decision:
        from criterion.expression_decision import ExpressionDecision  # noqa: PLC0415 -- when used
        from criterion.expression_program import ExpressionProgram  # noqa: PLC0415 -- when used

        if isinstance(decision, ExpressionDecision):
            return ExpressionProgram(decision)
    return Program(decision)
