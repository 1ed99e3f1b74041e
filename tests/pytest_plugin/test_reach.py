"""Coverage: which rules the cases reach, with a minimum, on one process and on many."""

import pytest

from tests.pytest_plugin.conftest import CASES, Project

pytest_plugins = ["pytester"]

FULL = "my-decision@1.0.0  2 of 2 rules, 2 of 2 arms"
HALF = "my-decision@1.0.0  1 of 2 rules, 1 of 2 arms"


def test_the_summary_says_which_rules_the_cases_reach(project: Project) -> None:
    project.run("--criterion-coverage").stdout.fnmatch_lines(["=* criterion =*", FULL])
    project.run().stdout.no_fnmatch_line(FULL)

    ran = project.run("--criterion-coverage", "-k", "exactly")

    arm = "`input.amount > profile.limit` is true, in rules.over-limit.when"
    ran.stdout.fnmatch_lines([HALF, "  rule not reached: over-limit", f"  arm not reached: {arm}"])
    assert ran.ret == pytest.ExitCode.OK


def test_a_minimum_fails_a_run_that_reaches_less(project: Project) -> None:
    enough = project.run("--criterion-fail-under=50", "-k", "exactly")
    ran = project.run("--criterion-fail-under=50.1", "-k", "exactly")

    assert (enough.ret, ran.ret) == (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    ran.stdout.fnmatch_lines(
        ["FAILED: the cases of my-decision@1.0.0 reach 50.0 % of its rules, not 50.1 %"]
    )


def test_an_arm_that_is_declared_unreachable_does_not_count(project: Project) -> None:
    few = ("-k", "exactly", "--criterion-arms-fail-under=100", "--criterion-coverage")
    ran = project.run(*few)
    assert ran.ret == pytest.ExitCode.TESTS_FAILED
    ran.stdout.fnmatch_lines(
        ["FAILED: the cases of my-decision@1.0.0 reach 50.0 % of its arms, not 100 %"]
    )

    arm = "{condition: input.amount > profile.limit, in: rules.over-limit.when, is: true"
    text = (project.root / CASES).read_text("utf-8")
    project.write(CASES, f"{text}\nunreachable:\n  - {arm}, because: There is no end.}}\n")
    ran = project.run(*few)

    assert ran.ret == pytest.ExitCode.OK
    ran.stdout.fnmatch_lines(["my-decision@1.0.0  1 of 2 rules, 1 of 1 arms"])


@pytest.mark.parametrize("given", ["101", "-1", "nan", "much"])
def test_a_minimum_is_a_percentage(given: str, project: Project) -> None:
    ran = project.run(f"--criterion-fail-under={given}")

    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines([f"*`{given}` is not a number from 0 to 100*"])


def test_workers_share_what_they_reach(project: Project) -> None:
    plugins = ("-p", "xdist", "-p", "criterion_pytest", "-p", "no:cacheprovider")
    options = ("-n2", "--criterion-coverage", "--criterion-fail-under=100")

    # Two tests on two workers: neither of them reaches both rules.
    ran = project.pytester.runpytest_subprocess(*plugins, *options, "-k", "exactly or one")

    ran.assert_outcomes(passed=2)
    ran.stdout.fnmatch_lines([FULL])
    assert ran.ret == pytest.ExitCode.OK
