"""Money: what credits are worth, and what customers bring in and cost."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple, Unpack

from criterion.policy.amounts import Amount, rounded
from criterion.policy.arguments import Kind, checked, frozen_data, require
from criterion.policy.ceilings import ceiling_of
from criterion.policy.costs import cost_of
from criterion.policy.credit import Credit
from criterion.policy.instants import Instant
from criterion.policy.margins import Margin, Usage, modelled, percent, snapshot
from criterion.policy.plan import Plan
from criterion.policy.resolution import find, plan_of
from criterion.policy.rounding import cents
from criterion.policy.runtime.metering import runes_of
from criterion.policy.runtime.options import CapOptions, Given
from criterion.policy.runtime.spending import Spending
from criterion.policy.terms import Terms
from criterion.quantity import UNLIMITED
from criterion.text import code

MARGIN: Final = "margin"
"""How the measurement of a margin is called where nothing else is said."""


GIVEN: Final = Kind("an amount", lambda given: given is not None)

USAGES: Final = Kind("usage by entitlement", lambda given: isinstance(given, Mapping))

USAGE: Final = ("meter", "limit", "credit", "overhead", "context")
"""What may be said of assumed usage."""


class Measured(NamedTuple):
    """What was charged and spent while it was measured.

    Attributes:
        charged: In runes, to two decimals.
        costs: In runes, to two decimals.
        margin: What is left, in hundredths of what was charged; 0 where nothing was.
    """

    charged: Amount
    costs: Amount
    margin: Amount


class Money(Spending):
    """Prices, exchange, and margins."""

    def exchange(
        self,
        amount: Given,
        source: str,
        target: str,
        *,
        source_offset: Given = 0,
        target_offset: Given = 0,
    ) -> Amount | None:
        """Return an amount of one name in another; ``None`` where there is no way between them.

        Args:
            amount: Of the source.
            source: A credit, or a name of the exchange.
            target: What it becomes.
            source_offset: Its position on the price curve of the source.
            target_offset: The position on the curve of the target.

        Raises:
            TypeError: An amount is no finite number.
        """
        require("amount", amount, GIVEN)
        given = runes_of(amount) or 0
        at, to = runes_of(source_offset) or 0, runes_of(target_offset) or 0
        found = self._active.book.exchange.convert(given, source, target, at=at, to=to)
        return None if found is None else rounded(found)

    def credit(self, name: str) -> Credit | None:
        """Return a credit; it tells its prices."""
        return self.terms.credits.get(name)

    def set_overhead_cost(self, credit: str, runes: Given) -> bool:
        """Change what a unit of a credit costs from now on; what was counted keeps its cost."""
        cost = runes_of(runes)
        if credit not in self.terms.credits or cost is None or cost < 0:
            return False

        def changed(terms: Terms) -> Terms:
            known = replace(terms.credits[credit], overhead_cost=cost)
            return replace(terms, credits={**terms.credits, credit: known})

        self._retermed(changed)
        return True

    def margin_snapshot(self, customer: str, *, at: Instant | None = None) -> Margin | None:
        """Return what a customer's own meters bring in and cost in their present periods."""

        def read(book: Any, heads: Any, now: int) -> Margin | None:  # noqa: ANN401 -- as `_look` gives them
            head = find(heads, customer)
            name = None if head is None else plan_of(book, heads, head)
            if head is None or name is None:
                return None
            return snapshot(book, head, book.terms.plans[name], now)

        return self._look(customer, at, read)

    def model_margin(
        self, plan: str, usage: Mapping[str, Given | Mapping[str, Any]], *, scaled: bool = True
    ) -> Margin | None:
        """Return the margin that assumed usage would have.

        Args:
            plan: The plan.
            usage: By entitlement the amount that is used in its period, or a mapping with
                ``meter`` and perhaps ``limit``, ``credit``, ``overhead`` and ``context``.
            scaled: Whether usage is scaled from the period of its limit to that of the plan;
                calendar schedules are not.

        Returns:
            The margin; ``None`` for an unknown plan.

        Raises:
            TypeError: An entitlement is not in the plan, a member of a usage is not known, or an
                amount is none.
        """
        require("usage", usage, USAGES)
        known = self.terms.plans.get(plan)
        if known is None:
            return None
        usages = {name: self._usage(known, name, each) for name, each in usage.items()}
        return modelled(self._active.book, known, usages, scaled=scaled)

    def start_margin(
        self,
        customer: str,
        name: str = MARGIN,
        *,
        at: Instant | None = None,
        **options: Unpack[CapOptions],
    ) -> bool:
        """Measure from now on what a customer is charged and costs; options as for `add_cap`."""
        charges: CapOptions = {"overage_only": True, "ignore_grants": True, **options}
        charges["observe_only"] = True
        costs: CapOptions = {**options, "observe_only": True, "overhead_cost": True}
        first = self.add_cap(customer, UNLIMITED, id=f"{name}:charged", at=at, **charges)
        if first is None:
            return False
        return self.add_cap(customer, UNLIMITED, id=f"{name}:costs", at=at, **costs) is not None

    def capture_margin(
        self, customer: str, name: str = MARGIN, *, stop: bool = False, at: Instant | None = None
    ) -> Measured | None:
        """Return what was measured so far; ``stop`` ends it. ``None`` where nothing is measured."""
        charged = self.cap(customer, f"{name}:charged", at=at)
        costs = self.cap(customer, f"{name}:costs", at=at)
        if charged is None or costs is None:
            return None
        if stop:
            self.remove_cap(customer, f"{name}:charged", at=at)
            self.remove_cap(customer, f"{name}:costs", at=at)
        left = percent(charged.meter_value, costs.meter_value)
        return Measured(cents(charged.meter_value), cents(costs.meter_value), left or 0)

    def _usage(self, plan: Plan, name: str, given: Given | Mapping[str, Any]) -> Usage:
        entitlement = plan.entitlements.get(name)
        limit = None if entitlement is None else entitlement.limit
        if limit is None:
            raise TypeError(f"plan {code(plan.name)} has no limit on {code(name)}")
        members: Mapping[str, Any] = given if isinstance(given, Mapping) else {"meter": given}
        checked(members, USAGE, "assumed usage")
        book = self._active.book
        credit = members.get("credit", limit.credit)
        meter = ceiling_of(members.get("meter", 0), credit, book)
        included = ceiling_of(members.get("limit", limit.value), credit, book)
        if meter is None or included is None or credit not in book.credits:
            raise TypeError(f"{code(name)} has no such amount")
        overhead = runes_of(members.get("overhead"))
        if overhead is None and members.get("context") is not None:
            context = frozen_data("context", members["context"])
            overhead = cost_of(book.credits[credit], meter, context)
        return Usage(meter, included, credit, overhead)
