"""Overviews: how everything that a customer has stands, at one instant."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from criterion.policy.amounts import Amount, plus, rounded
from criterion.policy.book import Book
from criterion.policy.instants import Instant, instant_of
from criterion.policy.plan import Entitlement
from criterion.policy.reading import View, allowance, placed, remaining, view
from criterion.policy.resolution import find, plan_of
from criterion.policy.runtime.base import PolicyBase
from criterion.policy.store import Heads


class Stand(NamedTuple):
    """How one entitlement of a customer stands.

    Amounts are in the unit of its credit, rounded to nine decimals. Of a feature, which has no
    limit, all but the first three are ``None``.

    Attributes:
        entitlement: As the plan has it.
        plan: Whose limit counts.
        owner: Whose meter counts.
        credit: What is counted.
        mode: What happens above the limit: ``hard``, ``soft`` or ``observe``.
        value: How much was used this period.
        limit: The limit with what grants cover now.
        remaining: What is left; ``None`` of what is only observed.
        allowance: What can be used at once: what is left, or what the rate allows.
        held: What is set aside.
        resets_at: When the period ends; ``None``: it never does.
    """

    entitlement: Entitlement
    plan: str
    owner: str
    credit: str | None = None
    mode: str | None = None
    value: Amount | None = None
    limit: Amount | None = None
    remaining: Amount | None = None
    allowance: Amount | None = None
    held: Amount | None = None
    resets_at: datetime | None = None


class Overview(NamedTuple):
    """How a customer stands.

    Attributes:
        customer: Its id.
        plan: What serves it.
        entitlements: What it has, by name, in the order of the plan.
    """

    customer: str
    plan: str | None
    entitlements: Mapping[str, Stand]


class Overviews(PolicyBase):
    """Reads of everything at once; nothing here uses or changes anything."""

    def overview(
        self, customer: str, *entitlements: str, at: Instant | None = None
    ) -> Overview | None:
        """Return how everything that a customer has stands, at one instant.

        Args:
            customer: Whose; ``None`` is returned of an unknown one.
            entitlements: What of; everything by default. What it has not is left out.
            at: As of when; now by default.
        """

        def seen(book: Book, heads: Heads, now: int) -> Overview | None:
            head = find(heads, customer)
            if head is None:
                return None
            plan = plan_of(book, heads, head)
            offers = (None if plan is None else book.offers(plan)) or {}
            names = entitlements or offers
            stands = {name: _stand(book, heads, head.customer.id, name, now) for name in names}
            known = {name: stand for name, stand in stands.items() if stand is not None}
            return Overview(head.customer.id, plan, known)

        return self._look(customer, at, seen)


def _stand(book: Book, heads: Heads, customer: str, entitlement: str, now: int) -> Stand | None:
    spot = placed(book, heads, customer, entitlement, now)
    if spot is None:
        return None
    found = Stand(spot.offer.entitlement, spot.offer.plan.name, spot.owner.customer.id)
    seen = view(book, heads, customer, entitlement, now)
    return found if seen is None else _metered(found, seen)


def _metered(stand: Stand, seen: View) -> Stand:
    resets_at = seen.standing.resets_at
    return stand._replace(
        credit=seen.credit.name,
        mode=seen.limit.mode,
        value=rounded(seen.meter.value),
        limit=rounded(plus(seen.limit.value, seen.room)),
        remaining=_rounded(remaining(seen)),
        allowance=_rounded(allowance(seen)),
        held=rounded(seen.held.value),
        resets_at=None if resets_at is None else instant_of(resets_at),
    )


def _rounded(amount: Amount | None) -> Amount | None:
    return None if amount is None else rounded(amount)
