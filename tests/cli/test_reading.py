"""``criterion list``, ``show`` and ``graph``."""

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion import load_decision
from criterion.cli.fields import field_lines
from criterion.json_input import read_json
from tests.cli.conftest import Project, masked


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["show", "parcel-surcharge"],
        ["show", "greeting"],
        ["graph", "parcel-surcharge"],
        ["graph", "greeting"],
    ],
    ids=" ".join,
)
def test_what_is_there_is_shown(
    arguments: list[str], project: Project, snapshot: SnapshotAssertion
) -> None:
    ended = project.run(*arguments)

    assert (ended.exit_code, ended.stderr) == (0, "")
    assert masked(ended.stdout) == snapshot


@pytest.mark.parametrize(
    "arguments", [["list"], ["show", "greeting"], ["graph", "greeting"]], ids=" ".join
)
def test_programs_get_json(
    arguments: list[str], project: Project, snapshot: SnapshotAssertion
) -> None:
    ended = project.run(*arguments, "--json")

    assert ended.exit_code == 0
    assert read_json(masked(ended.stdout)) == snapshot


def test_older_versions_are_listed_on_request(project: Project) -> None:
    text = (project.root / "decisions/greeting.py").read_text()
    project.write("decisions/greeting_1.py", text.replace("2.0.0", "1.0.0"))

    listed, whole = project.run("list"), project.run("list", "--all")

    assert "1.0.0  2" not in listed.stdout.split("parcel")[0]
    assert listed.stderr == "\n1 more version: `criterion list --all`\n"
    assert "greeting          1.0.0" in whole.stdout
    assert whole.stderr == ""
    assert "other versions: 2.0.0 (serves)\n" in project.run("show", "greeting@1.0.0").stdout
    assert "other versions: 1.0.0\n" in project.run("show", "greeting").stdout


KINDS = [
    ("{type: integer, minimum: 0}", "integer >= 0"),
    ("{type: integer, multipleOf: 5, default: 5}", "integer in steps of 5, default 5"),
    ("{type: number}", "number"),
    ("{type: number, exclusiveMinimum: 0, maximum: 0.5}", "number > 0 and <= 0.5"),
    ("{type: number, minimum: 0, default: null}", "number >= 0 | null, default null"),
    ("{$ref: quantity}", "quantity"),
    ("{$ref: quantity, minimum: 0}", "quantity >= 0"),
    ("{type: string, format: decimal}", "number"),
    ("{type: string, format: date, default: null}", "date | null, default null"),
    ("{type: string, format: date-time}", "date-time"),
    ("{type: string, pattern: '[A-Z]{2}'}", "string matching [A-Z]{2}"),
    ("{type: string, redact: mask}", "string, redact mask"),
    ("{enum: [a, b]}", '"a" | "b"'),
    ("{const: 5}", "5"),
    ("{type: array, items: {type: number}}", "list of number"),
    ("{type: object, additionalProperties: {$ref: quantity}}", "mapping of quantity"),
    ("{type: object, properties: {a: {type: number}, b: {type: number}}}", "{a, b}"),
    ("{type: object, properties: {a: {type: number}}, default: null}", "{a} | null, default null"),
]


@pytest.mark.parametrize(("field", "shown"), KINDS, ids=[field for field, _ in KINDS])
def test_a_field_is_shown_as_its_author_wrote_it(field: str, shown: str) -> None:
    decision = load_decision(
        f"""\
decision: fields
version: 1.0.0
input: {{field: {field}}}
output: {{yes: {{type: boolean}}}}
rules: [{{id: all, when: otherwise, emit: {{yes: true}}}}]
"""
    )

    assert field_lines(decision.input) == [("  field", shown, "")]


def test_a_table_is_never_cut_where_no_terminal_shows_it(project: Project) -> None:
    title = "A title " * 40
    project.replace("decisions/parcel.py", "Parcel surcharge", title.strip())

    assert title.strip() in project.run("list").stdout


def test_an_empty_catalogue_says_so(project: Project) -> None:
    project.write("empty/decisions/_nothing.py", "")

    ended = project.run("list", "--path", "empty")

    assert (ended.exit_code, ended.stdout) == (0, "")
    assert ended.stderr == "there are no decisions here\n"


def test_signs_of_the_graph_language_in_a_condition_do_no_harm(project: Project) -> None:
    project.replace(
        "decisions/greeting.py", 'guest.name == "Ada"', """guest.name in {'a"]|>', "#;`"}"""
    )

    lines = project.run("graph", "greeting").stdout.splitlines()

    assert [line.count('"') for line in lines if "when1{" in line] == [2]


def test_the_path_may_stand_in_the_environment(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRITERION_PATH", str(project.root / "decisions"))
    monkeypatch.chdir("/")

    assert "greeting" in project.run("list").stdout
