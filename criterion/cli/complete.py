"""Completion: what a shell offers where a decision or a profile is named."""

from criterion.catalogue import Catalogue
from criterion.errors import CriterionError


def decision_ids(incomplete: str) -> list[str]:
    """Return the ids of decisions that begin so."""
    catalogue = _catalogue()
    ids = dict.fromkeys(decision.id for decision in catalogue.decisions) if catalogue else {}
    return [id for id in ids if id.startswith(incomplete)]


def profile_names(incomplete: str) -> list[str]:
    """Return the names of profiles that begin so."""
    catalogue = _catalogue()
    return [name for name in catalogue.profiles if name.startswith(incomplete)] if catalogue else []


def _catalogue() -> Catalogue | None:
    """Load the catalogue; a shell must not see why it cannot be loaded."""
    try:
        return Catalogue.load()
    except CriterionError:
        return None
