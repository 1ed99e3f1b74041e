"""The SQLite store: what it keeps over a restart, what its errors say, what policies make of it."""

import logging
import os
import signal
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from criterion.clock import FixedClock
from criterion.errors import DefinitionError, StoreError
from criterion.policy import Policy
from criterion.policy.state import Customer
from criterion.policy.store import Commit, Heads, Part
from criterion.policy.stores.opening import open_store
from criterion.policy.stores.sqlite import SqliteStore
from criterion.policy.stores.sqlite_file import APPLICATION, VERSION
from tests.policy.scenes import START, after, limit

GUARD: Final = {"id": "much", "when": "input.requested > 8", "explain": "{input.requested} at once"}
ENTITLEMENTS: Final = {"x": limit(10), "flag": {}}


def document(**more: Any) -> dict[str, Any]:  # noqa: ANN401 -- of a document
    plan = {"default": True, "entitlements": ENTITLEMENTS}
    return {"credits": {"t": {}}, "plans": {"free": plan}, **more}


def policy_on(path: Path, **more: Any) -> Policy:  # noqa: ANN401 -- of a document
    store = SqliteStore(str(path))
    policy = Policy.load(document(**more), store, clock=FixedClock(START))
    policy.ensure_customer("u", metadata={"region": "eu"})
    return policy


def close(policy: Policy) -> None:
    store = policy.store
    assert isinstance(store, SqliteStore)
    store.close()


@pytest.fixture(name="path")
def fixture_path(tmp_path: Path) -> Path:
    return tmp_path / "limits.db"


CALLS: Final[dict[str, tuple[str, int | str]]] = {
    "passed": ("x", 3),
    "refused": ("x", 99),
    "guarded": ("x", 9),
    "malformed": ("x", "5s"),
    "feature": ("flag", 0),
}


@pytest.mark.parametrize("guards", [[], [GUARD]], ids=["plain", "guarded"])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_another_process_answers_a_key_as_the_first_one_did(
    path: Path, call: tuple[str, int | str], guards: list[Any]
) -> None:
    first = policy_on(path, guards=guards)
    said = first.allow("u", *call, key="k", context={"n": [1.5, None]})
    close(first)

    again = policy_on(path, guards=guards).allow(
        "u", *call, key="k", context={"n": [1.5, None]}, at=after(60)
    )

    assert again.to_json(trace=True) == said.to_json(trace=True)
    assert (again.assessment, again.decision_digest) == (said.assessment, said.decision_digest)


def test_an_answer_stays_that_of_the_policy_it_was_given_under(path: Path) -> None:
    first = policy_on(path, guards=[GUARD])
    refused, passed = (first.allow("u", "x", n, key=f"k{n}") for n in (9, 3))
    close(first)

    changed = policy_on(path)
    again = [changed.allow("u", "x", n, key=f"k{n}") for n in (9, 3)]

    assert [each.record for each in again] == [refused.record, passed.record]
    assert [each.explanation for each in again] == [refused.explanation, passed.explanation]
    assert again[0].explanation == "9 at once"
    assert again[0].contract.hash == refused.contract.hash != changed.terms.digest
    assert again[0].decision_digest == refused.decision_digest


def test_a_guard_that_failed_fails_the_same_again(path: Path) -> None:
    guard = {"id": "broken", "when": "input.requested / context.n > 1"}
    first = policy_on(path, guards=[guard])
    said = first.allow("u", "x", 1, key="k", context={"n": 0})
    close(first)

    again = policy_on(path, guards=[guard]).allow("u", "x", 1, key="k", context={"n": 0})

    assert said.code == "rule_error"
    assert again.to_json(trace=True) == said.to_json(trace=True)


def test_the_same_key_for_something_else_is_a_conflict_after_a_restart(path: Path) -> None:
    first = policy_on(path)
    first.allow("u", "x", 3, key="k")
    close(first)

    second = policy_on(path)

    assert second.allow("u", "x", 4, key="k").code == "conflict"
    assert second.allow("u", "x", 3, key="k", context={"n": 1}).code == "conflict"


