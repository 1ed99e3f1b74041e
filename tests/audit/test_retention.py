"""Retention: what is erased or pruned is gone, and the trail still verifies."""

import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from criterion.audit import (
    AuditRecorder,
    Checkpoint,
    Entry,
    JsonLinesTrail,
    MemoryTrail,
    Search,
    Trail,
    erase,
    exported,
    open_trail,
    prune,
    verify,
)
from criterion.audit.removal import Removal, holds, ranges_of, removal_in
from criterion.clock import FixedClock
from criterion.engine import Engine
from criterion.errors import AuditError
from tests.audit.test_search import ALL_KINDS, HOUR, Hourly, fill, filled
from tests.audit.trails import CLOCK, QUICK, entries_of, is_intact, json_lines, recorded, standing
from tests.parcels import HEAVY_PARCEL, NOON, TARIFF, parcel_surcharge

SUBJECT: Final = Search(metadata={"customer": "b"})
LATER: Final = FixedClock(NOON + timedelta(days=30))


@pytest.fixture(name="trail", params=ALL_KINDS)
def fixture_trail(request: pytest.FixtureRequest, tmp_path: Path) -> Trail:
    """Return a trail of four records, an hour apart; three are of one customer."""
    return filled(request, tmp_path)


def test_an_erased_subject_is_gone_and_the_trail_verifies(trail: Trail) -> None:
    before = verify(trail.stood())

    count = erase(trail, SUBJECT, clock=LATER)

    report = verify(trail.stood(), before.checkpoints, trail.definitions().values())
    assert (count, report.findings, report.erased, report.entries) == (3, (), 3, 5)
    assert list(trail.found(SUBJECT)) == []
    assert [record.members["metadata"]["customer"] for record in trail.found(Search(rule="heavy"))]
    assert not any('"b"' in (entry.payload or "") for entry in entries_of(trail))
    assert erase(trail, SUBJECT, clock=LATER) == 0


def test_a_note_says_how_many_were_erased_and_not_whose(trail: Trail) -> None:
    erase(trail, SUBJECT, clock=LATER)

    [note] = trail.found(Search(status="erasure"))

    assert note.members["count"] == 3
    assert list(note.members["entries"].values()) == [[[2, 4]]]
    assert set(note.members) == {"id", "kind", "at", "count", "entries"}


def test_erasing_needs_a_subject(trail: Trail) -> None:
    with pytest.raises(AuditError, match="no subject"):
        erase(trail, Search(decision="card-check"))


def test_a_payload_that_no_note_names_is_a_finding(trail: Trail) -> None:
    erase(trail, SUBJECT, clock=LATER)
    [other] = trail.found(Search(metadata={"customer": "a"}))
    trail.remove(Removal({other.entry.writer: ((1, 1),)}))

    report = verify(trail.stood())

    assert [finding.problem for finding in report.findings] == ["its payload was removed"]
    assert (report.found, report.findings[0].sequence) == (1, 1)


def test_a_note_that_was_changed_excuses_nothing() -> None:
    trail = MemoryTrail()
    fill(trail)
    erase(trail, SUBJECT, clock=LATER)
    note = trail.entries[-1]
    payload = (note.payload or "").replace("[[2,4]]", "[[1,4]]")
    trail.entries[-1] = note._replace(payload=payload)

    assert verify(trail.stood()).found == 4


def test_a_pruned_trail_verifies_against_old_checkpoints(trail: Trail) -> None:
    before = verify(trail.stood())

    [checkpoint] = prune(trail, NOON + 2 * HOUR, clock=LATER)

    report = verify(trail.stood(), before.checkpoints, trail.definitions().values())
    assert (checkpoint.sequence, report.findings, report.pruned) == (2, (), (checkpoint,))
    assert [each.members.get("kind") for each in trail.found(Search(until=NOON + 2 * HOUR))] == []
    assert len(list(trail.found(Search(status="OK")))) == 1


def test_a_checkpoint_of_the_pruned_part_is_compared_where_it_can_be(trail: Trail) -> None:
    entries = entries_of(trail)
    marks = [Checkpoint(each.writer, each.sequence, each.hash) for each in entries[:2]]
    prune(trail, NOON + 2 * HOUR, clock=LATER)

    other = marks[1]._replace(hash="0" * 64)

    assert verify(trail.stood(), marks).is_intact
    assert not verify(trail.stood(), [other]).is_intact


