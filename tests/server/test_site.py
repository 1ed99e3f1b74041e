"""Tests of what stands beside the decisions."""

from collections.abc import Iterator

import pytest

from tests.http import subjects
from tests.http.exchanges import ask
from tests.http.servers import Address, site, under_uvicorn


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    with under_uvicorn(site(subjects.service())) as found:
        yield found


def test_the_server_says_that_it_is_well(address: Address) -> None:
    health, readiness = (ask(address, "GET", path, prefix="") for path in ("/healthz", "/readyz"))

    assert (health.status, health.members) == (200, {"status": "ok"})
    assert readiness.members == {
        "status": "ready",
        "decisions": 7,
        "loaded_at": "2026-01-31T12:00:00+00:00",
    }
    assert health.headers["cache-control"] == "no-store"


def test_a_head_has_no_body(address: Address) -> None:
    reply = ask(address, "HEAD", "/healthz", prefix="")

    assert (reply.status, reply.body) == (200, b"")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/api/limitsx", 404, "not_found"),
        ("GET", "/healthz/x", 404, "not_found"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("DELETE", "/readyz", 405, "method_not_allowed"),
    ],
)
def test_whatever_else_is_asked_gets_a_problem(
    method: str, path: str, status: int, code: str, address: Address
) -> None:
    reply = ask(address, method, path, headers={"X-Request-Id": "a-1"}, prefix="")

    assert (reply.status, reply.members["code"]) == (status, code)
    assert reply.members["request_id"] == reply.headers["x-request-id"] == "a-1"
    assert (reply.headers.get("allow") == "GET, HEAD") == (status == 405)
