"""Crashes and crowds: writers that are killed, and eight processes that write at once."""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from criterion.audit import Trail, open_trail, verify
from tests.audit.trails import entries_of
from tests.soak import sized

ROOT: Final = Path(__file__).parent.parent.parent
KILLS: Final = sized(100, 5)
WRITERS: Final = 8


def writer(place: str, count: int, *options: str) -> "subprocess.Popen[str]":
    arguments = [sys.executable, "-m", "tests.audit.writer", place, str(count), *options]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill_while_writing(place: str, after: int) -> int:
    """Kill a writer after so many promises, and return how many it made."""
    with writer(place, 1_000_000, "waits") as process:
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().splitlines()
    return int(rest[-1]) if rest else after


def survives(place: str) -> None:
    promised = [kill_while_writing(place, 1 + 7 * number % 50) for number in range(KILLS)]

    trail = open_trail(place)
    report = verify(trail.stood(), (), trail.definitions().values())
    assert report.findings == ()
    kept = sorted(checkpoint.sequence for checkpoint in report.checkpoints)
    assert all(stands >= known for stands, known in zip(kept, sorted(promised), strict=True))
    assert all(stands <= known + 1 for stands, known in zip(kept, sorted(promised), strict=True))


@pytest.mark.soak
def test_a_killed_writer_of_lines_loses_nothing_that_was_promised(tmp_path: Path) -> None:
    survives(str(tmp_path / "trail"))


@pytest.mark.soak
def test_a_killed_writer_of_sqlite_loses_nothing_that_was_promised(tmp_path: Path) -> None:
    survives(f"sqlite:///{tmp_path}/audit.db")


@pytest.mark.soak
@pytest.mark.external
def test_a_killed_writer_of_postgres_loses_nothing_that_was_promised(postgres: str) -> None:
    survives(postgres)


def crowd(place: str, count: int = 300) -> Trail:
    """Let eight processes write at once."""
    processes = [writer(place, count) for _ in range(WRITERS)]
    for process in processes:
        process.communicate(timeout=120)
        assert process.returncode == 0
    return open_trail(place)


def is_complete(trail: Trail, count: int = 300) -> bool:
    entries = entries_of(trail)
    chains = Counter(entry.writer for entry in entries)
    ids = {entry.id for entry in entries}
    return list(chains.values()) == [count] * WRITERS and len(ids) == count * WRITERS


def test_eight_processes_write_lines_at_once(tmp_path: Path) -> None:
    trail = crowd(str(tmp_path / "trail"))

    assert is_complete(trail)
    assert verify(trail.stood(), (), trail.definitions().values()).findings == ()


def test_eight_processes_write_into_one_sqlite_file(tmp_path: Path) -> None:
    trail = crowd(f"sqlite:///{tmp_path}/audit.db")

    assert is_complete(trail)
    assert verify(trail.stood(), (), trail.definitions().values()).findings == ()


@pytest.mark.external
def test_eight_processes_write_into_one_postgres_database(postgres: str) -> None:
    trail = crowd(postgres)

    assert is_complete(trail)
    assert verify(trail.stood(), (), trail.definitions().values()).findings == ()
