"""The recorder: bounded, exact about what is lost, and never in the way of the end."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import pytest

from criterion.audit import (
    AuditRecorder,
    Delivery,
    JsonLinesTrail,
    LoggingTrail,
    MemoryTrail,
    Recorders,
    entry_of,
    verify,
)
from criterion.audit.batch import Batch
from criterion.decision import Decision
from criterion.errors import AuditError
from criterion.recorder import MemoryRecorder
from criterion.rule import Rule
from criterion.schema import NoProfile, Schema
from tests.audit.trails import (
    BRIEF,
    CLOCK,
    COUNTING,
    QUICK,
    BrokenTrail,
    engine,
    entries_of,
    is_intact,
    recorded,
    until,
)
from tests.parcels import HEAVY_PARCEL, TARIFF, parcel_surcharge

ROOT: Final = Path(__file__).parent.parent.parent
WAITING: Final = Delivery(waits=True, patience_s=0.05, close_s=0.05)
TINY: Final = Delivery(on_failure="count", queue_max=3, batch_max=2, flush_s=0.001)


def ask(recorder: AuditRecorder, count: int = 1) -> None:
    for _ in range(count):
        engine(recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)


def lost_notes(trail: MemoryTrail) -> list[int]:
    payloads = [json.loads(str(entry.payload)) for entry in trail.entries]
    return [each["count"] for each in payloads if each["kind"] == "loss"]


class HeldTrail(MemoryTrail):
    """A trail whose first write waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.begun = threading.Event()

    def append(self, batch: Batch) -> None:
        self.begun.set()
        assert self.go.wait(60)
        super().append(batch)


def test_closing_writes_everything_that_waits() -> None:
    trail = MemoryTrail()

    recorded(trail, 1_234, delivery=Delivery(flush_s=60))

    assert len(trail.entries) == 1_234
    assert is_intact(trail)


def test_flushing_writes_everything_so_far() -> None:
    trail = MemoryTrail()
    with AuditRecorder(trail, clock=CLOCK, delivery=Delivery(flush_s=60)) as recorder:
        ask(recorder, 3)

        recorder.flush()

        assert len(trail.entries) == 3
        assert recorder.waiting == 0
        assert recorder.checkpoint == trail_end(trail)


def trail_end(trail: MemoryTrail) -> tuple[str, int, str]:
    last = trail.entries[-1]
    return last.writer, last.sequence, last.hash


def test_nothing_is_recorded_after_closing() -> None:
    recorder = AuditRecorder(MemoryTrail(), clock=CLOCK)
    recorder.close()
    recorder.close()

    with pytest.raises(AuditError, match="cannot be recorded: the recorder is closed"):
        ask(recorder)


def test_what_comes_after_closing_is_counted_where_that_was_declared() -> None:
    recorder = AuditRecorder(MemoryTrail(), clock=CLOCK, delivery=COUNTING)
    recorder.close()

    ask(recorder)

    assert recorder.lost == 1


def test_a_decision_that_waits_returns_when_its_record_stands() -> None:
    trail = MemoryTrail()
    with AuditRecorder(trail, clock=CLOCK, delivery=Delivery(waits=True)) as recorder:
        for count in range(1, 6):
            ask(recorder)

            assert len(trail.entries) == count


def test_a_decision_that_waits_fails_where_its_record_cannot_be_written() -> None:
    trail = BrokenTrail()
    recorder = AuditRecorder(trail, clock=CLOCK, delivery=WAITING)

    with pytest.raises(AuditError, match="cannot be recorded: the disk is full; it may be written"):
        ask(recorder)

    with pytest.raises(AuditError, match="1 audit records were lost: the disk is full"):
        recorder.close()


def test_a_decision_that_waits_fails_where_writing_takes_too_long() -> None:
    trail = HeldTrail()
    recorder = AuditRecorder(trail, clock=CLOCK, delivery=WAITING)

    with pytest.raises(AuditError, match="writing takes too long"):
        ask(recorder)

    trail.go.set()
    until(lambda: recorder.waiting == 0)
    recorder.close()
    assert len(trail.entries) == 1


def test_decisions_fail_while_the_trail_is_broken_and_work_again_after() -> None:
    trail = BrokenTrail()
    with AuditRecorder(trail, clock=CLOCK, delivery=QUICK) as recorder:
        ask(recorder)
        until(lambda: recorder._background._trouble is not None)  # noqa: SLF001

        with pytest.raises(AuditError, match="cannot be recorded: the disk is full"):
            ask(recorder)
        with pytest.raises(AuditError, match="cannot be recorded: the disk is full"):
            recorder.flush()
        trail.is_broken = False
        until(lambda: recorder.waiting == 0)
        ask(recorder)

    assert recorder.lost == 0
    assert len(trail.entries) == 2
    assert is_intact(trail)


