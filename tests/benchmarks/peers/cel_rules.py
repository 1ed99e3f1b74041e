"""common-expression-language: CEL programs, compiled; one for the limit, one for the answer."""

from collections.abc import Iterator
from typing import Any, Final

import cel

from tests.benchmarks.peers.question import LIMITS, NEXT_PLAN, WARN_AT, Facts, Peer

LIMIT: Final = "resource in limits[plan] ? limits[plan][resource] : 0"
BETTER: Final = 'plan in next_plan ? next_plan[plan] : ""'
ANSWER: Final = """\
plan == "enterprise" && limit == "unlimited" ? {
    "rule": "enterprise-unlimited", "allowed": true, "remaining": limit, "limit": limit,
    "upgrade_required": false, "suggested_plan": null,
    "message": "Enterprise plan: " + resource + " without a limit."
} : double(limit) * WARN_AT < double(usage) && usage <= limit ? {
    "rule": "approaching-limit", "allowed": true, "remaining": limit - usage, "limit": limit,
    "upgrade_required": false, "suggested_plan": better == "" ? null : better,
    "message": "Approaching the " + resource + " limit."
        + (better == "" ? "" : " Consider upgrading to " + better + ".")
} : usage <= limit ? {
    "rule": "within-limit", "allowed": true, "remaining": limit - usage, "limit": limit,
    "upgrade_required": false, "suggested_plan": null,
    "message": string(limit - usage) + " " + resource + " remaining"
} : {
    "rule": "over-limit", "allowed": false, "remaining": 0, "limit": limit,
    "upgrade_required": better != "", "suggested_plan": better == "" ? null : better,
    "message": resource + " limit reached."
        + (better == "" ? "" : " Upgrade to " + better + " for more.")
}
"""


def peers() -> Iterator[Peer]:
    """Yield programs that are compiled once, and one context that holds the numbers."""
    limit_of, better_than = cel.compile(LIMIT), cel.compile(BETTER)
    answer = cel.compile(ANSWER.replace("WARN_AT", str(WARN_AT)))
    context = cel.Context(variables={"limits": LIMITS, "next_plan": NEXT_PLAN})

    def ask(given: Facts) -> Any:  # noqa: ANN401 -- what it returns
        context.update(given)
        named = {
            "limit": limit_of.execute(context),
            "better": better_than.execute(context),
            "usage": given["current_usage"] + given["requested_amount"],
        }
        context.update(named)
        return answer.execute(context)

    without = "validation of input and output; reasons; decimals; versions; defaults; threads"
    yield Peer("common-expression-language", "common-expression-language", ask, dict, without)
