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


def test_cases_are_read_although_other_files_are_broken(project: Project) -> None:
    project.write("decisions/broken.py", "x = (\n")
    project.write(
        "decisions/broken.cases.yaml", "decision: broken\ncases: [{name: a, facts: {}, rule: b}]\n"
    )
    project.replace(CASES, "rule: heavy", "rule: hevy")
    project.replace(CASES, "profile: tariff", "profile: gone")

    problems = read_json(project.run("check", "--json").stdout)["problems"]

    assert [(problem["file"], problem["message"]) for problem in problems] == [
        ("decisions/broken.py", "'(' was never closed"),
        (CASES, "the decision has no rule `hevy`"),
    ]


def test_a_case_may_only_expect_an_unknown_profile_to_be_unknown(project: Project) -> None:
    case = "  - {name: gone, facts: {weight_g: 1}, profile: gone, status: INVALID_PROFILE}\n"
    project.write(CASES, (project.root / CASES).read_text() + case)

    assert project.run("check").exit_code == 0
    assert project.run("test").exit_code == 0

    project.replace(CASES, "profile: tariff", "profile: tarif")
    ended = project.run("check")

    assert ended.stdout == (
        f"{CASES}:2:10: the decision runs under no profile `tarif`\n"
        "    profile: tarif\n"
        "             ^\n"
        "  hint: did you mean `tariff`?\n\n"
        "1 problem\n"
    )


def test_a_version_that_does_not_serve_can_be_tested_and_is_counted(project: Project) -> None:
    text = (project.root / "decisions/parcel.py").read_text()
    next_text = text.replace("1.0.0", "1.1.0-rc.1").replace(">= tariff.heavy", "> tariff.heavy")
    project.write("decisions/parcel_next.py", next_text)

    ended = project.run("test", "parcel-surcharge@1.1.0-rc.1", "--json")

    assert ended.exit_code == 1
    assert [case["name"] for case in read_json(ended.stdout)["cases"] if not case["passed"]] == [
        "exactly heavy"
    ]
    assert project.run("test").exit_code == 0
    assert project.run("check").stdout.startswith("2 decisions in 3 versions, ")


def test_cases_may_pin_a_version_of_their_profile(project: Project) -> None:
    text = (project.root / "profiles/tariff.yaml").read_text()
    project.write("profiles/tariff_2.yaml", text.replace("1.0.0", "2.0.0").replace("1000", "2000"))
    assert project.run("test").exit_code == 1

    project.replace(CASES, "profile: tariff", "profile: tariff@1.0.0")
    assert project.run("test").exit_code == 0

    project.replace(CASES, "tariff@1.0.0", "tariff@3.0.0")
    assert "runs under no profile `tariff@3.0.0`" in project.run("check").stdout

    project.replace(CASES, "tariff@3.0.0", "Tariff@3")
    assert [
        problem["message"]
        for problem in read_json(project.run("check", "--json").stdout)["problems"]
    ] == ["`Tariff` is not an id", "`3` is not a semantic version"]


def test_a_decision_that_is_named_twice_is_tested_once(project: Project) -> None:
    ended = project.run("test", "parcel-surcharge", "parcel-surcharge@1.0.0")

    assert "3 passed, 0 failed" in ended.stdout


MARKED = """\
decision: greeting
version: 3.0.0
input:
  name: {type: string, redact: mask}
  years: {type: integer, redact: drop}
  names: {type: array, items: {type: string, redact: hash}}
output:
  text: {type: string}
  quiet: {type: string, redact: mask, default: ""}
  is_grown: {type: boolean}
  months: {type: integer, default: 0}
  known: {type: array, items: {type: string}, default: []}
let:
  shout: upper(input.name)
emit:
  text: Hello
rules:
  - id: known
    when: input.years > 17
    emit:
      text: "Hello {shout}"
      quiet: =input.name
      is_grown: =input.years > 17
      months: =input.years * 12
      known: "=[name for name in input.names if name != 'x']"
  - id: other
    when: otherwise
    emit: {is_grown: false}
"""


def test_a_marked_value_that_is_emitted_without_a_mark_is_a_remark(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    project.write("decisions/marked.yaml", MARKED)

    ended = project.run("check")

    assert ended.exit_code == 0
    assert ended.stdout == snapshot
    remarks = read_json(project.run("check", "--json").stdout)["remarks"]
    assert [(remark["line"], remark["message"]) for remark in remarks] == [
        (21, "`text` shows `input.name`, which is marked"),
        (25, "`known` shows `input.names`, which is marked"),
    ]


def test_a_shared_member_that_shows_a_marked_value_is_shown_where_it_stands(
    project: Project,
) -> None:
    text = MARKED.replace("  text: Hello\n", "  text: =input.name\n")
    project.write("decisions/marked.yaml", text.replace('      text: "Hello {shout}"\n', ""))

    remarks = read_json(project.run("check", "--json").stdout)["remarks"]

    assert [remark["line"] for remark in remarks] == [16, 24]


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
        ],
        "remarks": [],
    }


def test_an_arm_that_no_case_sees_can_be_a_failure_and_can_be_declared_unreachable(
    project: Project,
) -> None:
    case = "  - {name: refused, facts: {weight_g: 30000}, rule: refused}\n"
    project.write(CASES, (project.root / CASES).read_text() + case)
    assert project.run("test", "parcel-surcharge", "--all-arms").exit_code == 0
    project.write("decisions/loop.yaml", LOOP)
    project.write("decisions/loop.cases.yaml", LOOP_CASES)

    ended = project.run("test", "loop", "--all-arms")

    assert ended.exit_code == 1
    assert "not seen\n  loop: `input.n > 2` is false, in rules.b.when\n" in ended.stdout
    assert project.run("test", "loop", "--all-rules").exit_code == 0

    declared = "unreachable: [{condition: input.n > 2, in: rules.b.when, is: false, because: no}]\n"
    project.write("decisions/loop.cases.yaml", LOOP_CASES + declared)
    assert project.run("test", "loop", "--all-arms").exit_code == 0
    part = read_json(project.run("test", "loop", "--json").stdout)["coverage"][0]
    assert (part["arms"], part["arms_unseen"]) == (4, [])
    assert part["arms_unreachable"] == [
        {
            "condition": "input.n > 2",
            "in": "rules.b.when",
            "is": False,
            "because": "no",
            "seen": False,
        }
    ]

    project.write("decisions/loop.cases.yaml", LOOP_CASES + declared.replace("false", "true"))
    ended = project.run("test", "loop", "--all-arms")
    assert ended.exit_code == 1
    assert "declared unreachable, but seen\n  loop: `input.n > 2` is true" in ended.stdout


def test_an_arm_that_is_not_there_cannot_be_declared_unreachable(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    project.write("decisions/loop.yaml", LOOP)
    arms = """\
unreachable:
  - {condition: input.n > 3, in: rules.b.when, is: false, because: no}
  - {condition: input.n > 2, in: rules.c.when, is: false, because: no}
"""
    project.write("decisions/loop.cases.yaml", LOOP_CASES + arms)

    ended = project.run("check")

    assert ended.exit_code == 1
    assert ended.stdout == snapshot


LOOP = """\
decision: loop
version: 1.0.0
input: {n: {type: integer}}
output: {ok: {type: boolean, default: true}}
rules:
  - {id: a, when: input.n == 2}
  - {id: b, when: input.n > 2}
"""
LOOP_CASES = """\
decision: loop
cases:
  - {name: two, facts: {n: 2}, rule: a}
  - {name: nine, facts: {n: 9}, rule: b}
"""
