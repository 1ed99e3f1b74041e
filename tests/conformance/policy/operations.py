"""Operations of a case, each mapped to the public API of a policy."""

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from criterion.errors import CriterionError
from criterion.policy import Policy

Arguments = dict[str, Any]


class UnknownFieldError(Exception):
    """A step has an operation or a field that nobody knows."""


class Runtime:
    """One case at work: a policy, the names that the case gives to holds, the events so far."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.holds: dict[str, str] = {}
        self.events: list[Any] = []
        self.reported = 0
        policy.on_event(self.events.append)

    def run(self, name: str, at: datetime | None, given: Arguments) -> object:
        """Run one operation; every field of it has to be known."""
        operation = OPERATIONS.get(name)
        if operation is None:
            message = f"unknown operation `{name}`"
            raise UnknownFieldError(message)
        arguments = dict(given)
        try:
            found = operation(self, at, arguments)
        except CriterionError:
            found = False
        if arguments:
            message = f"`{name}` has unknown fields: {', '.join(sorted(arguments))}"
            raise UnknownFieldError(message)
        return found


Operation = Callable[[Runtime, "datetime | None", Arguments], object]


def instant(text: object) -> object:
    """Return an instant that is written as text as one; anything else as it is."""
    return datetime.fromisoformat(text) if isinstance(text, str) else text


def calls(
    method: str, *names: str, renamed: Mapping[str, str] | None = None, timed: bool = True
) -> Operation:
    """Return an operation that calls a method with all its fields under the API's names."""
    known = {**{name: name for name in names}, **(renamed or {})}

    def call(runtime: Runtime, at: datetime | None, given: Arguments) -> object:
        arguments = {known[name]: given.pop(name) for name in list(given) if name in known}
        for name in ("expires_at", "occurred_at"):
            if name in arguments:
                arguments[name] = instant(arguments[name])
        if timed:
            arguments["at"] = at
        return getattr(runtime.policy, method)(**arguments)

    return call


WHO: Final = {"id": "customer"}
WHAT: Final = {"id": "customer", "ent": "entitlement"}
CALL: Final = {**WHAT, "value": "amount", "event": "events"}


def truth(operation: Operation) -> Operation:
    """Return an operation that tells only whether it succeeded."""
    return lambda runtime, at, given: bool(operation(runtime, at, given))


def made(operation: Operation) -> Operation:
    """Return an operation that tells whether something came of it."""

    def act(runtime: Runtime, at: datetime | None, given: Arguments) -> bool:
        found = operation(runtime, at, given)
        return found is not None and found is not False

    return act


def _exists(runtime: Runtime, _: object, given: Arguments) -> bool:
    return runtime.policy.customer(given.pop("id")) is not None


def _plan_name(runtime: Runtime, at: datetime | None, given: Arguments) -> str | None:
    plan = runtime.policy.plan(given.pop("id"), at=at)
    return None if plan is None else plan.name


def _remove_alt(runtime: Runtime, at: datetime | None, given: Arguments) -> bool:
    alt = given.pop("alt") if "alt" in given else given["id"]
    return runtime.policy.remove_alt(given.pop("id", alt), alt, at=at)


def _grant(runtime: Runtime, at: datetime | None, given: Arguments) -> object:
    customer = given.pop("id")
    name = given.pop("name", None)
    options = {_GRANT[key]: given.pop(key) for key in list(given) if key in _GRANT}
    if "expires_at" in options:
        options["expires_at"] = instant(options["expires_at"])
    return runtime.policy.grant(customer, id=name, at=at, **options) is not None


_GRANT: Final = {
    "credit": "credit",
    "value": "amount",
    "expires_on": "expires_at",
    "resets": "resets",
    "reset_inc": "reset_inc",
    "reset_sch": "reset_sch",
    "priority": "priority",
}


def _grant_value(runtime: Runtime, at: datetime | None, given: Arguments) -> object:
    customer, name = given.pop("id"), given.pop("name")
    grants = runtime.policy.grants(customer, at=at)
    return next((grant.value for grant in grants if grant.terms.id == name), None)


def _grant_count(runtime: Runtime, at: datetime | None, given: Arguments) -> int:
    topup = given.pop("topup", None)
    grants = runtime.policy.grants(given.pop("id"), at=at)
    return sum(1 for grant in grants if topup is None or grant.terms.topup == topup)


