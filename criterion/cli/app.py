"""The app: every command of ``criterion``, put together."""

import io
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Final

import typer

from criterion.cli import (
    audit,
    checking,
    diffing,
    linting,
    making,
    policy,
    reading,
    releasing,
    running,
    serving,
    testing,
)
from criterion.cli.parameters import command
from criterion.cli.screen import say
from criterion.cli.session import Answers
from criterion.clock import SystemClock
from criterion.demo import screen


def make_app() -> typer.Typer:
    """Return the command line, for `run` and for tests."""
    app = typer.Typer(
        name="criterion",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(criterion)
    for name, short_help, function in _COMMANDS:
        app.command(name, short_help=short_help)(command(function))
    app.add_typer(
        audit.audit_commands(), name="audit", help="Search, replay and keep audit trails."
    )
    app.add_typer(policy.policy_commands(), name="policy", help="Policies, and their stores.")
    return app


def run() -> None:
    """Run the command that the program was called with."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # signs that the terminal's encoding lacks
    make_app()(prog_name="criterion")


def criterion(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda asked: _say_version(asked=asked),
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Business rules as versioned decisions that answer with data and the reason why."""


def demo(answers: Answers) -> None:
    """Show one ready decision on real input."""
    text = screen(SystemClock())
    answers.answer({"text": text}, lambda: say(text))


_COMMANDS: Final[tuple[tuple[str, str, Callable[..., None]], ...]] = (
    ("demo", "Show one ready decision on real input.", demo),
    ("init", "Begin a project.", making.init),
    ("new", "Begin a decision.", making.new),
    ("list", "List the decisions and their profiles.", reading.list_),
    ("show", "Show one decision in full.", reading.show),
    ("check", "Find every mistake in every file.", checking.check),
    ("lint", "Find rules that never match, gaps and failures.", linting.lint_),
    ("diff", "Say what changes between two versions.", diffing.diff_),
    ("run", "Decide on facts.", running.run),
    ("explain", "Decide, and say why each rule matched or not.", running.explain),
    ("why", "Say why a recorded decision came out so.", audit.why),
    ("test", "Run the cases, and say which rules they reach.", testing.run_tests),
    ("release", "Record versions, so that they never change.", releasing.release),
    ("serve", "Answer over HTTP.", serving.serve),
    ("schema", "Write JSON Schemas for editors.", making.schema),
    ("graph", "Print the rules as a flowchart.", reading.graph),
)
"""Every command: its name, what the list of commands says of it, and what runs it."""


def _say_version(*, asked: bool) -> None:
    if asked:
        say(f"criterion {_installed()}")
        raise typer.Exit


def _installed() -> str:
    try:
        return version("criterion-decisions")
    except PackageNotFoundError:
        return "(not installed)"
