"""``criterion policy show``: what a policy says, as tables."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from criterion.cli.policy_names import entitlements
from criterion.cli.policy_plain import shown
from criterion.cli.policy_words import (
    NOTHING,
    conditions,
    measured,
    pricing,
    resetting,
    runes,
)
from criterion.cli.screen import counted, say, say_table
from criterion.cli.session import Answers
from criterion.policy.exchange import BUILT_IN
from criterion.policy.plan import Entitlement, Plan
from criterion.policy.terms import Terms
from criterion.policy.wording import duration
from criterion.text import one_line

Rows = list[tuple[str, ...]]


def say_policy(file: Path, terms: Terms, answers: Answers) -> None:
    """Print plans, limits, credits and prices."""
    answers.answer(_members(file, terms), lambda: _say(file, terms))


def _members(file: Path, terms: Terms) -> dict[str, Any]:
    said = shown(terms)
    assert isinstance(said, dict)  # noqa: S101 -- of a dataclass
    said["exchange"] = {name: shown(pair) for name, pair in terms.exchange.pairs.items()}
    said["strategy"] = terms.exchange.strategy
    said["guards"] = [
        {"id": each.id, "when": each.text, "explain": each.explain_text} for each in terms.guards
    ]
    return {"file": file.as_posix()} | {
        name: said[name]
        for name in (
            "version", "digest", "plans", "credits", "exchange", "strategy", "guards",
            "notifications", "capabilities", "customer_types", "hold_ttl", "store_failure",
        )
    }  # fmt: skip


def _say(file: Path, terms: Terms) -> None:
    counts = (
        *([f"version {terms.version}"] if terms.version else []),
        counted(len(terms.plans), "plan"),
        counted(len(entitlements(terms)), "entitlement"),
        counted(len(terms.credits), "credit"),
    )
    say(one_line(f"{file.as_posix()}  {', '.join(counts)}"))
    for rows, heads in _tables(terms):
        if rows:
            say()
            say_table(rows, heads)


def _tables(terms: Terms) -> Iterator[tuple[Rows, Sequence[str]]]:
    plans = terms.plans.values()
    yield [_plan(plan) for plan in plans], ("plan", "label", "billed", "")
    limits = chain.from_iterable(_entitlements(terms, plan) for plan in plans)
    yield list(limits), ("plan", "entitlement", "limit", "credit", "resets", "")
    credits_ = terms.credits.values()
    yield (
        [(each.name, each.label, pricing(each), runes(each.overhead_cost)) for each in credits_],
        ("credit", "label", "price", "costs"),
    )
    yield list(_topups(terms)), ("plan", "topup", "brings", "price", "refills")
    yield list(_worths(terms)), ("exchange", "is worth")
    yield [(each.id, each.text) for each in terms.guards], ("guard", "refuses when")
    told = terms.notifications.values()
    yield [(each.name, each.once_per or "every time") for each in told], ("notification", "told")


def _plan(plan: Plan) -> tuple[str, ...]:
    trial = [] if plan.trial_period is None else [f"{duration(plan.trial_period)} of trial"]
    notes = [*(["default"] if plan.default else []), *(["hidden"] if plan.hidden else []), *trial]
    return plan.name, plan.label, plan.period, ", ".join(notes)


def _entitlements(terms: Terms, plan: Plan) -> Iterator[tuple[str, ...]]:
    for each in plan.entitlements.values():
        notes = ", ".join(_notes(each))
        if each.limit is None:
            yield plan.name, each.name, "included", "", "", notes
        else:
            unit = terms.credits[each.limit.credit].units
            value = measured(each.limit.value, unit)
            resets = resetting(each.limit.reset)
            yield plan.name, each.name, value, each.limit.credit, resets, notes


def _notes(each: Entitlement) -> Iterator[str]:
    if each.scope is not None:
        yield f"per {each.scope}"
    if each.limit is not None:
        yield from conditions(each.limit)
    if each.hidden:
        yield "hidden"


def _topups(terms: Terms) -> Iterator[tuple[str, ...]]:
    for plan in terms.plans.values():
        for each in plan.topups.values():
            unit = terms.credits[each.credit].units
            price = "included" if each.included else NOTHING
            price = price if each.price is None else runes(each.price.amount)
            refill = NOTHING if each.refill is None else resetting(each.refill.schedule)
            yield plan.name, each.name, f"{measured(each.value, unit)} {each.credit}", price, refill


def _worths(terms: Terms) -> Iterator[tuple[str, ...]]:
    for name, pair in terms.exchange.pairs.items():
        if BUILT_IN.get(name) != pair:
            yield name, f"{runes(pair.value)} {pair.currency}"
