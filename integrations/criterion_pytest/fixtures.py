"""Fixtures: the project's catalogue, an engine, a clock that stands still, snapshots, policies."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from criterion import Catalogue, Engine
    from criterion.policy import Policy
    from criterion_pytest.clock import FrozenClock


@pytest.fixture(scope="session")
def criterion_catalogue(pytestconfig: pytest.Config) -> "Catalogue":
    """Return the project's decisions and profiles, else the ready ones of the library."""
    from criterion_pytest.catalogues import catalogue_of  # noqa: PLC0415 -- only where used

    return catalogue_of(pytestconfig).whole()


@pytest.fixture
def frozen_clock() -> "FrozenClock":
    """Return a clock that stands at the beginning of 2026 until a test moves it."""
    from criterion_pytest.clock import FrozenClock  # noqa: PLC0415 -- only where used

    return FrozenClock()


@pytest.fixture
def criterion_engine(criterion_catalogue: "Catalogue", frozen_clock: "FrozenClock") -> "Engine":
    """Return an engine that knows the project's profiles and tells the frozen time."""
    from criterion.engine import Engine  # noqa: PLC0415 -- only where used

    return Engine(profiles=criterion_catalogue.profiles, clock=frozen_clock)


@pytest.fixture
def policy_sandbox(
    frozen_clock: "FrozenClock",
) -> "Callable[[str | Path | Mapping[str, Any]], Policy]":
    """Return what loads a policy whose customers are kept in memory, at the frozen time."""
    from criterion.policy import Policy  # noqa: PLC0415 -- only where used

    return lambda source: Policy.load(source, "memory://", clock=frozen_clock)


@pytest.fixture
def decision_snapshot(request: pytest.FixtureRequest) -> "SnapshotAssertion":
    """Return a snapshot that keeps sentence and trace of a result, as a text for people."""
    try:
        snapshot = request.getfixturevalue("snapshot")
    except pytest.FixtureLookupError:
        pytest.fail(
            "`decision_snapshot` needs syrupy: pip install 'criterion-decisions[testing]'",
            pytrace=False,
        )
    from criterion_pytest.snapshots import ExplanationExtension  # noqa: PLC0415 -- needs syrupy

    kept: SnapshotAssertion = snapshot.use_extension(ExplanationExtension)
    return kept
