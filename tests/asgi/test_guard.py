"""Tests of guards: which requests pass, and how the others are refused."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from criterion.errors import CriterionError, UnknownDecisionError
from criterion.http import Denial
from criterion_asgi import Guard, GuardError, guard, install_exception_handlers
from tests.asgi.asking import ask
from tests.http.exchanges import Reply
from tests.http.subjects import SECRET, service


def wish(request: Request) -> Mapping[str, Any]:
    return {"seats": int(request.query_params["seats"])}


async def wish_later(request: Request) -> Mapping[str, Any]:
    return wish(request)


def payment(request: Request) -> Mapping[str, Any]:
    return {"card": SECRET, "amount": int(request.query_params["amount"])}


class House:
    """An application with one guarded view, which counts how often it runs."""

    def __init__(self, may_pass: Guard, *, is_installed: bool = True) -> None:
        self.may_pass = may_pass
        self.entered = 0
        self.app = Starlette(routes=[Route("/seats", self.view, methods=["POST"])])
        if is_installed:
            install_exception_handlers(self.app)

    async def view(self, request: Request) -> JSONResponse:
        result = await self.may_pass(request)
        self.entered += 1
        return JSONResponse({"left": int(result.unwrap().left), "why": result.explanation})

    def ask(self, query: str, headers: dict[str, str] | None = None) -> Reply:
        return ask(self.app, "POST", f"/seats?{query}", headers=headers)


@pytest.mark.parametrize("facts", [wish, wish_later], ids=["at once", "later"])
def test_a_view_gets_the_result_of_its_guard(facts: Any) -> None:  # noqa: ANN401
    house = House(guard(service(), "seat-limit", facts=facts))

    reply = house.ask("seats=2")

    assert (reply.status, reply.members) == (200, {"left": 1, "why": "2 of 3"})


def test_a_denial_is_a_problem_and_the_view_does_not_run() -> None:
    house = House(guard(service(), "seat-limit", facts=wish))

    reply = house.ask("seats=4", {"X-Request-Id": "req-81"})

    assert house.entered == 0
    assert reply.status == 403
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["x-request-id"] == "req-81"
    assert reply.headers["content-length"] == str(len(reply.body))
    assert reply.members == {
        "type": "/problems/denied",
        "title": "The decision says no",
        "status": 403,
        "detail": "no room",
        "code": "denied",
        "request_id": "req-81",
        "decision": {"id": "seat-limit", "version": "1.1.0"},
        "rule": "full",
        "reasons": ["no room"],
        "audit_id": reply.headers["x-audit-id"],
    }


def test_a_denial_can_be_another_problem() -> None:
    headers = (("Retry-After", "60"),)
    denial = Denial(status=429, code="too_many", title="Too many", headers=headers)
    house = House(guard(service(), "seat-limit", facts=wish, denial=denial))

    reply = house.ask("seats=4")

    assert (reply.status, reply.members["type"]) == (429, "/problems/too-many")
    assert reply.headers["retry-after"] == "60"


def test_a_guard_may_pin_a_version() -> None:
    house = House(guard(service(), "seat-limit", facts=wish, version="1.0.0"))

    assert house.ask("seats=4").members["decision"]["version"] == "1.0.0"


def test_no_match_lets_nobody_pass() -> None:
    house = House(guard(service(), "card-fee", facts=payment))

    reply = house.ask("amount=1")

    assert (reply.status, reply.members["rule"], house.entered) == (403, None, 0)


@pytest.mark.parametrize(
    ("id", "headers", "status", "code"),
    [
        ("breaking", {}, 500, "rule_error"),
        ("unfitting", {}, 500, "invalid_output"),
        ("card-fee", {"X-Gate": "raise"}, 500, "internal_error"),
        ("card-fee", {"X-Gate": "unrecorded"}, 503, "unavailable"),
        ("card-fee", {"X-Gate": "refuse"}, 429, "too_busy"),
    ],
)
def test_where_nothing_is_decided_nobody_passes(
    id: str, headers: dict[str, str], status: int, code: str
) -> None:
    house = House(guard(service(), id, facts=payment))

    reply = house.ask("amount=80", headers)

    assert (reply.status, reply.members["code"], house.entered) == (status, code, 0)
    assert SECRET not in reply.body.decode()


def test_a_resolver_sees_the_guarded_request() -> None:
    house = House(guard(service(), "tenant-limit", facts=wish))

    assert house.ask("seats=4").status == 401
    assert house.ask("seats=4", {"X-Tenant": "acme"}).members["rule"] == "fits"


def test_without_the_handlers_nobody_passes_either() -> None:
    house = House(guard(service(), "seat-limit", facts=wish), is_installed=False)

    assert (house.ask("seats=4").status, house.entered) == (403, 0)


def test_an_unknown_decision_is_found_when_the_guard_is_made() -> None:
    with pytest.raises(UnknownDecisionError, match="did you mean `seat-limit`"):
        guard(service(), "seat-limits", facts=wish)
    with pytest.raises(UnknownDecisionError, match="no version"):
        guard(service(), "seat-limit", facts=wish, version="9.0.0")


REQUEST: Final = Request(
    {"type": "http", "method": "POST", "path": "/seats", "query_string": b"seats=4", "headers": []}
)


def test_what_a_guard_raises_says_what_was_decided() -> None:
    may_pass = guard(service(), "seat-limit", facts=wish)

    with pytest.raises(GuardError) as caught:
        may_pass(REQUEST).send(None)  # type: ignore[attr-defined] # a coroutine

    assert isinstance(caught.value, CriterionError)
    assert caught.value.code == "guard"
    assert str(caught.value) == "403: Forbidden"
    assert caught.value.answer.status == caught.value.status_code == 403
    assert caught.value.result is not None
    assert caught.value.result.matched_rule == "full"
