"""Guards: a policy is asked before a view runs, counts what it uses, and may refuse the request."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeAlias

from starlette.requests import Request

from criterion.http.asgi import request_of
from criterion.http.limits.guard import NOT_NOTED, Guarded, Use
from criterion.policy import AsyncPolicy, Policy
from criterion.policy.runtime.asynchronous_hold import AsyncHold
from criterion.policy.runtime.options import Given
from criterion.policy.verdict import Verdict
from criterion_asgi.errors import GuardError
from criterion_asgi.limits.wanted import Context, Made, Wanted, use_of

Guard: TypeAlias = Callable[[Request], Awaitable[Verdict]]


class Limits:
    """The limits of an application.

    Args:
        policy: What is asked; one that is not asynchronous gets a front of its own.
        customer: Who asks, where a guard does not say: a function of the request.
        legacy: Whether refusals send the older ``X-RateLimit-*`` beside the standard fields.

    Attributes:
        policy: The asynchronous policy.
        customer: As given.
        legacy: As given.
    """

    def __init__(
        self,
        policy: Policy | AsyncPolicy,
        *,
        customer: Any = None,  # noqa: ANN401 -- a derived class takes other functions
        legacy: bool = False,
    ) -> None:
        """Put guards before a policy."""
        self.policy = policy if isinstance(policy, AsyncPolicy) else AsyncPolicy(policy)
        self.customer = customer
        self.legacy = legacy

    def require(
        self,
        entitlement: str,
        amount: Made[Given] = 1,
        *,
        customer: Made[str] | None = None,
        key: Made[str | None] = None,
        context: Made[Context | None] = None,
    ) -> Guard:
        """Return a guard for views: ``verdict = await may_pass(request)`` as their first line.

        Each part is a value, or a function of the request, which may be asynchronous.

        Args:
            entitlement: What for.
            amount: How much; where there is no limit it does not matter.
            customer: Who asks; by default as `Limits` was told.
            key: Counts the request once, however often it is sent under the same key.
            context: What else is known of the call.

        Returns:
            What takes the request and returns the verdict. It raises `GuardError` where there is no
            room, and nothing is counted.
        """
        wanted = Wanted(entitlement, amount, customer or self.customer, key, context)

        async def may_pass(request: Request) -> Verdict:
            return await self.count(request, await use_of(wanted, request))

        return may_pass

    @asynccontextmanager
    async def hold(
        self,
        request: Request,
        entitlement: str,
        amount: Given | None = None,
        *,
        customer: str | None = None,
        key: str | None = None,
        context: Context | None = None,
    ) -> AsyncIterator[AsyncHold]:
        """Set room aside for an ``async with`` block of a view, which gets the hold.

        What the block settles is counted; without that, all that was set aside. Where it raises or
        is cancelled, nothing is.

        Args:
            request: The request.
            entitlement: What for.
            amount: How much; by default what such calls are expected to use.
            customer: Who asks; by default as `Limits` was told.
            key: As for `require`.
            context: As for `require`.

        Raises:
            GuardError: There is no room.
        """
        who = customer or self.customer
        use = await use_of(Wanted(entitlement, amount, who, key, context), request)
        async with self.holding(request, use) as hold:
            yield hold

    async def count(self, request: Request, use: Use) -> Verdict:
        """Count what a request uses.

        Raises:
            GuardError: It may not pass.
        """
        customer, entitlement, amount, key, _ = use
        policy, guarded = self.policy, guarded_of(request)
        try:
            with policy.noting(guarded.metadata) if policy.records else NOT_NOTED:
                verdict = await policy.allow(customer, entitlement, amount, key=key, **use.options)
        except Exception as error:  # noqa: BLE001 -- a guard that fails lets nobody pass
            raise GuardError(guarded.failure(error), None) from None
        self._refuse(guarded, verdict)
        return verdict

    @asynccontextmanager
    async def holding(self, request: Request, use: Use) -> AsyncIterator[AsyncHold]:
        """Set room aside for a block.

        Raises:
            GuardError: There is no room.
        """
        customer, entitlement, amount, key, context = use
        policy, guarded = self.policy, guarded_of(request)
        async with AsyncExitStack() as stack:
            try:
                with policy.noting(guarded.metadata) if policy.records else NOT_NOTED:
                    hold = await stack.enter_async_context(
                        policy.hold(customer, entitlement, amount, key=key, context=context)
                    )
            except Exception as error:  # noqa: BLE001 -- whatever a store or a recorder may raise
                raise GuardError(guarded.failure(error), None) from None
            self._refuse(guarded, hold.verdict)
            yield hold

    def _refuse(self, guarded: Guarded, verdict: Verdict) -> None:
        answer = None if verdict else guarded.refusal(verdict, legacy=self.legacy)
        if answer is not None:
            raise GuardError(answer, verdict)
        guarded.passes(verdict)


def guarded_of(request: Request) -> Guarded:
    """Return what a guard knows of a request."""
    return Guarded(lambda: request_of(request.scope, b""))
