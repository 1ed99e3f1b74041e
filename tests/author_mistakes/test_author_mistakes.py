"""Author mistakes: `criterion check` names the place, the mistake and the way out of each.

Every file under `mistakes` is one mistake made in the project beside it.
"""

import shutil
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion
from typer.testing import CliRunner

from criterion.cli.app import make_app

HERE: Final = Path(__file__).parent
MISTAKES: Final = sorted((HERE / "mistakes").glob("*.yaml"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(HERE / "project", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CRITERION_PATH", raising=False)
    return tmp_path


def criterion(*arguments: str) -> tuple[int, str]:
    ended = CliRunner().invoke(make_app(), arguments, catch_exceptions=False)
    return ended.exit_code, ended.output


@pytest.mark.usefixtures("project")
def test_the_project_has_no_mistakes_itself() -> None:
    assert criterion("check") == (0, "1 decision, 1 profile, 2 cases, 0 problems\n")
    assert criterion("test")[0] == 0


@pytest.mark.parametrize("file", MISTAKES, ids=lambda file: file.stem)
def test_a_mistake_is_told(file: Path, project: Path, snapshot: SnapshotAssertion) -> None:
    mistake: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    if "after" in mistake:
        criterion(mistake["after"])
    make(mistake, project)

    exit_code, said = criterion("check")

    assert exit_code == 1
    assert said.endswith("\n\n1 problem\n")
    assert said == snapshot


@pytest.mark.parametrize("file", MISTAKES, ids=lambda file: file.stem)
def test_a_mistake_is_shown_in_its_own_line(file: Path, project: Path) -> None:
    mistake: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    if "after" in mistake:
        criterion(mistake["after"])
    lines = make(mistake, project)

    place = criterion("check")[1].split(" ", 1)[0]

    name, line, _ = place.split(":", 2)
    assert name == mistake["file"]
    assert int(line) in lines or mistake["mistake"] in ELSEWHERE


ELSEWHERE: Final = {
    "a member that a rule does not emit": "at the rule",
    "a rule behind otherwise": "at the rule that is never reached",
    "a released decision that was changed": "at the version",
}
"""Mistakes that are shown elsewhere, and where."""


def make(mistake: dict[str, Any], project: Path) -> range:
    """Make a mistake in the project, and return the lines that it stands in."""
    file = project / mistake["file"]
    text = file.read_text("utf-8")
    assert text.count(mistake["instead_of"]) >= 1
    before, _, after = text.partition(mistake["instead_of"])
    file.write_text(f"{before}{mistake['written']}{after}", "utf-8")
    first = before.count("\n") + 1
    return range(first, first + mistake["written"].rstrip("\n").count("\n") + 1)
