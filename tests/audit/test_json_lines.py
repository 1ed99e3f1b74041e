"""JSON lines: files that turn over, tears that are set aside, disks that are full."""

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from criterion.audit import AuditRecorder, Delivery, JsonLinesTrail, verify
from criterion.audit.batch import Batch
from criterion.audit.definitions import Definition
from criterion.errors import AuditError
from tests.audit.trails import (
    BRIEF,
    CLOCK,
    QUICK,
    engine,
    entries_of,
    is_intact,
    lines_of,
    recorded,
)
from tests.parcels import HEAVY_PARCEL, TARIFF, parcel_surcharge

ROOT: Final = Path(__file__).parent.parent.parent


def test_every_entry_is_a_line_of_its_own(tmp_path: Path) -> None:
    recorded(JsonLinesTrail(tmp_path), 5)

    lines = lines_of(tmp_path)

    assert [entry.line() for entry in entries_of(JsonLinesTrail(tmp_path))] == lines
    assert len(lines) == 5
    assert is_intact(JsonLinesTrail(tmp_path))


def test_files_turn_over_and_are_read_in_order(tmp_path: Path) -> None:
    trail = JsonLinesTrail(tmp_path, file_bytes=4_000)

    with AuditRecorder(trail, clock=CLOCK, delivery=QUICK) as recorder:
        for _ in range(20):
            engine(recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)
            recorder.flush()

    files = sorted(tmp_path.glob("*.jsonl"))
    assert [file.name.split(".")[1] for file in files] == [
        f"{number:06}" for number in range(1, len(files) + 1)
    ]
    assert len(files) > 3
    assert all(file.stat().st_size <= 4_000 for file in files)
    assert [entry.sequence for entry in entries_of(trail)] == list(range(1, 21))
    assert is_intact(trail)


def test_a_missing_file_shows(tmp_path: Path) -> None:
    trail = JsonLinesTrail(tmp_path, file_bytes=1)
    with AuditRecorder(trail, clock=CLOCK, delivery=QUICK) as recorder:
        for _ in range(3):
            engine(recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)
            recorder.flush()

    sorted(tmp_path.glob("*.jsonl"))[1].unlink()

    [finding] = verify(trail.stood()).findings
    assert finding.problem == "entry 2 is before it missing"
    assert finding.place.endswith(".000003.jsonl:1")


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    recorded(JsonLinesTrail(tmp_path / "trail"), 1)

    paths = [tmp_path / "trail", *(tmp_path / "trail").glob("*.jsonl")]

    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o700, 0o600]


def test_batches_are_forced_to_the_disk_where_that_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)

    recorded(JsonLinesTrail(tmp_path / "without"), 1)
    assert synced == []
    recorded(JsonLinesTrail(tmp_path / "with", fsync=True), 1)
    assert len(synced) >= 3  # the lines, the folder, the definitions


def test_a_torn_last_line_is_set_aside(tmp_path: Path) -> None:
    trail = JsonLinesTrail(tmp_path)
    recorded(trail, 3)
    [file] = tmp_path.glob("*.jsonl")
    file.write_bytes(file.read_bytes()[:-10])

    report = verify(trail.stood())

    assert report.is_intact
    assert report.entries == 2
    assert report.torn == (f"{file.name}:3",)


def test_a_tear_in_the_middle_is_a_finding(tmp_path: Path) -> None:
    trail = JsonLinesTrail(tmp_path)
    recorded(trail, 3)
    [file] = tmp_path.glob("*.jsonl")
    first, second, third = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first + second[:-10] + b"\n" + third)

    report = verify(trail.stood())

    assert [finding.problem for finding in report.findings] == [
        "is not an entry",
        "entry 2 is before it missing",
    ]


def test_a_line_without_end_hides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("criterion.audit.json_lines.LINE_BYTES_MAX", 4_000)
    trail = JsonLinesTrail(tmp_path)
    recorded(trail, 2)
    [file] = tmp_path.glob("*.jsonl")
    file.write_bytes(b"x" * 10_000 + file.read_bytes())

    report = verify(trail.stood())

    assert report.findings[0].problem == "is not an entry"
    assert report.entries >= 1


