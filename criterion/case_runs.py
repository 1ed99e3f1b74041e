"""Case runs: every cases file of a catalogue, and which rules its cases reach."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from criterion.cases import CaseOutcome, run_cases
from criterion.catalogue import AnyDecision, Catalogue
from criterion.clock import Clock
from criterion.documents.cases_file import CasesFile, read_cases
from criterion.errors import (
    CatalogueError,
    DefinitionError,
    DocumentError,
    FileProblem,
    UnknownDecisionError,
)


class CasesRun(NamedTuple):
    """The cases of one file, run.

    Attributes:
        file: Where they stand.
        decision: What was asked: the serving version.
        outcomes: One for each case, in the order of the file.
    """

    file: Path
    decision: AnyDecision
    outcomes: tuple[CaseOutcome, ...]


class Coverage(NamedTuple):
    """Which rules of one decision matched in any case.

    Attributes:
        decision: The serving version.
        reached: Ids of the rules that matched, in the decision's order.
        unreached: Ids of the others.
    """

    decision: AnyDecision
    reached: tuple[str, ...]
    unreached: tuple[str, ...]


def checked_cases(catalogue: Catalogue) -> Mapping[Path, tuple[CasesFile, AnyDecision]]:
    """Read every cases file beside the decisions, with the decision that each is about.

    Raises:
        CatalogueError: Files have mistakes, or speak of what their decision does not have; lists
            everything that is wrong in any of them.
    """
    found: dict[Path, tuple[CasesFile, AnyDecision]] = {}
    errors: list[DefinitionError] = []
    for file in catalogue.folders.cases_files() if catalogue.folders else ():
        try:
            found[file] = _read(file, catalogue)
        except DefinitionError as error:
            errors.append(error)
    if errors:
        raise CatalogueError(errors)
    return found


def run_catalogue(catalogue: Catalogue, *, clock: Clock | None = None) -> tuple[CasesRun, ...]:
    """Run the cases of every cases file beside the decisions.

    Raises:
        CatalogueError: Files have mistakes; no case was run.
    """
    return tuple(
        CasesRun(file, decision, run_cases(decision, catalogue.profiles, cases.cases, clock=clock))
        for file, (cases, decision) in checked_cases(catalogue).items()
    )


def coverage(catalogue: Catalogue, runs: Iterable[CasesRun]) -> tuple[Coverage, ...]:
    """Return which rules the cases reach, for the serving version of every decision."""
    matched = {
        (run.decision.id, outcome.result.matched_rule) for run in runs for outcome in run.outcomes
    }
    serving = dict.fromkeys(catalogue.decision(each.id) for each in catalogue.decisions)
    return tuple(_coverage(decision, matched) for decision in serving)


def _coverage(decision: AnyDecision, matched: set[tuple[str, str | None]]) -> Coverage:
    ids = [rule.id for rule in decision.rules]
    return Coverage(
        decision,
        tuple(id for id in ids if (decision.id, id) in matched),
        tuple(id for id in ids if (decision.id, id) not in matched),
    )


def _read(file: Path, catalogue: Catalogue) -> tuple[CasesFile, AnyDecision]:
    cases = read_cases(file.read_bytes(), str(file))
    try:
        decision = catalogue.decision(cases.decision)
    except UnknownDecisionError as error:
        mark = FileProblem(str(file), 1, 1, str(error.args[0]), error.hint)
        raise DocumentError(str(file), [mark]) from None
    cases.check(decision)
    return cases, decision
