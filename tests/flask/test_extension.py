"""Tests of the extension: settings, several applications, and what is wrong with either."""

from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from syrupy.assertion import SnapshotAssertion

from criterion.errors import CatalogueError, DefinitionError
from criterion.http import Asked, Hook, ProfileChoice
from criterion.recorder import MemoryRecorder
from criterion_flask import Criterion, NotInitializedError, decision_blueprint
from tests.http.subjects import service

ROOT: Final = Path(__file__).parent.parent.parent
CHOSEN: Final = {"api-rate-limit": ["rate-limits", "trial-rates"]}
FACTS: Final = {"resource": "projects", "current_usage": 3, "plan": "free"}


def made(**settings: object) -> Flask:
    """Return what an application's factory returns."""
    app = Flask("made")
    app.config.from_mapping({"CRITERION_PATH": str(ROOT), "CRITERION_PROFILES": CHOSEN, **settings})
    Criterion(app)
    app.register_blueprint(decision_blueprint(), url_prefix="/limits")
    return app


def ask(app: Flask, path: str = "/limits/usage-limit", **given: Any) -> Any:  # noqa: ANN401
    return app.test_client().post(path, json=FACTS, **given)


def test_an_application_serves_the_catalogue_of_its_settings() -> None:
    reply = ask(made())

    assert reply.json["explanation"] == "Requested 4 exceeds limit 3"
    assert reply.json["profile"]["id"] == "pricing"


def test_a_path_may_be_a_path_or_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    for path in (ROOT, None):
        assert ask(made(CRITERION_PATH=path)).status_code == 200


def test_the_cases_of_the_catalogue_are_examples() -> None:
    document: Any = made().test_client().get("/limits/openapi.json").json

    body = document["paths"]["/usage-limit"]["post"]["requestBody"]["content"]["application/json"]
    assert body["examples"]


def test_settings_say_what_callers_see_and_send() -> None:
    app = made(CRITERION_TITLE="Limits", CRITERION_BODY_BYTES_MAX=40, CRITERION_EXPOSE_RULES=True)

    document: Any = app.test_client().get("/limits/openapi.json").json
    assert document["info"]["title"] == "Limits"
    assert ask(app).json["detail"] == "a body may have at most 40 bytes"
    assert ask(made(CRITERION_EXPOSE_RULES=True), "/limits/usage-limit?explain=full").json["trace"]
    assert ask(made(), "/limits/usage-limit?explain=full").status_code == 403


def test_a_setting_says_whether_callers_may_ask_for_other_answers() -> None:
    path = "/limits/usage-limit?what_if=true"

    assert ask(made(CRITERION_EXPOSE_CHANGES=True), path).json["what_if"]
    assert ask(made(), path).json["code"] == "changes_not_offered"


def test_settings_may_choose_profiles_by_request() -> None:
    def of_tenant(request: Any, _: object) -> str:  # noqa: ANN401
        return "rate-limits" if request.headers.get("x-tenant") == "acme" else "trial-rates"

    client = made(CRITERION_PROFILES={"api-rate-limit": of_tenant}).test_client()

    replies: list[Any] = [
        client.post("/limits/api-rate-limit", json={"plan": "free"}, headers={"X-Tenant": tenant})
        for tenant in ("acme", "umbrella")
    ]
    assert [reply.json["profile"]["id"] for reply in replies] == ["rate-limits", "trial-rates"]


class Noting(Hook):
    """Notes which kind of request a hook sees."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def before(self, asked: Asked) -> dict[str, object]:
        self.seen.append(type(asked.request.source))
        return {"tenant": "acme"}


def test_settings_may_hold_hooks_and_a_recorder() -> None:
    noting, recorder = Noting(), MemoryRecorder()
    app = made(CRITERION_HOOKS=[noting], CRITERION_RECORDER=recorder)

    ask(app, headers={"X-Request-Id": "req-81"})

    assert noting.seen == [app.request_class]
    assert recorder.records[0].metadata == {
        "tenant": "acme",
        "request_id": "req-81",
        "route": "POST /limits/usage-limit",
    }


def test_settings_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_CRITERION_PATH", str(ROOT))
    monkeypatch.setenv("FLASK_CRITERION_EXPOSE_RULES", "true")
    monkeypatch.setenv("FLASK_CRITERION_PROFILES__api-rate-limit", "rate-limits")
    app = Flask("made")
    app.config.from_prefixed_env()

    Criterion(app)

    found = app.extensions["criterion"]
    assert found.options.expose_rules is True
    assert found.choices["api-rate-limit"] == ProfileChoice(names=("rate-limits",))


def test_settings_that_cannot_be_used_are_all_named(snapshot: SnapshotAssertion) -> None:
    with pytest.raises(DefinitionError) as caught:
        made(
            CRITERION_PATH=3,
            CRITERION_PROFILES="pricing",
            CRITERION_TITLE=True,
            CRITERION_EXPOSE_RULES="False",
            CRITERION_BODY_BYTES_MAX=True,
            CRITERION_HOOKS=Noting(),
            CRITERION_RECORDER=print,
            CRITERION_EXPOSE_RULE=True,
            CRITERION_X=1,
        )

    assert str(caught.value) == snapshot


def test_a_body_must_have_some_length() -> None:
    with pytest.raises(DefinitionError, match="CRITERION_BODY_BYTES_MAX: must be"):
        made(CRITERION_BODY_BYTES_MAX=0)


def test_files_that_cannot_be_used_are_found_when_the_application_is_made(tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "bad.yaml").write_text("decision: 3\n", "utf-8")

    with pytest.raises(CatalogueError, match=r"bad\.yaml:1:"):
        made(CRITERION_PATH=tmp_path, CRITERION_PROFILES=None)


def test_cases_that_cannot_be_used_are_found_when_the_application_is_made(tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "bad.cases.yaml").write_text("decision: none\n", "utf-8")

    with pytest.raises(CatalogueError, match=r"bad\.cases\.yaml:1:"):
        made(CRITERION_PATH=tmp_path, CRITERION_PROFILES=None)


def test_one_extension_serves_several_applications() -> None:
    criterion = Criterion()
    first, second = Flask("first"), Flask("second")
    criterion.init_app(first, service())
    criterion.init_app(second, service(expose_rules=False))

    with first.app_context():
        assert criterion.service is first.extensions["criterion"]
        with second.app_context():
            assert criterion.service is second.extensions["criterion"]
    assert vars(criterion) == {}


def test_an_application_gets_its_decisions_once() -> None:
    app = made()

    with pytest.raises(DefinitionError, match="init_app: was called before"):
        Criterion(app)


def test_an_application_without_decisions_says_what_to_do() -> None:
    with Flask("empty").app_context(), pytest.raises(NotInitializedError) as caught:
        _ = Criterion().service

    assert str(caught.value) == (
        "the application `empty` has no decisions\n  hint: call `criterion.init_app(app)` first"
    )
