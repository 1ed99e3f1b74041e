"""ASGI: the routes of a policy as a bare callable, for any ASGI server or mount."""

from criterion.http.asgi import (
    AsgiApp,
    Receive,
    Scope,
    Send,
    body_of,
    live,
    request_of,
    send_answer,
)
from criterion.http.limits.service import LimitService
from criterion.policy.runtime.asynchronous import AsyncPolicy


def limits_asgi_app(service: LimitService, policy: AsyncPolicy | None = None) -> AsgiApp:
    """Return an ASGI application that answers below wherever it is mounted.

    A policy in memory is asked where the event loop runs, any other in a thread of its pool.

    Args:
        service: What answers.
        policy: The asynchronous front of its policy, whose pool is used; by default one of its own.

    Raises:
        TypeError: Not at once, but for a scope of a kind that ASGI does not have.
    """
    front = AsyncPolicy(service.policy) if policy is None else policy
    bytes_max = service.options.body_bytes_max

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            body = await body_of(dict(scope["headers"]), receive, bytes_max)
            if body is not None:
                request = request_of(scope, body)
                await send_answer(await front.run(lambda _: service.answer(request)), send)
        elif scope["type"] == "lifespan":
            await live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            message = f"limits are asked over http, not {scope['type']}"
            raise TypeError(message)

    return app
