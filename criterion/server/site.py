"""The site: the decisions at ``/decisions``, and beside them whether the server is well."""

import asyncio
from contextlib import suppress
from typing import Final

from criterion.http import Answer, Problem, Request
from criterion.http.answers import json_answer
from criterion.http.asgi import Receive, Scope, Send, request_of, send_answer
from criterion.http.log import log_answer, log_failure
from criterion.http.problem import problem
from criterion.http.request_id import HEADER, request_id_of
from criterion.http.service import READING
from criterion.json_text import Plain, json_text
from criterion.server.json_log import EXCHANGE, Exchange, write_held
from criterion.server.problems import HEADER_BYTES_MAX, server_problem
from criterion.server.standing import Standing

PREFIX: Final = "/decisions"
LOOK_EVERY_S: Final = 0.5
"""How often files are looked at, where they are."""


class Site:
    """The ASGI application of ``criterion serve``.

    Args:
        standing: What is served.
        prefix: Where the decisions stand.
        watches: Whether files that change are read again, from the start of the lifespan to its
            end.
    """

    def __init__(self, standing: Standing, *, prefix: str = PREFIX, watches: bool = False) -> None:
        """Nothing runs yet."""
        self._standing = standing
        self._prefix = prefix
        self._watches = watches
        self._beside = {"/healthz": _health, "/readyz": self._readiness}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live as long as the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path, prefix = scope["path"], self._prefix
        client = scope.get("client") or ("", 0)
        EXCHANGE.set(Exchange(client[0], path, asyncio.get_running_loop().time()))
        if not f"{path}/".startswith(f"{prefix}/"):
            await send_answer(self._answer(request_of(scope, b"")), send)
        elif _header_bytes(scope) > HEADER_BYTES_MAX:
            refused = server_problem("headers_too_large")
            await send_answer(_refused(request_of(scope, b""), refused), send)
        else:
            await self._standing.served.app({**scope, "root_path": prefix}, receive, send)

    def _answer(self, request: Request) -> Answer:
        members = self._beside.get(request.path)
        if members is None:
            return _refused(request, problem("not_found", f"decisions stand at `{self._prefix}`"))
        if request.method not in READING.split(", "):
            headers = (("Allow", READING),)
            refused = problem("method_not_allowed", f"there is {READING}", headers=headers)
            return _refused(request, refused)
        answer = json_answer(json_text(members()), request_id_of(request.headers.get(HEADER)))
        return answer if request.method != "HEAD" else answer._replace(body=b"")

    def _readiness(self) -> Plain:
        served, complaint = self._standing.served, self._standing.complaint
        members: dict[str, Plain] = {
            "status": "ready",
            "decisions": served.decisions,
            "loaded_at": served.loaded_at.isoformat(timespec="seconds"),
        }
        return members | ({"detail": complaint} if complaint else {})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        watching = asyncio.create_task(self._watch()) if self._watches else None
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        write_held()
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await asyncio.to_thread(self._standing.look)
            except Exception as error:  # noqa: BLE001 -- whatever it is, what stands is served
                log_failure("looking at files", "", error)


def _health() -> Plain:
    return {"status": "ok"}


def _refused(request: Request, found: Problem) -> Answer:
    request_id = request_id_of(request.headers.get(HEADER))
    answer = found.answer(request_id)
    log_answer(request, request_id, answer.status, lambda: {"code": found.code})
    return answer if request.method != "HEAD" else answer._replace(body=b"")


def _header_bytes(scope: Scope) -> int:
    return sum(len(name) + len(value) for name, value in scope["headers"])
