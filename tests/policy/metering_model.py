"""The model: metering as the specification tells it, plain and slow, without a line of the runtime.

It knows one customer, flat prices (``t`` is worth one rune, ``k`` two), three caps and five limits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, NamedTuple

DAY_S: Final = 86_400
WORTH: Final = {"t": 1, "k": 2}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a limit says."""

    value: int
    mode: str = "hard"
    trailing: bool = False
    minimum: int | None = None
    daily: bool = False
    capacity: int | None = None


LIMITS: Final = {
    "hard": Terms(value=10, daily=True),
    "soft": Terms(value=6, mode="soft", minimum=0),
    "trail": Terms(value=8, trailing=True),
    "slow": Terms(value=30, capacity=9),
    "seen": Terms(value=5, mode="observe"),
}
CEILINGS: Final = {"budget": 60, "over": 15, "net": 10}
"""``budget`` counts everything, ``over`` what is past a limit and not granted, ``net`` denies never
and follows decrements."""


@dataclass
class Grant:
    """What is left of extra room."""

    credit: str
    value: Fraction
    expires: int | None


@dataclass
class Meter:
    """What was used."""

    value: int = 0
    day: int = 0
    tokens: Fraction | None = None
    refilled: int = 0


class Hold(NamedTuple):
    """Room set aside: on a meter, and on the caps."""

    limit: str
    value: int
    expires: int
    caps: dict[str, Fraction]


class Call(NamedTuple):
    """What a call comes to."""

    refusal: str | None
    after: int
    change: int
    overage: int
    covered: Fraction
    consumed: dict[str, Fraction]


@dataclass
class Model:
    """Where the one customer stands; ``now`` is in seconds since it was made."""

    now: int = 0
    meters: dict[str, Meter] = field(default_factory=lambda: {name: Meter() for name in LIMITS})
    grants: dict[str, Grant] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    caps: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(CEILINGS, Fraction(0)))
    burned: Fraction = Fraction(0)
    """What grants have covered, in ``t``."""

    def meter(self, name: str) -> Meter:
        """Return a meter in its present period."""
        meter, day = self.meters[name], self.now // DAY_S
        if LIMITS[name].daily and meter.day != day:
            meter = self.meters[name] = Meter(day=day)
        return meter

    def tokens(self, name: str) -> Fraction | None:
        """Return what is in the bucket of a governor, filled by one every 1,000 seconds."""
        capacity, meter = LIMITS[name].capacity, self.meter(name)
        if capacity is None:
            return None
        if meter.tokens is None:
            return Fraction(capacity)
        return min(Fraction(capacity), meter.tokens + Fraction(self.now - meter.refilled, 1_000))

    def held(self, name: str) -> int:
        """Return what is set aside on a meter."""
        return sum(hold.value for hold in self._live() if hold.limit == name)

    def _live(self) -> Iterator[Hold]:
        return (hold for hold in self.holds.values() if self.now < hold.expires)

    def standing(self) -> dict[str, Fraction]:
        """Return what every grant holds that has neither ended nor been spent."""
        return {
            name: grant.value
            for name, grant in self.grants.items()
            if grant.value > 0 and (grant.expires is None or self.now < grant.expires)
        }

    def room(self) -> Fraction:
        """Return what grants can cover, in ``t``."""
        return sum(
            (value * WORTH[self.grants[name].credit] for name, value in self.standing().items()),
            Fraction(0),
        )

    def remaining(self, name: str) -> Fraction | None:
        """Return what is left of a limit, and of grants above it."""
        terms, value = LIMITS[name], self.meter(name).value
        if terms.mode == "observe":
            return None
        return (
            max(value, terms.value) + self.room() - value
            if self.room()
            else Fraction(terms.value - value)
        )

    def weigh(self, name: str, amount: int, *, force: bool = False) -> Call:
        """Return what a call comes to; nothing changes but the period."""
        terms, value = LIMITS[name], self.meter(name).value
        held = self.held(name) if amount > 0 else 0
        after = value + amount
        if terms.minimum is not None:
            after = max(after, terms.minimum)
        ceiling = max(value, terms.value)
        overage = wanted = 0
        if terms.mode != "observe":
            overage = max(0, after - ceiling) if after > value else 0
            wanted = max(0, after + held - ceiling) if after > value else 0
        fits = _fits(terms, after, value)
        crowded = not _fits(terms, after + held, value + held)
        covered = min(Fraction(overage), self.room()) if terms.mode != "observe" else Fraction(0)
        if fits:
            covered = Fraction(0)
        consumed = {
            "budget": Fraction(max(0, after - value)),
            "over": overage - covered,
            "net": Fraction(after - value),
        }
        call = Call(None, after, after - value, overage, covered, consumed)
        if force:
            return call
        if amount > 0 and not self._caps_have_room(name, call, held, wanted):
            return call._replace(refusal="spend_cap_reached")
        tokens = self.tokens(name)
        if amount > 0 and tokens is not None and amount > tokens:
            return call._replace(refusal="rate_limited")
        if (fits and not crowded) or terms.mode == "soft" or self.room() >= wanted:
            return call
        return call._replace(refusal="held" if fits else "limit")

    def _caps_have_room(self, name: str, call: Call, held: int, wanted: int) -> bool:
        others = {
            cap: sum((hold.caps[cap] for hold in self._live() if hold.limit != name), Fraction(0))
            for cap in ("budget", "over")
        }
        beside = max(Fraction(0), wanted - call.overage - (self.room() - call.covered))
        asked = {"budget": call.consumed["budget"] + held, "over": call.consumed["over"] + beside}
        if LIMITS[name].mode == "observe":
            asked["over"] = Fraction(0)
        return all(
            asked[cap] <= 0 or self.caps[cap] + others[cap] + asked[cap] <= CEILINGS[cap]
            for cap in ("budget", "over")
        )

    def count(self, name: str, amount: int, *, force: bool = False) -> Call:
        """Return what a call comes to, and keep it."""
        call = self.weigh(name, amount, force=force)
        if call.refusal is not None:
            return call
        meter, tokens = self.meter(name), self.tokens(name)
        meter.value = call.after
        if tokens is not None and amount > 0 and not force:
            meter.tokens, meter.refilled = tokens - amount, self.now
        for cap, consumed in call.consumed.items():
            self.caps[cap] += consumed
        self._burn(call.covered)
        return call

    def _burn(self, covered: Fraction) -> None:
        self.burned += covered
        for name in sorted(self.standing(), key=self._place):
            grant = self.grants[name]
            taken = min(grant.value, covered / WORTH[grant.credit])
            grant.value -= taken
            covered -= taken * WORTH[grant.credit]

    def _place(self, name: str) -> tuple[bool, bool, int, str]:
        grant = self.grants[name]
        return grant.credit != "t", grant.expires is None, grant.expires or 0, name

    def reserve(self, id: str, name: str, amount: int, ttl: int) -> Call:
        """Set room aside where a call would pass."""
        call = self.weigh(name, amount)
        if call.refusal is None:
            self.holds[id] = Hold(name, call.change, self.now + ttl, call.consumed)
        return call


def _fits(terms: Terms, after: int, before: int) -> bool:
    if terms.mode == "observe" or after <= before:
        return True
    return before < terms.value if terms.trailing else after <= terms.value
