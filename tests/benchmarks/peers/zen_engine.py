"""zen-engine: a graph of input schema, expressions, decision table and output schema."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import zen

from tests.benchmarks.peers.question import (
    LIMITS,
    NEXT_PLAN,
    PLANS,
    RESOURCES,
    WARN_AT,
    Answer,
    Facts,
    Peer,
)

COUNT: Final = {"type": "integer", "minimum": 0}
INPUT: Final = {
    "type": "object",
    "properties": {
        "resource": {"enum": RESOURCES},
        "current_usage": COUNT,
        "requested_amount": COUNT,
        "plan": {"enum": PLANS},
    },
    "required": ["resource", "current_usage", "plan"],
    "additionalProperties": False,
}
QUANTITY: Final = {"anyOf": [{"type": "number"}, {"const": "unlimited"}]}
OUTPUT: Final = {
    "type": "object",
    "properties": {
        "rule": {"type": "string"},
        "allowed": {"type": "boolean"},
        "remaining": QUANTITY,
        "limit": QUANTITY,
        "upgrade_required": {"type": "boolean"},
        "suggested_plan": {"enum": [*PLANS, None]},
        "message": {"type": "string"},
    },
    "required": ["rule", "allowed", "remaining", "limit", "upgrade_required", "message"],
    "additionalProperties": False,
}
LIMIT: Final = " : ".join(
    f"plan == '{plan}' ? ({json.dumps(limits)})[resource] ?? 0" for plan, limits in LIMITS.items()
)
"""A table for each plan; one table of tables is made anew for every call, which takes longer."""

LETS: Final = {
    "limit": f"{LIMIT} : 0",
    "usage": "current_usage + (requested_amount ?? 1)",
    "next_plan": f"({json.dumps(NEXT_PLAN)})[plan]",
}
WHEN: Final = "when"
RULES: Final = (
    {
        WHEN: "plan == 'enterprise' and limit == 'unlimited'",
        "rule": "'enterprise-unlimited'",
        "allowed": "true",
        "remaining": "'unlimited'",
        "limit": "limit",
        "upgrade_required": "false",
        "suggested_plan": "null",
        "message": "`Enterprise plan: ${resource} without a limit.`",
    },
    {
        WHEN: f"limit * {WARN_AT} < usage and usage <= limit",
        "rule": "'approaching-limit'",
        "allowed": "true",
        "remaining": "limit - usage",
        "limit": "limit",
        "upgrade_required": "false",
        "suggested_plan": "next_plan",
        "message": "`Approaching the ${resource} limit.`"
        " + (next_plan != null ? ` Consider upgrading to ${next_plan}.` : '')",
    },
    {
        WHEN: "usage <= limit",
        "rule": "'within-limit'",
        "allowed": "true",
        "remaining": "limit - usage",
        "limit": "limit",
        "upgrade_required": "false",
        "suggested_plan": "null",
        "message": "`${limit - usage} ${resource} remaining`",
    },
    {
        WHEN: "",
        "rule": "'over-limit'",
        "allowed": "false",
        "remaining": "0",
        "limit": "limit",
        "upgrade_required": "next_plan != null",
        "suggested_plan": "next_plan",
        "message": "`${resource} limit reached.`"
        " + (next_plan != null ? ` Upgrade to ${next_plan} for more.` : '')",
    },
)


def peers() -> Iterator[Peer]:
    """Yield its fastest way, by key from a static loader, without and with its trace."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"usage-limit": _graph()}}})

    def ask(given: Facts) -> Any:  # noqa: ANN401 -- what it returns
        return engine.evaluate("usage-limit", given)

    def traced(given: Facts) -> Any:  # noqa: ANN401 -- what it returns
        return engine.evaluate("usage-limit", given, {"trace": True})

    without = "reasons; versions; `unlimited` in arithmetic; whole numbers come back as floats"
    yield Peer("zen-engine", "zen-engine", ask, _read, without)
    yield Peer("zen-engine, trace asked for", "zen-engine", traced, _read, without)


def _read(said: Any) -> Answer:  # noqa: ANN401 -- what it returned
    return {"suggested_plan": None, **said["result"]}


def _graph() -> dict[str, Any]:
    expressions = [{"id": name, "key": name, "value": LETS[name]} for name in LETS]
    names = [name for name in RULES[0] if name != WHEN]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": WHEN, "name": WHEN}],
        "outputs": [{"id": name, "name": name, "field": name} for name in names],
        "rules": [{"_id": rule["rule"], **rule} for rule in RULES],
    }
    nodes = [
        _node("inputNode", {"schema": json.dumps(INPUT)}),
        _node("expressionNode", {"passThrough": True, "expressions": expressions}),
        _node("decisionTableNode", table),
        _node("outputNode", {"schema": json.dumps(OUTPUT)}),
    ]
    ids = [node["id"] for node in nodes]
    edges = [
        {"id": f"{one}-{two}", "type": "edge", "sourceId": one, "targetId": two}
        for one, two in pairwise(ids)
    ]
    return {"nodes": nodes, "edges": edges}


def _node(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"id": kind, "name": kind, "type": kind, "content": content}
