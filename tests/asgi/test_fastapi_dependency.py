"""Tests of the FastAPI dependency: what it may depend on, and how it refuses."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import pytest
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel

from criterion.errors import UnknownDecisionError
from criterion.http import Denial
from criterion.result import Result
from criterion_asgi import install_exception_handlers
from criterion_asgi.fastapi import require
from tests.asgi.asking import ask
from tests.http.exchanges import Reply
from tests.http.subjects import service

BOOKED: Final = {"ada": 1, "bo": 3}


class Booking(BaseModel):
    seats: int


async def customer(x_customer: Annotated[str, Header()]) -> str:
    if x_customer not in BOOKED:
        raise HTTPException(401)
    return x_customer


async def wish(booking: Booking, who: Annotated[str, Depends(customer)]) -> Mapping[str, Any]:
    return {"seats": BOOKED[who] + booking.seats}


def wish_in_a_thread(booking: Booking, who: Annotated[str, Depends(customer)]) -> Mapping[str, Any]:
    return {"seats": BOOKED[who] + booking.seats}


class House:
    """An application with one guarded view, which notes for whom it ran."""

    def __init__(self, required: Any) -> None:  # noqa: ANN401 -- a dependency
        self.entered: list[str] = []
        self.app = FastAPI()
        install_exception_handlers(self.app)

        @self.app.post("/seats")
        async def view(
            booking: Booking,
            who: Annotated[str, Depends(customer)],
            result: Annotated[Result[Any], Depends(required)],
        ) -> dict[str, object]:
            self.entered.append(who)
            return {"booked": booking.seats, "why": result.explanation}

    def ask(self, seats: object, headers: dict[str, str]) -> Reply:
        return ask(self.app, "POST", "/seats", f'{{"seats": {seats}}}'.encode(), headers)


@pytest.mark.parametrize("facts", [wish, wish_in_a_thread])
def test_facts_may_come_from_other_dependencies(facts: Any) -> None:  # noqa: ANN401
    house = House(require(service(), "seat-limit", facts=facts))

    reply = house.ask(2, {"X-Customer": "ada"})

    assert (reply.status, reply.members) == (200, {"booked": 2, "why": "3 of 3"})


def test_a_denial_is_a_problem_and_the_operation_does_not_run() -> None:
    house = House(require(service(), "seat-limit", facts=wish))

    reply = house.ask(1, {"X-Customer": "bo", "X-Request-Id": "req-81"})

    assert house.entered == []
    assert reply.status == 403
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.members["request_id"] == reply.headers["x-request-id"] == "req-81"
    assert reply.members["reasons"] == ["no room"]


def test_a_denial_can_be_another_problem_and_a_version_be_pinned() -> None:
    denial = Denial(status=402, code="plan_too_small", title="The plan is too small")
    house = House(require(service(), "seat-limit", facts=wish, version="1.0.0", denial=denial))

    reply = house.ask(1, {"X-Customer": "bo"})

    assert (reply.status, reply.members["code"]) == (402, "plan_too_small")
    assert reply.members["decision"]["version"] == "1.0.0"


def test_nothing_is_decided_where_an_earlier_dependency_refuses() -> None:
    house = House(require(service(), "seat-limit", facts=wish))

    assert house.ask(1, {"X-Customer": "eve"}).status == 401
    assert house.ask('"many"', {"X-Customer": "ada"}).status == 422


def test_facts_can_be_replaced_in_tests() -> None:
    house = House(require(service(), "seat-limit", facts=wish))
    house.app.dependency_overrides[wish] = lambda: {"seats": 4}

    assert house.ask(1, {"X-Customer": "ada"}).status == 403


def test_the_document_shows_what_the_facts_are_made_of_and_no_more() -> None:
    house = House(require(service(), "seat-limit", facts=wish))

    operation = house.app.openapi()["paths"]["/seats"]["post"]

    assert [each["name"] for each in operation["parameters"]] == ["x-customer"]


def test_an_unknown_decision_is_found_when_the_dependency_is_made() -> None:
    with pytest.raises(UnknownDecisionError, match="did you mean `seat-limit`"):
        require(service(), "seat-limits", facts=wish)
