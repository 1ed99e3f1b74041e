"""Exchange: how amounts of one credit convert into another, by pairs and by prices.

Everything that converts does so through runes, the common unit of money.

Source:
    Policy specification, section 4.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

from criterion.frozen import FrozenDict
from criterion.policy.amounts import Amount, over, times
from criterion.policy.pricing import Curve, price_of, quantity_for

Strategy: TypeAlias = Literal["expires_first", "cheapest_first", "valuable_first"]
"""Which grants are spent first."""

RUNE: Final = "rune"
"""The common unit of money; it is worth itself, whatever a policy says of it."""


class Pair(NamedTuple):
    """What one unit of a name is worth.

    Attributes:
        value: How much of the currency; not negative.
        currency: Another name: a credit, a key of the exchange, or ``rune``.
    """

    value: Amount
    currency: str


class Route(NamedTuple):
    """How a name reaches runes.

    Attributes:
        factor: What one of it is in the unit at the end.
        curve: The prices of the credit at the end; ``None`` where runes are.
    """

    factor: Amount
    curve: Curve | None


BUILT_IN: Final[Mapping[str, Pair]] = FrozenDict({"usd": Pair(1, RUNE)})


@dataclass(frozen=True, slots=True)
class Exchange:
    """The rates of a policy.

    Attributes:
        pairs: By the name that each is of.
        curves: The prices of credits, by name.
        strategy: Which grants are spent first.
        routes: By name, for every name that reaches runes.
    """

    pairs: Mapping[str, Pair]
    curves: Mapping[str, Curve]
    strategy: Strategy = "expires_first"
    routes: Mapping[str, Route] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Follow every name to its end, once."""
        routes = FrozenDict(_routes(self.pairs, self.curves))
        object.__setattr__(self, "routes", routes)

    def to_runes(self, amount: Amount, name: str, offset: Amount = 0) -> Amount | None:
        """Return what an amount is worth at a position, or ``None`` where it has no worth."""
        route = self.routes.get(name)
        if route is None:
            return None
        value = times(route.factor, amount)
        if route.curve is None:
            return value
        return price_of(route.curve, value, _position(route, offset))

    def from_runes(self, runes: Amount, name: str, offset: Amount = 0) -> Amount | None:
        """Return how much a sum buys from a position on.

        Returns:
            The amount; `UNLIMITED` where the rest of the curve is free; ``None`` where it cannot
            be bought: there is no route, or it is worth nothing.
        """
        route = self.routes.get(name)
        if route is None or route.factor <= 0:
            return None
        if route.curve is None:
            return over(runes, route.factor)
        bought = quantity_for(route.curve, runes, _position(route, offset))
        return None if bought is None else over(bought, route.factor)

    def convert(
        self, amount: Amount, source: str, target: str, *, at: Amount = 0, to: Amount = 0
    ) -> Amount | None:
        """Return an amount of one name in another; ``None`` where either has no route.

        Args:
            amount: Of the source.
            source: Where it comes from; the same name as the target is worth the same.
            target: What it becomes.
            at: The position of the amount on the curve of the source.
            to: The position on the curve of the target.
        """
        if source == target:
            return amount
        runes = self.to_runes(amount, source, at)
        return None if runes is None else self.from_runes(runes, target, to)


def cycle_of(pairs: Mapping[str, Pair], name: str) -> tuple[str, ...] | None:
    """Return the names that a pair leads round in a circle, the first one again at the end."""
    path: dict[str, None] = {}
    while name in pairs and name != RUNE:
        if name in path:
            around = list(path)
            return (*around[around.index(name) :], name)
        path[name] = None
        name = pairs[name].currency
    return None


def _routes(pairs: Mapping[str, Pair], curves: Mapping[str, Curve]) -> Iterator[tuple[str, Route]]:
    """Yield the route of each name; each pair is followed once, whatever leads to it."""
    ends = {name: Route(1, curve) for name, curve in curves.items() if name not in pairs}
    known: dict[str, Route | None] = {**ends, RUNE: Route(1, None)}
    for first in pairs:
        path: dict[str, None] = {}
        name = first
        while name in pairs and name not in known and name not in path:
            path[name] = None
            name = pairs[name].currency
        end = known.get(name)
        for step in reversed(path):
            end = end and Route(times(pairs[step].value, end.factor), end.curve)
            known[step] = end
    yield from ((name, route) for name, route in known.items() if route is not None)


def _position(route: Route, offset: Amount) -> Amount:
    return times(route.factor, offset) if offset else 0
