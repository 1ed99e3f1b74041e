"""``criterion init``, ``new`` and ``schema``: from an empty folder to a tested decision."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from criterion.json_input import read_json
from tests.cli.conftest import Project

ROOT: Final = Path(__file__).parent.parent.parent


def files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_a_new_project_passes_its_own_tests(
    empty: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = empty.run("init", "shop")
    monkeypatch.chdir("shop")
    tested = empty.run("test", "--all-rules")

    assert (began.exit_code, began.stderr) == (0, "try `cd shop` and `criterion test`\n")
    assert (tested.exit_code, tested.stdout.splitlines()[-1]) == (0, "3 passed, 0 failed")
    assert empty.run("check").stdout == "1 decision, 1 profile, 3 cases, 0 problems\n"


def test_a_new_project_passes_them_under_pytest_too(empty: Project) -> None:
    empty.run("init")

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    assert "4 passed" in ended.stdout
    assert ended.returncode == 0


def test_a_project_begins_with_these_files(empty: Project) -> None:
    ended = empty.run("init", "--json")

    assert sorted(read_json(ended.stdout)["files"]) == files(empty.root)
    assert files(empty.root) == [
        ".criterion/cases.schema.json",
        ".criterion/decision.schema.json",
        ".criterion/policy.schema.json",
        ".criterion/profile.schema.json",
        ".criterion/releases.schema.json",
        "decisions/my_decision.cases.yaml",
        "decisions/my_decision.yaml",
        "profiles/my-decision.yaml",
        "tests/test_decisions.py",
    ]


def test_a_project_is_not_begun_twice(empty: Project) -> None:
    empty.run("init")
    empty.write("decisions/my_decision.yaml", "mine")

    ended = empty.run("init")

    assert ended.exit_code == 1
    assert "decisions/my_decision.yaml: exists already" in ended.stderr
    assert (empty.root / "decisions/my_decision.yaml").read_text() == "mine"


def test_a_new_decision_passes_its_own_cases(project: Project) -> None:
    began = project.run("new", "refund-approval")
    tested = project.run("test", "refund-approval", "--all-rules")

    assert began.exit_code == 0
    assert began.stdout.splitlines() == [
        "decisions/refund_approval.yaml",
        "decisions/refund_approval.cases.yaml",
        "profiles/refund-approval.yaml",
    ]
    assert tested.exit_code == 0
    assert "3 passed, 0 failed" in tested.stdout


def test_a_new_decision_in_an_empty_folder_stays_in_this_folder(empty: Project) -> None:
    assert empty.run("new", "fee").exit_code == 0
    assert "decisions/fee.yaml" in files(empty.root)
    assert empty.run("run", "fee", '{"amount": 101}').stdout.splitlines() == [
        "fee 1.0.0 under fee 1.0.0: OK",
        "rule over-limit: 101 is more than the limit of 100",
        "",
        "  allowed  false",
    ]


@pytest.mark.parametrize("id", ["Refund", "-", "a b"])
def test_a_new_decision_needs_an_id(id: str, empty: Project) -> None:
    ended = empty.run("new", "--", id)

    assert ended.exit_code == 1
    assert "is not an id" in ended.stderr
    assert files(empty.root) == []


def test_schemas_are_printed_or_written(project: Project) -> None:
    printed = json.loads(project.run("schema").stdout)

    written = project.run("schema", "--out", "schemas")

    assert written.stdout.splitlines() == [f"schemas/{name}.schema.json" for name in printed]
    for name, schema in printed.items():
        file = project.root / f"schemas/{name}.schema.json"
        assert json.loads(file.read_text("utf-8")) == schema


def test_schemas_know_the_fields_of_the_decisions(project: Project) -> None:
    profile = json.loads(project.run("schema").stdout)["profile"]

    assert "heavy_from_g" in profile["definitions"]["parcel-surcharge"]["properties"]


def test_a_broken_decision_does_not_keep_editors_from_their_schemas(project: Project) -> None:
    project.write("decisions/parcel.py", "x = (\n")

    ended = project.run("schema")

    assert ended.exit_code == 0
    assert "criterion check" in ended.stderr
    assert json.loads(ended.stdout)["profile"]["definitions"] == {}
