"""The screen: answers go to stdout, notes to stderr; colour only where a person looks."""

import sys
from collections.abc import Mapping, Sequence
from typing import Final

import typer

from criterion.json_text import Plain, json_text, plain
from criterion.text import one_line

WIDTH_UNSEEN: Final = 10_000
"""How wide a table may be that no terminal shows, so that nothing in it is cut."""

GAP: Final = 2
"""Spaces between the columns of a table."""


def say(text: str = "") -> None:
    """Print an answer."""
    typer.echo(text)


def clear() -> None:
    """Begin anew: an empty screen in a terminal, elsewhere an empty line."""
    if sys.stdout.isatty():
        typer.echo("\x1b[2J\x1b[H", nl=False)
    else:
        say()


def note(text: str) -> None:
    """Print what is not the answer."""
    typer.echo(text, err=True)


def write_json(value: Plain) -> None:
    """Print one line of JSON; decimals keep all their digits."""
    say(json_text(value))


def say_table(rows: Sequence[Sequence[str]], heads: Sequence[str] = ()) -> None:
    """Print rows in columns; in a terminal they wrap, elsewhere they never do."""
    from rich.console import Console  # noqa: PLC0415 -- slow to import
    from rich.table import Column, Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(
        *(Column(head) for head in heads),
        box=None,
        pad_edge=False,
        padding=(0, GAP, 0, 0),
        header_style="bold",
        show_header=bool(heads),
    )
    for row in rows:
        table.add_row(*(Text(one_line(cell), overflow="fold") for cell in row))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH_UNSEEN)
    with console.capture() as captured:
        console.print(table)
    say("\n".join(line.rstrip() for line in captured.get().splitlines()))


def say_pairs(members: Mapping[str, object]) -> None:
    """Print names and values, one below the other; what is not text, as JSON."""
    named = [(one_line(name), value) for name, value in members.items()]
    width = max((len(name) for name, _ in named), default=0)
    for name, value in named:
        shown = value if isinstance(value, str) else json_text(plain(value))
        say(f"  {name.ljust(width)}  {one_line(shown)}")


def counted(number: int, noun: str) -> str:
    """Return ``1 case``, ``2 cases``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
