"""Import time: `criterion` against pydantic with one model, in fresh interpreters."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from tests.benchmarks.timing import Effort

ROOT: Final = Path(__file__).parent.parent.parent
PYDANTIC: Final = "from pydantic import BaseModel\nclass Model(BaseModel):\n    number: int"
OURS: Final = "import criterion"
TIMED: Final = "from time import perf_counter as now\nbegin = now()\n{}\nprint(now() - begin)"


class Imports(NamedTuple):
    """Median seconds of either side, and the median of their ratios, pair by pair."""

    pydantic_s: float
    ours_s: float
    ratio: float


def import_times(effort: Effort) -> Imports:
    """Import both by turns, each time in a fresh interpreter that finds its bytecode compiled.

    What the interpreter itself needs to start is not counted.
    """
    with tempfile.TemporaryDirectory() as bytecode:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for code in (PYDANTIC, OURS):  # not counted: it compiles the bytecode
            _seconds(code, environment)
        pairs = [
            (_seconds(PYDANTIC, environment), _seconds(OURS, environment))
            for _ in range(effort.pairs)
        ]
    pydantic, ours = zip(*pairs, strict=True)
    ratio = statistics.median(ours_s / pydantic_s for pydantic_s, ours_s in pairs)
    return Imports(statistics.median(pydantic), statistics.median(ours), ratio)


def _seconds(code: str, environment: dict[str, str]) -> float:
    command = [sys.executable, "-c", TIMED.format(code)]
    finished = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, check=True, text=True
    )
    return float(finished.stdout)
