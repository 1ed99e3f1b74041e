"""Endurance: what evaluations leave behind in memory, and what they touch outside of it."""

import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from criterion import load_decision
from criterion.result import Result
from tests.benchmarks.peers.question import PRICING, facts
from tests.parcels import engine
from tests.soak import sized
from tests.watch import Watch

ROOT: Final = Path(__file__).parent.parent
GROWTH_MAX: Final = 20_000_000


def read(result: Result[Any]) -> list[object]:
    """Read all that can be read of a result."""
    texts = [result.explanation, result.to_json(), str(result), result.why_not("over-limit")]
    return [*texts, result.trace, result.errors, result.to_dict()]


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units elsewhere")
def test_a_million_evaluations_leave_nothing_behind() -> None:
    rounds = [sized(1_000, 2), sized(1_000, 2)]  # of a thousand expressions; of a hundred failing

    finished = subprocess.run(
        [sys.executable, "-m", "tests.endurance", *map(str, rounds)],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip

    assert int(finished.stdout) < GROWTH_MAX


def test_an_evaluation_and_its_reading_touch_nothing_outside() -> None:
    bound = engine().bind(load_decision(ROOT / "decisions/usage_limit.yaml"), PRICING)
    questions = [*facts(), {"plan": "free"}, {"resource": 1}, None]
    for question in questions:  # imports what is needed when it is first read
        read(bound(question))
    watch = Watch()

    with watch.watching() as events:
        answers = [read(bound(question)) for question in questions]

    assert events == []
    assert all(answers)
