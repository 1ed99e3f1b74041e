"""Verification: whether the entries of a trail are those that were written, all and in order."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from criterion.audit.batch import Stood
from criterion.audit.definitions import Definition
from criterion.audit.entry import START, Checkpoint, Entry
from criterion.audit.removal import Range, Removal, holds, removal_in

FINDINGS_MAX: Final = 1_000
"""How many findings a report lists; all are counted."""


class Finding(NamedTuple):
    """One place where a trail is not as it was written.

    Attributes:
        place: Where it stands: a file and a line, a row, a position.
        writer: Whose chain; ``None`` where that cannot be read.
        sequence: The number in the chain; ``None`` where that cannot be read.
        id: The id of the record; ``None`` where that cannot be read.
        problem: What is wrong.
    """

    place: str
    writer: str | None
    sequence: int | None
    id: str | None
    problem: str

    def __str__(self) -> str:
        """Return place, record and problem, in one line."""
        record = f" record {self.id}" if self.id else ""
        return f"{self.place}:{record} {self.problem}"


class Report(NamedTuple):
    """What verification found.

    Attributes:
        entries: How many entries stand in the trail.
        findings: What is wrong, in the order of the trail; at most `FINDINGS_MAX`.
        found: How many findings there are, listed or not.
        torn: The places of unfinished last lines, which a crash leaves; no findings.
        checkpoints: How far each chain has come.
        erased: How many payloads are missing that a note says were erased or pruned.
        pruned: Up to which entry chains were removed, as notes say.
    """

    entries: int
    findings: tuple[Finding, ...]
    found: int
    torn: tuple[str, ...]
    checkpoints: tuple[Checkpoint, ...]
    erased: int = 0
    pruned: tuple[Checkpoint, ...] = ()

    @property
    def is_intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.found


def verify(
    stood: Iterable[Stood],
    checkpoints: Iterable[Checkpoint] = (),
    definitions: Iterable[Definition] = (),
) -> Report:
    """Check every entry, every chain, and that each chain had come as far as its checkpoints say.

    Args:
        stood: What stands in the trail; the entries of several writers may be mixed.
        checkpoints: From elsewhere. Without any, a tail that was cut off does not show.
        definitions: What the records refer to.
    """
    checking = _Checking(checkpoints)
    for each in stood:
        checking.take(each)
    for definition in definitions:
        if not definition.is_genuine:
            checking.find(f"definition {definition.digest}", None, "was changed")
    return checking.report()


class _Reached:
    """How far one chain was checked."""

    __slots__ = ("hash", "place", "sequence")

    def __init__(self) -> None:
        self.sequence = 0
        self.hash = START
        self.place = "the beginning"


class _Removed(NamedTuple):
    """What is missing, and perhaps excused.

    Attributes:
        finding: What it is if it is not excused.
        at: The erased entry, its hash empty; or the last missing one.
    """

    finding: Finding
    at: Checkpoint


class _Notes:
    """What all notes of a trail say was taken out on purpose."""

    def __init__(self) -> None:
        self._erased: dict[str, list[tuple[Range, ...]]] = {}
        self._pruned: dict[str, Checkpoint] = {}

    @property
    def chains(self) -> tuple[Checkpoint, ...]:
        """Up to which entry chains were removed."""
        return tuple(each for _, each in sorted(self._pruned.items()))

    def take(self, removal: Removal) -> None:
        for writer, ranges in removal.erased.items():
            self._erased.setdefault(writer, []).append(ranges)
        for each in removal.pruned:
            known = self._pruned.get(each.writer, each)
            self._pruned[each.writer] = max(known, each, key=lambda one: one.sequence)

    def excuse(self, at: Checkpoint, *, is_pruned: bool = False) -> bool:
        """Whether an entry was pruned, or else its payload erased."""
        pruned = self._pruned.get(at.writer)
        if pruned is not None and at.sequence <= pruned.sequence:
            return at.sequence < pruned.sequence or at.hash in {"", pruned.hash}
        if is_pruned or at.hash:
            return False
        return any(holds(ranges, at.sequence) for ranges in self._erased.get(at.writer, ()))


class _Checking:
    """One verification."""

    def __init__(self, checkpoints: Iterable[Checkpoint]) -> None:
        self._wanted = {(each.writer, each.sequence): each.hash for each in checkpoints}
        self._chains: dict[str, _Reached] = {}
        self._findings: list[Finding] = []
        self._removed: list[_Removed] = []
        self._notes = _Notes()
        self._found = self._entries = 0
        self._torn: list[str] = []

    def take(self, stood: Stood) -> None:
        entry = stood.entry
        if stood.is_torn:
            self._torn.append(stood.place)
        elif stood.problem:
            self.find(stood.place, entry, stood.problem)
        if entry is None:
            return
        self._entries += 1
        if not entry.is_linked:
            self.find(stood.place, entry, "its link was changed")
        elif entry.payload is None:
            self._remove(stood.place, entry, "its payload was removed", entry.sequence)
        elif not entry.is_whole:
            self.find(stood.place, entry, "its payload was changed")
        elif (removal := removal_in(entry.payload)) is not None:
            self._notes.take(removal)
        self._follow(stood.place, entry)

    def _follow(self, place: str, entry: Entry) -> None:
        """Check that an entry comes right after the one before it in its chain."""
        reached = self._chains.get(entry.writer)
        if reached is None:
            reached = self._chains[entry.writer] = _Reached()
        missing = entry.sequence - reached.sequence - 1
        if missing < 0:
            problem = f"stands out of order or twice: entry {reached.sequence} came before it"
            self.find(place, entry, problem)
            return
        if missing:
            problem = f"{_entries(reached.sequence + 1, missing)} before it missing"
            if reached.sequence:
                self.find(place, entry, problem)
            else:
                self._remove(place, entry, problem, missing)
        elif entry.previous != reached.hash:
            self.find(place, entry, "does not follow the entry before it")
        reached.sequence, reached.hash, reached.place = entry.sequence, entry.hash, place
        wanted = self._wanted.pop((entry.writer, entry.sequence), entry.hash)
        if wanted != entry.hash:
            self.find(place, entry, "is not the entry that the checkpoint names")

    def _remove(self, place: str, entry: Entry, problem: str, sequence: int) -> None:
        """Keep a finding that a note may excuse, which may stand anywhere in the trail."""
        finding = Finding(place, *entry[:3], problem)
        is_gap = sequence < entry.sequence
        after = entry.previous if is_gap else None
        self._removed.append(_Removed(finding, Checkpoint(entry.writer, sequence, after or "")))
        self._findings.append(finding)

    def find(self, place: str, entry: Entry | None, problem: str) -> None:
        self._found += 1
        if self._found <= FINDINGS_MAX:  # those that may be excused do not count yet
            writer, sequence, id = entry[:3] if entry else (None, None, None)
            self._findings.append(Finding(place, writer, sequence, id, problem))

    def report(self) -> Report:
        for finding in self._unreached():
            self._found += 1
            self._findings.append(finding)
        excused = {id(each.finding) for each in self._removed if self._notes.excuse(each.at)}
        self._found += len(self._removed) - len(excused)
        erased = sum(not each.at.hash for each in self._removed if id(each.finding) in excused)
        findings = [each for each in self._findings if id(each) not in excused]
        checkpoints = (
            Checkpoint(writer, reached.sequence, reached.hash)
            for writer, reached in sorted(self._chains.items())
        )
        return Report(
            self._entries,
            tuple(findings[:FINDINGS_MAX]),
            self._found,
            tuple(self._torn),
            tuple(checkpoints),
            erased,
            self._notes.chains,
        )

    def _unreached(self) -> Iterator[Finding]:
        """Yield a finding for each checkpoint whose entry is not there."""
        for (writer, sequence), wanted in sorted(self._wanted.items()):
            if self._notes.excuse(Checkpoint(writer, sequence, wanted), is_pruned=True):
                continue
            reached = self._chains.get(writer)
            if reached is None:
                problem = f"the chain of writer {writer} is missing, which had {sequence} entries"
                yield Finding("the trail", writer, sequence, None, problem)
            else:
                problem = f"the tail is cut: entry {sequence} of writer {writer} is missing"
                yield Finding(f"after {reached.place}", writer, sequence, None, problem)


def _entries(first: int, count: int) -> str:
    return f"entry {first} is" if count == 1 else f"entries {first} to {first + count - 1} are"
