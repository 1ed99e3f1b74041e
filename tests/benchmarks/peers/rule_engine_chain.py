"""rule-engine: a chain of conditions, each with the rule that makes the answer."""

from collections.abc import Iterator
from typing import Any, Final

import rule_engine

from tests.benchmarks.peers.question import LIMITS, NEXT_PLAN, WARN_AT, Facts, Peer

LETS: Final = {
    "limit": "limits[plan]&[resource] ?? 0",
    "usage": "current_usage + requested_amount",
    "better": "next_plan&[plan]",
}
RULES: Final = (
    (
        "plan == 'enterprise' and limit == 'unlimited'",
        """{"rule": "enterprise-unlimited", "allowed": true, "remaining": limit, "limit": limit,
        "upgrade_required": false, "suggested_plan": null,
        "message": "Enterprise plan: " + resource + " without a limit."}""",
    ),
    (
        f"limit * {WARN_AT} < usage and usage <= limit",
        """{"rule": "approaching-limit", "allowed": true, "remaining": limit - usage,
        "limit": limit, "upgrade_required": false, "suggested_plan": better,
        "message": "Approaching the " + resource + " limit."
        + (better == null ? "" : " Consider upgrading to " + better + ".")}""",
    ),
    (
        "usage <= limit",
        """{"rule": "within-limit", "allowed": true, "remaining": limit - usage, "limit": limit,
        "upgrade_required": false, "suggested_plan": null,
        "message": (limit - usage).to_str + " " + resource + " remaining"}""",
    ),
    (
        "true",
        """{"rule": "over-limit", "allowed": false, "remaining": 0, "limit": limit,
        "upgrade_required": better != null, "suggested_plan": better,
        "message": resource + " limit reached."
        + (better == null ? "" : " Upgrade to " + better + " for more.")}""",
    ),
)


def peers() -> Iterator[Peer]:
    """Yield a chain; what is named once is worked out first, and put beside the facts."""
    profile = {"limits": LIMITS, "next_plan": NEXT_PLAN}
    lets = [(name, rule_engine.Rule(source)) for name, source in LETS.items()]
    chain = rule_engine.Chain([(when, rule_engine.Rule(emit)) for when, emit in RULES])

    def ask(given: Facts) -> Any:  # noqa: ANN401 -- what it returns
        thing = {**profile, **given}
        for name, rule in lets:
            thing[name] = rule.evaluate(thing)
        return chain.evaluate(thing).evaluate(thing)

    without = "validation of input and output; reasons; versions; defaults"
    yield Peer("rule-engine", "rule-engine", ask, dict, without)
