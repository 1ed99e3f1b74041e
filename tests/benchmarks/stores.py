"""Speeds of the SQLite store, as ratios to the bare statements that it cannot do without.

Print the table: ``python -m tests.benchmarks.stores [--quick]``. Store and floor take turns, on the
same driver with the same settings; the fastest turn of each counts.
"""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple, TypeAlias

from criterion.policy import Policy
from criterion.policy.stores.sqlite import SqliteStore

DOCUMENT: Final = {
    "credits": {"t": {}},
    "plans": {
        "free": {
            "default": True,
            "entitlements": {
                f"x{number}": {"limit": {"credit": "t", "value": 10**12}} for number in range(10)
            },
        }
    },
}
Clock: TypeAlias = Callable[[], float]

THREADS: Final = 32
CUSTOMERS: Final = (1, 10_000, 1_000_000)


class Effort(NamedTuple):
    """How hard to measure.

    Attributes:
        rounds: How often each side has its turn.
        calls: How many calls one turn makes; of those that wait for the disk a tenth.
        customers: How many customers the largest file has.
        seconds: How long two processes write.
    """

    rounds: int
    calls: int
    customers: int
    seconds: float


FULL: Final = Effort(15, 2_000, CUSTOMERS[-1], 3.0)
QUICK: Final = Effort(2, 50, 1_000, 0.5)


