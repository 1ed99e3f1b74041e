"""The bare callables without a server: the processor time of one call, by turns."""

import io
from typing import Any, Final

from criterion.http import Request
from tests.benchmarks.http.apps import (
    BODY,
    IN_YAML,
    PATH,
    decision_asgi,
    decision_wsgi,
    echo_asgi,
    echo_wsgi,
    echoed,
    service,
)  # fmt: skip
from tests.benchmarks.timing import Effort, seconds_per_call

HEADERS: Final = {
    "host": "127.0.0.1:8000",
    "content-type": "application/json",
    "content-length": str(len(BODY)),
}
REQUEST: Final = Request("POST", PATH, "", HEADERS, BODY)
IN_YAML_REQUEST: Final = REQUEST._replace(query=IN_YAML)

PAIRS: Final = (
    ("service, Python", "answer(request)", "echoed(body)"),
    ("service, YAML", "answer(request_yaml)", "echoed(body)"),
    ("bare ASGI, Python", "by_asgi(decision_asgi, '')", "by_asgi(echo_asgi, '')"),
    ("bare ASGI, YAML", "by_asgi(decision_asgi, in_yaml)", "by_asgi(echo_asgi, '')"),
    ("bare WSGI, Python", "by_wsgi(decision_wsgi, '')", "by_wsgi(echo_wsgi, '')"),
    ("bare WSGI, YAML", "by_wsgi(decision_wsgi, in_yaml)", "by_wsgi(echo_wsgi, '')"),
)
"""A name, the statement, and the echo that it is compared with."""


def times(effort: Effort) -> dict[str, float]:
    """Return the seconds of one run of each statement."""
    statements = [statement for _, *pair in PAIRS for statement in pair]
    return seconds_per_call(dict.fromkeys(statements), _names(), effort)


def by_asgi(app: Any, query: str) -> None:  # noqa: ANN401 -- an ASGI application
    """Call an application as a server does that has the whole body."""
    headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
    scope = {
        "type": "http", "method": "POST", "path": PATH, "query_string": query.encode(),
        "headers": headers,
    }  # fmt: skip
    running = app(scope, _receive, _send)
    try:
        running.send(None)
    except StopIteration:
        return


def by_wsgi(app: Any, query: str) -> None:  # noqa: ANN401 -- a WSGI application
    """Call an application as a server does."""
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": PATH, "QUERY_STRING": query,
        "CONTENT_TYPE": HEADERS["content-type"], "CONTENT_LENGTH": HEADERS["content-length"],
        "wsgi.input": io.BytesIO(BODY),
    }  # fmt: skip
    app(environ, _start_response)


async def _receive() -> dict[str, Any]:
    return {"type": "http.request", "body": BODY, "more_body": False}


async def _send(_: dict[str, Any]) -> None:
    pass


def _start_response(_: str, __: list[tuple[str, str]]) -> None:
    pass


def _names() -> dict[str, Any]:
    return {
        "answer": service.answer, "request": REQUEST, "request_yaml": IN_YAML_REQUEST,
        "echoed": echoed, "body": BODY, "in_yaml": IN_YAML, "by_asgi": by_asgi, "by_wsgi": by_wsgi,
        "decision_asgi": decision_asgi, "echo_asgi": echo_asgi,
        "decision_wsgi": decision_wsgi, "echo_wsgi": echo_wsgi,
    }  # fmt: skip
