"""The plain reading: what usage-limit decides, as bare `if` statements that check nothing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from criterion import UNLIMITED, Quantity

LIMITS: Final[dict[str, dict[str, Quantity]]] = {
    "free": {"projects": 3},
    "enterprise": {"projects": UNLIMITED},
}
NEXT_PLAN: Final = {"free": "starter"}
WARN_AT: Final = Decimal("0.8")


def plain(facts: Mapping[str, Any]) -> dict[str, object]:
    """Decide about projects on the free or the enterprise plan."""
    plan, resource = facts["plan"], facts["resource"]
    limit = LIMITS.get(plan, {}).get(resource, 0)
    total = facts["current_usage"] + facts["requested_amount"]
    if plan == "enterprise" and limit == UNLIMITED:
        return _allowed(UNLIMITED, limit, f"Enterprise plan: {resource} without a limit.")
    better = NEXT_PLAN.get(plan)
    if limit * WARN_AT < total <= limit:
        message = f"Approaching the {resource} limit. Consider upgrading to {better}."
        return _allowed(limit - total, limit, message, better)
    if total <= limit:
        return _allowed(limit - total, limit, f"{limit - total} {resource} remaining")
    return {
        "allowed": False,
        "remaining": 0,
        "limit": limit,
        "upgrade_required": better is not None,
        "suggested_plan": better,
        "message": f"{resource} limit reached. Upgrade to {better} for more.",
    }


def _allowed(
    remaining: object, limit: object, message: str, plan: str | None = None
) -> dict[str, object]:
    return {
        "allowed": True,
        "remaining": remaining,
        "limit": limit,
        "upgrade_required": False,
        "suggested_plan": plan,
        "message": message,
    }
