"""The documents that validation is tested on: a sound one, and what each rule has against it."""

from copy import deepcopy
from typing import Any, Final, NamedTuple

from criterion.policy.document.findings import RuleId

BASE: Final[dict[str, Any]] = {
    "credits": {"t": {}, "m": {"units": "MB"}, "p": {"price": {"amount": 1}}},
    "plans": {
        "a": {
            "default": True,
            "entitlements": {
                "x": {"limit": {"credit": "t", "value": 10}},
                "sub": {"limit": {"credit": "p", "mode": "soft"}},
            },
            "topups": {"pack": {"credit": "t", "value": 5}},
        }
    },
}

X: Final = "plans.a.entitlements.x"
LIMIT: Final = f"{X}.limit"
PACK: Final = "plans.a.topups.pack"
ANN: Final = "customers.ann"


class Case(NamedTuple):
    """One change of the sound document, and the one finding that it leads to.

    Attributes:
        id: What is wrong.
        changes: By path: what is put there.
        rule: Which rule finds it; ``None`` for none.
        path: Where.
        says: What the message or the hint has in it.
    """

    id: str
    changes: dict[str, Any]
    rule: RuleId | None
    path: str = ""
    says: str = ""

    def document(self) -> dict[str, Any]:
        """Return the changed document."""
        return changed(self.changes)


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the sound document with something else at some paths."""
    document = deepcopy(BASE)
    for path, value in changes.items():
        *steps, last = path.split(".")
        part = document
        for step in steps:
            part = part.setdefault(step, {})
        part[last] = value
    return document


def price(amount: float) -> dict[str, Any]:
    return {"amount": amount}


TIERED = {"pricing_model": "tiered"}
OPEN = {"price": price(3)}

GOVERNOR = {"governor_enabled": True, "governor_capacity": 5, "governor_refill_rate": 1}

CASES: Final[list[Case]] = [
    Case("V01 a credit that is not there", {f"{LIMIT}.credit": "tt"}, "credit-exists",
         f"{LIMIT}.credit", "`tt`"),
    Case("V04 a value that is no amount", {f"{LIMIT}.value": "ten"}, "amount", f"{LIMIT}.value"),
    Case("V07 a schedule that is none", {f"{LIMIT}.resets": True, f"{LIMIT}.reset_sch": "daily:1"},
         "schedule", f"{LIMIT}.reset_sch"),
    Case("V10 a weight above one", {f"{LIMIT}.ewma_alpha": 1.5}, "range", f"{LIMIT}.ewma_alpha"),
    Case("V13 tiers beside a price",
         {"credits.t": {**TIERED, "price": price(1), "tiers": [OPEN]}}, "price-or-tiers",
         "credits.t.price"),
    Case("V16 a negative price", {"credits.p.price.amount": -0.01}, "range",
         "credits.p.price.amount"),
    Case("V19 a negative pair", {"exchange.q": {"value": -1, "currency": "usd"}}, "range",
         "exchange.q.value"),
    Case("V22 a dead end", {"exchange.q": {"value": 1, "currency": "nowhere"}}, "exchange-path",
         "exchange.q.currency", "`nowhere`"),
    Case("V25 a refill of no kind", {f"{PACK}.resets": True, f"{PACK}.reset_mode": "keep"},
         "choice", f"{PACK}.reset_mode"),
    Case("V28 a trial", {"plans.a.trial_period": "14days", "plans.a.subscription": "sub"}, None),
    Case("V31 a schedule without a day",
         {f"{LIMIT}.resets": True, f"{LIMIT}.reset_sch": "monthly:banana"}, "schedule",
         f"{LIMIT}.reset_sch", "`banana`"),
    Case("V34 a slip of the pen", {f"{LIMIT}.vlaue": 20}, "unknown-key", f"{LIMIT}.vlaue",
         "did you mean `value`?"),
    Case("V37 no increment", {f"{LIMIT}.increment": 0}, "increment", f"{LIMIT}.increment"),
    Case("V40 equal bounds",
         {"credits.t": {**TIERED, "tiers": [{"up_to": 10, "price": price(1)},
                                            {"up_to": 10, "price": price(2)}, OPEN]}},
         "tier-bounds", "credits.t.tiers[1].up_to"),
    Case("V43 a type of customer that nobody has", {f"{X}.scope": "organisation"}, "scope-type",
         f"{X}.scope", "`organisation`"),
    Case("a negative cost", {"credits.t.overhead_cost": -1}, "range", "credits.t.overhead_cost"),
    Case("a model of no kind", {"credits.t.pricing_model": "tierd"}, "choice",
         "credits.t.pricing_model", "did you mean `tiered`?"),
    Case("no tiers", {"credits.t": TIERED}, "price-or-tiers", "credits.t.pricing_model"),
    Case("a bounded last tier",
         {"credits.t": {**TIERED, "tiers": [{"up_to": 10, "price": price(1)}]}}, "tier-bounds",
         "credits.t.tiers[0].up_to"),
    Case("a bound of zero",
         {"credits.t": {**TIERED, "tiers": [{"up_to": 0, "price": price(1)}, OPEN]}},
         "tier-bounds", "credits.t.tiers[0].up_to"),
    Case("a tier that is a number", {"credits.t": {**TIERED, "tiers": [5, OPEN]}}, "kind",
         "credits.t.tiers[0]"),
    Case("a tier without a price",
         {"credits.t": {**TIERED, "tiers": [{"up_to": 5}, OPEN]}}, "missing-key",
         "credits.t.tiers[0]", "`price`"),
    Case("two open tiers", {"credits.t": {**TIERED, "tiers": [OPEN, OPEN]}}, "open-tiers",
         "credits.t.tiers[1]"),
    Case("tiers of a flat credit", {"credits.t.tiers": [OPEN]}, "unused", "credits.t.tiers"),
    Case("a unit that is not known", {"credits.m.units": "MBs"}, "units", "credits.m.units",
         "did you mean `MB`?"),
    Case("a unit under its other name, too", {"credits.m.stof_units": "MB"}, "unique",
         "credits.m.units"),
    Case("a cost that is no number", {"credits.t.overhead": "units > 3"}, "expression",
         "credits.t.overhead", "this is not a number"),
    Case("a cost with an unknown name", {"credits.t.overhead": "unit * 3"}, "expression",
         "credits.t.overhead", "`unit`"),
    Case("a cost that is no expression", {"credits.t.overhead": "units *"}, "expression",
         "credits.t.overhead"),
    Case("a strategy of no kind", {"exchange.grant_strategy": "random"}, "choice",
         "exchange.grant_strategy"),
    Case("a pair without a currency", {"exchange.q.currency": ""}, "exchange-currency",
         "exchange.q.currency"),
    Case("a pair into a credit without a price", {"exchange.q.currency": "t"}, "exchange-path",
         "exchange.q.currency", "has no price"),
    Case("a cycle", {"exchange.q.currency": "r", "exchange.r.currency": "q"}, "exchange-cycle",
         "exchange.q.currency", "`q` → `r` → `q`"),
    Case("a pair to itself", {"exchange.q.currency": "q"}, "exchange-cycle",
         "exchange.q.currency", "`q` → `q`"),
    Case("no credit", {LIMIT: {"value": 3}}, "missing-key", LIMIT, "`credit`"),
    Case("a credit that is null", {f"{LIMIT}.credit": None}, "null", f"{LIMIT}.credit"),
    Case("a credit that is a number", {f"{LIMIT}.credit": 5}, "kind", f"{LIMIT}.credit"),
    Case("a credit that is empty", {f"{LIMIT}.credit": ""}, "name", f"{LIMIT}.credit"),
    Case("a mode of no kind", {f"{LIMIT}.mode": "strict"}, "choice", f"{LIMIT}.mode"),
    Case("a trailing soft limit", {f"{LIMIT}.mode": "soft", f"{LIMIT}.hard_trailing": True},
         "trailing", f"{LIMIT}.hard_trailing"),
    Case("a value of another dimension",
         {f"{LIMIT}.credit": "m", f"{LIMIT}.value": "5s"}, "amount", f"{LIMIT}.value", "memory"),
    Case("a value with a unit of a plain credit", {f"{LIMIT}.value": "10GB"}, "amount",
         f"{LIMIT}.value"),
    Case("half of a whole credit", {"credits.t.units": "int", f"{LIMIT}.increment": 0.5},
         "amount", f"{LIMIT}.increment", "whole"),
    Case("a minimum that is no amount", {f"{LIMIT}.minimum": "low"}, "amount",
         f"{LIMIT}.minimum"),
    Case("a minimum above the value", {f"{LIMIT}.minimum": 11}, "minimum", f"{LIMIT}.minimum"),
    Case("a period of nothing", {f"{LIMIT}.resets": True, f"{LIMIT}.reset_inc": 0}, "range",
         f"{LIMIT}.reset_inc"),
    Case("a period that is no duration", {f"{LIMIT}.resets": True, f"{LIMIT}.reset_inc": "1GB"},
         "duration", f"{LIMIT}.reset_inc"),
    Case("two periods", {f"{LIMIT}.resets": True, f"{LIMIT}.reset_inc": "1day",
                         f"{LIMIT}.reset_sch": "monthly:1"}, "reset", f"{LIMIT}.reset_sch"),
    Case("a period of what never resets", {f"{LIMIT}.reset_inc": "1day"}, "unused",
         f"{LIMIT}.reset_inc", "resets: true"),
    Case("a day that a month never has",
         {f"{LIMIT}.resets": True, f"{LIMIT}.reset_sch": "yearly:2-30"}, "schedule",
         f"{LIMIT}.reset_sch"),
    Case("a governor without a rate",
         {f"{LIMIT}.governor_enabled": True, f"{LIMIT}.governor_capacity": 5}, "governor",
         f"{LIMIT}.governor_enabled", "`governor_refill_rate`"),
    Case("a governor without a capacity",
         {f"{LIMIT}.governor_enabled": True, f"{LIMIT}.governor_refill_rate": 5}, "governor",
         f"{LIMIT}.governor_enabled", "`governor_capacity`"),
    Case("a governor of a soft limit", {LIMIT: {"credit": "t", "mode": "soft", **GOVERNOR}},
         "governor", f"{LIMIT}.governor_enabled", "`soft`"),
    Case("an empty bucket", {LIMIT: {"credit": "t", **GOVERNOR, "governor_capacity": 0}},
         "range", f"{LIMIT}.governor_capacity"),
    Case("a bucket that leaks", {LIMIT: {"credit": "t", **GOVERNOR, "governor_refill_rate": -1}},
         "range", f"{LIMIT}.governor_refill_rate"),
    Case("the end of what is no override", {f"{LIMIT}.override_expires_on": 5}, "unused",
         f"{LIMIT}.override_expires_on"),
    Case("a topup of a credit that is not there", {f"{PACK}.credit": "q"}, "credit-exists",
         f"{PACK}.credit"),
    Case("a topup that takes", {f"{PACK}.value": -1}, "range", f"{PACK}.value"),
    Case("a negative share", {f"{PACK}.rollover_pct": -0.1}, "range", f"{PACK}.rollover_pct"),
    Case("a negative balance", {f"{PACK}.max_balance": -1}, "range", f"{PACK}.max_balance"),
    Case("a topup that has ended", {f"{PACK}.expires_after": 0}, "range",
         f"{PACK}.expires_after"),
    Case("a negative catch-up", {f"{PACK}.reset_catchup_cap": -1}, "range",
         f"{PACK}.reset_catchup_cap"),
    Case("half a catch-up", {f"{PACK}.reset_catchup_cap": 1.5}, "kind",
         f"{PACK}.reset_catchup_cap"),
    Case("a topup for nobody", {f"{PACK}.included_scopes": ["org"]}, "scope-type",
         f"{PACK}.included_scopes"),
    Case("a trial without a subscription", {"plans.a.trial_period": "14days"}, "trial",
         "plans.a.trial_period", "`subscription`"),
    Case("a negative trial", {"plans.a.trial_period": -5, "plans.a.subscription": "sub"},
         "range", "plans.a.trial_period"),
    Case("a trial that is no duration",
         {"plans.a.trial_period": "soon", "plans.a.subscription": "sub"}, "duration",
         "plans.a.trial_period"),
    Case("two defaults", {"plans.b.default": True}, "default-plan", "plans.b.default", "plans.a"),
    Case("a plan under another name", {"plans.a.name": "b"}, "name", "plans.a.name"),
    Case("a period of no kind", {"plans.a.period": "hourly"}, "choice", "plans.a.period"),
    Case("entitlements that are null", {"plans.a.entitlements": None}, "null",
         "plans.a.entitlements"),
    Case("entitlements in a list", {"plans.a.entitlements": []}, "kind", "plans.a.entitlements"),
    Case("an entitlement without a name", {"plans.b.entitlements": {"": {}}}, "name",
         "plans.b.entitlements"),
    Case("an entitlement that is text", {X: "yes"}, "kind", X, "an entitlement is a mapping"),
    Case("a flag that is a word", {"plans.a.hidden": "yes"}, "kind", "plans.a.hidden"),
    Case("a key of nothing", {"plan": {}}, "unknown-key", "plan", "did you mean `plans`?"),
    Case("a hold that lasts less than nothing", {"hold_ttl": -1}, "range", "hold_ttl"),
    Case("no samples", {"estimate_min_samples": 0}, "range", "estimate_min_samples"),
    Case("a guard without an id", {"guards": [{"when": "input.force"}]}, "missing-key",
         "guards[0]", "`id`"),
    Case("a guard whose id is none", {"guards": [{"id": "No", "when": "input.force"}]}, "name",
         "guards[0].id"),
    Case("two guards of one id", {"guards": [{"id": "g", "when": "input.force"}] * 2}, "unique",
         "guards[1].id"),
    Case("a guard that is no condition", {"guards": [{"id": "g", "when": "input.requested"}]},
         "expression", "guards[0].when", "this is not true or false"),
    Case("a guard over what is not there", {"guards": [{"id": "g", "when": "input.revnue > 3"}]},
         "expression", "guards[0].when", "`revenue`"),
    Case("a reason with a mistake",
         {"guards": [{"id": "g", "when": "input.force", "explain": "{nobody}"}]}, "expression",
         "guards[0].explain", "`nobody`"),
    Case("a reason with a brace",
         {"guards": [{"id": "g", "when": "input.force", "explain": "a } b"}]}, "expression",
         "guards[0].explain"),
    Case("a notification without a condition", {"notifications.n": {}}, "missing-key",
         "notifications.n"),
    Case("a notification of an event that is not there",
         {"notifications.n.when": "type == 'meter-change'"}, "expression",
         "notifications.n.when"),
    Case("a capability of a plan that is not there", {"capabilities.c.plans": ["b"]},
         "plan-exists", "capabilities.c.plans"),
    Case("names that are no list", {"customer_types": "org"}, "kind", "customer_types"),
    Case("names that are numbers", {"customer_types": [5]}, "kind", "customer_types"),
    Case("a customer of a plan that is not there", {f"{ANN}.plan": "b"}, "plan-exists",
         f"{ANN}.plan"),
    Case("a customer under another id", {f"{ANN}.id": "bob"}, "name", f"{ANN}.id"),
    Case("metadata that is no mapping", {f"{ANN}.metadata": 5}, "kind", f"{ANN}.metadata"),
    Case("an alternate id of two",
         {f"{ANN}.alt_ids": ["a"], "customers.bob.alt_ids": ["a"]}, "alt-id",
         "customers.bob.alt_ids"),
    Case("an alternate id that is an id", {f"{ANN}.alt_ids": ["bob"], "customers.bob": {}},
         "alt-id", f"{ANN}.alt_ids"),
    Case("an alternate id of nobody", {"alt_customer_ids": {"a": "ann"}}, "alt-id",
         "alt_customer_ids"),
    Case("an override of a credit that is not there", {f"{ANN}.overrides.x.credit": "q"},
         "credit-exists", f"{ANN}.overrides.x.credit"),
    Case("a meter without a credit", {f"{ANN}.meters.x": {"value": 3}}, "missing-key",
         f"{ANN}.meters.x"),
    Case("a hold without an end",
         {f"{ANN}.meters.x": {"credit": "t", "holds": {"h": {"value": 1}}}}, "missing-key",
         f"{ANN}.meters.x.holds.h", "`expires`"),
    Case("a change without a time", {f"{ANN}.meters.x": {"credit": "t", "history": [{"delta": 1}]}},
         "missing-key", f"{ANN}.meters.x.history[0]", "`ts`"),
    Case("a grant of a credit that is not there", {f"{ANN}.grants.g.credit": "q"},
         "credit-exists", f"{ANN}.grants.g.credit"),
    Case("a cap of nothing", {f"{ANN}.caps.c.credit": "q"}, "cap-credit", f"{ANN}.caps.c.credit"),
    Case("a cap whose ceiling does not fit", {f"{ANN}.caps.c": {"credit": "m", "value": "5s"}},
         "amount", f"{ANN}.caps.c.value"),
    Case("a cap in steps",
         {"credits.s": {"pricing_model": "stairstep", "tiers": [OPEN]},
          f"{ANN}.caps.c": {"credit": "s", "exchangeable": True}}, "unbounded-cap",
         f"{ANN}.caps.c.credit"),
    Case("a cap with two periods",
         {f"{ANN}.caps.c": {"resets": True, "reset_inc": 5, "reset_sch": "weekly:mon"}}, "reset",
         f"{ANN}.caps.c.reset_sch"),
    Case("a cap shared with nobody", {f"{ANN}.caps.c.shared_with": ["org"]}, "scope-type",
         f"{ANN}.caps.c.shared_with"),
    Case("estimates of nothing", {"estimates.x": 5}, "kind", "estimates.x"),
    Case("an estimate with a negative variance", {"estimates.x.all.value_var": -1}, "range",
         "estimates.x.all.value_var"),
]  # fmt: skip
"""Every rule; those numbered V are the table of the conformance cases."""
