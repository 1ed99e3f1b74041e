"""Problems of the server: what is answered before a request has become one."""

from typing import Final

from criterion.http.problem import Kind, Problem

HEADER_BYTES_MAX: Final = 16_384
"""How long all headers of a request may be together."""

REQUEST_S_MAX: Final = 20
"""How long a request may take to arrive, from its first byte to its last, in seconds."""

REQUEST_BYTES_MAX: Final = 16_000_000
"""How long a request may be as it is sent: a body in tiny chunks is longer than the body."""

PIPELINED_MAX: Final = 100
"""How many requests of one connection may wait for their turn."""

CONNECTIONS_MAX: Final = 1_000
"""How many connections one worker holds at once."""

_DETAILS: Final = {
    "malformed_request": (Kind(400, "The request is not HTTP/1.1"), "it cannot be read"),
    "request_timeout": (
        Kind(408, "The request took too long to arrive"),
        f"send it within {REQUEST_S_MAX} seconds",
    ),
    "request_too_large": (
        Kind(413, "The request is too large"),
        f"a request may have at most {REQUEST_BYTES_MAX} bytes",
    ),
    "headers_too_large": (
        Kind(431, "The headers are too large"),
        f"all headers may have at most {HEADER_BYTES_MAX} bytes",
    ),
    "too_many_connections": (Kind(503, "The server holds too many connections"), "come back"),
}

SERVER_KINDS: Final = frozenset(_DETAILS)
"""The codes of these problems."""


def server_problem(code: str) -> Problem:
    """Return one of the `SERVER_KINDS`."""
    kind, detail = _DETAILS[code]
    headers = (("Retry-After", "1"),) if kind.status == 503 else ()  # noqa: PLR2004 -- unavailable
    return Problem(code, detail, kind, headers=headers)