def test_a_full_queue_is_counted_exactly_and_the_number_is_recorded(
    caplog: pytest.LogCaptureFixture,
) -> None:
    trail = BrokenTrail()
    with AuditRecorder(trail, clock=CLOCK, delivery=TINY) as recorder:
        ask(recorder)
        until(lambda: recorder._background._trouble is not None)  # noqa: SLF001
        ask(recorder, 9)

        assert recorder.waiting == 3
        assert recorder.lost == 7

        trail.is_broken = False
        recorder_is_well = lambda: recorder._background._trouble is None  # noqa: E731, SLF001
        until(recorder_is_well)
        recorder.flush()
        ask(recorder)

    evaluations = [entry for entry in trail.entries if '"kind":"evaluation"' in str(entry.payload)]
    assert len(evaluations) == 4
    assert sum(lost_notes(trail)) == 7
    assert is_intact(trail)
    texts = [record.getMessage() for record in caplog.records]
    assert texts.count("audit records cannot be written: the disk is full") == 1
    assert "audit records are written again" in texts


def test_a_full_queue_fails_decisions_where_that_was_declared() -> None:
    trail = HeldTrail()
    delivery = Delivery(queue_max=2, batch_max=1, flush_s=0.001, patience_s=0.02)
    recorder = AuditRecorder(trail, clock=CLOCK, delivery=delivery)
    ask(recorder, 2)

    with pytest.raises(AuditError, match="cannot be recorded: the queue is full"):
        ask(recorder)

    trail.go.set()
    recorder.close()
    assert len(trail.entries) == 2


class Letter(Schema):
    """A letter of any length."""

    text: str


class Filed(Schema):
    """That it was filed."""

    filed: bool = True


filing: Final = Decision(
    id="filing",
    version="1.0.0",
    input=Letter,
    profile=NoProfile,
    output=Filed,
    rules=(Rule(id="always", when="otherwise", emit=lambda _, __: Filed()),),
)


def flood(delivery: Delivery, letter: object) -> tuple[int, int, int]:
    """Return how many of a flood wait, how many are lost, and how many are then written."""
    trail = HeldTrail()
    recorder = AuditRecorder(trail, clock=CLOCK, delivery=delivery)
    running = engine(recorder)
    running.run(filing, {"text": letter})
    assert trail.begun.wait(60)
    for _ in range(99):
        running.run(filing, {"text": letter})
    waiting, lost = recorder.waiting, recorder.lost
    trail.go.set()
    recorder.close()
    evaluations = [entry for entry in trail.entries if '"kind":"evaluation"' in str(entry.payload)]
    return waiting, lost, len(evaluations)


@pytest.mark.parametrize("letter", ["x" * 1_000_000, ["x" * 1_000_000]], ids=["valid", "invalid"])
def test_a_flood_of_large_facts_is_bounded_by_its_bytes(letter: object) -> None:
    delivery = Delivery(
        on_failure="count", queue_bytes_max=10_000_000, flush_s=0.001, patience_s=0.001
    )

    assert flood(delivery, letter) == (9, 91, 9)


def test_facts_larger_than_the_whole_queue_are_recorded_one_by_one() -> None:
    delivery = Delivery(on_failure="count", queue_bytes_max=10, flush_s=0.001, patience_s=0.001)

    assert flood(delivery, "x" * 1_000) == (1, 99, 1)


def test_a_decision_gets_room_as_soon_as_there_is_some() -> None:
    trail = HeldTrail()
    delivery = Delivery(queue_max=1, batch_max=1, flush_s=0.001, patience_s=10)
    recorder = AuditRecorder(trail, clock=CLOCK, delivery=delivery)
    ask(recorder)
    assert trail.begun.wait(60)
    threading.Timer(0.02, trail.go.set).start()

    ask(recorder)

    recorder.close()
    assert len(trail.entries) == 2


def test_closing_ends_though_the_trail_is_broken() -> None:
    recorder = AuditRecorder(BrokenTrail(), clock=CLOCK, delivery=BRIEF)
    ask(recorder)

    with pytest.raises(AuditError, match="1 audit records were lost: the disk is full"):
        recorder.close()

    assert recorder.lost == 1


def test_closing_ends_though_a_write_never_returns(caplog: pytest.LogCaptureFixture) -> None:
    trail = HeldTrail()
    brief = Delivery(on_failure="count", flush_s=0.001, close_s=0.1)
    recorder = AuditRecorder(trail, clock=CLOCK, delivery=brief)
    ask(recorder)
    assert trail.begun.wait(60)

    recorder.close()

    trail.go.set()
    assert recorder.lost == 1
    assert "1 audit records were lost" in caplog.text


def test_an_unexpected_error_of_a_trail_is_not_quoted(caplog: pytest.LogCaptureFixture) -> None:
    trail = BrokenTrail(error=RuntimeError("s3cret"))
    recorder = AuditRecorder(trail, clock=CLOCK, delivery=BRIEF)
    ask(recorder)

    with pytest.raises(AuditError, match="RuntimeError was raised"):
        recorder.close()

    assert "s3cret" not in caplog.text


def test_an_evaluation_that_cannot_be_read_leaves_a_record_that_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trail = MemoryTrail()
    monkeypatch.setattr("criterion.audit.payload.instant", lambda _: 1 / 0)

    recorded(trail, 1)

    [entry] = trail.entries
    members = json.loads(str(entry.payload))
    assert (members["kind"], members["error"]) == ("unreadable", "ZeroDivisionError")
    assert members["id"] == entry.id