def test_several_answers_under_one_key_and_a_settled_hold_are_kept(path: Path) -> None:
    first = policy_on(path)
    both = first.allow_all("u", [("x", 1), ("flag", 0)], key="k")
    hold = first.reserve("u", "x", 2).hold or ""
    settled = first.settle("u", "x", hold, 1)
    close(first)

    second = policy_on(path)

    again = second.allow_all("u", [("x", 1), ("flag", 0)], key="k")
    assert [each.record for each in again] == [each.record for each in both]
    assert second.settle("u", "x", hold, 1).record == settled.record
    assert second.settle("u", "x", hold, 2).code == "conflict"


def test_a_key_of_a_customer_that_is_gone_is_not_that_of_its_successor(path: Path) -> None:
    policy = policy_on(path)
    policy.allow("u", "x", 3, key="k")
    policy.delete_customer("u")
    policy.create_customer("u")

    assert policy.allow("u", "x", 5, key="k")


def test_a_keys_index_is_used_and_a_plan_is_found_without_reading_all(path: Path) -> None:
    policy_on(path)

    with closing(sqlite3.connect(path)) as connection:
        plans = [
            connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchone()[3]
            for statement in (
                "SELECT seq FROM journal WHERE customer = 'u' AND key = 'k' ORDER BY seq DESC",
                "SELECT 1 FROM plans WHERE plan = 'free'",
                "SELECT data FROM parts WHERE customer = 'u'",
            )
        ]

    assert all(plan.startswith("SEARCH") for plan in plans)


def test_callers_that_wait_together_are_committed_together(path: Path) -> None:
    policy = policy_on(path)
    inside, go_on = threading.Event(), threading.Event()

    def slow(_: Heads) -> Commit:
        inside.set()
        go_on.wait(10)
        return Commit("u", 1, None)

    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(policy.store.transact, "u", slow)
        inside.wait(10)
        others = [pool.submit(policy.allow, "u", "x", 2) for _ in range(8)]
        while len(policy.store.waiting) < 8:  # type: ignore[attr-defined] # nothing else tells
            pass
        statements: list[str] = []
        policy.store.pool.writer().set_trace_callback(statements.append)  # type: ignore[attr-defined] # the same
        go_on.set()
        answers = [each.result() for each in others]
        first.result()

    assert statements.count("COMMIT") == 2  # of the first one, and of all others
    assert sum(map(bool, answers)) == 5
    assert policy.value("u", "x") == 10


def test_one_who_raises_does_not_hurt_those_committed_with_it(path: Path) -> None:
    policy = policy_on(path)
    store = policy.store

    def boom(_: Heads) -> Commit:
        raise ZeroDivisionError

    with ThreadPoolExecutor(8) as pool:
        raising = [pool.submit(store.transact, "u", boom) for _ in range(20)]
        sound = [pool.submit(policy.allow, "u", "x", 1) for _ in range(20)]
        assert {type(each.exception()) for each in raising} == {ZeroDivisionError}
        assert sum(bool(each.result()) for each in sound) == 10


def test_what_no_store_keeps_is_refused_by_name_and_nothing_is_kept(path: Path) -> None:
    policy = policy_on(path)
    last = policy.store.last

    odd = Part("u", "meters", "x", object())
    with pytest.raises(TypeError, match="`object` is nothing that a store keeps"):
        policy.store.transact("u", lambda _: Commit("u", 1, None, (odd,)))

    assert policy.store.last == last
    assert policy.allow("u", "x", 1)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a transaction open, as a careless program does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_locked_file_says_so_and_works_again_at_once(path: Path) -> None:
    policy = policy_on(path, store_failure="error")

    with locked(path), pytest.raises(StoreError, match="is locked by another process") as caught:
        policy.allow("u", "x", 1)

    assert str(path) in str(caught.value)
    assert caught.value.hint is not None
    assert policy.allow("u", "x", 1)


