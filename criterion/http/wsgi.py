"""WSGI: a service as a bare callable, for any WSGI server or mount."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from criterion.http.answers import PLAIN_HEADERS
from criterion.http.body import MEDIA_TYPE, announced_bytes
from criterion.http.message import Request
from criterion.http.service import DecisionService

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[[str, list[tuple[str, str]]], object]
WsgiApp: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

_REASONS: Final = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_OK: Final = _REASONS[HTTPStatus.OK]
_JSON: Final = ("Content-Type", MEDIA_TYPE)


def wsgi_app(service: DecisionService) -> WsgiApp:
    """Return a WSGI application that answers below wherever it is mounted.

    Of a body no more is read than the service takes. Give the server time limits for slow
    clients: reading waits for them.
    """
    answer, bytes_max = service.answer, service.options.body_bytes_max
    prepared = service.prepared

    def app(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        body, ready = body_of(environ, bytes_max), prepared.get((path, query))
        method = environ["REQUEST_METHOD"]
        if ready and method == "POST" and environ.get("CONTENT_TYPE") == MEDIA_TYPE:
            said = ready(body, environ.get("HTTP_X_REQUEST_ID"))
            if said is not None:
                request_id, text = said
                start_response(_OK, _headers_of(request_id, text))
                return (text,)
        root_path, headers = environ.get("SCRIPT_NAME", ""), EnvironHeaders(environ)
        status, sent, text = answer(Request(method, path, query, headers, body, root_path, environ))
        start_response(_REASONS.get(status) or f"{status} Refused", list(sent))
        return (text,)

    return app


def _headers_of(request_id: str, text: bytes) -> list[tuple[str, str]]:
    length = ("Content-Length", str(len(text)))
    return [_JSON, length, ("X-Request-Id", request_id), *PLAIN_HEADERS]


def body_of(environ: Environ, bytes_max: int) -> bytes:
    """Return the body, or more than ``bytes_max`` of it; nothing of one announced as longer."""
    length, stream = environ.get("CONTENT_LENGTH"), environ["wsgi.input"]
    if not length:
        return _read(stream, bytes_max + 1) if environ.get("wsgi.input_terminated") else b""
    announced = announced_bytes(length)
    if announced > bytes_max:
        return b""
    body: bytes = stream.read(announced)  # mostly the whole of it
    return body if len(body) == announced else body + _read(stream, announced - len(body))


def _read(stream: Any, length: int) -> bytes:  # noqa: ANN401 -- a server's own kind of stream
    """Read until the length or the end; one call to ``read`` may return less."""
    body: bytes = stream.read(length)
    while len(body) < length:
        part = stream.read(length - len(body))
        if not part:
            break
        body += part
    return body


class EnvironHeaders(Mapping[str, str]):
    """The headers of a WSGI environment by lower-case name, looked up when asked for."""

    __slots__ = ("_environ",)

    def __init__(self, environ: Environ) -> None:
        """Look at an environment."""
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        value: str = self._environ[_key(name)]
        return value

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 -- as a mapping has it
        """Return a header, or the default; most headers that are asked for are not there."""
        return self._environ.get(_key(name), default)

    def __iter__(self) -> Iterator[str]:
        names = (key.removeprefix("HTTP_") for key in self._environ if _is_header(key))
        return (name.lower().replace("_", "-") for name in names)

    def __len__(self) -> int:
        return sum(map(_is_header, self._environ))


_BARE: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_OFTEN: Final = {**_BARE, "x-request-id": "HTTP_X_REQUEST_ID"}


def _key(name: str) -> str:
    return _OFTEN.get(name) or f"HTTP_{name.upper().replace('-', '_')}"


def _is_header(key: str) -> bool:
    return key.startswith("HTTP_") or key in _BARE.values()
