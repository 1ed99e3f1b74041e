"""Rate limits: every request of an application is counted, and told what is left."""

from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from criterion.http.asgi import send_answer
from criterion.http.limits import ByAddress
from criterion.http.limits.fields import limit_fields
from criterion.http.limits.guard import Use, customer_name
from criterion.http.limits.strangers import Strangers
from criterion.policy.verdict import Verdict
from criterion_asgi.errors import GuardError
from criterion_asgi.limits.guard import Limits, guarded_of
from criterion_asgi.limits.wanted import Made, made


class RateLimitMiddleware:
    """Counts every request before the application sees it, and adds what is left to its headers.

    Args:
        app: What answers.
        limits: Who counts, and how customers are told.
        entitlement: What each request counts one of.
        customer: Who asks: a function of the request; ``None`` is a stranger. By default as
            ``limits`` was told.
        strangers: How those are limited who are no customer; without it they pass.
        exempt: Whether a request is not counted.
    """

    def __init__(
        self,
        app: ASGIApp,
        limits: Limits,
        entitlement: str,
        *,
        customer: Made[str | None] | None = None,
        strangers: ByAddress | None = None,
        exempt: Callable[[Request], bool] | None = None,
    ) -> None:
        """Stand before an application."""
        self._app = app
        self._limits = limits
        self._entitlement = entitlement
        self._customer = customer or limits.customer
        self._exempt = exempt
        self._strangers = None if strangers is None else Strangers(limits.policy.policy, strangers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request, and let it pass or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if self._exempt is not None and self._exempt(request):
            await self._app(scope, receive, send)
            return
        try:
            verdict = await self._counted(request)
        except GuardError as error:
            await send_answer(error.answer, send)
            return
        await self._app(scope, receive, send if verdict is None else self._telling(verdict, send))

    async def _counted(self, request: Request) -> Verdict | None:
        """Return the verdict of a request that may pass; ``None`` where it was not counted.

        Raises:
            GuardError: It may not.
        """
        customer = await made(self._customer, request)
        if customer is not None:
            use = Use(customer_name(customer), self._entitlement)
            return await self._limits.count(request, use)
        if self._strangers is None:
            return None
        peer, _ = request.scope.get("client") or ("", 0)
        forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
        verdict = self._strangers.allow(peer, forwarded, self._entitlement)
        answer = guarded_of(request).refusal(verdict, legacy=self._limits.legacy)
        if answer is not None:
            raise GuardError(answer, verdict)
        return verdict

    def _telling(self, verdict: Verdict, send: Send) -> Send:
        async def tell(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                told = {name for name, _ in message.get("headers", ())}
                fields = limit_fields([verdict], legacy=self._limits.legacy)
                added = [(name.lower().encode(), value.encode()) for name, value in fields]
                more = [each for each in added if each[0] not in told]
                message = {**message, "headers": [*message.get("headers", ()), *more]}
            await send(message)

        return tell
