"""Removals: which payloads and entries were taken out of a trail on purpose, as a note records."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from criterion.audit.entry import Chain, Checkpoint, Entry
from criterion.audit.payload import note
from criterion.audit.terms import Terms
from criterion.clock import Clock, new_id
from criterion.json_text import instant

ERASURE: Final = "erasure"
PRUNE: Final = "prune"

Range = tuple[int, int]
"""The first and the last of consecutive numbers."""

_KIND_AT: Final = len('{"id":"00000000-0000-7000-8000-000000000000",')
_MARKS: Final = (f'"kind":"{ERASURE}"', f'"kind":"{PRUNE}"')


class Removal(NamedTuple):
    """What is to be taken out, or was.

    Attributes:
        erased: The numbers of entries whose payload is erased, by writer; ranges in order.
        pruned: Up to which entry each chain is removed.
    """

    erased: Mapping[str, tuple[Range, ...]] = {}
    pruned: tuple[Checkpoint, ...] = ()

    @property
    def payloads(self) -> int:
        """How many payloads are erased."""
        ranges = (each for ranges in self.erased.values() for each in ranges)
        return sum(last - first + 1 for first, last in ranges)


def erasing(entries: Iterable[Entry]) -> Removal:
    """Return what erases the payloads of entries."""
    numbers: dict[str, list[int]] = {}
    for entry in entries:
        numbers.setdefault(entry.writer, []).append(entry.sequence)
    return Removal({writer: ranges_of(found) for writer, found in sorted(numbers.items())})


def ranges_of(numbers: Iterable[int]) -> tuple[Range, ...]:
    """Return numbers as ranges, in order."""
    ranges: list[Range] = []
    for number in sorted(numbers):
        if ranges and number <= ranges[-1][1] + 1:
            ranges[-1] = ranges[-1][0], number
        else:
            ranges.append((number, number))
    return tuple(ranges)


def holds(ranges: tuple[Range, ...], number: int) -> bool:
    """Whether a number is in one of the ranges."""
    at = bisect_right(ranges, (number, float("inf")))
    return at > 0 and number <= ranges[at - 1][1]


def noted(removal: Removal, clock: Clock) -> tuple[Entry, Terms]:
    """Return the note of a removal, as a chain of its own; it says nothing of what is removed."""
    now = clock.now()
    id = new_id(now)
    kind = PRUNE if removal.pruned else ERASURE
    members: dict[str, object] = (
        {"chains": [each._asdict() for each in removal.pruned]}
        if removal.pruned
        else {"count": removal.payloads, "entries": removal.erased}
    )
    [entry] = Chain(new_id(now)).link([(id, note(id, kind, instant(now), members))])
    return entry, Terms(None, None, kind, {})


def removal_in(payload: str) -> Removal | None:
    """Return the removal that a payload is the note of; ``None`` for other records."""
    if not payload.startswith(_MARKS, _KIND_AT):
        return None
    members: dict[str, Any] = json.loads(payload)
    if members["kind"] == PRUNE:
        return Removal({}, tuple(Checkpoint(**each) for each in members["chains"]))
    erased = {
        writer: tuple((first, last) for first, last in ranges)
        for writer, ranges in members["entries"].items()
    }
    return Removal(erased)
