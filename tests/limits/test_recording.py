"""Tests of recording: every verdict of an application goes to its recorder."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import pytest
from fastapi import Depends, FastAPI
from flask import Flask
from typer.testing import CliRunner

from criterion.audit import AuditRecorder, JsonLinesTrail
from criterion.cli.app import make_app
from criterion.policy.verdict import Verdict
from criterion.recorder import MemoryRecorder, Recorder
from criterion_asgi import install_exception_handlers
from criterion_asgi.fastapi.limits import Limits as FastAPILimits
from criterion_flask.limits import Limits, limit_blueprint
from tests.asgi.asking import ask
from tests.audit.trails import CLOCK, KEY, QUICK
from tests.limits import subjects

DENIED: Final = 403


def flask(recorder: Recorder, policy: Any = None) -> Flask:  # noqa: ANN401
    """Return an application whose settings name the recorder."""
    app = Flask("recorded")
    app.config["CRITERION_RECORDER"] = recorder
    limits = Limits(app, policy or subjects.policy(), customer="acme")

    @app.post("/members")
    @limits.require("seats", 2)
    def invite() -> dict[str, object]:
        return {"left": str(limits.verdict.remaining)}

    with app.app_context():
        routes = limits.service(subjects.authorize)
    app.register_blueprint(limit_blueprint(routes), url_prefix="/limits")
    return app


def by_flask(recorder: Recorder) -> list[int]:
    """Return the statuses of a request that passes and one that does not."""
    client = flask(recorder).test_client()
    return [client.post("/members").status_code for _ in range(2)]


def by_fastapi(recorder: Recorder) -> list[int]:
    """Return the statuses of a request that passes and one that does not."""
    limits = FastAPILimits(subjects.policy(recorder=recorder), customer="acme")
    app = FastAPI()
    install_exception_handlers(app)

    @app.post("/members")
    async def invite(_: Annotated[Verdict, Depends(limits.require("seats", 2))]) -> None: ...

    return [ask(app, "POST", "/members").status for _ in range(2)]


APPLICATIONS: Final = {"flask": by_flask, "fastapi": by_fastapi}


@pytest.mark.parametrize("asked", APPLICATIONS.values(), ids=APPLICATIONS)
def test_why_says_what_a_guard_counted_when_it_refused(
    asked: Callable[[Recorder], list[int]], tmp_path: Path
) -> None:
    trail = tmp_path / "trail"
    with AuditRecorder(JsonLinesTrail(trail), key=KEY, delivery=QUICK, clock=CLOCK) as recorder:
        statuses = asked(recorder)

    told = CliRunner().invoke(make_app(), ["why", "acme", "--denied", "--trail", str(trail)])
    assert statuses == [200, DENIED]
    assert "because capacity-reached: seats: 2 of 3 used on plan free; 2 more" in told.stdout
    assert "POST /members" in told.stdout


def test_routes_and_calls_in_views_are_recorded_too() -> None:
    recorder, policy = MemoryRecorder(), subjects.policy()
    client = flask(recorder, policy).test_client()

    client.post("/limits/allow", json={"customer": "acme", "entitlement": "pdf"})
    policy.check("acme", "seats", 9)

    matched = [record.result.matched_rule for record in recorder.records]
    assert matched == ["ok", "capacity-reached"]


def test_a_policy_that_records_already_keeps_its_recorder() -> None:
    own, other = MemoryRecorder(), MemoryRecorder()

    flask(other, subjects.policy(recorder=own)).test_client().post("/members")

    assert (len(own.records), len(other.records)) == (1, 0)
