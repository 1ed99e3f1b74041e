"""Print the speeds of the audit trail: ``python -m tests.benchmarks.audit [COUNT]``.

Everything is processor time, so that what else the machine does counts for little: of the calling
thread for what recording adds to a decision, of the whole program for the rest. The ratio to a bare
``executemany`` is the median of rounds in which both take turns.
"""

import gc
import resource
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time, thread_time
from typing import Any, Final, NamedTuple

from criterion.audit import AuditRecorder, Delivery, Search, Trail, open_trail, verify
from criterion.audit.keyed import Keyed
from criterion.audit.payload import Payloads
from criterion.engine import Engine
from criterion.profiles import ProfileRegistry
from criterion.recorder import MemoryRecorder, Record
from decisions.usage_limit import usage_limit
from tests.benchmarks.scenario import facts, names

COUNT: Final = 100_000
CUSTOMERS: Final = 1_000
BATCH: Final = 500
ROUNDS: Final = 3
MILLION: Final = 1_000_000
KEY: Final = b"a key of the benchmark, 32 bytes"
PATIENT: Final = Delivery(patience_s=60, close_s=60)
TABLES: Final = ("criterion_audit_entry", "criterion_audit_metadata")


SEARCHES: Final = {
    "the newest": Search(),
    "a customer": Search(metadata={"customer": "org_7"}),
    "a customer's denials by a rule": Search(
        metadata={"customer": "org_7"}, denied=True, rule="over-limit"
    ),
    "a rule that never matched": Search(rule="never"),
    "what never comes together": Search(
        metadata={"customer": "org_7"}, rule="over-limit", status="NO_MATCH"
    ),
    "denials of a decision until long ago": Search(
        decision="usage-limit", denied=True, until=datetime(2020, 1, 1, tzinfo=UTC)
    ),
}


class Row(NamedTuple):
    """One line of the table: a name, a figure with its unit, and the limit, if there is one."""

    name: str
    figure: float
    unit: str
    limit: str = ""

    def __str__(self) -> str:
        return f"{self.name:52}{self.figure:>12,.2f} {self.unit:12}{self.limit}"


def main(arguments: list[str]) -> int:
    """Measure and print, row by row."""
    count = int(arguments[0]) if arguments else COUNT
    with tempfile.TemporaryDirectory() as folder:
        for row in measured(Path(folder), count):
            print(row)
    return 0


def measured(folder: Path, count: int) -> Iterator[Row]:
    """Yield the rows."""
    yield from callers(folder, count)
    records = recorded(count)
    gc.freeze()  # no program holds so many at once, for the collector to go through
    lines_s = seconds(lambda: write(open_trail(folder / "lines"), records))
    yield Row("JSON lines, sustained", count / lines_s, "records/s", ">= 50,000")
    rounds = []
    place = ""
    for number in range(ROUNDS):
        (folder / str(number)).mkdir()
        place = f"sqlite:///{folder / str(number)}/audit.db"
        ours_s = seconds(partial(write, open_trail(place), records))
        rounds.append((ours_s, bare(folder / str(number)) / ours_s))
    yield Row("SQLite, sustained", count / min(rounds)[0], "records/s")
    yield Row("SQLite, against a bare executemany", median(each for _, each in rounds), "x",
              ">= 0.5")  # fmt: skip
    for name, trail in {"lines": open_trail(folder / "lines"), "SQLite": open_trail(place)}.items():
        spent = seconds(partial(verified, trail, count))
        yield Row(f"verifying a million, {name}", spent * MILLION / count, "s", "< 30")
    yield from searches(open_trail(place), count)


def searches(trail: Trail, count: int) -> Iterator[Row]:
    """Yield how long searches take; the limit is that for a million records."""
    for name, search in SEARCHES.items():
        spent = min(seconds(lambda each=search: list(trail.found(each, 20))) for _ in range(3))  # type: ignore[misc]
        yield Row(f"searching {count:,}: {name}", spent * 1_000, "ms", "< 100")


