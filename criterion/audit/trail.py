"""Trails: where entries stand. This one keeps them in memory."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from criterion.audit.batch import Batch, Stood
from criterion.audit.definitions import Definition
from criterion.audit.entry import Entry
from criterion.audit.removal import Removal, holds
from criterion.audit.search import AuditRecord, Search, newest, scanned, standing
from criterion.audit.terms import Terms


class Sink(Protocol):
    """Writes the entries of one writer."""

    def append(self, batch: Batch) -> None:
        """Write all of a batch, or nothing of it.

        Raises:
            AuditError: It could not be written, or it is unknown whether it was; appending the
                same batch again is safe.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections. Never raises."""
        ...


class Trail(Protocol):
    """A place where entries stand. It holds no open file or connection of its own."""

    def sink(self, writer: str) -> Sink:
        """Return what writes the entries of a new writer; it opens nothing yet."""
        ...

    def stood(self) -> Iterator[Stood]:
        """Yield everything that stands in the trail, the entries of each writer in their order.

        Raises:
            AuditError: It cannot be read.
        """
        ...

    def definitions(self) -> Mapping[str, Definition]:
        """Return the definitions by digest, as they stand.

        Raises:
            AuditError: They cannot be read.
        """
        ...

    def get(self, id: str) -> AuditRecord | None:
        """Return the record of an id, or ``None`` where there is none.

        Raises:
            AuditError: It cannot be read.
        """
        ...

    def found(self, search: Search, limit: int = 100) -> Iterator[AuditRecord]:
        """Yield the records that are asked for, the newest first. Erased ones are not found.

        Raises:
            AuditError: The trail cannot be read.
        """
        ...

    def terms(self, search: Search) -> Iterator[tuple[str, Terms]]:
        """Yield id and terms of everything that is asked for, in no order; words may be missing.

        Raises:
            AuditError: The trail cannot be read.
        """
        ...

    def remove(self, removal: Removal) -> None:
        """Take out payloads and entries for good; doing it again is safe.

        Raises:
            AuditError: The trail cannot be written.
        """
        ...


class MemoryTrail:
    """Keeps entries in a list, for tests and for trying things out.

    Attributes:
        entries: Everything recorded so far, in the order of writing.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.entries: list[Entry] = []
        self._definitions: dict[str, Definition] = {}

    def sink(self, writer: str) -> "MemoryTrail":  # noqa: ARG002 -- all write into one list
        """Return the trail itself."""
        return self

    def append(self, batch: Batch) -> None:
        """Keep the batch."""
        self.entries.extend(batch.entries)
        self._definitions.update((each.digest, each) for each in batch.definitions)

    def close(self) -> None:
        """Do nothing."""

    def stood(self) -> Iterator[Stood]:
        """Yield the entries, each with its position."""
        return (Stood(f"entry {n}", entry) for n, entry in enumerate(self.entries, 1))

    def definitions(self) -> Mapping[str, Definition]:
        """Return the definitions by digest."""
        return self._definitions

    def get(self, id: str) -> AuditRecord | None:
        """Return the record of an id."""
        return standing(self.stood(), id)

    def found(self, search: Search, limit: int = 100) -> Iterator[AuditRecord]:
        """Yield the records that are asked for, the newest first."""
        return newest(self.stood(), search, limit)

    def terms(self, search: Search) -> Iterator[tuple[str, Terms]]:
        """Yield id and terms of what is asked for."""
        return ((entry.id, terms) for entry, terms in scanned(self.stood(), search))

    def remove(self, removal: Removal) -> None:
        """Take out payloads and entries."""
        pruned = {each.writer: each.sequence for each in removal.pruned}
        self.entries = [
            _erased(entry) if holds(removal.erased.get(entry.writer, ()), entry.sequence) else entry
            for entry in self.entries
            if entry.sequence > pruned.get(entry.writer, 0)
        ]


def _erased(entry: Entry) -> Entry:
    return entry._replace(salt=None, payload=None)