@pytest.mark.parametrize(
    ("choice", "code", "http", "passes"),
    [("fail_closed", "unavailable", 503, False), ("fail_open", "ok", 200, True)],
)
def test_what_the_policy_chose_is_the_answer_while_the_store_is_down(
    path: Path, choice: str, code: str, http: int, *, passes: bool, caplog: pytest.LogCaptureFixture
) -> None:
    policy = policy_on(path, store_failure=choice)

    with locked(path), caplog.at_level(logging.ERROR):
        verdict = policy.allow("u", "x", 1)
        together = policy.allow_all("u", [("x", 1), ("flag", 0)])
        settled = policy.settle("u", "x", "h", 1)

    assert (verdict.code, verdict.http, bool(verdict), verdict.degraded) == (
        code, http, passes, True,
    )  # fmt: skip
    assert (verdict.retry_after_ms, verdict.seq) == (None if passes else 1_000, 0)
    assert "the store cannot answer" in verdict.explanation
    assert verdict.record["degraded"] is True
    assert verdict.to_json(trace=True)
    assert (bool(together), bool(settled)) == (passes, passes)
    assert policy.degraded_calls == 4
    assert [choice in each.getMessage() for each in caplog.records] == [True]
    assert policy.allow("u", "x", 10)
    assert not policy.allow("u", "x", 0).degraded


def test_reads_and_changes_of_customers_raise_while_the_store_is_down(path: Path) -> None:
    policy = policy_on(path, store_failure="fail_open")

    with locked(path), pytest.raises(StoreError):
        policy.create_customer("v")
    assert policy.value("u", "x") == 0


def test_a_full_disk_keeps_nothing_of_the_call_and_all_before_it(path: Path) -> None:
    policy = policy_on(path, store_failure="error")
    policy.allow("u", "x", 3)
    store = policy.store
    assert isinstance(store, SqliteStore)
    pages = store.pool.writer().execute("PRAGMA page_count").fetchone()[0]
    store.pool.writer().execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StoreError, match="is full, so that nothing was kept"):
        policy.allow("u", "x", 1, key="k", context={"text": "x" * 9_000})

    assert policy.value("u", "x") == 3
    assert policy.allow("u", "x", 1)  # a new connection has no such bound


def test_a_file_that_cannot_be_written_says_so_and_can_be_read(path: Path) -> None:
    policy = policy_on(path, store_failure="error")
    store = policy.store
    assert isinstance(store, SqliteStore)
    store.pool.writer().execute("PRAGMA query_only = 1")  # the tests may run as root

    with pytest.raises(StoreError, match="cannot be written") as caught:
        policy.allow("u", "x", 1)

    assert "let this user write the file and its folder" in str(caught.value)
    assert policy.value("u", "x") == 0


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        SqliteStore(str(tmp_path / "nowhere" / "limits.db"))

    assert "check that its folder is there" in str(caught.value)


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (["CREATE TABLE other (x)"], "is a database of another program"),
        (
            [f"PRAGMA application_id = {APPLICATION}", f"PRAGMA user_version = {VERSION + 1}",
             "CREATE TABLE parts (x)"],
            f"has version {VERSION + 1} of the schema; this library knows {VERSION}",
        ),
    ],
    ids=["another program", "newer"],
)  # fmt: skip
def test_a_file_that_is_not_ours_is_left_alone(
    path: Path, statements: list[str], message: str
) -> None:
    with closing(sqlite3.connect(path)) as other:
        for statement in statements:
            other.execute(statement)
    before = path.read_bytes()

    with pytest.raises(StoreError, match=message):
        SqliteStore(str(path))

    assert path.read_bytes() == before


@pytest.mark.parametrize("text", [b"hello, this is a note and no database", b"\x00" * 5_000])
def test_a_file_that_is_no_database_says_so(path: Path, text: bytes) -> None:
    path.write_bytes(text)

    with pytest.raises(StoreError, match="is no database"):
        SqliteStore(str(path))


