"""Reservations: room that is set aside, spent once, and visible to every budget."""

from decimal import Decimal
from typing import Any, Final

from criterion.policy import Policy
from criterion.policy.changing import HOLDS_MAX
from tests.policy.scenes import after, limit, policy_of

PRICED: Final = {"limit": {"credit": "p", "value": 1_000}}


def holds(policy: Policy, name: str, amount: object, **options: Any) -> str:  # noqa: ANN401 -- of `reserve`
    verdict = policy.reserve("u", name, amount, **options)  # type: ignore[arg-type] # an amount
    assert verdict.hold is not None
    return verdict.hold


def test_a_hold_is_settled_once_however_often_it_is_asked() -> None:
    policy = policy_of({"x": limit(100)})
    hold = holds(policy, "x", 80)

    first = policy.settle("u", "x", hold, 50)
    again = policy.settle("u", "x", hold, 50, at=after(60))

    assert again.record == first.record
    assert (policy.value("u", "x"), policy.held("u", "x")) == (50, 0)


def test_settling_another_amount_is_a_conflict() -> None:
    policy = policy_of({"x": limit(100)})
    hold = holds(policy, "x", 80)
    policy.settle("u", "x", hold, 50)

    assert policy.settle("u", "x", hold, 51).code == "conflict"
    assert policy.value("u", "x") == 50


def test_a_hold_reserves_on_budgets_that_are_reached_through_other_entitlements() -> None:
    policy = policy_of({"x": PRICED, "y": PRICED})
    policy.add_cap("u", 100, id="budget")
    hold = holds(policy, "x", 80)

    assert policy.allow("u", "y", 30).code == "spend_cap_reached"
    assert policy.allow("u", "y", 20)
    policy.settle("u", "x", hold, 10)
    assert policy.allow("u", "y", 70)


def test_a_hold_reserves_on_shared_budgets_of_others() -> None:
    policy = policy_of({"x": PRICED})
    policy.create_customer("org", type="org")
    policy.add_cap("org", 100, id="budget", shared=True)
    for name in ("a", "b"):
        policy.create_customer(name, refs=["org"])
    hold = policy.reserve("a", "x", 80).hold or ""

    assert policy.allow("b", "x", 30).code == "spend_cap_reached"
    assert policy.release("a", "x", hold)
    assert policy.allow("b", "x", 30)


def test_a_hold_that_expired_reserves_nothing() -> None:
    policy = policy_of({"x": PRICED, "y": PRICED})
    policy.add_cap("u", 100, id="budget")
    holds(policy, "x", 80, ttl="1s")

    assert not policy.check("u", "y", 30, at=after(0.999))
    assert policy.check("u", "y", 30, at=after(1))


def test_all_are_reserved_or_none() -> None:
    policy = policy_of({"x": limit(10), "y": limit(10)})

    refused = policy.reserve_all("u", [("x", 5), ("y", 11)])
    passed = policy.reserve_all("u", [("x", 5), ("y", 10)])

    assert [bool(each) for each in refused] == [True, False]
    assert (refused.code, bool(refused), bool(passed)) == ("capacity_reached", False, True)
    assert (policy.held("u", "x"), policy.held("u", "y")) == (5, 10)


def test_an_estimate_shrinks_to_the_room_there_is_where_that_is_asked() -> None:
    policy = policy_of({"x": limit(100)})
    for value in (80, 120, 100, 90, 110):
        policy.observe("u", "x", value)

    refused = policy.reserve("u", "x")
    clamped = policy.reserve("u", "x", clamp=True)

    assert refused.code == "capacity_reached"
    assert (clamped.allowed, policy.held("u", "x")) == (True, 100)


def test_what_was_used_is_learnt_for_the_customer_and_for_everyone() -> None:
    policy = policy_of({"x": limit(1_000)})
    policy.create_customer("v")
    for value in (8, 10, 12, 10):
        hold = holds(policy, "x", 20)
        policy.settle("u", "x", hold, value)
        policy.settle("u", "x", hold, value)

    everyone = policy.estimate("v", "x", quantile=Decimal("0.5"))

    assert everyone is not None
    assert (everyone.value, everyone.samples, everyone.scope) == (10, 4, "policy")
    assert policy.samples("x") == 4
    head = policy.customer("u")
    assert head is not None
    assert head.estimates["x"]["all"].value_var == 2


def test_a_meter_keeps_a_bounded_number_of_holds() -> None:
    policy = policy_of({"x": limit("unlimited")})
    for _ in range(HOLDS_MAX):
        assert policy.reserve("u", "x", 1, ttl="1s")

    refused = policy.reserve("u", "x", 1)

    assert refused.code == "invalid_amount"
    assert refused.explanation == "x: there are 1,000 holds already; settle or release some"
    assert policy.reserve("u", "x", 1, at=after(1))
