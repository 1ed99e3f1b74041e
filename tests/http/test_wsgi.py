"""Tests of the bare WSGI callable: mounts, and how much of a body is read."""

import io
import json
from typing import Any

import pytest

from criterion.http import Request, wsgi_app
from criterion.http.wsgi import EnvironHeaders
from tests.http.subjects import BODY_BYTES_MAX, service


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time, and counts them."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(min(size or 0, 3))
        self.given += len(part)
        return part


def ask(body: bytes, **environ: object) -> tuple[str, Any, int]:
    stream, said = Trickle(body), list[str]()
    environment = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/seat-limit",
        "CONTENT_TYPE": "application/json",
        "wsgi.input": stream,
        **environ,
    }
    parts = wsgi_app(service())(environment, lambda status, _: said.append(status))
    return said[0], json.loads(b"".join(parts)), stream.given


def test_a_body_that_trickles_in_is_read_as_long_as_announced() -> None:
    status, _, given = ask(b'{"seats": 1}, and more', CONTENT_LENGTH="12")

    assert (status, given) == ("200 OK", 12)


def test_a_body_that_ends_too_early_is_what_there_is() -> None:
    status, members, _ = ask(b'{"seats"', CONTENT_LENGTH="12")

    assert (status, members["code"]) == ("400 Bad Request", "invalid_json")


@pytest.mark.parametrize("length", [str(BODY_BYTES_MAX + 1), "9" * 5_000])
def test_nothing_is_read_of_a_body_that_is_announced_as_too_long(length: str) -> None:
    status, members, given = ask(b"{}", CONTENT_LENGTH=length)

    assert (status[:3], members["code"], given) == ("413", "body_too_large", 0)


def test_a_body_without_a_length_is_read_where_the_server_ends_it() -> None:
    terminated = {"wsgi.input_terminated": True}

    assert ask(b'{"seats": 1}', **terminated)[0] == "200 OK"
    status, _, given = ask(b" " * (BODY_BYTES_MAX + 100), **terminated)
    assert (status[:3], given) == ("413", BODY_BYTES_MAX + 1)
    assert ask(b'{"seats": 1}')[0] == "400 Bad Request"


def test_a_status_without_a_name_has_one() -> None:
    status, _, _ = ask(b"{}", CONTENT_LENGTH="2", HTTP_X_GATE="refuse")

    assert status == "429 Too Many Requests"


def test_headers_are_found_by_lower_case_names() -> None:
    headers = EnvironHeaders(
        {"HTTP_X_REQUEST_ID": "a", "CONTENT_TYPE": "b", "PATH_INFO": "c", "HTTPS": "on"}
    )

    assert dict(headers) == {"x-request-id": "a", "content-type": "b"}
    assert len(headers) == 2
    assert headers.get("accept") is None


def test_what_is_mounted_there_is_what_links_begin_with() -> None:
    _, members, _ = ask(b"", REQUEST_METHOD="GET", SCRIPT_NAME="/api")

    assert members["links"] == {"self": "/api/seat-limit"}
    assert members == json.loads(
        service().answer(Request("GET", "/seat-limit", root_path="/api")).body
    )
