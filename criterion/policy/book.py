"""The book: a policy's terms made ready to answer, so that a call looks things up and no more."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from criterion.policy.amounts import Amount
from criterion.policy.credit import Credit
from criterion.policy.plan import Entitlement, Limit, Plan
from criterion.policy.terms import Terms


class Offer(NamedTuple):
    """What one plan offers of one entitlement.

    Attributes:
        plan: The plan.
        name: The entitlement's.
        entitlement: As the plan has it.
        scope: The type of customer whose meter counts, or ``None``.
        limit: Its ceiling, or ``None``.
        credit: What is counted, or ``None`` without a limit.
        purchasable: The credits that the plan's topups can cover.
        upgrade: The plan with the next higher ceiling, and that ceiling; ``None`` for none.
    """

    plan: Plan
    name: str
    entitlement: Entitlement
    scope: str | None
    limit: Limit | None
    credit: Credit | None
    purchasable: frozenset[str]
    upgrade: tuple[str, Amount] | None


Offers = Mapping[str, Offer]


class Book:
    """The terms of a policy, looked up by plan and entitlement.

    Attributes:
        terms: What the policy says.
        exchange: What credits are worth.
        credits: What is counted, by name.
        known: The offers of the plans that were asked for already.
    """

    def __init__(self, terms: Terms) -> None:
        """Keep the terms; offers are made when first asked for."""
        self.terms = terms
        self.exchange = terms.exchange
        self.credits: Mapping[str, Credit] = terms.credits
        self.known: dict[str, Offers] = {}

    def offers(self, plan: str) -> Offers | None:
        """Return what a plan offers, by entitlement, or ``None``: there is no such plan."""
        known = self.known.get(plan)
        if known is None and plan in self.terms.plans:
            known = self.known[plan] = self._offers_of(self.terms.plans[plan])
        return known

    @cached_property
    def default_plan(self) -> str | None:
        """The plan of customers without one."""
        plan = self.terms.default_plan
        return None if plan is None else plan.name

    def _offers_of(self, plan: Plan) -> Offers:
        purchasable = frozenset(
            name
            for name in self.credits
            if any(self._covers(topup.credit, name) for topup in plan.topups.values())
        )
        return {
            name: self._offer(plan, entitlement, purchasable)
            for name, entitlement in plan.entitlements.items()
        }

    def _offer(self, plan: Plan, entitlement: Entitlement, purchasable: frozenset[str]) -> Offer:
        limit = entitlement.limit
        return Offer(
            plan,
            entitlement.name,
            entitlement,
            entitlement.scope,
            limit,
            None if limit is None else self.credits[limit.credit],
            purchasable,
            None if limit is None else self._upgrade(entitlement.name, limit),
        )

    def _covers(self, source: str, credit: str) -> bool:
        worth = self.exchange.convert(1, source, credit)
        return worth is not None and worth > 0

    def _upgrade(self, name: str, limit: Limit) -> tuple[str, Amount] | None:
        """Return the plan that allows the next more of the same, and how much."""
        higher = [
            (plan.name, other.value)
            for plan in self._shown_plans()
            if (entitlement := plan.entitlements.get(name)) is not None
            and (other := entitlement.limit) is not None
            and other.credit == limit.credit
            and other.value > limit.value
        ]
        return min(higher, key=_value, default=None)

    def _shown_plans(self) -> Iterable[Plan]:
        return (plan for plan in self.terms.plans.values() if not plan.hidden)


def _value(upgrade: tuple[str, Amount]) -> Amount:
    return upgrade[1]