@pytest.mark.parametrize("refusals", [0, 3], ids=["at once", "later"])
def test_a_failed_write_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    trail = JsonLinesTrail(tmp_path)
    write, truncate = os.write, os.ftruncate
    refused = [OSError(5, "Input/output error")] * refusals

    def refusing(file: int, length: int) -> None:
        if refused:
            raise refused.pop()
        truncate(file, length)

    failures = [OSError(28, "No space left on device")] * 3

    def failing(file: int, data: memoryview) -> int:
        if len(data) > 100 and failures:
            write(file, data[:50])
            raise failures.pop()
        return write(file, data)

    with AuditRecorder(trail, clock=CLOCK, delivery=Delivery(flush_s=0.001)) as recorder:
        engine(recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)
        recorder.flush()
        monkeypatch.setattr(os, "write", failing)
        monkeypatch.setattr(os, "ftruncate", refusing)
        engine(recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    assert failures == refused == []
    assert len(lines_of(tmp_path)) == 2
    assert is_intact(trail)


def test_a_folder_that_cannot_be_made_fails_the_decision(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    recorder = AuditRecorder(JsonLinesTrail(tmp_path / "file" / "trail"), delivery=BRIEF)
    engine(recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    with pytest.raises(AuditError, match="trail` cannot be written: not a directory"):
        recorder.close()


def test_a_trail_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="cannot be read: no such file or directory"):
        verify(JsonLinesTrail(tmp_path / "nothing").stood())


def test_a_single_file_can_be_read(tmp_path: Path) -> None:
    recorded(JsonLinesTrail(tmp_path), 2)
    [file] = tmp_path.glob("*.jsonl")

    report = verify(JsonLinesTrail(file).stood())

    assert report.is_intact
    assert report.entries == 2


def test_a_length_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="`file_bytes` must be greater than 0"):
        JsonLinesTrail(tmp_path, file_bytes=0)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"digest":1}'])
def test_a_definition_that_was_changed_shows(tmp_path: Path, text: str) -> None:
    trail = JsonLinesTrail(tmp_path)
    recorded(trail, 1)
    assert is_intact(trail)
    first = min((tmp_path / "definitions").glob("*.json"))

    first.write_text(text)

    assert not is_intact(trail)


def test_a_definition_is_written_once(tmp_path: Path) -> None:
    sink = JsonLinesTrail(tmp_path).sink("w")
    sink.append(Batch([], [], (Definition("sha256:" + "0" * 64, "profile", "first"),)))
    sink.append(Batch([], [], (Definition("sha256:" + "0" * 64, "profile", "second"),)))

    [kept] = JsonLinesTrail(tmp_path).definitions().values()

    assert kept.text == "first"


FULL_DISK: Final = """
import resource, sys
from criterion.audit import AuditRecorder, Delivery, JsonLinesTrail
from criterion.errors import AuditError
from tests.audit.trails import engine
from tests.parcels import HEAVY_PARCEL, TARIFF, parcel_surcharge

resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
delivery = Delivery(on_failure=sys.argv[2], waits=True, patience_s=60, close_s=0.1)
recorder = AuditRecorder(JsonLinesTrail(sys.argv[1]), delivery=delivery)
bound = engine(recorder).bind(parcel_surcharge, TARIFF)
decided = failed = 0
for _ in range(40):
    try:
        bound(HEAVY_PARCEL)
        decided += 1
    except AuditError:
        failed += 1
try:
    recorder.close()
except AuditError:
    pass
print(decided, failed, recorder.lost)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="files have no limit here")
@pytest.mark.parametrize("on_failure", ["fail", "count"])
def test_a_full_disk_loses_nothing_that_was_promised(on_failure: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path), on_failure],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    decided, failed, lost = map(int, ended.stdout.split())
    report = verify(JsonLinesTrail(tmp_path).stood())

    assert report.is_intact
    assert report.torn == ()
    assert decided + failed == 40
    if on_failure == "fail":
        assert report.entries == decided > 5
        assert failed > 5
    else:
        assert decided == 40
        assert report.entries == 40 - lost
        assert lost > 5


def test_a_database_is_no_file_of_lines(tmp_path: Path) -> None:
    file = tmp_path / "audit.db"
    file.write_bytes(b"SQLite format 3\0\n")

    with pytest.raises(AuditError, match="is a database, and no file of JSON lines") as caught:
        list(JsonLinesTrail(file).stood())

    assert caught.value.hint == f"write `sqlite:///{file}`"
