"""Cases as tests: collected, named, placed, and shown where they fail."""

from errno import EACCES
from pathlib import Path

import pytest

from tests.pytest_plugin.conftest import CASES, Project

pytest_plugins = ["pytester"]

LOOSE = "decision: greeting\ncases: [{name: nobody, facts: {}, status: INVALID_INPUT}]\n"
GREETING = """decision: greeting
version: 1.0.0
input: {name: {type: string}}
output: {text: {type: string}}
rules:
  - id: hello
    when: otherwise
    emit: {text: "Hello {input.name}"}
    explain: "{10 / len(input.name)} letters"
"""


def test_every_case_is_a_test_that_is_named_for_it(project: Project) -> None:
    ran = project.run("--collect-only", "-q")

    assert ran.outlines[:3] == [
        f"{CASES}::exactly the limit",
        f"{CASES}::one more than the limit",
        f"{CASES}::an amount is required",
    ]
    project.run().assert_outcomes(passed=3)


def test_one_case_can_be_asked_for(project: Project) -> None:
    project.run(f"{CASES}::exactly the limit").assert_outcomes(passed=1)
    project.run("-k", "required").assert_outcomes(passed=1, deselected=2)


def test_a_case_that_fails_shows_what_differs_why_and_where(project: Project) -> None:
    project.replace("profiles/my-decision.yaml", "limit: 100", "limit: 110")

    ran = project.run("-rf")

    ran.assert_outcomes(passed=2, failed=1)
    ran.stdout.fnmatch_lines(
        [
            "_* one more than the limit _*",
            'rule: expected "over-limit", got "within-limit"',
            'explanation: expected "101 is more than the limit of 100", *',
            "data.allowed: expected false, got true",
            "because: 101 is within the limit of 110",
            "",
            f"{CASES}:11: my-decision v1.0.0",
            f"FAILED {CASES}::one more than the limit - rule: *",
        ],
        consecutive=False,
    )
    ran.stdout.no_fnmatch_line("*Traceback*")


def test_the_line_of_a_case_is_where_it_begins(pytester: pytest.Pytester, project: Project) -> None:
    items, _ = pytester.inline_genitems(project.root / CASES)
    text = (project.root / CASES).read_text("utf-8").splitlines()

    for item in items:
        _, line, name = item.reportinfo()
        assert line is not None
        assert text[line] == f"  - name: {name}"


def test_a_broken_file_of_cases_is_one_error_with_its_places(project: Project) -> None:
    project.replace(CASES, "rule: over-limit", "rule: over-limt")
    project.replace(CASES, "rule: within-limit", "rule: within-limt")

    ran = project.run()

    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(
        [
            f"{CASES}:*: the decision has no rule `within-limt`",
            "  hint: did you mean `within-limit`?",
            f"{CASES}:*: the decision has no rule `over-limt`",
        ]
    )
    ran.stdout.no_fnmatch_line("*Traceback*")


def test_a_broken_decision_is_what_its_cases_complain_of(project: Project) -> None:
    project.replace("decisions/my_decision.yaml", "when:", "whenn:")

    ran = project.run()

    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(["decisions/my_decision.yaml:*: `whenn` is not a key of a rule"])


def test_a_broken_file_does_not_hide_the_cases_of_others(project: Project) -> None:
    project.write("decisions/broken.yaml", "decision: broken\n")

    project.run().assert_outcomes(passed=3)
    project.run("--criterion-strict").assert_outcomes(errors=1)


def test_cases_outside_of_the_project_speak_of_their_own_folder(project: Project) -> None:
    project.write("other/greeting.yaml", GREETING)
    project.write("other/greeting.cases.yaml", LOOSE)

    project.run("other").assert_outcomes(passed=1)
    project.run().assert_outcomes(passed=4)


def test_the_folder_of_the_catalogue_can_be_named(project: Project) -> None:
    (project.root / "decisions").rename(project.root / "rules")
    project.write("pyproject.toml", '[tool.criterion]\ndecisions = "rules"\n')
    project.run().assert_outcomes(passed=3)

    (project.root / "pyproject.toml").unlink()
    (project.root / "shop").mkdir()
    (project.root / "rules").rename(project.root / "shop/decisions")
    (project.root / "profiles").rename(project.root / "shop/profiles")
    project.write("pytest.ini", "[pytest]\ncriterion_catalogue = shop\n")
    project.run().assert_outcomes(passed=3)


def test_a_folder_that_is_not_there_is_said_and_no_traceback(project: Project) -> None:
    project.write("pytest.ini", "[pytest]\ncriterion_catalogue = shop\n")

    ran = project.run()

    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(["*shop: does not exist (name the folder that holds*"])


def test_a_strict_run_fails_where_an_explanation_does(project: Project) -> None:
    case = "  - {name: nobody, facts: {name: ''}, rule: hello}\n"
    project.write("decisions/greeting.yaml", GREETING)
    project.write("decisions/greeting.cases.yaml", f"decision: greeting\ncases:\n{case}")

    project.run().assert_outcomes(passed=4)
    ran = project.run("--criterion-strict")

    ran.assert_outcomes(passed=3, failed=1)
    ran.stdout.fnmatch_lines(["explanation: expected *, got *the explanation of `hello` failed*"])


def test_a_strict_run_fails_where_a_decision_has_no_cases(project: Project) -> None:
    project.write("decisions/greeting.yaml", GREETING)

    assert project.run().ret == pytest.ExitCode.OK
    ran = project.run("--criterion-strict")

    assert ran.ret == pytest.ExitCode.TESTS_FAILED
    ran.stdout.fnmatch_lines(["FAILED: decision `greeting` has no cases"])


def test_a_file_of_cases_that_cannot_be_opened_is_said_and_no_traceback(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refusing(path: Path) -> bytes:
        if path.name.endswith(".cases.yaml"):
            raise PermissionError(EACCES, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refusing)

    ran = project.run()

    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines([f"{CASES}:1:1: cannot be read: Permission denied"])
    ran.stdout.no_fnmatch_line("*Traceback*")


def test_a_case_that_expects_data_fails_where_nothing_matches(project: Project) -> None:
    when = "when: input.amount <= profile.limit"
    project.replace("decisions/my_decision.yaml", "when: otherwise", when)
    project.replace("decisions/my_decision.yaml", "amount > profile.limit", "amount < 0")

    ran = project.run()

    ran.assert_outcomes(passed=2, failed=1)
    ran.stdout.fnmatch_lines(['data: expected {"allowed":false}, got null'])
