"""Releasing: recording the digests of decisions, so that a released version never changes."""

from collections.abc import Iterable
from pathlib import Path

from criterion.catalogue import AnyDecision, Catalogue
from criterion.documents.releases_file import Releases, dump, read_releases
from criterion.errors import CatalogueError, DefinitionError
from criterion.folders import Folders
from criterion.identity import parse_version


def release(folders: Folders, decisions: Iterable[AnyDecision]) -> tuple[AnyDecision, ...]:
    """Record decisions in ``releases.yaml``.

    Returns:
        Those that were not released before.

    Raises:
        DefinitionError: Some cannot be released: another definition was released as the same
            version, or the source of a rule is not to be had. Nothing was recorded.
    """
    before = releases_in(folders)
    releases, errors = before, []
    for decision in decisions:
        try:
            releases = releases.with_release(decision)
        except DefinitionError as error:
            errors.append(error)
    if errors:
        raise CatalogueError(errors)
    if releases != before:
        _write(folders.releases, dump(releases))
    return tuple(part for part in decisions if before.digest(part.id, part.version) is None)


def unreleased(catalogue: Catalogue) -> tuple[AnyDecision, ...]:
    """Return the decisions that are no pre-releases and were not released yet."""
    if catalogue.folders is None:
        return ()
    releases = releases_in(catalogue.folders)
    return tuple(
        decision
        for decision in catalogue.decisions
        if _is_final(decision) and releases.digest(decision.id, decision.version) is None
    )


def releases_in(folders: Folders) -> Releases:
    """Return what was released; nothing where there is no file of releases.

    Raises:
        DocumentError: The file has mistakes.
    """
    if not folders.releases.is_file():
        return Releases()
    return read_releases(folders.releases.read_bytes(), str(folders.releases))


def _is_final(decision: AnyDecision) -> bool:
    version = parse_version(decision.version)
    return version is not None and version.is_final


def _write(file: Path, text: str) -> None:
    """Write all of a file or nothing, so that no reader ever sees half of it."""
    draft = file.with_name(f"{file.name}.draft")
    draft.write_text(text, "utf-8", newline="\n")
    draft.replace(file)
