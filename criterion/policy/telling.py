"""Telling: which events a metering call makes, and what they say.

Source:
    Policy specification, section 15.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from criterion.policy.amounts import Amount, minus, plus, rounded
from criterion.policy.encoding_fast import encoded_change
from criterion.policy.events import Event, event
from criterion.policy.periods import Standing
from criterion.policy.pricing import price_of
from criterion.policy.records import made
from criterion.policy.state import Cap, Close, Customer
from criterion.policy.work import Metered

_DENIED = {
    "spend_cap_reached": "cap-limit",
    "rate_limited": "meter-governed",
    "held": "meter-limit",
    "credit_exhausted": "meter-limit",
    "quota_exhausted": "meter-limit",
    "capacity_reached": "meter-limit",
}


def events_of(work: Metered, code: str) -> tuple[Event, ...]:
    """Return the events of a call, in order.

    Args:
        work: What the call came to.
        code: What was decided.
    """
    command, change, state = work.command, work.change, work.standing
    if not command.tells:
        return ()
    events: tuple[Event, ...] = ()
    if state.ended is not None:
        events = (Event("meter-reset", work.owner, partial(_reset, work, state)),)
    if command.verb == "reserve":
        return events
    if code != "ok":
        return events + _refused(work, code)
    if not change.effective and not change.overhead:
        return events
    is_over = change.overage != work.covered and _uncovered(work) > 0
    name = "meter-overage" if is_over else "meter-changed"
    owner = work.place.owner.customer.id
    events += (made(Event, (name, owner, made(Changed, (work, name)), 0, 0, 0)),)
    return events + _cap_events(work) if work.draws else events


class Changed(NamedTuple):
    """What the change of a meter says of itself.

    Attributes:
        work: What the call came to.
        name: Of the event.
    """

    work: Metered
    name: str

    def __call__(self) -> Mapping[str, Any]:
        """Return the payload."""
        return _changed(self.work, self.name)

    def text(self, customer: Callable[[Customer], str]) -> str | None:
        """Return the payload as stores keep it; ``None`` where it says more than usual.

        Args:
            customer: Writes a customer, or knows how it was written.
        """
        work, change, offer = self.work, self.work.change, self.work.place.offer
        is_over = change.overage or work.covered
        if self.name != "meter-changed" or is_over or work.credit.curve is not None:
            return None
        return encoded_change(
            customer(work.place.owner.customer),
            (offer.name, offer.plan.name, work.limit.credit),
            work.command.context,
            work.standing.meter.started,
            (work.value, change.after, plus(work.spent, change.overhead)),
            (work.limit.value, change.effective, change.overhead),
        )


def _refused(work: Metered, code: str) -> tuple[Event, ...]:
    name = _DENIED.get(code)
    if name is None:
        return ()
    holder, tell = work.place.owner.customer.id, partial(_limited, work)
    if name == "cap-limit":
        full = next(draw for draw in work.draws if draw.refuses)
        holder = full.holder or work.place.caller.customer.id
        tell = partial(_cap_limit, work, holder, full.cap)
    elif name == "meter-governed":
        tell = partial(_governed, work)
    return (made(Event, (name, holder, tell, 0, 0, 0)),)


def _cap_events(work: Metered) -> tuple[Event, ...]:
    caller = work.place.caller.customer.id
    crossings: tuple[Event, ...] = ()
    others: dict[str, None] = {}
    for holder, cap, after, consumed, _, _, _, crosses in work.draws:
        if crosses and holder:
            crossed = partial(_crossed, work, holder, cap._replace(meter_value=after))
            crossings += (Event("cap-threshold-crossed", holder, crossed),)
        if holder != caller and consumed and holder:
            others[holder] = None
    if not others:
        return crossings
    return (*crossings, *[event("customer-set", each, customer=each) for each in others])


def _uncovered(work: Metered) -> Amount:
    """Return how much is past the limit that grants do not cover; nothing of what fits."""
    change = work.change
    return 0 if change.own_fits else rounded(minus(change.overage, work.covered))


def _base(work: Metered) -> dict[str, Any]:
    return {
        "customer": work.place.owner.customer,
        "entitlement": work.place.offer.name,
        "plan": work.place.offer.plan.name,
        "credit": work.limit.credit,
        "event_data": work.command.context,
        "start": work.standing.meter.started,
    }


def _meter(work: Metered, **members: Amount) -> dict[str, Any]:
    known = {
        **members,
        "limit": work.limit.value,
        "diff": work.change.effective,
        "overhead_diff": work.change.overhead,
        "price_diff": _price_diff(work),
    }
    return {name: None if each is None else rounded(each) for name, each in known.items()}


def _price_diff(work: Metered) -> Amount | None:
    """Return what a change is worth on the list, before grants."""
    if work.credit.curve is None:
        return None
    ceiling = work.limit.value
    before = max(0, minus(work.value, ceiling))
    after = max(0, minus(work.change.after, ceiling))
    return price_of(work.credit.curve, minus(after, before), before)


def _changed(work: Metered, name: str) -> Mapping[str, Any]:
    after, overhead = work.change.after, plus(work.spent, work.change.overhead)
    payload = {
        **_base(work),
        "meter": _meter(work, old=work.value, value=after, overhead=overhead),
        "remaining": rounded(minus(work.limit.value, after)),
    }
    if work.covered:
        payload["grant_value_applied"] = rounded(work.covered)
    if name == "meter-overage":
        payload["overage"] = _uncovered(work)
        payload["overage_price"] = None if work.credit.curve is None else rounded(work.charge)
    return payload


def _limited(work: Metered) -> Mapping[str, Any]:
    after = rounded(work.change.after)
    return {
        **_base(work),
        "meter": _meter(work, value=work.value, invalid=after, overhead=work.spent),
        "invalid_value": after,
        "overage": rounded(work.change.gate_overage),
    }


def _governed(work: Metered) -> Mapping[str, Any]:
    governor = work.limit.governor
    capacity = 0 if governor is None else governor.capacity
    return {
        **_base(work),
        "meter": {
            "value": rounded(work.value),
            "limit": rounded(work.limit.value),
            "overhead": rounded(work.spent),
        },
        "governor": {
            "tokens": rounded(work.bucket or 0),
            "capacity": rounded(capacity),
            "requested": rounded(work.amount),
        },
    }


def _reset(work: Metered, state: Standing) -> Mapping[str, Any]:
    ended = state.ended
    return {
        "entitlement": work.place.offer.name,
        "customer": work.place.owner.customer,
        "previous": None if ended is None else _previous(ended),
        "start": state.meter.started,
    }


def _previous(ended: Close) -> Mapping[str, Any]:
    return {
        "value": rounded(ended.value),
        "overhead": rounded(ended.overhead),
        "start": ended.start,
    }


def _cap_limit(work: Metered, holder: str, cap: Cap) -> Mapping[str, Any]:
    return {
        **_base(work),
        "customer": holder,
        "caller": work.place.caller.customer.id,
        "cap": cap,
        "meter": _meter(work, value=work.value, overhead=work.spent),
    }


def _crossed(work: Metered, holder: str, cap: Cap) -> Mapping[str, Any]:
    return {
        "customer": holder,
        "caller": work.place.caller.customer.id,
        "entitlement": work.place.offer.name,
        "cap": cap,
    }
