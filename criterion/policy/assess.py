"""Assess: all the arithmetic of a metering call, done once.

What comes out is what a commit needs, and the flat assessment that the rules decide by, which is
made when something is in the way, or somebody reads it.

Source:
    Policy specification, section 7.1.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

from criterion.policy.amounts import Amount, at_most, minus, plus
from criterion.policy.book import Book
from criterion.policy.burning import (
    NO_POOL,
    NOTHING_BURNT,
    burn_of,
    pool_of,
)
from criterion.policy.capping import (
    Draw,
    Holding,
    Usage,
    caps_over,
    draw_on,
    plain_draws,
)
from criterion.policy.changing import NOTHING_HELD, Change, Held, amount_of, change_of, held_on
from criterion.policy.command import Command
from criterion.policy.estimating import POLICY_HEAD, Prediction, basis_of, predicted
from criterion.policy.governing import tokens
from criterion.policy.periods import late_close, standing
from criterion.policy.plan import Limit
from criterion.policy.records import made
from criterion.policy.resolution import Place, find, offer_of, place, plan_of
from criterion.policy.state import Cap, Head
from criterion.policy.store import Heads
from criterion.policy.units import INTEGER_BOUND, Misfit
from criterion.policy.work import Featured, Metered, Outside, Work
from criterion.quantity import UNLIMITED

_LEAST: Final = -INTEGER_BOUND
_MOST: Final = INTEGER_BOUND

Weighed: TypeAlias = tuple[Amount, Change, Held, Amount, Amount]
"""The meter before, the change, what is held, what grants can cover, and what they do."""


def assess(book: Book, heads: Heads, command: Command, now: int) -> Work:
    """Return what a call comes to at an instant; nothing is changed.

    Args:
        book: The policy.
        heads: Where customers stand.
        command: What is asked.
        now: The time of deciding, in ms; a later one that was seen already counts instead.

    Raises:
        TypeError: The amount is neither number nor text.
    """
    caller = heads.head(command.customer) or find(heads, command.customer)
    if caller is None or command.customer == POLICY_HEAD:
        return Outside(command, now)
    seen = heads.seen_at(caller.customer.id)
    at = max(now, seen)
    spot = place(book, heads, caller, command.entitlement, at)
    if spot is None:
        return _outside(book, heads, command, caller, at)
    if spot.owner is not caller:
        at = max(at, heads.seen_at(spot.owner.customer.id))
    if spot.limit is None:
        return Featured(command, at, spot)
    return _metered(book, heads, command, spot, at, is_clamped=at != now)


def _outside(book: Book, heads: Heads, command: Command, caller: Head, at: int) -> Outside:
    offer = offer_of(book, heads, caller, command.entitlement)
    plan = plan_of(book, heads, caller) or ""
    return Outside(command, at, caller.customer, plan, None if offer is None else offer.scope)


def _metered(
    book: Book, heads: Heads, command: Command, spot: Place, now: int, *, is_clamped: bool
) -> Metered:
    caller, owner, offer, limit, reach = spot
    assert limit is not None  # noqa: S101 -- features were told apart before
    credit = offer.credit if limit is offer.limit and offer.credit else book.credits[limit.credit]
    state = standing(owner.meters.get(offer.name), limit, credit, now)
    meter = state.meter
    close, is_late, value = None, False, meter.value
    if command.occurred_at is not None and command.occurred_at < meter.started:
        close = late_close(meter, command.occurred_at, now)
        is_late, value = close is None, meter.value if close is None else close.value
    held = held_on(meter.holds, now) if meter.holds and close is None else NOTHING_HELD
    pool = NO_POOL
    if owner.grants and limit.grants_apply and limit.mode != "observe":
        pool = pool_of(owner.grants, limit, value, now, book.exchange)
    room = pool.room
    bucket = None if limit.governor is None else tokens(limit.governor, meter, now)
    if command.amount is None and command.verb == "reserve":
        ceiling, taken = plus(max(value, limit.value), room), plus(value, held.value)
        command = _estimated(book, heads, command, spot, _vacant(limit, ceiling, taken, bucket))
    amount = command.amount
    misfit: Misfit | None = None
    if type(amount) is not int or command.verb != "allow" or not _LEAST < amount < _MOST:
        amount = amount_of(command, value, limit, credit, held.number)
        if isinstance(amount, Misfit):
            misfit, amount = amount, 0
    if amount <= 0:
        held = NOTHING_HELD
    change = change_of(command, amount, value, limit, credit, held)
    covered, left = NOTHING_BURNT
    if room and change.overage and not change.own_fits:
        covered, left = burn_of(pool, limit.credit, change.overage, book.exchange)
    draws: tuple[Draw, ...] = ()
    sharing = [head for head in reach if head.caps] if reach else ()
    if (caller.caps or sharing or command.caps) and (change.effective or change.overhead):
        draws = _draws(book, command, spot, sharing, now, (value, change, held, room, covered))
    is_gated = amount > 0 and not command.force
    return made(Metered, (
        command, now, spot, limit, credit, state, close, is_late, is_clamped, misfit, amount,
        value, change, held, pool, covered, left, draws, bucket,
        (change.own_fits and change.gate_fits) or covered == change.gate_overage != 0
        or _is_let(command, limit, change, room, covered),
        not draws or not is_gated or _all_let(draws),
        bucket is None or not is_gated or close is not None or at_most(amount, bucket),
    ))  # fmt: skip


def _all_let(draws: tuple[Draw, ...]) -> bool:
    """Whether no cap is in the way."""
    for draw in draws:  # noqa: SIM110 -- a generator costs more than what it goes through
        if not draw.fits and draw.refuses:
            return False
    return True


def _is_let(command: Command, limit: Limit, change: Change, room: Amount, covered: Amount) -> bool:
    """Whether a change that does not fit its limit passes all the same, or grants cover it."""
    if limit.mode == "soft" or command.force:
        return True
    due = 0 if change.own_fits else change.overage
    return at_most(change.gate_overage, room) and at_most(due, covered)


def _draws(
    book: Book, command: Command, spot: Place, sharing: Sequence[Head], now: int, weighed: Weighed
) -> tuple[Draw, ...]:
    """Return what a call draws on each cap that is about it: the caller's, and its own."""
    limit, (_, change, held, _, _) = spot.limit, weighed
    assert limit is not None  # noqa: S101 -- features were told apart before
    units, credit = change.effective, limit.credit
    is_plain = units > 0 and held is NOTHING_HELD
    if is_plain and not sharing and not command.caps:
        plain = plain_draws(spot.caller.customer.id, spot.caller.caps.values(), credit, units, now)
        if plain is not None:
            return plain
    holdings = caps_over(spot.caller, sharing, now)
    if command.caps:
        holdings += [Holding("", Cap(terms, 0, now)) for terms in command.caps]
    draws: tuple[Draw, ...] = ()
    usages: tuple[Usage, Usage] | None = None
    for holding in holdings:
        holder, cap = holding
        drawn = plain_draws(holder, (cap,), credit, units, now) if is_plain else None
        if drawn is None:
            usages = usages or _usages(spot, weighed)
            meter = (spot.owner.customer.id, spot.offer.name)
            drawn = draw_on(holding, *usages, meter, book.exchange, now)
        draws += drawn
    return draws


