"""State: where a customer stands, in small parts that a call reads and replaces one by one.

What was agreed (`GrantTerms`, `CapTerms`) is kept apart from what changes, so that a change copies
a few members. Instants are ms since 1970, as in policy documents.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from criterion.frozen import FrozenDict
from criterion.policy.amounts import Amount
from criterion.policy.plan import PRIORITY_DEFAULT, Limit, Refill
from criterion.policy.schedule import Schedule

Origin: TypeAlias = Literal["included", "purchased", "granted"]
"""How a grant came to be: with the plan, bought, or given directly."""

HISTORY_MAX: Final = 3
"""How many changes of a meter are kept."""

ALT_IDS_MAX: Final = 1_000
"""How many other names one customer may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who is limited.

    Attributes:
        id: Its own name.
        plan: The name of its plan; ``""`` for that of its refs, or the default one.
        type: What it is: ``user``, ``team``, ``org``, or any other word.
        label: What people call it.
        alt_ids: Other names that it answers to.
        refs: The customers that it belongs to, nearest first.
        overrides: Limits of its own, by entitlement.
        metadata: Whatever the caller keeps with it.
    """

    id: str
    plan: str = ""
    type: str = "user"
    label: str = "User"
    alt_ids: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    overrides: Mapping[str, Limit] = field(default_factory=FrozenDict)
    metadata: Mapping[str, Any] | None = None


class Change(NamedTuple):
    """One accepted change of a meter.

    Attributes:
        ts: When.
        delta: By how much, after the limit's minimum.
    """

    ts: int
    delta: Amount


class Hold(NamedTuple):
    """Room that is set aside.

    Attributes:
        value: How much.
        overhead: What it will cost the provider, in runes.
        expires: From when on it counts no more.
        basis: What the estimate was per unit of, or ``None``.
        segment: What the estimate is kept apart by, or ``None``.
        caps: The caps that it reserves on, each as its holder and its id.
    """

    value: Amount
    overhead: Amount
    expires: int
    basis: Amount | None = None
    segment: str | None = None
    caps: tuple[tuple[str, str], ...] = ()


class Close(NamedTuple):
    """How a period of a meter ended; usage that comes late is still posted to it.

    Attributes:
        value: How much was used.
        overhead: What it cost the provider, in runes.
        start: When the period began.
        end: When the next one began.
        charged: What its overage is worth that no grant covered, in runes.
    """

    value: Amount
    overhead: Amount
    start: int
    end: int
    charged: Amount = 0


class Meter(NamedTuple):
    """What one customer used this period.

    Attributes:
        credit: What is counted.
        started: When the period began.
        value: How much was used.
        overhead: What it cost the provider, in runes; ``None`` in old states: its value times the
            cost of a unit.
        holds: Room set aside, by id.
        history: The last changes, oldest first; at most `HISTORY_MAX`.
        ewma_rate: The smoothed rate per ms of all intervals before the last one, or ``None``
            before the third change.
        governor_tokens: What the bucket held; ``None`` for a full one.
        governor_last_refill: When it held that.
        charged: What the overage of the period is worth that no grant covered, in runes.
        previous: How the period before ended, or ``None`` once that is too long ago.
        since: When its first period began, or ``None``: that is the present one.
    """

    credit: str
    started: int
    value: Amount = 0
    overhead: Amount | None = 0
    holds: Mapping[str, Hold] = FrozenDict()
    history: tuple[Change, ...] = ()
    ewma_rate: Amount | None = None
    governor_tokens: Amount | None = None
    governor_last_refill: int | None = None
    charged: Amount = 0
    previous: Close | None = None
    since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantTerms:
    """What was granted.

    Attributes:
        id: Unique among the grants of its holder.
        credit: What it is of.
        starting_value: How much it began with; what a refill brings.
        created_on: When.
        expires_on: From when on it is gone, or ``None``.
        refill: How it fills up again, or ``None``.
        topup: The topup that it came from, or ``None``.
        origin: How it came to be.
        priority: Lower ones are spent first.
    """

    id: str
    credit: str
    starting_value: Amount
    created_on: int
    expires_on: int | None = None
    refill: Refill | None = None
    topup: str | None = None
    origin: Origin = "granted"
    priority: int = PRIORITY_DEFAULT


class Grant(NamedTuple):
    """Extra room that a customer holds.

    Attributes:
        terms: What was granted.
        value: How much is left.
        granted_on: When its period began.
    """

    terms: GrantTerms
    value: Amount
    granted_on: int

    @property
    def id(self) -> str:
        """Unique among the grants of its holder."""
        return self.terms.id

    @property
    def credit(self) -> str:
        """What it is of."""
        return self.terms.credit


@dataclass(frozen=True, slots=True, kw_only=True)
class CapTerms:
    """A ceiling on what is spent.

    Attributes:
        id: Unique among the caps of its holder.
        credit: What it is counted in: runes, a credit, or a name of the exchange.
        value: The ceiling, and the threshold that is told of; may be `UNLIMITED`.
        exchangeable: Whether entitlements in other credits count.
        overage_only: Whether only units past the limit count.
        ignore_grants: Whether units that grants covered do not count.
        observe_only: Whether it never refuses.
        overhead_cost: Whether what calls cost the provider counts, instead of prices.
        follow_decrements: Whether negative changes count.
        hard_trailing: Whether the call that crosses it still passes.
        shared: Whether it is for the customers whose refs reach its holder, too.
        shared_with: The types of callers that it is shared with; empty for all.
        scope: The entitlements that count; empty for all.
        created_on: When it was made.
        reset: When its period ends, or ``None``: it never does.
        expires_on: From when on it is gone, or ``None``.
    """

    id: str
    credit: str = "rune"
    value: Amount = 0
    exchangeable: bool = True
    overage_only: bool = False
    ignore_grants: bool = False
    observe_only: bool = False
    overhead_cost: bool = False
    follow_decrements: bool = False
    hard_trailing: bool = False
    shared: bool = False
    shared_with: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    created_on: int = 0
    reset: Schedule | None = None
    expires_on: int | None = None


class CapHold(NamedTuple):
    """What one hold reserves on a cap.

    Attributes:
        meter: The meter that the hold is on, as its owner and its entitlement.
        value: How much, in the cap's credit.
        expires: From when on it counts no more.
    """

    meter: tuple[str, str]
    value: Amount
    expires: int


class Cap(NamedTuple):
    """A ceiling, and what was spent under it.

    Attributes:
        terms: The ceiling.
        meter_value: What was spent this period, in its credit; may be negative.
        started: When the period began.
        holds: What holds reserve on it, by their ids.
    """

    terms: CapTerms
    meter_value: Amount
    started: int
    holds: Mapping[str, CapHold] = FrozenDict()

    @property
    def id(self) -> str:
        """Unique among the caps of its holder."""
        return self.terms.id


class Estimate(NamedTuple):
    """What calls have used on average, and how much that varied.

    Attributes:
        samples: How many were seen.
        alpha: The least weight of the newest one.
        per_basis: Whether the averages are per unit of a basis.
        value_mean: Of the amounts.
        value_var: Their variance.
        overhead_mean: Of the costs, in runes.
        overhead_var: Their variance.
        updated: When the last one was seen, or ``None``.
    """

    samples: int = 0
    alpha: Amount = Decimal("0.1")
    per_basis: bool = False
    value_mean: Amount = 0
    value_var: Amount = 0
    overhead_mean: Amount = 0
    overhead_var: Amount = 0
    updated: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where one customer stands.

    Attributes:
        customer: Who it is.
        meters: By entitlement.
        grants: By id.
        caps: By id, in the order that they were added.
        estimates: By entitlement and segment.
        included: What became of the topups that came with plans, by plan and topup: the grant as
            it was withdrawn, or true for one that is still there or is spent.
    """

    customer: Customer
    meters: Mapping[str, Meter] = field(default_factory=FrozenDict)
    grants: Mapping[str, Grant] = field(default_factory=FrozenDict)
    caps: Mapping[str, Cap] = field(default_factory=FrozenDict)
    estimates: Mapping[str, Mapping[str, Estimate]] = field(default_factory=FrozenDict)
    included: Mapping[str, Grant | Literal[True]] = field(default_factory=FrozenDict)
