"""Dependencies: a policy is asked before a path operation runs, and may refuse the request."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Request

from criterion.http.limits.guard import Use, customer_name
from criterion.policy.runtime.asynchronous_hold import AsyncHold
from criterion.policy.verdict import Verdict
from criterion_asgi.limits import Limits as StarletteLimits

Dependency: TypeAlias = Any
"""A value; or a dependency that makes it, which may take whatever a path operation may."""


class Limits(StarletteLimits):
    """The limits of a FastAPI application; what it is told of a request are dependencies.

    Args:
        policy: What is asked; one that is not asynchronous gets a front of its own.
        customer: Who asks, where a guard does not say: a dependency.
        legacy: Whether refusals send the older ``X-RateLimit-*`` beside the standard fields.
    """

    def require(
        self,
        entitlement: str,
        amount: Dependency = 1,
        *,
        customer: Dependency = None,
        key: Dependency = None,
        context: Dependency = None,
    ) -> Callable[..., Awaitable[Verdict]]:
        """Return what goes into ``Depends``: it counts before a path operation, or raises.

        Args:
            entitlement: What for.
            amount: How much; where there is no limit it does not matter.
            customer: Who asks; by default as `Limits` was told.
            key: Counts the request once, however often it is sent under the same key.
            context: What else is known of the call.

        Returns:
            A dependency whose value is the verdict. It raises `GuardError`, which applications
            answer once `install_exception_handlers` was called.
        """
        use_of = _use_of(entitlement, amount, customer or self.customer, key, context)

        async def required(request: Request, use: Annotated[Use, Depends(use_of)]) -> Verdict:
            return await self.count(request, use)

        return required

    def reserve(
        self,
        entitlement: str,
        amount: Dependency = None,
        *,
        customer: Dependency = None,
        key: Dependency = None,
        context: Dependency = None,
    ) -> Callable[..., AsyncIterator[AsyncHold]]:
        """Return what goes into ``Depends(…, scope="function")``: room while an operation runs.

        What the operation settles is counted; without that, all that was set aside. Where it
        raises, nothing is. Without that scope FastAPI ends the hold when the answer is sent.

        Args:
            entitlement: What for.
            amount: How much; by default what such calls are expected to use.
            customer: As for `require`.
            key: As for `require`.
            context: As for `require`.

        Returns:
            A dependency whose value is the hold. It raises `GuardError` where there is no room.
        """
        use_of = _use_of(entitlement, amount, customer or self.customer, key, context)

        async def reserved(
            request: Request, use: Annotated[Use, Depends(use_of)]
        ) -> AsyncIterator[AsyncHold]:
            async with self.holding(request, use) as hold:
                yield hold

        return reserved


def _use_of(
    entitlement: str, amount: Dependency, customer: Dependency, key: Dependency, context: Dependency
) -> Callable[..., Awaitable[Use]]:
    """Return a dependency that makes what a guard counts, with a parameter for each part."""

    async def use_of(
        customer: Annotated[object, Depends(_dependency(customer))],
        amount: Annotated[object, Depends(_dependency(amount))],
        key: Annotated[object, Depends(_dependency(key))],
        context: Annotated[object, Depends(_dependency(context))],
    ) -> Use:
        made: Any = (amount, key, context)
        return Use(customer_name(customer), entitlement, *made)

    return use_of


def _dependency(part: Dependency) -> Callable[..., Any]:
    """Return a part as a dependency; of a value one that returns it, and takes no thread."""
    if callable(part):
        made: Callable[..., Any] = part
        return made

    async def constant() -> Any:  # noqa: ANN401 -- of any kind
        return part

    return constant
