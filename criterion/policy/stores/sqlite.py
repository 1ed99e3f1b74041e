"""The SQLite store: heads and journal in one file; exact under threads and processes."""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, Final
from weakref import finalize

from criterion.errors import StoreError
from criterion.policy.store import Commit, Heads
from criterion.policy.stores.sqlite_file import Synchronous, explained, failure
from criterion.policy.stores.sqlite_pool import Pool
from criterion.policy.stores.sqlite_rows import commit_of
from criterion.policy.stores.sqlite_writer import Writer

TOGETHER_MAX: Final = 256
"""How many calls that wait are committed together."""

_ENTRIES: Final = (
    "SELECT seq, customer, at, key, expires, data FROM journal WHERE seq > ? ORDER BY seq LIMIT ?"
)
_LAST: Final = "SELECT max(seq) FROM journal"


class SqliteStore:
    """Keeps everything in one file, which the processes of one machine share.

    One thread of a process writes at a time. Calls that wait meanwhile are committed together by
    the next one: a commit that waits for the disk then serves all of them.

    Attributes:
        path: The file.
        pool: The connections to it.
        waiting: The calls that wait to be decided.

    Args:
        path: The file; made where there is none. It belongs on a local disk.
        synchronous: ``full``: what is answered survives a loss of power. ``normal`` is several
            times as fast, and may lose the last commits, already answered, when the machine loses
            power; never when the program crashes, and never half of one.

    Raises:
        StoreError: The file cannot be opened, is of another program, or of a newer version.
    """

    def __init__(self, path: str, *, synchronous: Synchronous = "full") -> None:
        """Open the file."""
        self.path = path
        self.pool = Pool(path, synchronous)
        self._begin()
        self._end = finalize(self, self.pool.close)

    def _begin(self) -> None:
        self.waiting: deque[_Call] = deque()
        self._turn = Lock()
        self._is_led = False
        self._writer = Writer(self.pool)

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        self.pool.close()

    def transact(self, customer: str, decide: Callable[[Heads], Commit]) -> Commit:  # noqa: ARG002 -- heads are read when asked for
        """Decide, and keep what was decided; see `Store`."""
        if self.pool.is_forked():  # whoever led in the parent does not lead here
            self._begin()
        call = _Call(decide)
        with self._turn:
            self.waiting.append(call)
            leads = not self._is_led
            self._is_led = True
            if not leads:
                call.woken = Lock()
                call.woken.acquire()
        if call.woken is not None:
            self._wait(call, call.woken)
        if not call.is_done:
            self._lead()
        return call.result()

    def look(self, customer: str, read: Callable[[Heads], Any]) -> Any:  # noqa: ANN401, ARG002 -- whatever is read
        """Return what a function makes of the heads; see `Store`."""
        with explained(self.path), self.pool.snapshot() as heads:
            return read(heads)

    def entries(self, after: int, limit: int) -> Iterable[Commit]:
        """Return commits after a number, oldest first; see `Store`."""
        with explained(self.path):
            return [commit_of(row) for row in self.pool.rows(_ENTRIES, after, limit)]

    @property
    def last(self) -> int:
        """The number of the last commit."""
        with explained(self.path):
            return self.pool.rows(_LAST)[0][0] or 0

    def _wait(self, call: "_Call", woken: Lock) -> None:
        """Wait until a call is done, or is to lead."""
        try:
            woken.acquire()
        except BaseException:  # a signal: the call may be decided or not, and somebody has to lead
            with self._turn:
                if call in self.waiting:
                    self.waiting.remove(call)
            if call.leads:
                self._lead()
            raise

    def _lead(self) -> None:
        """Decide and commit for everyone who waits, then let the next one lead."""
        calls: list[_Call] = []
        try:
            with self._turn:
                while self.waiting and len(calls) < TOGETHER_MAX:
                    calls.append(self.waiting.popleft())
            self._commit(calls)
        finally:
            with self._turn:
                following = self.waiting[0] if self.waiting else None
                self._is_led = following is not None
                if following is not None:
                    following.leads = True
            for call in calls:
                call.is_done = True
                if call.woken is not None:
                    call.woken.release()
            if following is not None and following.woken is not None:
                following.woken.release()

    def _commit(self, calls: "list[_Call]") -> None:
        try:
            self._writer.commit(calls)
        except (sqlite3.Error, StoreError) as error:
            known = error if isinstance(error, StoreError) else failure(self.path, error)
            with self._turn:  # who came meanwhile would wait as long for the same
                calls += self.waiting
                self.waiting.clear()
            for call in calls:
                call.error = known
        except BaseException:
            for call in calls:
                call.error = StoreError(f"the commit of store `{self.path}` was interrupted")
            raise


class _Call:
    """One call of `transact` that waits for its commit."""

    __slots__ = ("commit", "decide", "error", "is_done", "leads", "woken")

    def __init__(self, decide: Callable[[Heads], Commit]) -> None:
        self.decide = decide
        self.commit: Commit | None = None
        self.error: BaseException | None = None
        self.is_done = False
        self.leads = False
        self.woken: Lock | None = None

    def result(self) -> Commit:
        """Return the commit, or raise what became of it."""
        if self.error is not None:
            raise self.error
        assert self.commit is not None  # noqa: S101 -- done without an error
        return self.commit
