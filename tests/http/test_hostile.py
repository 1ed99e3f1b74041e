"""Tests that hostile requests are refused with a code, and that the server goes on answering."""

from typing import Any, Final

import pytest

from tests.http.exchanges import Reply, ask, ask_raw, body_of, entries
from tests.http.servers import PREFIX, Address

REQUESTS: Final = entries("hostile.yaml")
HUGE: Final = "x" * 100_000
ECHO_MAX: Final = 500


def test_there_are_many_hostile_requests() -> None:
    names = {request["name"] for request in REQUESTS}

    assert len(REQUESTS) >= 80
    assert len(names) == len(REQUESTS)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: str(request["name"]))
def test_a_hostile_request_is_refused_and_the_next_is_answered(
    request_: dict[str, Any], address: Address
) -> None:
    reply = sent(request_, address)

    if reply is not None:
        check(reply, request_)
    assert ask(address, "POST", "/seat-limit", b'{"seats": 1}').status == 200


def sent(request: dict[str, Any], address: Address, prefix: str = PREFIX) -> Reply | None:
    if "raw" in request:
        text = request["raw"].replace("PREFIX", prefix).replace("HUGE", HUGE)
        return ask_raw(address, text.encode("latin-1"), hangs=request.get("hang", False))
    path = request.get("path", "/seat-limit" if request.get("method", "POST") == "POST" else "")
    if isinstance(path, dict):
        path = (body_of(path) or b"").decode()
    method, headers = request.get("method", "POST"), request.get("headers")
    return ask(address, method, path, body_of(request), headers, prefix=prefix)


def check(reply: Reply, request: dict[str, Any]) -> None:
    expected = request.get("status", range(200, 500))
    assert reply.status in ([expected] if isinstance(expected, int) else expected)
    assert len(reply.body) < 16_000
    if "code" in request:
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.members["code"] == request["code"]
        assert reply.members["request_id"] == reply.headers["x-request-id"]
        assert not any(len(str(part)) > ECHO_MAX for part in echoed(reply.members))


def echoed(members: dict[str, Any]) -> list[str]:
    """Return the texts of a problem into which a caller's words may have found their way."""
    errors = members.get("errors", [])
    return [members["detail"], *(error["pointer"] for error in errors)]
