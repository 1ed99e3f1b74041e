"""Delivery: events reach their handlers after the commit, in order, and never change it."""

from collections import deque
from collections.abc import Callable
from logging import getLogger
from threading import Lock, get_ident
from typing import Final, NamedTuple, TypeAlias

from criterion.errors import StoreError
from criterion.policy.events import Event
from criterion.policy.notifying import Notifications
from criterion.policy.store import Store
from criterion.policy.terms import Terms

Handler: TypeAlias = Callable[[Event], object]

LOG: Final = getLogger(__name__)

ATTEMPTS_MAX: Final = 3
"""How often a handler is asked to take one event."""

BATCH_MAX: Final = 100
"""How many commits are read from a store at once."""

BEHIND_MAX: Final = 500
"""How many commits may wait for handlers before whoever commits more waits, too."""

FAILED_MAX: Final = 1_000
"""How many undelivered events are kept; the oldest go first."""


class Undelivered(NamedTuple):
    """An event that a handler would not take.

    Attributes:
        handler: The handler's name.
        event: The event.
        error: What it raised last.
    """

    handler: str
    event: Event
    error: Exception


class Delivery:
    """Hands the events of a store to handlers.

    One thread delivers at a time, whichever committed something, so that every handler sees events
    in the order of the journal.

    Attributes:
        handlers: Who wants to be told, by name.
        undelivered: What handlers would not take, oldest first.
    """

    def __init__(self, store: Store, terms: Callable[[], Terms]) -> None:
        """Deliver what is committed from now on, and what the policy wants to be told of it."""
        self._store = store
        self._terms = terms
        self._notifications = Notifications()
        self.handlers: dict[str, Handler] = {}
        self._cursor = store.last
        self._lock = Lock()
        self._thread = 0
        self.undelivered: deque[Undelivered] = deque(maxlen=FAILED_MAX)

    def add(self, name: str, handler: Handler) -> None:
        """Tell a handler of what happens from now on; one of the same name is replaced."""
        if not self.handlers:
            self._cursor = self._store.last
        self.handlers = {**self.handlers, name: handler}

    def remove(self, name: str) -> bool:
        """Tell a handler no more."""
        known = name in self.handlers
        self.handlers = {key: each for key, each in self.handlers.items() if key != name}
        return known

    def drain(self) -> None:
        """Deliver everything that was committed; whoever drains already does it for others.

        Who commits faster than handlers take it waits for them.
        """
        if self._thread == get_ident():  # a handler calls: what it did is delivered after it
            return
        while (behind := self._store.last - self._cursor) > 0:
            if not self._lock.acquire(blocking=behind > BEHIND_MAX):
                return
            try:
                self._thread = get_ident()
                self._drain()
            except StoreError as error:  # what was committed stays so; the next commit delivers it
                LOG.warning("events after commit %s wait: %s", self._cursor, error)
                return
            finally:
                self._thread = 0
                self._lock.release()

    def _drain(self) -> None:
        last = self._store.last
        commits = list(self._store.entries(self._cursor, BATCH_MAX))
        if not commits or commits[0].seq > self._cursor + 1:
            LOG.error("events after commit %s are lost: the store forgot them", self._cursor)
            self._cursor = last
        for commit in commits:
            for place, event in enumerate(commit.events):
                told = event._replace(at_ms=commit.at, seq=commit.seq, place=place)
                for each in (*self._notifications.of(self._terms(), told), told):
                    for name, handler in self.handlers.items():
                        self._deliver(name, handler, each)
            self._cursor = commit.seq

    def _deliver(self, name: str, handler: Handler, event: Event) -> None:
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                handler(event)
            except Exception as error:
                if attempt == ATTEMPTS_MAX:
                    LOG.exception("handler `%s` would not take event %s", name, event.id)
                    self.undelivered.append(Undelivered(name, event, error))
            else:
                return
