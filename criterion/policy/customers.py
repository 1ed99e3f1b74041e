"""Customers: how they come, change and go.

Source:
    Policy specification, section 13.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from criterion.policy.book import Book
from criterion.policy.events import Event, event
from criterion.policy.granting import included_parts, withdrawn_parts
from criterion.policy.periods import converted
from criterion.policy.plan import Limit, Plan
from criterion.policy.resolution import find, inherited, plan_of
from criterion.policy.state import ALT_IDS_MAX, Customer, Head, Meter
from criterion.policy.store import Commit, Heads, Part


def created(book: Book, heads: Heads, customer: Customer, now: int) -> Commit:
    """Return the commit that makes a customer.

    Its plan is the one it names; else it inherits that of its refs; else it gets the default one.
    Where there is none of these, nobody is made, and the answer is ``None``.

    Raises:
        TypeError: It has too many other names.
    """
    _require_few(customer.alt_ids)
    head = Head(customer=customer)
    if customer.plan not in book.terms.plans:
        plan = "" if inherited(book, heads, head) else book.default_plan
        if plan is None:
            return Commit(customer.id, now, None)
        customer = replace(customer, plan=plan)
        head = Head(customer=customer)
    serving = book.terms.plans[plan_of(book, heads, head) or ""]
    parts = (
        Part(customer.id, "customer", "", customer),
        *(Part(alt, "alts", "", customer.id) for alt in customer.alt_ids),
        *_new_meters(head, serving, now),
        *included_parts(head, customer.type, serving, now),
    )
    return Commit(customer.id, now, customer, parts, (customer_set(customer),))


def taken(heads: Heads, names: Iterable[str], owner: str | None = None) -> str | None:
    """Return the first of some names that somebody else answers to, or ``None``."""
    for name in names:
        found = find(heads, name)
        if found is not None and found.customer.id != owner:
            return name
    return None


def updated(head: Head, changes: Mapping[str, Any], now: int) -> Commit:
    """Return the commit that changes what a customer is."""
    customer = replace(head.customer, **changes)
    return _changed(customer, now)


def with_alt(head: Head, alt: str, now: int) -> Commit:
    """Return the commit that gives a customer another name.

    Raises:
        TypeError: It has as many as it may have.
    """
    customer = replace(head.customer, alt_ids=(*head.customer.alt_ids, alt))
    _require_few(customer.alt_ids)
    return _changed(customer, now, Part(alt, "alts", "", customer.id))


def without_alt(head: Head, alt: str, now: int) -> Commit:
    """Return the commit that takes another name from a customer."""
    left = tuple(each for each in head.customer.alt_ids if each != alt)
    return _changed(replace(head.customer, alt_ids=left), now, Part(alt, "alts", "", None))


def deleted(head: Head, now: int) -> Commit:
    """Return the commit after which a customer and all that is its own is gone."""
    customer = head.customer
    parts = (
        Part(customer.id, "customer", "", None),
        *(Part(alt, "alts", "", None) for alt in customer.alt_ids),
    )
    told = (event("customer-removed", customer.id, customer=customer),)
    return Commit(customer.id, now, True, parts, told)  # noqa: FBT003 -- the answer


def loaded(head: Head, known: Head | None, now: int) -> Commit:
    """Return the commit that puts a customer where a saved head says.

    Raises:
        TypeError: It has too many other names.
    """
    customer = head.customer
    _require_few(customer.alt_ids)
    kinds = ("meters", "grants", "caps", "estimates", "included")
    before = Head(customer=customer) if known is None else known
    gone = (
        Part(customer.id, kind, name, None)  # type: ignore[arg-type] # one of the kinds
        for kind in kinds
        for name in getattr(before, kind)
        if name not in getattr(head, kind)
    )
    there = (
        Part(customer.id, kind, name, value)  # type: ignore[arg-type] # one of the kinds
        for kind in kinds
        for name, value in getattr(head, kind).items()
    )
    alts = tuple(Part(alt, "alts", "", customer.id) for alt in customer.alt_ids)
    parts = (Part(customer.id, "customer", "", customer), *alts, *gone, *there)
    return Commit(customer.id, now, customer, parts, (customer_set(customer),))


def replanned(
    book: Book, heads: Heads, head: Head, name: str, now: int, *, overwrite: bool
) -> Commit:
    """Return the commit that moves a customer to another plan; the answer is false without one."""
    plan = book.terms.plans.get(name)
    if plan is None or head.customer.plan == name:
        return Commit(head.customer.id, now, False)  # noqa: FBT003 -- the answer
    before = book.terms.plans.get(plan_of(book, heads, head) or "")
    customer = replace(head.customer, plan=name)
    parts = (
        Part(customer.id, "customer", "", customer),
        *_moved_meters(book, head, before, plan, now, overwrite=overwrite),
        *withdrawn_parts(head, before, plan, now),
        *included_parts(head, customer.type, plan, now),
    )
    events = (
        customer_set(customer),
        event(
            "customer-plan-changed",
            customer.id,
            previous_plan=head.customer.plan,
            new_plan=name,
            customer=customer,
        ),
    )
    return Commit(customer.id, now, True, parts, events)  # noqa: FBT003 -- the answer


def overridden(head: Head, entitlement: str, limit: Limit | None, now: int) -> Commit:
    """Return the commit that gives a customer a limit of its own, or takes it back."""
    overrides = {
        name: each for name, each in head.customer.overrides.items() if name != entitlement
    }
    if limit is not None:
        overrides[entitlement] = limit
    customer = replace(head.customer, overrides=MappingProxyType(overrides))
    return _changed(customer, now)._replace(answer=True if limit is None else limit)


def customer_set(customer: Customer) -> Event:
    """Return the event that a customer is new, or not as before."""
    return event("customer-set", customer.id, customer=customer)


def _require_few(alt_ids: tuple[str, ...]) -> None:
    if len(alt_ids) > ALT_IDS_MAX:
        message = f"a customer has at most {ALT_IDS_MAX:,} other names: remove some"
        raise TypeError(message)


def _changed(customer: Customer, now: int, *parts: Part) -> Commit:
    whole = (Part(customer.id, "customer", "", customer), *parts)
    return Commit(customer.id, now, customer, whole, (customer_set(customer),))


def _new_meters(head: Head, plan: Plan, now: int) -> Iterator[Part]:
    for name, limit in _limits(head.customer, plan):
        if name not in head.meters:
            yield Part(head.customer.id, "meters", name, Meter(limit.credit, now))


def _limits(customer: Customer, plan: Plan) -> Iterator[tuple[str, Limit]]:
    """Yield the limits of a plan whose meters are a customer's own."""
    for name, entitlement in plan.entitlements.items():
        if entitlement.limit is not None and entitlement.scope in {None, customer.type}:
            yield name, entitlement.limit


def _moved_meters(
    book: Book, head: Head, before: Plan | None, plan: Plan, now: int, *, overwrite: bool
) -> Iterator[Part]:
    """Yield the meters that a plan needs: new ones in step with those that are there."""
    starts = [
        meter.started
        for name, meter in head.meters.items()
        if before is not None and name in before.entitlements
    ]
    started = now if overwrite or not starts else min(starts)
    for name, limit in _limits(head.customer, plan):
        known = head.meters.get(name)
        if known is None or overwrite:
            holds = {} if known is None else known.holds
            yield Part(head.customer.id, "meters", name, Meter(limit.credit, started, holds=holds))
        elif known.credit != limit.credit:
            source, target = book.credits.get(known.credit), book.credits[limit.credit]
            kept = None if source is None else converted(known, source, target)
            meter = Meter(limit.credit, now, holds=known.holds) if kept is None else kept
            yield Part(head.customer.id, "meters", name, meter)
