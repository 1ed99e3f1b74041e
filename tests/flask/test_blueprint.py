"""Tests of the blueprint: where it answers, and what it leaves to the application."""

from typing import Any

import pytest
from flask import Blueprint, Flask, Response, request, url_for
from werkzeug.exceptions import NotFound

from criterion.errors import DefinitionError
from criterion_flask import Criterion, NotInitializedError, decision_blueprint
from tests.http.subjects import Room, of_card, priced, seat_limit, service

SEATS = {"seats": 2}


def app_with(blueprint: Blueprint, prefix: str | None = "/limits", **options: Any) -> Flask:  # noqa: ANN401
    app = Flask("app", subdomain_matching="subdomain" in options)
    app.register_blueprint(blueprint, url_prefix=prefix, **options)
    return app


def serving() -> Blueprint:
    return decision_blueprint(service())


def got(app: Flask, path: str) -> Any:  # noqa: ANN401 -- JSON of any shape
    return app.test_client().get(path).json


def ask(app: Flask, path: str = "/limits/seat-limit", **given: Any) -> Any:  # noqa: ANN401
    return app.test_client().post(path, json=SEATS, **given)


def test_decisions_and_their_profiles_are_enough() -> None:
    seats = seat_limit("1.0.0")
    blueprint = decision_blueprint(
        decisions=[seats, of_card("card-fee", priced)], profiles={"seat-limit": {"limit": 3}}
    )

    reply = ask(app_with(blueprint))

    assert reply.json["explanation"] == "2 of 3"
    assert reply.json["profile"]["digest"].startswith("sha256:")
    assert (reply.json["profile"]["id"], reply.json["profile"]["version"]) == (None, None)


def test_a_profile_may_be_an_instance_or_be_chosen_for_each_request() -> None:
    def chosen(asked: Any, _: object) -> Room:  # noqa: ANN401
        return Room(limit=int(asked.headers["x-limit"]))

    fixed = decision_blueprint([seat_limit("1.0.0")], {"seat-limit": Room(limit=5)})
    by_request = decision_blueprint([seat_limit("1.0.0")], {"seat-limit": chosen})

    assert ask(app_with(fixed)).json["explanation"] == "2 of 5"
    assert ask(app_with(by_request), headers={"X-Limit": "4"}).json["explanation"] == "2 of 4"


def test_a_profile_that_does_not_fit_is_found_when_the_blueprint_is_made() -> None:
    with pytest.raises(DefinitionError) as caught:
        decision_blueprint([seat_limit("1.0.0")], {"seat-limit": {"limit": "much"}})

    assert str(caught.value).startswith("profile choices cannot be used:\n  seat-limit: limit: ")


def test_profiles_go_beside_decisions_alone() -> None:
    for decisions in (service(), None):
        with pytest.raises(TypeError, match="give profiles beside decisions"):
            decision_blueprint(decisions, profiles={"seat-limit": {"limit": 3}})


def test_without_decisions_it_serves_those_of_the_application() -> None:
    blueprint = decision_blueprint()
    first, second, third = (app_with(blueprint) for _ in range(3))
    Criterion(first, service())
    Criterion(second, service(expose_rules=False))

    full = "/limits/seat-limit?explain=full"
    assert ask(first, full).status_code == 200
    assert ask(second, full).json["code"] == "explanation_not_offered"
    third.testing = True
    with pytest.raises(NotInitializedError, match=r"hint: call `criterion\.init_app"):
        ask(third)


def test_another_service_can_be_put_in_place_of_the_first() -> None:
    app = app_with(decision_blueprint())
    Criterion(app, service())

    app.extensions["criterion"] = service(expose_rules=False)

    assert ask(app, "/limits/seat-limit?explain=full").status_code == 403


def test_one_blueprint_can_be_registered_twice() -> None:
    blueprint = serving()
    app = app_with(blueprint)
    app.register_blueprint(blueprint, url_prefix="/v2/limits", name="second")

    assert ask(app).status_code == ask(app, "/v2/limits/seat-limit").status_code == 200
    with app.test_request_context():
        assert url_for("criterion.decisions", below="/seat-limit") == "/limits/seat-limit"
        assert url_for("second.decisions") == "/v2/limits"


def test_two_blueprints_can_serve_different_decisions() -> None:
    app = app_with(serving())
    other = decision_blueprint([of_card("card-fee", priced)], name="fees")
    app.register_blueprint(other, url_prefix="/fees")

    assert [each["id"] for each in got(app, "/fees")["decisions"]] == ["card-fee"]


