"""Tests of the example applications: their pages show all of them, and they do what these say."""

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.http.exchanges import Reply, ask
from tests.http.servers import Address

DOCS: Final = Path(__file__).parent.parent.parent / "docs"
EXAMPLES: Final = DOCS / "examples"
WAITRESS: Final = re.compile(r"waitress-serve (.*?) --call (\S+)$", re.MULTILINE | re.DOTALL)
UVICORN: Final = re.compile(r"uvicorn (\S+:app) (.*)$", re.MULTILINE)
_LISTENING: Final = re.compile(r"(?:on|at:) http://([\d.]+):(\d+)")
_BLOCK: Final = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@contextmanager
def started(command: list[str], policy: str, store: str = "memory://") -> Iterator[Address]:
    """Start an example beside its files, on a port that is free."""
    settings = {
        "POLICY": f"limits/{policy}", "STORE_URL": store, "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=EXAMPLES,
        env={**os.environ, **settings, "PYTHONPATH": str(EXAMPLES)},
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            lines = server.stderr or ()
            found = next(found for line in lines if (found := _LISTENING.search(line)))
            yield found[1], int(found[2])
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def workspace() -> Iterator[Address]:
    page = (DOCS / "how-to" / "limit-a-flask-application.md").read_text("utf-8")
    found = WAITRESS.search(page)
    assert found is not None
    options = [each for each in found[1].split() if each != "\\" and "--listen" not in each]
    command = ["waitress", "--listen=127.0.0.1:0", *options, "--call", found[2]]
    with started(command, "workspace.yaml") as address:
        yield address


@pytest.fixture(scope="module")
def assistant() -> Iterator[Address]:
    page = (DOCS / "how-to" / "limit-a-fastapi-application.md").read_text("utf-8")
    found = UVICORN.search(page)
    assert found is not None
    options = re.sub(r"--port \d+", "--port 0", found[2]).split()
    with started(["uvicorn", found[1], *options], "assistant.yaml") as address:
        yield address


def send(address: Address, method: str, path: str, key: str, body: Any = None) -> Reply:  # noqa: ANN401
    given = b"" if body is None else json.dumps(body).encode()
    return ask(address, method, path, given, {"X-Api-Key": key}, prefix="")


def test_a_member_is_added_until_the_seats_are_taken(workspace: Address) -> None:
    added = [send(workspace, "POST", "/members", "key-of-acme") for _ in range(4)]
    removed = send(workspace, "DELETE", "/members/ada", "key-of-acme")

    assert [reply.status for reply in added] == [201, 201, 201, 403]
    assert added[3].members["code"] == "capacity_reached"
    assert added[3].members["upgrade"] == {"plan": "team", "limit": 10}
    assert removed.members == {"removed": "ada", "seats_left": 1}


def test_an_export_counts_its_rows_and_needs_the_feature(workspace: Address) -> None:
    done = send(workspace, "POST", "/exports", "key-of-umbrella", {"rows": [1, 2, 3]})
    broken = send(workspace, "POST", "/exports", "key-of-umbrella", {"other": 1})
    refused = send(workspace, "POST", "/exports", "key-of-acme", {"rows": [1]})
    path = "/api/limits/entitlements/exported-rows?customer=umbrella"
    stands = send(workspace, "GET", path, "key-of-umbrella")

    assert (done.status, done.members) == (200, {"exported": 3, "rows_left": 4997})
    assert broken.status >= 400
    assert (refused.status, refused.members["code"]) == (403, "not_included")
    assert (stands.members["value"], stands.members["held"]) == (3, 0)


def test_who_is_nobody_is_limited_by_address_and_gets_at_nothing(workspace: Address) -> None:
    replies = [send(workspace, "GET", "/nothing", "") for _ in range(21)]

    assert [reply.status for reply in replies] == [*[404] * 20, 429]
    assert replies[20].headers["retry-after"]
    mine = send(workspace, "GET", "/api/limits/entitlements?customer=acme", "key-of-umbrella")
    assert (mine.status, mine.members["code"]) == (403, "not_permitted")


def test_a_chat_counts_what_the_model_used(assistant: Address) -> None:
    def chat(question: str, most: int, key: str = "key-of-ada") -> Reply:
        return send(assistant, "POST", "/chat", key, {"question": question, "tokens_max": most})

    answered = chat("hello", 600)
    failed = chat("fail", 600)
    refused = chat("hello", 996)

    assert (answered.status, answered.members["tokens_left"]) == (200, 995)
    assert failed.status == 502
    assert (refused.status, refused.members["code"]) == (429, "quota_exhausted")
    assert refused.headers["retry-after"]
    assert chat("hello", 1, "nobody").status == 401
    path = "/api/limits/entitlements/tokens?customer=ada"
    stands = send(assistant, "GET", path, "key-of-ada").members
    assert (stands["value"], stands["held"]) == (5, 0)


WORKERS: Final = 3
GUNICORN: Final = ["gunicorn", "--bind", "127.0.0.1:0", "--workers", str(WORKERS), "--threads", "4"]


def test_several_workers_share_one_file_of_flask(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'limits.db'}"
    command = [*GUNICORN, "flask_limits:create_app()"]

    def invite(_: int) -> int:
        return send(address, "POST", "/members", "key-of-umbrella").status

    with started(command, "workspace.yaml", store) as address, ThreadPoolExecutor(12) as pool:
        statuses = Counter(pool.map(invite, range(60)))

    assert statuses == {201: 10, 403: 50}


def test_several_workers_share_one_file_of_fastapi(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'limits.db'}"
    command = ["uvicorn", "fastapi_limits:app", "--port", "0", "--workers", str(WORKERS)]
    body = {"question": "x" * 100, "tokens_max": 100}

    def chat(_: int) -> int:
        return send(address, "POST", "/chat", "key-of-bo", body).status

    def stands() -> Any:  # noqa: ANN401 -- JSON of any shape
        path = "/api/limits/entitlements/tokens?customer=bo"
        return send(address, "GET", path, "key-of-bo").members

    with started(command, "assistant.yaml", store) as address, ThreadPoolExecutor(12) as pool:
        wait_for(address)
        statuses = Counter(pool.map(chat, range(40)))
        found = stands()

    assert statuses == {200: 10, 429: 30}
    assert (found["value"], found["held"]) == (1_000, 0)


def wait_for(address: Address) -> None:
    """Wait until the workers of a server that listens already answer."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            send(address, "GET", "/docs", "")
        except OSError:
            time.sleep(0.05)
        else:
            return


@pytest.mark.parametrize("name", ["flask", "fastapi"])
def test_a_page_shows_the_whole_application(name: str) -> None:
    page = (DOCS / "how-to" / f"limit-a-{name}-application.md").read_text("utf-8")
    source = (EXAMPLES / f"{name}_limits.py").read_text("utf-8")

    shown = [line for block in _BLOCK.findall(page) for line in block.splitlines() if line]
    expected = [line for line in source.splitlines() if line][1:]

    assert shown[: len(expected)] == expected
