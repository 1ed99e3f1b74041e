"""``criterion policy customer``: how one customer stands."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from criterion.cli.policy_names import head_of
from criterion.cli.policy_plain import shown
from criterion.cli.policy_words import (
    NEVER,
    NOTHING,
    conditions,
    day,
    day_of,
    measured,
    resetting,
    when,
)
from criterion.cli.screen import note, say, say_table
from criterion.cli.session import Answers
from criterion.json_text import instant
from criterion.policy.amounts import rounded
from criterion.policy.book import Book
from criterion.policy.capping import current as current_cap
from criterion.policy.capping import is_expired
from criterion.policy.credit import Credit
from criterion.policy.grants import current
from criterion.policy.instants import ms_of
from criterion.policy.plan import Entitlement, Plan
from criterion.policy.reading import View, remaining, view
from criterion.policy.resolution import find, override
from criterion.policy.resolution import plan_of as serving
from criterion.policy.runtime.policy import Policy
from criterion.policy.state import Cap, Customer, Grant, Head, Hold
from criterion.policy.store import Heads
from criterion.policy.unit_table import PLAIN
from criterion.text import one_line


class Use(NamedTuple):
    """How one entitlement of a customer stands.

    Attributes:
        entitlement: As the plan has it.
        seen: The meter; ``None`` of a feature, and where nobody holds it.
        is_own: Whether the limit is one of the customer's own.
    """

    entitlement: Entitlement
    seen: View | None
    is_own: bool


class Account(NamedTuple):
    """How a customer stands, all of it at one instant."""

    customer: Customer
    plan: Plan | None
    uses: tuple[Use, ...]
    grants: tuple[Grant, ...]
    caps: tuple[Cap, ...]


def say_customer(policy: Policy, name: str, at: datetime, answers: Answers) -> None:
    """Print plan, entitlements, grants, caps and holds of a customer.

    Raises:
        UsageError: There is no such customer.
    """
    head_of(policy, name)
    account: Account = policy.store.look(
        name, lambda heads: _account(Book(policy.terms), heads, name, ms_of(at))
    )
    answers.answer(_members(account, at), lambda: _say(account, policy, at))


def _account(book: Book, heads: Heads, name: str, now: int) -> Account:
    head = find(heads, name)
    assert head is not None  # noqa: S101 -- it was there a moment ago
    plan = book.terms.plans.get(serving(book, heads, head) or "")
    offered = {} if plan is None else dict(plan.entitlements)
    for own, limit in head.customer.overrides.items():  # of what its plan lacks, too
        offered.setdefault(own, Entitlement(name=own, limit=limit))
    caps = (cap for cap in head.caps.values() if not is_expired(cap, now))
    return Account(
        head.customer,
        plan,
        tuple(_use(book, heads, head, each, now) for each in offered.values()),
        current(head.grants.values(), now),
        tuple(current_cap(cap, now) for cap in caps),
    )


def _use(book: Book, heads: Heads, head: Head, entitlement: Entitlement, now: int) -> Use:
    seen = view(book, heads, head.customer.id, entitlement.name, now)
    owner = head if seen is None else seen.place.owner
    own = override(owner, entitlement.name, now)
    limit = entitlement.limit if seen is None else seen.limit
    return Use(replace(entitlement, limit=limit), seen, own is not None)


def _holds(seen: View) -> dict[str, Hold]:
    return {id: hold for id, hold in seen.meter.holds.items() if seen.now < hold.expires}


def _members(account: Account, at: datetime) -> dict[str, Any]:
    return {
        "customer": shown(account.customer),
        "plan": None if account.plan is None else account.plan.name,
        "at": instant(at),
        "entitlements": [_use_members(use) for use in account.uses],
        "grants": [_grant_members(grant) for grant in account.grants],
        "caps": [_cap_members(cap) for cap in account.caps],
    }


def _use_members(use: Use) -> dict[str, Any]:
    members: dict[str, Any] = {"entitlement": use.entitlement.name}
    seen = use.seen
    if seen is None:
        return {**members, "metered": use.entitlement.limit is not None, "owner": None}
    left = remaining(seen)
    return {
        **members,
        "metered": True,
        "owner": seen.place.owner.customer.id,
        "credit": seen.credit.name,
        "mode": seen.limit.mode,
        "used": rounded(seen.meter.value),
        "limit": shown(seen.limit.value),
        "remaining": None if left is None else shown(rounded(left)),
        "held": rounded(seen.held.value),
        "resets_at": when(seen.standing.resets_at),
        "override": use.is_own,
        "holds": [
            {"id": id, "amount": rounded(hold.value), "expires_at": when(hold.expires)}
            for id, hold in _holds(seen).items()
        ],
    }


def _grant_members(grant: Grant) -> dict[str, Any]:
    terms = grant.terms
    return {
        "id": terms.id,
        "credit": terms.credit,
        "left": rounded(grant.value),
        "of": rounded(terms.starting_value),
        "origin": terms.origin,
        "topup": terms.topup,
        "priority": terms.priority,
        "refills": None if terms.refill is None else shown(terms.refill.schedule),
        "expires_at": when(terms.expires_on),
    }


def _cap_members(cap: Cap) -> dict[str, Any]:
    terms = cap.terms
    return {
        "id": terms.id,
        "credit": terms.credit,
        "spent": rounded(cap.meter_value),
        "ceiling": shown(terms.value),
        "observe_only": terms.observe_only,
        "resets": None if terms.reset is None else shown(terms.reset),
        "expires_at": when(terms.expires_on),
    }


def _say(account: Account, policy: Policy, at: datetime) -> None:
    customer, plan = account.customer, account.plan
    name = "no plan" if plan is None else f"plan {plan.name}"
    say(one_line(f"{customer.id}  {name}, {customer.type}, as of {day_of(at)}"))
    for label, names in (("belongs to", customer.refs), ("also known as", customer.alt_ids)):
        if names:
            say(one_line(f"  {label} {', '.join(names)}"))
    credits_ = policy.terms.credits
    if not account.uses:
        note("it may use nothing")
    for rows, heads in (
        ([_use_row(use, customer) for use in account.uses],
         ("entitlement", "used", "limit", "left", "resets", "")),
        ([_grant_row(grant, credits_.get(grant.terms.credit)) for grant in account.grants],
         ("grant", "credit", "left", "of", "refills", "ends")),
        ([_cap_row(cap, credits_.get(cap.terms.credit)) for cap in account.caps],
         ("cap", "credit", "spent", "ceiling", "resets")),
        (list(_hold_rows(account.uses)), ("hold", "of", "amount", "ends")),
    ):  # fmt: skip
        if rows:
            say()
            say_table(rows, heads)


def _use_row(use: Use, customer: Customer) -> tuple[str, ...]:
    name, seen = use.entitlement.name, use.seen
    if seen is None and use.entitlement.limit is None:
        return name, NOTHING, "included", NOTHING, NOTHING, ""
    if seen is None:
        lacks = f"it belongs to no {use.entitlement.scope or 'plan with it'}"
        return name, NOTHING, NOTHING, NOTHING, NOTHING, lacks
    unit, left = seen.credit.units, remaining(seen)
    return (
        name,
        measured(rounded(seen.meter.value), unit),
        measured(seen.limit.value, unit),
        NOTHING if left is None else measured(rounded(left), unit),
        day(seen.standing.resets_at),
        ", ".join(_notes(use, seen, customer)),
    )


def _notes(use: Use, seen: View, customer: Customer) -> Iterator[str]:
    if seen.place.owner.customer.id != customer.id:
        yield f"of {seen.place.owner.customer.id}"
    if use.is_own:
        ends = seen.limit.override_expires_on
        yield "own limit" if ends is None else f"own limit until {day(ends)}"
    if seen.room > 0:
        yield f"grants cover {measured(rounded(seen.room), seen.credit.units)}"
    if seen.held.number:
        yield f"{measured(rounded(seen.held.value), seen.credit.units)} held"
    yield from conditions(seen.limit)


def _grant_row(grant: Grant, credit: Credit | None) -> tuple[str, ...]:
    terms, unit = grant.terms, PLAIN if credit is None else credit.units
    refills = NEVER if terms.refill is None else resetting(terms.refill.schedule)
    left, whole = measured(grant.value, unit), measured(terms.starting_value, unit)
    return terms.id, terms.credit, left, whole, refills, day(terms.expires_on)


def _cap_row(cap: Cap, credit: Credit | None) -> tuple[str, ...]:
    terms, unit = cap.terms, PLAIN if credit is None else credit.units
    ceiling = "observed only" if terms.observe_only else measured(terms.value, unit)
    spent = measured(rounded(cap.meter_value), unit)
    return terms.id, terms.credit, spent, ceiling, resetting(terms.reset)


def _hold_rows(uses: tuple[Use, ...]) -> Iterator[tuple[str, ...]]:
    for use in uses:
        for id, hold in ({} if use.seen is None else _holds(use.seen)).items():
            assert use.seen is not None  # noqa: S101 -- it has holds
            held = measured(hold.value, use.seen.credit.units)
            yield id, use.entitlement.name, held, day(hold.expires)
