"""The app: every command of ``criterion``, put together."""

import io
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any, Final

import typer

from criterion.cli.parameters import command
from criterion.cli.screen import say


def make_app(asked: str | None = None) -> typer.Typer:
    """Return the command line, for `run` and for tests.

    Args:
        asked: The word that the program was called with. Where it names a command, no other is
            made, which is what takes long: each imports all that it needs.
    """
    app = typer.Typer(
        name="criterion",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(criterion)
    known = {*_COMMANDS, *_GROUPS}
    wanted = {asked} & known or ({} if asked == "--version" else known)
    for name, (short_help, place) in _COMMANDS.items():
        if name in wanted:
            app.command(name, short_help=short_help)(command(_found(place)))
    for name, (short_help, place) in _GROUPS.items():
        if name in wanted:
            app.add_typer(_found(place)(), name=name, help=short_help)
    return app


def run() -> None:
    """Run the command that the program was called with."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # signs that the terminal's encoding lacks
    make_app(*sys.argv[1:2])(prog_name="criterion")


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


_COMMANDS: Final = {
    "demo": ("Show one ready decision on real input.", "showing:demo"),
    "init": ("Begin a project.", "making:init"),
    "new": ("Begin a decision.", "making:new"),
    "list": ("List the decisions and their profiles.", "reading:list_"),
    "show": ("Show one decision in full.", "reading:show"),
    "check": ("Find every mistake in every file.", "checking:check"),
    "lint": ("Find rules that never match, gaps and failures.", "linting:lint_"),
    "diff": ("Say what changes between two versions.", "diffing:diff_"),
    "run": ("Decide on facts.", "running:run"),
    "explain": ("Decide, and say why each rule matched or not.", "running:explain"),
    "why": ("Say why a recorded decision came out so.", "audit:why"),
    "test": ("Run the cases, and say which rules they reach.", "testing:run_tests"),
    "release": ("Record versions, so that they never change.", "releasing:release"),
    "serve": ("Answer over HTTP.", "serving:serve"),
    "schema": ("Write JSON Schemas for editors.", "making:schema"),
    "graph": ("Print the rules as a flowchart.", "reading:graph"),
}
"""Every command: what the list of commands says of it, and where what runs it stands."""

_GROUPS: Final = {
    "audit": ("Search, replay and keep audit trails.", "audit:audit_commands"),
    "policy": ("Policies, and their stores.", "policy:policy_commands"),
}
"""Every group of commands, and where what makes it stands."""


def _found(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"criterion.cli.{module}"), name)
    return found


def _say_version(*, asked: bool) -> None:
    if asked:
        say(f"criterion {_installed()}")
        raise typer.Exit


def _installed() -> str:
    try:
        return version("criterion-decisions")
    except PackageNotFoundError:
        return "(not installed)"
