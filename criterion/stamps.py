"""Stamps: whether any file of a catalogue has changed, without reading them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from criterion.folders import Folders

Stamp: TypeAlias = frozenset[tuple[Path, int, int, int]]
"""What can be seen of files without reading them."""


def stamp_of(folders: Folders) -> Stamp:
    """Return what changes when any file of a catalogue does."""
    return frozenset(_stamps(folders))


def _stamps(folders: Folders) -> Iterator[tuple[Path, int, int, int]]:
    files = (
        *folders.decision_files(),
        *folders.cases_files(),
        *folders.profile_files(),
        *folders.misnamed_files(),
        folders.releases,
    )
    for file in files:
        try:
            found = file.stat()
        except OSError:  # not there, or gone since
            continue
        yield file, found.st_mtime_ns, found.st_size, found.st_ino
