"""Reading: how customers stand; nothing here uses or changes anything."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from typing import TypeVar

from criterion.frozen import FrozenDict
from criterion.policy.amounts import Amount, minus, plus, rounded
from criterion.policy.arguments import named
from criterion.policy.credit import Credit
from criterion.policy.instants import Instant, instant_of
from criterion.policy.plan import Entitlement, Limit, Plan
from criterion.policy.rates import Pace, acceleration, ewma, rate
from criterion.policy.reading import (
    View,
    allowance,
    ceiling,
    exhaustion_ms,
    left_percent,
    placed,
    remaining,
    view,
)
from criterion.policy.resolution import Place, find, plan_of
from criterion.policy.runtime.base import PolicyBase
from criterion.policy.state import Head, Meter
from criterion.policy.store import Heads

Found = TypeVar("Found")


class Reading(PolicyBase):
    """Where meters stand in their present period; ``None`` of whatever is unknown.

    Amounts are in the unit of the entitlement's credit, rounded to nine decimals.
    """

    def value(
        self,
        customer: str,
        entitlement: str,
        *,
        percent: bool = False,
        at: Instant | None = None,
    ) -> Amount | None:
        """Return how much was used this period; of a feature 0.

        Args:
            customer: Whose.
            entitlement: What of.
            percent: Whether in hundredths of limit and grants; ``None`` where there is no ceiling.
            at: As of when; now by default.
        """
        spot = self._place(customer, entitlement, at)
        if spot is None:
            return None
        if spot.limit is None:
            return None if percent else 0

        def used(seen: View) -> Amount | None:
            if not percent:
                return seen.meter.value
            left = left_percent(seen)
            return None if left is None else minus(100, left)

        return self._amount(customer, entitlement, at, used)

    def remaining(
        self,
        customer: str,
        entitlement: str,
        *,
        percent: bool = False,
        grants: bool = True,
        at: Instant | None = None,
    ) -> Amount | None:
        """Return what is left; ``None`` of features and of what is only observed.

        Args:
            customer: Whose.
            entitlement: What of.
            percent: Whether in hundredths of the whole.
            grants: Whether what grants cover counts.
            at: As of when; now by default.
        """
        left = left_percent if percent else remaining
        return self._amount(customer, entitlement, at, lambda seen: left(seen, grants=grants))

    def limit(
        self, customer: str, entitlement: str, *, grants: bool = True, at: Instant | None = None
    ) -> Amount | None:
        """Return the limit with what grants cover now; shrinks as they are spent.

        Args:
            customer: Whose; or the name of a plan, which has no grants.
            entitlement: What of.
            grants: Whether they count.
            at: As of when; now by default.
        """
        if self._look(customer, at, lambda _, heads, __: find(heads, customer)) is None:
            limit = self.limit_of(customer, entitlement)
            return None if limit is None else rounded(limit.value)

        def enforced(seen: View) -> Amount:
            return plus(seen.limit.value, seen.room) if grants else seen.limit.value

        return self._amount(customer, entitlement, at, enforced)

    def ceiling(
        self, customer: str, entitlement: str, *, grants: bool = True, at: Instant | None = None
    ) -> Amount | None:
        """Return how far the meter can rise, with what grants cover above where it stands."""
        return self._amount(customer, entitlement, at, lambda seen: ceiling(seen, grants=grants))

    def allowance(
        self, customer: str, entitlement: str, *, at: Instant | None = None
    ) -> Amount | None:
        """Return what can be used in one call right now: what is left, or what the rate allows."""
        return self._amount(customer, entitlement, at, allowance)

    def cost(self, customer: str, entitlement: str, *, at: Instant | None = None) -> Amount | None:
        """Return how much one increment is; ``None`` of a feature."""
        return self._amount(customer, entitlement, at, lambda seen: seen.limit.increment)

    def meter_overhead(
        self, customer: str, entitlement: str, *, at: Instant | None = None
    ) -> Amount | None:
        """Return what this period's usage cost the provider, in runes."""
        return self._amount(customer, entitlement, at, lambda seen: seen.meter.overhead or 0)

    def resets(
        self, customer: str, entitlement: str, *, at: Instant | None = None
    ) -> datetime | None:
        """Return when the period ends; ``None`` of what does not reset."""
        seen = self._view(customer, entitlement, at)
        resets_at = None if seen is None else seen.standing.resets_at
        return None if resets_at is None else instant_of(resets_at)

    def rate(self, customer: str, entitlement: str, *, at: Instant | None = None) -> Amount | None:
        """Return the rate of the last two changes, in units per ms; 0 before there are two."""
        return self._amount(customer, entitlement, at, lambda seen: rate(seen.meter.history) or 0)

    def ewma(self, customer: str, entitlement: str, *, at: Instant | None = None) -> Amount | None:
        """Return the smoothed rate in units per ms; 0 before there are two changes."""
        return self._amount(customer, entitlement, at, _smoothed)

    def acceleration(
        self, customer: str, entitlement: str, *, at: Instant | None = None
    ) -> Amount | None:
        """Return by how much the rate changed last, in units per ms; 0 before three changes."""
        return self._amount(
            customer, entitlement, at, lambda seen: acceleration(seen.meter.history)
        )

    def projected_exhaustion(
        self,
        customer: str,
        entitlement: str,
        *,
        smoothed: bool = False,
        grants: bool = True,
        at: Instant | None = None,
    ) -> Amount | None:
        """Return for how many ms what is left lasts at this rate; ``None``: it does not end.

        Like every amount it has up to nine decimals.
        """
        return self._amount(
            customer,
            entitlement,
            at,
            lambda seen: exhaustion_ms(seen, smoothed=smoothed, grants=grants),
        )

    def meter_of(
        self, customer: str, entitlement: str, *, at: Instant | None = None
    ) -> Meter | None:
        """Return the meter as it stands."""
        seen = self._view(customer, entitlement, at)
        return None if seen is None else seen.meter

    def limit_of(
        self, customer: str, entitlement: str, *, at: Instant | None = None
    ) -> Limit | None:
        """Return the limit that counts for a customer, or stands in a plan of that name."""
        spot = self._place(customer, entitlement, at)
        if spot is not None:
            return spot.limit
        known = self._of_plan(customer, entitlement, at)
        return None if known is None else known.limit

    def entitlement(
        self, customer: str, entitlement: str, *, at: Instant | None = None
    ) -> Entitlement | None:
        """Return what a customer's plan, or the plan of that name, says of an entitlement.

        The limit in it is the one that counts for the customer.
        """
        spot = self._place(customer, entitlement, at)
        if spot is None:
            return self._of_plan(customer, entitlement, at)
        return replace(spot.offer.entitlement, limit=spot.limit)

    def credit_for(
        self, customer: str, entitlement: str, *, at: Instant | None = None
    ) -> Credit | None:
        """Return what an entitlement counts; ``None`` of a feature."""
        seen = self._view(customer, entitlement, at)
        return None if seen is None else seen.credit

    def plan(self, customer: str, *, at: Instant | None = None) -> Plan | None:
        """Return the plan that serves a customer."""
        name = self._look(
            customer,
            at,
            lambda book, heads, _: (
                None if (head := find(heads, customer)) is None else plan_of(book, heads, head)
            ),
        )
        return None if name is None else self.terms.plans.get(name)

    @property
    def default_plan(self) -> Plan | None:
        """The plan of customers without one."""
        return self.terms.default_plan

    def customer(self, customer: str) -> Head | None:
        """Return where a customer stands, as it is stored; for saving and for screens."""

        def copied(_: object, heads: Heads, __: int) -> Head | None:
            head = find(heads, customer)
            return None if head is None else _copy(head)

        return self._look(customer, 0, copied)

    def _view(self, customer: str, entitlement: str, at: Instant | None) -> View | None:
        named(entitlement)
        return self._look(
            customer, at, lambda book, heads, now: view(book, heads, customer, entitlement, now)
        )

    def _place(self, customer: str, entitlement: str, at: Instant | None) -> Place | None:
        named(entitlement)
        return self._look(
            customer, at, lambda book, heads, now: placed(book, heads, customer, entitlement, now)
        )

    def _of_plan(self, plan: str, entitlement: str, at: Instant | None) -> Entitlement | None:
        if self._look(plan, at, lambda _, heads, __: find(heads, plan)) is not None:
            return None
        known = self.terms.plans.get(plan)
        return None if known is None else known.entitlements.get(entitlement)

    def _amount(
        self,
        customer: str,
        entitlement: str,
        at: Instant | None,
        read: Callable[[View], Amount | None],
    ) -> Amount | None:
        seen = self._view(customer, entitlement, at)
        found = None if seen is None else read(seen)
        return None if found is None else rounded(found)


def _copy(head: Head) -> Head:
    """Return a head that the store does not touch any more."""
    parts = {
        each.name: FrozenDict(getattr(head, each.name))
        for each in fields(Head)
        if each.name != "customer"
    }
    return Head(customer=head.customer, **parts)


def _smoothed(seen: View) -> Amount:
    pace = Pace(seen.meter.history, seen.meter.ewma_rate)
    return ewma(pace, seen.limit.ewma_alpha) or 0
