"""datalogic-py: one JSONLogic rule, compiled; the numbers stand in it, since it has no profile."""

from collections.abc import Iterator
from typing import Any, Final

import datalogic_py

from tests.benchmarks.peers.question import LIMITS, NEXT_PLAN, WARN_AT, Facts, Peer

Rule = Any
"""JSON of any shape."""

RESOURCE: Final = {"var": "resource"}
USAGE: Final = {"+": [{"var": "current_usage"}, {"var": ["requested_amount", 1]}]}


def peers() -> Iterator[Peer]:
    """Yield its fastest way that takes fresh facts: one session, one compiled rule."""
    engine = datalogic_py.Engine(templating=True)
    rule, session = engine.compile(_rule()), engine.session()

    def ask(given: Facts) -> Any:  # noqa: ANN401 -- what it returns
        return session.evaluate(rule, given)

    without = "validation of input and output; reasons; decimals; versions; values named once"
    yield Peer("datalogic-py", "datalogic-py", ask, leaves_out=without)


def _switch(on: Rule, cases: dict[str, Rule], default: Rule) -> Rule:
    return {"switch": [on, [[name, to] for name, to in cases.items()], default]}


def _rule() -> Rule:
    by_plan = {plan: _switch(RESOURCE, limits, 0) for plan, limits in LIMITS.items()}
    limit = _switch({"var": "plan"}, by_plan, 0)
    better = _switch({"var": "plan"}, NEXT_PLAN, None)
    left = {"-": [limit, USAGE]}
    unlimited = {"and": [{"==": [{"var": "plan"}, "enterprise"]}, {"===": [limit, "unlimited"]}]}
    near = {"and": [{"<": [{"*": [limit, WARN_AT]}, USAGE]}, {"<=": [USAGE, limit]}]}
    return {
        "if": [
            unlimited,
            _answer(
                "enterprise-unlimited",
                remaining="unlimited",
                limit=limit,
                message={"cat": ["Enterprise plan: ", RESOURCE, " without a limit."]},
            ),
            near,
            _answer(
                "approaching-limit",
                remaining=left,
                limit=limit,
                suggested_plan=better,
                message={
                    "cat": [
                        "Approaching the ",
                        RESOURCE,
                        " limit.",
                        {"if": [better, {"cat": [" Consider upgrading to ", better, "."]}, ""]},
                    ]
                },
            ),
            {"<=": [USAGE, limit]},
            _answer(
                "within-limit",
                remaining=left,
                limit=limit,
                message={"cat": [left, " ", RESOURCE, " remaining"]},
            ),
            _answer(
                "over-limit",
                allowed=False,
                remaining=0,
                limit=limit,
                upgrade_required={"!!": [better]},
                suggested_plan=better,
                message={
                    "cat": [
                        RESOURCE,
                        " limit reached.",
                        {"if": [better, {"cat": [" Upgrade to ", better, " for more."]}, ""]},
                    ]
                },
            ),
        ]
    }


def _answer(rule: str, **members: Rule) -> Rule:
    shared = {"allowed": True, "upgrade_required": False, "suggested_plan": None}
    return {"rule": rule, **shared, **members}
