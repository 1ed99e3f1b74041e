"""Spending: the extra room that customers hold, and the ceilings on what they spend."""

from dataclasses import replace
from typing import Unpack

from criterion.clock import new_id
from criterion.policy.amounts import Amount, rounded
from criterion.policy.arguments import OPTIONAL_NAME, checked, require
from criterion.policy.capping import current as current_cap
from criterion.policy.capping import is_expired
from criterion.policy.ceilings import cap_terms, ceiling_of, schedule_of
from criterion.policy.events import event
from criterion.policy.granting import free_id, included_parts, topup_grant
from criterion.policy.grants import current
from criterion.policy.instants import Instant, optional_ms
from criterion.policy.plan import PRIORITY_DEFAULT, Refill
from criterion.policy.reading import credit_remaining
from criterion.policy.resolution import find, plan_of
from criterion.policy.runtime.base import PolicyBase
from criterion.policy.runtime.options import CapOptions, Given, GrantOptions
from criterion.policy.state import Cap, Grant, GrantTerms, Head
from criterion.policy.store import Commit, Heads, Part
from criterion.policy.units import Misfit


class Spending(PolicyBase):
    """Grants, topups and caps."""

    def grant(
        self,
        customer: str,
        credit: str,
        amount: Given,
        *,
        id: str | None = None,
        at: Instant | None = None,
        **options: Unpack[GrantOptions],
    ) -> str | None:
        """Give a customer extra room in a credit, or in anything that the exchange converts.

        Args:
            customer: Who.
            credit: What in.
            amount: How much, in its unit; text converts.
            id: Its name among the customer's grants; made up by default.
            at: When; now by default.
            options: What else is agreed of it.

        Returns:
            Its id; ``None`` where customer or credit are unknown, the id is taken, or the rest
            makes no grant.

        Raises:
            TypeError: An argument is of the wrong kind, or an option is not known.
        """
        require("id", id, OPTIONAL_NAME)
        checked(options, GrantOptions.__optional_keys__, "a grant")
        book = self._active.book
        value = ceiling_of(amount, credit, book)
        schedule = schedule_of(
            options.get("reset_inc"), options.get("reset_sch"), resets=options.get("resets")
        )
        known = credit in book.credits or credit in book.exchange.routes
        if not known or value is None or value < 0 or isinstance(schedule, Misfit):
            return None
        terms = GrantTerms(
            id="",
            credit=credit,
            starting_value=value,
            created_on=0,
            expires_on=optional_ms(options.get("expires_at")),
            refill=None if schedule is None else Refill(schedule=schedule),
            priority=options.get("priority", PRIORITY_DEFAULT),
        )

        def granted(_: Heads, head: Head, now: int) -> Commit | None:
            name = free_id(head, credit, now) if id is None else id
            if name in head.grants:
                return None
            made = Grant(replace(terms, id=name, created_on=now), terms.starting_value, now)
            part = Part(head.customer.id, "grants", name, made)
            return Commit(head.customer.id, now, name, (part,))

        done: str | None = self._change(customer, at, granted)
        return done

    def grants(self, customer: str, *, at: Instant | None = None) -> tuple[Grant, ...]:
        """Return a customer's grants as they stand; periods that began are filled up by this."""
        found: tuple[Grant, ...] = self._change(customer, at, _settled_grants, default=())
        return found

    def credit_remaining(
        self, customer: str, credit: str, *, at: Instant | None = None
    ) -> Amount | None:
        """Return what all grants of a customer are worth in one credit."""
        book = self._active.book

        def worth(heads: Heads, head: Head, now: int) -> Commit:
            commit = _settled_grants(heads, head, now)
            return commit._replace(answer=rounded(credit_remaining(book, head, credit, now)))

        found: Amount | None = self._change(customer, at, worth)
        return found

    def apply_topup(self, customer: str, topup: str, *, at: Instant | None = None) -> bool:
        """Grant a topup of the customer's plan, as if bought; false where there is none such."""
        book = self._active.book

        def bought(heads: Heads, head: Head, now: int) -> Commit | None:
            plan = book.terms.plans.get(plan_of(book, heads, head) or "")
            known = None if plan is None else plan.topups.get(topup)
            if plan is None or known is None:
                return None
            grant = topup_grant(head, known, now, "purchased")
            id = head.customer.id
            told = event(
                "customer-topup-granted",
                id,
                customer=head.customer,
                topup_name=topup,
                plan_name=plan.name,
                topup=known,
            )
            part = Part(id, "grants", grant.terms.id, grant)
            return Commit(id, now, True, (part,), (told,))  # noqa: FBT003 -- the answer

        done: bool = self._change(customer, at, bought, default=False)
        return done

    def ensure_included_topups(self, customer: str, *, at: Instant | None = None) -> int:
        """Grant what a customer's plan includes and it has not got yet; returns how many."""
        book = self._active.book

        def ensured(heads: Heads, head: Head, now: int) -> Commit | None:
            plan = book.terms.plans.get(plan_of(book, heads, head) or "")
            if plan is None:
                return None
            parts = tuple(included_parts(head, head.customer.type, plan, now))
            return Commit(head.customer.id, now, len(parts) // 2, parts)

        made: int = self._change(customer, at, ensured, default=0)
        return made

    def add_cap(
        self,
        customer: str,
        value: Given,
        *,
        id: str | None = None,
        at: Instant | None = None,
        **options: Unpack[CapOptions],
    ) -> str | None:
        """Put a ceiling on what a customer spends.

        Args:
            customer: Who holds it.
            value: The ceiling, in the cap's credit; text converts.
            id: Its name among the customer's caps; made up by default.
            at: When; now by default.
            options: What else is agreed of it.

        Returns:
            Its id; ``None`` where there is no such customer or credit, the id is taken, both kinds
            of reset are given, or it would be exchangeable in a stairstep credit.

        Raises:
            TypeError: An argument is of the wrong kind, or an option is not known.
        """
        require("id", id, OPTIONAL_NAME)
        checked(options, CapOptions.__optional_keys__, "a cap")
        book, tells = self._active.book, options.get("events", True)

        def added(_: Heads, head: Head, now: int) -> Commit | None:
            name = new_id() if id is None else id
            known = head.caps.get(name)
            terms = cap_terms(book, name, value, now, options)
            if terms is None or (known is not None and not is_expired(known, now)):
                return None
            return _cap_commit(head, Cap(terms, 0, now), "customer-cap-added", now, tells=tells)

        made: str | None = self._change(customer, at, added)
        return made

    def update_cap(
        self,
        customer: str,
        id: str,
        *,
        value: Given,
        at: Instant | None = None,
    ) -> bool:
        """Move a cap's ceiling; what was spent under it stays."""
        book = self._active.book

        def moved(_: Heads, head: Head, now: int) -> Commit | None:
            cap = _cap_of(head, id, now)
            ceiling = None if cap is None else ceiling_of(value, cap.terms.credit, book)
            if cap is None or ceiling is None:
                return None
            changed = cap._replace(terms=replace(cap.terms, value=ceiling))
            return _cap_commit(head, changed, "customer-set", now)

        return self._change(customer, at, moved) is not None

    def cap(self, customer: str, id: str, *, at: Instant | None = None) -> Cap | None:
        """Return a cap as it stands; ``None`` where there is none, or it has ended."""
        return self._look(
            customer,
            at,
            lambda _, heads, now: (
                None if (head := find(heads, customer)) is None else _cap_of(head, id, now)
            ),
        )

    def caps(self, customer: str, *, at: Instant | None = None) -> tuple[Cap, ...]:
        """Return a customer's own caps as they stand, in the order that they were added."""

        def read(_: object, heads: Heads, now: int) -> tuple[Cap, ...]:
            head = find(heads, customer)
            found = () if head is None else (_cap_of(head, id, now) for id in head.caps)
            return tuple(cap for cap in found if cap is not None)

        return self._look(customer, at, read)

    def reset_cap(
        self,
        customer: str,
        id: str,
        *,
        at: Instant | None = None,
        events: bool = True,
    ) -> bool:
        """Forget what was spent under a cap, and begin its period anew."""

        def reset(_: Heads, head: Head, now: int) -> Commit | None:
            cap = _cap_of(head, id, now)
            if cap is None:
                return None
            fresh = cap._replace(meter_value=0, started=now)
            return _cap_commit(head, fresh, "customer-cap-reset", now, tells=events)

        return self._change(customer, at, reset) is not None

    def remove_cap(
        self,
        customer: str,
        id: str,
        *,
        at: Instant | None = None,
        events: bool = True,
    ) -> bool:
        """Take a ceiling away; false where there is none."""

        def removed(_: Heads, head: Head, now: int) -> Commit | None:
            if _cap_of(head, id, now) is None:
                return None
            holder = head.customer.id
            told = event("customer-cap-removed", holder, customer=head.customer, id=id)
            part = Part(holder, "caps", id, None)
            return Commit(holder, now, True, (part,), (told,) if events else ())  # noqa: FBT003 -- the answer

        return self._change(customer, at, removed) is not None


def _cap_of(head: Head, id: str, now: int) -> Cap | None:
    cap = head.caps.get(id)
    return None if cap is None or is_expired(cap, now) else current_cap(cap, now)


def _cap_commit(head: Head, cap: Cap, name: str, now: int, *, tells: bool = True) -> Commit:
    holder = head.customer.id
    told = event(name, holder, customer=head.customer, cap=cap)
    part = Part(holder, "caps", cap.terms.id, cap)
    return Commit(holder, now, cap.terms.id, (part,), (told,) if tells else ())


def _settled_grants(_: Heads, head: Head, now: int) -> Commit:
    """Return the commit that fills up what is due, and forgets what is gone."""
    holder = head.customer.id
    standing = {grant.terms.id: grant for grant in current(head.grants.values(), now)}
    parts = tuple(
        Part(holder, "grants", id, standing.get(id))
        for id, grant in head.grants.items()
        if standing.get(id) != grant
    )
    return Commit(holder, now, tuple(standing.values()), parts)