def test_a_damaged_page_is_an_error_and_never_another_balance(path: Path) -> None:
    policy = policy_on(path, store_failure="error")
    for number in range(300):
        policy.create_customer(f"c{number}")
    close(policy)
    damaged = bytearray(path.read_bytes())
    for start in range(4_096, len(damaged), 4_096):
        damaged[start : start + 40] = b"\xff" * 40
    path.write_bytes(damaged)

    with pytest.raises(StoreError, match="is damaged"):
        policy_on(path, store_failure="error").allow("c7", "x", 1)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("sqlite:///", "is no address of a store"),
        ("mysql://x", "write `memory://`, or `sqlite:///limits.db` for a file"),
        (
            "sqlite:///x.db?synchronous=off",
            "write `[?]synchronous=full` or `[?]synchronous=normal`",
        ),
        ("sqlite:///x.db?synchronuos=full", "`sqlite:///x.db`: is followed by what is no option"),
    ],
)
def test_an_address_that_is_none_says_what_to_write(address: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        open_store(address)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://app:geheim@db.example/limits", "postgresql://…@db.example/limits"),
        ("redis://:geh@eim/?@cache:6379/0?db=geheim", "redis://…@cache:6379/0"),
        ("redis://cache/0?password=geheim", "redis://cache/0"),
        ("app:geheim@cache", "…@cache"),
        ("sqlite:///limits.db?key=geheim", "sqlite:///limits.db"),
    ],
)
def test_an_address_is_named_without_its_secrets(address: str, shown: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        Policy.load(document(), address)

    assert str(caught.value).startswith(f"store cannot be used:\n  `{shown}`: ")
    assert "geh" not in f"{caught.value!r}{caught.value.__dict__}"


@pytest.mark.parametrize(("chosen", "number"), [("", 2), ("?synchronous=normal", 1)])
def test_a_commit_waits_for_the_disk_unless_told_otherwise(
    path: Path, chosen: str, number: int
) -> None:
    store = open_store(f"sqlite:///{path}{chosen}")

    assert isinstance(store, SqliteStore)
    assert store.pool.writer().execute("PRAGMA synchronous").fetchone() == (number,)
    store.close()


def test_names_of_any_characters_are_kept(path: Path) -> None:
    policy = policy_on(path)
    for name in ("ü", "a\x00b", "\ud800", "x" * 5_000, "'; DROP TABLE parts; --"):
        policy.create_customer(name, alt_ids=[f"alt-{name}"])
        assert policy.allow(f"alt-{name}", "x", 2, key=name)
        assert not policy.allow("nobody" + name, "x", 1, key=name)

    close(policy)

    again = policy_on(path)
    assert [again.value(name, "x") for name in ("ü", "a\x00b", "\ud800")] == [2] * 3


def test_a_customer_has_a_head_whose_customer_is_as_it_was_given(path: Path) -> None:
    policy = policy_on(path)
    customer = policy.create_customer("v", refs=["u"], metadata={"a": {"b": [1, 2.5, None, True]}})
    close(policy)

    head = policy_on(path).customer("v")

    assert isinstance(customer, Customer)
    assert head is not None
    assert head.customer == customer


def test_a_process_that_is_forked_opens_the_file_for_itself(path: Path) -> None:
    policy = policy_on(path)
    assert policy.allow("u", "x", 1)
    read, write = os.pipe()
    store = policy.store
    assert isinstance(store, SqliteStore)
    parents = store.pool.writer()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # what runs the tests may have threads
        child = os.fork()
    if child == 0:
        try:
            is_own = store.pool.writer() is not parents
            os.write(write, b"%d" % (is_own and bool(policy.allow("u", "x", 2))))
        finally:
            os._exit(0)
    os.waitpid(child, 0)

    assert os.read(read, 1) == b"1"
    assert policy.allow("u", "x", 7)
    assert not policy.allow("u", "x", 1)


def test_a_caller_who_is_interrupted_while_it_waits_leaves_the_others_waiting_for_nobody(
    path: Path,
) -> None:
    policy = policy_on(path)
    inside, go_on = threading.Event(), threading.Event()

    def slow(_: Heads) -> Commit:
        inside.set()
        go_on.wait(10)
        return Commit("u", 1, None)

    def interrupt(*_: object) -> None:
        raise InterruptedError

    before = signal.signal(signal.SIGALRM, interrupt)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(policy.store.transact, "u", slow)
        inside.wait(10)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(InterruptedError):
            policy.allow("u", "x", 1)
        other = pool.submit(policy.allow, "u", "x", 2)
        go_on.set()
        assert other.result(10)
        first.result(10)
    signal.signal(signal.SIGALRM, before)

    assert policy.value("u", "x") == 2
    assert policy.allow("u", "x", 8)