def test_everything_old_is_pruned_but_notes(trail: Trail) -> None:
    erase(trail, SUBJECT, clock=LATER)
    before = verify(trail.stood())

    prune(trail, LATER.at + HOUR, clock=LATER)

    report = verify(trail.stood(), before.checkpoints)
    assert report.findings == ()
    assert {terms.outcome for _, terms in trail.terms(Search())} == {"erasure", "prune"}


def test_nothing_is_noted_where_nothing_is_old(trail: Trail) -> None:
    assert prune(trail, NOON) == ()
    assert len(entries_of(trail)) == 4


def test_pruning_twice_goes_on_where_it_ended(trail: Trail) -> None:
    prune(trail, NOON + HOUR, clock=LATER)
    [second] = prune(trail, NOON + 3 * HOUR, clock=LATER)

    report = verify(trail.stood())
    assert (second.sequence, report.pruned, report.findings) == (3, (second,), ())


CUTS: Final[dict[str, Callable[[list[Entry]], list[Entry]]]] = {
    "one more entry": lambda entries: entries[1:],
    "an entry in the middle": lambda entries: [entries[0], *entries[2:]],
    "the note": lambda entries: entries[:-1],
    "another first entry": lambda entries: [
        entries[0]._replace(previous="0" * 64), *entries[1:]
    ],
}  # fmt: skip


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_pruning_excuses_nothing_else(cut: Callable[[list[Entry]], list[Entry]]) -> None:
    trail = MemoryTrail()
    recorded(trail, 3)
    with AuditRecorder(trail, delivery=QUICK) as recorder:
        engine = Engine(recorder=recorder, clock=Hourly())
        for _ in range(5):
            engine.run(parcel_surcharge, HEAVY_PARCEL, TARIFF)
    trail.entries = trail.entries[3:]
    prune(trail, NOON + HOUR, clock=LATER)

    assert verify(standing(trail.entries)).is_intact
    assert not verify(standing(cut(trail.entries))).is_intact


def test_a_trail_that_is_not_intact_is_not_pruned() -> None:
    trail = MemoryTrail()
    fill(trail)
    del trail.entries[2]

    with pytest.raises(AuditError, match=r"is not intact: .*entry 3 is"):
        prune(trail, NOON + HOUR)


def test_a_crash_after_the_note_leaves_a_trail_that_verifies(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: object, __: Removal) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(trail), "remove", crash)
        with pytest.raises(KeyboardInterrupt):
            erase(trail, SUBJECT, clock=LATER)
        with pytest.raises(KeyboardInterrupt):
            prune(trail, NOON + HOUR, clock=LATER)

    assert is_intact(trail)
    assert erase(trail, SUBJECT, clock=LATER) == 3


def test_erasing_does_not_disturb_a_program_that_writes(tmp_path: Path) -> None:
    trail = JsonLinesTrail(tmp_path / "trail")
    with AuditRecorder(trail, delivery=QUICK, clock=CLOCK) as recorder:
        engine = Engine(recorder=recorder, clock=Hourly())
        for customer in ("a", "b", "a"):
            engine.run(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata={"customer": customer})
        recorder.flush()
        erase(trail, SUBJECT, clock=LATER)
        prune(trail, NOON + 3 * HOUR, clock=LATER)
        engine.run(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata={"customer": "c"})

    assert verify(trail.stood(), [recorder.checkpoint or Checkpoint("", 0, "")]).findings == ()
    assert [each.members["metadata"] for each in trail.found(Search(rule="heavy"))] == [
        {"customer": "c"}
    ]


def test_old_files_are_deleted_whole(tmp_path: Path) -> None:
    folder = tmp_path / "trail"
    trail = JsonLinesTrail(folder, file_bytes=1)
    fill(trail)
    [writer] = {entry.writer for entry in entries_of(trail)}

    prune(trail, LATER.at, clock=LATER)

    assert list(folder.glob(f"{writer}*")) == []
    assert is_intact(trail)


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "trail"
    trail = JsonLinesTrail(folder)
    fill(trail)
    [file] = folder.glob("*.jsonl")
    file.rename(tmp_path / "elsewhere")
    file.mkdir()

    with pytest.raises(AuditError, match="cannot be written"):
        trail.remove(Removal({"x": ((1, 1),)}))


