"""Tests of guards: what a view gets, who may not pass, and as what that is answered."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pytest
from flask import Flask, abort, g, request
from flask.views import MethodView

from criterion.errors import CriterionError
from criterion.http import Denial
from criterion_flask import NotAskedError, NotInitializedError
from tests.flask.houses import House, criterion, payment, wish
from tests.http.subjects import SECRET, service


async def wish_later() -> Mapping[str, Any]:
    return wish()


@pytest.mark.parametrize("facts", [wish, wish_later], ids=["at once", "later"])
def test_a_view_gets_its_arguments_and_the_result_of_its_guard(facts: Any) -> None:  # noqa: ANN401
    reply = House(facts=facts).ask("seats=2")

    assert (reply.status_code, reply.json) == (200, {"floor": "attic", "why": "2 of 3"})


def test_a_denial_is_a_problem_and_the_view_does_not_run() -> None:
    house = House()

    reply = house.ask("seats=4", {"X-Request-Id": "req-81"})

    assert house.entered == 0
    assert reply.status_code == 403
    assert reply.content_type == "application/problem+json"
    assert reply.headers["X-Request-Id"] == "req-81"
    assert reply.headers["Content-Length"] == str(len(reply.data))
    assert reply.json == {
        "type": "/problems/denied",
        "title": "The decision says no",
        "status": 403,
        "detail": "no room",
        "code": "denied",
        "request_id": "req-81",
        "decision": {"id": "seat-limit", "version": "1.1.0"},
        "rule": "full",
        "reasons": ["no room"],
        "audit_id": reply.headers["X-Audit-Id"],
    }


def test_a_denial_can_be_another_problem() -> None:
    headers = (("Retry-After", "60"),)
    denial = Denial(status=429, code="too_many", title="Too many", headers=headers)

    reply = House(denial=denial).ask("seats=4")

    assert (reply.status_code, reply.json["type"]) == (429, "/problems/too-many")
    assert reply.headers["Retry-After"] == "60"


def test_another_member_can_say_who_may_pass() -> None:
    denial = Denial(is_allowed=lambda data: data.left > 0)

    house = House(denial=denial)

    assert house.ask("seats=2").status_code == 200
    assert house.ask("seats=3").status_code == 403


def test_a_guard_may_pin_a_version() -> None:
    reply = House(version="1.0.0").ask("seats=4")

    assert reply.json["decision"]["version"] == "1.0.0"


def test_no_match_lets_nobody_pass() -> None:
    house = House("card-fee", facts=payment)

    reply = house.ask("amount=1")

    assert (reply.status_code, reply.json["rule"], house.entered) == (403, None, 0)


@pytest.mark.parametrize(
    ("id", "headers", "status", "code"),
    [
        ("breaking", {}, 500, "rule_error"),
        ("unfitting", {}, 500, "invalid_output"),
        ("card-fee", {"X-Gate": "raise"}, 500, "internal_error"),
        ("card-fee", {"X-Gate": "unrecorded"}, 503, "unavailable"),
        ("card-fee", {"X-Gate": "refuse"}, 429, "too_busy"),
        ("card-fees", {}, 500, "internal_error"),
    ],
)
def test_where_nothing_is_decided_nobody_passes(
    id: str, headers: dict[str, str], status: int, code: str
) -> None:
    house = House(id, facts=payment)

    reply = house.ask("amount=80", headers)

    assert (reply.status_code, reply.json["code"], house.entered) == (status, code, 0)
    assert SECRET not in reply.text


def test_a_resolver_sees_the_guarded_request() -> None:
    house = House("tenant-limit")

    assert house.ask("seats=4").status_code == 401
    assert house.ask("seats=4", {"X-Tenant": "acme"}).json["rule"] == "fits"


def test_facts_are_made_for_each_request_anew() -> None:
    house = House()

    statuses = [house.ask(f"seats={seats}").status_code for seats in (3, 4, 2)]

    assert statuses == [200, 403, 200]


def test_facts_may_refuse_by_themselves() -> None:
    house = House(facts=lambda: abort(401))

    assert (house.ask("seats=2").status_code, house.entered) == (401, 0)


def test_the_error_handlers_of_the_application_do_not_see_a_denial() -> None:
    house = House()
    house.app.register_error_handler(403, lambda _: ("<h1>No</h1>", 403))

    assert house.ask("seats=4").content_type == "application/problem+json"


def test_an_asynchronous_view_can_be_guarded() -> None:
    app = Flask("later")
    criterion.init_app(app, service())

    @app.post("/seats")
    @criterion.guard("seat-limit", facts=wish)
    async def view() -> dict[str, object]:
        return {"why": criterion.result.explanation}

    assert app.test_client().post("/seats?seats=2").json == {"why": "2 of 3"}
    assert app.test_client().post("/seats?seats=4").status_code == 403


def test_views_that_are_classes_can_be_guarded() -> None:
    class Seats(MethodView):
        decorators: ClassVar = [criterion.guard("seat-limit", facts=wish)]

        def post(self) -> str:
            return criterion.result.explanation

    app = Flask("classes")
    criterion.init_app(app, service())
    app.add_url_rule("/seats", view_func=Seats.as_view("seats"))

    assert app.test_client().post("/seats?seats=2").text == "2 of 3"


def test_guards_can_stand_one_above_the_other() -> None:
    app = Flask("two")
    criterion.init_app(app, service())
    seen = []

    @app.post("/seats")
    @criterion.guard("seat-limit", facts=wish)
    @criterion.guard("tenant-limit", facts=wish, denial=Denial(is_allowed=lambda _: True))
    def view() -> str:
        seen.append(criterion.result.decision_id)
        return ""

    answered = app.test_client().post("/seats?seats=2", headers={"X-Tenant": "acme"})
    denied: Any = app.test_client().post("/seats?seats=4")

    assert (answered.status_code, seen) == (200, ["tenant-limit"])
    assert denied.json["decision"]["id"] == "seat-limit"


def test_threads_keep_their_results_apart() -> None:
    house = House()

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda seats: house.ask(f"seats={seats % 4}"), range(200)))

    assert [reply.json["why"] for reply in replies] == [f"{seats % 4} of 3" for seats in range(200)]


def test_what_runs_after_a_denied_request_sees_why() -> None:
    house = House()
    seen: list[str | None] = []

    @house.app.after_request
    def note(response: Any) -> Any:  # noqa: ANN401
        seen.append(criterion.result.matched_rule)
        return response

    house.ask("seats=4")

    assert seen == ["full"]


def test_a_result_that_no_guard_found_is_a_programming_error() -> None:
    house = House()

    with house.app.test_request_context("/"), pytest.raises(NotAskedError) as caught:
        assert criterion.result

    assert str(caught.value) == (
        "nothing was decided in this request\n  hint: put `@criterion.guard(…)` above the view"
    )
    assert isinstance(caught.value, CriterionError)


def test_an_earlier_result_is_not_that_of_a_guard_that_fails() -> None:
    house = House("tenant-limit", denial=Denial(is_allowed=lambda _: True))

    with house.app.app_context():  # requests in it share what `g` holds
        assert house.ask("seats=2", {"X-Tenant": "acme"}).status_code == 200
        assert house.ask("seats=2", {"X-Tenant": "down"}).status_code == 503
        assert g.get("criterion_result") is None


def test_a_guard_in_an_application_without_decisions_lets_nobody_pass() -> None:
    app = Flask("empty")
    app.testing = True

    @app.get("/seats")
    @criterion.guard("seat-limit", facts=lambda: {"seats": request.args["seats"]})
    def view() -> str:
        return ""

    with pytest.raises(NotInitializedError, match="the application `empty` has no decisions"):
        app.test_client().get("/seats?seats=1")
