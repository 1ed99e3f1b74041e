"""Processes that call one store at once: ``python -m tests.policy.stores.callers …``.

The processes are forked from this one, which opens nothing itself.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from criterion.policy import Policy

NAME: Final = "x"


def document(limit: int) -> dict[str, Any]:
    """Return a policy of one meter."""
    entitlement = {"limit": {"credit": "t", "value": limit}}
    return {
        "credits": {"t": {}},
        "plans": {"p": {"default": True, "entitlements": {NAME: entitlement}}},
    }


def opened(path: str, limit: int) -> Policy:
    """Return a policy on a file, with its customer."""
    policy = Policy.load(document(limit), f"sqlite:///{path}?synchronous=normal")
    policy.ensure_customer("u")
    return policy


def race(path: str, limit: int, processes: int, threads: int, calls: int) -> None:
    """Call from many threads of many processes; each process writes down what it saw."""
    opened(path, limit)
    children = [
        forked(partial(racer, f"{path}.{number}", path, limit, threads, calls))
        for number in range(processes)
    ]
    ended = [os.waitpid(child, 0)[1] for child in children]
    sys.exit(0 if not any(ended) else 1)


def racer(results: str, path: str, limit: int, threads: int, calls: int) -> None:
    """Call from many threads, one up or one down, and write every call down."""
    policy = opened(path, limit)

    def caller(thread: int) -> list[tuple[int, ...]]:
        drawn = Random(f"{results}{thread}")  # noqa: S311 -- a test
        return [ask(policy, -1 if drawn.random() < DOWN else 1) for _ in range(calls)]

    with ThreadPoolExecutor(threads) as pool:
        found = [each for history in pool.map(caller, range(threads)) for each in history]
    Path(results).write_text(json.dumps(found), "utf-8")


DOWN: Final = float(os.environ.get("CALLERS_DOWN", "0"))
"""Which share of calls gives back."""


def ask(policy: Policy, amount: int) -> tuple[int, ...]:
    """Return when a call began and ended, its amount, whether it passed, and what it saw."""
    begun = time.perf_counter_ns()
    verdict = policy.allow("u", NAME, amount)
    ended = time.perf_counter_ns()
    assert not verdict.degraded, verdict.explanation
    return begun, ended, amount, verdict.allowed, int(verdict.assessment.value)


def kill(path: str, limit: int, kills: int) -> None:
    """Kill a writer again and again; print what it had said of each key, one line for each."""
    drawn = Random(kills)  # noqa: S311 -- a test
    opened(path, limit)
    said: dict[str, str] = {}
    for _ in range(kills):
        read, write = os.pipe()
        child = forked(partial(writer, path, limit, len(said), write))
        os.close(write)
        with os.fdopen(read, encoding="utf-8") as lines:
            said.update(heard(lines, child, drawn))
        os.waitpid(child, 0)
    for key, record in said.items():
        sys.stdout.write(f"{key}\t{record}\n")


def heard(lines: Any, child: int, drawn: Random) -> Iterator[tuple[str, str]]:  # noqa: ANN401 -- a file
    """Yield what a writer says; after a few lines kill it, at any point."""
    ends_after = drawn.randrange(1, 8)
    for number, line in enumerate(lines, 1):
        if line.endswith("\n"):  # otherwise the last word was cut off
            key, _, record = line.rstrip("\n").partition("\t")
            yield key, record
        if number == ends_after:
            time.sleep(drawn.random() / 1_000)
            os.kill(child, signal.SIGKILL)


def writer(path: str, limit: int, number: int, write: int) -> None:
    """Call under one key after another, and say what came of each."""
    policy = opened(path, limit)
    while True:
        verdict = policy.allow("u", NAME, 1, key=f"k{number}")
        os.write(write, f"k{number}\t{json.dumps(verdict.record, default=str)}\n".encode())
        number += 1


def forked(act: Callable[[], None]) -> int:
    """Return the process in which something is done."""
    child = os.fork()
    if child:
        return child
    ended = 1
    try:
        act()
        ended = 0
    finally:
        sys.stderr.flush()
        if ended:
            import traceback  # noqa: PLC0415 -- only where something failed

            traceback.print_exc()
        os._exit(ended)


if __name__ == "__main__":
    asked: dict[str, Callable[..., None]] = {"race": race, "kill": kill}
    asked[sys.argv[1]](sys.argv[2], *map(int, sys.argv[3:]))
