"""Outcomes: how the cases beside the decisions go, for a test of one's own."""

from criterion.case_runs import run_catalogue
from criterion.cases import CaseOutcome
from criterion.catalogue import Catalogue
from criterion.text import not_a


def case_outcomes(catalogue: Catalogue | None = None) -> tuple[CaseOutcome, ...]:
    """Run every case of a catalogue.

    Args:
        catalogue: By default what `Catalogue.load` finds.

    Returns:
        One outcome for each case; as text, the names of the decision and of the case.

    Raises:
        CatalogueError: Files have mistakes; no case was run.
        TypeError: What was given is not a catalogue.
    """
    if catalogue is not None and not isinstance(catalogue, Catalogue):
        raise not_a(catalogue, "a catalogue")
    runs = run_catalogue(Catalogue.load() if catalogue is None else catalogue)
    return tuple(outcome for run in runs for outcome in run.outcomes)
