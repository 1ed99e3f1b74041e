"""business-rules: conditions as data; variables and actions as methods of classes."""

from collections.abc import Iterator
from typing import Any, Final

from business_rules.actions import BaseActions, rule_action
from business_rules.engine import run_all
from business_rules.variables import (
    BaseVariables,
    boolean_rule_variable,
    numeric_rule_variable,
    string_rule_variable,
)

from tests.benchmarks.peers.question import LIMITS, NEXT_PLAN, WARN_AT, Answer, Facts, Peer

RULES: Final = [
    {
        "conditions": {
            "all": [
                {"name": "plan", "operator": "equal_to", "value": "enterprise"},
                {"name": "is_unlimited", "operator": "is_true", "value": True},
            ]
        },
        "actions": [{"name": "allow_all"}],
    },
    {
        "conditions": {
            "all": [
                {"name": "over_warning", "operator": "greater_than", "value": 0},
                {"name": "left", "operator": "greater_than_or_equal_to", "value": 0},
            ]
        },
        "actions": [{"name": "allow_and_warn"}],
    },
    {
        "conditions": {"name": "left", "operator": "greater_than_or_equal_to", "value": 0},
        "actions": [{"name": "allow"}],
    },
    {
        "conditions": {"name": "left", "operator": "less_than", "value": 0},
        "actions": [{"name": "deny"}],
    },
]


class Question:
    """What variables and actions read of the facts; its conditions cannot compute."""

    def __init__(self, given: Facts) -> None:
        """Work out what is named once."""
        self.plan, self.resource = given["plan"], given["resource"]
        self.limit: Any = LIMITS[self.plan].get(self.resource, 0)
        self.usage = given["current_usage"] + given["requested_amount"]
        self.better = NEXT_PLAN.get(self.plan)


class Variables(BaseVariables):  # type: ignore[misc] # it ships no types
    """What conditions may name."""

    def __init__(self, question: Question) -> None:
        """Read one question."""
        self.question = question

    @string_rule_variable()  # type: ignore[untyped-decorator] # it ships no types
    def plan(self) -> str:
        """Return the plan."""
        return str(self.question.plan)

    @boolean_rule_variable()  # type: ignore[untyped-decorator] # it ships no types
    def is_unlimited(self) -> bool:
        """Whether there is no limit."""
        return bool(self.question.limit == "unlimited")

    @numeric_rule_variable()  # type: ignore[untyped-decorator] # it ships no types
    def over_warning(self) -> float:
        """Return how far the usage is over the share that warns."""
        return float(self.question.usage - self.question.limit * WARN_AT)

    @numeric_rule_variable()  # type: ignore[untyped-decorator] # it ships no types
    def left(self) -> int:
        """Return what is left after the request."""
        return int(self.question.limit - self.question.usage)


class Actions(BaseActions):  # type: ignore[misc] # it ships no types
    """What rules do: each makes the answer."""

    def __init__(self, question: Question) -> None:
        """Read one question."""
        self.question = question
        self.answer: Answer = {}

    @rule_action()  # type: ignore[untyped-decorator] # it ships no types
    def allow_all(self) -> None:
        """Allow whatever is asked."""
        message = f"Enterprise plan: {self.question.resource} without a limit."
        self._say("enterprise-unlimited", message, remaining="unlimited")

    @rule_action()  # type: ignore[untyped-decorator] # it ships no types
    def allow_and_warn(self) -> None:
        """Allow, and suggest a plan with more room."""
        better = self.question.better
        advice = f" Consider upgrading to {better}." if better else ""
        message = f"Approaching the {self.question.resource} limit.{advice}"
        self._say("approaching-limit", message, suggested_plan=better)

    @rule_action()  # type: ignore[untyped-decorator] # it ships no types
    def allow(self) -> None:
        """Allow."""
        left = self.question.limit - self.question.usage
        self._say("within-limit", f"{left} {self.question.resource} remaining")

    @rule_action()  # type: ignore[untyped-decorator] # it ships no types
    def deny(self) -> None:
        """Deny, and suggest a plan with more room."""
        better = self.question.better
        advice = f" Upgrade to {better} for more." if better else ""
        message = f"{self.question.resource} limit reached.{advice}"
        needed = {"upgrade_required": better is not None, "suggested_plan": better}
        self._say("over-limit", message, allowed=False, remaining=0, **needed)

    def _say(self, rule: str, message: str, **members: object) -> None:
        limit = self.question.limit
        if "remaining" not in members:
            members["remaining"] = limit - self.question.usage
        shared = {"allowed": True, "upgrade_required": False, "suggested_plan": None}
        self.answer = {"rule": rule, "limit": limit, "message": message, **shared, **members}


def peers() -> Iterator[Peer]:
    """Yield its only way: stop at the first rule that triggers."""

    def ask(given: Facts) -> Answer:
        question = Question(given)
        actions = Actions(question)
        run_all(RULES, Variables(question), actions, stop_on_first_trigger=True)
        return actions.answer

    without = "validation; reasons; decimals; versions; defaults; all arithmetic is in Python"
    yield Peer("business-rules", "business-rules", ask, dict, without)
