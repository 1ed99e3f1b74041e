"""Wording: what a verdict says to people, in sentences that a support engineer can forward."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from criterion.json_text import instant
from criterion.policy.amounts import Amount, is_unlimited, minus, plus, rounded
from criterion.policy.assessment import Metering

_SECOND: Final = 1_000
_UNITS: Final = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (_SECOND, "s"))


def amount(value: Amount) -> str:
    """Return an amount as people read it: plain, with at most nine decimals."""
    if is_unlimited(value):
        return "unlimited"
    shown = rounded(value)
    if isinstance(shown, int):
        return f"{shown:,}"
    text = f"{shown:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(at_ms: int) -> str:
    """Return an instant as RFC 3339 text."""
    return instant(datetime.fromtimestamp(at_ms / _SECOND, UTC))


def duration(ms: int) -> str:
    """Return a duration in its largest unit that keeps it whole, rounded up to the next one."""
    for unit, name in _UNITS:
        if ms >= unit:
            count = -(-ms * 10 // unit)
            return f"{amount(Decimal(count) / 10)} {name}"
    return f"{ms} ms"


def used(a: Metering) -> str:
    """Return how far a meter is: ``seats: 3 of 3 used on plan free``."""
    return f"{a.entitlement}: {amount(a.value)} of {amount(a.limit)} used on plan {a.plan}"


def more(a: Metering) -> str:
    """Return what was asked for on top."""
    return f"{amount(a.requested)} more requested"


def reset(a: Metering) -> str:
    """Return when there is room again."""
    if a.resets_at is None:
        return "this limit does not reset"
    return f"it resets at {moment(a.resets_at)}"


def upgrade(a: Metering) -> str:
    """Return what the next plan allows; nothing where there is none."""
    if a.upgrade is None:
        return ""
    plan, limit = a.upgrade
    return f"; plan {plan} allows {amount(limit)}"


def unavailable(a: Metering) -> str:
    """Return why nobody knows."""
    return f"{a.entitlement}: the store cannot answer; ask again, under the same key"


def unknown_customer(a: Metering) -> str:
    """Return why there is nobody to ask for."""
    return f"no customer {a.customer} is known"


def not_included(a: Metering) -> str:
    """Return why nothing is there to use."""
    if a.missing is not None:
        return f"{a.entitlement}: {a.customer} belongs to no customer of type {a.missing}"
    plan = f"plan {a.plan} of {a.customer}" if a.plan else f"{a.customer}, who has no plan,"
    return f"{a.entitlement}: {plan} does not include it"


def invalid_amount(a: Metering) -> str:
    """Return why the amount is none."""
    return f"{a.entitlement}: {a.problem}"


def spend_cap_reached(a: Metering) -> str:
    """Return which cap has no room."""
    cap = next(cap for cap in a.caps if cap.enforced and not cap.fits)
    whose = "of this call" if cap.temporary else f"of {cap.holder}"
    held = plus(cap.reserved, minus(cap.wanted, cap.consumed))
    beside = f", {amount(held)} held" if held else ""
    return (
        f"{a.entitlement}: cap {cap.id} {whose} has {amount(cap.spent)} of {amount(cap.ceiling)}"
        f" {cap.credit} spent{beside}; this call needs {amount(cap.consumed)}"
    )


def rate_limited(a: Metering) -> str:
    """Return how long the governor wants to wait."""
    wait = "more than it ever lets through" if a.wait_ms is None else f"wait {duration(a.wait_ms)}"
    return (
        f"{a.entitlement}: the rate limit of plan {a.plan} has {amount(a.tokens or 0)} of"
        f" {amount(a.capacity or 0)} left; {amount(a.requested)} requested; {wait}"
    )


def held(a: Metering) -> str:
    """Return until when others hold the room."""
    until = "" if a.held_until is None else f"; the first hold ends at {moment(a.held_until)}"
    return f"{used(a)}, {amount(a.held)} held by other calls; {more(a)}{until}"


def credit_exhausted(a: Metering) -> str:
    """Return what is missing, and that more can be bought."""
    have = f"grants cover {amount(a.available)}" if a.available else "no grant covers it"
    over = f"{amount(a.gate_overage)} over"
    then = "" if a.resets_at is None else f"; {reset(a)}"
    return (
        f"{used(a)}; {more(a)}, {over}; {have}; topups of plan {a.plan} add more{then}{upgrade(a)}"
    )


def quota_exhausted(a: Metering) -> str:
    """Return how far the meter is, and when it resets."""
    return f"{used(a)}; {more(a)}; {reset(a)}{upgrade(a)}"


def ok(a: Metering) -> str:
    """Return what was let through, and how much is left."""
    if not a.reached:
        return f"{a.entitlement}: let pass uncounted, as the store cannot answer"
    if not a.metered:
        return f"{a.entitlement}: included in plan {a.plan}"
    if a.verb == "reserve":
        return reserved(a)
    if a.mode == "observe":
        return f"{a.entitlement}: {amount(a.after)} used on plan {a.plan}; it is observed only"
    text = f"{a.entitlement}: {amount(a.after)} of {amount(a.limit)} used on plan {a.plan}"
    if a.effective <= 0 or not a.overage:
        return text
    billed = minus(a.overage, a.covered)
    parts = [f"{amount(a.overage)} over"]
    if a.covered:
        parts.append(f"{amount(a.covered)} covered by grants")
    if billed > 0 and a.covered:
        parts.append(f"{amount(billed)} not covered")
    return f"{text}; {', '.join(parts)}"


def reserved(a: Metering) -> str:
    """Return what was set aside, beside what is used and what other calls hold."""
    text = f"{a.entitlement}: {amount(a.effective)} reserved on plan {a.plan}"
    if a.mode == "observe":
        return f"{text}, {amount(a.value)} used; it is observed only"
    beside = f", {amount(a.held)} held by other calls" if a.held else ""
    over = f"; {amount(a.gate_overage)} over" if a.gate_overage else ""
    return f"{text}, {amount(a.value)} of {amount(a.limit)} used{beside}{over}"


def _caps(a: Metering) -> str:
    if not a.caps:
        return "no cap counts it"
    parts = [
        f"cap {cap.id} has {amount(cap.spent)} of {amount(cap.ceiling)} {cap.credit} spent,"
        f" {amount(cap.wanted)} more {'fits' if cap.fits else 'is only observed'}"
        for cap in a.caps
    ]
    return "; ".join(parts)


def _rate(a: Metering) -> str:
    if a.tokens is None:
        return "no governor limits its rate"
    return f"the governor lets {amount(a.tokens)} through, {amount(a.requested)} requested"


def _limit(a: Metering) -> str:
    if not a.metered:
        return "it has no limit"
    if a.limit_fits:
        covered = "" if a.own_fits or not a.available else f", {amount(a.available)} from grants"
        return f"{amount(a.after)} of {amount(a.limit)}{covered} passes"
    return f"{amount(a.after)} of {amount(a.limit)} does not fit"


def _alone(a: Metering) -> str:
    if not a.limit_fits and not a.own_fits:
        return f"it would not fit without holds either: {_limit(a)}"
    beside = f", beside {amount(a.held)} held" if a.held else ""
    return f"{_limit(a)}{beside}"


WHY_NOT: Final[Mapping[str, Callable[[Metering], str]]] = MappingProxyType(
    {
        "unavailable": lambda a: (
            "the store answered" if a.reached else "the policy lets calls pass meanwhile"
        ),
        "conflict": lambda _: "its key was used for nothing else",
        "unknown-customer": lambda a: f"{a.customer} is known",
        "not-included": lambda a: f"plan {a.plan} includes {a.entitlement}",
        "not-metered": lambda _: "it asks for what the entitlement has",
        "invalid-amount": lambda a: f"{amount(a.requested)} is an amount",
        "spend-cap-reached": _caps,
        "rate-limited": _rate,
        "held": _alone,
        "credit-exhausted": lambda a: (
            _limit(a) if a.limit_fits else f"plan {a.plan} has no topup for it"
        ),
        "quota-exhausted": lambda a: _limit(a) if a.limit_fits else reset(a),
        "capacity-reached": _limit,
    }
)
"""Why a rule did not match, by its id."""
