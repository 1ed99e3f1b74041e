"""Burning: how much of a credit grants can cover, and which of them are spent on it.

Both are simulations: they return what would be left, and whoever commits keeps it.

Source:
    Policy specification, sections 9.2 and 9.3.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from criterion.policy.amounts import Amount, is_unlimited, less, minus, plus, rounded
from criterion.policy.exchange import Exchange
from criterion.policy.grants import current
from criterion.policy.plan import Limit
from criterion.policy.records import made
from criterion.policy.state import Grant


class Need(NamedTuple):
    """What is to be covered.

    Attributes:
        credit: The credit of the entitlement.
        amount: How much of it, in its unit.
        position: Where on its price curve that begins.
    """

    credit: str
    amount: Amount
    position: Amount = 0


class Burn(NamedTuple):
    """What covering takes.

    Attributes:
        covered: How much is covered, in the credit of the entitlement.
        left: The grants that it takes from as they are afterwards, in the order of taking.
    """

    covered: Amount
    left: tuple[Grant, ...] = ()


NOTHING_BURNT: Final = Burn(0)


class Pool(NamedTuple):
    """What a customer's grants can cover of an entitlement.

    Attributes:
        grants: As they stand.
        room: How much they can cover, in the credit of the entitlement.
        position: Where on its price curve that begins; any, where it is plain.
        is_plain: Whether there is one grant, as it is stored and of the credit itself, or none.
    """

    grants: tuple[Grant, ...]
    room: Amount
    position: Amount
    is_plain: bool


NO_POOL: Final = Pool((), 0, 0, is_plain=True)


def pool_of(
    stored: Mapping[str, Grant], limit: Limit, value: Amount, now: int, exchange: Exchange
) -> Pool:
    """Return what grants can cover of a meter that stands at a value."""
    if len(stored) == 1:
        (grant,) = stored.values()
        terms, room, _ = grant
        expires_on = terms.expires_on
        is_kept = terms.refill is None and (expires_on is None or now < expires_on)
        if is_kept and room > 0 and terms.credit == limit.credit:
            return made(Pool, ((grant,), room, 0, True))
    grants, beyond = current(stored.values(), now), max(0, minus(value, limit.value))
    room = available(grants, limit.credit, beyond, exchange)
    return Pool(grants, room, beyond, is_plain=False)


def available(grants: Iterable[Grant], credit: str, position: Amount, exchange: Exchange) -> Amount:
    """Return how much of a credit grants can cover from a position on.

    Args:
        grants: As they stand at the instant; see `criterion.policy.grants.current`.
        credit: What is to be covered.
        position: Where on its price curve that begins.
        exchange: Tells what grants in other credits are worth; those without a route are worth
            nothing. They are pooled in runes before they convert.
    """
    own: Amount = 0
    runes: Amount = 0
    for terms, value, _ in grants:
        if value <= 0:
            continue
        if terms.credit == credit:
            own = plus(own, value) if own else value
        else:
            runes = plus(runes, exchange.to_runes(value, terms.credit) or 0)
    if runes <= 0 or is_unlimited(own):
        return own
    return plus(own, exchange.from_runes(runes, credit, plus(position, own)) or 0)


def burn_of(
    pool: Pool, credit: str, amount: Amount, exchange: Exchange
) -> tuple[Amount, tuple[Grant, ...]]:
    """Return what `burn` does to the grants of a pool, at once where one has enough of the same."""
    value = pool.room
    if pool.is_plain and type(amount) is int and type(value) is int and 0 < amount < value:
        terms, _, granted_on = pool.grants[0]
        return amount, (made(Grant, (terms, value - amount, granted_on)),)
    return burn(pool.grants, Need(credit, amount, pool.position), exchange)


def burn(grants: Iterable[Grant], need: Need, exchange: Exchange) -> Burn:
    """Return what grants cover of a need, and what is left of them.

    A grant that would be lost without covering anything, because the next step of a stairstep
    costs more than it holds, is not spent.

    Args:
        grants: As they stand at the instant; see `criterion.policy.grants.current`.
        need: What is to be covered.
        exchange: Tells what grants in other credits are worth, and which are spent first.
    """
    uncovered, left = need.amount, []
    for grant in _in_order(grants, need.credit, exchange):
        if uncovered <= 0 or rounded(uncovered) <= 0:
            break
        spent = _spend(grant, _rest(need, uncovered), exchange)
        if spent is not None:
            taken, covered = spent
            left.append(grant._replace(value=minus(grant.value, taken)))
            uncovered = minus(uncovered, covered)
    return Burn(minus(need.amount, uncovered), tuple(left))


def _rest(need: Need, uncovered: Amount) -> Need:
    """Return what is left of a need, where that begins."""
    if uncovered is need.amount:
        return need
    at = plus(need.position, minus(need.amount, uncovered))
    return Need(need.credit, uncovered, at)


def _in_order(grants: Iterable[Grant], credit: str, exchange: Exchange) -> list[Grant]:
    filled = [grant for grant in grants if grant.value > 0]
    if len(filled) < 2:  # noqa: PLR2004 -- nothing to put in order
        return filled

    def place(grant: Grant) -> tuple[int, bool, Amount, int, str]:
        terms = grant.terms
        return (
            terms.priority,
            terms.credit != credit,
            _rank(grant, exchange),
            grant.granted_on,
            terms.id,
        )

    return sorted(filled, key=place)


def _rank(grant: Grant, exchange: Exchange) -> Amount:
    """Return a number that is smaller for a grant which the strategy spends earlier."""
    if exchange.strategy == "expires_first":
        expires_on = grant.terms.expires_on
        return _NEVER if expires_on is None else expires_on
    worth = exchange.to_runes(1, grant.terms.credit) or 0
    return worth if exchange.strategy == "cheapest_first" else minus(0, worth)


_NEVER = 2**63


def _spend(grant: Grant, need: Need, exchange: Exchange) -> tuple[Amount, Amount] | None:
    """Return what is taken from a grant for a need, in its own credit, and what that covers.

    ``None`` where it cannot be used for it.
    """
    credit = grant.terms.credit
    if credit == need.credit:
        if less(need.amount, grant.value):
            return need.amount, need.amount
        return grant.value, min(need.amount, grant.value)
    wanted = exchange.convert(need.amount, need.credit, credit, at=need.position)
    if wanted is None:
        return None
    wanted = max(0, wanted)  # a repriced volume never gives a grant more
    if less(wanted, grant.value):
        return wanted, need.amount
    covers = exchange.convert(grant.value, credit, need.credit, to=need.position)
    if covers is None or covers <= 0:
        return None
    return grant.value, min(need.amount, covers)
