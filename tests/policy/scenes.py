"""Scenes: small policies, and instants counted from one start."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from criterion.clock import FixedClock
from criterion.policy import Policy

START: Final = datetime(2025, 1, 1, tzinfo=UTC)
HOUR: Final = 3_600


def after(seconds: float) -> datetime:
    """Return an instant after the start."""
    return START + timedelta(seconds=seconds)


def policy_of(entitlements: dict[str, Any], **more: Any) -> Policy:  # noqa: ANN401 -- of a document
    """Return a policy of one default plan, with customer ``u``."""
    topups = more.pop("topups", {})
    options = {name: more.pop(name) for name in ("costs", "recorder", "store") if name in more}
    plan = {"default": True, "entitlements": entitlements, "topups": topups}
    document = {
        "credits": {"t": {}, "p": {"price": {"amount": 1}}, **more.pop("credits", {})},
        "plans": {"free": plan, **more.pop("plans", {})},
        **more,
    }
    policy = Policy.load(document, clock=FixedClock(START), **options)
    policy.create_customer("u")
    return policy


def limit(value: object = 0, **members: object) -> dict[str, Any]:
    """Return an entitlement with a limit on credit ``t``."""
    return {"limit": {"credit": "t", "value": value, **members}}
