"""Tests of the example applications: their pages show all of them, and they do what these say."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import pytest

from tests.http.exchanges import Reply, ask
from tests.http.servers import Address

DOCS: Final = Path(__file__).parent.parent.parent / "docs"
NAMES: Final = ["fastapi", "starlette"]
PROJECT: Final = b'{"name": "kiln"}'
_BLOCK: Final = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_RUNNING: Final = re.compile(r"running on http://([\d.]+):(\d+)")


@pytest.fixture(params=NAMES)
def application(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Address]:
    with started(f"{request.param}_app", tmp_path) as address:
        yield address


@contextmanager
def started(module: str, folder: Path) -> Iterator[Address]:
    """Start an example as its page says, but on a port that is free."""
    options = ["--app-dir", str(DOCS / "examples"), "--port", "0"]
    command = [sys.executable, "-m", "uvicorn", f"{module}:app", *options]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            yield address_in(server.stderr)
        finally:
            server.terminate()


def address_in(log: IO[str]) -> Address:
    for line in log:
        if found := _RUNNING.search(line):
            return found[1], int(found[2])
    raise AssertionError("the server has not started")


def post(application: Address, path: str, body: bytes, customer: str = "ada") -> Reply:
    return ask(application, "POST", path, body, {"X-Customer": customer}, prefix="")


def test_a_project_is_added_until_the_plan_is_full(application: Address) -> None:
    added, refused = (post(application, "/projects", PROJECT) for _ in range(2))

    assert added.status == 201
    assert added.members["projects"] == ["abacus", "loom", "kiln"]
    assert added.members["notice"].startswith("Approaching the projects limit.")
    assert refused.status == 403
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.members["code"] == "limit_reached"
    assert refused.members["reasons"] == ["Requested 4 exceeds limit 3"]


def test_other_requests_are_refused(application: Address) -> None:
    refused = {
        (PROJECT, "eve"): 401,
        (b"{", "bo"): 422,
        (b'{"name": ""}', "bo"): 422,
        (b'{"name": "' + b"x" * 20_000 + b'"}', "bo"): 413,
    }

    found = {each: post(application, "/projects", *each).status for each in refused}

    assert found == refused


def test_the_decision_can_be_asked(application: Address) -> None:
    facts = b'{"resource": "projects", "current_usage": 3, "plan": "free"}'

    reply = post(application, "/api/limits/usage-limit", facts)

    assert (reply.status, reply.members["explanation"]) == (200, "Requested 4 exceeds limit 3")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_the_whole_application(name: str) -> None:
    page = (DOCS / "how-to" / f"ask-decisions-in-{name}.md").read_text("utf-8")
    source = (DOCS / "examples" / f"{name}_app.py").read_text("utf-8")

    shown = "".join(_BLOCK.findall(page))
    assert lines(shown) == lines(source)[1:]  # the first says what the file is


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def test_the_problem_on_the_page_is_the_one_that_is_sent(application: Address) -> None:
    page = (DOCS / "how-to" / "ask-decisions-in-fastapi.md").read_text("utf-8")
    shown = json.loads(page.split("```json\n")[1].split("```")[0])

    sent = [post(application, "/projects", PROJECT).members for _ in range(2)][1]

    assert {**sent, "request_id": ""} == {**shown, "request_id": ""}
