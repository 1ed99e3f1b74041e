"""Notifications: conditions on events, told every time, once a period, or once a crossing."""

import pytest

from criterion.policy import Policy
from criterion.policy.events import Event
from tests.policy.scenes import HOUR, after, limit, policy_of

HALF = (
    "type == 'meter-changed' and event.entitlement == 'x'"
    " and event.remaining < event.meter.limit / 2"
)


def told(policy: Policy) -> list[Event]:
    events: list[Event] = []
    policy.on_event(events.append)
    return events


def notified(once_per: str | None) -> tuple[Policy, list[Event]]:
    half = {"when": HALF} | ({} if once_per is None else {"once_per": once_per})
    policy = policy_of(
        {"x": limit(10, resets=True, reset_inc="1day"), "y": limit(10)},
        notifications={"half": half},
    )
    return policy, told(policy)


@pytest.mark.parametrize(
    ("once_per", "count"), [(None, 6), ("period", 2), ("crossing", 3)], ids=str
)
def test_a_condition_is_told_of_as_often_as_it_says(once_per: str | None, count: int) -> None:
    policy, events = notified(once_per)

    for amount in (4, 2, 1, -4, 3, 1):  # crosses at 6, again at 6 after a decrement
        policy.allow("u", "x", amount)
    for amount in (6, 1):
        policy.allow("u", "x", amount, at=after(24 * HOUR))
    policy.allow("u", "y", 9)

    assert len([event for event in events if event.name == "half"]) == count


def test_it_is_the_same_event_under_another_name_and_comes_first() -> None:
    policy, events = notified(None)

    policy.allow("u", "x", 6)

    assert [event.name for event in events] == ["half", "meter-changed"]
    assert events[0].id == events[1].id
    assert events[0].payload == events[1].payload


def test_a_condition_that_does_not_fit_an_event_is_not_met() -> None:
    policy = policy_of({"x": limit(1)}, notifications={"cap": {"when": "event.cap.value > 1"}})
    events = told(policy)

    policy.allow("u", "x", 1)
    policy.add_cap("u", 5, credit="t", id="c")
    policy.allow("u", "x", -1)
    policy.update_cap("u", "c", value=0)
    policy.allow("u", "x", 1)

    assert [event.name for event in events if event.name in {"cap", "cap-limit"}] == ["cap-limit"]


def test_a_condition_may_look_at_customer_and_cap() -> None:
    condition = "type == 'cap-limit' and event.cap.value == 3 and event.caller == 'u'"
    policy = policy_of({"x": limit(9)}, notifications={"broke": {"when": condition}})
    policy.add_cap("u", 3, credit="t", id="c")
    events = told(policy)

    policy.allow("u", "x", 4)

    assert [event.name for event in events] == ["broke", "cap-limit"]
