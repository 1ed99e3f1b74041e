"""The plug-in for pytest: what it costs those who do not use it, and many cases of one decision."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

from criterion.scaffold import create, project_files
from tests.benchmarks.timing import Effort

CASES_COUNT: Final = 1_000
CASES_QUICK: Final = 20
CASES_FILE: Final = "decisions/my_decision.cases.yaml"
IMPORT: Final = """\
import pytest
from time import perf_counter as now
begin = now()
import criterion_pytest
print(now() - begin)
"""


class PluginTimes(NamedTuple):
    """Median seconds: of a whole run of pytest over cases, and of an import after pytest's own."""

    cases: int
    cases_s: float
    import_s: float


def plugin_times(effort: Effort) -> PluginTimes:
    """Run pytest and import the plug-in, each time in a fresh interpreter."""
    cases = CASES_COUNT if effort.calls >= CASES_COUNT else CASES_QUICK
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), cases)
        runs = [_run_s(Path(folder), cases) for _ in range(effort.catalogues)]
    imports = [float(_printed([sys.executable, "-c", IMPORT])) for _ in range(effort.pairs)]
    return PluginTimes(cases, statistics.median(runs), statistics.median(imports))


def _write(root: Path, cases: int) -> None:
    create(project_files(root))
    lines = [
        f"  - {{name: amount {amount}, facts: {{amount: {amount}}}, data: {{allowed: {allowed}}}, "
        f"rule: {rule}}}"
        for amount in range(cases)
        for allowed, rule in (
            ("true", "within-limit") if amount <= 100 else ("false", "over-limit"),
        )
    ]
    head = "decision: my-decision\nprofile: my-decision\ncases:\n"
    (root / CASES_FILE).write_text(head + "\n".join(lines) + "\n", "utf-8")


def _run_s(root: Path, cases: int) -> float:
    plugins = ["-p", "criterion_pytest", "-p", "no:cacheprovider"]
    begin = perf_counter()
    printed = _printed([sys.executable, "-m", "pytest", *plugins, "-q", CASES_FILE], root)
    spent = perf_counter() - begin
    assert f"{cases} passed" in printed, printed
    return spent


def _printed(command: list[str], folder: Path | None = None) -> str:
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=True, text=True
    ).stdout
