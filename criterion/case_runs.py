"""Case runs: every cases file of a catalogue, for the decisions that they are about."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from criterion.cases import CaseOutcome, run_cases
from criterion.catalogue import AnyDecision, Catalogue
from criterion.clock import Clock
from criterion.conditions import Unreachable, conditions_of, mistake_in
from criterion.documents.cases_file import CasesFile, read_cases
from criterion.documents.problems import Problems
from criterion.errors import CatalogueError, DefinitionError


class CasesRun(NamedTuple):
    """The cases of one file, run.

    Attributes:
        file: Where they stand.
        decision: What was asked.
        outcomes: One for each case, in the order of the file.
        unreachable: Arms of its conditions that no facts can reach, as the file declares.
    """

    file: Path
    decision: AnyDecision
    outcomes: tuple[CaseOutcome, ...]
    unreachable: tuple[Unreachable, ...] = ()


def read_catalogue(
    catalogue: Catalogue, *, is_whole: bool = True
) -> tuple[Mapping[Path, CasesFile], tuple[DefinitionError, ...]]:
    """Read every cases file beside the decisions.

    Args:
        catalogue: What the cases are about.
        is_whole: Whether every file of the catalogue could be read. If not, a case may speak of
            decisions and profiles that are not there.

    Returns:
        Those without mistakes; and what is wrong with the others, one error for each file.
    """
    found: dict[Path, CasesFile] = {}
    errors: list[DefinitionError] = []
    for file in catalogue.folders.cases_files() if catalogue.folders else ():
        try:
            found[file] = read_cases_file(file, catalogue, is_whole=is_whole)
        except DefinitionError as error:
            errors.append(error)
    return found, tuple(errors)


def run_catalogue(
    catalogue: Catalogue,
    decisions: Iterable[AnyDecision] | None = None,
    *,
    clock: Clock | None = None,
) -> tuple[CasesRun, ...]:
    """Run the cases of every cases file beside the decisions.

    Args:
        catalogue: Where the cases stand, and the profiles that they name.
        decisions: What is asked; by default the serving version of every decision.
        clock: What tells the time of the evaluations.

    Raises:
        CatalogueError: Files have mistakes; no case was run.
    """
    found, errors = read_catalogue(catalogue)
    if errors:
        raise CatalogueError(errors)
    asked = catalogue.serving if decisions is None else tuple(decisions)
    return tuple(
        _run(file, cases, decision, catalogue, clock)
        for file, cases in found.items()
        for decision in asked
        if decision.id == cases.decision
    )


def _run(
    file: Path, cases: CasesFile, decision: AnyDecision, catalogue: Catalogue, clock: Clock | None
) -> CasesRun:
    outcomes = run_cases(decision, catalogue.profiles, cases.cases, clock=clock)
    unreachable = cases.unreachable and unreachable_in(decision, cases.unreachable)
    return CasesRun(file, decision, outcomes, unreachable)


def unreachable_in(decision: AnyDecision, arms: Iterable[Unreachable]) -> tuple[Unreachable, ...]:
    """Return the arms of one version: a file may speak of several."""
    conditions = conditions_of(decision)
    return tuple(arm for arm in arms if mistake_in(arm, conditions) is None)


def read_cases_file(file: Path, catalogue: Catalogue, *, is_whole: bool = True) -> CasesFile:
    """Read one cases file; see `read_catalogue`.

    Raises:
        DefinitionError: It has mistakes; lists all of them.
    """
    cases = read_cases(_bytes_of(file), str(file))
    ids = [decision.id for decision in catalogue.serving]
    if is_whole:
        cases.check_id(ids)
    if cases.decision in ids:
        offers = catalogue.profiles.offers(cases.decision)
        names = dict.fromkeys(offer.name for offer in offers)
        names |= dict.fromkeys(f"{offer.name}@{offer.version}" for offer in offers)
        cases.check(catalogue.decision(cases.decision), names if is_whole else None)
        versions = (each for each in catalogue.decisions if each.id == cases.decision)
        if cases.unreachable and is_whole:
            cases.check_unreachable([part for each in versions for part in conditions_of(each)])
    return cases


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        problems = Problems(str(file), "")
        problems.add(0, f"cannot be read: {error.strerror or type(error).__name__}")
        raise problems.error() from None
