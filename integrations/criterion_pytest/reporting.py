"""Reporting: what the cases reach, at the end of a run on one process or many."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import pytest

from criterion.cases import CaseOutcome
from criterion.conditions import Unreachable
from criterion.decision import Decision
from criterion.testing import coverage
from criterion_pytest.catalogues import loaded_catalogues
from criterion_pytest.options import ARMS_MIN, COVERAGE, RULES_MIN, STRICT
from criterion_pytest.reach import Gathered, Reach, Seen, missing, share

SENT: Final = "criterion"
"""The name under which workers send what they know."""

MISSING_MAX: Final = 20
"""How many unreached rules or arms of one decision are listed."""


class ReachPlugin:
    """Notes what the cases reach, and fails the run where that is too little."""

    NAME: Final = "criterion-reach"

    def __init__(self, config: pytest.Config) -> None:
        """Begin to gather."""
        self._config = config
        self._outcomes: dict[Decision[Any, Any, Any], list[CaseOutcome]] = {}
        self._unreachable: dict[Decision[Any, Any, Any], set[Unreachable]] = {}
        self._gathered = Gathered()

    def expect(self, decision: Decision[Any, Any, Any], unreachable: Iterable[Unreachable]) -> None:
        """Note which arms of a decision no facts can reach."""
        self._unreachable.setdefault(decision, set()).update(unreachable)

    def note(self, decision: Decision[Any, Any, Any], outcome: CaseOutcome) -> None:
        """Note how a case went."""
        self._outcomes.setdefault(decision, []).append(outcome)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 -- of pytest-xdist, if it is there
        """Take what a worker has sent; one that crashed has sent nothing."""
        sent = getattr(node, "workeroutput", {}).get(SENT)
        if sent is not None:
            self._gathered.receive(sent)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send what is known, or judge it."""
        for decision, outcomes in self._outcomes.items():
            unreachable = self._unreachable.get(decision, set())
            reached = coverage(decision, outcomes, unreachable=unreachable)
            self._gathered.add(_name(decision), Reach.of(reached))
        self._gathered.uncased |= set(self._uncased())
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[SENT] = self._gathered.sent()
        elif session.exitstatus == pytest.ExitCode.OK and any(self._complaints()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what the cases reach."""
        if self._asks(COVERAGE) or any(self._complaints()):
            terminalreporter.section("criterion")
            for line in (*self._table(), *self._complaints()):
                terminalreporter.write_line(line)

    def _asks(self, option: str) -> Any:  # noqa: ANN401 -- whatever the option holds
        return self._config.getoption(option)

    def _uncased(self) -> Iterator[str]:
        """Yield the decisions of every catalogue for which no file has cases."""
        if not self._asks(STRICT):
            return
        for loaded in loaded_catalogues(self._config).values():
            ids = {decision.id for decision in loaded.catalogue.serving}
            yield from ids - loaded.cased()

    def _table(self) -> Iterator[str]:
        for name, reach in sorted(self._gathered.reaches.items()):
            yield f"{name}  {_counted(reach.rules, 'rules')}, {_counted(reach.arms, 'arms')}"
            for kind, seen in zip(("rule", "arm"), reach, strict=True):
                left = list(missing(seen))
                yield from (f"  {kind} not reached: {each}" for each in left[:MISSING_MAX])
                if len(left) > MISSING_MAX:
                    yield f"  … and {len(left) - MISSING_MAX} more"

    def _complaints(self) -> Iterator[str]:
        """Yield why the run fails, one sentence each."""
        for name, reach in sorted(self._gathered.reaches.items()):
            yield from self._too_little(name, "rules", reach.rules, self._asks(RULES_MIN))
            yield from self._too_little(name, "arms", reach.arms, self._asks(ARMS_MIN))
        for id in sorted(self._gathered.uncased):
            yield f"FAILED: decision `{id}` has no cases"

    def _too_little(self, name: str, kind: str, seen: Seen, least: float | None) -> Iterator[str]:
        if least is not None and share(seen) < least:
            reached = f"{share(seen):.1f} % of its {kind}, not {least:g} %"
            yield f"FAILED: the cases of {name} reach {reached}"


def _counted(seen: Seen, kind: str) -> str:
    return f"{sum(seen.values())} of {len(seen)} {kind}"


def _name(decision: Decision[Any, Any, Any]) -> str:
    return f"{decision.id}@{decision.version}"
