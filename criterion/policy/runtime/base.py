"""What all parts of a policy share: its terms, its store, its clock."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from logging import getLogger
from threading import Lock
from typing import Any, Final, Self, TypeVar

from criterion.clock import Clock, SystemClock, new_id
from criterion.errors import StoreError
from criterion.policy.arguments import Kind, named, require
from criterion.policy.book import Book
from criterion.policy.command import Command
from criterion.policy.deciding import Active, answer
from criterion.policy.delivery import Delivery
from criterion.policy.estimating import POLICY_HEAD
from criterion.policy.instants import Instant, ms_of
from criterion.policy.resolution import find
from criterion.policy.ruling import Ruling
from criterion.policy.runtime.noting import noted, noting
from criterion.policy.state import Head
from criterion.policy.store import Commit, Heads, Store
from criterion.policy.terms import Terms
from criterion.policy.verdict import Answered, Verdict
from criterion.policy.verdicts import Verdicts
from criterion.policy.work import Unreached
from criterion.recorder import Record, Recorder
from criterion.result import name_record
from criterion.text import one_line

Read = TypeVar("Read")

LOG: Final = getLogger(__name__)

STORE: Final = Kind(
    "an address such as `sqlite:///limits.db`, or a store", lambda given: _offers(given, "transact")
)
HANDLER: Final = Kind("a function of one event", callable)
COSTS: Final = Kind("functions by the names of credits", lambda given: isinstance(given, Mapping))
CLOCK: Final = Kind("a clock, or `None`", lambda given: given is None or _offers(given, "now"))
RECORDER: Final = Kind(
    "a recorder, or `None`", lambda given: given is None or _offers(given, "record")
)

TELL_MS: Final = 10_000
"""How often the log is told that a store cannot answer, at most."""


class PolicyBase:
    """What a policy is made of; see `criterion.policy.Policy`."""

    def __init__(
        self,
        terms: Terms,
        store: Store,
        *,
        clock: Clock | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        """Put a policy together from its terms; `Policy.load` reads them from a document.

        Raises:
            TypeError: Store, clock or recorder are none.
        """
        require("store", store, STORE)
        require("clock", clock, CLOCK)
        require("recorder", recorder, RECORDER)
        self._active = active_of(terms)
        self._store = store
        self._clock = known = SystemClock() if clock is None else clock
        self._now_ms: Callable[[], int] = (
            known.now_ms if isinstance(known, SystemClock) else lambda: ms_of(known.now())
        )
        self._recorder = recorder
        self._delivery = Delivery(store, lambda: self._active.book.terms)
        self._changing = Lock()
        self._degraded = 0
        self._told_at = -TELL_MS

    @property
    def terms(self) -> Terms:
        """What the policy says."""
        return self._active.book.terms

    @property
    def store(self) -> Store:
        """Where customers stand."""
        return self._store

    def beside(self, store: Store) -> Self:
        """Return the same terms under the same clock over another store, which nobody records."""
        return type(self)(self.terms, store, clock=self._clock)

    @property
    def records(self) -> bool:
        """Whether verdicts are kept by a recorder."""
        return self._recorder is not None

    def record_with(self, recorder: Recorder) -> None:
        """Hand every verdict from now on to a recorder, in place of any before."""
        self._recorder = recorder

    @staticmethod
    def noting(metadata: Mapping[str, object]) -> AbstractContextManager[None]:
        """Note something of every verdict that is decided inside a ``with`` block.

        Args:
            metadata: What the recorder keeps beside each: the id of a request, who asked.
        """
        return noting(metadata)

    def _now(self, at: Instant | None) -> int:
        return self._now_ms() if at is None else ms_of(at)

    def _commit(self, customer: str, decide: Callable[[Heads], Commit]) -> Commit:
        commit = self._store.transact(customer, decide)
        if commit.seq and self._delivery.handlers:
            self._delivery.drain()
        return commit

    def _without_store(self, error: StoreError, command: Command, now: int) -> Verdict:
        """Return what the policy says of a call while its store cannot answer.

        Raises:
            StoreError: The policy says that this is an error.
        """
        choice = self.terms.store_failure
        if choice == "error":
            raise error
        with self._changing:
            self._degraded += 1
            is_told = now - self._told_at < TELL_MS
            self._told_at = self._told_at if is_told else now
        if not is_told:
            LOG.error("%s: %s; %s calls so far", choice, one_line(str(error)), self._degraded)
        return self._verdict(
            answer(self._active, Unreached(command, now, is_lenient=choice == "fail_open")), 0
        )

    @property
    def degraded_calls(self) -> int:
        """How many calls were answered while the store could not, by the policy's choice."""
        return self._degraded

    def _verdicts(self, answers: Iterable[Answered], seq: int) -> Verdicts:
        return Verdicts(self._verdict(each, seq) for each in answers)

    def _verdict(self, answered: Answered, seq: int) -> Verdict:
        verdict = Verdict(answered, seq)
        return verdict if self._recorder is None else self._recorded(verdict, self._recorder)

    def _recorded(self, verdict: Verdict, recorder: Recorder) -> Verdict:
        name_record(verdict, new_id(verdict.evaluated_at))
        recorder.record(Record(verdict, {"customer": verdict.customer, **noted()}))
        return verdict

    def _change(
        self,
        customer: str,
        at: Instant | None,
        decide: Callable[[Heads, Head, int], Commit | None],
        default: Any = None,  # noqa: ANN401 -- what is answered of nobody
    ) -> Any:  # noqa: ANN401 -- what the commit answers
        """Commit a change of a known customer; an unknown one has none."""
        named(customer)
        now = self._now(at)

        def changed(heads: Heads) -> Commit:
            head = find(heads, customer)
            if head is None or customer == POLICY_HEAD:
                return Commit(customer, now, default)
            seen = max(now, heads.seen_at(head.customer.id))
            return decide(heads, head, seen) or Commit(head.customer.id, seen, default)

        return self._commit(customer, changed).answer

    def _look(
        self, customer: str, at: Instant | None, read: Callable[[Book, Heads, int], Read]
    ) -> Read:
        named(customer)
        now = self._now(at)
        book = self._active.book
        found: Read = self._store.look(customer, lambda heads: read(book, heads, now))
        return found

    def _retermed(self, change: Callable[[Terms], Terms]) -> None:
        """Replace the terms all at once; calls that are being decided keep those they have."""
        with self._changing:
            self._active = active_of(change(self._active.book.terms))


def active_of(terms: Terms) -> Active:
    """Return terms ready to decide by."""
    book = Book(terms)
    return Active(book, Ruling(book))


def _offers(given: object, method: str) -> bool:
    return callable(getattr(given, method, None)) and not isinstance(given, type)


def with_costs(terms: Terms, costs: Mapping[str, Any]) -> Terms:
    """Return terms whose credits cost what functions say.

    Raises:
        TypeError: A cost is no function, or its credit is not in the policy.
    """
    require("costs", costs, COSTS)
    for name, cost in costs.items():
        if name not in terms.credits or not callable(cost):
            message = f"`costs` names a function for each of some credits; `{name}` does not fit"
            raise TypeError(message)
    credits = {  # noqa: A001 -- the policy's word
        name: replace(credit, overhead=costs[name]) if name in costs else credit
        for name, credit in terms.credits.items()
    }
    return replace(terms, credits=credits)
