"""Customers of a policy document: who they are, and where they begin."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from criterion.frozen import FrozenDict
from criterion.policy.credit import Credit
from criterion.policy.document.plan_reader import PlanReader, same_name
from criterion.policy.document.resets import read_refill, read_reset
from criterion.policy.document.section import Given
from criterion.policy.document.state_tables import (
    CAP,
    CHANGE,
    CUSTOMER,
    ESTIMATE,
    GRANT,
    HOLD,
    METER,
)
from criterion.policy.document.tables import LIMIT
from criterion.policy.exchange import RUNE, Exchange
from criterion.policy.plan import Limit, Plan
from criterion.policy.state import (
    ALT_IDS_MAX,
    HISTORY_MAX,
    Cap,
    CapTerms,
    Change,
    Customer,
    Estimate,
    Grant,
    GrantTerms,
    Head,
    Hold,
    Meter,
)
from criterion.policy.unit_table import PLAIN
from criterion.policy.units import Misfit
from criterion.text import code, did_you_mean


@dataclass(frozen=True, slots=True)
class CustomerReader:
    """Reads states.

    Attributes:
        limits: Reads what names credits and types of customers.
        plans: Every plan by name.
        exchange: The rates of the policy.
        at: The instant, in ms, that stands for those that are not given.
    """

    limits: PlanReader
    plans: Mapping[str, Plan]
    exchange: Exchange
    at: int

    def customers(self, policy: Given) -> Mapping[str, Head]:
        """Return where each customer begins, by id."""
        read = list(policy.named("customers", CUSTOMER))
        links = _links(policy, {id for id, _ in read})
        heads = {id: self._head(id, given, links.get(id, ())) for id, given in read}
        _check_alt_ids(read, heads)
        return FrozenDict(heads)

    def _head(self, id: str, given: Given, links: tuple[str, ...]) -> Head:
        same_name(given, "id", id)
        plan = given["plan"]
        if plan and plan not in self.plans:
            message = f"there is no plan {code(plan)}"
            given.note("plan", "plan-exists", message, did_you_mean(plan, self.plans))
        customer = Customer(
            id=id,
            plan=plan,
            type=given["type"],
            label=given["label"],
            alt_ids=tuple(dict.fromkeys((*given["alt_ids"], *links))),
            refs=given["refs"],
            overrides=FrozenDict(self._overrides(given)),
            metadata=given["metadata"],
        )
        meters = dict(given.named("meters", METER))
        return Head(
            customer=customer,
            meters=FrozenDict({name: self._meter(each) for name, each in meters.items()}),
            grants=FrozenDict(self._grants(given)),
            caps=FrozenDict(self._caps(given)),
            estimates=FrozenDict(
                {name: found for name, each in meters.items() if (found := _estimates(each))}
            ),
        )

    def _overrides(self, given: Given) -> Iterator[tuple[str, Limit]]:
        for name, each in given.named("overrides", LIMIT):
            yield name, self.limits.limit(each, is_override=True)

    def _meter(self, given: Given) -> Meter:
        self.limits.unit(given)
        return Meter(
            credit=given["credit"] or "",
            started=self._instant(given, "started"),
            value=given["value"],
            overhead=given["overhead"],
            holds=FrozenDict(_holds(given)),
            history=tuple(_changes(given))[-HISTORY_MAX:],
            ewma_rate=given["ewma_rate"],
            governor_tokens=given["governor_tokens"],
            governor_last_refill=given["governor_last_refill"],
        )

    def _grants(self, given: Given) -> Iterator[tuple[str, Grant]]:
        for id, each in given.named("grants", GRANT):
            same_name(each, "id", id)
            unit = self.limits.unit(each)
            value, starting = each.amount("value", unit), each.amount("starting_value", unit)
            created_on = self._instant(each, "created_on")
            granted_on = each["granted_on"] if each.has("granted_on") else created_on
            terms = GrantTerms(
                id=id,
                credit=each["credit"] or "",
                starting_value=value if starting is None else starting,
                created_on=created_on,
                expires_on=each["expires_on"],
                refill=read_refill(each, unit),
                topup=each["topup"],
                origin=each["origin"],
                priority=each["priority"],
            )
            yield id, Grant(terms, value, max(granted_on, each["last_reset"] or granted_on))

    def _caps(self, given: Given) -> Iterator[tuple[str, Cap]]:
        for id, each in given.named("caps", CAP):
            same_name(each, "id", id)
            created_on = self._instant(each, "created_on")
            started = each["started"] if each.has("started") else created_on
            terms = self._cap_terms(id, each, created_on)
            yield id, Cap(terms, each["meter_value"], max(started, each["last_reset"] or started))

    def _cap_terms(self, id: str, given: Given, created_on: int) -> CapTerms:
        self.limits.check_types(given, "shared_with")
        name = given["credit"]
        credit = self.limits.credits.get(name)
        if credit is None and name != RUNE and name not in self.exchange.pairs:
            hint = did_you_mean(name, (RUNE, *self.limits.credits, *self.exchange.pairs))
            message = f"{code(name)} is no credit, and no name of the exchange"
            given.misfit("credit", "cap-credit", Misfit(message, hint))
        exchangeable = given["exchangeable"]
        exchangeable = credit is None if exchangeable is None else exchangeable
        if exchangeable and _is_stairstep(credit):
            message = f"{code(name)} has a stairstep price, into which nothing converts"
            given.note("credit", "unbounded-cap", message, "count it in `rune`")
        flags = {key: given[key] for key in _CAP_FLAGS}
        return CapTerms(
            id=id,
            credit=name,
            value=given.amount("value", PLAIN if credit is None else credit.units),
            exchangeable=exchangeable,
            shared_with=given["shared_with"],
            scope=given["scope"],
            created_on=created_on,
            reset=read_reset(given),
            expires_on=given["expires_on"],
            **flags,
        )

    def _instant(self, given: Given, key: str) -> int:
        found: int | None = given[key]
        return self.at if found is None else found


_CAP_FLAGS = (
    "overage_only", "ignore_grants", "observe_only", "overhead_cost", "follow_decrements",
    "hard_trailing", "shared",
)  # fmt: skip


def as_estimates(table: Mapping[str, Given]) -> Mapping[str, Estimate]:
    """Return estimates by segment."""
    return FrozenDict(
        {
            segment: Estimate(*(each[key] for key in Estimate._fields))
            for segment, each in table.items()
        }
    )


def _estimates(given: Given) -> Mapping[str, Estimate]:
    return as_estimates(dict(given.named("estimates", ESTIMATE)))


def _holds(given: Given) -> Iterator[tuple[str, Hold]]:
    for id, each in given.named("holds", HOLD):
        same_name(each, "id", id)
        if each.is_sound("value", "expires"):
            yield id, Hold(*(each[key] for key in HOLD.fields if key in Hold._fields))


def _changes(given: Given) -> Iterator[Change]:
    for each in given.listed("history", CHANGE):
        if each.is_sound("ts", "delta"):
            yield Change(each["ts"], each["delta"])


def _is_stairstep(credit: Credit | None) -> bool:
    return credit is not None and credit.pricing_model == "stairstep"


def _links(policy: Given, ids: set[str]) -> dict[str, tuple[str, ...]]:
    """Return the alternate ids that stand beside the customers, by the customer's id."""
    links: dict[str, tuple[str, ...]] = {}
    node = policy["alt_customer_ids"]
    for alt, target in (node.value if node is not None else {}).items():
        if target in ids:
            links[target] = (*links.get(target, ()), alt)
        else:
            message = f"{code(alt)} stands for {code(target)}, which is no customer here"
            policy.note("alt_customer_ids", "alt-id", message, did_you_mean(target, ids))
    return links


def _check_alt_ids(read: list[tuple[str, Given]], heads: Mapping[str, Head]) -> None:
    owners: dict[str, str] = {}
    for id, given in read:
        many = len(heads[id].customer.alt_ids)
        if many > ALT_IDS_MAX:
            message = f"{many:,} other ids are more than {ALT_IDS_MAX:,}"
            given.note("alt_ids", "alt-id", message, "leave out those that nobody uses")
        for alt in heads[id].customer.alt_ids:
            taken = alt if alt in heads else owners.setdefault(alt, id)
            if taken != id:
                message = f"{code(alt)} is an id of the customer {code(taken)}"
                given.note("alt_ids", "alt-id", message, "remove one of them")
