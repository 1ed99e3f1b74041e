"""Tests of grants: refills over missed periods, and how they end."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from criterion.policy.amounts import Amount
from criterion.policy.grants import current, refilled
from criterion.policy.plan import Refill, RefillMode
from criterion.policy.schedule import DAY_MS, Every
from criterion.policy.schedule_text import read_schedule
from criterion.policy.state import Grant, GrantTerms

DAILY = Every(DAY_MS)


def grant(value: Amount = 5, *, starting: Amount = 10, **terms: Any) -> Grant:  # noqa: ANN401 -- whatever terms there are
    terms = {"id": "g", "credit": "t", "starting_value": starting, "created_on": 0, **terms}
    return Grant(GrantTerms(**terms), value, 0)


REFILLS: list[tuple[str, dict[str, Any], Amount, int, Amount]] = [
    ("no boundary yet", {"mode": "add"}, 5, DAY_MS - 1, 5),
    ("hard replaces", {"mode": "hard"}, 5, DAY_MS, 10),
    ("hard replaces what is above", {"mode": "hard"}, 50, DAY_MS, 10),
    ("hard is bounded", {"mode": "hard", "max_balance": 8}, 5, DAY_MS, 8),
    ("add", {"mode": "add"}, 5, 3 * DAY_MS, 35),
    ("add is bounded", {"mode": "add", "max_balance": 30}, 5, 3 * DAY_MS, 30),
    ("add, caught up in part", {"mode": "add", "catchup_cap": 2}, 5, 9 * DAY_MS, 25),
    ("add, not caught up", {"mode": "add", "catchup_cap": 0}, 5, 9 * DAY_MS, 5),
    ("add to a debt", {"mode": "add"}, -5, DAY_MS, 5),
    ("rollover", {"mode": "rollover"}, 5, DAY_MS, 15),
    ("rollover of a debt", {"mode": "rollover"}, -5, DAY_MS, 10),
    ("rollover of half", {"mode": "rollover", "rollover_pct": Decimal("0.5")}, 5, DAY_MS,
     Decimal("12.5")),
    ("rollover of half, twice", {"mode": "rollover", "rollover_pct": Decimal("0.5")}, 5,
     2 * DAY_MS, Decimal("16.25")),
    ("rollover, at most", {"mode": "rollover", "rollover_max": 3}, 5, DAY_MS, 13),
    ("rollover, at least", {"mode": "rollover", "rollover_min": 7}, 5, DAY_MS, 17),
    ("rollover is bounded", {"mode": "rollover", "max_balance": 12}, 5, DAY_MS, 12),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "value", "now", "left"),
    [each[1:] for each in REFILLS],
    ids=[each[0] for each in REFILLS],
)
def test_a_refill(words: dict[str, Any], value: Amount, now: int, left: Amount) -> None:
    found = refilled(grant(value, refill=Refill(schedule=DAILY, **words)), now)

    assert found.value == left
    assert found.granted_on == now - now % DAY_MS


def test_a_calendar_refills_at_its_boundaries_and_not_at_the_first_touch() -> None:
    monthly = read_schedule("monthly:1")
    refill = Refill(schedule=monthly, mode="add")  # type: ignore[arg-type] # it can be read
    held = Grant(grant(refill=refill).terms, 5, 10 * DAY_MS)

    assert refilled(held, 12 * DAY_MS) == held
    assert refilled(held, 31 * DAY_MS).value == 15
    assert refilled(held, 59 * DAY_MS).value == 25
    assert refilled(refilled(held, 31 * DAY_MS), 40 * DAY_MS).value == 15


def test_what_does_not_refill_stays() -> None:
    assert refilled(grant(), 99 * DAY_MS) == grant()


def test_grants_end_at_the_instant_itself() -> None:
    held = grant(expires_on=100)

    assert current([held], 99) == (held,)
    assert current([held], 100) == ()


def test_a_spent_grant_is_gone_unless_it_fills_up_again() -> None:
    spent, resetting = grant(0), grant(0, refill=Refill(schedule=DAILY))

    assert current([spent, resetting], 5) == (resetting,)
    assert [held.value for held in current([spent, resetting], DAY_MS)] == [10]


MODES = st.sampled_from(["hard", "add", "rollover"])
BOUNDS = st.none() | st.integers(0, 40)
REFILL = st.builds(
    Refill,
    schedule=st.just(DAILY),
    mode=MODES,
    rollover_pct=st.decimals(0, 2, places=2),
    rollover_min=BOUNDS,
    rollover_max=BOUNDS,
    max_balance=BOUNDS,
)


def stepped(value: Fraction, refill: Refill, starting: int) -> Fraction:
    """Return what one refill makes of a rest, to the last digit."""
    carried = max(Fraction(0), value) * Fraction(refill.rollover_pct)
    if refill.rollover_min is not None:
        carried = max(carried, Fraction(refill.rollover_min))
    if refill.rollover_max is not None:
        carried = min(carried, Fraction(refill.rollover_max))
    mode: RefillMode = refill.mode
    after = {
        "hard": Fraction(starting),
        "add": value + starting,
        "rollover": starting + carried,
    }[mode]
    return after if refill.max_balance is None else min(after, Fraction(refill.max_balance))


@given(REFILL, st.integers(-20, 60), st.integers(0, 30), st.integers(0, 12))
@example(
    Refill(schedule=DAILY, mode="rollover", rollover_pct=Decimal("1.62")), 31, 0, 12
)  # 33 digits: all of them are kept
def test_catching_up_equals_one_refill_after_another(
    refill: Refill, value: int, starting: int, periods: int
) -> None:
    expected = Fraction(value)
    for _ in range(periods):
        expected = stepped(expected, refill, starting)

    held = grant(value, starting=starting, refill=refill)

    assert Fraction(refilled(held, periods * DAY_MS).value) == expected
    touched = held
    for day in range(periods + 1):
        touched = refilled(touched, day * DAY_MS)
    assert Fraction(touched.value) == expected
