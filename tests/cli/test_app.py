"""The command as a program: versions, help, broken catalogues, terminals, missing extras."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from syrupy.assertion import SnapshotAssertion
from typer.testing import CliRunner

from criterion.cli.app import make_app
from tests.cli.conftest import Project

ROOT: Final = Path(__file__).parent.parent.parent
COMMANDS: Final = [str(command.name) for command in make_app().registered_commands]


def program(*arguments: str, code: str = "", stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the command line as a program of its own."""
    start = ["-c", code] if code else ["-m", "criterion"]
    return subprocess.run(
        [sys.executable, *start, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
    )


def test_the_commands_are_those_that_are_documented() -> None:
    assert COMMANDS == [
        "demo", "init", "new", "list", "show", "check", "lint", "diff", "run", "explain", "why",
        "test", "release", "serve", "schema", "graph",
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["", *COMMANDS, "audit", "audit verify", "audit search"])
def test_help_fits_on_a_screen(command: str, empty: Project, snapshot: SnapshotAssertion) -> None:
    ended = empty.run(*command.split(), "--help")

    assert ended.exit_code == 0
    assert ended.stdout == snapshot
    assert ended.stdout.count("\n") < 40


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_answer_in_json(command: str, empty: Project) -> None:
    assert "--json" in empty.run(command, "--help").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_made_alone_is_the_same(command: str) -> None:
    helps = [
        CliRunner().invoke(app, [command, "--help"], prog_name="criterion").stdout
        for app in (make_app(command), make_app())
    ]

    assert helps[0].startswith(f"Usage: criterion {command} ")
    assert helps[0] == helps[1]


@pytest.mark.parametrize(
    ("word", "needless"),
    [
        (
            "--version",
            ("criterion.policy", "criterion.http", "criterion.testing", "criterion.cli.r"),
        ),
        ("list", ("criterion.policy", "criterion.http", "criterion.testing", "criterion.analysis")),
        ("test", ("criterion.policy", "criterion.http", "criterion.server")),
    ],
)
def test_a_command_imports_what_it_needs(word: str, needless: tuple[str, ...]) -> None:
    code = f"import sys; from criterion.cli.app import make_app; make_app({word!r})"

    imported = program(code=f"{code}; print(*sys.modules)").stdout.split()

    assert "criterion.cli.app" in imported
    assert [name for name in imported if name.startswith(needless)] == []


def test_a_mistyped_command_is_named_with_the_nearest() -> None:
    ended = program("lst")

    assert ended.returncode == 2
    assert "No such command 'lst'" in ended.stderr
    assert "list" in ended.stderr


def test_without_a_command_help_is_shown(empty: Project) -> None:
    ended = empty.run()

    assert ended.exit_code == 2
    assert "Usage: criterion" in ended.output


def test_the_version_is_one_line(empty: Project) -> None:
    ended = empty.run("--version")

    assert ended.exit_code == 0
    assert ended.stdout.startswith("criterion ")
    assert ended.stdout.count("\n") == 1


def test_a_broken_catalogue_is_no_traceback(project: Project, snapshot: SnapshotAssertion) -> None:
    project.write("decisions/parcel.py", "import criterion\nx = 1 / 0\n")

    ended = project.run("list")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == snapshot


def test_a_broken_catalogue_answers_programs_in_json(project: Project) -> None:
    project.write("decisions/parcel.py", "import criterion\nx = 1 / 0\n")

    ended = project.run("list", "--json")

    assert ended.exit_code == 1
    assert json.loads(ended.stdout)["error"]["problems"] == [
        {
            "file": "decisions/parcel.py",
            "line": 2,
            "column": 5,
            "message": "raised ZeroDivisionError: division by zero",
            "hint": None,
        }
    ]


def test_the_demo_needs_no_project(empty: Project) -> None:
    ended = empty.run("demo")

    assert ended.exit_code == 0
    assert "over-limit" in ended.stdout


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_a_missing_extra_says_which_install_helps(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from criterion.cli import main; main()"

    ended = program("list", code=code)

    if missing == "typer":
        assert ended.returncode == 2
        assert ended.stderr == (
            "criterion: the command line needs `typer`\n"
            "  hint: pip install 'criterion-decisions[cli]'\n"
        )
    assert "Traceback" not in ended.stderr


def test_the_library_needs_no_extra() -> None:
    code = "import sys; sys.modules['typer'] = sys.modules['rich'] = None; import criterion"

    assert program(code=code).returncode == 0


def test_a_reader_that_stops_early_is_no_traceback(project: Project) -> None:
    lines = '{"name": "Ada"}\n' * 5_000
    project.write("x.jsonl", lines)
    command = [sys.executable, "-m", "criterion", "run", "greeting", "@x.jsonl"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.readline()
        started.stdout.close()
        said = started.stderr.read().decode()

    assert "Traceback" not in said


@pytest.mark.usefixtures("project")
def test_no_colour_and_no_bar_reach_a_pipe() -> None:
    for arguments in (["list"], ["run", "greeting", "-"], ["show", "greeting"]):
        ended = program(*arguments, stdin='{"name": "Ada"}\n{"name": "Ada"}\n')

        assert ended.returncode == 0
        assert "\x1b" not in ended.stdout + ended.stderr


def test_a_bar_is_shown_on_a_terminal_and_colour_can_be_turned_off(project: Project) -> None:
    project.write("x.jsonl", '{"name": "Ada"}\n' * 200)

    coloured, plain = on_terminal({}), on_terminal({"NO_COLOR": "1"})

    assert "200/200" in coloured
    assert "\x1b[32m" in coloured
    assert "200/200" in plain
    assert "\x1b[32m" not in plain
    assert plain.endswith("200 lines: 200 OK\r\n")


def on_terminal(settings: dict[str, str]) -> str:
    """Return the notes of a long run as a terminal gets them."""
    ours, theirs = pty.openpty()
    hidden = {name: part for name, part in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(
        [sys.executable, "-m", "criterion", "run", "greeting", "@x.jsonl"],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**hidden, "PYTHONPATH": str(ROOT), "TERM": "xterm", **settings},
    ):
        os.close(theirs)
        chunks = list(iter(lambda: _read(ours), b""))
    os.close(ours)
    return b"".join(chunks).decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # how Linux says that the other side is closed
        return b""


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("criterion sh", "show"),
        ("criterion run gre", "greeting"),
        ("criterion run x -p t", "tariff"),
    ],
)
@pytest.mark.usefixtures("project")
def test_a_shell_completes_commands_decisions_and_profiles(words: str, offered: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from criterion.cli import main; main()"],
        capture_output=True,
        check=False,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "_CRITERION_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        },
    )

    assert ended.stdout.split() == [offered]
