"""Guards, notifications and capabilities of a policy document."""

from collections.abc import Iterator, Mapping

from criterion.frozen import FrozenDict
from criterion.identity import ID_HINT, is_id
from criterion.policy.document.expressions import CONDITIONS, read_expression, read_reason
from criterion.policy.document.plan_reader import same_name
from criterion.policy.document.section import Given
from criterion.policy.document.tables import CAPABILITY, GUARD, NOTIFICATION, PARAMETER
from criterion.policy.formula import formula
from criterion.policy.scopes import GUARD as GUARD_NAMES
from criterion.policy.scopes import NOTIFICATION as NOTIFICATION_NAMES
from criterion.policy.terms import Capability, Guard, Notification, Parameter
from criterion.policy.units import Misfit
from criterion.text import code, did_you_mean


def read_guards(policy: Given) -> tuple[Guard, ...]:
    """Return the guards in their order, without those that have mistakes."""
    seen: set[str] = set()
    return tuple(
        guard
        for given in policy.listed("guards", GUARD)
        if (guard := _guard(given, seen)) is not None
    )


def read_notifications(policy: Given) -> Mapping[str, Notification]:
    """Return the notifications by name, without those that have mistakes."""
    read = policy.named("notifications", NOTIFICATION)
    return FrozenDict({each.name: each for each in _notifications(read)})


def read_capabilities(policy: Given, plans: Mapping[str, object]) -> Mapping[str, Capability]:
    """Return the capabilities by name."""
    return FrozenDict(
        {
            name: _capability(name, given, plans)
            for name, given in policy.named("capabilities", CAPABILITY)
        }
    )


def _guard(given: Given, seen: set[str]) -> Guard | None:
    id = given["id"]
    if id in seen:
        message = f"another guard is called {code(id)}"
        given.misfit("id", "unique", Misfit(message, "rename one of them"))
    elif given.is_sound("id") and not is_id(id):
        given.misfit("id", "name", Misfit(f"{code(id)} is not an id", ID_HINT))
    seen.add(id)
    when = read_expression(given, "when", GUARD_NAMES, CONDITIONS)
    explain = read_reason(given, "explain", GUARD_NAMES)
    if when is None or not given.is_sound("id"):
        return None
    return Guard(
        id=id, text=given["when"], explain_text=given["explain"], when=when, explain=explain
    )


def _notifications(read: Iterator[tuple[str, Given]]) -> Iterator[Notification]:
    for name, given in read:
        tree = read_expression(given, "when", NOTIFICATION_NAMES, CONDITIONS)
        if tree is not None:
            yield Notification(
                name=name,
                when=formula(given["when"], tree, NOTIFICATION_NAMES),
                once_per=given["once_per"],
                description=given["description"],
            )


def _capability(name: str, given: Given, plans: Mapping[str, object]) -> Capability:
    same_name(given, "name", name)
    for plan in given["plans"]:
        if plan not in plans:
            message = f"there is no plan {code(plan)}"
            given.note("plans", "plan-exists", message, did_you_mean(plan, plans))
    return Capability(
        name=name,
        version=given["version"],
        description=given["description"],
        parameters=tuple(
            Parameter(**each.values)
            for each in given.listed("parameters", PARAMETER)
            if each.is_sound("name")
        ),
        result=given["result"],
        plans=given["plans"],
        customers=given["customers"],
    )
