"""Problems on the command line: each is printed without a traceback and sets the exit code."""

from typing import Any, Final

import typer

from criterion.cli.screen import note, write_json
from criterion.errors import (
    CatalogueError,
    CriterionError,
    DefinitionError,
    DocumentError,
    FileProblem,
    JsonError,
    Problem,
    UnknownDecisionError,
    UnknownRuleError,
)
from criterion.json_text import Plain

OK: Final = 0
FAILED: Final = 1
"""There are findings, a case failed, an evaluation gave no data, or a request was denied."""
MISUSED: Final = 2
"""The command was called wrongly: unknown names, unreadable facts."""


class UsageError(CriterionError):
    """A command was called in a way that cannot work."""

    code = "usage"


_MISUSE: Final = (UsageError, JsonError, UnknownDecisionError, UnknownRuleError)


def stop(error: CriterionError, *, as_json: bool) -> typer.Exit:
    """Print an error and return what ends the command."""
    if as_json:
        write_json({"error": error_members(error)})
    else:
        note(_text(error))
    return typer.Exit(MISUSED if isinstance(error, _MISUSE) else FAILED)


def error_members(error: CriterionError) -> dict[str, Plain]:
    """Return an error as plain data."""
    members: dict[str, Plain] = {
        "code": error.code,
        "message": str(error.args[0]),
        "hint": error.hint,
    }
    if isinstance(error, JsonError):
        members |= {"line": error.line, "column": error.column}
    if isinstance(error, DefinitionError):
        members["problems"] = problems_of(error)
    return members


def problems_of(error: DefinitionError) -> list[Any]:
    """Return every problem as plain data; those in files with line and column."""
    if isinstance(error, CatalogueError):
        return [problem for part in error.errors for problem in problems_of(part)]
    found = error.marks if isinstance(error, DocumentError) else error.problems
    return [members_of(problem) for problem in found]


def members_of(problem: Problem | FileProblem) -> dict[str, Plain]:
    """Return one problem as plain data, with its rule where it has one."""
    members: dict[str, Plain] = {"place": problem.place}
    if isinstance(problem, FileProblem):
        members = {"file": problem.file, "line": problem.line, "column": problem.column}
    members |= {"message": problem.message, "hint": problem.hint}
    if isinstance(problem, FileProblem) and problem.path:
        members["path"] = problem.path
    return members | ({"rule": problem.rule} if problem.rule else {})


def _text(error: CriterionError) -> str:
    if isinstance(error, JsonError) and error.line is not None:
        place = f"{error.line}:{error.column}" if error.column else str(error.line)
        return f"line {place}: {error}"
    return str(error)
