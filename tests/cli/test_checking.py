"""Tests of ``criterion check`` with the names of policy files."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.conftest import Project

SOUND = "policy:\n  credits: {t: {}}\n  plans: {a: {entitlements: {x: {limit: {credit: t}}}}}\n"


@pytest.fixture
def policy(empty: Project) -> Path:
    assert empty is not None
    return Path("policy.yaml")


def test_a_sound_policy_has_no_problems(empty: Project, policy: Path) -> None:
    policy.write_text(SOUND)

    ended = empty.run("check", str(policy))

    assert (ended.exit_code, ended.stdout) == (0, "1 policy file, 0 problems\n")


def test_every_problem_of_every_file_is_listed(
    empty: Project, policy: Path, snapshot: SnapshotAssertion
) -> None:
    policy.write_text(SOUND.replace("credit: t", "credit: q"))

    ended = empty.run("check", str(policy), "nowhere.yaml")

    assert ended.exit_code == 1
    assert ended.stdout == snapshot


def test_warnings_are_listed_and_do_not_fail_the_check(
    empty: Project, policy: Path, snapshot: SnapshotAssertion
) -> None:
    policy.write_text(SOUND.replace("{limit:", "{scope: org, limit:"))

    ended = empty.run("check", str(policy))

    assert ended.exit_code == 0
    assert ended.stdout == snapshot


def test_programs_read_path_and_rule(
    empty: Project, policy: Path, snapshot: SnapshotAssertion
) -> None:
    policy.write_text(SOUND.replace("credit: t", "credit: q, mode: soft, reset_inc: 1day"))

    assert empty.run("check", str(policy), "--json").stdout == snapshot


def test_a_json_policy_may_be_indented_by_tabs(empty: Project) -> None:
    Path("policy.json").write_text('{\n\t"policy": {\n\t\t"credits": {"t": {"label": "\\u00e9"}}}}')

    assert empty.run("check", "policy.json").exit_code == 0
