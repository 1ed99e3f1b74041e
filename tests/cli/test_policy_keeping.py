"""``criterion policy customer``, ``allow``, ``grant``, ``override``, ``margin``: with a store."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.policy import Policy
from criterion.policy.stores.sqlite import SqliteStore
from tests.cli.conftest import Project, masked
from tests.cli.policy_project import AT, POLICY, fixture_shop  # noqa: F401 -- the fixture

NOON: Final = datetime.fromisoformat("2026-03-01T12:00:00Z")

LATER: Final = ["--at", "2026-03-02"]


@pytest.fixture(name="kept")
def fixture_kept(shop: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return the folder of a policy with a store of an organisation and one of its members."""
    monkeypatch.setenv("CRITERION_STORE_URL", "limits.db")
    store = SqliteStore("limits.db")
    policy = Policy.load("policy.yaml", store)
    at = datetime.fromisoformat(AT)
    policy.create_customer("acme", "pro", type="org", at=at)
    policy.create_customer("ann", refs=["acme"], alt_ids=["ann@example.org"], at=at)
    policy.allow("ann", "seats", 4, at=at)
    policy.allow("acme", "tokens", 150_000, key="first", at=at)
    policy.allow("acme", "files", "6GB", at=at)
    policy.reserve("acme", "tokens", 500, ttl="7days", at=at)
    policy.add_cap("acme", 20, id="monthly", reset_sch="monthly:1", at=at)
    store.close()
    return shop


@pytest.fixture(name="policy")
def fixture_policy(kept: Project) -> Iterator[Policy]:
    """Return the same policy over the same store, as an application has it."""
    store = SqliteStore(str(kept.root / "limits.db"))
    yield Policy.load(POLICY, store)
    store.close()


SCREENS = [
    "customer acme",
    "customer ann@example.org",
    "allow ann tokens",
    "allow ann tokens 2_000",
    "allow acme seats -1",
    "allow acme seats 7 --check",
    "allow acme requests 6",
    "allow acme pdf-export",
    "allow ben tokens 5 --plan free",
    "allow acme tokens 5 --at 2026-02-01",
    "grant acme token 60_000 --id gift --expires +30d",
    "grant acme bonus 3 --id monthly --reset-sch monthly:1",
    "override acme files 2TB --expires 2026-04-01",
    "override acme tokens unlimited --mode hard --reset-inc 7d",
    "margin",
    "margin acme",
    "margin --sort customer --limit 1",
]


@pytest.mark.parametrize("line", SCREENS)
def test_a_person_reads_this(line: str, kept: Project, snapshot: SnapshotAssertion) -> None:
    at = [] if "--at" in line else LATER

    ended = kept.run("policy", *line.split(), *at)

    assert f"exit {ended.exit_code}\n{_plainly(ended.stdout)}\n{ended.stderr}" == snapshot


def _plainly(text: str) -> str:
    """Return text without the ids of holds, which are drawn."""
    return re.sub("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<hold>", text)


def test_what_was_agreed_is_seen(kept: Project, snapshot: SnapshotAssertion) -> None:
    for line in (
        "grant acme token 20_000 --id gift --expires +30d",
        "override acme files 2TB --expires 2026-04-01",
        "override acme tokens 200_000",
        "override acme tokens --remove",
    ):
        assert kept.run("policy", *line.split(), *LATER).exit_code == 0

    assert _plainly(kept.run("policy", "customer", "acme", *LATER).stdout) == snapshot


@pytest.mark.parametrize(
    "line",
    [
        "allow acme seats 7",
        "grant acme token 5 --id gift",
        "override acme files 2TB",
        "margin",
        "margin ann",
    ],
)
def test_a_program_reads_this(line: str, kept: Project, snapshot: SnapshotAssertion) -> None:
    ended = kept.run("policy", *line.split(), *LATER, "--json")

    assert json.loads(masked(ended.stdout)) == snapshot


def test_a_customer_stands_where_the_policy_says(kept: Project, policy: Policy) -> None:
    ended = kept.run("policy", "customer", "acme", "--at", NOON.isoformat(), "--json")

    members: dict[str, Any] = json.loads(ended.stdout)
    metered = [each for each in members["entitlements"] if each["metered"]]
    assert [each["entitlement"] for each in members["entitlements"]] == list(
        policy.terms.plans["pro"].entitlements
    )
    for each in metered:
        name = each["entitlement"]
        assert each["used"] == policy.value("acme", name, at=NOON)
        assert each["remaining"] == policy.remaining("acme", name, at=NOON)
        assert each["held"] == policy.held("acme", name, at=NOON)
        resets = policy.resets("acme", name, at=NOON)
        assert (each["resets_at"] is None) == (resets is None)
    assert len(metered) == 4
    assert members["caps"][0]["id"] == "monthly"
    [hold] = next(each for each in metered if each["entitlement"] == "tokens")["holds"]
    assert hold["amount"] == 500


