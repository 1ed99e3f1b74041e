"""``criterion policy journal`` and ``events``: what changed in a store, and who was told what."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.cli import policy_history
from criterion.policy import Policy
from criterion.policy.stores.sqlite import SqliteStore
from tests.cli.conftest import Project
from tests.cli.policy_project import AT, fixture_shop  # noqa: F401 -- the fixture

START: Final = datetime.fromisoformat(AT)


def minute(count: int) -> datetime:
    return START + timedelta(minutes=count)


@pytest.fixture(name="told")
def fixture_told(shop: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return the folder of a policy with a store in which every kind of part has changed."""
    monkeypatch.setenv("CRITERION_STORE_URL", "limits.db")
    store = SqliteStore("limits.db")
    policy = Policy.load("policy.yaml", store)
    policy.create_customer("acme", "pro", type="org", at=minute(0))
    policy.create_customer("ann", refs=["acme"], alt_ids=["ann@example.org"], at=minute(1))
    policy.allow("ann", "seats", 4, key="req-1", at=minute(2))
    policy.allow("ann", "tokens", 2_000, at=minute(3))
    policy.grant("acme", "token", 50, id="gift", at=minute(4))
    policy.allow("acme", "tokens", 100_030, at=minute(5))
    policy.add_cap("acme", 20, id="monthly", at=minute(6))
    policy.create_override("acme", "files", value="1TB", at=minute(7))
    policy.observe("acme", "tokens", 5, at=minute(8))
    policy.remove_cap("acme", "monthly", at=minute(9))
    policy.delete_customer("ann", at=minute(10))
    store.close()
    return shop


LINES = [
    "journal",
    "journal --customer ann",
    "journal --customer ann@example.org --limit 1",
    "journal --after 3 --at 2026-03-01T09:05:00Z",
    "journal --at 2026-02-01",
    "events",
    "events --name meter-changed",
    "events --name meter-chnaged",
    "events --customer ann --limit 2",
]


@pytest.mark.parametrize("line", LINES)
def test_a_person_reads_this(line: str, told: Project, snapshot: SnapshotAssertion) -> None:
    ended = told.run("policy", *line.split())

    assert f"exit {ended.exit_code}\n{ended.stdout}\n{ended.stderr}" == snapshot


@pytest.mark.parametrize("line", ["journal --limit 3", "events --limit 3"])
def test_a_program_reads_this(line: str, told: Project, snapshot: SnapshotAssertion) -> None:
    ended = told.run("policy", *line.split(), "--json")

    assert json.loads(ended.stdout) == snapshot


@pytest.mark.parametrize(("batch", "limit"), [(1, 1), (2, 4), (3, 100), (1_000, 4)])
def test_the_last_ones_are_found_from_the_end(
    batch: int, limit: int, told: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _ids(told, "--limit", "1000")
    monkeypatch.setattr(policy_history, "BATCH", batch)

    assert _ids(told, "--limit", str(limit)) == whole[-limit:]
    assert (
        _ids(told, "--limit", str(limit), "--after", "2")
        == [each for each in whole if int(each.partition("-")[0]) > 2][-limit:]
    )


def _ids(told: Project, *more: str) -> list[str]:
    found: list[dict[str, Any]] = json.loads(told.run("policy", "events", "--json", *more).stdout)[
        "events"
    ]
    return [each["id"] for each in found]
