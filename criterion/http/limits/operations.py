"""Operations: what callers may do to limits over HTTP, each a call of the policy."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

from pydantic import BaseModel

from criterion.http.limits import bodies
from criterion.policy.runtime.options import AskOptions, ReserveOptions, SettleOptions
from criterion.policy.runtime.policy import Policy
from criterion.policy.verdict import Verdict
from criterion.policy.verdicts import Verdicts

READ: Final = "read"
"""What permits call the reading of entitlements."""

Done: TypeAlias = Verdict | Verdicts | bool
Call: TypeAlias = Callable[[Policy, Any, str | None], Done]


class Operation(NamedTuple):
    """One operation.

    Attributes:
        summary: What it does, in a few words.
        body: What it takes.
        call: Does it: with the policy, the body, and the idempotency key or ``None``.
        takes_key: Whether it counts, so that a key keeps it from counting twice. A settlement
            needs none: its hold is its key.
    """

    summary: str
    body: type[BaseModel]
    call: Call
    takes_key: bool = False


def _allow(policy: Policy, use: bodies.Use, key: str | None) -> Done:
    options = AskOptions(context=use.context, occurred_at=use.occurred_at)
    return policy.allow(use.customer, use.entitlement, use.amount, key=key, **options)


def _check(policy: Policy, use: bodies.Use, _: str | None) -> Done:
    options = AskOptions(context=use.context, occurred_at=use.occurred_at)
    return policy.check(use.customer, use.entitlement, use.amount, **options)


def _increment(policy: Policy, step: bodies.Step, key: str | None) -> Done:
    options = AskOptions(context=step.context, occurred_at=step.occurred_at)
    return policy.increment(step.customer, step.entitlement, key=key, **options)


def _decrement(policy: Policy, step: bodies.Step, key: str | None) -> Done:
    options = AskOptions(context=step.context, occurred_at=step.occurred_at)
    return policy.decrement(step.customer, step.entitlement, key=key, **options)


def _allow_all(policy: Policy, asked: bodies.Uses, key: str | None) -> Done:
    options = AskOptions(context=asked.context, occurred_at=asked.occurred_at)
    return policy.allow_all(asked.customer, _pairs(asked), key=key, **options)


def _check_all(policy: Policy, asked: bodies.Uses, _: str | None) -> Done:
    options = AskOptions(context=asked.context, occurred_at=asked.occurred_at)
    return policy.check_all(asked.customer, _pairs(asked), **options)


def _reserve(policy: Policy, wish: bodies.Reservation, key: str | None) -> Done:
    options = ReserveOptions(context=wish.context, ttl=wish.ttl_ms, clamp=wish.clamp)
    return policy.reserve(wish.customer, wish.entitlement, wish.amount, key=key, **options)


def _reserve_all(policy: Policy, wish: bodies.Reservations, key: str | None) -> Done:
    options = ReserveOptions(context=wish.context, ttl=wish.ttl_ms, clamp=wish.clamp)
    return policy.reserve_all(wish.customer, _pairs(wish), key=key, **options)


def _settle(policy: Policy, used: bodies.Settlement, _: str | None) -> Done:
    options = SettleOptions(context=used.context, occurred_at=used.occurred_at)
    return policy.settle(used.customer, used.entitlement, used.hold, used.amount, **options)


def _release(policy: Policy, given: bodies.Release, _: str | None) -> Done:
    return policy.release(given.customer, given.entitlement, given.hold)


def _pairs(asked: bodies.Uses | bodies.Reservations) -> list[tuple[str, Any]]:
    return [(gate.entitlement, gate.amount) for gate in asked.uses]


OPERATIONS: Final = {
    "allow": Operation("Use an amount, if the customer may", bodies.Use, _allow, takes_key=True),
    "check": Operation("Tell what `allow` would answer", bodies.Use, _check),
    "increment": Operation("Use one increment", bodies.Step, _increment, takes_key=True),
    "decrement": Operation("Give one increment back", bodies.Step, _decrement, takes_key=True),
    "allow-all": Operation(
        "Use several entitlements: all or none", bodies.Uses, _allow_all, takes_key=True
    ),
    "check-all": Operation("Tell what `allow-all` would answer", bodies.Uses, _check_all),
    "reserve": Operation("Set room aside", bodies.Reservation, _reserve, takes_key=True),
    "reserve-all": Operation(
        "Set room aside on several: on all or none",
        bodies.Reservations,
        _reserve_all,
        takes_key=True,
    ),
    "settle": Operation("Count what was used under a hold", bodies.Settlement, _settle),
    "release": Operation("Give a hold back", bodies.Release, _release),
}
"""The operations by the names that they have in addresses."""
