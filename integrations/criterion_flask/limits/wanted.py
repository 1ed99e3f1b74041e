"""Wanted: what a guard asks for, each part as it is or made for each request anew."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, TypeAlias, TypeVar

from flask import current_app

from criterion.http.limits.guard import Use, customer_name
from criterion.policy.runtime.options import Given

Part = TypeVar("Part")

Made: TypeAlias = Part | Callable[[], Part | Awaitable[Part]]
"""A value; or what makes it from ``request`` and ``g``, asynchronously where views may."""

Context: TypeAlias = Mapping[str, Any]


class Wanted(NamedTuple):
    """What a guard asks for.

    Attributes:
        entitlement: What for.
        amount: How much.
        customer: Who asks.
        key: Under which the request is counted once, or ``None``.
        context: What else is known of the call.
    """

    entitlement: str
    amount: Made[Given | None]
    customer: Made[str] | None
    key: Made[str | None] = None
    context: Made[Context | None] = None


def made(part: Any) -> Any:  # noqa: ANN401 -- of any kind
    """Return a part of what a guard asks for, for the current request."""
    return part if not callable(part) else current_app.ensure_sync(part)()


def use_of(wanted: Wanted) -> Use:
    """Return what a guard counts of the current request, every part made.

    Raises:
        TypeError: The customer is no text.
    """
    entitlement, amount, customer, key, context = wanted
    return Use(
        customer_name(made(customer)),
        entitlement,
        made(amount) if callable(amount) else amount,
        made(key) if callable(key) else key,
        made(context) if callable(context) else context,
    )
