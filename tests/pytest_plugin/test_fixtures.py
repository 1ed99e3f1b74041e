"""Fixtures: an engine at a frozen time, snapshots of explanations, a sandbox for policies."""

from pathlib import Path

import pytest

from tests.pytest_plugin.conftest import Project

pytest_plugins = ["pytester"]

KEPT = Path("tests/__snapshots__/test_mine/test_it.explain.txt")
TEST = """
def test_it(criterion_engine, criterion_catalogue, decision_snapshot):
    decision = criterion_catalogue.decision("my-decision")
    result = criterion_engine.run(decision, {"amount": 101}, "my-decision")
    assert result == decision_snapshot
"""


def test_a_snapshot_is_a_text_for_people_without_versions_and_times(project: Project) -> None:
    project.write("tests/test_mine.py", TEST)
    project.run("tests", "--snapshot-update").assert_outcomes(passed=1)

    assert (project.root / KEPT).read_text("utf-8") == (
        "Decision: my-decision\n"
        "Profile: my-decision\n"
        "Status: OK\n"
        "Matched: over-limit\n"
        "Reason: 101 is more than the limit of 100\n"
        "\n"
        "Evaluation trace:\n"
        "  ✓ over-limit\n"
    )
    project.replace("decisions/my_decision.yaml", "version: 1.0.0", "version: 1.0.1")
    project.run("tests").assert_outcomes(passed=1)


def test_a_changed_sentence_fails_with_the_two_lines_that_differ(project: Project) -> None:
    project.write("tests/test_mine.py", TEST)
    project.run("tests", "--snapshot-update")
    project.replace("decisions/my_decision.yaml", "is more than", "exceeds")

    ran = project.run("tests")

    ran.assert_outcomes(failed=1)
    ran.stdout.re_match_lines(
        [
            r".*- Reason: 101 is more than the limit of 100",
            r".*\+ Reason: 101 exceeds the limit of 100",
        ],
        consecutive=True,
    )


def test_several_results_stand_in_one_file(project: Project) -> None:
    again = "[result, criterion_engine.run(decision, {'amount': -1}, 'my-decision')]"
    project.write("tests/test_mine.py", TEST.replace("assert result", f"assert {again}"))

    project.run("tests", "--snapshot-update").assert_outcomes(passed=1)

    text = (project.root / KEPT).read_text("utf-8")
    assert text.count("Decision: my-decision\n") == 2
    assert "\n\nDecision: my-decision\n" in text


def test_only_results_are_kept(project: Project) -> None:
    project.write("tests/test_mine.py", TEST.replace("assert result", "assert result.explanation"))

    ran = project.run("tests", "--snapshot-update")

    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*`decision_snapshot` keeps results, not `str`: compare it with*"])


def test_without_syrupy_a_snapshot_says_what_to_install(project: Project) -> None:
    project.write("tests/test_mine.py", TEST)

    ran = project.pytester.runpytest_inprocess("-p", "criterion_pytest", "tests")

    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(["*needs syrupy: pip install 'criterion-decisions*testing*'"])


def test_the_time_stands_still_until_it_is_moved(project: Project) -> None:
    project.write(
        "tests/test_mine.py",
        """
from datetime import UTC, datetime
import pytest

def test_time(criterion_engine, criterion_catalogue, frozen_clock):
    decision = criterion_catalogue.decision("my-decision")
    def at():
        return criterion_engine.run(decision, {"amount": 1}, "my-decision").evaluated_at
    assert at() == at() == datetime(2026, 1, 1, tzinfo=UTC)
    frozen_clock.advance(days=1, minutes=2)
    assert at() == datetime(2026, 1, 2, 0, 2, tzinfo=UTC)
    frozen_clock.move_to(datetime(2027, 1, 1, tzinfo=UTC))
    assert at().year == 2027
    with pytest.raises(ValueError, match="time zone"):
        frozen_clock.move_to(datetime(2027, 1, 1))
""",
    )

    project.run("tests").assert_outcomes(passed=1)


def test_a_policy_meters_at_the_frozen_time(project: Project) -> None:
    project.write(
        "tests/test_mine.py",
        """
POLICY = {
    "policy": {
        "credits": {"seat": {"stof_units": "int"}},
        "plans": {"free": {"default": True, "entitlements": {"seats": {"limit": {
            "credit": "seat", "value": 1, "resets": True, "reset_inc": "1day"}}}}},
    }
}

def test_policy(policy_sandbox, frozen_clock):
    policy = policy_sandbox(POLICY)
    policy.create_customer("acme")
    assert policy.allow("acme", "seats", 1)
    assert not policy.allow("acme", "seats", 1)
    frozen_clock.advance(days=1)
    assert policy.allow("acme", "seats", 1)
""",
    )

    project.run("tests").assert_outcomes(passed=1)


LATER = ["criterion", "hypothesis", "pydantic", "syrupy", "yaml"]


def test_a_project_without_decisions_imports_nothing_for_them(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        f"""
        import sys

        def test_it():
            assert "criterion_pytest.options" in sys.modules
            assert set({LATER}) & set(sys.modules) == set()
        """
    )

    pytester.runpytest_subprocess("-p", "criterion_pytest").assert_outcomes(passed=1)
