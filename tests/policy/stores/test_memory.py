"""The memory store's bounds."""

from criterion.policy.state import Customer
from criterion.policy.store import Commit, Key, Part
from criterion.policy.stores.memory import MemoryStore

MADE = Part("acme", "customer", "", Customer(id="acme"))


def test_only_the_last_commits_are_kept() -> None:
    store = MemoryStore(journal_max=2)

    for at in range(3):
        store.transact("acme", lambda _, at=at: Commit("acme", at, None, (MADE,)))  # type: ignore[misc] # bound now

    assert [entry.seq for entry in store.entries(0, 10)] == [2, 3]
    assert store.last == 3


def test_the_oldest_keys_go_first() -> None:
    store = MemoryStore(keys_max=2)

    for name in ("k1", "k2", "k1", "k3"):
        key = Key(name, 1, 2, 100)
        store.transact("acme", lambda _, key=key: Commit("acme", 1, None, key=key))  # type: ignore[misc] # bound now

    found = store.look("acme", lambda heads: [heads.key("acme", k, 1) for k in ("k1", "k2", "k3")])
    assert [key is not None for key in found] == [True, False, True]
