"""Tests of the example applications: their pages show all of them, and they do what these say."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.http.exchanges import Reply, ask
from tests.http.servers import Address

DOCS: Final = Path(__file__).parent.parent.parent / "docs"
TENANTS: Final = DOCS / "examples" / "tenants"
PROJECT: Final = b'{"name": "kiln"}'
ORDER: Final = b'{"total": 60, "weight_kg": 2}'
_BLOCK: Final = re.compile(r"^```(python|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SERVING: Final = re.compile(r"on http://([\d.]+):(\d+)")
_COMMAND: Final = re.compile(r"^waitress-serve (.*?) --call (\S+)$", re.MULTILINE | re.DOTALL)


@contextmanager
def started(page: str, examples: Path, folder: Path) -> Iterator[Address]:
    """Start an example in a folder as its page says, but on a port that is free."""
    found = _COMMAND.search((DOCS / "how-to" / page).read_text("utf-8"))
    assert found is not None
    settings, application = found.groups()
    options = [each for each in settings.split() if each != "\\" and "--listen" not in each]
    command = [sys.executable, "-m", "waitress", "--listen=127.0.0.1:0", *options]
    with subprocess.Popen(
        [*command, "--call", application],
        cwd=folder,
        env={"PYTHONPATH": str(examples), "PYTHONDONTWRITEBYTECODE": "1"},
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            yield address_of(server)
        finally:
            server.terminate()


def address_of(server: subprocess.Popen[str]) -> Address:
    assert server.stderr is not None
    for line in server.stderr:
        if found := _SERVING.search(line):
            return found[1], int(found[2])
    raise AssertionError("the server has not started")


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    folder = tmp_path_factory.mktemp("projects")
    with started("ask-decisions-in-flask.md", DOCS / "examples", folder) as address:
        yield address


@pytest.fixture(scope="module")
def shops() -> Iterator[Address]:
    with started("give-each-tenant-its-own-profile.md", TENANTS, TENANTS) as address:
        yield address


def post(address: Address, path: str, body: bytes, **headers: str) -> Reply:
    named: dict[str, Any] = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(address, "POST", path, body, named, prefix="")


def test_a_project_is_added_until_the_plan_is_full(projects: Address) -> None:
    added, refused = (post(projects, "/projects", PROJECT, X_Customer="ada") for _ in range(2))

    assert added.status == 201
    assert added.members["projects"] == ["abacus", "loom", "kiln"]
    assert added.members["notice"].startswith("Approaching the projects limit.")
    assert refused.status == 403
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.members["code"] == "limit_reached"
    assert refused.members["reasons"] == ["Requested 4 exceeds limit 3"]


def test_other_requests_are_refused(projects: Address) -> None:
    refused = {
        (PROJECT, "eve"): 401,
        (b"{", "bo"): 400,
        (b'{"name": ""}', "bo"): 422,
        (b'{"name": "' + b"x" * 20_000 + b'"}', "bo"): 413,
    }

    found = {
        (body, who): post(projects, "/projects", body, X_Customer=who).status
        for body, who in refused
    }

    assert found == refused


def test_the_decision_can_be_asked(projects: Address) -> None:
    facts = b'{"resource": "projects", "current_usage": 3, "plan": "free"}'

    reply = post(projects, "/api/limits/usage-limit", facts)

    assert (reply.status, reply.members["explanation"]) == (200, "Requested 4 exceeds limit 3")


@pytest.mark.parametrize(("shop", "rule"), [("acme", "free"), ("umbrella", "paid")])
def test_each_shop_is_decided_under_its_own_profile(shop: str, rule: str, shops: Address) -> None:
    reply = post(shops, "/decisions/delivery-fee", ORDER, X_Api_Key=f"key-of-{shop}")

    assert (reply.members["profile"]["id"], reply.members["matched_rule"]) == (shop, rule)


def test_nobody_gets_at_the_profile_of_another_shop(shops: Address) -> None:
    unknown = post(shops, "/decisions/delivery-fee", ORDER, X_Api_Key="acme")
    picked = post(shops, "/decisions/delivery-fee?profile=acme", ORDER, X_Api_Key="key-of-umbrella")
    described = ask(shops, "GET", "/decisions/delivery-fee", prefix="")

    assert (unknown.status, unknown.members["code"]) == (401, "shop_unknown")
    assert (picked.status, picked.members["code"]) == (404, "unknown_profile")
    assert described.members["profiles"] == []


def test_the_flask_page_shows_the_whole_application() -> None:
    source = (DOCS / "examples" / "flask_app.py").read_text("utf-8")

    *shown, test = blocks("ask-decisions-in-flask.md", "python")

    assert lines("".join(shown)) == lines(source)[1:]  # the first says what the file is
    assert "test_client" in test


def test_the_tenants_page_shows_every_file() -> None:
    source = (TENANTS / "app.py").read_text("utf-8")
    files = [*sorted((TENANTS / "decisions").iterdir()), *sorted((TENANTS / "profiles").iterdir())]
    page = "give-each-tenant-its-own-profile.md"

    assert lines("".join(blocks(page, "python"))) == lines(source)[1:]
    assert blocks(page, "yaml") == [file.read_text("utf-8") for file in files]
    assert all(yaml.safe_load(block) for block in blocks(page, "yaml"))


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / "how-to" / page).read_text("utf-8")
    return [block for kind, block in _BLOCK.findall(text) if kind == language]


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]