class Floor:
    """What nobody can do without: a lock, a row read and written, a line of a journal, a commit."""

    def __init__(self, path: Path, synchronous: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        run = self.connection.execute
        run("PRAGMA journal_mode = WAL")
        run(f"PRAGMA synchronous = {synchronous}")
        run("PRAGMA cache_size = -16384")
        run("CREATE TABLE meter (customer TEXT, name TEXT, value INTEGER,"
            " PRIMARY KEY (customer, name)) WITHOUT ROWID")  # fmt: skip
        run("CREATE TABLE journal (seq INTEGER PRIMARY KEY, customer TEXT, at INTEGER, data TEXT)")

    def allow(self) -> None:
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        row = run("SELECT value FROM meter WHERE customer = 'u' AND name = 'x0'").fetchone()
        value = 1 if row is None else row[0] + 1
        run(
            "INSERT INTO meter VALUES ('u', 'x0', ?) ON CONFLICT DO UPDATE SET"
            " value = excluded.value",
            (value,),
        )
        run("INSERT INTO journal (customer, at, data) VALUES ('u', ?, ?)", (value, "[1,2,3]"))
        run("COMMIT")


def turn(call: Callable[[], object], calls: int, clock: Clock) -> float:
    """Return how many calls are made in a second of a clock."""
    begun_s = clock()
    for _ in range(calls):
        call()
    return calls / (clock() - begun_s)


def by_turns(
    calls: dict[str, Callable[[], object]], effort: Effort, each: int, clock: Clock
) -> dict[str, float]:
    """Return the most calls that each made in a second."""
    best = dict.fromkeys(calls, 0.0)
    for _ in range(effort.rounds):
        for name, call in calls.items():
            best[name] = max(best[name], turn(call, each, clock))
    return best


def policy_in(path: Path, synchronous: str) -> Policy:
    """Return a policy with one customer."""
    policy = Policy.load(DOCUMENT, f"sqlite:///{path}?synchronous={synchronous}")
    policy.ensure_customer("u")
    return policy


def close(policy: Policy) -> None:
    """Close the file of a policy."""
    store = policy.store
    assert isinstance(store, SqliteStore)
    store.close()


def keyed(policy: Policy, keys: Iterator[int]) -> None:
    """Call under a key of its own."""
    policy.allow("u", "x0", 1, key=f"k{next(keys)}")


class Line(NamedTuple):
    """One printed line: what it is, calls in a second, and the ratio that has to be reached."""

    name: str
    rate: float
    ratio: float
    least: float | None = None


def single(folder: Path, effort: Effort) -> Iterator[Line]:
    """Yield what one caller reaches of the floor."""
    for synchronous, least, least_keyed in (("normal", 0.4, 0.3), ("full", 0.6, None)):
        policy = policy_in(folder / f"single-{synchronous}.db", synchronous)
        floor = Floor(folder / f"floor-{synchronous}.db", synchronous)
        keys = count()
        with closing(floor.connection):
            rates = by_turns(
                {
                    "floor": floor.allow,
                    "allow": partial(policy.allow, "u", "x0", 1),
                    "keyed": partial(keyed, policy, keys),
                },
                effort,
                *(
                    (effort.calls, time.process_time)
                    if synchronous == "normal"
                    else (max(1, effort.calls // 10), time.perf_counter)
                ),
            )
        yield Line(f"{synchronous}: the floor", rates["floor"], 1)
        yield Line(f"{synchronous}: allow", rates["allow"], rates["allow"] / rates["floor"], least)
        ratio = rates["keyed"] / rates["floor"]
        yield Line(f"{synchronous}: allow with a key", rates["keyed"], ratio, least_keyed)
        close(policy)


def together(folder: Path, effort: Effort) -> Iterator[Line]:
    """Yield what many threads reach that wait for the disk together."""
    policy = policy_in(folder / "together.db", "full")
    floor = Floor(folder / "together-floor.db", "full")
    each = max(1, effort.calls // THREADS)

    def all_at_once() -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            for done in [pool.submit(turn, allow, each, time.perf_counter) for _ in range(THREADS)]:
                done.result()

    allow = partial(policy.allow, "u", "x0", 1)
    best_floor = best = 0.0
    for _ in range(effort.rounds):
        best_floor = max(
            best_floor, turn(floor.allow, max(1, effort.calls // 10), time.perf_counter)
        )
        best = max(best, turn(all_at_once, 1, time.perf_counter) * each * THREADS)
    floor.connection.close()
    close(policy)
    yield Line(f"full: {THREADS} threads", best, best / best_floor, 1.5)


def contended(folder: Path, effort: Effort) -> Iterator[Line]:
    """Yield what each of two processes gets, as a share of both."""
    path = folder / "contended.db"
    close(policy_in(path, "normal"))
    command = [sys.executable, "-m", "tests.benchmarks.stores", CONTEND, str(path)]
    command.append(str(effort.seconds))
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = [int(each.communicate()[0]) for each in running]
    for count_ in counts:
        yield Line("two processes: one", count_ / effort.seconds, count_ / sum(counts), 0.4)


CONTEND: Final = "--contend"


def contend(path: str, seconds: float) -> None:
    """Call for a while, and print how often."""
    policy = policy_in(Path(path), "normal")
    calls = 0
    time.sleep(1 - time.time() % 1)  # so that both begin at once
    ends_s = time.monotonic() + seconds
    while time.monotonic() < ends_s:
        policy.allow("u", "x0", 1)
        calls += 1
    print(calls)


def sized(folder: Path, effort: Effort) -> Iterator[Line]:
    """Yield how calls of customers that are drawn compare between small files and large ones."""
    sizes = [size for size in CUSTOMERS if size < effort.customers] + [effort.customers]
    policies = {size: peopled(folder / f"sized-{size}.db", size) for size in sizes}
    drawn = Random(7)  # noqa: S311 -- a benchmark

    def allow(size: int) -> None:
        policies[size].allow(f"c{drawn.randrange(size)}", "x", 1)

    calls: dict[str, Callable[[], object]] = {str(size): partial(allow, size) for size in sizes}
    rates = by_turns(calls, effort._replace(rounds=5), effort.calls, time.process_time)
    fastest = max(rates.values())
    for size in sizes:
        rate = rates[str(size)]
        yield Line(f"{size:,} customers: beside the fastest", rate, rate / fastest, 1 / 1.5)
        close(policies[size])


def peopled(path: Path, size: int) -> Policy:
    """Return a policy with many customers, copies of one that the policy made."""
    plan = {"default": True, "entitlements": {"x": {"limit": {"credit": "t", "value": 10**9}}}}
    document = {"credits": {"t": {}}, "plans": {"free": plan}}
    policy = Policy.load(document, f"sqlite:///{path}?synchronous=normal")
    policy.create_customer("c")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO parts SELECT 'c' || i, kind, name, at, born,"
            " replace(data, '\"c\"', '\"c' || i || '\"') FROM n, parts WHERE customer = 'c'",
            (size - 1,),
        )
    return policy


def stored(folder: Path, effort: Effort) -> Iterator[Line]:
    """Yield the bytes of a customer with ten entitlements, all of them used, as KB of the file."""
    path, number = folder / "stored.db", max(20, effort.calls // 20)
    policy = policy_in(path, "normal")
    heads = 0
    for customer in range(number):
        policy.create_customer(f"customer-{customer:06}")
        for _ in range(3):
            for name in range(10):
                policy.allow(f"customer-{customer:06}", f"x{name}", 7)
    close(policy)
    with closing(sqlite3.connect(path)) as connection:
        heads, journal = (
            connection.execute(f"SELECT sum(length(data)) + 40 * count(*) FROM {table}").fetchone()[  # noqa: S608 -- names of ours
                0
            ]
            for table in ("parts", "journal")
        )
    yield Line("bytes of a customer's head, of 4,000", heads / number, heads / number / 4_000)
    yield Line("bytes of journal for each change", journal / number / 31, journal / number / 31_000)


def main(arguments: list[str]) -> int:
    """Measure everything in one run and print it."""
    if arguments[:1] == [CONTEND]:
        contend(arguments[1], float(arguments[2]))
        return 0
    effort = QUICK if arguments == ["--quick"] else FULL
    for part in (single, together, contended, sized, stored):
        with TemporaryDirectory() as folder:
            for line in part(Path(folder), effort):
                shown = "" if line.least is None else f"{line.least:8.2f}"
                print(f"{line.name:40}{line.rate:12,.0f} {line.ratio:8.2f}{shown}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
