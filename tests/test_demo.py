"""The demo: what a newcomer sees first."""

import io
import re
import sys
from datetime import UTC, datetime
from typing import Final

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion import FixedClock, demo

CLOCK: Final = FixedClock(datetime(2026, 1, 31, 12, tzinfo=UTC))
LINES_MAX: Final = 45
COLUMNS_MAX: Final = 80
DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


def test_the_demo_shows_an_allow_a_warning_and_a_denial(snapshot: SnapshotAssertion) -> None:
    shown = DIGEST.sub("sha256:<digest>", demo.screen(CLOCK))

    assert shown == snapshot


def test_the_demo_fits_on_one_screen() -> None:
    lines = demo.screen(CLOCK).splitlines()

    assert len(lines) <= LINES_MAX
    assert [line for line in lines if len(line) > COLUMNS_MAX] == []


def test_a_terminal_without_the_signs_of_the_trace_gets_the_demo_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(terminal, encoding="ascii"))

    demo.main()

    sys.stdout.flush()
    assert b"? over-limit" in terminal.getvalue()
