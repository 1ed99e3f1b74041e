"""Tests of examples: the cases beside the decisions of a catalogue, as documents show them."""

from pathlib import Path
from typing import Final

import pytest

from criterion.catalogue import Catalogue
from criterion.errors import CatalogueError
from criterion.http import DecisionService, Request, ServiceOptions, cases_of
from tests.http.exchanges import Reply

SEATS: Final = """\
decision: seats
version: 1.0.0
input: {used: {type: integer}}
output: {allowed: {type: boolean}}
rules:
  - {id: full, when: input.used >= 3, emit: {allowed: false}}
  - {id: room, when: otherwise, emit: {allowed: true}}
"""
CASES: Final = """\
decision: seats
cases:
  - {name: the third is taken, facts: {used: 3}, rule: full}
  - {name: one is free, facts: {used: 2}, rule: room}
"""


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    folder = tmp_path / "decisions"
    folder.mkdir()
    (folder / "seats.yaml").write_text(SEATS, "utf-8")
    (folder / "seats.cases.yaml").write_text(CASES, "utf-8")
    return tmp_path


def test_cases_come_by_decision_in_the_order_of_their_file(root: Path) -> None:
    found = cases_of(Catalogue.load(root))

    assert {id: [case.name for case in cases] for id, cases in found.items()} == {
        "seats": ["the third is taken", "one is free"]
    }


def test_the_document_shows_them(root: Path) -> None:
    catalogue = Catalogue.load(root)
    service = DecisionService(catalogue, options=ServiceOptions(cases=cases_of(catalogue)))

    answer = service.answer(Request("GET", "/openapi.json"))

    paths = Reply(answer.status, {}, answer.body).members["paths"]
    shown = paths["/seats"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert [each["value"] for each in shown.values()] == [{"used": 3}, {"used": 2}]


def test_a_catalogue_that_was_put_together_has_none(root: Path) -> None:
    loaded = Catalogue.load(root)

    assert cases_of(Catalogue(loaded.decisions)) == {}


def test_mistakes_in_a_file_of_cases_are_told_with_their_place(root: Path) -> None:
    cases = root / "decisions" / "seats.cases.yaml"
    cases.write_text(CASES.replace("rule: full", "rule: fool"), "utf-8")

    with pytest.raises(CatalogueError) as caught:
        cases_of(Catalogue.load(root))

    assert "seats.cases.yaml:3:" in str(caught.value)
