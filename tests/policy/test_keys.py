"""Keys and lateness: what is asked twice, and what is told late."""

from decimal import Decimal
from typing import Final

from criterion.policy import Policy
from tests.policy.scenes import HOUR, after, limit, policy_of

DAILY: Final = limit(100, resets=True, reset_inc="1day")
DAY: Final = 24 * HOUR


def ten() -> Policy:
    return policy_of({"x": limit(10)}, topups={"pack": {"credit": "t", "value": 5}})


def test_the_same_call_under_the_same_key_counts_once_and_gets_the_same_record() -> None:
    policy = ten()

    first = policy.allow("u", "x", 5, key="k1")
    again = policy.allow("u", "x", 5, key="k1", at=after(60))

    assert again.record == first.record
    assert policy.value("u", "x") == 5


def test_another_call_under_the_same_key_is_a_conflict_and_counts_nothing() -> None:
    policy = ten()
    policy.allow("u", "x", 5, key="k1")

    for verdict in (
        policy.allow("u", "x", 6, key="k1"),
        policy.increment("u", "x", key="k1"),
        policy.allow("u", "x", 5, key="k1", overhead=1),
        policy.reserve("u", "x", 5, key="k1"),
    ):
        assert (verdict.code, verdict.http) == ("conflict", 409)
    assert policy.value("u", "x") == 5


def test_a_refusal_is_kept_too_whatever_changes_later() -> None:
    policy = ten()
    policy.allow("u", "x", 5)

    refused = policy.allow("u", "x", 6, key="k2")
    policy.apply_topup("u", "pack")

    assert not policy.allow("u", "x", 6, key="k2")
    assert policy.allow("u", "x", 6, key="k2").record == refused.record
    assert policy.allow("u", "x", 6, key="k3")


def test_a_key_is_forgotten_after_a_day() -> None:
    policy = ten()
    policy.allow("u", "x", 1, key="k")

    assert policy.allow("u", "x", 2, key="k", at=after(DAY - 0.001)).code == "conflict"
    assert policy.allow("u", "x", 2, key="k", at=after(DAY)).code == "ok"


def test_a_key_belongs_to_a_customer_by_whatever_name_it_is_called() -> None:
    policy = ten()
    policy.create_customer("v", alt_ids=["w"])

    policy.allow("u", "x", 1, key="k")
    policy.allow("v", "x", 1, key="k")
    policy.allow("w", "x", 1, key="k")

    assert (policy.value("u", "x"), policy.value("v", "x")) == (1, 1)


def test_several_uses_under_one_key_count_once() -> None:
    policy = ten()

    first = policy.allow_all("u", [("x", 2), ("x", 3)], key="k")
    again = policy.allow_all("u", [("x", 2), ("x", 3)], key="k")

    assert [each.record for each in again] == [each.record for each in first]
    assert policy.value("u", "x") == 5
    assert policy.allow_all("u", [("x", 2)], key="k").code == "conflict"


def test_late_usage_counts_for_its_own_period_while_that_is_open() -> None:
    policy = policy_of({"x": DAILY})
    policy.allow("u", "x", 90, at=after(10))

    late = policy.allow("u", "x", 10, at=after(DAY + HOUR / 2), occurred_at=after(DAY - 5))
    more = policy.allow("u", "x", 1, at=after(DAY + HOUR / 2), occurred_at=after(DAY - 5))

    assert (late.allowed, late.late, late.assessment.value) == (True, False, 90)
    assert more.code == "quota_exhausted"
    assert policy.value("u", "x", at=after(DAY + HOUR / 2)) == 0


def test_micros_of_late_usage_sum_up_to_the_rounded_whole_of_its_own_period() -> None:
    price = {"price": {"amount": Decimal("0.0000005")}}
    late_terms = {"limit": {"credit": "h", "mode": "soft", "resets": True, "reset_inc": "1day"}}
    policy = policy_of({"x": late_terms}, credits={"h": price})
    charged = [policy.allow("u", "x", 1).charged_micros]
    now, then = after(DAY + 60), after(DAY - 5)
    policy.allow("u", "x", 2, at=now)

    for _ in range(3):
        late = policy.allow("u", "x", 1, at=now, occurred_at=then)
        charged.append(late.charged_micros)

    assert charged == [1, 0, 1, 0]
    assert policy.allow("u", "x", 1, at=now).charged_micros == 1


def test_usage_that_comes_too_late_counts_now_and_says_so() -> None:
    policy = policy_of({"x": DAILY})
    policy.allow("u", "x", 90, at=after(10))

    late = policy.allow("u", "x", 20, at=after(DAY + HOUR), occurred_at=after(DAY - 5))

    assert (late.allowed, late.late) == (True, True)
    assert policy.value("u", "x", at=after(DAY + HOUR)) == 20


def test_usage_of_a_period_long_gone_is_late_though_the_last_one_is_open() -> None:
    policy = policy_of({"x": DAILY})
    policy.allow("u", "x", 90, at=after(10))

    late = policy.allow("u", "x", 1, at=after(3 * DAY + 60), occurred_at=after(10))
    open_one = policy.allow("u", "x", 1, at=after(3 * DAY + 60), occurred_at=after(3 * DAY - 10))

    assert (late.late, open_one.late, open_one.assessment.value) == (True, False, 0)


def test_usage_of_the_present_period_is_not_late() -> None:
    policy = policy_of({"x": DAILY})

    verdict = policy.allow("u", "x", 1, at=after(500), occurred_at=after(10))

    assert (verdict.late, policy.value("u", "x")) == (False, 1)
