"""Asking: requests to an ASGI application, handed over as a server does, without a socket."""

import asyncio
from collections.abc import Iterable
from typing import Any

from tests.http.exchanges import Reply

JSON: dict[str, str] = {"Content-Type": "application/json"}


def ask(
    app: Any,  # noqa: ANN401 -- any ASGI application
    method: str,
    path: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    *,
    root_path: str = "",
) -> Reply:
    """Send one request and return the reply."""
    message = {"type": "http.request", "body": body}
    sent = run(app, http(method, path, headers, root_path), [message])
    start, *parts = sent
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return Reply(start["status"], found, b"".join(part["body"] for part in parts))


def http(
    method: str, path: str, headers: dict[str, str] | None = None, root_path: str = ""
) -> dict[str, Any]:
    path, _, query = path.partition("?")
    given = {**JSON, **(headers or {})}
    return {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": root_path,
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
    }


def run(app: Any, scope: dict[str, Any], messages: Iterable[dict[str, Any]]) -> list[Any]:  # noqa: ANN401
    """Return what the application sends; it may take no more messages than there are."""
    waiting, sent = iter(messages), []

    async def receive() -> dict[str, Any]:
        return next(waiting)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent
