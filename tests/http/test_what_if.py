"""What if, over HTTP: off unless the operator exposes changes, and never of texts or profiles."""

import json
from typing import Any

from criterion.catalogue import Catalogue
from criterion.http import Answer, DecisionService, Request, ServiceOptions
from criterion.http.choosing import all_on_offer

FACTS = {"resource": "projects", "current_usage": 3, "requested_amount": 1, "plan": "free"}
CATALOGUE = Catalogue.load()


def asked(query: str, *, is_exposed: bool) -> tuple[Answer, Any]:
    service = DecisionService(
        CATALOGUE,
        options=ServiceOptions(expose_changes=is_exposed),
        profiles=all_on_offer(CATALOGUE),
    )
    headers = {"content-type": "application/json"}
    body = json.dumps(FACTS).encode()
    answer = service.answer(Request("POST", "/usage-limit", query, headers, body))
    return answer, json.loads(answer.body)


def test_it_is_refused_unless_the_operator_exposes_changes() -> None:
    answer, members = asked("what_if=true", is_exposed=False)

    assert (answer.status, members["code"]) == (403, "changes_not_offered")


def test_it_adds_what_would_lead_to_another_answer() -> None:
    answer, members = asked("what_if=true", is_exposed=True)

    found = members["what_if"]
    paths = {change["path"] for each in found["alternatives"] for change in each["changes"]}
    assert (answer.status, members["status"]) == (200, "OK")
    assert (found["wish"], found["verdict"]) == ("data.allowed == true", "found")
    assert "input.current_usage" in paths
    assert not any(path.startswith("profile") for path in paths)


def test_without_the_parameter_the_answer_is_the_usual_one() -> None:
    _, members = asked("", is_exposed=True)

    assert "what_if" not in members


def test_it_can_only_be_true() -> None:
    answer, members = asked("what_if=yes", is_exposed=True)

    assert (answer.status, members["code"]) == (400, "invalid_query")


def test_the_document_names_it_where_it_is_exposed() -> None:
    documents = [
        DecisionService(
            CATALOGUE,
            options=ServiceOptions(expose_changes=is_exposed),
            profiles=all_on_offer(CATALOGUE),
        ).interface.document("")
        for is_exposed in (False, True)
    ]

    assert ["what_if" in json.dumps(each, default=str) for each in documents] == [False, True]
