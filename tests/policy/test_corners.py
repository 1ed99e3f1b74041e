"""Corners: what the specification says in half a sentence, each as it is meant to be read."""

from typing import Final

from criterion.policy import Policy
from criterion.policy.events import Event
from tests.policy.scenes import HOUR, after, limit, policy_of

STEPS: Final = {
    "pricing_model": "stairstep",
    "tiers": [
        {"up_to": 100, "price": {"amount": 5}},
        {"up_to": 1000, "price": {"amount": 20}},
        {"price": {"amount": 50}},
    ],
}
DAY: Final = 24 * HOUR


def told_of(policy: Policy) -> list[Event]:
    told: list[Event] = []
    policy.on_event(told.append)
    return told


def test_a_step_is_paid_by_one_grant_and_not_by_several_together() -> None:
    policy = policy_of({"x": {"limit": {"credit": "step"}}}, credits={"step": STEPS})
    policy.allow("u", "x", 100, force=True)
    for name in ("a", "b"):
        policy.grant("u", "usd", 10, id=name)

    refused = policy.allow("u", "x", 1)

    assert (refused.code, refused.covered) == ("capacity_reached", 0)
    assert [grant.value for grant in policy.grants("u")] == [10, 10]
    policy.grant("u", "usd", 15, id="c")
    assert policy.allow("u", "x", 1).covered == 1
    assert {grant.id: grant.value for grant in policy.grants("u")} == {"a": 10, "b": 10}


def test_a_cap_holds_for_its_holder_whatever_types_it_is_shared_with() -> None:
    policy = policy_of({"x": limit(1_000)})
    policy.create_customer("org", type="org")
    policy.create_customer("member", type="user", refs=["org"])
    policy.create_customer("robot", type="robot", refs=["org"])
    policy.add_cap("org", 10, id="c", credit="t", shared=True, shared_with=["user"])

    assert policy.allow("org", "x", 11).cap == "c"
    assert policy.allow("member", "x", 11).cap == "c"
    assert policy.allow("robot", "x", 11)


def test_what_is_held_on_the_meter_counts_against_caps_for_one_call() -> None:
    policy = policy_of({"x": limit(1_000)})
    policy.reserve("u", "x", 8)

    refused = policy.allow("u", "x", 3, caps={"t": 10})

    assert refused.cap == "tmp-t"
    assert refused.explanation == (
        "x: cap tmp-t of this call has 0 of 10 t spent, 8 held; this call needs 3"
    )
    assert policy.allow("u", "x", 2, caps={"t": 10})


def test_an_access_check_at_a_boundary_begins_the_period_and_tells_of_it_once() -> None:
    policy = policy_of({"x": limit(10, resets=True, reset_inc="1day")})
    policy.allow("u", "x", 10)
    told = told_of(policy)

    assert policy.allow("u", "x", 0, at=after(DAY)).remaining == 10
    assert policy.allow("u", "x", 0, at=after(DAY)).remaining == 10

    assert [event.name for event in told] == ["meter-reset"]
    assert told[0].payload["previous"]["value"] == 10


def test_late_usage_counts_against_the_period_that_it_belongs_to() -> None:
    policy = policy_of({"x": limit(10, resets=True, reset_inc="1day")})
    policy.allow("u", "x", 8)
    policy.allow("u", "x", 10, at=after(DAY))
    soon, before = after(DAY + HOUR / 2), after(DAY - 1)

    posted = policy.allow("u", "x", 2, at=soon, occurred_at=before)
    refused = policy.allow("u", "x", 1, at=soon, occurred_at=before)

    assert (posted.code, posted.late, posted.remaining) == ("ok", False, 0)
    assert (refused.code, policy.value("u", "x", at=soon)) == ("quota_exhausted", 10)


def test_usage_that_comes_too_late_counts_now_and_says_so() -> None:
    policy = policy_of({"x": limit(10, resets=True, reset_inc="1day")})
    at = after(DAY + HOUR)
    policy.allow("u", "x", 8)

    late = policy.allow("u", "x", 2, at=at, occurred_at=after(DAY - 1))

    assert (late.code, late.late, policy.value("u", "x", at=at)) == ("ok", True, 2)
