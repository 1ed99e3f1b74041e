"""Tests of the OpenAPI document: its bytes, its names, and that the service does what it says."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, settings
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from criterion.case_runs import read_catalogue
from criterion.catalogue import Catalogue
from criterion.http import DecisionService, Request, ServiceOptions, wsgi_app
from criterion.http.choosing import all_on_offer
from tests.http.subjects import other, service
from tests.soak import sized

ROOT: Final = Path(__file__).parent.parent.parent


def ready() -> DecisionService:
    """Return the ready decisions of the library, with their cases."""
    catalogue = Catalogue.load()
    cases = {cases.decision: cases.cases for cases in read_catalogue(catalogue)[0].values()}
    return DecisionService(
        catalogue, profiles=all_on_offer(catalogue), options=ServiceOptions(cases=cases)
    )


def document(subject: DecisionService) -> Any:  # noqa: ANN401
    return json.loads(subject.answer(Request("GET", "/openapi.json")).body)


def test_the_document_is_the_same_every_time(snapshot: SnapshotAssertion) -> None:
    shown = snapshot.use_extension(JSONSnapshotExtension)

    assert service().answer(Request("GET", "/openapi.json")).body == (
        service().answer(Request("GET", "/openapi.json")).body
    )
    assert document(service()) == shown


def test_the_document_of_the_ready_decisions_is_the_same_in_every_process(
    snapshot: SnapshotAssertion,
) -> None:
    code = "from tests.http.test_openapi import ready; from criterion.http import Request; "
    code += "print(ready().answer(Request('GET', '/openapi.json')).body.decode())"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1")
    }

    (text,) = texts
    assert json.loads(text) == snapshot.use_extension(JSONSnapshotExtension)


def test_each_decision_has_an_operation_with_its_own_models_and_examples() -> None:
    found = document(ready())["paths"]["/usage-limit"]["post"]

    body = found["requestBody"]["content"]["application/json"]
    assert found["operationId"] == "decide_usage_limit"
    assert found["x-criterion-version"] == "1.1.0"
    assert body["schema"] == {"$ref": "#/components/schemas/UsageLimitInput"}
    assert len(body["examples"]) == 4
    assert sorted(each["value"]["plan"] for each in body["examples"].values()) == [
        "enterprise",
        "free",
        "starter",
        "starter",
    ]


def test_a_pre_release_answers_and_is_not_documented() -> None:
    subject = ready()
    pinned = subject.answer(Request("GET", "/usage-limit", "version=1.1.0-yaml"))

    parameters = document(subject)["paths"]["/usage-limit"]["post"]["parameters"]

    (version,) = (each for each in parameters if each["name"] == "version")
    assert version["schema"]["enum"] == ["1.1.0"]
    assert json.loads(pinned.body)["version"] == "1.1.0-yaml"


def test_ids_that_differ_in_a_dash_have_names_of_their_own() -> None:
    profiles = service().catalogue.profiles
    profiles.register("all", {"limit": 3}, version="1.0.0")
    decisions = [other("a-b"), other("a_b")]
    subject = DecisionService(Catalogue(decisions, profiles), profiles={"a-b": "all", "a_b": "all"})

    found = document(subject)

    operations = [item["post"]["operationId"] for item in found["paths"].values() if "post" in item]
    assert operations == ["decide_a_b", "decide_a_b_2"]
    assert {"ABInput", "AB2Input"} < set(found["components"]["schemas"])


def test_every_reference_leads_somewhere() -> None:
    for subject in (service(), ready()):
        text = subject.answer(Request("GET", "/openapi.json")).body.decode()
        schemas = json.loads(text)["components"]["schemas"]

        references = {part.partition('"')[0] for part in text.split('"$ref":"')[1:]}
        assert {each.removeprefix("#/components/schemas/") for each in references} <= set(schemas)


def is_tiny(value: object) -> bool:
    """Whether a number is too close to 0 to be taken, which JSON Schema has no words for."""
    if isinstance(value, dict | list):
        return any(map(is_tiny, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float) and 0 < abs(value) < 1e-30


DOCUMENTED: Final = schemathesis.openapi.from_wsgi("/openapi.json", wsgi_app(ready()))
SIZED: Final = settings(
    max_examples=sized(200, 20),
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.soak
@DOCUMENTED.parametrize()
@SIZED
def test_the_service_does_what_its_document_says(case: schemathesis.Case[Any]) -> None:
    assume(not is_tiny(case.body))
    case.call_and_validate()
