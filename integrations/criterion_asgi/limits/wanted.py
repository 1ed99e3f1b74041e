"""Wanted: what a guard asks for, each part as it is or made of the request."""

from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import Any, NamedTuple, TypeAlias, TypeVar

from starlette.requests import Request

from criterion.http.limits.guard import Use, customer_name
from criterion.policy.runtime.options import Given

Part = TypeVar("Part")

Made: TypeAlias = Part | Callable[[Request], Part | Awaitable[Part]]
"""A value; or what makes it of the request, perhaps asynchronously."""

Context: TypeAlias = Mapping[str, Any]


class Wanted(NamedTuple):
    """What a guard asks for.

    Attributes:
        entitlement: What for.
        amount: How much.
        customer: Who asks; ``None``: nothing says so.
        key: Under which the request is counted once, or ``None``.
        context: What else is known of the call.
    """

    entitlement: str
    amount: Made[Given | None]
    customer: Made[str] | None
    key: Made[str | None] = None
    context: Made[Context | None] = None


async def made(part: Any, request: Request) -> Any:  # noqa: ANN401 -- of any kind
    """Return a part of what a guard asks for."""
    found = part(request) if callable(part) else part
    return await found if not isinstance(found, str) and isawaitable(found) else found


async def use_of(wanted: Wanted, request: Request) -> Use:
    """Return what a guard counts of one request, every part made.

    Raises:
        TypeError: The customer is no text.
    """
    entitlement, amount, customer, key, context = wanted
    return Use(
        customer_name(await made(customer, request) if callable(customer) else customer),
        entitlement,
        await made(amount, request) if callable(amount) else amount,
        await made(key, request) if callable(key) else key,
        await made(context, request) if callable(context) else context,
    )
