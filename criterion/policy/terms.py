"""Terms: everything that a policy document says, checked and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from criterion.expression.tree import Expression, Text
from criterion.frozen import FrozenDict
from criterion.policy.credit import Credit
from criterion.policy.exchange import Exchange
from criterion.policy.formula import Formula
from criterion.policy.plan import Plan
from criterion.policy.state import Estimate, Head

OncePer: TypeAlias = Literal["period", "crossing"]
"""How often a condition that stays true is told of: once a period, or each time it becomes true."""

StoreFailure: TypeAlias = Literal["fail_closed", "fail_open", "error"]
"""What becomes of calls while the store cannot answer: refused, let pass, or an exception."""

SAMPLES_MIN: Final = 5
"""How many samples an estimate needs where the policy names no other number."""

HOLD_TTL_MS: Final = 600_000
"""How long a hold lasts where neither it nor the policy says otherwise: 10 minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A rule of the policy's own, evaluated before the built-in ones; it refuses what it matches.

    Attributes:
        id: Unique among the guards.
        when: Its condition, over the names of `criterion.policy.scopes.GUARD`.
        explain: Why it refuses, or ``None``: generated from the condition.
        text: The condition as it is written; two guards with equal texts are equal.
    """

    id: str
    text: str
    explain_text: str | None = None
    when: Expression = field(compare=False, repr=False)
    explain: Text | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A condition on events that somebody wants to be told of.

    Attributes:
        name: Its key in the policy; the event is sent again under it.
        when: The condition.
        once_per: How often it is told of while it stays true, or ``None``: every time.
        description: What it is for.
    """

    name: str
    when: Formula
    once_per: OncePer | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a capability: its name, and what a tool may be told of it."""

    name: str
    description: str = ""
    schema_type: str = "string"
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """A tool that customers of some plans may use.

    Attributes:
        name: Its key in the policy.
        version: Of the tool, as its author counts.
        description: What it does.
        parameters: What it takes.
        result: What it returns, in words.
        plans: The plans that it is for; empty for all.
        customers: The customers that it is for; empty for all.
    """

    name: str
    version: str = ""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    result: str = ""
    plans: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a policy says; two with equal members are the same policy.

    Attributes:
        version: As its author counts, or ``None``.
        credits: What is counted, by name.
        plans: What customers buy, by name, in the order of the document.
        exchange: What credits are worth.
        guards: Rules of the policy's own, in their order.
        notifications: What somebody wants to be told of, by name.
        capabilities: Tools that come with plans, by name.
        customer_types: The types of customers that there are; empty where the policy does not say.
        customers: Where customers begin, by id.
        estimates: What calls have used on average, by entitlement and segment.
        estimate_min_samples: How many samples an estimate needs.
        hold_ttl: How long a hold lasts, in ms.
        store_failure: What becomes of calls while the store cannot answer.
        digest: ``sha256:…`` over what the document agrees on: all but customers and estimates.
    """

    exchange: Exchange
    version: str | None = None
    credits: Mapping[str, Credit] = field(default_factory=FrozenDict)
    plans: Mapping[str, Plan] = field(default_factory=FrozenDict)
    guards: tuple[Guard, ...] = ()
    notifications: Mapping[str, Notification] = field(default_factory=FrozenDict)
    capabilities: Mapping[str, Capability] = field(default_factory=FrozenDict)
    customer_types: tuple[str, ...] = ()
    customers: Mapping[str, Head] = field(default_factory=FrozenDict)
    estimates: Mapping[str, Mapping[str, Estimate]] = field(default_factory=FrozenDict)
    estimate_min_samples: int = SAMPLES_MIN
    hold_ttl: int = HOLD_TTL_MS
    store_failure: StoreFailure = "fail_closed"
    digest: str = ""

    @property
    def default_plan(self) -> Plan | None:
        """The plan of customers without one."""
        return next((plan for plan in self.plans.values() if plan.default), None)
