"""Tests of the JSON Schema of policies: it takes what the reader takes, and knows its keys."""

import json
from typing import Any

import pytest

from criterion.policy.document.editor_schema import policy_schema
from tests.json_schema import fits
from tests.policy.document_cases import BASE, CASES, Case
from tests.policy.test_document import WHOLE


def is_taken(document: Any) -> bool:  # noqa: ANN401 -- JSON of any shape
    schema = policy_schema()
    return fits(document, schema, {"$defs": schema["definitions"]})


def as_data(text: str) -> Any:  # noqa: ANN401 -- JSON of any shape
    import yaml  # noqa: PLC0415

    return json.loads(json.dumps(yaml.safe_load(text), default=str))


def test_the_schema_takes_sound_documents_with_and_without_their_wrapper() -> None:
    assert is_taken(BASE)
    assert is_taken({"policy": BASE})
    assert is_taken(as_data(WHOLE))


SHAPES = [
    case for case in CASES if case.rule in {"unknown-key", "choice", "missing-key", "kind", "null"}
]


@pytest.mark.parametrize("case", SHAPES, ids=[case.id for case in SHAPES])
def test_the_schema_refuses_what_has_the_wrong_shape(case: Case) -> None:
    assert not is_taken(case.document())


def test_the_schema_is_json() -> None:
    assert json.loads(json.dumps(policy_schema())) == policy_schema()