def test_a_log_handler_may_itself_decide(caplog: pytest.LogCaptureFixture) -> None:
    trail = BrokenTrail()
    recorder = AuditRecorder(trail, clock=CLOCK, delivery=COUNTING)
    handled = threading.Event()

    class Deciding(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name == "criterion.audit" and not handled.is_set():
                ask(recorder)
                handled.set()

    logger = logging.getLogger("criterion.audit")
    handler = Deciding()
    logger.addHandler(handler)
    try:
        ask(recorder)
        assert handled.wait(60)
    finally:
        logger.removeHandler(handler)
    trail.is_broken = False
    recorder.close()

    assert len(trail.entries) == 2
    assert "cannot be written" in caplog.text


def test_many_threads_record_as_one_chain() -> None:
    trail = MemoryTrail()
    with AuditRecorder(trail, clock=CLOCK, delivery=QUICK) as recorder:
        threads = [threading.Thread(target=ask, args=(recorder, 200)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(trail.entries) == 1_600
    assert len({entry.id for entry in trail.entries}) == 1_600
    assert is_intact(trail)


def test_several_recorders_get_every_record_under_one_id() -> None:
    first, second, live = MemoryTrail(), MemoryTrail(), MemoryRecorder()
    with AuditRecorder(first) as one, AuditRecorder(second) as two:
        both = Recorders(one, two, live)
        engine(both).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    ids = [first.entries[0].id, second.entries[0].id, live.records[0].result.audit_id]
    assert len(set(ids)) == 1


def test_a_recorder_that_fails_does_not_keep_the_record_from_the_others() -> None:
    live = MemoryRecorder()
    closed = AuditRecorder(MemoryTrail())
    closed.close()

    with pytest.raises(AuditError):
        engine(Recorders(closed, live)).run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    assert len(live.records) == 1


def test_a_log_gets_one_line_and_the_whole_entry(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "criterion.audit")

    recorded(LoggingTrail(), 2, metadata={"customer": "org_1"})

    messages = [record.getMessage() for record in caplog.records]
    assert (
        messages
        == ["parcel-surcharge 1.0.0 OK heavy: 12000 g is in the heavy band (from 10000 g)"] * 2
    )
    assert {record.levelname for record in caplog.records} == {"INFO"}
    assert vars(caplog.records[0])["criterion"]["metadata"] == {"customer": "org_1"}
    kept = [entry_of(vars(record)["criterion_entry"]) for record in caplog.records]
    assert [entry.sequence for entry in kept if entry] == [1, 2]


def test_a_log_cannot_be_read() -> None:
    with pytest.raises(AuditError, match="a log cannot be read from here"):
        verify(LoggingTrail().stood())


def test_a_fork_goes_on_with_a_chain_of_its_own(tmp_path: Path) -> None:
    trail = JsonLinesTrail(tmp_path)
    recorder = AuditRecorder(trail, clock=CLOCK, delivery=Delivery(flush_s=60))
    ask(recorder, 3)  # they wait

    child = os.fork()
    if child == 0:
        signal.alarm(20)
        ask(recorder, 2)
        recorder.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    recorder.close()

    entries = entries_of(trail)
    writers = [entry.writer for entry in entries]
    assert sorted(writers.count(writer) for writer in set(writers)) == [2, 3]
    assert len({entry.id for entry in entries}) == 5
    assert is_intact(trail)


PROGRAM: Final = """
import sys
from criterion.audit import AuditRecorder, Delivery, open_trail
from tests.audit.trails import engine
from tests.parcels import HEAVY_PARCEL, TARIFF, parcel_surcharge

recorder = AuditRecorder(open_trail(sys.argv[1]), delivery=Delivery(flush_s=60, close_s=1))
bound = engine(recorder).bind(parcel_surcharge, TARIFF)
for _ in range(100):
    bound(HEAVY_PARCEL)
"""


def program(place: str, code: str = PROGRAM) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, place],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )


def test_a_program_that_just_ends_has_written_everything(tmp_path: Path) -> None:
    ended = program(str(tmp_path))

    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(entries_of(JsonLinesTrail(tmp_path))) == 100


def test_a_program_ends_though_its_trail_is_broken(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    ended = program(str(tmp_path / "file" / "trail"))

    assert ended.returncode == 0
    assert "100 audit records were lost" in ended.stderr


REFUSED: Final[dict[str, tuple[dict[str, object], str]]] = {
    "choice": ({"on_failure": "ignore"}, "is `fail` or `count`, not `ignore`"),
    "batch": ({"batch_max": 0}, "must be greater than 0"),
    "time": ({"flush_s": 0}, "must be greater than 0"),
    "bytes": ({"queue_bytes_max": 0}, "`queue_bytes_max` must be greater than 0"),
    "queue": ({"queue_max": 10, "batch_max": 20}, "must be at least `batch_max`"),
}


@pytest.mark.parametrize(("settings", "message"), REFUSED.values(), ids=REFUSED)
def test_a_delivery_that_cannot_work_is_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Delivery(**settings)  # type: ignore[arg-type] # the point
