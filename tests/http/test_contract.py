"""Tests of the contract: every exchange of the table, under every server, over real sockets."""

import json
import re
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest

from criterion.http.problem import KINDS
from tests.http.exchanges import Reply, ask, ask_raw, body_of, entries
from tests.http.servers import PREFIX, Address
from tests.http.subjects import BODY_BYTES_MAX, SECRET

EXCHANGES: Final = entries("contract.yaml")
EVALUATED: Final = frozenset(
    {"invalid_input", "invalid_profile", "invalid_output", "profile_unfit", "rule_error"}
)
"""The codes of problems that an evaluation ended in."""

READING_THEMSELVES: Final = ("asgi", "starlette", "fastapi", "serve")
"""Under which servers an application reads bodies; waitress has read them before it asks one."""

UUID7: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: str(exchange["name"]))
def test_a_request_is_answered_as_the_contract_says(
    exchange: dict[str, Any], address: Address
) -> None:
    request = exchange["request"]

    reply = ask(
        address,
        request.get("method", "POST"),
        request.get("path", ""),
        body_of(request),
        request.get("headers"),
    )

    assert reply.status == exchange["status"]
    assert {name: reply.headers[name] for name in exchange.get("headers", {})} == exchange.get(
        "headers", {}
    )
    assert exchange.get("text", "") in reply.body.decode()
    if exchange.get("empty"):
        assert reply.body == b""
    else:
        _check_members(reply, exchange)
    if reply.status >= 400:
        _check_problem(reply, exchange["code"])
    assert ("x-audit-id" in reply.headers) is _is_recorded(reply, exchange)


def _is_recorded(reply: Reply, exchange: dict[str, Any]) -> bool:
    """Whether an evaluation stands behind an answer; then the header says what the body says."""
    if reply.status >= 400:
        recorded: bool = exchange.get("recorded", exchange["code"] in EVALUATED)
        return recorded
    said = None if exchange.get("empty") else reply.members.get("audit_id")
    assert reply.headers.get("x-audit-id") == said
    return said is not None


def test_every_code_of_a_problem_stands_in_the_table() -> None:
    tried = {exchange.get("code") for exchange in [*EXCHANGES, *entries("hostile.yaml")]}

    # `denied` is a guard's; `explanation_not_offered` needs a service that shows no rules.
    assert set(KINDS) - tried == {"denied", "explanation_not_offered", "changes_not_offered"}


def test_a_caller_chooses_a_well_formed_request_id(address: Address) -> None:
    reply = ask(address, "POST", "/nothing", b"{}", {"X-Request-Id": "req-81.a_B"})

    assert reply.headers["x-request-id"] == reply.members["request_id"] == "req-81.a_B"


@pytest.mark.parametrize("given", ["", "a b", "a" * 101, "-a", "é", "<script>"])
def test_an_ill_formed_request_id_is_replaced(given: str, address: Address) -> None:
    reply = ask(address, "POST", "/seat-limit", b'{"seats": 1}', {"X-Request-Id": given})

    assert UUID7.fullmatch(reply.headers["x-request-id"])


def test_a_page_for_people_has_no_scripts_and_is_escaped(address: Address) -> None:
    reply = ask(address, "GET", "", headers={"Accept": "text/html,application/json;q=0.9"})

    html = reply.body.decode()
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script" not in html
    assert "Seats &lt;script&gt;" in html
    assert "Seats &lt;b&gt;&amp;&lt;/b&gt; rooms" in html
    assert "'sha256-" in reply.headers["content-security-policy"]


def test_programs_get_json_even_if_they_take_anything(address: Address) -> None:
    for accept in ("*/*", "application/json, text/html"):
        reply = ask(address, "GET", "", headers={"Accept": accept})

        assert reply.headers["content-type"] == "application/json"
        assert reply.headers["vary"] == "Accept"


def _check_members(reply: Reply, exchange: dict[str, Any]) -> None:
    members = json.loads(reply.body, parse_float=Decimal)
    expected = exchange.get("expect", {})
    if expected.get("audit_id") == "UUID":
        members["audit_id"] = "UUID" if UUID(members["audit_id"]).version == 7 else None
    assert {name: members[name] for name in expected} == expected
    assert [name for name in exchange.get("absent", []) if name in members] == []
    if "pointers" in exchange:
        pointers = [error["pointer"] for error in members["errors"]]
        assert sorted(pointers) == sorted(exchange["pointers"])


def _check_problem(reply: Reply, code: str) -> None:
    members = reply.members
    assert reply.headers["content-type"] == "application/problem+json"
    assert members["code"] == code
    assert members["type"] == f"/problems/{code.replace('_', '-')}"
    assert members["status"] == reply.status
    assert members["request_id"] == reply.headers["x-request-id"]
    assert SECRET not in reply.body.decode()
    assert len(reply.body) < 16_000


@pytest.mark.parametrize("address", READING_THEMSELVES, indirect=True)
def test_of_a_body_that_is_announced_as_too_long_nothing_is_awaited(address: Address) -> None:
    head = f"POST {PREFIX}/seat-limit HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    announced = f"Content-Length: {BODY_BYTES_MAX + 1}\r\n\r\n"

    reply = ask_raw(address, f"{head}{announced}".encode())

    assert reply is not None
    assert (reply.status, reply.members["code"]) == (413, "body_too_large")
