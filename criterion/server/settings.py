"""Settings: what is served, and the service that is made of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from criterion.case_runs import read_catalogue
from criterion.catalogue import Catalogue
from criterion.errors import CatalogueError, DefinitionError, Problem
from criterion.folders import Folders
from criterion.http import DecisionService, ServiceOptions
from criterion.http.choosing import all_on_offer
from criterion.text import code, listing

Picks = Mapping[str, tuple[str, ...]]
"""By decision id: the profiles that callers may pick from; the first serves the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What is served; every worker gets a copy.

    Attributes:
        path: Where the catalogue is; ``None`` for where `Catalogue.load` looks.
        profiles: What callers may pick from. A decision for which one profile is registered needs
            no entry; of the ready decisions, callers pick any profile.
        expose_rules: Whether callers see rules.
        expose_changes: Whether callers may ask what would lead to another answer.
        watches: Whether files that change are read again.
    """

    path: Path | None = None
    profiles: Picks = field(default_factory=dict)
    expose_rules: bool = False
    expose_changes: bool = False
    watches: bool = False

    def folders(self) -> Folders:
        """Return where the files are."""
        return Folders.find(self.path)


def service_of(settings: ServerSettings) -> DecisionService:
    """Load all files, and return what answers.

    Raises:
        CatalogueError: A decision, a profile, a release or a case cannot be used.
        DefinitionError: Nothing says under which profile a decision is asked.
    """
    catalogue, errors = Catalogue.read(settings.folders())
    cases, wrong = read_catalogue(catalogue, is_whole=not errors)
    if errors or wrong:
        raise CatalogueError([*errors, *wrong])
    examples = {file.decision: file.cases for file in cases.values()}
    options = ServiceOptions(
        expose_rules=settings.expose_rules,
        expose_changes=settings.expose_changes,
        cases=examples,
    )
    return DecisionService(catalogue, profiles=_picks(catalogue, settings), options=options)


def _picks(catalogue: Catalogue, settings: ServerSettings) -> Picks:
    offered = all_on_offer(catalogue)
    if catalogue.folders == Folders.shipped():
        return {**offered, **settings.profiles}
    problems = list(_undecided(offered, settings.profiles))
    if problems:
        raise DefinitionError("profiles", problems)
    return settings.profiles


def _undecided(offered: Picks, given: Picks) -> Iterator[Problem]:
    for id, names in offered.items():
        if len(names) > 1 and id not in given:
            message = f"runs under {listing(map(code, names), 'and')}, and nothing says which"
            yield Problem(id, message, f"add {code(f'--profile {id}={names[0]}')}")
