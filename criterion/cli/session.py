"""The session: the options that every command has, and what they lead to."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from criterion.catalogue import Catalogue
from criterion.cli.screen import say
from criterion.folders import Folders
from criterion.json_text import Plain, json_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How a command answers.

    Attributes:
        as_json: Whether a program reads the answer.
    """

    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False

    def answer(self, members: Plain, say_it: Callable[[], None]) -> None:
        """Print an answer: as JSON where that was asked for, else in words."""
        self.answer_json(json_text(members), say_it)

    def answer_json(self, line: str, say_it: Callable[[], None]) -> None:
        """Print an answer whose JSON is text already."""
        if self.as_json:
            say(line)
        else:
            say_it()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Answers):
    """How a command that needs the catalogue was called.

    Attributes:
        path: Where the catalogue is; ``None`` for where `Catalogue.load` looks.
    """

    path: Annotated[
        Path | None,
        typer.Option(
            "--path",
            envvar="CRITERION_PATH",
            help="Folder that holds decisions/ and profiles/.",
            show_default="what pyproject.toml names, else here, else the ready decisions",
        ),
    ] = None

    def catalogue(self) -> Catalogue:
        """Load the catalogue."""
        return Catalogue.load(self.path)

    def folders(self) -> Folders:
        """Return where the catalogue's files are, without reading them."""
        return Folders.find(self.path)
