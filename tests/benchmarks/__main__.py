"""Print the table of speeds: ``python -m tests.benchmarks [--quick]``."""

import platform
import sys
from collections.abc import Iterator
from typing import NamedTuple

from tests.benchmarks.covering import FACTS_COUNT, cover_times
from tests.benchmarks.imports import import_times
from tests.benchmarks.loads import CATALOGUE_COUNT, load_times
from tests.benchmarks.plugin import CASES_COUNT, plugin_times
from tests.benchmarks.policies import load_times as policy_load_times
from tests.benchmarks.rows import ROWS, Row
from tests.benchmarks.scenario import names
from tests.benchmarks.timing import FULL, QUICK, Effort, seconds_per_call

IMPORT_NAME = "import criterion, against pydantic"
IMPORT_LIMIT = 1.3
LOAD_NAME = "YAML, load, beyond reading its YAML"
LOAD_LIMIT_MS = 2
CATALOGUE_NAME = f"catalogue of {CATALOGUE_COUNT} decisions"
CATALOGUE_LIMIT_MS = 1_000
POLICY_NAME = "load a policy, against CSafeLoader"
POLICY_LIMIT = 3

COVER_NAME = f"YAML, {FACTS_COUNT:_} facts, with coverage"
COVER_LIMIT = 3

CASES_NAME = f"pytest, {CASES_COUNT:_} cases, whole run"
CASES_LIMIT_MS = 3_000
PLUGIN_NAME = "pytest, importing the plug-in"
PLUGIN_LIMIT_MS = 5

HEAD = """\
Usage-limit under pricing, 4 rules, in Python where no YAML is named; Python {python} on {machine}.
Best of {rounds} turns of {calls:,} calls each, all rows by turns, garbage collector on;
imports: median of {pairs} pairs of fresh interpreters;
loads: median of {pairs}, of a catalogue {catalogues}.
"""


class Line(NamedTuple):
    """One printed line: a name, the time of one evaluation, and a figure with its limit."""

    name: str
    time: str
    figure: str
    limit: str = ""
    verdict: str = ""


def main(arguments: list[str]) -> int:
    """Measure everything in one run and print it."""
    if arguments not in ([], ["--quick"]):
        print("usage: python -m tests.benchmarks [--quick]", file=sys.stderr)
        return 2
    effort = QUICK if arguments else FULL
    print(HEAD.format(python=platform.python_version(), machine=_machine(), **effort._asdict()))
    for line in (Line("", "time", "figure", "limit"), *measured(effort)):
        print(f"{line.name:36}{line.time:>12}{line.figure:>12}{line.limit:>9}  {line.verdict}")
    return 0


def measured(effort: Effort) -> Iterator[Line]:
    """Yield the lines of the table: the rows, then loads, then the import."""
    statements = dict.fromkeys([*(row.against for row in ROWS), *(row.statement for row in ROWS)])
    seconds = seconds_per_call(statements, names(), effort)
    for row in ROWS:
        spent = seconds[row.statement] / row.evaluations
        yield _line(row.name, f"{spent * 1e6:.2f} µs", *_figure(row, spent, seconds[row.against]))
    loads = load_times(effort)
    for name, spent, figure, limit in (
        (LOAD_NAME, loads.decision_s, loads.beyond_s, LOAD_LIMIT_MS),
        (CATALOGUE_NAME, loads.catalogue_s, loads.catalogue_s, CATALOGUE_LIMIT_MS),
    ):
        yield _line(name, f"{spent * 1e3:.2f} ms", figure * 1e3, " ms", limit)
    policy = policy_load_times(effort)
    ratio = policy.ours_s / policy.yaml_s
    yield _line(POLICY_NAME, f"{policy.ours_s * 1e3:.0f} ms", ratio, "x", POLICY_LIMIT)
    cover = cover_times(effort)
    both_s = cover.run_s + cover.cover_s
    yield _line(COVER_NAME, f"{both_s * 1e3:.2f} ms", both_s / cover.run_s, "x", COVER_LIMIT)
    plugin = plugin_times(effort)
    for name, spent, limit in (
        (CASES_NAME, plugin.cases_s, CASES_LIMIT_MS),
        (PLUGIN_NAME, plugin.import_s, PLUGIN_LIMIT_MS),
    ):
        yield _line(name, f"{spent * 1e3:.2f} ms", spent * 1e3, " ms", limit)
    imports = import_times(effort)
    yield _line(IMPORT_NAME, f"{imports.ours_s * 1e3:.0f} ms", imports.ratio, "x", IMPORT_LIMIT)


def _figure(row: Row, spent: float, other: float) -> tuple[float, str, float | None]:
    """Return the figure, its unit and its limit."""
    if row.figure == "added µs":
        return (spent - other) * 1e6, " µs", row.limit
    extra = other if row.figure == "added ratio" else 0
    return (spent - extra) / other, "x", row.limit


def _line(name: str, time: str, figure: float, unit: str, limit: float | None) -> Line:
    shown = f"{figure:.2f}{unit}"
    if limit is None:
        return Line(name, time, shown)
    return Line(name, time, shown, f"{limit:g}{unit}", "ok" if figure <= limit else "MISSED")


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
