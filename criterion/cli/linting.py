"""``criterion lint``: what is wrong with decisions that load, proven or with an example."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from criterion.analysis.finding import Report
from criterion.analysis.linting import BUDGET_MS, lint
from criterion.catalogue import AnyDecision, Catalogue
from criterion.cli.complete import decision_ids
from criterion.cli.problems import FAILED, OK
from criterion.cli.question import decision_of
from criterion.cli.screen import counted, say
from criterion.cli.session import Session
from criterion.json_text import Plain


def lint_(
    decisions: Annotated[
        list[str] | None,
        typer.Argument(
            help="Ids, or id@version; by default all versions.", autocompletion=decision_ids
        ),
    ] = None,
    *,
    remarks: Annotated[
        bool, typer.Option("--remarks", help="Print remarks and what is allowed, too.")
    ] = False,
    budget_ms: Annotated[
        int, typer.Option("--budget-ms", min=1, help="Time for the proofs of one decision.")
    ] = BUDGET_MS,
    session: Session,
) -> None:
    """Find rules that never match, facts that no rule covers, and what else is wrong with rules."""
    catalogue = session.catalogue()
    named = dict.fromkeys(decision_of(catalogue, given) for given in decisions or ())
    asked = tuple(named) or catalogue.decisions
    reports = [linted(catalogue, decision, budget_ms) for decision in asked]
    session.answer(_members(reports), lambda: _say(reports, remarks=remarks))
    raise typer.Exit(OK if all(report.is_clean for report in reports) else FAILED)


def linted(catalogue: Catalogue, decision: AnyDecision, budget_ms: int = BUDGET_MS) -> Report:
    """Return the report on a decision of a catalogue, with places in its file."""
    file = catalogue.file_of(decision)
    is_text = file is not None and file.suffix == ".yaml"
    return lint(
        decision,
        profiles=catalogue.profiles,
        source=file.read_bytes() if file is not None and is_text else None,
        file=_shown(file) if file is not None else "<text>",
        budget_ms=budget_ms,
    )


def _shown(file: Path) -> str:
    return file.as_posix()


def _members(reports: Sequence[Report]) -> Plain:
    return {
        "decisions": [
            {
                "id": report.decision,
                "version": report.version,
                "is_clean": report.is_clean,
                "findings": [found.to_dict() for found in report.findings],
                "allowed": [found.to_dict() for found in report.allowed],
                "questions": dict(report.questions),
            }
            for report in reports
        ]
    }


def _say(reports: Sequence[Report], *, remarks: bool) -> None:
    for found in _shown_findings(reports, remarks=remarks):
        say(f"{found}\n")
    problems = sum(len(report.problems) for report in reports)
    others = sum(len(report.findings) for report in reports) - problems
    allowed = sum(len(report.allowed) for report in reports)
    answers: dict[str, int] = {}
    for report in reports:
        for verdict, count in report.questions.items():
            answers[verdict] = answers.get(verdict, 0) + count
    parts = [
        counted(len(reports), "decision"),
        counted(problems, "problem"),
        counted(others, "remark"),
        *([f"{allowed} allowed"] if allowed else []),
    ]
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(answers.items()))
    say(", ".join(parts) + (f" (answers: {said})" if said else ""))


def _shown_findings(reports: Sequence[Report], *, remarks: bool) -> Iterator[str]:
    for report in reports:
        found = report.findings if remarks else report.problems
        for each in (*found, *(report.allowed if remarks else ())):
            lead = "" if each.place else f"{report.decision} {report.version}: "
            yield f"{lead}{each}"
