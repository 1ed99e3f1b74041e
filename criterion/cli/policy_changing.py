"""``criterion policy allow``, ``grant`` and ``override``: changes of one customer."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from criterion.cli.policy_names import (
    amount_of,
    entitlement_of,
    head_of,
    known,
    plan_of,
)
from criterion.cli.policy_options import Agreed, AgreedGrant, AgreedLimit, Asked
from criterion.cli.policy_plain import shown
from criterion.cli.policy_session import OfPolicy, instant_from
from criterion.cli.policy_trial import ALLOWED, DENIED
from criterion.cli.policy_words import conditions, day_of, measured, resetting
from criterion.cli.problems import UsageError
from criterion.cli.screen import note, say, say_pairs
from criterion.cli.session import Answers
from criterion.clock import Clock
from criterion.json_text import instant
from criterion.policy.instants import ms_of
from criterion.policy.plan import Limit
from criterion.policy.runtime.policy import Policy
from criterion.policy.schedule_text import read_schedule
from criterion.policy.state import Head
from criterion.policy.unit_table import PLAIN
from criterion.policy.units import Misfit, read_duration
from criterion.policy.verdict import Verdict
from criterion.policy.wording import amount, duration
from criterion.text import code, one_line

if TYPE_CHECKING:
    from criterion.policy.runtime.options import LimitOptions


def allow_call(
    policy: Policy, customer: str, use: tuple[str, str], asked: Asked, answers: Answers
) -> bool:
    """Use an amount of an entitlement, print the answer, and return whether it may.

    Raises:
        UsageError: A name is unknown, or the amount is none.
    """
    name, amount = entitlement_of(policy.terms, use[0]), use[1]
    if asked.plan is not None:
        policy.ensure_customer(customer, plan_of(policy.terms, asked.plan).name, type=asked.type)
    head_of(policy, customer)
    limit = policy.limit_of(customer, name)
    amount_of(amount, PLAIN if limit is None else policy.terms.credits[limit.credit].units)
    if asked.check:
        verdict = policy.check(customer, name, amount)
    else:
        verdict = policy.allow(customer, name, amount, key=asked.key)
    answers.answer(verdict.record, lambda: _say_verdict(verdict))
    return verdict.allowed


def grant_to(
    policy: Policy, customer: str, what: tuple[str, str], agreed: AgreedGrant, of: OfPolicy
) -> None:
    """Give a customer extra room: of a credit an amount.

    Raises:
        UsageError: A name is unknown, the amount is none, or the id is taken.
    """
    credit = known(what[0], [*policy.terms.credits, *policy.terms.exchange.routes], "credit")
    head = head_of(policy, customer)
    there = policy.terms.credits.get(credit)
    unit = PLAIN if there is None else there.units
    value = amount_of(what[1], unit, unlimited=True)
    if value < 0:
        raise UsageError("what is granted is not less than nothing")
    if agreed.id in head.grants:
        message = f"{code(customer)} has a grant {code(agreed.id or '')} already"
        raise UsageError(message, hint="name another one by `--id`")
    _require_periods(agreed)
    ends = _ending(agreed, of.clock())
    id = policy.grant(
        customer, credit, what[1], id=agreed.id, priority=agreed.priority, expires_at=ends,
        resets=agreed.resets, reset_inc=agreed.reset_inc, reset_sch=agreed.reset_sch,
    )  # fmt: skip
    if id is None:
        raise UsageError(f"{code(what[1])} of {code(credit)} is no grant")
    members: dict[str, Any] = {
        "customer": head.customer.id,
        "grant": id,
        "credit": credit,
        "amount": shown(value),
        "expires_at": None if ends is None else instant(ends),
    }
    until = "" if ends is None else f" until {day_of(ends)}"
    said = f"{head.customer.id} is granted {measured(value, unit)} {credit}{until}, as {code(id)}"
    of.answer(members, lambda: say(one_line(said)))


def override_limit(
    policy: Policy, customer: str, what: tuple[str, str], agreed: AgreedLimit, of: OfPolicy
) -> None:
    """Give a customer a limit of its own: of an entitlement a value.

    Raises:
        UsageError: A name is unknown, or the value is none.
    """
    name = entitlement_of(policy.terms, what[0])
    head, before = head_of(policy, customer), policy.limit_of(customer, name)
    if before is None:
        message = f"{code(name)} of {code(customer)} has no limit that could be another"
        raise UsageError(message, hint=f"see {code(f'criterion policy customer {customer}')}")
    value = amount_of(what[1], policy.terms.credits[before.credit].units, unlimited=True)
    if value < 0:
        raise UsageError("a limit is not less than nothing")
    _require_periods(agreed)
    changes: LimitOptions = {
        "value": value,
        "resets": agreed.resets,
        "reset_inc": agreed.reset_inc,
        "reset_sch": agreed.reset_sch,
    }
    if agreed.mode is not None:
        changes["mode"] = agreed.mode.value
    ends = _ending(agreed, of.clock())
    made = policy.create_override(customer, name, expires_at=ends, **changes)
    if made is None:
        raise UsageError(f"{code(what[1])} makes no limit of {code(name)}")
    until = "" if ends is None else f", until {day_of(ends)}"
    who = f"{head.customer.id}: the limit of {name} is"
    said = f"{who} {_said(policy, made)}{until}; it was {_said(policy, before)}"
    of.answer(_changed(head, name, before, made), lambda: say(one_line(said)))


def remove_override(policy: Policy, customer: str, entitlement: str, answers: Answers) -> None:
    """Take a customer's own limit back.

    Raises:
        UsageError: A name is unknown, or there is no such limit.
    """
    name = entitlement_of(policy.terms, entitlement)
    head = head_of(policy, customer)
    if name not in head.customer.overrides:
        raise UsageError(f"{code(customer)} has no limit of its own on {code(name)}")
    policy.remove_override(customer, name)
    now = policy.limit_of(customer, name)
    says = "no limit" if now is None else _said(policy, now)
    said = f"{head.customer.id}: the limit of {name} is {says} again"
    members = _changed(head, name, head.customer.overrides[name], now)
    answers.answer(members, lambda: say(one_line(said)))


def _changed(head: Head, name: str, before: Limit, now: Limit | None) -> dict[str, Any]:
    return {
        "customer": head.customer.id,
        "entitlement": name,
        "before": shown(before),
        "limit": shown(now),
    }


def _said(policy: Policy, limit: Limit) -> str:
    value = measured(limit.value, policy.terms.credits[limit.credit].units)
    resets = [] if limit.reset is None else [f"resets {resetting(limit.reset)}"]
    return ", ".join([value, *resets, *conditions(limit)])


def _say_verdict(verdict: Verdict) -> None:
    say(one_line(f"{ALLOWED if verdict.allowed else DENIED}  {verdict.explanation}"))
    members = {
        "code": None if verdict.allowed else verdict.code,
        "remaining": None if verdict.remaining is None else amount(verdict.remaining),
        "resets": None if verdict.resets_at is None else day_of(verdict.resets_at),
        "wait": None if verdict.retry_after_ms is None else duration(verdict.retry_after_ms),
        "commit": str(verdict.seq) if verdict.seq else None,
    }
    if verdict.clamped:
        note(f"a later change was seen already: this one counts as of {instant(verdict.at)}")
    say_pairs({name: value for name, value in members.items() if value is not None})


def _ending(agreed: Agreed, clock: Clock) -> datetime | None:
    if agreed.expires is None:
        return None
    now = clock.now()
    ends = instant_from(agreed.expires, now)
    if ms_of(ends) <= ms_of(now):
        hint = "write `--expires +30d`, or an instant that is later"
        raise UsageError(f"{code(agreed.expires)} is over already", hint=hint)
    return ends


def _require_periods(agreed: Agreed) -> None:
    if agreed.reset_inc is not None and agreed.reset_sch is not None:
        raise UsageError("one of `--reset-inc` and `--reset-sch` is enough")
    found = None if agreed.reset_inc is None else read_duration(agreed.reset_inc)
    if isinstance(found, int) and found <= 0:
        raise UsageError("a period is longer than nothing", hint="write `--reset-inc 30d`")
    schedule = None if agreed.reset_sch is None else read_schedule(agreed.reset_sch)
    for each in (found, schedule):
        if isinstance(each, Misfit):
            raise UsageError(each.message, hint=each.hint)
