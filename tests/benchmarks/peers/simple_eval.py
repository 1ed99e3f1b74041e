"""simpleeval: the conditions and the members as Python expressions, parsed once."""

from collections.abc import Iterator
from typing import Any, Final

from simpleeval import EvalWithCompoundTypes  # type: ignore[import-untyped] # it ships no types

from tests.benchmarks.peers.question import LIMITS, NEXT_PLAN, WARN_AT, Answer, Facts, Peer

LETS: Final = {
    "limit": "get(limits[plan], resource, 0)",
    "usage": "current_usage + requested_amount",
    "better": "get(next_plan, plan, None)",
}
RULES: Final = (
    (
        "plan == 'enterprise' and limit == 'unlimited'",
        """{"rule": "enterprise-unlimited", "allowed": True, "remaining": limit, "limit": limit,
        "upgrade_required": False, "suggested_plan": None,
        "message": f"Enterprise plan: {resource} without a limit."}""",
    ),
    (
        "limit * warn_at < usage <= limit",
        """{"rule": "approaching-limit", "allowed": True, "remaining": limit - usage,
        "limit": limit, "upgrade_required": False, "suggested_plan": better,
        "message": f"Approaching the {resource} limit."
        + (f" Consider upgrading to {better}." if better else "")}""",
    ),
    (
        "usage <= limit",
        """{"rule": "within-limit", "allowed": True, "remaining": limit - usage, "limit": limit,
        "upgrade_required": False, "suggested_plan": None,
        "message": f"{limit - usage} {resource} remaining"}""",
    ),
    (
        "True",
        """{"rule": "over-limit", "allowed": False, "remaining": 0, "limit": limit,
        "upgrade_required": better != None, "suggested_plan": better,
        "message": f"{resource} limit reached."
        + (f" Upgrade to {better} for more." if better else "")}""",
    ),
)


def peers() -> Iterator[Peer]:
    """Yield one evaluator with trees that are parsed once."""
    evaluator = EvalWithCompoundTypes(functions={"get": dict.get})
    profile = {"limits": LIMITS, "next_plan": NEXT_PLAN, "warn_at": WARN_AT}

    def parsed(source: str) -> tuple[str, Any]:
        return source, evaluator.parse(source)

    lets = [(name, *parsed(source)) for name, source in LETS.items()]
    rules = [(*parsed(when), *parsed(emit)) for when, emit in RULES]

    def ask(given: Facts) -> Answer | None:
        names = evaluator.names = {**profile, **given}
        for name, source, tree in lets:
            names[name] = evaluator.eval(source, tree)
        for when, condition, emit, tree in rules:
            if evaluator.eval(when, condition):
                answer: Answer = evaluator.eval(emit, tree)
                return answer
        return None

    without = "validation of input and output; reasons; decimals; versions; defaults; threads"
    yield Peer("simpleeval", "simpleeval", ask, dict, without)
