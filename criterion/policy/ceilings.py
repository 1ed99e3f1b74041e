"""Ceilings: caps and overrides as callers describe them, read like those of a document."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, get_args

from criterion.policy.amounts import Amount
from criterion.policy.arguments import names_of
from criterion.policy.book import Book
from criterion.policy.exchange import RUNE
from criterion.policy.instants import optional_ms
from criterion.policy.plan import PERIOD_DEFAULT, Governor, Limit, Mode
from criterion.policy.schedule import Every, Schedule
from criterion.policy.schedule_text import read_schedule
from criterion.policy.state import CapTerms
from criterion.policy.unit_table import PLAIN
from criterion.policy.units import Misfit, read_amount, read_duration
from criterion.quantity import UNLIMITED, UNLIMITED_TEXT


def ceiling_of(value: object, credit: str, book: Book) -> Amount | None:
    """Return an amount in a credit's unit, or ``None``: it is none."""
    if value in (UNLIMITED, UNLIMITED_TEXT):
        return UNLIMITED
    known = book.credits.get(credit)
    found = read_amount(value, PLAIN if known is None else known.units)
    return None if isinstance(found, Misfit) else found


def schedule_of(
    reset_inc: object, reset_sch: str | None, *, resets: bool | None
) -> Schedule | Misfit | None:
    """Return when something resets; ``None``: it does not."""
    if reset_inc is not None and reset_sch is not None:
        return Misfit("one of `reset_inc` and `reset_sch` is enough")
    if resets is False or (resets is None and reset_inc is None and reset_sch is None):
        return None
    if reset_sch is not None:
        return read_schedule(reset_sch)
    if reset_inc is None:
        return PERIOD_DEFAULT
    step = read_duration(reset_inc)
    if isinstance(step, Misfit):
        return step
    return Every(step) if step > 0 else Misfit("a period is longer than nothing")


def cap_terms(
    book: Book, id: str, value: object, now: int, options: Mapping[str, Any]
) -> CapTerms | None:
    """Return the terms of a cap; ``None`` where there is no such cap.

    Args:
        book: The policy.
        id: The cap's.
        value: The ceiling, in its credit; text converts.
        now: When it is made.
        options: What else is agreed of it; see `criterion.policy.runtime.options.CapOptions`.
    """
    credit = options.get("credit", RUNE)
    if credit != RUNE and credit not in book.credits and credit not in book.exchange.routes:
        return None
    ceiling = ceiling_of(value, credit, book)
    reset = schedule_of(
        options.get("reset_inc"), options.get("reset_sch"), resets=options.get("resets")
    )
    exchangeable = options.get("exchangeable")
    if exchangeable is None:
        exchangeable = credit not in book.credits
    if ceiling is None or isinstance(reset, Misfit) or (exchangeable and _is_stepped(book, credit)):
        return None
    return CapTerms(
        id=id,
        credit=credit,
        value=ceiling,
        exchangeable=exchangeable,
        shared_with=names_of("shared_with", options.get("shared_with")),
        scope=names_of("scope", options.get("scope")),
        created_on=now,
        reset=reset,
        expires_on=optional_ms(options.get("expires_at")),
        **{name: options[name] for name in _FLAGS if name in options},
    )


_FLAGS: Final = (
    "overage_only", "ignore_grants", "observe_only", "overhead_cost", "follow_decrements",
    "hard_trailing", "shared",
)  # fmt: skip


def _is_stepped(book: Book, credit: str) -> bool:
    """Whether what a sum buys of a credit has no bound."""
    route = book.exchange.routes.get(credit)
    return route is not None and route.curve is not None and route.curve.model == "stairstep"


_AMOUNTS: Final = ("value", "increment", "minimum", "ewma_alpha")


def override_of(book: Book, base: Limit | None, changes: Mapping[str, Any]) -> Limit | None:
    """Return a limit with some members changed; ``None`` where it would be none.

    Args:
        book: The policy.
        base: What the others are copied from; ``None`` for the defaults.
        changes: Members as a document's limit has them.
    """
    given = {name: value for name, value in changes.items() if value is not None}
    credit = given.pop("credit", None if base is None else base.credit)
    known = book.credits.get(credit)
    if known is None:
        return None
    members: dict[str, Any] = {"credit": credit}
    for name in _AMOUNTS:
        if name in given:
            members[name] = ceiling_of(
                given.pop(name), "" if name == "ewma_alpha" else credit, book
            )
            if members[name] is None:
                return None
    schedule = _override_schedule(base, given)
    governor = _override_governor(book, base, credit, given)
    if isinstance(schedule, Misfit) or isinstance(governor, Misfit):
        return None
    limit = Limit(credit=credit) if base is None else base
    return _agreeing(replace(limit, **members, **given, reset=schedule, governor=governor), changes)


def _agreeing(limit: Limit, changes: Mapping[str, Any]) -> Limit | None:
    """Return a limit whose members go together; ``None`` where what was asked for does not."""
    alpha = limit.ewma_alpha
    if limit.mode not in get_args(Mode) or limit.increment <= 0 or not 0 <= alpha <= 1:
        return None
    if limit.mode == "hard":
        return limit
    if changes.get("hard_trailing") or changes.get("governor_enabled"):
        return None
    return replace(limit, hard_trailing=False, governor=None)  # they went with the hard mode


def _override_schedule(base: Limit | None, given: dict[str, Any]) -> Schedule | Misfit | None:
    resets = given.pop("resets", None)
    inc, sch = given.pop("reset_inc", None), given.pop("reset_sch", None)
    before = None if base is None else base.reset
    if inc is None and sch is None and resets is not False and before is not None:
        return before
    return schedule_of(inc, sch, resets=resets)


def _override_governor(
    book: Book, base: Limit | None, credit: str, given: dict[str, Any]
) -> Governor | Misfit | None:
    before = None if base is None else base.governor
    enabled = given.pop("governor_enabled", before is not None)
    capacity = given.pop("governor_capacity", None if before is None else before.capacity)
    rate = given.pop("governor_refill_rate", None if before is None else before.refill_rate)
    if not enabled:
        return None
    found = None if capacity is None else ceiling_of(capacity, credit, book)
    refill = None if rate is None else read_amount(rate, PLAIN)
    if found is None or found <= 0 or refill is None or isinstance(refill, Misfit) or refill < 0:
        return Misfit("a governor has a capacity and a refill rate")
    return Governor(found, refill)
