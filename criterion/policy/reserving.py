"""Reserving: room that is set aside for a call, and given back or spent.

Source:
    Policy specification, section 11.
"""

from collections.abc import Iterator

from criterion.policy.estimating import basis_of
from criterion.policy.resolution import Place
from criterion.policy.state import CapHold, Hold
from criterion.policy.store import Heads, Part
from criterion.policy.work import Metered


def hold_parts(work: Metered) -> tuple[Part, ...]:
    """Return the parts that a reservation changes: the meter, and every cap that it would move."""
    terms, meter = work.command.hold, work.standing.meter
    if terms is None:
        return ()
    expires = work.at + terms.ttl
    reserves = [draw for draw in work.draws if draw.holder and draw.consumed > 0]
    about = basis_of(work.place.offer.entitlement, work.command.context, terms.basis, terms.segment)
    hold = Hold(
        value=work.change.effective,
        overhead=work.change.overhead,
        expires=expires,
        basis=about.basis,
        segment=about.segment,
        caps=tuple((draw.holder, draw.cap.terms.id) for draw in reserves),
    )
    kept = {id: each for id, each in meter.holds.items() if work.at < each.expires}
    changed = meter._replace(holds={**kept, terms.id: hold})
    part = Part(work.owner, "meters", work.place.offer.name, changed)
    return (part, *_reserved(work, terms.id, expires))


def released_parts(
    heads: Heads,
    spot: Place,
    id: str,
    parts: tuple[Part, ...] = (),
) -> tuple[Part, ...]:
    """Return parts without a hold, on its meter and on the caps that it reserves on.

    Args:
        heads: Where customers stand.
        spot: Where the hold is.
        id: The hold's.
        parts: What else the call changes; the hold is taken out of these.
    """
    owner, name = spot.owner.customer.id, spot.offer.name
    changed = {part[:3]: part for part in parts}
    meter_part = changed.get((owner, "meters", name))
    meter = spot.owner.meters.get(name) if meter_part is None else meter_part.value
    stored = spot.owner.meters.get(name)
    hold = None if stored is None else stored.holds.get(id)
    if meter is None or hold is None:
        return parts
    left = {key: each for key, each in meter.holds.items() if key != id}
    changed[owner, "meters", name] = Part(owner, "meters", name, meter._replace(holds=left))
    for holder, cap_id in hold.caps:
        part = changed.get((holder, "caps", cap_id))
        head = heads.head(holder)
        cap = part.value if part is not None else None if head is None else head.caps.get(cap_id)
        if cap is not None:
            left_caps = {key: each for key, each in cap.holds.items() if key != id}
            kept = cap._replace(holds=left_caps)
            changed[holder, "caps", cap_id] = Part(holder, "caps", cap_id, kept)
    return tuple(changed.values())


def _reserved(work: Metered, id: str, expires: int) -> Iterator[Part]:
    meter = (work.owner, work.place.offer.name)
    for draw in work.draws:
        if not draw.holder or draw.consumed <= 0:
            continue
        cap = draw.cap
        kept = {key: each for key, each in cap.holds.items() if work.at < each.expires}
        holds = {**kept, id: CapHold(meter, draw.consumed, expires)}
        yield Part(draw.holder, "caps", cap.terms.id, cap._replace(holds=holds))