def test_a_keyed_call_is_counted_once(kept: Project, policy: Policy) -> None:
    words = ["policy", "allow", "ann", "tokens", "40", "--key", "req-1", *LATER]

    first, again = kept.run(*words), kept.run(*words)

    assert first.stdout == again.stdout
    assert policy.value("ann", "tokens", at=NOON) == 40


def test_values_of_options_keep_their_signs(kept: Project) -> None:
    words = ["grant", "acme", "token", "5", "--id", "-5", "--priority", "-7", *LATER]
    assert kept.run("policy", *words).exit_code == 0

    seen = json.loads(kept.run("policy", "customer", "acme", *LATER, "--json").stdout)

    assert [(each["id"], each["priority"]) for each in seen["grants"]] == [("-5", -7)]


LOOKS = [
    "customer acme",
    "allow acme tokens 5 --check",
    "margin",
    "margin acme",
    "journal",
    "events",
]


@pytest.mark.parametrize("line", LOOKS)
def test_looking_changes_nothing(line: str, kept: Project, policy: Policy) -> None:
    kept.write("policy.yaml", f"{POLICY}\ncustomers:\n  new: {{plan: pro}}\n")
    last = policy.store.last

    ended = kept.run("policy", *line.split())

    assert (ended.exit_code, policy.store.last) == (0, last)


def test_the_customers_of_the_document_are_there_when_something_is_changed(kept: Project) -> None:
    kept.write("policy.yaml", f"{POLICY}\ncustomers:\n  new: {{plan: pro}}\n")

    assert kept.run("policy", "allow", "new", "tokens", "7").exit_code == 0
    assert "7 " in kept.run("policy", "customer", "new").stdout


@pytest.mark.parametrize(
    "line",
    [
        "customer acme",
        "allow acme tokens",
        "grant acme token 5",
        "override acme tokens 5",
        "margin",
        "journal",
        "events",
    ],
)
@pytest.mark.parametrize(
    ("store", "message"),
    [
        ([], "this needs the store that customers are kept in"),
        (["--store", "limit.db"], "there is no store `limit.db`"),
        (["--store", "memory://"], "a store in memory is gone when the command ends"),
        (["--store", "other://u:secret@host/db"], "`other://…@host/db` is no address of a store"),
    ],
    ids=["none", "mistyped", "memory", "unknown"],
)
def test_without_a_store_it_says_what_to_type(
    line: str, store: list[str], message: str, shop: Project
) -> None:
    ended = shop.run("policy", *line.split(), *store)

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.startswith(message)
    assert "sqlite:///" in ended.stderr or "hint: " in ended.stderr
    assert [file.name for file in shop.root.iterdir()] == ["policy.yaml"]


def test_a_new_customer_may_begin_a_store(shop: Project) -> None:
    store = ["--store", "sqlite:///new.db?synchronous=normal"]

    begun = shop.run(
        "policy", "allow", "acme", "seats", "2", "--plan", "pro", "--type", "org", *store
    )
    seen = shop.run("policy", "customer", "acme", "--store", "new.db", "--json")

    assert begun.exit_code == 0
    assert json.loads(seen.stdout)["entitlements"][0]["used"] == 2


MISTAKES = [
    "customer acne",
    "allow acne tokens",
    "allow acme tokns",
    "allow acme tokens abc",
    "allow acme files 1h",
    "allow ben tokens --plan fre",
    "allow acme tokens --check --key a",
    "grant acme tokn 5",
    "grant acme token -5",
    "grant acme token 5 --expires 2020-01-01",
    "grant acme token 5 --reset-inc 30d --reset-sch monthly:1",
    "grant acme token 5 --reset-inc 0d",
    "grant acme token 5 --reset-sch monthli:1",
    "override acme pdf-export 5",
    "override acme tokens",
    "override acme tokens 5 --remove",
    "override acme tokens --remove",
    "override acme tokens -5",
    "override acme tokens many",
    "margin acne",
    "journal --customer acne",
    "journal --at someday",
]


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_answered_with_what_to_type(
    line: str, kept: Project, policy: Policy, snapshot: SnapshotAssertion
) -> None:
    last = policy.store.last

    ended = kept.run("policy", *line.split(), *([] if "--at" in line else LATER))

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == snapshot
    assert policy.store.last == last


def test_an_id_is_a_grants_once(kept: Project) -> None:
    words = ["policy", "grant", "acme", "token", "5", "--id", "gift", *LATER]
    kept.run(*words)

    assert kept.run(*words).stderr == (
        "`acme` has a grant `gift` already\n  hint: name another one by `--id`\n"
    )


def test_a_damaged_store_is_a_failure_and_no_misuse(shop: Project) -> None:
    (shop.root / "limits.db").write_bytes(b"hello" * 1_000)

    ended = shop.run("policy", "customer", "acme", "--store", "limits.db")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith("store `limits.db` is no database")
