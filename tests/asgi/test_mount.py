"""Tests of the mount and the application: where they answer, and in which thread."""

import threading
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from criterion.http import Asked, Hook
from criterion_asgi import DecisionApp, DecisionMount
from criterion_asgi.fastapi import decision_router
from tests.asgi.asking import ask, run
from tests.http.subjects import service

SEATS = b'{"seats": 2}'


@pytest.mark.parametrize("path", ["/limits", "/limits/"])
def test_the_list_stands_at_the_path_itself_and_behind_its_slash(path: str) -> None:
    app = Starlette(routes=[DecisionMount("/limits", service())])

    reply = ask(app, "GET", path)

    assert reply.status == 200
    assert reply.members["links"]["self"] == "/limits"


def test_links_begin_with_every_mount_around() -> None:
    inner = Mount("/v1", routes=[DecisionMount("/limits", service())])
    app = Starlette(routes=[inner])

    reply = ask(app, "GET", "/proxy/v1/limits", root_path="/proxy")

    assert reply.members["links"]["self"] == "/proxy/v1/limits"


@pytest.mark.parametrize("path", ["/limitsx", "/other/limits", "/", "/limit"])
def test_other_paths_are_left_to_the_application(path: str) -> None:
    app = Starlette(routes=[DecisionMount("/limits", service())])

    reply = ask(app, "GET", path)

    assert (reply.status, reply.body) == (404, b"Not Found")


def test_a_mount_has_a_name_to_make_addresses_of() -> None:
    app = Starlette(routes=[DecisionMount("/limits", service(), name="limits")])

    assert app.url_path_for("limits", path="seat-limit") == "/limits/seat-limit"


def test_the_application_can_be_mounted_by_any_other() -> None:
    app = Starlette(routes=[Mount("/limits", app=DecisionApp(service()))])

    reply = ask(app, "POST", "/limits/seat-limit", SEATS)

    assert reply.members["explanation"] == "2 of 3"


def test_the_application_can_be_served_alone() -> None:
    app = DecisionApp(service())

    lives = run(
        app, {"type": "lifespan"}, [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    )

    assert [message["type"] for message in lives] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    assert ask(app, "POST", "/seat-limit", SEATS).status == 200


def test_who_asks_for_a_websocket_is_turned_away() -> None:
    app = Starlette(routes=[DecisionMount("/limits", service())])
    scope = {"type": "websocket", "path": "/limits/seat-limit", "headers": [], "query_string": b""}

    sent = run(app, scope, [{"type": "websocket.connect"}])

    assert sent == [{"type": "websocket.close"}]


class Noting(Hook):
    """Notes in which thread a decision is asked."""

    def __init__(self) -> None:
        self.threads: list[int] = []

    def before(self, asked: Asked) -> None:  # noqa: ARG002
        self.threads.append(threading.get_ident())


def starlette(noting: Noting) -> Any:  # noqa: ANN401
    return Starlette(routes=[DecisionMount("/limits", service(hooks=[noting]))])


def fastapi(noting: Noting) -> Any:  # noqa: ANN401
    app = FastAPI()
    app.include_router(decision_router(service(hooks=[noting])), prefix="/limits")
    return app


@pytest.mark.parametrize("make", [starlette, fastapi])
def test_a_decision_runs_where_the_event_loop_runs(make: Any) -> None:  # noqa: ANN401
    noting = Noting()

    reply = ask(make(noting), "POST", "/limits/seat-limit", SEATS)

    assert reply.status == 200
    assert noting.threads == [threading.get_ident()]
