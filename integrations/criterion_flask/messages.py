"""Messages: Flask's requests as the contract takes them, and its answers as Flask sends them."""

from typing import Final

from flask import Request, Response
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from criterion.http import Answer
from criterion.http import Request as Asking
from criterion.http.body import announced_bytes
from criterion.http.wsgi import EnvironHeaders

_NOTHING: Final = b""


def request_of(request: Request, below: str, body: bytes = _NOTHING) -> Asking:
    """Return a request as the contract takes it.

    Args:
        request: Flask's own.
        below: The end of its path: what stands below the mount.
        body: As far as it was read.
    """
    mount = request.path.removesuffix(below)
    return Asking(
        request.method,
        below,
        request.query_string.decode("latin-1"),
        EnvironHeaders(request.environ),
        body,
        request.root_path + mount,
        request,
    )


def body_of(request: Request, bytes_max: int) -> bytes:
    """Return the body, or more than ``bytes_max`` of it; nothing of one announced as longer.

    It stays with the request, so that what runs before or after the view can read it, too.
    """
    if announced_bytes(request.environ.get("CONTENT_LENGTH", "")) > bytes_max:
        return _NOTHING
    request.max_content_length = bytes_max + 1  # Werkzeug cuts off there, and says nothing
    try:
        return request.get_data()
    except (ClientDisconnected, RequestEntityTooLarge):  # it ends early, or others read it
        return _NOTHING


def response_of(answer: Answer) -> Response:
    """Return an answer as a response: its status, its headers and its body."""
    # A list, since of plain bytes Flask would count the length: for `HEAD` that of nothing.
    return Response([answer.body], answer.status, list(answer.headers))