_CAP: Final = {
    "cap_id": "id",
    "expires_on": "expires_at",
    **{
        name: name
        for name in (
            "value", "credit", "exchangeable", "overage_only", "ignore_grants", "observe_only",
            "overhead_cost", "follow_decrements", "hard_trailing", "shared", "shared_with", "scope",
            "resets", "reset_inc", "reset_sch",
        )
    },
}  # fmt: skip


def _add_cap(runtime: Runtime, at: datetime | None, given: Arguments) -> bool:
    customer = given.pop("id")
    options = {_CAP[name]: given.pop(name) for name in list(given) if name in _CAP}
    if "expires_at" in options:
        options["expires_at"] = instant(options["expires_at"])
    return runtime.policy.add_cap(customer, options.pop("value", 0), at=at, **options) is not None


def _cap_meter(runtime: Runtime, at: datetime | None, given: Arguments) -> object:
    cap = runtime.policy.cap(given.pop("id"), given.pop("cap_id"), at=at)
    return None if cap is None else cap.meter_value


def _cap_flag(runtime: Runtime, at: datetime | None, given: Arguments) -> object:
    cap = runtime.policy.cap(given.pop("id"), given.pop("cap_id"), at=at)
    field = given.pop("field")
    return None if cap is None else plain(cap)[field]


def _on_cap(method: str) -> Operation:
    def act(runtime: Runtime, at: datetime | None, given: Arguments) -> object:
        customer, cap = given.pop("id"), given.pop("cap_id")
        options = {name: given.pop(name) for name in ("value",) if name in given}
        return getattr(runtime.policy, method)(customer, cap, at=at, **options)

    return act


def _reserve(runtime: Runtime, at: datetime | None, given: Arguments) -> bool:
    name = given.pop("name", None)
    verdict = _RESERVE(runtime, at, given)
    if verdict and name is not None:
        runtime.holds[name] = verdict.hold  # type: ignore[attr-defined] # a verdict
    return bool(verdict)


_RESERVE: Final = calls(
    "reserve", "context", "overhead", "basis", "segment", "ttl", "quantile", "clamp",
    renamed={**WHAT, "value": "amount"},
)  # fmt: skip
_SETTLE: Final = calls(
    "settle", "context", "overhead", "basis", "segment", "occurred_at", "hold", renamed=CALL
)


def _with_hold(operation: Operation) -> Operation:
    def act(runtime: Runtime, at: datetime | None, given: Arguments) -> object:
        given["hold"] = runtime.holds.get(given["hold"], given["hold"])
        return bool(operation(runtime, at, given))

    return act


def _of_credit(method: str, *names: str) -> Operation:
    def ask(runtime: Runtime, _: object, given: Arguments) -> object:
        credit = runtime.policy.credit(given.pop("credit"))
        arguments = [_exact(given.pop(name)) for name in names if name in given]
        return None if credit is None else getattr(credit, method)(*arguments)

    return ask


def _exact(number: object) -> object:
    return Decimal(repr(number)) if isinstance(number, float) else number


def _tiers(runtime: Runtime, _: object, given: Arguments) -> object:
    credit = runtime.policy.credit(given.pop("credit"))
    if credit is None:
        return None
    return [
        [None if tier.up_to == Decimal("Infinity") else tier.up_to, tier.price.amount]
        for tier in credit.tiers
    ]


def _events(runtime: Runtime, _: object, __: Arguments) -> list[Any]:
    new = runtime.events[runtime.reported :]
    runtime.reported = len(runtime.events)
    return [_flat(event) for event in new if event.name.startswith(("meter-", "cap-"))]


def _events_named(runtime: Runtime, _: object, given: Arguments) -> list[Any]:
    names = given.pop("names")
    return [_flat(event) for event in runtime.events if event.name in names]


def _flat(event: Any) -> dict[str, Any]:  # noqa: ANN401 -- an event
    """Return an event with the fields of its meter beside the others."""
    payload = {**event.payload}
    meter = payload.pop("meter", {})
    return {"name": event.name, **payload, **meter}


def plain(value: Any) -> Any:  # noqa: ANN401 -- whatever the API returns
    """Return what the API returns as mappings and lists."""
    if is_dataclass(value) and not isinstance(value, type):
        members = {name: getattr(value, name) for name in value.__dataclass_fields__}
    elif hasattr(value, "_asdict"):
        members = value._asdict()
    else:
        return value
    terms = members.pop("terms", None)
    return members if terms is None else {**plain(terms), **members}


