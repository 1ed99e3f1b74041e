"""ASGI: a service as a bare callable, for any ASGI server or mount."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, Final, TypeAlias

from criterion.http.answers import PLAIN_HEADERS
from criterion.http.body import MEDIA_TYPE, announced_bytes
from criterion.http.message import Answer, Request
from criterion.http.service import DecisionService

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
RawHeaders: TypeAlias = list[tuple[bytes, bytes]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


def asgi_app(service: DecisionService) -> AsgiApp:
    """Return an ASGI application that answers below wherever it is mounted.

    Decisions are pure and fast, so they run where the event loop runs. A resolver, hook or
    recorder that waits for something holds all requests up: see the reference.

    Who asks for a WebSocket is turned away.

    Raises:
        TypeError: Not at once, but for a scope of a kind that ASGI does not have.
    """
    answer, bytes_max = service.answer, service.options.body_bytes_max
    prepared = service.prepared

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _beside(scope, receive, send)
            return
        headers = dict(scope["headers"])
        body = await body_of(headers, receive, bytes_max)
        if body is None:
            return
        query = scope.get("query_string")
        path = path_below(scope) if scope.get("root_path") else scope["path"]
        ready = prepared.get((path, query.decode("latin-1") if query else ""))
        if ready and scope["method"] == "POST" and headers.get(b"content-type") == _MEDIA_TYPE:
            given_id = headers.get(b"x-request-id")
            said = ready(body, given_id and given_id.decode("latin-1"))
            if said is not None:
                request_id, text = said
                await send(_start(200, _headers_of(request_id, text)))
                await send({"type": "http.response.body", "body": text})
                return
        await send_answer(answer(request_of(scope, body)), send)

    return app


def request_of(scope: Scope, body: bytes) -> Request:
    """Return what a scope and a body ask for, below the ``root_path`` of the scope."""
    query = scope.get("query_string", b"").decode("latin-1")
    headers, root_path = ScopeHeaders(scope["headers"]), scope.get("root_path", "")
    return Request(scope["method"], path_below(scope), query, headers, body, root_path, scope)


def path_below(scope: Scope) -> str:
    """Return the path of a scope below its ``root_path``."""
    root_path, path = scope.get("root_path", ""), scope["path"]
    if root_path and f"{path}/".startswith(f"{root_path}/"):
        below: str = path[len(root_path) :]
        return below
    whole: str = path
    return whole


async def body_of(headers: Mapping[bytes, bytes], receive: Receive, bytes_max: int) -> bytes | None:
    """Return the body, or more than ``bytes_max`` of it; ``None`` where the client has gone.

    Nothing is read of one that is announced as longer.
    """
    if _is_too_long(headers.get(b"content-length"), bytes_max):
        return b""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message["type"] == "http.request" and message.get("more_body"):
        if len(body) > bytes_max:
            return body
        message = await receive()
        body += message.get("body", b"")
    return body if message["type"] == "http.request" else None


def _is_too_long(announced: bytes | None, bytes_max: int) -> bool:
    """Whether a body is announced as longer than it may be, so that none of it is read."""
    if announced is None or len(announced) < len(str(bytes_max)):
        return False
    return announced_bytes(announced.decode("latin-1")) > bytes_max


async def send_answer(answer: Answer, send: Send) -> None:
    """Send an answer."""
    headers = [
        (_SENT.get(name) or name.lower().encode(), value.encode()) for name, value in answer.headers
    ]
    await send(_start(answer.status, headers))
    await send({"type": "http.response.body", "body": answer.body})


def _start(status: int, headers: RawHeaders) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def _headers_of(request_id: str, text: bytes) -> RawHeaders:
    length = (b"content-length", b"%d" % len(text))
    return [_JSON, length, (b"x-request-id", request_id.encode()), *_PLAIN]


async def _beside(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer what is no request."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close"})
    else:
        message = f"decisions are asked over http, not {scope['type']}"
        raise TypeError(message)


async def live(receive: Receive, send: Send) -> None:
    """Answer a server that asks whether to start and stop: nothing has to be opened or closed."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


class ScopeHeaders(Mapping[str, str]):
    """The headers of a scope by lower-case name, decoded when asked for."""

    __slots__ = ("_raw",)

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        """Take the headers of a scope."""
        self._raw = dict(raw)

    def __getitem__(self, name: str) -> str:
        return self._raw[name.encode("latin-1", "replace")].decode("latin-1")

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 -- as a mapping has it
        """Return a header, or the default; most headers that are asked for are not there."""
        value = self._raw.get(_OFTEN.get(name) or name.encode("latin-1", "replace"))
        return default if value is None else value.decode("latin-1")

    def __iter__(self) -> Iterator[str]:
        return (name.decode("latin-1") for name in self._raw)

    def __len__(self) -> int:
        return len(self._raw)


_OFTEN: Final = {name: name.encode() for name in ("content-type", "content-length", "x-request-id")}
_SENT: Final = {
    name: name.lower().encode()
    for name in (
        "Content-Type", "Content-Length", "X-Request-Id", "X-Content-Type-Options", "Cache-Control",
    )
}  # fmt: skip
_MEDIA_TYPE: Final = MEDIA_TYPE.encode()
_JSON: Final = (b"content-type", _MEDIA_TYPE)
_PLAIN: Final = [(name.lower().encode(), value.encode()) for name, value in PLAIN_HEADERS]
