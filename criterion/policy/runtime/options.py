"""Options: what may be said of a call beside who asks for what, and how much."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, TypedDict

from criterion.policy.amounts import Amount
from criterion.policy.instants import Instant
from criterion.policy.plan import Mode
from criterion.policy.state import CapTerms

Given: TypeAlias = int | float | str | Amount
"""An amount as callers write it: a number in the credit's unit, or text with a unit."""

Caps: TypeAlias = Mapping[str, Given] | Iterable[CapTerms]
"""Caps of one call: a ceiling for each of some credits, or whole caps."""


class AskOptions(TypedDict, total=False):
    """Options of a question.

    Attributes:
        occurred_at: When it was used, where that was before; counts for that period while it is
            open.
        context: What else is known of the call: costs, estimates, guards and events see it.
        overhead: What it costs you, in runes; by default what the credit says.
        caps: Ceilings for this call alone.
        force: Whether it happened already: nothing refuses it.
    """

    occurred_at: Instant | None
    context: Mapping[str, Any] | None
    overhead: Given | None
    caps: Caps | None
    force: bool


class CallOptions(AskOptions, total=False):
    """Options of a call.

    Attributes:
        events: Whether handlers are told.
    """

    events: bool


class SampleOptions(TypedDict, total=False):
    """What an estimate is told, or asked, of a call.

    Attributes:
        context: What else is known of the call; tells basis and segment.
        overhead: What it costs you, in runes.
        basis: What the estimate is per unit of; wins over the context.
        segment: What the estimate is kept apart by; wins over the context.
    """

    context: Mapping[str, Any] | None
    overhead: Given | None
    basis: Given | None
    segment: str | None


class ReserveOptions(SampleOptions, total=False):
    """Options of a reservation.

    Attributes:
        ttl: For how long, in ms or as text; by default what the policy says.
        quantile: How sure an estimate has to be to hold enough, from 0 to 1; 0.9 by default.
        clamp: Whether an estimate shrinks to what there is room for.
    """

    ttl: int | str | None
    quantile: Given
    clamp: bool


class SettleOptions(SampleOptions, total=False):
    """Options of a settlement.

    Attributes:
        occurred_at: When it was used, where that was before.
        events: Whether handlers are told.
    """

    occurred_at: Instant | None
    events: bool


class CustomerOptions(TypedDict, total=False):
    """What a customer is.

    Attributes:
        type: What it is: ``user``, ``team``, ``org``, or any other word.
        label: What people call it.
        refs: The customers that it belongs to, nearest first.
        alt_ids: Other names that it answers to; at most 1,000.
        metadata: Whatever you keep with it; guards see it.
    """

    type: str
    label: str
    refs: Iterable[str]
    alt_ids: Iterable[str]
    metadata: Mapping[str, Any] | None


class ResetOptions(TypedDict, total=False):
    """When something begins anew.

    Attributes:
        resets: Whether it does, every 30 days where nothing else is said.
        reset_inc: How long its period is, in ms or as text.
        reset_sch: When it begins, by the calendar: ``monthly:1``.
    """

    resets: bool | None
    reset_inc: int | str | None
    reset_sch: str | None


class GrantOptions(ResetOptions, total=False):
    """What is agreed of a grant.

    Attributes:
        expires_at: From when on it is gone.
        priority: Lower ones are spent first.
    """

    expires_at: Instant | None
    priority: int


class LimitOptions(ResetOptions, total=False):
    """Members of a limit as documents have them."""

    credit: str
    mode: Mode
    hard_trailing: bool
    grants_apply: bool
    value: Given
    increment: Given
    minimum: Given
    governor_enabled: bool
    governor_capacity: Given
    governor_refill_rate: Given
    ewma_alpha: Given


class CapOptions(ResetOptions, total=False):
    """What is agreed of a cap.

    Attributes:
        credit: What it is counted in: runes, a credit, or a name of the exchange; runes by default.
        exchangeable: Whether entitlements in other credits count; by default where its credit is
            none of the policy's.
        overage_only: Whether only units past the limit count.
        ignore_grants: Whether units that grants covered do not count.
        observe_only: Whether it never refuses.
        overhead_cost: Whether what calls cost the provider counts, instead of prices.
        follow_decrements: Whether negative changes count.
        hard_trailing: Whether the call that crosses it still passes.
        shared: Whether it is for the customers whose refs reach its holder, too.
        shared_with: The types of callers that it is shared with; all by default.
        scope: The entitlements that count; all by default.
        expires_at: From when on it is gone.
        events: Whether handlers are told.
    """

    credit: str
    exchangeable: bool | None
    overage_only: bool
    ignore_grants: bool
    observe_only: bool
    overhead_cost: bool
    follow_decrements: bool
    hard_trailing: bool
    shared: bool
    shared_with: Iterable[str] | None
    scope: Iterable[str] | None
    expires_at: Instant | None
    events: bool
