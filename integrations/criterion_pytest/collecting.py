"""Collecting: a file of cases is a collector, each of its cases a test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from criterion.case_runs import read_cases_file, unreachable_in
from criterion.cases import CaseOutcome, Difference, outcome_of
from criterion.decision import Decision
from criterion.documents.cases_file import Case, CasesFile
from criterion.engine import Engine
from criterion.errors import CatalogueError, DefinitionError
from criterion.json_text import json_text
from criterion.text import code, one_line
from criterion_pytest.catalogues import Loaded, catalogue_of, shown
from criterion_pytest.options import STRICT
from criterion_pytest.reporting import ReachPlugin


class CasesCollector(pytest.File):
    """One file of cases."""

    def collect(self) -> Iterator["CaseItem"]:
        """Yield one test for each case, in the order of the file.

        Raises:
            CollectError: The file, or what it speaks of, cannot be used.
        """
        try:
            loaded = catalogue_of(self.config, self.path)
            if self.config.getoption(STRICT):
                loaded.whole()
            decision, file = self._read(loaded)
        except DefinitionError as error:
            raise self.CollectError(str(error)) from None
        reach = _reach_of(self.config)
        if reach is not None:
            reach.expect(decision, unreachable_in(decision, file.unreachable))
        for case in file.cases:
            name = one_line(case.name)
            yield CaseItem.from_parent(
                self, name=name, case=case, decision=decision, engine=loaded.engine
            )

    def _read(self, loaded: Loaded) -> tuple[Decision[Any, Any, Any], CasesFile]:
        """Return the decision and its cases; a broken catalogue is to blame before they are."""
        catalogue = loaded.catalogue
        try:
            file = read_cases_file(shown(self.path), catalogue)
        except DefinitionError as error:
            raise CatalogueError((*loaded.errors, error)) from None
        return catalogue.decision(file.decision), file


class CaseItem(pytest.Item):
    """One case.

    Attributes:
        case: What is expected.
        decision: What is asked.
    """

    def __init__(
        self,
        *,
        case: Case,
        decision: Decision[Any, Any, Any],
        engine: Engine,
        **given: Any,  # noqa: ANN401 -- what pytest hands on
    ) -> None:
        """Keep what the test asks."""
        super().__init__(**given)
        self.case = case
        self.decision = decision
        self._engine = engine

    def runtest(self) -> None:
        """Ask, and compare.

        Raises:
            CaseFailedError: The answer is not as expected.
        """
        case = self.case
        outcome = outcome_of(case, self._engine.run(self.decision, case.facts, case.profile))
        if self.config.getoption(STRICT):
            outcome = with_reason(outcome)
        reach = _reach_of(self.config)
        if reach is not None:
            reach.note(self.decision, outcome)
        if not outcome.passed:
            raise CaseFailedError(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401 -- as pytest has it
        """Return what differs and why, and where the case stands."""
        if not isinstance(excinfo.value, CaseFailedError):
            return super().repr_failure(excinfo, style)
        lines = [*map(str, excinfo.value.outcome.differences)]
        lines.append(f"because: {excinfo.value.outcome.result.explanation}")
        place = f"{shown(self.path)}:{self.case.line}"
        return "\n".join([*lines, "", f"{place}: {self.decision.id} v{self.decision.version}"])

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the case stands; pytest counts lines from 0."""
        return self.path, self.case.line - 1, self.name


class CaseFailedError(AssertionError):
    """A case does not get the answer that it expects.

    Attributes:
        outcome: How it went.
    """

    def __init__(self, outcome: CaseOutcome) -> None:
        """Keep the outcome."""
        super().__init__("; ".join(map(str, outcome.differences)))
        self.outcome = outcome


def _reach_of(config: pytest.Config) -> ReachPlugin | None:
    plugin: ReachPlugin | None = config.pluginmanager.get_plugin(ReachPlugin.NAME)
    return plugin


def with_reason(outcome: CaseOutcome) -> CaseOutcome:
    """Return an outcome that differs also where its explanation could not be worked out."""
    found = outcome.result.explanation
    if not found.startswith(f"the explanation of {code(str(outcome.result.matched_rule))} "):
        return outcome
    reason = Difference("explanation", "a sentence", json_text(found))
    return outcome._replace(differences=(*outcome.differences, reason))