@pytest.mark.parametrize("prefix", ["/limits", "/limits/", "/a/b/limits"])
def test_links_begin_where_the_blueprint_is_registered(prefix: str) -> None:
    app, mount = app_with(serving(), prefix), prefix.rstrip("/")

    assert got(app, mount)["links"]["self"] == got(app, f"{mount}/")["links"]["self"] == mount


def test_a_blueprint_may_stand_at_the_root() -> None:
    app = app_with(serving(), None)

    assert got(app, "/")["links"] == {"self": "/", "openapi": "/openapi.json"}
    assert got(app, "/seat-limit")["links"]["self"] == "/seat-limit"


def test_links_begin_with_every_mount_around() -> None:
    outer = Blueprint("outer", __name__, url_prefix="/v1")
    outer.register_blueprint(serving(), url_prefix="/limits")

    reply: Any = (
        app_with(outer, None)
        .test_client()
        .get("/v1/limits", environ_overrides={"SCRIPT_NAME": "/proxy"})
    )

    assert reply.json["links"]["self"] == "/proxy/v1/limits"


def test_a_blueprint_in_another_has_its_name_to_make_addresses_of() -> None:
    outer = Blueprint("outer", __name__, url_prefix="/v1")
    outer.register_blueprint(serving(), url_prefix="/limits")

    with app_with(outer, None).test_request_context():
        assert url_for("outer.criterion.decisions") == "/v1/limits"


def test_a_prefix_may_have_parameters() -> None:
    app = app_with(serving(), "/<tenant>/limits")

    assert got(app, "/acme/limits/seat-limit")["links"]["self"] == "/acme/limits/seat-limit"


def test_a_blueprint_may_have_defaults() -> None:
    app = app_with(serving(), url_defaults={"lang": "en"})
    seen: list[object] = []
    app.url_value_preprocessor(lambda _, values: seen.append(values))

    ask(app)

    assert seen == [{"lang": "en", "below": "/seat-limit"}]


def test_a_blueprint_may_have_a_subdomain() -> None:
    app = app_with(serving(), subdomain="api")
    app.config["SERVER_NAME"] = "example.com"
    client = app.test_client()

    assert client.get("/limits", base_url="http://api.example.com").status_code == 200
    assert client.get("/limits", base_url="http://example.com").status_code == 404


@pytest.mark.parametrize("path", ["/limitsx", "/other/limits", "/", "/limit", "/LIMITS"])
def test_other_paths_are_left_to_the_application(path: str) -> None:
    app = app_with(serving())
    app.register_error_handler(NotFound, lambda _: ("mine", 404))

    assert app.test_client().get(path).text == "mine"


@pytest.mark.parametrize("path", ["/limits/nothing", "/limits/a/b", "/limits//x", "/limits/a%0Ab"])
def test_the_error_handlers_of_the_application_do_not_see_ours(path: str) -> None:
    app = app_with(serving())
    app.register_error_handler(NotFound, lambda _: ("mine", 404))

    reply = app.test_client().get(path)

    assert (reply.status_code, reply.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["DELETE", "OPTIONS", "LOCK", "FROBNICATE"])
def test_every_method_is_answered_as_the_contract_says(method: str) -> None:
    reply: Any = app_with(serving()).test_client().open("/limits/seat-limit", method=method)

    assert (reply.status_code, reply.json["code"]) == (405, "method_not_allowed")
    assert reply.headers["Allow"] == "GET, HEAD, POST"


def test_a_head_says_how_long_the_answer_would_be() -> None:
    client = app_with(serving()).test_client()

    head, full = client.head("/limits/seat-limit"), client.get("/limits/seat-limit")

    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(full.data)))


def test_who_asks_for_a_websocket_is_answered() -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}

    assert app_with(serving()).test_client().get("/limits", headers=upgrade).status_code == 200


def test_what_runs_before_a_request_may_refuse_it() -> None:
    app = app_with(serving())
    app.before_request(lambda: ("no key", 401))

    assert ask(app).text == "no key"


def test_what_runs_before_and_after_may_read_the_body() -> None:
    app = app_with(serving())
    seen: list[object] = []

    @app.before_request
    def before() -> None:
        seen.append(request.get_json())

    @app.after_request
    def after(response: Response) -> Response:
        seen.append(request.get_json())
        return response

    assert ask(app).json["explanation"] == "2 of 3"
    assert seen == [SEATS, SEATS]


def test_an_application_may_have_responses_of_its_own() -> None:
    class Branded(Response):
        pass

    app = app_with(serving())
    app.response_class = Branded
    seen: list[Response] = []

    @app.after_request
    def note(response: Response) -> Response:
        seen.append(response)
        return response

    ask(app)

    assert type(seen[0]) is Branded
