"""``criterion policy store``: whether a store's file is sound, and how to mend and move it.

What the commands do is imported when one of them runs: most calls are of other commands.
"""

import sys
from typing import Annotated

import typer

from criterion.cli.parameters import command
from criterion.cli.problems import FAILED, OK
from criterion.cli.screen import note, say
from criterion.cli.session import Answers

File = Annotated[str, typer.Argument(metavar="FILE", help="The file of the store.")]


def store_commands() -> typer.Typer:
    """Return the commands about stores."""
    app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    for name, function in (
        ("check", check), ("rebuild", rebuild), ("export", export), ("import", import_),
    ):  # fmt: skip
        app.command(name)(command(function))
    return app


def check(
    file: File,
    *,
    mark: Annotated[
        int, typer.Option("--mark", min=0, help="The number of a commit that was seen elsewhere.")
    ] = 0,
    answers: Answers,
) -> None:
    """Check the pages, the heads against the journal, and the end against a mark."""
    from criterion.policy.stores.sqlite_upkeep import check as checked

    found = checked(file, mark=mark)

    def say_it() -> None:
        for finding in found.findings:
            say(finding)
        if not mark:
            note("without --mark, an end that was cut off does not show")
        say(f"last commit {found.last}, {'sound' if not found.findings else 'NOT SOUND'}")

    answers.answer({"last": found.last, "findings": list(found.findings)}, say_it)
    raise typer.Exit(FAILED if found.findings else OK)


def rebuild(file: File, *, answers: Answers) -> None:
    """Make all heads anew from the journal."""
    from criterion.policy.stores.sqlite_upkeep import rebuild as rebuilt

    last = rebuilt(file)
    answers.answer({"last": last}, lambda: say(f"heads stand as of commit {last}"))


def export(file: File, *, answers: Answers) -> None:  # noqa: ARG001 -- errors follow --json
    """Print the journal as lines of JSON, of which `import` makes the same store."""
    from criterion.policy.stores.sqlite_upkeep import export_file

    for line in export_file(file):
        say(line)


def import_(file: File, *, answers: Answers) -> None:
    """Make a new file of what `export` printed, read from standard input."""
    from criterion.policy.stores.sqlite_upkeep import import_file

    last = import_file(file, sys.stdin)
    answers.answer({"last": last}, lambda: say(f"imported up to commit {last}"))
