"""The exchange of a policy document: pairs, and where each of them leads."""

from collections.abc import Mapping

from criterion.frozen import FrozenDict
from criterion.policy.credit import Credit
from criterion.policy.document.section import Given
from criterion.policy.document.tables import EXCHANGE, PAIR
from criterion.policy.exchange import BUILT_IN, RUNE, Exchange, Pair, cycle_of
from criterion.policy.units import Misfit
from criterion.text import code, did_you_mean


def read_exchange(policy: Given, declared: Mapping[str, Credit]) -> Exchange:
    """Return the exchange; every pair that leads nowhere is noted."""
    curves = FrozenDict(
        (name, each.curve) for name, each in declared.items() if each.curve is not None
    )
    given = policy.inner("exchange", EXCHANGE)
    if given is None:
        return Exchange(BUILT_IN, curves, "expires_first")
    read = dict(policy.named("exchange", PAIR, but=EXCHANGE.fields))
    own = {name: Pair(**each.values) for name, each in read.items()}
    pairs = FrozenDict({**BUILT_IN, **own})
    told: set[str] = set()
    for name, each in read.items():
        if name != RUNE and each.is_sound("currency"):
            _check_end(name, each, {*pairs, RUNE, *curves}, declared)
            _check_cycle(name, each, pairs, told)
    return Exchange(pairs, curves, given["grant_strategy"])


def _check_end(name: str, given: Given, known: set[str], declared: Mapping[str, Credit]) -> None:
    currency = given["currency"]
    if not currency:
        misfit = Misfit(f"{code(name)} has no currency", "name what it is worth something in")
        given.misfit("currency", "exchange-currency", misfit)
    elif currency not in known:
        message = f"{code(currency)} is no name that leads to runes"
        hint = did_you_mean(currency, known)
        if currency in declared:
            message = f"the credit {code(currency)} has no price, and no pair of its own"
            hint = "give it one of both"
        given.misfit("currency", "exchange-path", Misfit(message, hint))


def _check_cycle(name: str, given: Given, pairs: Mapping[str, Pair], told: set[str]) -> None:
    cycle = cycle_of(pairs, name) or ()
    if name in cycle and name not in told:
        told.update(cycle)
        path = " → ".join(map(code, cycle))
        misfit = Misfit(f"{path} leads round in a circle", "let one of them lead to `rune`")
        given.misfit("currency", "exchange-cycle", misfit)
