"""Customers: how they come, change and go, and what is agreed with one of them alone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, Unpack

from criterion.errors import TakenError
from criterion.policy import customers
from criterion.policy.amounts import less
from criterion.policy.arguments import NAME, TEXT, Kind, checked, frozen_data, names_of, require
from criterion.policy.ceilings import override_of
from criterion.policy.command import Command
from criterion.policy.deciding import decided
from criterion.policy.estimating import POLICY_HEAD
from criterion.policy.instants import Instant, optional_ms
from criterion.policy.plan import Limit, Plan
from criterion.policy.reading import view
from criterion.policy.resolution import find, override, place
from criterion.policy.runtime.metering import Metering
from criterion.policy.runtime.options import CustomerOptions, LimitOptions
from criterion.policy.state import Customer, Head
from criterion.policy.store import Commit, Heads

HEAD: Final = Kind("a head, as `customer` returned it", lambda given: isinstance(given, Head))

CHANGEABLE: Final = CustomerOptions.__optional_keys__ - {"alt_ids"}
"""What `Customers.update_customer` changes."""


class Customers(Metering):
    """Customers, their names, plans and overrides."""

    def create_customer(
        self,
        customer: str,
        plan: str = "",
        *,
        at: Instant | None = None,
        **options: Unpack[CustomerOptions],
    ) -> Customer | None:
        """Make a customer, start its meters, and grant what its plan includes.

        Args:
            customer: Its id.
            plan: Its plan; one that is not there counts as none: it then inherits that of its
                refs, or gets the default one.
            at: When; now by default.
            options: What else it is.

        Returns:
            The customer; ``None`` where no plan serves it, and it was not made.

        Raises:
            TakenError: Somebody answers to one of its names already.
            TypeError: An argument is of the wrong kind, or an option is not known.
        """
        return self._create(_customer(customer, plan, options), at, ensures=False)

    def ensure_customer(
        self,
        customer: str,
        plan: str = "",
        *,
        at: Instant | None = None,
        **options: Unpack[CustomerOptions],
    ) -> Customer | None:
        """Return a customer that is there, as it is; make it otherwise, as `create_customer`."""
        made, now = _customer(customer, plan, options), self._now(at)
        known = self._look(customer, 0, lambda _, heads, __: find(heads, customer))
        return self._create(made, now, ensures=True) if known is None else known.customer

    def update_customer(
        self,
        customer: str,
        *,
        at: Instant | None = None,
        **changes: Unpack[CustomerOptions],
    ) -> Customer | None:
        """Change ``type``, ``label``, ``refs`` or ``metadata`` of a customer.

        Returns:
            The customer, or ``None``: there is none.

        Raises:
            TypeError: Something else was to be changed, or into what it cannot be.
        """
        checked(changes, CHANGEABLE, "an update; names and plan have methods of their own")
        members = _members(changes)
        changed: Customer | None = self._change(
            customer, at, lambda _, head, now: customers.updated(head, members, now)
        )
        return changed

    def delete_customer(self, customer: str, *, at: Instant | None = None) -> bool:
        """Remove a customer with its meters, grants, caps and names; false where there is none."""
        gone: bool = self._change(
            customer, at, lambda _, head, now: customers.deleted(head, now), default=False
        )
        return gone

    def load_customer(self, head: Head, *, at: Instant | None = None) -> Customer:
        """Put a customer where a saved head says, as `customer` returned it; replaces another.

        Raises:
            TypeError: It is none.
        """
        require("head", head, HEAD)
        now = self._now(at)

        def loaded(heads: Heads) -> Commit:
            return customers.loaded(head, heads.head(head.customer.id), now)

        done: Customer = self._commit(head.customer.id, loaded).answer
        return done

    def load_customers(self, heads: Iterable[Head], *, at: Instant | None = None) -> int:
        """Load many customers, each on its own; returns how many."""
        return len([self.load_customer(head, at=at) for head in heads])

    def add_alt(self, customer: str, alt: str, *, at: Instant | None = None) -> bool:
        """Give a customer another name; false where there is no such customer.

        Raises:
            TakenError: Somebody answers to that name already.
            TypeError: It is no text, or empty; or the customer has as many as it may have.
        """
        require("alt", alt, NAME)

        def named(heads: Heads, head: Head, now: int) -> Commit | None:
            _refuse_taken(heads, (alt,), head.customer.id)
            if alt in head.customer.alt_ids or alt == head.customer.id:
                return Commit(head.customer.id, now, head.customer)
            return customers.with_alt(head, alt, now)

        return self._change(customer, at, named) is not None

    def remove_alt(self, customer: str, alt: str, *, at: Instant | None = None) -> bool:
        """Take another name from a customer; false where it has none such."""

        def unnamed(_: Heads, head: Head, now: int) -> Commit | None:
            return customers.without_alt(head, alt, now) if alt in head.customer.alt_ids else None

        return self._change(customer, at, unnamed) is not None

    def refs(self, customer: str) -> tuple[str, ...] | None:
        """Return the customers that one belongs to; ``None`` of an unknown one."""
        head = self._look(customer, 0, lambda _, heads, __: find(heads, customer))
        return None if head is None else head.customer.refs

    def metadata(self, customer: str) -> Mapping[str, Any] | None:
        """Return what is kept with a customer."""
        head = self._look(customer, 0, lambda _, heads, __: find(heads, customer))
        return None if head is None else head.customer.metadata

    def set_plan(
        self,
        customer: str,
        plan: str,
        *,
        overwrite_meters: bool = False,
        at: Instant | None = None,
    ) -> bool:
        """Move a customer to another plan.

        Meters are kept, unless their credit changes to one whose units do not convert. What the
        old plan included ends, what was bought stays, what the new one includes is granted.

        Args:
            customer: Who.
            plan: Where to.
            overwrite_meters: Whether all meters of the new plan begin anew now.
            at: When; now by default.

        Returns:
            Whether it moved: not to an unknown plan, nor to its own.
        """
        book = self._active.book

        def moved(heads: Heads, head: Head, now: int) -> Commit:
            return customers.replanned(book, heads, head, plan, now, overwrite=overwrite_meters)

        done: bool = self._change(customer, at, moved, default=False)
        return done

    def create_override(
        self,
        customer: str,
        entitlement: str,
        *,
        expires_at: Instant | None = None,
        at: Instant | None = None,
        **changes: Unpack[LimitOptions],
    ) -> Limit | None:
        """Give a customer a limit of its own.

        Args:
            customer: Whose meter is limited.
            entitlement: What of.
            expires_at: From when on it counts no more.
            at: When; now by default.
            changes: Members of a limit as documents have them (``value``, ``resets``,
                ``reset_inc`` …); all others are copied from the present limit. One kind of reset
                replaces the other.

        Returns:
            The limit; ``None`` where customer, entitlement or credit are unknown, or the members
            make no limit.

        Raises:
            TypeError: A member is of the wrong kind, or not known.
        """
        checked(changes, LimitOptions.__optional_keys__, "a limit")
        book, ends = self._active.book, optional_ms(expires_at)

        def overridden(heads: Heads, head: Head, now: int) -> Commit | None:
            spot = place(book, heads, head, entitlement, now)
            base = head.customer.overrides.get(entitlement)
            if base is None and spot is not None:
                base = spot.offer.limit
            if base is None and spot is None:
                return None
            limit = override_of(book, base, changes)
            if limit is None:
                return None
            limit = replace(limit, override_expires_on=ends)
            return customers.overridden(head, entitlement, limit, now)

        made: Limit | None = self._change(customer, at, overridden)
        return made

    def remove_override(
        self, customer: str, entitlement: str, *, at: Instant | None = None
    ) -> bool:
        """Take a customer's own limit back; false where there is none that counts."""

        def removed(_: Heads, head: Head, now: int) -> Commit | None:
            if entitlement not in head.customer.overrides:
                return None
            counts = override(head, entitlement, now) is not None
            return customers.overridden(head, entitlement, None, now)._replace(answer=counts)

        done: bool = self._change(customer, at, removed, default=False)
        return done

    def ensure_subscription(self, customer: str, *, at: Instant | None = None) -> bool:
        """Charge the base fee of a customer's own plan, once a period and after its trial.

        Returns:
            Whether it was charged by this call.
        """
        active = self._active

        def charged(heads: Heads, head: Head, now: int) -> Commit | None:
            plan = active.book.terms.plans.get(head.customer.plan)
            if plan is None:
                return None
            seen = view(active.book, heads, head.customer.id, plan.subscription, now)
            if seen is None or not less(seen.meter.value, 1):
                return None
            if plan.trial_period is not None and now - _since(head, plan) < plan.trial_period:
                return None
            command = Command(head.customer.id, plan.subscription, verb="increment")
            commit = decided(active, heads, command, now)
            return commit._replace(answer=commit.answer.ruled.is_allowed)

        done: bool = self._change(customer, at, charged, default=False)
        return done

    def _create(self, customer: Customer, at: Instant | None, *, ensures: bool) -> Customer | None:
        book, now = self._active.book, self._now(at)
        if customer.id == POLICY_HEAD:
            raise TakenError(customer.id)

        def made(heads: Heads) -> Commit:
            known = heads.head(customer.id)
            if ensures and known is not None:
                return Commit(customer.id, now, known.customer)
            _refuse_taken(heads, (customer.id, *customer.alt_ids))
            return customers.created(book, heads, customer, now)

        done: Customer | None = self._commit(customer.id, made).answer
        return done


def _customer(id: str, plan: str, options: CustomerOptions) -> Customer:
    require("customer", id, NAME)
    require("plan", plan, TEXT)
    checked(options, CustomerOptions.__optional_keys__, "a customer")
    return Customer(id=id, plan=plan, **_members(options))


def _members(options: CustomerOptions) -> dict[str, Any]:
    """Return members of a customer that nothing outside of it can change."""
    members: dict[str, Any] = dict(options)
    for name in options.keys() & {"refs", "alt_ids"}:
        members[name] = names_of(name, members[name])
    if "metadata" in members:
        members["metadata"] = frozen_data("metadata", members["metadata"])
    return members


def _refuse_taken(heads: Heads, names: Iterable[str], owner: str | None = None) -> None:
    name = customers.taken(heads, names, owner)
    if name is not None:
        raise TakenError(name)


def _since(head: Head, plan: Plan) -> int:
    """Return when the trial of a plan began."""
    meter = head.meters.get(plan.subscription)
    if meter is None:
        return 0
    return meter.started if meter.since is None else meter.since
