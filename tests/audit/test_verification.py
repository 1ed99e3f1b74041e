"""Verification: every mutation of a trail is found, and the first bad record is named."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from criterion.audit import Checkpoint, Entry, MemoryTrail, verify
from criterion.audit.definitions import Definition
from criterion.audit.entry import Chain, entry_of
from tests.audit.trails import json_lines, recorded, standing

COUNT: Final = 6

Mutation = Callable[[list[Entry]], list[Entry]]


def written(count: int = COUNT) -> list[Entry]:
    trail = MemoryTrail()
    recorded(trail, count)
    return trail.entries


def changed(at: int, **members: object) -> Mutation:
    """Return what changes members of one entry."""
    return lambda entries: [
        each._replace(**members) if n == at else each  # type: ignore[arg-type] # as a forger does
        for n, each in enumerate(entries)
    ]


def payload_changed(at: int) -> Mutation:
    def mutate(entries: list[Entry]) -> list[Entry]:
        payload = str(entries[at].payload).replace("heavy", "light")
        return changed(at, payload=payload)(entries)

    return mutate


def forged(entries: list[Entry]) -> list[Entry]:
    """Put an entry of a chain of one's own into the middle."""
    chain = Chain(entries[2].writer)
    chain.sequence, chain.hash = entries[2].sequence, entries[2].hash
    made = chain.link([(entries[2].id, str(entries[2].payload))])
    return [*entries[:3], *made, *entries[3:]]


def relinked(entries: list[Entry]) -> list[Entry]:
    """Change a payload, and link the entry anew."""
    chain = Chain(entries[2].writer)
    chain.sequence, chain.hash = entries[1].sequence, entries[1].hash
    payload = str(entries[2].payload).replace("heavy", "light")
    return [*entries[:2], *chain.link([(entries[2].id, payload)]), *entries[3:]]


MUTATIONS: Final[dict[str, tuple[Mutation, int, str]]] = {
    "first payload": (payload_changed(0), 1, "its payload was changed"),
    "payload": (payload_changed(2), 3, "its payload was changed"),
    "last payload": (payload_changed(5), 6, "its payload was changed"),
    "payload with a new link": (relinked, 4, "does not follow the entry before it"),
    "salt": (changed(2, salt="0" * 32), 3, "its payload was changed"),
    "digest": (changed(2, digest="0" * 64), 3, "its link was changed"),
    "hash": (changed(2, hash="0" * 64), 3, "its link was changed"),
    "last hash": (changed(5, hash="0" * 64), 6, "its link was changed"),
    "previous": (changed(2, previous="0" * 64), 3, "its link was changed"),
    "id": (changed(2, id="0" * 36), 3, "its link was changed"),
    "sequence": (changed(2, sequence=9), 9, "its link was changed"),
    "writer": (changed(2, writer="other"), 3, "its link was changed"),
    "payload removed": (changed(2, payload=None, salt=None), 3, "its payload was removed"),
    "deleted": (lambda e: e[:2] + e[3:], 4, "entry 3 is before it missing"),
    "two deleted": (lambda e: e[:2] + e[4:], 5, "entries 3 to 4 are before it missing"),
    "duplicated": (lambda e: [*e[:3], e[2], *e[3:]], 3, "stands out of order or twice"),
    "swapped": (lambda e: [*e[:2], e[3], e[2], *e[4:]], 4, "entry 3 is before it missing"),
    "reversed": (lambda e: e[::-1], 6, "entries 1 to 5 are before it missing"),
    "moved to the end": (lambda e: [*e[:2], *e[3:], e[2]], 4, "entry 3 is before it missing"),
    "inserted": (forged, 4, "stands out of order or twice"),
    "cut head": (lambda e: e[2:], 3, "entries 1 to 2 are before it missing"),
    "cut tail": (lambda e: e[:-2], 6, "the tail is cut: entry 6"),
    "all cut": (lambda _: [], 6, "the chain of writer"),
    "another chain": (lambda e: Chain(e[0].writer).link([(x.id, str(x.payload)) for x in e]),
                      6, "is not the entry that the checkpoint names"),
}  # fmt: skip


