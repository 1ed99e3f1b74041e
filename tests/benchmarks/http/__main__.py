"""Print the table of speeds over HTTP: ``python -m tests.benchmarks.http [--quick]``."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator

from tests.benchmarks.http.in_process import PAIRS, times
from tests.benchmarks.http.under_servers import PAIRS as SERVED
from tests.benchmarks.http.under_servers import rates, shares
from tests.benchmarks.timing import FULL, QUICK, Effort

ROUNDS, SECONDS = 5, 3


def main(arguments: list[str]) -> int:
    """Measure and print; ``--quick`` leaves the servers out."""
    if arguments not in ([], ["--quick"]):
        print("usage: python -m tests.benchmarks.http [--quick]", file=sys.stderr)
        return 2
    is_quick = bool(arguments)
    if not is_quick and shutil.which("wrk") is None:
        hint = "apt-get install wrk, or leave the servers out with --quick"
        print(f"wrk is not installed: {hint}", file=sys.stderr)
        return 2
    print(f"Usage-limit over HTTP, beside an echo of the same input; Python {_python()}.")
    for line in in_process(QUICK if is_quick else FULL):
        print(line)
    if is_quick:
        return 0
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"\nUnder servers, medians of {ROUNDS} turns of {SECONDS} s; load before: {load}")
    for line in under_servers():
        print(line)
    return 0


def in_process(effort: Effort) -> Iterator[str]:
    """Yield the lines about callables without a server."""
    spent = times(effort)
    for name, statement, against in PAIRS:
        ours, echo = spent[statement] * 1e6, spent[against] * 1e6
        yield f"{name:34}{ours:8.2f} µs{echo:10.2f} µs echo{ours - echo:8.2f} µs added"


def under_servers() -> Iterator[str]:
    """Yield the lines about real servers."""
    found = rates(ROUNDS, SECONDS)
    for pair in SERVED:
        rate, share = shares(pair, found)
        verdict = "" if pair.limit is None else _verdict(share, pair.limit)
        yield f"{pair.name:42}{rate / 1e3:8.1f} k/s{share:9.0%} of echo{verdict}"


def _verdict(share: float, limit: float) -> str:
    return f"{limit:8.0%}  {'ok' if share >= limit else 'MISSED'}"


def _python() -> str:
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
