"""``criterion check``: whether every file of the catalogue can be used; no case is run."""

from typing import Any

import typer

from criterion.case_runs import checked_cases
from criterion.catalogue import Catalogue
from criterion.cli.problems import FAILED, OK, problems_of
from criterion.cli.screen import counted, say
from criterion.cli.session import Session
from criterion.errors import DefinitionError


def check(session: Session) -> None:
    """Check every decision, profile, release and cases file; list all problems of all of them."""
    problems: list[Any] = []
    text = ""
    try:
        catalogue = session.catalogue()
        cases = checked_cases(catalogue)
        text = _summary(catalogue, sum(len(file.cases) for file, _ in cases.values()))
    except DefinitionError as error:
        problems = problems_of(error)
        text = f"{error}\n\n{counted(len(problems), 'problem')}"
    session.answer({"problems": problems}, lambda: say(text))
    raise typer.Exit(FAILED if problems else OK)


def _summary(catalogue: Catalogue, cases: int) -> str:
    counts = (
        counted(len(catalogue.decisions), "decision"),
        counted(len(catalogue.profiles.offers()), "profile"),
        counted(cases, "case"),
        counted(0, "problem"),
    )
    return ", ".join(counts)
