"""Examples: the cases beside a catalogue's decisions, as documentation shows them."""

from collections.abc import Mapping, Sequence

from criterion.case_runs import read_catalogue
from criterion.catalogue import Catalogue
from criterion.documents.cases_file import Case
from criterion.errors import CatalogueError


def cases_of(catalogue: Catalogue) -> Mapping[str, Sequence[Case]]:
    """Return the cases that stand beside the decisions of a catalogue, for `ServiceOptions`.

    Returns:
        Cases by decision id, in the order of their file. A catalogue that was put together in
        Python has no files, and so none: give the one that was loaded.

    Raises:
        CatalogueError: A file of cases has mistakes; lists everything that is wrong.
    """
    files, wrong = read_catalogue(catalogue)
    if wrong:
        raise CatalogueError(wrong)
    return {file.decision: file.cases for file in files.values()}
