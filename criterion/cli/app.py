"""The app: every command of ``criterion``, put together."""

import io
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from criterion.cli import checking, making, reading, releasing, running, testing
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
    app.command("demo")(command(demo))
    app.command("init")(command(making.init))
    app.command("new")(command(making.new))
    app.command("list")(command(reading.list_))
    app.command("show")(command(reading.show))
    app.command("check")(command(checking.check))
    app.command("run")(command(running.run))
    app.command("explain")(command(running.explain))
    app.command("test")(command(testing.run_tests))
    app.command("release")(command(releasing.release))
    app.command("schema")(command(making.schema))
    app.command("graph")(command(reading.graph))
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


def _say_version(*, asked: bool) -> None:
    if asked:
        say(f"criterion {_installed()}")
        raise typer.Exit


def _installed() -> str:
    try:
        return version("criterion-decisions")
    except PackageNotFoundError:
        return "(not installed)"
