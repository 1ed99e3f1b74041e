"""The memory store: heads in dictionaries; exact under threads, gone with the process."""

from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from threading import RLock
from typing import Any, Final

from criterion.policy.records import made
from criterion.policy.state import Customer, Head
from criterion.policy.store import Commit, Heads, Key

JOURNAL_MAX: Final = 1_000
"""How many of the last commits are kept where nothing else is said."""

KEYS_MAX: Final = 100_000
"""How many idempotency keys are kept where nothing else is said; the oldest go first."""


class MemoryStore:
    """Keeps everything in this process.

    One lock is held while a call is decided: what is decided is arithmetic in Python, of which only
    one thread runs at a time anyway.

    Args:
        journal_max: How many of the last commits are kept.
        keys_max: How many idempotency keys are kept.
    """

    def __init__(self, *, journal_max: int = JOURNAL_MAX, keys_max: int = KEYS_MAX) -> None:
        """Start empty."""
        self._lock = RLock()
        self._journal: deque[Commit] = deque(maxlen=journal_max)
        self._last = 0
        self._heads = _MemoryHeads(keys_max)

    def transact(self, customer: str, decide: Callable[[Heads], Commit]) -> Commit:
        """Decide, and keep what was decided; see `Store`."""
        with self._lock:
            commit = decide(self._heads)
            if not (commit.parts or commit.events or commit.key):
                return commit
            self._last = seq = self._last + 1
            customer, at, answer, parts, events, key, _ = commit
            kept = made(Commit, (customer, at, answer, parts, events, key, seq))
            self._heads.keep(kept)
            self._journal.append(kept)
            return kept

    def look(self, customer: str, read: Callable[[Heads], Any]) -> Any:  # noqa: ANN401, ARG002 -- whatever is read
        """Return what a function makes of the heads; see `Store`."""
        with self._lock:
            return read(self._heads)

    def entries(self, after: int, limit: int) -> Iterable[Commit]:
        """Return commits after a number, oldest first; see `Store`."""
        with self._lock:
            count = min(self._last - after, len(self._journal))
            newest = reversed(self._journal)
            wanted = list(islice(newest, count - min(count, limit), count)) if count > 0 else []
        wanted.reverse()
        return wanted

    @property
    def last(self) -> int:
        """The number of the last commit."""
        return self._last


_OF_HEADS: Final = frozenset({"meters", "grants", "caps", "estimates", "included"})
"""The kinds of parts that a head has by name."""


class _Instants(dict[str, int]):
    """When each customer was seen last; 0 before."""

    def __missing__(self, _: str) -> int:
        return 0


class _MemoryHeads:
    """Where customers stand. Only touched under the store's lock."""

    def __init__(self, keys_max: int) -> None:
        self._by_id: dict[str, Head] = {}
        self._alts: dict[str, str] = {}
        self._seen = _Instants()
        self._keys: dict[tuple[str, str], Key] = {}
        self._keys_max = keys_max
        self.head = self._by_id.get
        self.id_of = self._alts.get
        self.seen_at = self._seen.__getitem__

    def is_used(self, plan: str, /) -> bool:
        return any(head.customer.plan == plan for head in self._by_id.values())

    def key(self, customer: str, name: str, at: int, /) -> Key | None:
        found = self._keys.get((customer, name))
        return found if found is not None and at < found.expires else None

    def keep(self, commit: Commit) -> None:
        by_id, seen, at = self._by_id, self._seen, commit.at
        for customer, kind, name, value in commit.parts:
            if kind == "meters" and value is not None:  # the most of all changes
                by_id[customer].meters[name] = value  # type: ignore[index] # a dictionary of ours
            elif value is not None and kind in _OF_HEADS:
                getattr(by_id[customer], kind)[name] = value
            elif kind == "alts":
                _put(self._alts, customer, value)
                continue
            elif kind == "customer" and value is None:
                self._forget(customer)
                continue
            elif kind == "customer":
                self._keep_customer(customer, value)
            else:
                getattr(by_id[customer], kind).pop(name, None)
            seen[customer] = max(seen[customer], at)
        if commit.key is not None:
            self._keep_key(commit.customer, commit.key._replace(seq=commit.seq))

    def _forget(self, customer: str) -> None:
        self._by_id.pop(customer, None)
        self._seen.pop(customer, None)
        self._keys = {name: key for name, key in self._keys.items() if name[0] != customer}

    def _keep_customer(self, customer: str, value: Customer) -> None:
        known = self._by_id.get(customer)
        if known is None:
            self._by_id[customer] = Head(
                customer=value, meters={}, grants={}, caps={}, estimates={}, included={}
            )
        else:
            self._by_id[customer] = Head(
                customer=value, meters=known.meters, grants=known.grants, caps=known.caps,
                estimates=known.estimates, included=known.included,
            )  # fmt: skip

    def _keep_key(self, customer: str, key: Key) -> None:
        self._keys.pop((customer, key.name), None)
        while len(self._keys) >= self._keys_max:
            self._keys.pop(next(iter(self._keys)))
        self._keys[customer, key.name] = key


def _put(parts: dict[str, Any], name: str, value: object) -> None:
    if value is None:
        parts.pop(name, None)
    else:
        parts[name] = value