OPERATIONS: Final[dict[str, Operation]] = {
    "create_customer": made(
        calls(
            "create_customer",
            "plan",
            "type",
            "label",
            "refs",
            "metadata",
            renamed={**WHO, "alts": "alt_ids"},
        )
    ),
    "set_type": made(calls("update_customer", "type", renamed=WHO)),
    "exists": _exists,
    "plan_name": _plan_name,
    "add_alt": calls("add_alt", "alt", renamed=WHO),
    "remove_alt": _remove_alt,
    "delete_customer": calls("delete_customer", renamed=WHO),
    "set_customer_plan": calls("set_plan", "plan", "overwrite_meters", renamed=WHO),
    "override": made(
        calls(
            "create_override",
            "value",
            "credit",
            "mode",
            "increment",
            "minimum",
            "hard_trailing",
            "grants_apply",
            "resets",
            "reset_inc",
            "reset_sch",
            "governor_enabled",
            "governor_capacity",
            "governor_refill_rate",
            "ewma_alpha",
            renamed={**WHAT, "expires": "expires_at"},
        )
    ),
    "remove_override": calls("remove_override", renamed=WHAT),
    "ensure_subscription": calls("ensure_subscription", renamed=WHO),
    "allow": truth(
        calls("allow", "context", "overhead", "force", "caps", "occurred_at", "key", renamed=CALL)
    ),
    "check": truth(
        calls("check", "context", "overhead", "force", "caps", "occurred_at", renamed=CALL)
    ),
    "increment": truth(calls("increment", "context", "overhead", "caps", "force", renamed=CALL)),
    "decrement": truth(calls("decrement", "context", "overhead", "caps", "force", renamed=CALL)),
    "cost": calls("cost", renamed=WHAT),
    "value": calls("value", "percent", renamed=WHAT),
    "remaining": calls("remaining", "percent", "grants", renamed=WHAT),
    "limit": calls("limit", "grants", renamed=WHAT),
    "allowance": calls("allowance", renamed=WHAT),
    "rate": calls("rate", renamed=WHAT),
    "ewma": calls("ewma", renamed=WHAT),
    "acceleration": calls("acceleration", renamed=WHAT),
    "projected_exhaustion": calls("projected_exhaustion", "smoothed", "grants", renamed=WHAT),
    "resets": calls("resets", renamed=WHAT),
    "meter_overhead": calls("meter_overhead", renamed=WHAT),
    "grant": _grant,
    "grant_value": _grant_value,
    "grant_count": _grant_count,
    "apply_topup": calls("apply_topup", "topup", renamed=WHO),
    "sync_topups": lambda runtime, at, given: (
        calls("ensure_included_topups", renamed=WHO)(runtime, at, given) is not None
    ),
    "credit_remaining": calls("credit_remaining", "credit", renamed=WHO),
    "add_cap": _add_cap,
    "cap_meter": _cap_meter,
    "cap_flag": _cap_flag,
    "set_cap_value": _on_cap("update_cap"),
    "reset_cap": _on_cap("reset_cap"),
    "remove_cap": _on_cap("remove_cap"),
    "reserve": _reserve,
    "settle": _with_hold(_SETTLE),
    "release": _with_hold(calls("release", "hold", renamed=WHAT)),
    "held": calls("held", renamed=WHAT),
    "observe": calls(
        "observe", "overhead", "context", "basis", "segment", renamed={**WHAT, "value": "amount"}
    ),
    "estimate": calls("estimate", "quantile", "segment", "context", "basis", renamed=WHAT),
    "samples": calls("samples", "segment", renamed={"ent": "entitlement"}, timed=False),
    "exchange": calls(
        "exchange",
        "source",
        "target",
        "source_offset",
        "target_offset",
        renamed={"value": "amount"},
        timed=False,
    ),
    "price_of": _of_credit("price_of", "quantity", "offset"),
    "total_price": _of_credit("total_price", "n"),
    "quantity_for": _of_credit("quantity_for", "runes", "offset"),
    "tiers": _tiers,
    "margin_snapshot": calls("margin_snapshot", renamed=WHO),
    "model_margin": calls("model_margin", "plan", "usage", "scaled", timed=False),
    "set_overhead_cost": calls(
        "set_overhead_cost", "credit", renamed={"value": "runes"}, timed=False
    ),
    "events": _events,
    "events_named": _events_named,
}
"""Every operation of the format."""
