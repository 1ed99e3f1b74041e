"""Tests of the FastAPI router: where it stands, what runs before it, and how much it reads."""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Header, HTTPException, Request

from criterion_asgi.fastapi import decision_router
from tests.asgi.asking import ask, http, run
from tests.http.subjects import BODY_BYTES_MAX, Keeper, seat_limit, service

SEATS = b'{"seats": 2}'


def app_with(*dependencies: Any, prefix: str = "/limits") -> FastAPI:  # noqa: ANN401
    app = FastAPI()
    depends = [Depends(each) for each in dependencies]
    app.include_router(decision_router(service()), prefix=prefix, dependencies=depends)
    return app


def test_links_begin_where_the_router_is_included() -> None:
    reply = ask(app_with(), "GET", "/limits")

    assert reply.members["links"] == {"self": "/limits", "openapi": "/limits/openapi.json"}


def test_links_begin_with_what_stands_before_the_application() -> None:
    stripped = ask(app_with(), "GET", "/limits", root_path="/proxy")
    kept = ask(app_with(), "GET", "/proxy/limits", root_path="/proxy")

    assert stripped.members["links"]["self"] == kept.members["links"]["self"] == "/proxy/limits"


def test_a_router_answers_in_an_application_that_is_mounted() -> None:
    outer = FastAPI()
    outer.mount("/v1", app_with())

    reply = ask(outer, "GET", "/v1/limits/seat-limit")

    assert reply.members["links"]["self"] == "/v1/limits/seat-limit"


def test_a_prefix_may_have_parameters() -> None:
    seen: list[str] = []

    async def note(tenant: str) -> None:
        seen.append(tenant)

    reply = ask(app_with(note, prefix="/{tenant}/limits"), "GET", "/acme/limits/seat-limit")

    assert reply.members["links"]["self"] == "/acme/limits/seat-limit"
    assert seen == ["acme"]


def test_routes_have_names_to_make_addresses_of() -> None:
    assert app_with().url_path_for("decide_seat_limit") == "/limits/seat-limit"


async def known(x_key: Annotated[str, Header()] = "") -> None:
    if x_key != "right":
        raise HTTPException(401)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/"),
        ("GET", "/openapi.json"),
        ("GET", "/seat-limit"),
        ("HEAD", "/seat-limit"),
        ("POST", "/seat-limit"),
        ("POST", "/nothing"),
        ("DELETE", "/seat-limit"),
        ("LOCK", "/seat-limit"),
    ],
)
def test_dependencies_run_before_whatever_is_asked(method: str, path: str) -> None:
    app = app_with(known)

    refused = ask(app, method, f"/limits{path}", SEATS)
    answered = ask(app, method, f"/limits{path}", SEATS, {"X-Key": "right"})

    assert (refused.status, refused.members) == (401, {"detail": "Unauthorized"})
    assert "x-request-id" in answered.headers


def test_dependencies_may_read_the_body_before_it_is_decided() -> None:
    seen: list[object] = []

    async def note(request: Request) -> None:
        seen.extend([await request.body(), await request.json()])

    reply = ask(app_with(note), "POST", "/limits/seat-limit", SEATS)

    assert seen == [SEATS, {"seats": 2}]
    assert reply.members["explanation"] == "2 of 3"


def test_what_dependencies_raise_is_answered_by_the_application() -> None:
    async def fail() -> None:
        raise HTTPException(409, "busy")

    assert ask(app_with(fail), "POST", "/limits/seat-limit", SEATS).members == {"detail": "busy"}


@pytest.mark.parametrize("path", ["/limits/seat-limit", "/limits/nothing"])
def test_a_body_that_goes_on_is_not_read_to_its_end(path: str) -> None:
    taken: list[int] = []

    def parts() -> Iterator[dict[str, Any]]:
        for number in range(1_000):
            taken.append(number)
            yield {"type": "http.request", "body": b" " * 1_000, "more_body": True}

    start, _ = run(app_with(), http("POST", path), parts())

    assert start["status"] in {404, 413}
    assert len(taken) == BODY_BYTES_MAX // 1_000 + 1


def test_nothing_is_decided_for_a_client_that_has_gone() -> None:
    keeper = Keeper()
    app = FastAPI()
    app.include_router(decision_router(service(recorder=keeper)), prefix="/limits")
    part = {"type": "http.request", "body": SEATS, "more_body": True}

    start, _ = run(app, http("POST", "/limits/seat-limit"), [part, {"type": "http.disconnect"}])

    assert start["status"] == 400
    assert keeper.records == []


def test_the_decisions_need_a_prefix_of_their_own() -> None:
    with pytest.raises(Exception, match="Prefix and path cannot be both empty"):
        app_with(prefix="")


def test_a_router_can_be_made_of_decisions_and_profiles() -> None:
    app = FastAPI()
    rooms = {"seat-limit": lambda *_: {"limit": 2}}
    app.include_router(decision_router([seat_limit("1.0.0")], rooms), prefix="/limits")

    assert ask(app, "POST", "/limits/seat-limit", SEATS).members["explanation"] == "2 of 2"


def test_a_service_has_its_profiles() -> None:
    with pytest.raises(TypeError, match="a service has its profiles"):
        decision_router(service(), {})
