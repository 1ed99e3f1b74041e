"""``criterion test --mutate``."""

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.json_input import read_json
from tests.cli.conftest import Project

CASES = "decisions/my_decision.cases.yaml"
MISSING = """\
  - name: input.amount > profile.limit, not input.amount != profile.limit
    facts: {amount: 99.99}
    rule: within-limit
    data: {allowed: true}
"""


@pytest.fixture
def shop(empty: Project) -> Project:
    assert empty.run("init").exit_code == 0
    return empty


def test_changes_that_no_case_notices_are_shown_with_the_case_to_add(
    shop: Project, snapshot: SnapshotAssertion
) -> None:
    ended = shop.run("test", "--mutate")

    assert (ended.exit_code, ended.stderr) == (1, "")
    assert ended.stdout == snapshot
    assert MISSING in ended.stdout

    shop.write(CASES, (shop.root / CASES).read_text("utf-8") + MISSING)
    ended = shop.run("test", "--mutate")

    assert ended.exit_code == 0
    assert ended.stdout == snapshot(name="with the case")


def test_programs_get_every_change_in_json(shop: Project, snapshot: SnapshotAssertion) -> None:
    ended = shop.run("test", "--mutate", "--json", "my-decision")

    assert ended.exit_code == 1
    assert read_json(ended.stdout) == snapshot


def test_what_could_be_equivalent_and_what_is_not_are_shown(
    shop: Project, snapshot: SnapshotAssertion
) -> None:
    shop.replace("decisions/my_decision.yaml", "when: input", "when: input.amount >= 0 and input")
    stale = "equivalent: [{in: rules, from: a, to: b, because: It was.}]\n"
    shop.write(CASES, (shop.root / CASES).read_text("utf-8") + stale)

    ended = shop.run("test", "--mutate")

    assert ended.exit_code == 1
    assert ended.stdout == snapshot


def test_nothing_is_changed_while_cases_fail(shop: Project) -> None:
    shop.replace(CASES, "{amount: 100}", "{amount: 102}")

    ended = shop.run("test", "--mutate")

    assert ended.exit_code == 1
    assert "2 passed, 1 failed" in ended.stdout
    assert ended.stderr == "nothing was changed: the cases have to pass first\n"


def test_decisions_in_python_are_not_changed(project: Project) -> None:
    ended = project.run("test", "--mutate")

    assert ended.exit_code == 0
    assert ended.stderr == "in Python, so not changed: greeting, parcel-surcharge\n"

    ended = project.run("test", "--mutate", "greeting")

    assert ended.exit_code == 2
    assert ended.stderr == "`greeting` is in Python; only decisions in YAML can be changed\n"
