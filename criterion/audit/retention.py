"""Retention: old records are pruned and a subject's erased, and the trail still verifies."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from criterion.audit.batch import Batch, Stood
from criterion.audit.entry import Checkpoint
from criterion.audit.removal import Removal, erasing, noted, removal_in
from criterion.audit.search import FOUND_MAX, Search, first_id
from criterion.audit.trail import Trail
from criterion.audit.verification import Report, verify
from criterion.clock import Clock, SystemClock
from criterion.errors import AuditError


def erase(trail: Trail, search: Search, *, clock: Clock | None = None) -> int:
    """Erase the payloads of every record that is asked for, and what they are found by.

    Links, definitions and records about the trail itself stay. A note says which entries were
    erased, and nothing of what they held. Records that still wait to be written are not reached.

    Args:
        trail: Where they stand.
        search: Must ask for metadata.
        clock: Dates the note.

    Returns:
        How many records were erased.

    Raises:
        AuditError: The search asks for no metadata, or the trail cannot be written.
    """
    if not search.words:
        raise AuditError("no subject was named", hint="search by metadata, as in `customer=org_7`")
    erased = 0
    while found := [each.entry for each in trail.found(search, FOUND_MAX)]:
        _remove(trail, erasing(found), clock or SystemClock())
        erased += len(found)
    return erased


def prune(trail: Trail, before: datetime, *, clock: Clock | None = None) -> tuple[Checkpoint, ...]:
    """Remove the beginning of every chain: all entries before the first that is young enough.

    Files of JSON lines are removed whole; where a file also has younger entries, or is still being
    written, the payloads of its old ones are erased. Notes of erasures and of earlier prunes stay.

    Args:
        trail: What is pruned; it must verify.
        before: An aware instant.
        clock: Dates the note.

    Returns:
        Up to which entry each chain was removed; chains that lost nothing are left out.

    Raises:
        AuditError: The trail does not verify, or cannot be written.
    """
    planned = _Plan(first_id(before))
    report: Report = verify(planned.watching(trail.stood()))
    if not report.is_intact:
        message = f"the trail is not intact: {report.findings[0]}"
        raise AuditError(message, hint="see `criterion audit verify`; pruning would hide it")
    pruned = planned.pruned()
    if pruned:
        _remove(trail, Removal({}, pruned), clock or SystemClock())
    return pruned


def _remove(trail: Trail, removal: Removal, clock: Clock) -> None:
    """Note a removal, then do it: a crash in between leaves more than the note says, not less."""
    entry, terms = noted(removal, clock)
    sink = trail.sink(entry.writer)
    try:
        sink.append(Batch([entry], [terms]))
    finally:
        sink.close()
    trail.remove(removal)


class _Plan:
    """How much of each chain is old, found out while it is verified."""

    def __init__(self, end: str) -> None:
        self._end = end
        self._old: dict[str, Checkpoint] = {}
        self._done: set[str] = set()

    def watching(self, stood: Iterable[Stood]) -> Iterator[Stood]:
        for each in stood:
            entry = each.entry
            if entry is not None and entry.writer not in self._done:
                is_note = entry.payload is not None and removal_in(entry.payload) is not None
                if entry.id >= self._end or is_note:
                    self._done.add(entry.writer)
                else:
                    self._old[entry.writer] = Checkpoint(entry.writer, entry.sequence, entry.hash)
            yield each

    def pruned(self) -> tuple[Checkpoint, ...]:
        return tuple(checkpoint for _, checkpoint in sorted(self._old.items()))
