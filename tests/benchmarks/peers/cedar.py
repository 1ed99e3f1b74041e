"""cedarpy: Cedar policies, entities and a schema, each parsed once; it answers yes or no."""

import json
from collections.abc import Iterator
from typing import Any, Final

import cedarpy

from tests.benchmarks.peers.question import LIMITS, RESOURCES, WARN_AT, Answer, Facts, Peer

WARN_AT_PERCENT: Final = round(WARN_AT * 100)
SCHEMA: Final = """\
entity Plan;
entity Limit { plan: Plan, unlimited: Bool, limit: Long };
action use appliesTo {
    principal: [Plan],
    resource: [Limit],
    context: { current_usage: Long, requested_amount: Long }
};
"""
POLICIES: Final = f"""\
@id("enterprise-unlimited")
permit (principal == Plan::"enterprise", action, resource)
when {{ resource.plan == principal && resource.unlimited }};

@id("approaching-limit")
permit (principal, action, resource)
when {{
    resource.plan == principal && !resource.unlimited
    && resource.limit * {WARN_AT_PERCENT}
        < (context.current_usage + context.requested_amount) * 100
    && context.current_usage + context.requested_amount <= resource.limit
}};

@id("within-limit")
permit (principal, action, resource)
when {{
    resource.plan == principal && !resource.unlimited
    && resource.limit * {WARN_AT_PERCENT}
        >= (context.current_usage + context.requested_amount) * 100
    && context.current_usage + context.requested_amount <= resource.limit
}};
"""


def peers() -> Iterator[Peer]:
    """Yield one that checks each request against the schema; no rule is before another."""
    policies = cedarpy.PolicySet.from_str(POLICIES)
    schema = cedarpy.Schema.from_str(SCHEMA)
    entities = cedarpy.Entities.from_json_str(json.dumps(_entities()), schema)

    def ask(given: Facts) -> Any:  # noqa: ANN401 -- what it returns
        counts = {name: given[name] for name in ("current_usage", "requested_amount")}
        request = {
            "principal": {"type": "Plan", "id": given["plan"]},
            "action": {"type": "Action", "id": "use"},
            "resource": {"type": "Limit", "id": f"{given['plan']}/{given['resource']}"},
            "context": counts,
        }
        return cedarpy.is_authorized(request, policies, entities, schema)

    without = "any output but the rule: message, what remains, plan; decimals; order; versions"
    yield Peer("cedarpy", "cedarpy", ask, _read, without)


def _read(said: Any) -> Answer:  # noqa: ANN401 -- what it returned
    diagnostics = said.diagnostics
    assert not diagnostics.errors
    rules = list(diagnostics.id_annotations_by_reason.values())
    return {"rule": rules[0] if rules else "over-limit", "allowed": said.allowed}


def _entities() -> list[dict[str, Any]]:
    plans = [{"uid": {"type": "Plan", "id": plan}, "attrs": {}, "parents": []} for plan in LIMITS]
    return plans + [_limit(plan, resource) for plan in LIMITS for resource in RESOURCES]


def _limit(plan: str, resource: str) -> dict[str, Any]:
    limit = LIMITS[plan].get(resource, 0)
    unlimited = limit == "unlimited"
    attributes = {
        "plan": {"__entity": {"type": "Plan", "id": plan}},
        "unlimited": unlimited,
        "limit": 0 if unlimited else limit,
    }
    uid = {"type": "Limit", "id": f"{plan}/{resource}"}
    return {"uid": uid, "attrs": attributes, "parents": []}
