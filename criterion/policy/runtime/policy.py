"""The policy: a document of plans, credits and limits at work inside an application."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from criterion.clock import Clock, SystemClock
from criterion.errors import DefinitionError, FileProblem, PlanInUseError, Problem
from criterion.json_text import digest_of, plain
from criterion.policy.arguments import require
from criterion.policy.book import Book
from criterion.policy.customers import created, loaded
from criterion.policy.delivery import Handler, Undelivered
from criterion.policy.document.loading import load_policy
from criterion.policy.document.plan_data import read_plan
from criterion.policy.estimating import POLICY_HEAD
from criterion.policy.events import event
from criterion.policy.instants import Instant, ms_of
from criterion.policy.plan import Plan
from criterion.policy.runtime.base import CLOCK, HANDLER, with_costs
from criterion.policy.runtime.customers import Customers
from criterion.policy.runtime.holding import Holding
from criterion.policy.runtime.money import Money
from criterion.policy.runtime.overview import Overviews
from criterion.policy.runtime.reading import Reading
from criterion.policy.state import Customer, Head
from criterion.policy.store import Commit, Heads, Store
from criterion.policy.stores.opening import open_store
from criterion.policy.terms import Terms
from criterion.policy.verdict import Verdict
from criterion.recorder import Recorder


class Policy(Holding, Customers, Reading, Overviews, Money):
    """Plans, credits, limits and prices, and where every customer stands under them.

    One policy serves any number of threads. A call for an unknown name is refused, never raised;
    an amount that is none is a verdict, too.
    """

    @classmethod
    def load(
        cls,
        source: str | Path | Mapping[str, Any],
        store: str | Store = "memory://",
        *,
        clock: Clock | None = None,
        costs: Mapping[str, Callable[..., object]] | None = None,
        recorder: Recorder | None = None,
        validate: bool = True,
    ) -> "Policy":
        """Read a document, check all of it, and put it to work.

        Args:
            source: The path of a YAML or JSON file, or its text, or the same as plain data.
            store: Where customers stand: an address, or a store.
            clock: What tells the time; the machine's clock by default.
            costs: What units of some credits cost you: functions of units and context, in runes.
            recorder: What keeps every verdict; nothing is kept without one.
            validate: Whether what can be read and makes no sense is refused, too.

        Raises:
            DefinitionError: The document has mistakes; lists all of them. Or the address of the
                store is none.
            TypeError: A cost fits no credit; or source, store, clock or recorder are none.
        """
        require("clock", clock, CLOCK)
        at = ms_of((SystemClock() if clock is None else clock).now())
        terms = with_costs(load_policy(source, at=at, validate=validate).terms, costs or {})
        kept = open_store(store) if isinstance(store, str) else store
        policy = cls(terms, kept, clock=clock, recorder=recorder)
        policy._ensure(at)
        return policy

    def reload(
        self,
        source: str | Path | Mapping[str, Any],
        *,
        costs: Mapping[str, Callable[..., object]] | None = None,
    ) -> None:
        """Replace the document all at once; customers stay where they stand.

        Calls that are being decided keep the document that they began with. A document that cannot
        be used changes nothing.

        Raises:
            DefinitionError: The document has mistakes; lists all of them.
            TypeError: A cost fits no credit.
        """
        at = self._now(None)
        terms = with_costs(load_policy(source, at=at).terms, costs or {})
        self._retermed(lambda _: terms)
        self._ensure(at)

    @staticmethod
    def validate(
        source: str | Path | Mapping[str, Any],
    ) -> tuple[Problem | FileProblem, ...]:
        """Return everything that is wrong with a document; nothing where it can be used."""
        try:
            load_policy(source)
        except DefinitionError as error:
            return getattr(error, "marks", None) or error.problems
        return ()

    def diff(self, source: str | Path | Mapping[str, Any]) -> dict[str, Any]:
        """Return what another document changes: by section and name the old and the new value.

        What is equal is left out; ``None`` stands for what is not there. Equal documents differ
        in nothing: ``{}``.
        """
        other = load_policy(source).terms
        return _differences(self.terms, other)

    @staticmethod
    def explain(verdict: Verdict) -> str:
        """Return a verdict as text for people: decision, status, reason and trace."""
        return str(verdict)

    def publish_plan(
        self, name: str, data: Mapping[str, Any], *, at: Instant | None = None
    ) -> Plan:
        """Put a plan, as documents have it, in the place of one of its name, or beside the others.

        Raises:
            DefinitionError: The data has mistakes; the plans stay as they are.
        """
        plan = read_plan(name, data, self.terms)

        def changed(terms: Terms) -> Terms:
            digest = digest_of(plain({"policy": terms.digest, "plans": {name: dict(data)}}))
            return replace(terms, plans={**terms.plans, name: plan}, digest=digest)

        self._retermed(changed)
        self._tell("plan-set", plan, at)
        return plan

    def retire_plan(self, name: str, *, at: Instant | None = None) -> bool:
        """Take a plan away; false where there is none.

        Raises:
            PlanInUseError: Customers are on it.
        """
        plan = self.terms.plans.get(name)
        if plan is None:
            return False
        if self._store.look(name, lambda heads: heads.is_used(name)):
            raise PlanInUseError(name)

        def changed(terms: Terms) -> Terms:
            left = {key: each for key, each in terms.plans.items() if key != name}
            digest = digest_of(plain({"policy": terms.digest, "retired": name}))
            return replace(terms, plans=left, digest=digest)

        self._retermed(changed)
        self._tell("plan-removed", plan, at)
        return True

    def plan_period(self, plan: str) -> str | None:
        """Return how often a plan is billed."""
        known = self.terms.plans.get(plan)
        return None if known is None else known.period

    def trial_period(self, plan: str) -> int | None:
        """Return how long a plan costs nothing, in ms; ``None`` for no trial."""
        known = self.terms.plans.get(plan)
        return None if known is None else known.trial_period

    def subscription_entitlement(self, plan: str) -> str | None:
        """Return the entitlement that the base fee of a plan is charged by."""
        known = self.terms.plans.get(plan)
        return None if known is None else known.subscription

    def on_event(self, handler: Handler, *, name: str = "handler") -> None:
        """Tell a handler of everything that happens from now on, after it is committed.

        Events of one customer come in order. A handler that raises is asked again a few times and
        changes nothing; what it would not take stands in `undelivered`. One of the same name is
        replaced.

        Raises:
            TypeError: It cannot be called.
        """
        require("handler", handler, HANDLER)
        self._delivery.add(name, handler)

    def off_event(self, name: str = "handler") -> bool:
        """Tell a handler no more; false where there is none of that name."""
        return self._delivery.remove(name)

    @property
    def undelivered(self) -> tuple[Undelivered, ...]:
        """The last events that handlers would not take, oldest first."""
        return tuple(self._delivery.undelivered)

    def _tell(self, name: str, plan: Plan, at: Instant | None) -> None:
        now = self._now(at)
        told = event(name, "", plan=plan)
        self._commit("", lambda _: Commit("", now, None, (), (told,)))

    def _ensure(self, now: int) -> None:
        """Make the customers and the estimates that the document begins with."""
        terms = self.terms
        if terms.estimates:
            everyone = Head(
                customer=Customer(id=POLICY_HEAD, type="policy"), estimates=terms.estimates
            )
            self._commit(POLICY_HEAD, partial(_begun, self._active.book, everyone, now))
        for head in terms.customers.values():
            self._commit(head.customer.id, partial(_begun, self._active.book, head, now))


def _begun(book: Book, head: Head, now: int, heads: Heads) -> Commit:
    """Return the commit that makes a customer of a document, unless it is there."""
    id = head.customer.id
    if heads.head(id) is not None:
        return Commit(id, now, None)
    stated = loaded(head, None, now)
    if id == POLICY_HEAD:
        return stated._replace(events=())
    made = created(book, heads, head.customer, now)
    parts = {part[:3]: part for part in made.parts}
    parts.update((part[:3], part) for part in stated.parts if part.kind != "customer")
    if not made.parts:
        parts = {part[:3]: part for part in stated.parts}
    return stated._replace(parts=tuple(parts.values()))


def _differences(before: Terms, after: Terms) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in fields(Terms):
        if each.name in {"customers", "estimates", "digest"}:
            continue
        old, new = getattr(before, each.name), getattr(after, each.name)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found[each.name] = {
                name: (old.get(name), new.get(name))
                for name in {**old, **new}
                if old.get(name) != new.get(name)
            }
        else:
            found[each.name] = (old, new)
    return found
