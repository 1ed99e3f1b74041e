"""Committing: what an assessed call changes.

Source:
    Policy specification, section 7.1, step 10.
"""

from collections.abc import Mapping

from criterion.policy.amounts import minus, plus
from criterion.policy.capping import is_expired
from criterion.policy.periods import LATENESS_MS
from criterion.policy.rates import pushed
from criterion.policy.records import made
from criterion.policy.state import Cap, CapHold, Close, Grant, Hold, Meter
from criterion.policy.store import Part
from criterion.policy.work import Metered


def parts_of(work: Metered, *, allowed: bool) -> tuple[Part, ...]:
    """Return the parts that a call changes; of a denied one only the periods that began."""
    spot, change = work.place, work.change
    owner, moves = spot.owner.customer.id, allowed and (change.effective or change.overhead)
    parts: tuple[Part, ...] = ()
    if moves:
        parts = (made(Part, (owner, "meters", spot.offer.name, _changed(work))),)
    elif work.standing.ended is not None:
        parts = (Part(owner, "meters", spot.offer.name, work.standing.meter),)
    if not work.pool.is_plain:
        parts += _changed_grants(work, owner, spends=bool(moves))
    elif moves:
        for grant in work.left:
            parts += (_grant_part(owner, grant),)
    if moves and (work.draws or spot.caller.caps):
        parts += _changed_caps(work)
    return parts


def _changed(work: Metered) -> Meter:
    """Return the meter after an accepted change."""
    change, meter, now = work.change, work.standing.meter, work.at
    if work.close is not None:
        spent, charged = plus(work.close.overhead, change.overhead), plus(work.charged, work.charge)
        late = work.close._replace(value=change.after, overhead=spent, charged=charged)
        return meter._replace(previous=late)
    (
        credit,
        started,
        _,
        spent_before,
        holds,
        history,
        rate,
        tokens,
        refilled,
        charged,
        last,
        since,
    ) = meter
    if change.effective:
        history, rate = pushed(history, rate, now, change.effective, work.limit.ewma_alpha)
    if work.bucket is not None and work.amount > 0 and not work.command.force:
        tokens, refilled = minus(work.bucket, work.amount), now
    members = (
        credit,
        started,
        change.after,
        plus(spent_before or 0, change.overhead) if change.overhead else spent_before,
        _unexpired(meter, now) if holds else holds,
        history,
        rate,
        tokens,
        refilled,
        plus(charged, work.charge) if change.overage and work.credit.curve else charged,
        None if last is None else _still_open(last, now),
        since,
    )
    return made(Meter, members)


def _still_open(close: Close, now: int) -> Close | None:
    return close if now < close.end + LATENESS_MS else None


def _unexpired(meter: Meter, now: int) -> dict[str, Hold]:
    return {id: hold for id, hold in meter.holds.items() if now < hold.expires}


def _changed_grants(work: Metered, owner: str, *, spends: bool) -> tuple[Part, ...]:
    """Return the grants that are not what is stored: spent, refilled, or gone."""
    stored, grants, left = work.place.owner.grants, work.pool.grants, work.left if spends else ()
    if grants == tuple(stored.values()):
        return tuple(_grant_part(owner, grant) for grant in left)
    standing = {grant.terms.id: grant for grant in (*grants, *left)}
    return tuple(
        _grant_part(owner, grant) if grant else Part(owner, "grants", id, None)
        for id, before in stored.items()
        if (grant := standing.get(id)) != before
    )


def _grant_part(owner: str, grant: Grant) -> Part:
    """Return a grant as it is from now on; one that is spent, and does not fill up, is gone."""
    lasts = grant.value > 0 or grant.terms.refill is not None
    return made(Part, (owner, "grants", grant.terms.id, grant if lasts else None))


def _changed_caps(work: Metered) -> tuple[Part, ...]:
    """Return the caps that a call moves, and that those of the caller which ended are gone."""
    now, caller = work.at, work.place.caller
    parts: tuple[Part, ...] = ()
    for holder, cap, after, consumed, _, _, _, _ in work.draws:
        if consumed and holder:
            terms, _, started, holds = cap
            if holds:
                holds = _unexpired_holds(holds, now)
            spent = made(Cap, (terms, after, started, holds))
            parts += (made(Part, (holder, "caps", terms.id, spent)),)
    for id, cap in caller.caps.items():
        if cap.terms.expires_on is not None and is_expired(cap, now):
            parts += (Part(caller.customer.id, "caps", id, None),)
    return parts


def _unexpired_holds(holds: Mapping[str, CapHold], now: int) -> Mapping[str, CapHold]:
    return {id: hold for id, hold in holds.items() if now < hold.expires}
