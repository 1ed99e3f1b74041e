"""Catalogues: which one a file of cases belongs to, each read once in a session."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from criterion.case_runs import read_catalogue
from criterion.catalogue import Catalogue
from criterion.engine import Engine
from criterion.errors import CatalogueError, DefinitionError
from criterion.folders import Folders
from criterion_pytest.options import CATALOGUE


class Loaded(NamedTuple):
    """One catalogue as it was found.

    Attributes:
        catalogue: What could be read.
        errors: What is wrong in the other files, one error for each.
        engine: Runs its decisions.
    """

    catalogue: Catalogue
    errors: tuple[DefinitionError, ...]
    engine: Engine

    def whole(self) -> Catalogue:
        """Return the catalogue.

        Raises:
            CatalogueError: A file cannot be used.
        """
        if self.errors:
            raise CatalogueError(self.errors)
        return self.catalogue

    def cased(self) -> set[str]:
        """Return the ids of the decisions that have cases in files beside them."""
        return {file.decision for file in read_catalogue(self.catalogue)[0].values()}


_LOADED: "pytest.StashKey[dict[Folders, Loaded]]" = pytest.StashKey()


def catalogue_of(config: pytest.Config, cases: Path | None = None) -> Loaded:
    """Return the catalogue of a file of cases, or that of the project.

    It is the project's own where the file stands among its decisions. Any other file speaks of
    the decisions of its own folder, with ``profiles`` beside that.

    Raises:
        DefinitionError: There are no such folders.
    """
    known = config.stash.setdefault(_LOADED, {})
    folders = _folders_of(config, cases)
    if folders not in known:
        catalogue, errors = Catalogue.read(folders)
        engine = Engine(profiles=catalogue.profiles)
        known[folders] = Loaded(catalogue, errors, engine)
    return known[folders]


def loaded_catalogues(config: pytest.Config) -> Mapping[Folders, Loaded]:
    """Return every catalogue that was read so far."""
    return config.stash.setdefault(_LOADED, {})


def shown(path: Path) -> Path:
    """Return a path as people know it: from the current folder where it is below that."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _folders_of(config: pytest.Config, cases: Path | None) -> Folders:
    project = _folders_of_project(config)
    if cases is None:
        return project or Folders.shipped()
    is_own = project is not None and cases.is_relative_to(project.decisions.resolve())
    return project if project is not None and is_own else Folders.find(shown(cases.parent))


def _folders_of_project(config: pytest.Config) -> Folders | None:
    named = config.getini(CATALOGUE)
    if named:
        return Folders.find(shown(config.rootpath / named))
    return Folders.of_project(shown(config.rootpath))
