"""Tests of holds around blocks, of overviews, and of what is noted beside verdicts."""

from typing import Any

import pytest

from criterion.policy import Policy
from criterion.policy.runtime.holding import Hold
from criterion.recorder import MemoryRecorder
from tests.limits.subjects import Waiting, policy


def stands(of: Policy) -> tuple[Any, Any]:
    return of.value("acme", "tokens"), of.held("acme", "tokens")


def test_a_block_counts_what_it_settles() -> None:
    of = policy()

    with of.hold("acme", "tokens", 60) as hold:
        inside = stands(of)
        verdict = hold.settle(75)

    assert (inside, stands(of)) == ((0, 60), (75, 0))
    assert verdict is hold.verdict
    assert verdict.remaining == 25


def test_a_block_that_does_not_settle_counts_what_it_reserved() -> None:
    of = policy()

    with of.hold("acme", "tokens", 60):
        pass

    assert stands(of) == (60, 0)


def test_a_block_that_raises_counts_nothing() -> None:
    of = policy()

    with pytest.raises(KeyboardInterrupt), of.hold("acme", "tokens", 60):
        raise KeyboardInterrupt

    assert stands(of) == (0, 0)


def test_what_was_settled_before_a_block_raises_stays_counted() -> None:
    of = policy()

    def work(hold: Hold) -> None:
        hold.settle(5)
        raise ValueError("late")

    with pytest.raises(ValueError, match="late"), of.hold("acme", "tokens", 60) as hold:
        work(hold)

    assert stands(of) == (5, 0)


def test_a_hold_that_is_given_back_counts_nothing() -> None:
    of = policy()

    with of.hold("acme", "tokens", 60) as hold:
        assert hold.release()
        assert not hold.release()

    assert stands(of) == (0, 0)


def test_without_room_a_hold_is_false_and_settles_nothing() -> None:
    of = policy()

    with of.hold("acme", "tokens", 101) as hold:
        assert not hold
        assert (hold.id, hold.is_open) == ("", False)
        with pytest.raises(ValueError, match="nothing was set aside: tokens: 0 of 100 used"):
            hold.settle(1)

    assert stands(of) == (0, 0)


def test_a_lost_store_does_not_hide_why_a_block_raised(caplog: pytest.LogCaptureFixture) -> None:
    store = Waiting()
    of = policy(store)

    def work(hold: Hold) -> None:
        assert hold
        store.is_down = True
        raise ValueError("the block's own")

    with pytest.raises(ValueError, match="the block's own"), of.hold("acme", "tokens", 60) as hold:
        work(hold)

    assert "was not given back" in caplog.text


def test_an_overview_tells_what_each_read_tells() -> None:
    of = policy()
    of.allow("acme", "tokens", 30)
    of.reserve("acme", "tokens", 20)
    of.allow("acme", "calls", 4)

    seen = of.overview("acme")

    assert seen is not None
    assert (seen.customer, seen.plan) == ("acme", "free")
    for name, stand in seen.entitlements.items():
        about = ("acme", name)
        if stand.credit is None:
            assert name in {"pdf", "secret"}
            continue
        assert stand.value == of.value(*about)
        assert stand.limit == of.limit(*about)
        assert stand.remaining == of.remaining(*about)
        assert stand.allowance == of.allowance(*about)
        assert stand.held == of.held(*about)
        assert stand.resets_at == of.resets(*about)


def test_an_overview_of_some_leaves_out_the_others() -> None:
    seen = policy().overview("acme", "seats", "nothing")

    assert seen is not None
    assert list(seen.entitlements) == ["seats"]
    assert policy().overview("nobody") is None


def test_what_is_noted_stands_beside_every_verdict_of_the_block() -> None:
    recorder = MemoryRecorder()
    of = policy(recorder=recorder)

    with of.noting({"request_id": "r-1"}):
        of.allow("acme", "seats", 1)
        with of.noting({"route": "POST /seats"}):
            of.check_all("acme", [("seats", 1)])
    of.allow("acme", "seats", 1)

    assert [each.metadata for each in recorder.records] == [
        {"customer": "acme", "request_id": "r-1"},
        {"customer": "acme", "request_id": "r-1", "route": "POST /seats"},
        {"customer": "acme"},
    ]


def test_a_policy_beside_another_counts_apart_under_the_same_clock() -> None:
    of = policy()

    other = of.beside(Waiting())
    other.ensure_customer("acme")

    assert other.allow("acme", "seats", 1).at == of.allow("acme", "seats", 3).at
    assert (of.value("acme", "seats"), other.value("acme", "seats")) == (3, 1)
