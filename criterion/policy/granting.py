"""Granting: how customers come by extra room, and what plans give and take of it.

Source:
    Policy specification, sections 9.1 and 9.4.
"""

from collections.abc import Iterator

from criterion.policy.grants import current
from criterion.policy.plan import Plan, Topup
from criterion.policy.state import Grant, GrantTerms, Head, Origin
from criterion.policy.store import Part


def topup_grant(head: Head, topup: Topup, now: int, origin: Origin, id: str | None = None) -> Grant:
    """Return the grant that a topup makes."""
    terms = GrantTerms(
        id=free_id(head, topup.name, now) if id is None else id,
        credit=topup.credit,
        starting_value=topup.value,
        created_on=now,
        expires_on=None if topup.expires_after is None else now + topup.expires_after,
        refill=topup.refill,
        topup=topup.name,
        origin=origin,
        priority=topup.priority,
    )
    return Grant(terms, topup.value, now)


def free_id(head: Head, name: str, now: int) -> str:
    """Return an id that no grant of a customer has; later ones sort behind earlier ones."""
    id, count = f"{name}-{now}", 1
    while id in head.grants:
        count += 1
        id = f"{name}-{now}-{count}"
    return id


def included_parts(head: Head, kind: str, plan: Plan, now: int) -> Iterator[Part]:
    """Yield the topups that a plan includes and a customer of a type has not got yet.

    What is spent once is given once. What fills up again comes back as it was withdrawn.
    """
    customer = head.customer.id
    for topup in plan.topups.values():
        if not topup.included or (topup.included_scopes and kind not in topup.included_scopes):
            continue
        name = included_name(plan.name, topup.name)
        before = head.included.get(name)
        if before is True:
            continue
        if before is None:
            grant = topup_grant(head, topup, now, "included", name)
        elif topup.refill is None:
            continue
        else:
            grant = before
        yield Part(customer, "grants", name, grant)
        yield Part(customer, "included", name, True)  # noqa: FBT003 -- a mark, not a choice


def withdrawn_parts(head: Head, before: Plan | None, after: Plan, now: int) -> Iterator[Part]:
    """Yield what becomes of grants when a plan ends: included ones end with it."""
    customer = head.customer.id
    kept = {included_name(after.name, name) for name in after.topups}
    for grant in current(head.grants.values(), now):
        terms = grant.terms
        if terms.origin == "included" and terms.id not in kept:
            yield Part(customer, "grants", terms.id, None)
            yield Part(customer, "included", terms.id, grant)
        elif terms.origin == "purchased" and before is not None and terms.topup is not None:
            topup = before.topups.get(terms.topup)
            if topup is not None and topup.revoke_on_plan_change:
                yield Part(customer, "grants", terms.id, None)


def included_name(plan: str, topup: str) -> str:
    """Return the id of the grant that a plan's topup makes."""
    return f"{topup}@{plan}"
