"""``criterion test`` and ``criterion check``."""

from syrupy.assertion import SnapshotAssertion

from criterion.json_input import read_json
from tests.cli.conftest import Project

CASES = "decisions/parcel.cases.yaml"


def test_cases_that_pass_are_counted_with_the_rules_they_reach(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    ended = project.run("test")

    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout == snapshot


def test_a_case_that_fails_shows_what_differs(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    project.replace(CASES, "rule: heavy\n    data: {fee: 1000}", "rule: light\n    data: {fee: 2}")
    project.replace(CASES, "999 g < 1000 g", "999 g is light")
    project.replace(CASES, "errors: [weight_g]", "errors: [to]")

    ended = project.run("test")

    assert ended.exit_code == 1
    assert ended.stdout == snapshot


def test_programs_get_every_case_in_json(project: Project, snapshot: SnapshotAssertion) -> None:
    project.replace(CASES, "rule: heavy", "rule: light")

    ended = project.run("test", "--json")

    assert ended.exit_code == 1
    assert read_json(ended.stdout) == snapshot


def test_a_rule_that_no_case_reaches_can_be_a_failure(project: Project) -> None:
    assert project.run("test", "parcel-surcharge").exit_code == 0
    assert project.run("test", "parcel-surcharge", "--all-rules").exit_code == 1

    case = "  - {name: refused, facts: {weight_g: 30000}, rule: refused}\n"
    project.write(CASES, (project.root / CASES).read_text() + case)

    assert project.run("test", "parcel-surcharge", "--all-rules").exit_code == 0
    assert project.run("test", "--all-rules").exit_code == 1


def test_only_the_named_decisions_are_tested(project: Project) -> None:
    ended = project.run("test", "greeting", "--json")

    assert read_json(ended.stdout)["cases"] == []
    assert [part["decision"] for part in read_json(ended.stdout)["coverage"]] == ["greeting"]


def test_a_decision_that_is_not_there_cannot_be_tested(project: Project) -> None:
    assert project.run("test", "greetings").exit_code == 2


def test_a_catalogue_without_problems_is_counted(project: Project) -> None:
    ended = project.run("check")

    assert ended.exit_code == 0
    assert ended.stdout == "2 decisions, 1 profile, 3 cases, 0 problems\n"


def test_all_problems_of_all_files_are_listed(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    project.replace("profiles/tariff.yaml", "parcel-surcharge", "parcel-surcharg")
    project.write("profiles/other.yaml", "profile: other\nversion: 1\nvalues: {}\n")
    project.write("decisions/broken.py", "x = (\n")

    ended = project.run("check")

    assert (ended.exit_code, ended.stderr) == (1, "")
    assert ended.stdout == snapshot


def test_a_profile_must_fit_the_decisions_it_is_for(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    project.replace("profiles/tariff.yaml", "heavy_from_g: 1000", "heavy_from: 1000")
    project.replace("profiles/tariff.yaml", "30_000", "much")

    ended = project.run("check")

    assert ended.exit_code == 1
    assert ended.stdout == snapshot


def test_a_profile_for_a_decision_that_is_not_there_is_a_problem(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    project.replace("profiles/tariff.yaml", "parcel-surcharge", "parcel-surcharg")

    assert project.run("check").stdout == snapshot


def test_cases_must_speak_of_what_there_is(project: Project, snapshot: SnapshotAssertion) -> None:
    project.replace(CASES, "rule: heavy", "rule: hevy")
    project.replace(CASES, "data: {fee", "data: {fees")
    project.write(
        "decisions/other.cases.yaml", "decision: other\ncases: [{name: a, facts: {}, rule: b}]\n"
    )

    ended = project.run("check")

    assert ended.exit_code == 1
    assert ended.stdout == snapshot


def test_programs_get_problems_with_line_and_column(project: Project) -> None:
    project.replace(CASES, "rule: heavy", "rule: hevy")

    ended = project.run("check", "--json")

    assert ended.exit_code == 1
    assert read_json(ended.stdout) == {
        "problems": [
            {
                "file": CASES,
                "line": 6,
                "column": 11,
                "message": "the decision has no rule `hevy`",
                "hint": "did you mean `heavy`?",
            }
        ]
    }