def recorded(count: int) -> list[Record]:
    """Return what a recorder gets of so many denials."""
    recorder = MemoryRecorder()
    bound = engine(recorder).bind(usage_limit, "pricing")
    denied = facts()["denied"]
    for number in range(count):
        bound(denied, metadata={"customer": f"org_{number % CUSTOMERS}"})
    return recorder.records


def callers(folder: Path, count: int) -> Iterator[Row]:
    """Yield what recording adds to a decision, and to the memory of the program."""
    denied = facts()["denied"]

    def ask(bound: Callable[..., object]) -> None:
        for number in range(count):
            bound(denied, metadata={"customer": f"org_{number % CUSTOMERS}"})

    bare_s = seconds(lambda: ask(engine(None).bind(usage_limit, "pricing")), thread_time)
    with AuditRecorder(open_trail(folder / "callers"), key=KEY, delivery=PATIENT) as recorder:
        bound = engine(recorder).bind(usage_limit, "pricing")
        ask(bound)
        before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        recorded_s = seconds(lambda: ask(bound), thread_time)
        after_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield Row("a decision", bare_s / count * 1e6, "µs")
    yield Row("recording in the background adds, without a pause",
              (recorded_s - bare_s) / count * 1e6, "µs", "<= 15")  # fmt: skip
    yield Row("recording adds, before the thread", putting(count) / count * 1e6, "µs", ">= 3")
    yield Row("memory grows while recording", (after_kb - before_kb) / 1024, "MB", "flat")


def putting(count: int) -> float:
    """Return the seconds for taking from records what their owner could still change."""
    payloads = Payloads(Keyed(KEY))
    records = recorded(min(count, 10_000))
    gc.freeze()
    spent = seconds(lambda: [payloads.evaluated(record) for record in records])
    return spent * count / len(records)


def write(trail: Trail, records: list[Record]) -> None:
    """Record everything as one chain."""
    with AuditRecorder(trail, key=KEY, delivery=PATIENT) as recorder:
        for record in records:
            recorder.record(record)


def verified(trail: Trail, count: int) -> None:
    """Verify a trail that is whole."""
    report = verify(trail.stood(), (), trail.definitions().values())
    assert (report.found, report.entries) == (0, count)


def bare(folder: Path) -> float:
    """Return the seconds for the same rows into the same tables with nothing around."""
    with sqlite3.connect(folder / "audit.db") as source:
        kinds = "sql IS NOT NULL AND name LIKE 'criterion%'"
        made = [row[0] for row in source.execute(f"SELECT sql FROM sqlite_master WHERE {kinds}")]  # noqa: S608
        rows = [source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]  # noqa: S608
    source.close()
    target = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", *made):
        target.execute(statement)
    spent = seconds(lambda: insert(target, rows))
    target.close()
    return spent


def insert(target: sqlite3.Connection, rows: list[list[Any]]) -> None:
    """Insert rows of all tables, batch by batch."""
    for first in range(0, len(rows[0]), BATCH):
        target.execute("BEGIN IMMEDIATE")
        for table, each in zip(TABLES, rows, strict=True):
            signs = ", ".join("?" * len(each[0]))
            some = each[first : first + BATCH]
            target.executemany(f"INSERT INTO {table} VALUES ({signs})", some)  # noqa: S608
        target.execute("COMMIT")


def engine(recorder: Any) -> Engine:  # noqa: ANN401 -- a recorder, or None
    """Return an engine with the pricing profile."""
    profiles = ProfileRegistry()
    profiles.register("pricing", names()["pricing"], version="1.0.0")
    return Engine(profiles=profiles, recorder=recorder)


def seconds(run: Callable[[], object], clock: Callable[[], float] = process_time) -> float:
    """Return how long something takes."""
    begun = clock()
    run()
    return clock() - begun


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
