"""Tests of the OpenAPI document: its bytes, and that the service does what it says."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from criterion.http import Request
from criterion.http.limits import LimitService, Permit, limits_asgi_app
from criterion_asgi.fastapi import decision_router
from tests.asgi.asking import ask
from tests.http.subjects import service as decisions
from tests.limits.applications import fastapi
from tests.limits.subjects import policy
from tests.soak import sized

ROOT: Final = Path(__file__).parent.parent.parent
PRINTS: Final = """
import sys
from criterion.http import Request
from criterion.http.limits import LimitService, Permit
from criterion.policy import Policy

document = {"credits": {"seat": {}}, "plans": {"free": {"default": True}}}
service = LimitService(Policy.load(document), lambda _: Permit())
sys.stdout.buffer.write(service.answer(Request("GET", "/openapi.json")).body)
"""


def open_service() -> LimitService:
    """Return one with the usual limits: what is too long for less is refused as too long alone."""
    return LimitService(policy(), lambda _: Permit())


def test_the_document_is_the_same_every_time(snapshot: SnapshotAssertion) -> None:
    request = Request("GET", "/openapi.json")

    assert open_service().answer(request).body == open_service().answer(request).body
    document = json.loads(open_service().answer(request).body)
    assert document == snapshot.use_extension(JSONSnapshotExtension)


def printed(seed: str) -> bytes:
    """Return the document as a process prints it whose hashes begin with a seed."""
    return subprocess.run(
        [sys.executable, "-c", PRINTS],
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout


def test_the_document_is_the_same_in_processes_that_hash_otherwise() -> None:
    here = open_service().answer(Request("GET", "/openapi.json")).body

    assert {printed(seed) for seed in ("1", "2", "3")} == {here}


def test_every_reference_leads_somewhere() -> None:
    for text in (
        open_service().answer(Request("GET", "/openapi.json")).body.decode(),
        ask(fastapi(policy()), "GET", "/openapi.json").body.decode(),
    ):
        schemas = json.loads(text)["components"]["schemas"]

        references = {part.partition('"')[0] for part in text.split('"$ref":"')[1:]}
        assert references
        assert {each.removeprefix("#/components/schemas/") for each in references} <= set(schemas)


def test_decisions_and_limits_may_stand_in_one_fastapi_application() -> None:
    app = fastapi(policy())
    app.include_router(decision_router(decisions()), prefix="/decisions")

    document = app.openapi()
    schemas = document["components"]["schemas"]
    references = {part.partition('"')[0] for part in json.dumps(document).split('"$ref": "')[1:]}
    assert {each.removeprefix("#/components/schemas/") for each in references} <= set(schemas)
    assert set(schemas["DecisionProblem"]["required"]) > {"code", "detail", "request_id"}
    assert [name for name in schemas if name.endswith("Problem")] == ["DecisionProblem"]


def test_fastapi_shows_every_operation() -> None:
    found = ask(fastapi(policy()), "GET", "/openapi.json").members["paths"]

    mine = open_service().document()["paths"]
    assert {path for path in found if path.startswith("/api/limits")} == {
        f"/api/limits{path}".rstrip("/") for path in mine
    }


APP: Final = limits_asgi_app(open_service())
DOCUMENTED: Final = schemathesis.openapi.from_asgi("/openapi.json", APP)
SIZED: Final = settings(
    max_examples=sized(200, 6),
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.soak
@DOCUMENTED.parametrize()
@SIZED
def test_the_service_does_what_its_document_says(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate()
