"""What the tests of analysis share: time enough, so that a busy machine changes no answer."""

from collections.abc import Callable

import pytest

from criterion.analysis.smt.solving import Budget
from criterion.analysis.watch import Watch, spent_ms

ENOUGH_MS = 50
"""Budgets from here on are to be enough; smaller ones are to run out."""

PATIENCE = 20
"""How many times as long."""


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every budget that is to be enough last longer."""
    begin, watch = Budget.__init__, Watch.__init__

    def longer(
        self: Budget, total_ms: int, question_ms: int, clock_ms: Callable[[], float]
    ) -> None:
        begin(self, _longer(total_ms), _longer(question_ms), clock_ms)

    def watched(self: Watch, budget_ms: int, now_ms: Callable[[], float] = spent_ms) -> None:
        watch(self, _longer(budget_ms), now_ms)

    monkeypatch.setattr(Budget, "__init__", longer)
    monkeypatch.setattr(Watch, "__init__", watched)


def _longer(budget_ms: int) -> int:
    return budget_ms * PATIENCE if budget_ms >= ENOUGH_MS else budget_ms