def _usages(spot: Place, weighed: Weighed) -> tuple[Usage, Usage]:
    """Return what a change comes to for caps: alone, and with what is held on its meter."""
    value, change, held, room, covered = weighed
    limit = spot.limit
    assert limit is not None  # noqa: S101 -- features were told apart before
    usage = Usage(
        spot.offer.name,
        limit.credit,
        minus(value, limit.value),
        change.effective,
        change.overage,
        covered,
        change.overhead,
    )
    if not held.value and not held.overhead:
        return usage, usage
    pushed = minus(change.gate_overage, change.overage)  # past the limit by what others hold
    beside = usage._replace(
        units=plus(change.effective, held.value),
        overage=change.gate_overage,
        covered=plus(covered, min(pushed, max(0, minus(room, covered)))),
        overhead=plus(change.overhead, held.overhead),
    )
    return usage, beside


def _vacant(limit: Limit, ceiling: Amount, taken: Amount, bucket: Amount | None) -> Amount:
    """Return how much more fits the limit, its grants, and the governor."""
    if limit.mode != "hard":
        return UNLIMITED
    left = max(0, minus(ceiling, taken))
    return left if bucket is None else min(left, bucket)


def _estimated(book: Book, heads: Heads, command: Command, spot: Place, vacant: Amount) -> Command:
    """Return a reservation with the amount and the cost that are expected of it."""
    found = prediction_of(book, heads, command, spot)
    increment = 1 if spot.limit is None else spot.limit.increment
    amount = increment if found is None else found.value
    if command.hold is not None and command.hold.clamp:
        amount = min(amount, vacant)
    overhead = command.overhead
    if overhead is None and found is not None:
        overhead = found.overhead
    return command._replace(amount=amount, overhead=overhead)


def prediction_of(book: Book, heads: Heads, command: Command, spot: Place) -> Prediction | None:
    """Return what a reservation is expected to use."""
    hold = command.hold
    about = basis_of(
        spot.offer.entitlement,
        command.context,
        None if hold is None else hold.basis,
        None if hold is None else hold.segment,
    )
    return predicted(
        spot.owner,
        heads.head(POLICY_HEAD),
        spot.offer.name,
        about,
        0 if hold is None else hold.quantile,
        book.terms.estimate_min_samples,
    )
