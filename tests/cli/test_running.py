"""``criterion run`` and ``criterion explain``."""

import json
from typing import Final

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.json_input import read_json
from tests.cli.conftest import Project, masked

AT: Final = "--at=2026-01-31T12:00:00Z"
HEAVY: Final = '{"weight_g": 1500.10}'


def test_a_decision_is_said_in_words(project: Project, snapshot: SnapshotAssertion) -> None:
    ended = project.run("run", "parcel-surcharge", HEAVY)

    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout == snapshot


def test_a_decision_is_said_in_json_with_every_digit(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    ended = project.run("run", "parcel-surcharge", HEAVY, "--json", AT)

    assert '"fee":1500.10' in ended.stdout
    assert read_json(masked(ended.stdout)) == snapshot


@pytest.mark.parametrize("source", ["argument", "at file", "file", "dash", "file dash"])
def test_facts_come_from_wherever_they_are(source: str, project: Project) -> None:
    spread = '\n\n{\n  "weight_g": 1500\n}\n'
    project.write("facts.json", spread)
    given = {
        "argument": [spread],
        "at file": ["@facts.json"],
        "file": ["--file", "facts.json"],
        "dash": ["-"],
        "file dash": ["-f", "-"],
    }

    ended = project.run("run", "parcel-surcharge", *given[source], stdin=spread)

    assert ended.exit_code == 0
    assert "rule heavy: 1500 g >= 1000 g" in ended.stdout


def test_lines_in_are_lines_out(project: Project, snapshot: SnapshotAssertion) -> None:
    lines = '{"weight_g": 1}\n\n{"weight_g": 2000}\nnonsense\n{"weight": 3}\n'

    ended = project.run("run", "parcel-surcharge", "-", AT, stdin=lines)

    assert ended.exit_code == 1
    assert [json.loads(line) for line in masked(ended.stdout).splitlines()] == snapshot
    assert ended.stderr == "4 lines: 2 OK, 1 INVALID_INPUT, 1 NOT_JSON\n"


def test_lines_that_all_succeed_are_no_failure(project: Project) -> None:
    ended = project.run("run", "greeting", "-", stdin='{"name": "Ada"}\n' * 100)

    assert ended.exit_code == 0
    assert ended.stdout.count("\n") == 100
    assert ended.stderr == "100 lines: 100 OK\n"


@pytest.mark.parametrize(
    ("text", "count"), [('{"name": "Ada"}', 1), ("", 0)], ids=["one line", "none"]
)
def test_a_file_of_lines_is_answered_in_lines(text: str, count: int, project: Project) -> None:
    project.write("guests.jsonl", text)

    ended = project.run("run", "greeting", "@guests.jsonl")

    assert ended.exit_code == 0
    assert ended.stdout.count('{"decision":') == count


FAILING: Final = {
    "no match": ("greeting", '{"name": "Bob"}'),
    "a rule error": ("greeting", '{"name": ""}'),
    "invalid input": ("parcel-surcharge", '{"weight": 1, "to": 2}'),
    "facts that are no object": ("greeting", "[1]"),
}


@pytest.mark.parametrize(("decision", "facts"), FAILING.values(), ids=FAILING.keys())
def test_an_evaluation_without_data_exits_with_one(
    decision: str, facts: str, project: Project, snapshot: SnapshotAssertion
) -> None:
    ended = project.run("run", decision, facts)

    assert ended.exit_code == 1
    assert ended.stdout == snapshot


def test_a_denial_fails_only_where_that_was_asked_for(project: Project) -> None:
    denied = '{"weight_g": 30000}'

    assert project.run("run", "parcel-surcharge", denied).exit_code == 0
    assert project.run("run", "parcel-surcharge", denied, "--exit-code").exit_code == 1
    assert project.run("run", "parcel-surcharge", HEAVY, "--exit-code").exit_code == 0


MISUSED: Final = {
    "an unknown decision": ["run", "parcel-surcharg", "{}"],
    "an unknown version": ["run", "parcel-surcharge@3.0.0", "{}"],
    "an unknown profile": ["run", "parcel-surcharge", "{}", "--profile", "tarif"],
    "an unknown version of a profile": ["run", "parcel-surcharge", "{}", "-p", "tariff@2.0.0"],
    "a profile that is for others": ["run", "greeting", "{}", "--profile", "tariff"],
    "no facts": ["run", "greeting"],
    "facts twice": ["run", "greeting", "{}", "--file", "x.json"],
    "no such file": ["run", "greeting", "@gone.json"],
    "no JSON": ["run", "greeting", '{"name": Ada}'],
    "quotes of another kind": ["run", "greeting", "{'name': 'Ada'}"],
    "the name of a file": ["run", "greeting", "decisions/greeting.py"],
    "a key twice": ["run", "greeting", '{"name": "a", "name": "b"}'],
    "not a number": ["run", "parcel-surcharge", '{"weight_g": NaN}'],
    "no instant": ["run", "greeting", "{}", "--at", "noon"],
    "an instant without a zone": ["run", "greeting", "{}", "--at", "2026-01-31T12:00"],
    "no decision": ["run"],
    "an unknown rule": ["explain", "greeting", '{"name": "Ada"}', "--why-not", "knwon"],
    "many to explain": ["explain", "greeting", "-"],
}


@pytest.mark.parametrize("arguments", MISUSED.values(), ids=MISUSED.keys())
def test_a_wrong_call_exits_with_two_and_says_what_helps(
    arguments: list[str], project: Project, snapshot: SnapshotAssertion
) -> None:
    ended = project.run(*arguments, stdin='{"name": "a"}\n{"name": "b"}\n')

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == snapshot


def test_a_decision_that_is_not_here_is_no_ready_one(empty: Project) -> None:
    ended = empty.run("run", "refund", "{}")

    assert ended.stderr == (
        "there is no decision `refund`\n"
        "  hint: here is no folder `decisions`, so that only the ready decisions answer\n"
    )


def test_a_wrong_call_answers_programs_in_json(project: Project) -> None:
    ended = project.run("run", "greeting", "[1,\n2", "--json")

    assert (ended.exit_code, ended.stderr) == (2, "")
    error = read_json(ended.stdout)["error"]
    assert (error["code"], error["line"], error["column"]) == ("json", 2, 2)


def test_a_decision_with_two_profiles_asks_which(project: Project) -> None:
    second = (project.root / "profiles/tariff.yaml").read_text().replace("tariff", "winter")
    project.write("profiles/winter.yaml", second.replace("1000", "500"))

    unnamed = project.run("run", "parcel-surcharge", '{"weight_g": 700}')
    named = project.run("run", "parcel-surcharge", '{"weight_g": 700}', "-p", "winter")

    assert unnamed.exit_code == 2
    assert unnamed.stderr == (
        "decision `parcel-surcharge` runs under several profiles; say which\n"
        "  hint: use `--profile tariff` or `--profile winter`\n"
    )
    assert "rule heavy: 700 g >= 500 g" in named.stdout


def test_a_version_can_be_pinned(project: Project) -> None:
    text = (project.root / "decisions/greeting.py").read_text()
    project.write("decisions/greeting_1.py", text.replace("2.0.0", "1.0.0").replace("Hello", "Hi"))

    ended = project.run("run", "greeting@1.0.0", '{"name": "Ada"}')

    assert "greeting 1.0.0: OK" in ended.stdout
    assert "Hi [bold]Ada[/bold]" in ended.stdout


def test_a_version_of_a_profile_can_be_pinned(project: Project) -> None:
    text = (project.root / "profiles/tariff.yaml").read_text()
    project.write("profiles/tariff_2.yaml", text.replace("1.0.0", "2.0.0").replace("1000", "500"))

    pinned = project.run("run", "parcel-surcharge", '{"weight_g": 700}', "-p", "tariff@1.0.0")
    serving = project.run("run", "parcel-surcharge", '{"weight_g": 700}', "-p", "tariff")

    assert "under tariff 1.0.0: OK\nrule light" in pinned.stdout
    assert "under tariff 2.0.0: OK\nrule heavy" in serving.stdout


LONG: Final = "12345678901234567890.1234567890123"


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["words", "json"])
def test_decimals_keep_their_digits_from_end_to_end(options: list[str], project: Project) -> None:
    project.replace("profiles/tariff.yaml", "refused_from_g: 30_000", "refused_from_g: 1e30")

    ended = project.run("run", "parcel-surcharge", f'{{"weight_g": {LONG}}}', *options)

    assert ended.stdout.count(LONG) == 2
    assert f"{LONG} g >= 1000 g" in ended.stdout


def test_an_explanation_shows_every_rule(project: Project, snapshot: SnapshotAssertion) -> None:
    ended = project.run("explain", "parcel-surcharge", HEAVY)

    assert ended.exit_code == 0
    assert ended.stdout == snapshot


def test_an_explanation_in_json_has_the_trace(project: Project) -> None:
    ended = project.run("explain", "parcel-surcharge", HEAVY, "--json")

    rules = [(entry["rule_id"], entry["matched"]) for entry in read_json(ended.stdout)["trace"]]
    assert rules == [("refused", False), ("heavy", True)]


def test_one_rule_can_be_asked_why_not(project: Project) -> None:
    ended = project.run("explain", "parcel-surcharge", HEAVY, "--why-not", "light")

    assert (ended.exit_code, ended.stdout) == (0, "not reached: `heavy` matched first\n")
