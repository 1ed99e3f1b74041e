"""Decisions under pytest: tables of cases as tests, snapshots of explanations, coverage of rules.

pytest loads this package in every project that has it installed, so nothing else is imported
before a test, an option or a file of cases needs it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from criterion_pytest.fixtures import (
    criterion_catalogue,
    criterion_engine,
    decision_snapshot,
    frozen_clock,
    policy_sandbox,
)
from criterion_pytest.options import add_options, asks_for_reach

if TYPE_CHECKING:
    from criterion_pytest.collecting import CasesCollector

__all__ = [
    "criterion_catalogue",
    "criterion_engine",
    "decision_snapshot",
    "frozen_clock",
    "policy_sandbox",
]

CASES_SUFFIX: Final = ".cases.yaml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Gather what the cases reach, where an option asks for it."""
    if asks_for_reach(config):
        from criterion_pytest.reporting import ReachPlugin  # noqa: PLC0415 -- only where asked for

        config.pluginmanager.register(ReachPlugin(config), ReachPlugin.NAME)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CasesCollector | None":
    """Collect a file of cases."""
    if not file_path.name.endswith(CASES_SUFFIX):
        return None
    from criterion_pytest.collecting import CasesCollector  # noqa: PLC0415 -- only where needed

    return CasesCollector.from_parent(parent, path=file_path)
