"""Tests of bodies: how much of one is read, and what of one that is too long or too short."""

import io
import json
from typing import Any, Final

import pytest
from flask import Flask, request
from werkzeug.test import create_environ, run_wsgi_app

from criterion_flask import decision_blueprint
from tests.http.subjects import BODY_BYTES_MAX, service

TERMINATED: Final[dict[str, Any]] = {"wsgi.input_terminated": True}


class Counting(io.BytesIO):
    """A stream without an end, which counts what is read of it."""

    taken = 0

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401
        self.taken += len(buffer)
        buffer[:] = b" " * len(buffer)
        return len(buffer)

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0
        self.taken += size
        return b" " * size


def app() -> Flask:
    made = Flask("app")
    made.register_blueprint(decision_blueprint(service()), url_prefix="/limits")
    return made


def post(stream: io.BytesIO, **given: object) -> tuple[int, str | None]:
    """Return status and code of what a server is answered that hands over this stream."""
    environ = create_environ("/limits/seat-limit", method="POST", content_type="application/json")
    environ = {**environ, "wsgi.input": stream, **given}
    parts, status, _ = run_wsgi_app(app(), environ)
    return int(status.split()[0]), json.loads(b"".join(parts)).get("code")


@pytest.mark.parametrize("length", [str(BODY_BYTES_MAX + 1), "9" * 5_000])
def test_nothing_is_read_of_a_body_that_is_announced_as_too_long(length: str) -> None:
    stream = Counting()

    assert post(stream, CONTENT_LENGTH=length) == (413, "body_too_large")
    assert stream.taken == 0


def test_a_body_without_an_end_is_not_read_to_its_end() -> None:
    stream = Counting()

    assert post(stream, **TERMINATED) == (413, "body_too_large")
    assert stream.taken <= BODY_BYTES_MAX + 1


def test_a_body_may_be_as_long_as_allowed() -> None:
    text = b'{"seats": 2}'.ljust(BODY_BYTES_MAX)

    announced = {"CONTENT_LENGTH": str(BODY_BYTES_MAX)}
    assert post(io.BytesIO(text), **announced) == (200, None)
    assert post(io.BytesIO(text), **TERMINATED) == (200, None)
    assert post(io.BytesIO(text + b" "), **TERMINATED) == (413, "body_too_large")


def test_a_body_that_ends_too_early_is_no_json() -> None:
    assert post(io.BytesIO(b'{"seats"'), CONTENT_LENGTH="12") == (400, "invalid_json")


def test_a_body_that_somebody_else_has_begun_to_read_is_no_json() -> None:
    made = app()
    made.config["MAX_CONTENT_LENGTH"] = 5

    @made.before_request
    def read() -> None:
        assert request.stream.read(5) == b'{"sea'

    environ = create_environ("/limits/seat-limit", method="POST", content_type="application/json")
    parts, status, _ = run_wsgi_app(
        made, {**environ, "wsgi.input": io.BytesIO(b'{"seats": 2}'), **TERMINATED}
    )

    assert status[:3] == "400"
    assert json.loads(b"".join(parts))["code"] == "invalid_json"


def test_the_limit_of_the_application_does_not_count_here() -> None:
    made = app()
    made.config["MAX_CONTENT_LENGTH"] = 1

    assert made.test_client().post("/limits/seat-limit", json={"seats": 2}).status_code == 200
