"""Endurance: a million records are written, searched and verified in a process of their own."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.soak import IS_SOAK, sized

ROOT: Final = Path(__file__).parent.parent.parent
GROWTH_MAX: Final = 20_000_000
SEARCH_MS_MAX: Final = 100
VERIFY_S_MAX: Final = 30


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units elsewhere")
def test_a_million_records_are_written_found_and_verified(tmp_path: Path) -> None:
    count = sized(1_000_000, 2_000)

    finished = subprocess.run(
        [sys.executable, "-m", "tests.audit.endurance", str(tmp_path), str(count)],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip

    sys.stdout.write(finished.stdout)
    figures = dict(line.rsplit(None, 1) for line in finished.stdout.splitlines())
    assert (int(figures["entries"]), int(figures["findings"])) == (count, 0)
    assert int(figures["bytes grown"]) < GROWTH_MAX
    if IS_SOAK:
        searches = [float(each) for name, each in figures.items() if name.startswith("search")]
        assert max(searches) < SEARCH_MS_MAX
        assert float(figures["verify, s"]) < VERIFY_S_MAX
