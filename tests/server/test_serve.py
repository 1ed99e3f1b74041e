"""Tests of the program: it answers, says what it does, reloads, and ends as it should."""

import http.client
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests.http.exchanges import Reply, ask
from tests.http.servers import Address
from tests.server.programs import DECISION, Program, serving, write_project

UUID7: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}")
LOOKS_MAX: Final = 20_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_project(tmp_path)
    return tmp_path


def decide(address: Address, seats: int = 2, query: str = "") -> Reply:
    body = json.dumps({"seats": seats}).encode()
    return ask(address, "POST", f"/seat-limit{query}", body, prefix="/decisions")


def get(address: Address, path: str) -> Any:  # noqa: ANN401 -- JSON of any shape
    return ask(address, "GET", path, prefix="").members


def test_a_catalogue_is_served_and_every_request_is_logged_with_its_id(folder: Path) -> None:
    with serving(folder) as program:
        reply = decide(program.address, 4)
        code = program.end()
        lines = program.log()

    assert reply.members["data"] == {"allowed": False}
    assert program.said["decisions"] == 1
    assert code == 0
    (line,) = lines
    assert line["request_id"] == reply.headers["x-request-id"]
    assert UUID7.fullmatch(line["request_id"])
    assert (line["level"], line["method"], line["path"]) == (
        "info",
        "POST",
        "/decisions/seat-limit",
    )
    assert (line["http_status"], line["client"], line["matched_rule"]) == (200, "127.0.0.1", "full")
    assert line["duration_ms"] > 0


def test_the_ready_decisions_are_served_without_any_option(tmp_path: Path) -> None:
    with serving(tmp_path) as program:
        document = get(program.address, "/decisions/openapi.json")

    assert program.said["decisions"] == 9
    assert document["servers"] == [{"url": "/decisions"}]
    profiles = document["paths"]["/api-rate-limit"]["post"]["parameters"][1]["schema"]["enum"]
    assert profiles == ["rate-limits", "trial-rates"]


def test_callers_pick_from_the_profiles_of_the_option(folder: Path) -> None:
    write_project(folder, profiles=("a", "b", "c"))

    with serving(folder, "--profile", "seat-limit=b,a") as program:
        first, picked, other = (
            decide(program.address, query=query) for query in ("", "?profile=a", "?profile=c")
        )

    assert [first.members["profile"]["id"], picked.members["profile"]["id"]] == ["b", "a"]
    assert other.members["code"] == "unknown_profile"


def test_rules_are_shown_only_where_the_operator_says_so(folder: Path) -> None:
    with serving(folder) as program:
        hidden = decide(program.address, query="?explain=full")
    with serving(folder, "--expose-rules") as program:
        shown = decide(program.address, query="?explain=full")

    assert hidden.members["code"] == "explanation_not_offered"
    assert [entry["rule_id"] for entry in shown.members["trace"]] == ["fits"]


def test_several_workers_answer_and_end_together(folder: Path) -> None:
    with serving(folder, "--workers", "2") as program:
        replies = [decide(program.address) for _ in range(20)]
        code = program.end()
        lines = program.log()

    assert {reply.status for reply in replies} == {200}
    assert len(lines) == 20
    assert code == 0


def test_a_request_that_has_begun_is_answered_before_the_end(folder: Path) -> None:
    with serving(folder) as program:
        connection = http.client.HTTPConnection(*program.address, timeout=10)
        connection.putrequest("POST", "/decisions/seat-limit")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", "12")
        connection.endheaders(b'{"seats"')
        decide(program.address)  # what came before has been read by now
        program.process.terminate()
        connection.send(b": 1}")
        reply = connection.getresponse()
        code = program.process.wait(30)
        connection.close()

    assert reply.status == 200
    assert code == 0


def test_changed_files_are_served_whole_and_broken_ones_are_not(folder: Path) -> None:
    file = folder / "decisions" / "seat_limit.yaml"
    with serving(folder, "--reload") as program:
        file.write_text("decision: [", "utf-8")
        complaint = until(program, lambda found: "detail" in found)
        reply = decide(program.address)
        file.write_text(DECISION.format(version="2.0.0"), "utf-8")
        until(program, lambda found: "detail" not in found)
        mended = decide(program.address)
        program.end()
        lines = program.log()

    assert complaint["status"] == "ready"
    assert (
        complaint["detail"] == "files have changed and have 1 problem; what stood before is served"
    )
    assert reply.members["decision"]["version"] == "1.0.0"
    assert mended.members["decision"]["version"] == "2.0.0"
    said = [line for line in lines if line["logger"] == "criterion.server"]
    assert [line["level"] for line in said] == ["error", "info"]
    assert "seat_limit.yaml:1:" in said[0]["message"]


def until(program: Program, is_found: Any) -> Any:  # noqa: ANN401
    """Ask whether the server is ready until the answer is as it should be."""
    answers = (get(program.address, "/readyz") for _ in range(LOOKS_MAX))
    return next(found for found in answers if is_found(found))
