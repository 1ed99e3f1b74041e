"""``criterion policy try``: a customer who is made for it, and what becomes of each step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from criterion.cli.policy_names import (
    amount_of,
    entitlement_of,
    entitlements,
    plan_of,
)
from criterion.cli.policy_session import instant_from
from criterion.cli.problems import UsageError
from criterion.cli.screen import note, say_table
from criterion.cli.session import Answers
from criterion.clock import FixedClock
from criterion.json_text import instant
from criterion.policy import Policy
from criterion.policy.document.loading import load_policy
from criterion.policy.instants import ms_of
from criterion.policy.plan import Plan
from criterion.policy.terms import Terms
from criterion.policy.verdict import Verdict
from criterion.text import code

STEPS_MAX: Final = 10_000
"""How many steps one trial has."""

Verb = Literal["allow", "set", "check", "wait"]

_VERBS: Final[dict[str, Verb]] = {
    "+": "allow",
    "-": "allow",
    "=": "set",
    "?": "check",
    "@": "wait",
}
_USER: Final = "user"
ALLOWED: Final = "allowed"
DENIED: Final = "DENIED"


class Step(NamedTuple):
    """One step of a trial.

    Attributes:
        text: As it was written.
        verb: What is done.
        entitlement: What of; ``""`` for time that passes.
        amount: How much, or until when.
    """

    text: str
    verb: Verb
    entitlement: str
    amount: str


class Taken(NamedTuple):
    """What became of a step.

    Attributes:
        step: The step.
        at: When it was.
        verdict: The answer; ``None`` of time that passed.
    """

    step: Step
    at: datetime
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Who tries.

    Attributes:
        customer: The id.
        plan: The plan; ``None`` for the default one, or the one that the document has it on.
        type: What it is; ``None`` for what the steps are about.
        at: When it begins.
    """

    customer: str
    plan: str | None
    type: str | None
    at: datetime


def try_steps(file: Path, trial: Trial, words: Sequence[str], answers: Answers) -> bool:
    """Take the steps, print what becomes of each, and return whether all of them may pass.

    Raises:
        UsageError: A step is none, or there is no such plan.
        DefinitionError: The policy has mistakes.
    """
    terms = load_policy(file, at=ms_of(trial.at)).terms
    steps = list(_steps(terms, words))
    policy = Policy.load(file, clock=FixedClock(trial.at))
    _customer(policy, trial, steps)
    taken = list(_taken(policy, trial, steps))
    plan = policy.plan(trial.customer)
    members: dict[str, Any] = {
        "customer": trial.customer,
        "plan": None if plan is None else plan.name,
        "at": instant(trial.at),
        "steps": [_members(each) for each in taken],
    }
    answers.answer(members, lambda: say_table([_row(each) for each in taken]))
    return all(each.verdict is None or each.verdict.allowed for each in taken)


def _steps(terms: Terms, words: Sequence[str]) -> Iterator[Step]:
    """Yield what the words ask for; a name alone asks how it stands."""
    if len(words) > STEPS_MAX:
        raise UsageError(f"a trial has at most {STEPS_MAX:,} steps")
    there = entitlements(terms)
    name, is_used = "", True
    for word in words:
        verb = None if word in there else _VERBS.get(word[:1])
        if verb is None:
            if not is_used:
                yield Step(name, "check", name, "0")
            name, is_used = _name(terms, word), False
        elif verb == "wait":
            yield Step(word, verb, "", word[1:])
        else:
            yield _use(terms, name, word, verb)
            is_used = True
    if not is_used:
        yield Step(name, "check", name, "0")


def _name(terms: Terms, word: str) -> str:
    if word[:1].isdecimal():
        hint = f"write `+{word}` to use it, `={word}` to set it, `?{word}` to ask only"
        raise UsageError(f"{code(word)} is no step", hint=hint)
    return entitlement_of(terms, word)


def _use(terms: Terms, name: str, word: str, verb: Verb) -> Step:
    if not name:
        hint = "write the entitlement first: `seats +1`"
        raise UsageError(f"{code(word)} of what?", hint=hint)
    amount = word if verb == "allow" else word[1:]
    offers = (plan.entitlements.get(name) for plan in terms.plans.values())
    for unit in (terms.credits[each.limit.credit].units for each in offers if each and each.limit):
        amount_of(amount, unit)
    return Step(word, verb, name, amount)


def _customer(policy: Policy, trial: Trial, steps: Sequence[Step]) -> None:
    """Make the customer who tries, unless the document has it."""
    plan = None if trial.plan is None else plan_of(policy.terms, trial.plan)
    if policy.customer(trial.customer) is not None:
        if plan is not None:
            policy.set_plan(trial.customer, plan.name)
        if trial.type is not None:
            policy.update_customer(trial.customer, type=trial.type)
        return
    serving = plan or policy.default_plan
    if serving is None:
        hint = (
            f"there is {', '.join(map(code, policy.terms.plans))}" if policy.terms.plans else None
        )
        raise UsageError("the policy has no default plan: write `--plan PLAN`", hint=hint)
    kind = trial.type or _type_for(serving, steps)
    policy.create_customer(trial.customer, serving.name, type=kind)


def _type_for(plan: Plan, steps: Sequence[Step]) -> str:
    """Return whose meters the steps are about: all of one type of customer, else users."""
    offers = [plan.entitlements.get(step.entitlement) for step in steps]
    scopes = {each.scope for each in offers if each is not None and each.scope is not None}
    if len(scopes) != 1:
        return _USER
    scope = scopes.pop()
    note(f"the customer is of type {code(scope)}, whose limits these are; `--type` says otherwise")
    return scope


def _taken(policy: Policy, trial: Trial, steps: Sequence[Step]) -> Iterator[Taken]:
    now, who = trial.at, trial.customer
    for step in steps:
        if step.verb == "wait":
            now = _later(now, step)
            yield Taken(step, now, None)
            continue
        if step.verb == "check":
            verdict = policy.check(who, step.entitlement, step.amount, at=now)
        elif step.verb == "set":
            verdict = policy.set_value(who, step.entitlement, step.amount, at=now)
        else:
            verdict = policy.allow(who, step.entitlement, step.amount, at=now)
        yield Taken(step, now, verdict)


def _later(now: datetime, step: Step) -> datetime:
    then = instant_from(step.amount, now)
    if then < now:
        hint = "write `@+30d`, or an instant that is later"
        raise UsageError(f"{code(step.text)} is before {instant(now)}: time goes on", hint=hint)
    return then


def _row(taken: Taken) -> tuple[str, ...]:
    verdict = taken.verdict
    if verdict is None:
        return taken.step.text, "", f"it is {instant(taken.at)}"
    return taken.step.text, ALLOWED if verdict.allowed else DENIED, verdict.explanation


def _members(taken: Taken) -> dict[str, Any]:
    return {
        "step": taken.step.text,
        "entitlement": taken.step.entitlement or None,
        "at": instant(taken.at),
        "verdict": None if taken.verdict is None else taken.verdict.record,
    }
