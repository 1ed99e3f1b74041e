"""``criterion check``: whether every file of the catalogue can be used; no case is run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from criterion.analysis.finding import Report
from criterion.case_runs import read_catalogue
from criterion.catalogue import Catalogue
from criterion.cli.problems import FAILED, OK, members_of, problems_of
from criterion.cli.screen import counted, say
from criterion.cli.session import Session
from criterion.documents.remarks import remarks_on
from criterion.errors import CatalogueError, DefinitionError, DocumentError, FileProblem, Problem
from criterion.expression_decision import ExpressionDecision


def check(
    policies: Annotated[
        list[Path] | None,
        typer.Argument(metavar="POLICY", help="Policy files, instead of the catalogue."),
    ] = None,
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help="Lint the decisions, too, and fail on its problems.")
    ] = False,
    session: Session,
) -> None:
    """Check every decision, profile, release and cases file, or the policies that are named."""
    if policies:
        _check_policies(policies, session)
    problems: list[Any] = []
    remarks: list[Any] = []
    try:
        catalogue, cases = _checked(session)
        odd = list(_odd(catalogue))
        remarks = [part for error in odd for part in problems_of(error)]
        found = [part for each in _reports(catalogue) for part in each.problems] if strict else []
        problems = [part.to_dict() for part in found]
        summary = _summary(catalogue, cases, len(problems), len(remarks))
        text = "\n\n".join([*map(str, odd), *map(str, found), summary])
    except DefinitionError as error:
        problems = problems_of(error)
        text = f"{error}\n\n{counted(len(problems), 'problem')}"
    session.answer({"problems": problems, "remarks": remarks}, lambda: say(text))
    raise typer.Exit(FAILED if problems else OK)


def _check_policies(files: list[Path], session: Session) -> None:
    """List every problem of all the files, then end the command."""
    from criterion.policy.document.loading import load_policy  # noqa: PLC0415 -- needed here only

    problems: list[Any] = []
    warnings: list[Problem | FileProblem] = []
    texts: list[str] = []
    for file in files:
        try:
            document = load_policy(file)
        except DefinitionError as error:
            problems += problems_of(error)
            texts.append(str(error))
        else:
            warnings += document.warnings
            texts += [f"warning: {warning}" for warning in document.warnings]
    counts = [counted(len(files), "policy file"), counted(len(problems), "problem")]
    counts += [counted(len(warnings), "warning")] if warnings else []
    text = "\n".join([*texts, *([""] if texts else []), ", ".join(counts)])
    members = {"problems": problems, "warnings": [members_of(warning) for warning in warnings]}
    session.answer(members, lambda: say(text))
    raise typer.Exit(FAILED if problems else OK)


def _checked(session: Session) -> tuple[Catalogue, int]:
    """Return what there is, and the number of its cases.

    Raises:
        DefinitionError: Some of it cannot be used.
    """
    catalogue, errors = Catalogue.read(session.folders())
    cases, wrong = read_catalogue(catalogue, is_whole=not errors)
    if errors or wrong:
        raise CatalogueError([*errors, *wrong])
    return catalogue, sum(len(file.cases) for file in cases.values())


def _odd(catalogue: Catalogue) -> Iterator[DocumentError]:
    """Yield what is odd about files that can be used all the same."""
    for decision in catalogue.decisions:
        file = catalogue.file_of(decision)
        if file is not None and isinstance(decision, ExpressionDecision):
            remarks = remarks_on(decision, file.read_bytes(), str(file))
            if remarks:
                yield DocumentError(str(file), remarks)


def _reports(catalogue: Catalogue) -> Iterator[Report]:
    from criterion.cli.linting import linted  # noqa: PLC0415 -- only who asks for it pays

    return (linted(catalogue, decision) for decision in catalogue.decisions)


def _summary(catalogue: Catalogue, cases: int, problems: int, remarks: int) -> str:
    decisions, versions = len(catalogue.serving), len(catalogue.decisions)
    counts = (
        counted(decisions, "decision")
        + (f" in {counted(versions, 'version')}" if versions > decisions else ""),
        counted(len(catalogue.profiles.offers()), "profile"),
        counted(cases, "case"),
        counted(problems, "problem"),
        *([counted(remarks, "remark")] if remarks else []),
    )
    return ", ".join(counts)