def test_nothing_of_the_subject_is_left_in_the_files_of_a_database(tmp_path: Path) -> None:
    trail = open_trail(f"sqlite:///{tmp_path}/audit.db")
    recorded(trail, 50, metadata={"customer": "somebody-in-particular"})

    erase(trail, Search(metadata={"customer": "somebody-in-particular"}), clock=LATER)

    left = b"".join(file.read_bytes() for file in tmp_path.glob("audit.db*"))
    assert b"somebody-in-particular" not in left
    connection = sqlite3.connect(tmp_path / "audit.db")
    assert connection.execute("SELECT count(*) FROM criterion_audit_metadata").fetchone() == (0,)
    connection.close()


def test_an_export_verifies_as_the_trail_does(trail: Trail, tmp_path: Path) -> None:
    erase(trail, SUBJECT, clock=LATER)
    lines = list(exported(trail))
    file = tmp_path / "export.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines))

    copy = open_trail(file)
    report = verify(copy.stood(), (), copy.definitions().values())

    assert report == verify(trail.stood())
    assert copy.definitions() == trail.definitions()
    assert len(lines) == report.entries + len(copy.definitions()) == 5 + 3


def test_a_changed_definition_of_an_export_is_found(tmp_path: Path) -> None:
    source = MemoryTrail()
    recorded(source, 2)
    file = tmp_path / "export.jsonl"
    file.write_text("\n".join([*exported(source), ""]).replace("heavy_from_g", "heavy_from_t"))
    copy = open_trail(file)

    report = verify(copy.stood(), (), copy.definitions().values())

    assert {finding.problem for finding in report.findings} == {"was changed"}
    assert report.entries == 2


NO_DEFINITIONS: Final = (
    '{"definition":{}}',
    '{"definition":null}',
    '{"definition":{"digest":"sha256:0","kind":"yaml"}}',
    '{"definition":' + "[" * 100_000,
)


@pytest.mark.parametrize("line", NO_DEFINITIONS, ids=range(len(NO_DEFINITIONS)))
def test_a_line_that_only_looks_like_a_definition_is_a_finding(tmp_path: Path, line: str) -> None:
    (tmp_path / "export.jsonl").write_text(f"{line}\n")
    copy = open_trail(tmp_path)

    assert [each.problem for each in copy.stood()] == ["is not an entry"]
    assert not copy.definitions()


def test_what_is_no_entry_is_not_exported(tmp_path: Path) -> None:
    source = MemoryTrail()
    recorded(source, 2)
    trail = json_lines(tmp_path / "trail", source.entries)
    file = tmp_path / "trail" / "export.jsonl"
    file.write_text(file.read_text() + "{}\n{")

    with pytest.raises(AuditError, match=r"export\.jsonl:3 is not an entry"):
        list(exported(trail))


def test_an_unfinished_line_is_left_out_of_an_export(tmp_path: Path) -> None:
    source = MemoryTrail()
    recorded(source, 2)
    trail = json_lines(tmp_path / "trail", source.entries)
    file = tmp_path / "trail" / "export.jsonl"
    os.truncate(file, file.stat().st_size - 5)

    assert len(list(exported(trail))) == 1


RANGES: Final[dict[str, tuple[list[int], tuple[Any, ...]]]] = {
    "none": ([], ()),
    "one": ([7], ((7, 7),)),
    "together": ([3, 1, 2], ((1, 3),)),
    "apart": ([1, 3, 4, 9], ((1, 1), (3, 4), (9, 9))),
}


@pytest.mark.parametrize(("numbers", "ranges"), RANGES.values(), ids=RANGES)
def test_ranges_hold_their_numbers_and_no_others(
    numbers: list[int], ranges: tuple[Any, ...]
) -> None:
    assert ranges_of(numbers) == ranges
    assert [number for number in range(12) if holds(ranges, number)] == sorted(numbers)


def test_other_records_are_no_removals() -> None:
    trail = MemoryTrail()
    recorded(trail, 1)

    assert removal_in(trail.entries[0].payload or "") is None