@pytest.mark.parametrize(("mutate", "sequence", "problem"), MUTATIONS.values(), ids=MUTATIONS)
def test_every_mutation_is_found_and_named(mutate: Mutation, sequence: int, problem: str) -> None:
    entries = written()
    last = entries[-1]

    report = verify(standing(mutate(entries)), [Checkpoint(last.writer, last.sequence, last.hash)])

    assert not report.is_intact
    assert report.findings[0].sequence == sequence
    assert problem in report.findings[0].problem


@pytest.mark.parametrize(("mutate", "sequence", "problem"), MUTATIONS.values(), ids=MUTATIONS)
def test_every_mutation_is_found_in_an_exported_file(
    mutate: Mutation, sequence: int, problem: str, tmp_path: Path
) -> None:
    entries = written()
    last = entries[-1]
    exported = json_lines(tmp_path / "trail", mutate(entries))

    report = verify(exported.stood(), [Checkpoint(last.writer, last.sequence, last.hash)])

    assert report.findings[0].sequence == sequence
    assert problem in report.findings[0].problem


def test_an_untouched_trail_is_intact() -> None:
    entries = written()
    first, last = entries[0], entries[-1]
    kept = [Checkpoint(each.writer, each.sequence, each.hash) for each in (first, last)]

    report = verify(standing(entries), kept)

    assert report.is_intact
    assert report.entries == COUNT
    assert report.checkpoints == (kept[1],)


def test_entries_of_several_writers_may_be_mixed() -> None:
    ours, theirs = written(), written()
    mixed = [entry for pair in zip(ours, theirs, strict=True) for entry in pair]

    report = verify(standing(mixed))

    assert report.is_intact
    assert {each.writer for each in report.checkpoints} == {ours[0].writer, theirs[0].writer}


def test_a_change_in_one_chain_is_not_laid_on_another() -> None:
    ours, theirs = written(), payload_changed(3)(written())

    report = verify(standing([*ours, *theirs]))

    assert [finding.writer for finding in report.findings] == [theirs[0].writer]
    assert [finding.id for finding in report.findings] == [theirs[3].id]


def test_without_a_checkpoint_a_cut_tail_does_not_show() -> None:
    assert verify(standing(written()[:-2])).is_intact


def test_the_tail_is_compared_with_every_checkpoint() -> None:
    entries = written()
    middle = entries[2]

    report = verify(standing(entries[:2]), [Checkpoint(middle.writer, 3, middle.hash)])

    assert [str(finding) for finding in report.findings] == [
        f"after line 2: the tail is cut: entry 3 of writer {middle.writer} is missing"
    ]


def test_all_findings_are_counted_and_some_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("criterion.audit.verification.FINDINGS_MAX", 2)
    entries = [entry._replace(salt="0" * 32) for entry in written()]

    report = verify(standing(entries))

    assert report.found == COUNT
    assert len(report.findings) == 2


def test_a_changed_definition_is_found() -> None:
    trail = MemoryTrail()
    recorded(trail, 1)
    genuine = list(trail.definitions().values())
    changed_ones = [Definition(each.digest, each.kind, f"{each.text} ") for each in genuine]

    report = verify(trail.stood(), (), changed_ones)

    assert verify(trail.stood(), (), genuine).is_intact
    assert [each.kind for each in genuine] == ["python", "profile"]
    assert [finding.problem for finding in report.findings] == ["was changed", "was changed"]


def test_a_line_is_the_entry_byte_by_byte() -> None:
    for entry in written():
        assert entry_of(entry.line()) == entry


NO_LINES: Final = {
    "space": lambda line: line.replace(":", ": ", 1),
    "member": lambda line: line.replace("{", '{"x":1,', 1),
    "after": lambda line: f"{line} ",
    "list": lambda line: f"[{line}]",
    "empty": lambda _: "",
    "leading zero": lambda line: re.sub(r'"sequence":', '"sequence":0', line),
    "capitals": lambda line: line.replace('"hash":"', '"hash":"A', 1),
}


@pytest.mark.parametrize("mutate", NO_LINES.values(), ids=NO_LINES)
def test_a_line_in_another_form_is_no_entry(mutate: Callable[[str], str]) -> None:
    line = written(1)[0].line()

    assert entry_of(mutate(line)) is None
