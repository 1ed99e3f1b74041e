"""Reading: how a meter stands right now, for those who ask and use nothing.

Nothing here changes anything: a period that began shows, and begins with the next call.

Source:
    Policy specification, sections 7.3 and 8.
"""

from typing import NamedTuple

from criterion.policy.amounts import Amount, is_unlimited, minus, over, plus, rounded, times
from criterion.policy.book import Book
from criterion.policy.burning import available
from criterion.policy.changing import Held, held_on
from criterion.policy.credit import Credit
from criterion.policy.governing import tokens
from criterion.policy.grants import current
from criterion.policy.periods import Standing, standing
from criterion.policy.plan import Limit
from criterion.policy.rates import Pace, ewma, rate
from criterion.policy.resolution import Place, find, place
from criterion.policy.state import Head, Meter
from criterion.policy.store import Heads


class View(NamedTuple):
    """How a meter stands at an instant.

    Attributes:
        place: Whose it is.
        limit: Its ceiling.
        credit: What it counts.
        standing: The meter, and its period.
        room: What grants can cover from where it stands.
        held: What is set aside on it.
        now: The instant, in ms.
    """

    place: Place
    limit: Limit
    credit: Credit
    standing: Standing
    room: Amount
    held: Held
    now: int

    @property
    def meter(self) -> Meter:
        """The meter as it stands."""
        return self.standing.meter


def placed(book: Book, heads: Heads, customer: str, entitlement: str, now: int) -> Place | None:
    """Return where an entitlement of a customer belongs; ``None`` where there is none."""
    caller = find(heads, customer)
    return None if caller is None else place(book, heads, caller, entitlement, now)


def view(book: Book, heads: Heads, customer: str, entitlement: str, now: int) -> View | None:
    """Return how a meter stands; ``None`` of what is unknown, or is a feature."""
    spot = placed(book, heads, customer, entitlement, now)
    if spot is None or spot.limit is None:
        return None
    limit, owner = spot.limit, spot.owner
    credit = book.credits[limit.credit]
    state = standing(owner.meters.get(spot.offer.name), limit, credit, now)
    room: Amount = 0
    if owner.grants and limit.grants_apply and limit.mode != "observe":
        beyond = max(0, minus(state.meter.value, limit.value))
        room = available(current(owner.grants.values(), now), credit.name, beyond, book.exchange)
    return View(spot, limit, credit, state, room, held_on(state.meter.holds, now), now)


def remaining(seen: View, *, grants: bool = True) -> Amount | None:
    """Return what is left, perhaps less than zero; ``None`` of what is only observed."""
    if seen.limit.mode == "observe":
        return None
    return minus(ceiling(seen, grants=grants), seen.meter.value)


def ceiling(seen: View, *, grants: bool = True) -> Amount:
    """Return how far a meter can rise: its limit, and above what is used what grants cover."""
    if grants and seen.room > 0:
        return plus(max(seen.meter.value, seen.limit.value), seen.room)
    return seen.limit.value


def left_percent(seen: View, *, grants: bool = True) -> Amount | None:
    """Return what is left in hundredths of the whole; 0 of nothing."""
    left = remaining(seen, grants=grants)
    if left is None:
        return None
    whole = ceiling(seen, grants=grants)
    if whole <= 0 or left <= 0:
        return 0
    return 100 if left == whole else rounded(over(times(left, 100), whole))


def allowance(seen: View) -> Amount | None:
    """Return what can be used at once: what is left, or what the governor lets through now."""
    left = remaining(seen)
    governor = seen.limit.governor
    if left is None or governor is None or seen.limit.mode != "hard":
        return left
    return min(left, tokens(governor, seen.meter, seen.now))


def exhaustion_ms(seen: View, *, smoothed: bool = False, grants: bool = True) -> Amount | None:
    """Return how many ms what is left lasts at the present rate; ``None`` where that has no end."""
    meter = seen.meter
    pace = ewma(Pace(meter.history, meter.ewma_rate), seen.limit.ewma_alpha)
    speed = pace if smoothed else rate(meter.history)
    left = remaining(seen, grants=grants)
    if speed is None or speed <= 0 or left is None or is_unlimited(left):
        return None
    return 0 if left <= 0 else over(left, speed)


def credit_remaining(book: Book, head: Head, credit: str, now: int) -> Amount:
    """Return what all grants of a customer are worth in one credit."""
    return available(current(head.grants.values(), now), credit, 0, book.exchange)
