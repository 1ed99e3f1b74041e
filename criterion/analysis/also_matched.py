"""Also matched: later rules whose conditions hold as well, and what they would have said."""

from dataclasses import dataclass, replace
from typing import Any

from criterion.analysis.asked_again import UNASKED
from criterion.clock import FixedClock
from criterion.decision import Decision
from criterion.engine import Engine
from criterion.expression_decision import ExpressionDecision
from criterion.json_text import Plain
from criterion.result import Result, Status, parts_of_result


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsoMatched:
    """A later rule that would have decided, had the earlier ones not been there.

    Attributes:
        rule: Its id.
        status: How the evaluation would have ended.
        data: What it would have emitted, marked fields redacted; ``None`` where it would fail.
        explanation: The reason it would have given.
    """

    rule: str
    status: Status
    data: Plain
    explanation: str

    def to_dict(self) -> dict[str, Plain]:
        """Return it as plain data."""
        return {
            "rule": self.rule,
            "status": self.status.value,
            "data": self.data,
            "explanation": self.explanation,
        }


def also_matched(result: Result[Any]) -> tuple[AlsoMatched, ...]:
    """Return the rules behind the one that decided whose conditions hold as well, in order.

    Each is asked alone, about the same facts under the same profile. A rule whose condition fails
    is left out; one that says ``otherwise`` is not.

    Args:
        result: Any result; one of which no rule decided has none.
    """
    reading: Any
    reading, outcome = parts_of_result(result)
    if outcome.status in UNASKED:
        return ()
    engine = Engine(clock=FixedClock(result.evaluated_at))
    decision: Decision[Any, Any, Any] = reading.decision
    found = []
    for place in range(outcome.position + 1, len(decision.rules)):
        other = engine.run(_alone(decision, place), outcome.facts, reading.profile.source)
        if _matched(other):
            found.append(_said(decision.rules[place].id, other))
    return tuple(found)


def _alone(decision: Decision[Any, Any, Any], place: int) -> Decision[Any, Any, Any]:
    """Return a decision of one rule of another."""
    rules = decision.rules[place : place + 1]
    if isinstance(decision, ExpressionDecision):
        body = replace(decision.body, clauses=decision.body.clauses[place : place + 1])
        return replace(decision, body=body, rules=rules)
    return replace(decision, rules=rules)


def _matched(result: Result[Any]) -> bool:
    if result.status is Status.RULE_ERROR:
        return result.errors[0].path.endswith(".emit")
    return result.status in {Status.OK, Status.INVALID_OUTPUT}


def _said(rule: str, result: Result[Any]) -> AlsoMatched:
    reading: Any = parts_of_result(result)[0]
    return AlsoMatched(
        rule=rule,
        status=result.status,
        data=reading.members(result.data),
        explanation=result.explanation,
    )
