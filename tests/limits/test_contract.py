"""Tests of the contract: every exchange of the table, under every server and store."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from criterion.http.limits.kinds import LIMIT_KINDS, VERDICT_KINDS
from tests.http.exchanges import Reply, ask, ask_raw, body_of
from tests.http.servers import PREFIX
from tests.limits.conftest import Place
from tests.limits.subjects import BODY_BYTES_MAX, SECRET

FILE: Final = Path(__file__).parent / "contract.yaml"
EXCHANGES: Final[list[dict[str, Any]]] = yaml.safe_load(FILE.read_text("utf-8"))


def test_the_routes_answer_as_the_contract_says(place: Place, subtests: pytest.Subtests) -> None:
    for exchange in EXCHANGES:
        with subtests.test(exchange["name"]):
            _check(place, exchange)


def _check(place: Place, exchange: dict[str, Any]) -> None:
    request = exchange["request"]
    method, path = request.get("method", "POST"), request.get("path", "")

    reply = ask(place.address, method, path, body_of(request), request.get("headers"))

    assert reply.status == exchange["status"]
    headers = exchange.get("headers", {})
    assert {name: reply.headers[name] for name in headers} == headers
    if exchange.get("empty"):
        assert reply.body == b""
        return
    members = json.loads(reply.body, parse_float=Decimal)
    expected = exchange.get("expect", {})
    assert {name: _at(members, name) for name in expected} == expected
    assert [name for name in exchange.get("absent", []) if _at(members, name) is not None] == []
    if "pointers" in exchange:
        pointers = [error["pointer"] for error in members["errors"]]
        assert sorted(pointers) == sorted(exchange["pointers"])
    if reply.status >= 400:
        _check_problem(reply, exchange.get("code", members["code"]))


def _at(members: Any, path: str) -> Any:  # noqa: ANN401 -- JSON of any shape
    for step in path.split("."):
        members = members[int(step)] if isinstance(members, list) else members.get(step)
    return members


def _check_problem(reply: Reply, code: str) -> None:
    members = reply.members
    assert reply.headers["content-type"] == "application/problem+json"
    assert members["code"] == code
    assert members["type"] == f"/problems/{code.replace('_', '-')}"
    assert members["status"] == reply.status
    assert members["request_id"] == reply.headers["x-request-id"]
    assert SECRET not in reply.body.decode()
    assert len(reply.body) < 16_000


def test_every_kind_of_problem_of_the_routes_stands_in_the_table() -> None:
    tried = {exchange.get("code") for exchange in EXCHANGES}

    # Verdicts are answers; `key_required` needs a service that requires one.
    assert set(LIMIT_KINDS) - tried == {"key_required"}
    assert set(VERDICT_KINDS) & tried == {"conflict", "unknown_customer"}


def test_who_has_a_document_already_is_told_so(place: Place) -> None:
    path = "/entitlements?customer=echo"
    first = ask(place.address, "GET", path)
    tag = first.headers["etag"]

    for given in (tag, f'"other", W/{tag}', "*"):
        again = ask(place.address, "GET", path, headers={"If-None-Match": given})

        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == tag

    place.policy.allow("echo", "seats", 1)
    changed = ask(place.address, "GET", path, headers={"If-None-Match": tag})
    assert (changed.status, changed.members["entitlements"]["seats"]["value"]) == (200, 1)
    assert changed.headers["etag"] != tag


def test_a_hold_is_settled_with_what_was_used(place: Place) -> None:
    asked = {"customer": "fern", "entitlement": "tokens"}

    def post(path: str, **more: object) -> Any:  # noqa: ANN401 -- JSON of any shape
        return ask(place.address, "POST", path, json.dumps({**asked, **more}).encode()).members

    hold = post("/reserve", amount=60)["data"]["hold"]
    settled = post("/settle", hold=hold, amount=12)
    other = post("/reserve", amount=50)["data"]["hold"]

    assert settled["data"]["remaining"] == 88
    assert post("/release", hold=other) == {"released": True}
    assert post("/release", hold=other) == {"released": False}
    assert place.policy.held("fern", "tokens") == 0


@pytest.mark.parametrize(
    "place", [("starlette", "memory"), ("fastapi", "memory")], ids="-".join, indirect=True
)
def test_of_a_body_that_is_announced_as_too_long_nothing_is_awaited(place: Place) -> None:
    head = f"POST {PREFIX}/allow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    announced = f"Content-Length: {BODY_BYTES_MAX + 1}\r\n\r\n"

    reply = ask_raw(place.address, f"{head}{announced}".encode())

    assert reply is not None
    assert (reply.status, reply.members["code"]) == (413, "body_too_large")
