"""``criterion init``, ``new`` and ``schema``: files to begin with, and schemas for editors."""

from pathlib import Path
from typing import Annotated, Any

import typer

from criterion.catalogue import Catalogue
from criterion.cli.screen import note, say
from criterion.cli.session import Answers, Session
from criterion.decision import Decision
from criterion.editor_schemas import editor_schemas
from criterion.errors import DefinitionError
from criterion.folders import Folders
from criterion.json_text import json_text, plain
from criterion.scaffold import (
    SCHEMAS_FOLDER,
    Files,
    create,
    decision_files,
    is_kit_installed,
    project_files,
    replace,
    schema_files,
)


def init(
    folder: Annotated[Path, typer.Argument(help="Where the project goes.")] = Path(),
    *,
    answers: Answers,
) -> None:
    """Begin a project: a first decision with its profile and its cases, and a test."""
    files = project_files(folder, has_kit=is_kit_installed())
    create(files)
    _complete(folder)
    _say_files(answers, files)
    note("try `criterion test`" if folder == Path() else f"try `cd {folder}` and `criterion test`")


def new(
    id: Annotated[str, typer.Argument(metavar="ID", help="The new decision's id.")],
    *,
    session: Session,
) -> None:
    """Begin a decision: the file itself, its profile, and its cases."""
    folders = _own(session)
    files = decision_files(folders, id)
    create(files)
    _complete(folders.decisions.parent)
    _say_files(session, files)


def schema(
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Write the schemas there.")
    ] = None,
    session: Session,
) -> None:
    """Print JSON Schemas of decisions, profiles, policies and so on, or write them for editors."""
    decisions = _decisions(session.path)
    if out is None:  # JSON either way
        say(json_text(plain(editor_schemas(decisions))))
        return
    files = schema_files(out, decisions)
    replace(files)
    _say_files(session, files)


def _own(session: Session) -> Folders:
    """Return the project's folders; where there are none yet, those that will be here."""
    folders = session.folders()
    if session.path is None and folders == Folders.shipped():
        return Folders(decisions=Path("decisions"), profiles=Path("profiles"))
    return folders


def _complete(root: Path) -> None:
    """Write the schemas for editors anew, with the fields of every decision in them."""
    replace(schema_files(root / SCHEMAS_FOLDER, _decisions(root)))


def _decisions(path: Path | None) -> tuple[Decision[Any, Any, Any], ...]:
    try:
        return Catalogue.load(path).decisions
    except DefinitionError:
        note("the schemas lack the fields of decisions: `criterion check` says what is wrong")
        return ()


def _say_files(answers: Answers, files: Files) -> None:
    names = [path.as_posix() for path in files]
    answers.answer({"files": names}, lambda: say("\n".join(names)))
