"""Tests of what is measured: both routes of each application do what they are compared in."""

import json
from typing import Any, Final

import pytest

from tests.asgi.asking import ask
from tests.benchmarks.http import apps, framework_apps
from tests.benchmarks.http.__main__ import main

ECHO: Final = f"{apps.PREFIX}{apps.ECHO}"
DECISION: Final = f"{apps.PREFIX}{apps.PATH}"


@pytest.mark.parametrize("app", [framework_apps.starlette, framework_apps.fastapi])
def test_an_application_echoes_and_decides(app: Any) -> None:  # noqa: ANN401
    echo, decided = (ask(app, "POST", path, apps.BODY) for path in (ECHO, DECISION))

    assert echo.members == json.loads(apps.BODY)
    assert decided.members["matched_rule"] == "within-limit"


def test_the_application_in_flask_echoes_and_decides() -> None:
    client = framework_apps.flask.test_client()
    echo, decided = (
        client.post(path, data=apps.BODY, content_type="application/json")
        for path in (ECHO, DECISION)
    )

    assert echo.get_json() == json.loads(apps.BODY)
    assert decided.get_json()["matched_rule"] == "within-limit"


def test_without_the_tool_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)

    assert main([]) == 2
    assert capsys.readouterr().err == (
        "wrk is not installed: apt-get install wrk, or leave the servers out with --quick\n"
    )
