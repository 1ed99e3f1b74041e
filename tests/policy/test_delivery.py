"""Delivery: events reach handlers after the commit, in order, and change nothing."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Gate
from typing import Any

import pytest

from criterion.policy import Policy
from criterion.policy.events import Event
from tests.policy.scenes import limit, policy_of


def counted() -> Policy:
    return policy_of({"x": limit(1_000)})


def test_events_are_numbered_and_come_in_order() -> None:
    policy, told = counted(), list[Event]()
    policy.on_event(told.append)

    policy.allow("u", "x", 1)
    policy.allow("u", "x", 2)

    assert [event.payload["meter"]["value"] for event in told] == [1, 3]
    assert [event.id for event in told] == [f"{policy.store.last - 1}-0", f"{policy.store.last}-0"]


def test_a_handler_that_is_added_later_hears_of_what_happens_from_then_on() -> None:
    policy, told = counted(), list[Event]()
    policy.allow("u", "x", 1)

    policy.on_event(told.append)
    policy.allow("u", "x", 2)

    assert [event.payload["meter"]["value"] for event in told] == [3]


def test_a_handler_that_fails_is_asked_again_and_changes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    policy, told, tries = counted(), list[Event](), list[Event]()

    def fails(event: Event) -> None:
        tries.append(event)
        raise ZeroDivisionError

    policy.on_event(fails, name="bad")
    policy.on_event(told.append, name="good")
    with caplog.at_level(logging.CRITICAL):
        verdict = policy.allow("u", "x", 1)

    assert verdict
    assert (len(tries), len(told)) == (3, 1)
    assert [(each.handler, each.event.id) for each in policy.undelivered] == [("bad", told[0].id)]


def test_a_handler_that_recovers_takes_the_event() -> None:
    policy, told = counted(), list[Event]()

    def stumbles(event: Event) -> None:
        told.append(event)
        if len(told) == 1:
            raise ZeroDivisionError

    policy.on_event(stumbles)
    policy.allow("u", "x", 1)

    assert len(told) == 2
    assert policy.undelivered == ()


def test_a_handler_may_call_the_policy_and_sees_what_follows_afterwards() -> None:
    policy, told = counted(), list[Any]()

    def follows(event: Event) -> None:
        told.append(event.payload["meter"]["value"])
        if len(told) == 1:
            policy.allow("u", "x", 10)
            told.append("called")

    policy.on_event(follows)
    policy.allow("u", "x", 1)

    assert told == [1, "called", 11]


def test_events_of_many_threads_come_in_the_order_of_the_journal() -> None:
    policy, told = counted(), list[Event]()
    policy.on_event(told.append)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: policy.allow("u", "x", 1), range(200)))

    assert [event.payload["meter"]["value"] for event in told] == list(range(1, 201))


def test_a_handler_that_is_removed_hears_no_more() -> None:
    policy, told = counted(), list[Event]()
    policy.on_event(told.append)

    assert (policy.off_event(), policy.off_event()) == (True, False)
    policy.allow("u", "x", 1)

    assert told == []


def test_a_call_may_keep_its_events_to_itself() -> None:
    policy, told = counted(), list[Event]()
    policy.on_event(told.append)

    policy.allow("u", "x", 1, events=False)

    assert told == []


def test_nobody_runs_away_from_slow_handlers() -> None:
    policy, told = policy_of({"x": limit("unlimited")}), list[int]()
    gate = Gate()

    def waits(event: Event) -> None:
        gate.wait(10)
        told.append(event.seq)

    policy.on_event(waits)
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(policy.allow, "u", "x", 1) for _ in range(2_000)]
        while policy.store.last < 500:
            gate.wait(0.001)
        gate.set()
        assert all(call.result() for call in calls)

    assert len(told) == 2_000
    assert told == sorted(told)
