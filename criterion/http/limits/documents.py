"""Documents: how customers stand, as JSON that a front end shows, with a tag while it is so."""

import hashlib
from typing import Final

from criterion.http.limits.kinds import limit_problem
from criterion.http.message import Answer, Request
from criterion.http.problem import Problem
from criterion.json_text import Plain, json_text, plain
from criterion.policy.runtime.overview import Overview, Stand
from criterion.policy.runtime.policy import Policy
from criterion.text import code

CACHING: Final = (("Cache-Control", "private, no-cache"),)
"""Each may keep its own copy, and asks whether it is still right."""

TAGS_MAX: Final = 100
"""How many tags of a request are looked at."""


def stood(
    policy: Policy, request: Request, request_id: str, customer: str, entitlement: str
) -> Answer | Problem:
    """Return how a customer stands.

    Args:
        policy: What is read.
        request: Who asks, and what they have already.
        request_id: Goes into the header.
        customer: Whose.
        entitlement: What of; ``""`` for everything.
    """
    overview = policy.overview(customer, *((entitlement,) if entitlement else ()))
    if overview is None:
        return limit_problem("unknown_customer", f"no customer {code(customer)} is known")
    if not entitlement:
        return tagged(overview_members(overview), request, request_id)
    stand = overview.entitlements.get(entitlement)
    if stand is None or stand.entitlement.hidden:
        detail = f"customer {code(customer)} has no entitlement {code(entitlement)}"
        return limit_problem("unknown_entitlement", detail)
    return tagged(stand_members(stand), request, request_id)


def overview_members(overview: Overview) -> Plain:
    """Return everything that a customer has; what customers are not told of is left out."""
    return {
        "customer": overview.customer,
        "plan": overview.plan,
        "entitlements": {
            name: stand_members(stand)
            for name, stand in overview.entitlements.items()
            if not stand.entitlement.hidden
        },
    }


def stand_members(stand: Stand) -> Plain:
    """Return how one entitlement stands."""
    members = {
        "description": stand.entitlement.description,
        "metered": stand.credit is not None,
        **{name: value for name, value in stand._asdict().items() if name != "entitlement"},
    }
    return plain(members)


def tagged(members: Plain, request: Request, request_id: str) -> Answer:
    """Return a document with its entity tag, or that the caller has it already.

    Source:
        RFC 9110, sections 8.8.3, 13.1.2 and 15.4.5.
    """
    body = json_text(members).encode("ascii")
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = (
        ("X-Request-Id", request_id),
        ("X-Content-Type-Options", "nosniff"),
        ("ETag", tag),
        *CACHING,
    )
    if _has(request.headers.get("if-none-match", ""), tag):
        return Answer(304, headers, b"")
    about = (("Content-Type", "application/json"), ("Content-Length", str(len(body))))
    return Answer(200, (*about, *headers), body)


def _has(given: str, tag: str) -> bool:
    """Whether a caller has what a tag names; tags are compared weakly."""
    tags = (each.strip().removeprefix("W/") for each in given.split(",", TAGS_MAX)[:TAGS_MAX])
    return given.strip() == "*" or tag in tags
