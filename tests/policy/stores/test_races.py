"""Races on one file: processes, threads, kills, and clocks that do not agree."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from criterion.clock import FixedClock
from criterion.policy import Policy
from criterion.policy.store import Commit
from criterion.policy.stores.memory import MemoryStore
from criterion.policy.stores.sqlite import SqliteStore
from criterion.policy.stores.sqlite_upkeep import check
from tests.policy.scenes import START, after, limit
from tests.policy.stores.callers import ask, document, opened
from tests.policy.stores.linearizing import Operation, is_linearizable
from tests.soak import sized

PROCESSES: Final = sized(8, 3)
THREADS: Final = sized(16, 4)
CALLS: Final = sized(40, 8)
KILLS: Final = sized(200, 6)
HISTORIES: Final = sized(40, 2)


def called(*arguments: object, down: float = 0) -> str:
    """Run the processes that call, and return what they say."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.policy.stores.callers", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**os.environ, "CALLERS_DOWN": str(down)},
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def operation(each: Sequence[int]) -> Operation:
    begun, ended, amount, is_allowed, before = each
    return Operation(begun, ended, amount, bool(is_allowed), before)


def history_of(path: Path) -> list[Operation]:
    files = sorted(path.parent.glob(f"{path.name}.[0-9]*"))
    return [operation(each) for file in files for each in json.loads(file.read_text("utf-8"))]


@pytest.mark.soak
def test_many_processes_and_threads_get_exactly_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "limits.db"
    ceiling = PROCESSES * THREADS * CALLS // 2

    called("race", path, ceiling, PROCESSES, THREADS, CALLS)

    history = history_of(path)
    policy = opened(str(path), ceiling)
    assert len(history) == PROCESSES * THREADS * CALLS
    assert sum(each.is_allowed for each in history) == ceiling == policy.value("u", "x")
    assert sorted(each.before for each in history if each.is_allowed) == [*range(ceiling)]
    assert check(str(path), mark=policy.store.last).findings == ()


@pytest.mark.soak
def test_what_was_said_before_a_kill_stays_said_and_counts_once(tmp_path: Path) -> None:
    path, ceiling = tmp_path / "limits.db", KILLS * 2

    lines = called("kill", path, ceiling, KILLS).splitlines()

    said = dict(line.split("\t") for line in lines)
    policy = opened(str(path), ceiling)
    again = {key: record_of(policy, key) for key in said}
    assert again == said
    granted = sum(json.loads(record)["allowed"] for record in said.values())
    value = policy.value("u", "x")
    assert value is not None
    assert min(ceiling, len(said)) == granted <= value <= ceiling
    assert value - granted <= 1  # the last writer may have been killed before it said so
    assert check(str(path)).findings == ()


def record_of(policy: Policy, key: str) -> str:
    return json.dumps(policy.allow("u", "x", 1, key=key).record, default=str)


@pytest.mark.soak
def test_there_is_an_order_of_the_calls_that_explains_every_answer(tmp_path: Path) -> None:
    for number in range(HISTORIES):
        path = tmp_path / f"limits-{number}.db"

        called("race", path, 3, 2, 2, 10, down=0.3)

        history = history_of(path)
        assert len(history) == 40
        assert is_linearizable(history, 3)
        doubted = [each._replace(before=each.before + 1) for each in history[:1]] + history[1:]
        assert not is_linearizable(doubted, 3)


class CheckThenWrite(MemoryStore):
    """A store as they are written too often: what was decided may be true no more."""

    def transact(self, customer: str, decide: Any) -> Commit:  # noqa: ANN401 -- as in the store
        commit: Commit = self.look(customer, decide)
        time.sleep(0.002)
        return super().transact(customer, lambda _: commit)


def test_a_store_that_checks_and_then_writes_is_found_out() -> None:
    policy = Policy.load(document(5), CheckThenWrite())
    policy.create_customer("u")

    with ThreadPoolExecutor(4) as pool:
        history = [operation(each) for each in pool.map(lambda _: ask(policy, 1), range(12))]

    assert not is_linearizable(history, 5)


def test_the_same_calls_on_a_sound_store_are_explained(tmp_path: Path) -> None:
    policy = opened(str(tmp_path / "limits.db"), 5)

    with ThreadPoolExecutor(4) as pool:
        history = [operation(each) for each in pool.map(lambda _: ask(policy, 1), range(12))]

    assert is_linearizable(history, 5)


def at(path: Path, seconds: float) -> Policy:
    """Return a policy on a file, in a process whose clock tells a time."""
    entitlements = {"x": limit(10, resets=True, reset_inc="1day")}
    plan = {"default": True, "entitlements": entitlements}
    return Policy.load(
        {"credits": {"t": {}}, "plans": {"p": plan}},
        SqliteStore(str(path)),
        clock=FixedClock(after(seconds)),
    )


DAY: Final = 86_400


def granted(*policies: Policy) -> int:
    """Return how many calls pass, by turns, until none does any more."""
    return sum(bool(policy.allow("u", "x", 1)) for _ in range(15) for policy in policies)


def test_clocks_five_seconds_apart_give_no_period_twice_and_take_none(tmp_path: Path) -> None:
    path = tmp_path / "limits.db"
    at(path, 0).create_customer("u")

    before = granted(at(path, 100), at(path, 105))
    across = granted(at(path, DAY - 3), at(path, DAY + 2))
    later = granted(at(path, DAY + 100), at(path, DAY + 105))

    assert (before, across, later) == (10, 10, 0)


def test_a_clock_that_goes_back_gives_no_new_period(tmp_path: Path) -> None:
    path = tmp_path / "limits.db"
    at(path, 0).create_customer("u")

    assert granted(at(path, DAY + 10)) == 10
    assert granted(at(path, 10)) == 0
    assert at(path, 10).allow("u", "x", 1).clamped
    assert granted(at(path, 2 * DAY)) == 10


def test_a_clock_ten_years_ahead_gives_one_period_and_takes_none(tmp_path: Path) -> None:
    path = tmp_path / "limits.db"
    at(path, 0).create_customer("u")
    granted(at(path, 10))

    assert granted(at(path, 3_650 * DAY)) == 10
    assert granted(at(path, 20)) == 0
    verdict = at(path, 20).allow("u", "x", 1)
    assert verdict.at == START + timedelta(days=3_650)
    assert granted(at(path, 3_651 * DAY)) == 10
