"""Plans of a policy document: entitlements, their limits, and topups."""

from collections.abc import Mapping
from dataclasses import dataclass

from criterion.frozen import FrozenDict
from criterion.policy.credit import Credit
from criterion.policy.document.credit_reader import read_price
from criterion.policy.document.resets import read_refill, read_reset
from criterion.policy.document.section import Given
from criterion.policy.document.tables import ENTITLEMENT, LIMIT, PLAN, TOPUP
from criterion.policy.plan import Entitlement, Governor, Limit, Plan, Topup
from criterion.policy.unit_table import PLAIN, Unit
from criterion.policy.units import Misfit
from criterion.text import code, did_you_mean


@dataclass(frozen=True, slots=True)
class PlanReader:
    """Reads what names credits and types of customers.

    Attributes:
        credits: Every credit by name.
        types: Every type of customer that the document names.
    """

    credits: Mapping[str, Credit]
    types: frozenset[str]

    def plans(self, policy: Given) -> Mapping[str, Plan]:
        """Return the plans by name."""
        read = {name: (self._plan(name, each), each) for name, each in policy.named("plans", PLAN)}
        defaults = [each for plan, each in read.values() if plan.default]
        for each in defaults[1:]:
            first = defaults[0].path
            message = f"{code(first)} is the default already"
            each.note("default", "default-plan", message, "let one plan be the default")
        return FrozenDict({name: plan for name, (plan, _) in read.items()})

    def limit(self, given: Given, *, is_override: bool = False) -> Limit:
        """Return a limit; everything in it that does not fit is noted."""
        unit = self.unit(given)
        limit = Limit(
            credit=given["credit"] or "",
            mode=given["mode"],
            hard_trailing=given["hard_trailing"],
            grants_apply=given["grants_apply"],
            value=given.amount("value", unit),
            increment=given.amount("increment", unit),
            minimum=given.amount("minimum", unit),
            reset=read_reset(given),
            override_expires_on=given["override_expires_on"],
            governor=_governor(given, unit),
            ewma_alpha=given["ewma_alpha"],
        )
        _check_limit(given, limit)
        if given.has("override_expires_on") and not is_override:
            message = "only the limits under `overrides` of a customer expire"
            given.note("override_expires_on", "unused", message, "remove it")
        return limit

    def unit(self, given: Given) -> Unit:
        """Return the unit of the credit that a section names, and note one that is not there."""
        name = given["credit"]
        credit = self.credits.get(name)
        if credit is None and name is not None and given.is_sound("credit"):
            hint = did_you_mean(name, self.credits) or "declare it under `credits`"
            given.misfit(
                "credit", "credit-exists", Misfit(f"there is no credit {code(name)}", hint)
            )
        return PLAIN if credit is None else credit.units

    def check_types(self, given: Given, key: str) -> None:
        """Note types of customers that the document does not name."""
        named = given[key] or ()
        for word in (named,) if isinstance(named, str) else named:
            if word not in self.types:
                message = f"no type of customer is called {code(word)}"
                hint = did_you_mean(word, self.types) or "list it under `customer_types`"
                given.note(key, "scope-type", message, hint)

    def _plan(self, name: str, given: Given) -> Plan:
        entitlements = {
            inner: self._entitlement(inner, each)
            for inner, each in given.named("entitlements", ENTITLEMENT)
        }
        topups = {inner: self._topup(inner, each) for inner, each in given.named("topups", TOPUP)}
        same_name(given, "name", name)
        subscription = given["subscription"]
        if given["trial_period"] is not None and subscription not in entitlements:
            message = f"a trial needs the entitlement {code(subscription)}, which is not there"
            hint = did_you_mean(subscription, entitlements) or "add it, or name it `subscription`"
            given.note("trial_period", "trial", message, hint)
        return Plan(
            name=name,
            label=given["label"],
            period=given["period"],
            subscription=subscription,
            trial_period=given["trial_period"],
            entitlements=FrozenDict(entitlements),
            topups=FrozenDict(topups),
            hidden=given["hidden"],
            default=given["default"],
        )

    def _entitlement(self, name: str, given: Given) -> Entitlement:
        limit = given.inner("limit", LIMIT)
        self.check_types(given, "scope")
        return Entitlement(
            name=name,
            limit=None if limit is None else self.limit(limit),
            scope=given["scope"],
            description=given["description"],
            hidden=given["hidden"],
            estimate_basis=given["estimate_basis"],
            estimate_segment=given["estimate_segment"],
        )

    def _topup(self, name: str, given: Given) -> Topup:
        unit = self.unit(given)
        value = given.amount("value", unit)
        given.not_negative("value", value)
        self.check_types(given, "included_scopes")
        return Topup(
            name=name,
            credit=given["credit"] or "",
            value=value,
            price=read_price(given),
            description=given["description"],
            included=given["included"],
            included_scopes=given["included_scopes"],
            refill=read_refill(given, unit),
            expires_after=given["expires_after"],
            priority=given["priority"],
            revoke_on_plan_change=given["revoke_on_plan_change"],
        )


def same_name(given: Given, key: str, name: str) -> None:
    """Note a name that is repeated inside its section, and is another one."""
    if given[key] not in {None, name}:
        message = f"{code(given[key])} stands under {code(name)}"
        given.note(key, "name", message, "remove it")


def _check_limit(given: Given, limit: Limit) -> None:
    """Note what does not go together in a limit."""
    if limit.increment <= 0 and given.is_sound("increment"):
        shown = code(str(given["increment"]))
        given.misfit("increment", "increment", Misfit(f"{shown} is not more than 0"))
    is_sound = given.is_sound("value", "minimum")
    if limit.minimum is not None and is_sound and limit.minimum > limit.value:
        message = f"the minimum of {limit.minimum} is above the value of {limit.value}"
        given.note("minimum", "minimum", message, "lower it")
    if limit.hard_trailing and limit.mode != "hard" and given.is_sound("mode"):
        message = f"`hard_trailing` needs mode `hard`, not {code(limit.mode)}"
        given.note("hard_trailing", "trailing", message, "remove it")


def _governor(given: Given, unit: Unit) -> Governor | None:
    capacity = given.amount("governor_capacity", unit)
    if capacity is not None and capacity <= 0 and given.is_sound("governor_capacity"):
        shown = code(str(given["governor_capacity"]))
        given.misfit("governor_capacity", "range", Misfit(f"{shown} is not more than 0"))
    if not given["governor_enabled"]:
        return None
    if given["mode"] != "hard" and given.is_sound("mode"):
        message = f"a governor needs mode `hard`, not {code(given['mode'])}"
        given.note("governor_enabled", "governor", message, "remove it")
    for key in ("governor_capacity", "governor_refill_rate"):
        if not given.has(key):
            message = f"a governor needs {code(key)}"
            given.note("governor_enabled", "governor", message, "add it")
    return Governor(capacity or 0, given["governor_refill_rate"] or 0)
