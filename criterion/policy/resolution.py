"""Resolution: who asks, under which plan, and whose meter and limit count.

Source:
    Policy specification, section 6.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from criterion.policy.book import Book, Offer
from criterion.policy.plan import Limit
from criterion.policy.records import made
from criterion.policy.state import Head
from criterion.policy.store import Heads

REACH_MAX: Final = 1_000
"""How many customers are looked at along refs."""


class Place(NamedTuple):
    """Where a call belongs.

    Attributes:
        caller: Who asks.
        owner: Whose meter counts.
        offer: What the plan offers whose limit counts.
        limit: The ceiling, the owner's own where it has one; ``None`` for a feature.
        reach: The customers that the caller's refs lead to, nearest first.
    """

    caller: Head
    owner: Head
    offer: Offer
    limit: Limit | None
    reach: Sequence[Head] = ()


def find(heads: Heads, name: str) -> Head | None:
    """Return the head of a customer, by its id or an alternate one."""
    head = heads.head(name)
    if head is None:
        id = heads.id_of(name)
        head = None if id is None else heads.head(id)
    return head


def place(book: Book, heads: Heads, caller: Head, entitlement: str, now: int) -> Place | None:
    """Return where a call belongs; ``None`` where the plan lacks it, or its owner is missing."""
    customer = caller.customer
    owner, reach = caller, reached(heads, caller) if customer.refs else ()
    serving = reach[0].customer.plan if reach and not customer.plan else customer.plan
    offers = book.known.get(serving)
    offer = offers.get(entitlement) if offers else offer_of(book, heads, caller, entitlement)
    if offer is None:
        return None
    if offer.scope is not None and offer.scope != customer.type:
        found = nearest(reach, offer.scope)
        if found is None:
            return None
        owner = found
        if owner.customer.plan != serving:
            offer = offer_of(book, heads, owner, entitlement) or offer
    limit = offer.limit
    if owner.customer.overrides:
        limit = override(owner, entitlement, now) or limit
    return made(Place, (caller, owner, offer, limit, reach))


def override(owner: Head, entitlement: str, now: int) -> Limit | None:
    """Return a customer's own limit, unless it has ended."""
    own = owner.customer.overrides.get(entitlement)
    if own is None or (own.override_expires_on is not None and now >= own.override_expires_on):
        return None
    return own


def plan_of(book: Book, heads: Heads, head: Head) -> str | None:
    """Return the plan that serves a customer: its own, that of its refs, or the default one."""
    if head.customer.plan in book.terms.plans:
        return head.customer.plan
    return inherited(book, heads, head) or book.default_plan


def inherited(book: Book, heads: Heads, head: Head) -> str | None:
    """Return the plan of the first of a customer's refs that has one, the deepest looked at first.

    Refs may lead round in a circle: each customer is looked at once.
    """
    refs = head.customer.refs
    if not refs:
        return None
    first = heads.head(refs[0])
    if first is not None and first is not head and first.customer.plan in book.terms.plans:
        return first.customer.plan
    seen, waiting = {head.customer.id}, list(reversed(head.customer.refs))
    while waiting and len(seen) <= REACH_MAX:
        found = find(heads, waiting.pop())
        if found is None or found.customer.id in seen:
            continue
        if found.customer.plan in book.terms.plans:
            return found.customer.plan
        seen.add(found.customer.id)
        waiting.extend(reversed(found.customer.refs))
    return None


def reached(heads: Heads, head: Head) -> Sequence[Head]:
    """Return the customers that refs lead to, nearest first, each once."""
    refs = head.customer.refs
    if len(refs) == 1:  # most customers belong to one other, which belongs to nobody
        only = heads.head(refs[0])
        if only is not None and not only.customer.refs and only is not head:
            return (only,)
    return tuple(_reached(heads, head))


def _reached(heads: Heads, head: Head) -> Iterator[Head]:
    seen, waiting = {head.customer.id}, deque(head.customer.refs)
    while waiting and len(seen) <= REACH_MAX:
        found = find(heads, waiting.popleft())
        if found is None or found.customer.id in seen:
            continue
        seen.add(found.customer.id)
        yield found
        waiting.extend(found.customer.refs)


def nearest(reach: Sequence[Head], scope: str) -> Head | None:
    """Return the first customer of a type among those that refs lead to, nearest first."""
    for head in reach:
        if head.customer.type == scope:
            return head
    return None


def offer_of(book: Book, heads: Heads, head: Head, entitlement: str) -> Offer | None:
    """Return what the plan of a customer offers of an entitlement."""
    offers = book.known.get(head.customer.plan)
    if offers is None:
        plan = plan_of(book, heads, head)
        offers = None if plan is None else book.offers(plan)
    return None if offers is None else offers.get(entitlement)
