"""Tests of burning: coverage, the order of grants, and conservation."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.policy.amounts import Amount, minus, plus
from criterion.policy.burning import Burn, Need, available, burn, burn_of, pool_of
from criterion.policy.exchange import BUILT_IN, Exchange, Pair, Strategy
from criterion.policy.grants import current
from criterion.policy.plan import Limit, Refill
from criterion.policy.pricing import Curve, curve_of
from criterion.policy.schedule import Every
from criterion.policy.state import Grant, GrantTerms
from criterion.quantity import UNLIMITED

CURVES: dict[str, Curve] = {
    "ai": curve_of("flat", [(UNLIMITED, Decimal("0.4"))]),
    "tiered": curve_of("tiered", [(100, Decimal("0.01")), (UNLIMITED, Decimal("0.005"))]),
    "volume": curve_of("volume", [(100, Decimal("0.01")), (UNLIMITED, Decimal("0.005"))]),
    "step": curve_of("stairstep", [(100, 5), (1000, 20), (UNLIMITED, 50)]),
}


def exchange(strategy: Strategy = "expires_first") -> Exchange:
    return Exchange({**BUILT_IN, "euro": Pair(2, "usd")}, CURVES, strategy)


def held(id: str, value: Amount, credit: str = "usd", **terms: Any) -> Grant:  # noqa: ANN401 -- whatever terms there are
    granted_on = terms.pop("granted_on", 0)
    every = {"id": id, "credit": credit, "starting_value": value, "created_on": 0, **terms}
    return Grant(GrantTerms(**every), value, granted_on)


def spent(grants: list[Grant], need: Need, strategy: Strategy = "expires_first") -> list[str]:
    return [grant.terms.id for grant in burn(grants, need, exchange(strategy)).left]


def left(found: Burn, grants: list[Grant]) -> tuple[Grant, ...]:
    after = {grant.terms.id: grant for grant in found.left}
    return tuple(after.get(grant.terms.id, grant) for grant in grants)


@pytest.mark.parametrize("credit", CURVES)
def test_a_grant_without_an_end_covers_everything_beside_any_other(credit: str) -> None:
    grants = [held("other", 5), held("own", UNLIMITED, credit)]

    assert available(grants, credit, 7, exchange()) == UNLIMITED
    assert burn(grants, Need(credit, 3, 7), exchange()).covered == 3


def test_grants_of_the_same_credit_cover_unit_for_unit_and_others_by_their_worth() -> None:
    grants = [
        held("own", 3, "ai"),
        held("usd", 2),
        held("odd", 99, "seats"),
        held("euro", 1, "euro"),
    ]

    assert available(grants, "ai", 0, exchange()) == 3 + 5 + 5
    assert available(grants, "seats", 0, exchange()) == 99
    assert available([held("nil", 0)], "ai", 0, exchange()) == 0


def test_the_position_counts_behind_the_units_of_the_same_credit() -> None:
    grants = [held("own", 50, "tiered"), held("usd", Decimal("0.5"))]

    assert available(grants, "tiered", 50, exchange()) == 50 + 100


def test_six_calls_of_forty_cents_are_covered_by_a_grant_of_2_40() -> None:
    found = burn([held("g", Decimal("2.40"))], Need("ai", 6), exchange())

    assert (found.covered, found.left[0].value) == (6, 0)


def test_what_is_not_needed_stays() -> None:
    found = burn([held("g", 10)], Need("ai", 5), exchange())

    assert found.covered == 5
    assert found.left == (held("g", 10)._replace(value=8),)


def test_a_grant_that_converts_into_nothing_is_never_burned() -> None:
    grants = [held("odd", 99, "seats")]

    found = burn(grants, Need("ai", 5), exchange())

    assert found == (0, ())


def test_a_step_that_does_not_fit_takes_nothing() -> None:
    grants = [held("a", 10), held("b", 30)]

    found = burn(grants, Need("step", 1, 100), exchange())

    assert found.left == (held("b", 30)._replace(value=15),)


def test_the_rest_of_a_step_is_not_covered_twice() -> None:
    found = burn([held("g", 5)], Need("step", 50), exchange())

    assert (found.covered, found.left[0].value) == (50, 0)


def test_a_repriced_volume_never_gives_a_grant_more() -> None:
    found = burn([held("g", 1)], Need("volume", 1, 100), exchange())

    assert (found.covered, found.left[0].value) == (1, 1)


ORDERS: list[tuple[str, Strategy, list[Grant], list[str]]] = [
    ("same credit first", "expires_first",
     [held("usd", 1, expires_on=5), held("own", 1, "ai")], ["own", "usd"]),
    ("earliest expiry, never last", "expires_first",
     [held("never", 1), held("late", 1, expires_on=20), held("soon", 1, expires_on=10)],
     ["soon", "late", "never"]),
    ("cheapest unit", "cheapest_first", [held("euro", 1, "euro"), held("usd", 1)],
     ["usd", "euro"]),
    ("dearest unit", "valuable_first", [held("usd", 1), held("euro", 1, "euro")],
     ["euro", "usd"]),
    ("oldest, then id", "expires_first",
     [held("b", 1), held("0new", 1, granted_on=9), held("a", 1)], ["a", "b", "0new"]),
    ("priority before all else", "expires_first",
     [held("own", 1, "ai"), held("promo", 1, priority=10)], ["promo", "own"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("strategy", "grants", "order"), [each[1:] for each in ORDERS], ids=[each[0] for each in ORDERS]
)
def test_the_order_of_burning(strategy: Strategy, grants: list[Grant], order: list[str]) -> None:
    assert spent(grants, Need("ai", 1000), strategy) == order


GRANTS = st.lists(
    st.tuples(
        st.sampled_from(["ai", "usd", "euro", "tiered", "seats"]),
        st.decimals(0, 50, places=3),
        st.none() | st.integers(1, 9),
        st.sampled_from([10, 100]),
    ),
    max_size=5,
)
NEEDS = st.builds(
    Need,
    st.sampled_from(["ai", "tiered", "step", "volume"]),
    st.decimals(0, 300, places=2),
    st.integers(0, 150),
)


@given(GRANTS, NEEDS, st.sampled_from(["expires_first", "cheapest_first", "valuable_first"]))
def test_grants_are_conserved_and_never_cover_more_than_is_needed(
    made: list[tuple[str, Decimal, int | None, int]], need: Need, strategy: Strategy
) -> None:
    grants = [
        held(f"g{n}", value, credit, expires_on=end, priority=rank)
        for n, (credit, value, end, rank) in enumerate(made)
    ]
    found = burn(grants, need, exchange(strategy))

    taken: Amount = 0
    for before, after in zip(grants, left(found, grants), strict=True):
        assert after == before._replace(value=after.value)
        assert 0 <= after.value <= before.value
        given = minus(before.value, after.value)
        taken = plus(taken, exchange().to_runes(given, before.terms.credit) or 0)
    assert 0 <= found.covered <= need.amount
    if need.credit == "ai":
        assert abs(Decimal(taken) - Decimal("0.4") * found.covered) < Decimal("1e-9")
    is_in_order = len({rank for _, _, _, rank in made}) < 2
    if need.credit == "ai" or (need.credit == "tiered" and is_in_order):
        room = available(grants, need.credit, need.position, exchange(strategy))
        assert abs(Decimal(found.covered) - min(Decimal(need.amount), Decimal(room))) < Decimal(
            "1e-9"
        )


VALUES = st.integers(0, 40) | st.decimals(0, 40, places=2) | st.decimals(0, 1, places=11)


@given(
    VALUES,
    VALUES,
    st.tuples(st.sampled_from(["ai", "tiered"]), st.sampled_from(["ai", "tiered"])),
    st.none() | st.integers(4, 6),
    st.sampled_from([None, Refill(schedule=Every(3)), Refill(schedule=Every(9))]),
    st.integers(0, 150),
)
def test_a_pool_of_one_grant_covers_at_once_what_it_covers_by_the_whole_way(
    value: Amount,
    amount: Amount,
    names: tuple[str, str],
    expires_on: int | None,
    refill: Refill | None,
    used: int,
) -> None:
    credit, wanted = names
    grant = held("g", value, credit, expires_on=expires_on, refill=refill)
    standing, limit = current([grant], 5), Limit(credit=wanted, value=100)
    need = Need(wanted, amount, max(0, used - 100))

    pool = pool_of({"g": grant}, limit, used, 5, exchange())

    assert pool.room == available(standing, wanted, need.position, exchange())
    assert burn_of(pool, wanted, amount, exchange()) == burn(standing, need, exchange())
    assert pool.grants == standing
    if pool.is_plain:
        assert (standing, wanted) == ((grant,), credit)


def test_what_rounds_to_nothing_takes_nothing_of_a_grant() -> None:
    pool = pool_of({"g": held("g", 5)}, Limit(credit="usd"), 0, 0, exchange())

    for nothing in (0, Decimal("1e-10")):
        assert burn_of(pool, "usd", nothing, exchange())[1] == ()
