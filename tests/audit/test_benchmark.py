"""The benchmark of the audit trail: it runs, and prints every row."""

import pytest

from tests.benchmarks.audit import main


def test_a_quick_run_prints_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["600"])

    assert code == 0
    assert len(capsys.readouterr().out.splitlines()) == 15
