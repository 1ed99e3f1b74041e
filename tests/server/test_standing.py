"""Tests of what is served: another catalogue takes its place whole, or not at all."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any, Final

import pytest

from criterion.catalogue import Catalogue
from criterion.clock import FixedClock
from criterion.server.settings import ServerSettings
from criterion.server.standing import Standing
from tests.parcels import NOON
from tests.server.programs import DECISION, write_project

PYTHON: Final = '''from criterion import Decision, NoProfile, Rule, Schema


class Guest(Schema):
    """Who comes."""

    name: str


class Greeting(Schema):
    """What is said."""

    text: str


greeting = Decision(
    id="greeting",
    version="1.0.0",
    input=Guest,
    profile=NoProfile,
    output=Greeting,
    rules=[Rule(id="all", when="otherwise", emit=lambda guest, _: {"text": "Hello"})],
)
'''


@pytest.fixture
def standing(tmp_path: Path) -> Standing:
    write_project(tmp_path)
    return Standing(ServerSettings(path=tmp_path), FixedClock(NOON))


def write(folder: Path, text: str) -> None:
    (folder / "decisions" / "seat_limit.yaml").write_text(text, "utf-8")


def test_files_that_stay_are_not_read_again(standing: Standing) -> None:
    before = standing.served

    for _ in range(3):
        standing.look()

    assert standing.served is before


def test_changed_files_are_read_when_they_are_quiet(standing: Standing, tmp_path: Path) -> None:
    before = standing.served

    write(tmp_path, DECISION.format(version="2.0.0"))
    standing.look()
    first = standing.served
    standing.look()

    assert first is before
    assert standing.served is not before


def test_files_that_change_while_they_are_read_are_read_again(
    standing: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, load = standing.served, Standing._load  # noqa: SLF001 -- where reading happens

    def slow(self: Standing) -> object:
        loaded = load(self)
        (tmp_path / "decisions" / "other.yaml").write_text("decision: [", "utf-8")
        return loaded

    write(tmp_path, DECISION.format(version="2.0.0"))
    standing.look()
    monkeypatch.setattr(Standing, "_load", slow)
    standing.look()

    assert standing.served is before


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("decisions/seat_limit.yaml", "decision: [", "1 problem"),
        ("decisions/seat_limit.cases.yaml", "decision: seat-limit\ncases: 3\n", "1 problem"),
        ("profiles/a.yaml", "profile: a\nversion: x\nfor: [seat-limit]\n", "2 problems"),
        ("profiles/b.yaml", "profile: b\nversion: 1.0.0\nvalues: {limit: 1}\n", "1 problem"),
        ("decisions/seat.py", "x = 1 / 0\n", "1 problem"),
    ],
    ids=["a decision", "cases", "a profile", "a profile that nobody chose", "Python"],
)
def test_broken_files_leave_what_stands_and_are_complained_of_once(
    name: str,
    text: str,
    number: str,
    standing: Standing,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = standing.served

    (tmp_path / name).write_text(text, "utf-8")
    for _ in range(4):
        standing.look()

    assert standing.served is before
    assert (
        standing.complaint == f"files have changed and have {number}; what stood before is served"
    )
    assert str(tmp_path) not in standing.complaint
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_a_folder_that_goes_and_comes_back_is_served_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    write_project(folder)
    standing = Standing(ServerSettings(path=folder), FixedClock(NOON))

    folder.rename(tmp_path / "away")
    standing.look()
    standing.look()
    complaint, complaints = standing.complaint, len(caplog.records)
    (tmp_path / "away").rename(folder)
    standing.look()
    standing.look()

    assert complaint is not None
    assert complaints == 1
    assert standing.complaint is None


def test_a_decision_in_python_is_read_again(tmp_path: Path) -> None:
    write_project(tmp_path)
    file = tmp_path / "decisions" / "greeting.py"
    file.write_text(PYTHON, "utf-8")
    standing = Standing(ServerSettings(path=tmp_path), FixedClock(NOON))

    file.write_text(PYTHON.replace("Hello", "Welcome"), "utf-8")
    standing.look()
    standing.look()

    assert standing.complaint is None
    assert standing.served.decisions == 2


def test_what_stands_keeps_its_digest_while_its_file_is_broken(tmp_path: Path) -> None:
    for name in ("shop", "copy"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "greeting.py").write_text(PYTHON, "utf-8")
    standing = Standing(ServerSettings(path=tmp_path / "shop"), FixedClock(NOON))

    broken = PYTHON.replace("Hello", "Welcome") + "x = 1 / 0\n"
    (tmp_path / "shop" / "greeting.py").write_text(broken, "utf-8")
    standing.look()
    standing.look()

    assert standing.complaint is not None
    expected = Catalogue.load(tmp_path / "copy").decision("greeting").digest
    assert described(standing, "/greeting")["digest"] == expected


def described(standing: Standing, path: str) -> Any:  # noqa: ANN401 -- JSON of any shape
    """Ask what is served about a decision."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:  # noqa: ANN401
        sent.append(message)

    async def ask() -> None:
        scope = {"type": "http", "method": "GET", "path": path, "headers": []}
        await standing.served.app(scope, receive, send)

    asyncio.run(ask())
    return json.loads(sent[-1]["body"])
