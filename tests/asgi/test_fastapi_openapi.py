"""Tests of what a FastAPI application's own document shows of decisions, and that it is true."""

import json
from typing import Any, Final

import schemathesis
from fastapi import FastAPI
from hypothesis import assume
from pydantic import BaseModel
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from criterion.catalogue import Catalogue
from criterion.decision import Decision
from criterion.http import DecisionService, ProfileChoice, ServiceOptions
from criterion.rule import OTHERWISE, Rule
from criterion.schema import NoProfile, Schema
from criterion_asgi.fastapi import decision_router
from tests.http.subjects import other, registry, seat_limit, service
from tests.http.test_openapi import SIZED, is_tiny, ready


def app_of(subject: DecisionService) -> FastAPI:
    app = FastAPI()
    app.include_router(decision_router(subject), prefix="/limits", tags=["limits"])
    return app


def test_each_decision_is_shown_with_its_models(snapshot: SnapshotAssertion) -> None:
    subject = DecisionService(
        Catalogue([seat_limit("1.0.0"), seat_limit("1.1.0"), other("own-limit")], registry()),
        profiles={"seat-limit": ["small", "large"], "own-limit": ProfileChoice(takes_own=True)},
        options=ServiceOptions(expose_rules=True),
    )

    assert app_of(subject).openapi() == snapshot.use_extension(JSONSnapshotExtension)


def test_the_examples_are_cases() -> None:
    operation = app_of(ready()).openapi()["paths"]["/limits/usage-limit"]["post"]

    body = operation["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/UsageLimitInput"}
    assert len(body["examples"]) == 4
    assert operation["operationId"] == "decide_usage_limit"
    assert operation["x-criterion-version"] == "1.1.0"


def test_every_reference_leads_somewhere() -> None:
    for subject in (service(), ready()):
        document = app_of(subject).openapi()

        parts = json.dumps(document).split('"$ref": "#/components/schemas/')[1:]
        assert {part.partition('"')[0] for part in parts} <= set(document["components"]["schemas"])


class UsageLimitInput(BaseModel):
    """A model of the application that is called as one of a decision."""

    hours: int


def test_models_of_the_application_may_have_the_same_names() -> None:
    app = app_of(ready())

    @app.post("/hours")
    async def hours(_: UsageLimitInput) -> None:
        """Take a model."""

    document = app.openapi()
    schemas = document["components"]["schemas"]
    shown = document["paths"]["/limits/usage-limit"]["post"]["requestBody"]["content"]
    name = shown["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert "UsageLimitInput" not in schemas
    assert "plan" in schemas[name]["properties"]


class Tree(Schema):
    """A schema that holds itself."""

    children: list["Tree"]


def shallow(_: Tree, __: NoProfile) -> Tree:
    return Tree(children=[])


def test_a_schema_may_hold_itself() -> None:
    rule: Any = Rule(id="any", when=OTHERWISE, emit=shallow)
    counted: Any = Decision(id="tree", version="1.0.0", input=Tree, output=Tree, rules=(rule,))

    schemas = app_of(DecisionService(Catalogue([counted]))).openapi()["components"]["schemas"]

    inner = "#/components/schemas/TreeInput_Tree"
    assert schemas["TreeInput_Tree"]["properties"]["children"]["items"] == {"$ref": inner}


def test_two_routers_may_stand_in_one_application() -> None:
    app = app_of(service())
    app.include_router(decision_router(ready()), prefix="/ready")

    assert {"/limits", "/ready"} < app.openapi()["paths"].keys()


def is_bounded(value: object) -> bool:
    """Whether all whole numbers fit: FastAPI writes bounds as floats, so 2**63 - 1 as 2**63."""
    if isinstance(value, dict | list):
        return all(map(is_bounded, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, int) or abs(value) < 2**63


DOCUMENTED: Final = schemathesis.openapi.from_asgi("/openapi.json", app_of(ready()))


@DOCUMENTED.parametrize()
@SIZED
def test_the_application_does_what_its_document_says(case: schemathesis.Case[Any]) -> None:
    assume(not is_tiny(case.body) and is_bounded(case.body))
    case.call_and_validate()
