"""The benchmarks: they run, and print every row. How fast anything is, no test asserts."""

from typing import Any

import pytest

from tests.benchmarks.__main__ import IMPORT_NAME, main
from tests.benchmarks.rows import ROWS
from tests.benchmarks.scenario import names


def test_a_quick_run_prints_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [*(row.name for row in ROWS), IMPORT_NAME]

    code = main(["--quick"])

    printed = capsys.readouterr().out
    assert code == 0
    assert [name for name in rows if name not in printed] == []


def test_an_unknown_flag_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--slow"])

    assert code == 2
    assert "--quick" in capsys.readouterr().err


@pytest.mark.parametrize("facts", ["allowed", "denied"])
def test_the_bare_if_chain_decides_the_same(facts: str) -> None:
    known: dict[str, Any] = names()

    data = known["bound"](known[facts]).data

    assert known["plain"](known[facts]) == data.model_dump()
