"""Timing: many statements, each run in short loops by turns, so that noise reaches all alike."""

import gc
import timeit
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Effort(NamedTuple):
    """How hard to measure.

    Attributes:
        rounds: How often each statement has its turn; the fastest turn counts.
        calls: How many times it runs in a turn.
        pairs: How many fresh interpreters import each side, and how often a decision is loaded.
        catalogues: How often a catalogue is loaded.
    """

    rounds: int
    calls: int
    pairs: int
    catalogues: int


FULL = Effort(rounds=50, calls=2_000, pairs=21, catalogues=5)
QUICK = Effort(rounds=3, calls=20, pairs=1, catalogues=1)


def seconds_per_call(
    statements: Iterable[str], names: Mapping[str, object], effort: Effort
) -> dict[str, float]:
    """Return the seconds that one run of each statement takes, in its fastest turn.

    The garbage collector stays on, as in normal use; `timeit` alone would turn it off.
    """
    timers = {
        statement: timeit.Timer(statement, "gc.enable()", globals={**names, "gc": gc})
        for statement in statements
    }
    best = dict.fromkeys(timers, float("inf"))
    for _ in range(effort.rounds):
        for statement, timer in timers.items():
            spent = timer.timeit(effort.calls) / effort.calls
            best[statement] = min(best[statement], spent)
    return best
