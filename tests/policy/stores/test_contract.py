"""The contract that every store keeps; a store joins by one line in `STORES`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from criterion.policy import Policy
from criterion.policy.events import event
from criterion.policy.state import Customer, Head, Meter
from criterion.policy.store import Commit, Heads, Key, Part, Store
from criterion.policy.stores.memory import MemoryStore
from criterion.policy.stores.sqlite import SqliteStore

STORES: Final[dict[str, Callable[[Path], Store]]] = {
    "memory": lambda _: MemoryStore(),
    "sqlite": lambda folder: SqliteStore(f"{folder}/limits.db"),
}

ACME: Final = Customer(id="acme", alt_ids=("a",))
MADE: Final = Part("acme", "customer", "", ACME)
SEATS: Final = Meter("seat", 0, 3)


class BoomError(Exception):
    pass


@pytest.fixture(params=[*STORES.values()], ids=[*STORES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    made: Store = request.param(tmp_path)
    return made


def commits(store: Store, *parts: Part, at: int = 10, key: Key | None = None) -> Commit:
    return store.transact("acme", lambda _: Commit("acme", at, "done", parts, key=key))


def looks(store: Store, read: Callable[[Heads], Any]) -> Any:  # noqa: ANN401 -- whatever is read
    return store.look("acme", read)


def test_what_is_committed_is_numbered_from_one(store: Store) -> None:
    first, second = commits(store, MADE), commits(store, Part("acme", "meters", "seats", SEATS))

    assert (first.seq, second.seq, store.last) == (1, 2, 2)
    assert first.answer == "done"


def test_a_commit_that_changes_nothing_is_not_kept(store: Store) -> None:
    commits(store, MADE)

    empty = commits(store)

    assert (empty.seq, store.last) == (0, 1)
    assert list(store.entries(1, 10)) == []


def test_every_kind_of_part_is_there_afterwards_and_can_go_again(store: Store) -> None:
    kinds = ("meters", "grants", "caps", "estimates", "included")
    commits(store, MADE, *(Part("acme", kind, "x", SEATS) for kind in kinds))  # type: ignore[arg-type] # kinds
    there = looks(store, lambda heads: [dict(getattr(heads.head("acme"), k)) for k in kinds])

    commits(store, *(Part("acme", kind, "x", None) for kind in kinds))  # type: ignore[arg-type] # kinds
    gone = looks(store, lambda heads: [dict(getattr(heads.head("acme"), k)) for k in kinds])

    assert there == [{"x": SEATS}] * 5
    assert gone == [{}] * 5


def test_a_customer_that_changes_keeps_its_parts(store: Store) -> None:
    commits(store, MADE, Part("acme", "meters", "seats", SEATS))

    commits(store, Part("acme", "customer", "", Customer(id="acme", label="New")))

    head = looks(store, lambda heads: heads.head("acme"))
    assert (head.customer.label, dict(head.meters)) == ("New", {"seats": SEATS})


def test_an_alternate_id_leads_to_the_customer_until_it_goes(store: Store) -> None:
    commits(store, MADE, Part("a", "alts", "", "acme"))
    before = looks(store, lambda heads: heads.id_of("a"))

    commits(store, Part("a", "alts", "", None))

    assert (before, looks(store, lambda heads: heads.id_of("a"))) == ("acme", None)


def test_a_decision_that_raises_changes_nothing(store: Store) -> None:
    commits(store, MADE)

    def boom(_: Heads) -> Commit:
        raise BoomError

    with pytest.raises(BoomError):
        store.transact("acme", boom)

    assert store.last == 1
    assert commits(store, Part("acme", "meters", "seats", SEATS)).seq == 2


def test_a_key_is_found_with_its_answer_and_number_until_it_expires(store: Store) -> None:
    commits(store, MADE)

    commits(store, key=Key("k1", ("x", 5), "yes", 100))

    found = looks(store, lambda heads: heads.key("acme", "k1", 99))
    assert (found.content, found.answer, found.seq) == (("x", 5), "yes", 2)
    assert looks(store, lambda heads: heads.key("acme", "k1", 100)) is None
    assert looks(store, lambda heads: heads.key("other", "k1", 99)) is None


def test_no_time_of_a_customer_runs_backwards(store: Store) -> None:
    commits(store, MADE, at=50)
    commits(store, Part("acme", "meters", "seats", SEATS), at=20)  # a call of another one

    assert looks(store, lambda heads: heads.seen_at("acme")) == 50


class Region(Enum):
    NORTH = "north"


def test_an_enum_in_the_context_of_a_key_is_the_same_call_again(store: Store) -> None:
    policy = Policy.load(DOCUMENT, store)
    policy.create_customer("acme")

    first, again = (
        policy.allow("acme", "x", 1, key="k", context={"region": Region.NORTH}) for _ in range(2)
    )

    assert (first.code, again.code, again.seq) == ("ok", "ok", first.seq)
    assert policy.value("acme", "x") == 1


def test_what_the_policy_learns_is_no_customer(store: Store) -> None:
    policy = Policy.load(DOCUMENT, store)
    policy.create_customer("acme")
    hold = policy.reserve("acme", "x", 5).hold or ""
    policy.settle("acme", "x", hold, 7)
    assert looks(store, lambda heads: heads.head("policy:estimates")) is not None

    assert policy.allow("policy:estimates", "x", 1).code == "unknown_customer"
    assert policy.check("policy:estimates", "x", 1).code == "unknown_customer"
    assert policy.grant("policy:estimates", "t", 1) is None


@pytest.mark.parametrize("name", [["acme"], None, 7])
def test_a_name_that_is_no_text_is_refused_in_plain_words(store: Store, name: Any) -> None:  # noqa: ANN401 -- any
    policy = Policy.load(DOCUMENT, store)

    for ask in (policy.allow, policy.check, policy.value):
        with pytest.raises(TypeError, match="named by text"):
            ask(name, "x")
    with pytest.raises(TypeError, match="named by text"):
        policy.allow_all(name, [("x", 1)])


def test_a_customer_that_goes_takes_everything_with_it(store: Store) -> None:
    commits(store, MADE, Part("acme", "meters", "seats", SEATS), key=Key("k", 1, 2, 100))

    commits(store, Part("acme", "customer", "", None))

    assert looks(store, lambda heads: heads.head("acme")) is None
    assert looks(store, lambda heads: heads.key("acme", "k", 50)) is None
    assert looks(store, lambda heads: heads.seen_at("acme")) == 0


def test_the_last_time_of_everyone_whose_parts_changed_is_seen(store: Store) -> None:
    commits(store, MADE, at=10)

    commits(store, Part("acme", "meters", "seats", SEATS), at=20)

    assert looks(store, lambda heads: heads.seen_at("acme")) == 20
    assert looks(store, lambda heads: heads.seen_at("other")) == 0


def test_entries_come_oldest_first_and_from_where_one_stopped(store: Store) -> None:
    for value in range(5):
        commits(store, MADE, Part("acme", "meters", "seats", SEATS._replace(value=value)))

    assert [entry.seq for entry in store.entries(0, 10)] == [1, 2, 3, 4, 5]
    assert [entry.seq for entry in store.entries(3, 10)] == [4, 5]
    assert [entry.seq for entry in store.entries(1, 2)] == [2, 3]
    assert list(store.entries(5, 10)) == []


def test_events_are_part_of_the_journal(store: Store) -> None:
    told = event("customer-set", "acme", customer=ACME)

    store.transact("acme", lambda _: Commit("acme", 1, None, (), (told,)))

    (entry,) = store.entries(0, 10)
    assert [each.payload for each in entry.events] == [{"customer": ACME}]


def test_a_plan_is_used_while_a_customer_names_it(store: Store) -> None:
    commits(store, Part("acme", "customer", "", Customer(id="acme", plan="pro")))

    assert looks(store, lambda heads: (heads.is_used("pro"), heads.is_used("free"))) == (
        True,
        False,
    )


@pytest.mark.parametrize("threads", [8])
def test_never_more_is_granted_than_the_limit_whatever_threads_do(
    store: Store, threads: int
) -> None:
    policy = Policy.load(DOCUMENT, store)
    policy.create_customer("acme")

    with ThreadPoolExecutor(threads) as pool:
        verdicts = list(pool.map(lambda _: policy.allow("acme", "x", 1), range(400)))

    assert sum(map(bool, verdicts)) == 100
    assert policy.value("acme", "x") == 100
    assert len({verdict.seq for verdict in verdicts}) == 400


def test_replaying_the_journal_rebuilds_every_head(store: Store) -> None:
    policy = Policy.load(DOCUMENT, store)
    policy.create_customer("org", type="org")
    policy.create_customer("acme", refs=["org"], alt_ids=["a"])
    policy.grant("acme", "t", 5, id="g")
    policy.add_cap("org", 1_000, id="c", shared=True, credit="t")
    policy.allow("a", "x", 103)
    hold = policy.reserve("acme", "y", 5).hold or ""
    policy.settle("acme", "y", hold, 7)
    policy.create_override("acme", "y", value=3)
    policy.delete_customer("org")

    other = MemoryStore()
    for entry in store.entries(0, 100):
        other.transact(entry.customer, partial(again, entry))

    for customer in ("org", "acme", "policy:estimates"):
        assert other.look(customer, partial(head_of, customer)) == looks(
            store, partial(head_of, customer)
        )
    assert other.last == store.last


def again(entry: Commit, _: Heads) -> Commit:
    return entry._replace(seq=0)


def head_of(customer: str, heads: Heads) -> Head | None:
    return heads.head(customer)


DOCUMENT: Final = {
    "credits": {"t": {}},
    "plans": {
        "free": {
            "default": True,
            "entitlements": {
                "x": {"limit": {"credit": "t", "value": 100}},
                "y": {"limit": {"credit": "t", "value": 100, "mode": "soft"}},
            },
        }
    },
}
