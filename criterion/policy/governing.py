"""Governing: the bucket of tokens below a hard limit.

Source:
    Policy specification, section 8; the token bucket of Turner 1986.
"""

from decimal import ROUND_CEILING, Decimal

from criterion.policy.amounts import Amount, less, minus, over, plus, times
from criterion.policy.plan import Governor
from criterion.policy.state import Meter


def tokens(governor: Governor, meter: Meter, now: int) -> Amount:
    """Return how many tokens are in the bucket; a meter that was never governed has a full one."""
    held, since = meter.governor_tokens, meter.governor_last_refill
    if held is None or since is None:
        return governor.capacity
    back = times(max(0, now - since), governor.refill_rate)
    return min(governor.capacity, plus(held, back))


def wait_ms(governor: Governor, held: Amount, amount: Amount) -> int | None:
    """Return how long until so many tokens are there; ``None`` where they never will be."""
    if less(governor.capacity, amount) or governor.refill_rate == 0:
        return None
    wait = over(max(0, minus(amount, held)), governor.refill_rate)
    return int(Decimal(wait).to_integral_value(ROUND_CEILING))
