"""Bugs that have hurt users of other systems, and what happens here instead."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.policy.stores.memory import MemoryStore
from criterion.recorder import MemoryRecorder
from tests.policy.scenes import HOUR, START, after, limit, policy_of

DAY: Final = 24 * HOUR
DAILY: Final = limit(10, resets=True, reset_inc="1day")
VOLUME: Final = {
    "v": {
        "pricing_model": "volume",
        "tiers": [{"up_to": 100, "price": {"amount": 0.01}}, {"price": {"amount": 0.005}}],
    }
}


def governed(capacity: int, per_ms: object) -> dict[str, Any]:
    """Return a wide limit behind a bucket."""
    bucket = {"governor_capacity": capacity, "governor_refill_rate": per_ms}
    return limit(1_000_000, governor_enabled=True, **bucket)


def test_check_equals_allow_where_a_governor_or_a_cap_is_in_the_way() -> None:
    policy = policy_of({"x": governed(5, 0), "y": {"limit": {"credit": "p", "value": 100}}})
    policy.add_cap("u", 5, id="c", scope=["y"])

    for name in ("x", "y"):
        for amount in (6, 5, 1):
            checked = policy.check("u", name, amount)
            assert checked.code == policy.allow("u", name, amount).code
    assert policy.check("u", "x", 1).code == "rate_limited"
    assert policy.check("u", "y", 1).code == "spend_cap_reached"


def test_a_denied_call_right_at_a_boundary_still_starts_the_period_at_zero() -> None:
    policy = policy_of({"x": DAILY})
    policy.allow("u", "x", 8)
    told: list[str] = []
    policy.on_event(lambda event: told.append(event.name))

    assert not policy.allow("u", "x", 11, at=after(DAY))
    assert policy.value("u", "x", at=after(DAY)) == 0
    assert told == ["meter-reset", "meter-limit"]
    assert policy.allow("u", "x", 10, at=after(DAY))


@pytest.mark.parametrize("read", ["resets", "value", "remaining", "allowance", "rate", "held"])
def test_reading_changes_nothing(read: str) -> None:
    store = MemoryStore()
    policy = policy_of({"x": DAILY}, store=store)
    policy.allow("u", "x", 8)
    before = store.last

    getattr(policy, read)("u", "x", at=after(DAY))

    assert store.last == before
    assert policy.allow("u", "x", 1, at=after(DAY / 2)).remaining == 1


def test_soft_overage_beside_a_refilling_grant_at_zero_ends() -> None:
    policy = policy_of({"x": limit(0, mode="soft")})
    policy.grant("u", "t", 5, id="g", resets=True, reset_inc="1day")
    policy.allow("u", "x", 5)

    verdict = policy.allow("u", "x", 3)

    assert (verdict.code, verdict.overage, verdict.covered) == ("ok", 3, 0)
    assert [grant.value for grant in policy.grants("u")] == [0]


def test_six_times_forty_cents_fit_a_cap_of_two_dollars_forty() -> None:
    policy = policy_of({"x": {"limit": {"credit": "p", "value": 100}}})
    policy.add_cap("u", 2.4, id="c")

    assert all(policy.allow("u", "x", 0.4) for _ in range(6))
    assert policy.allow("u", "x", 0.000001).code == "spend_cap_reached"


@given(st.lists(st.integers(1, 90), max_size=12))
def test_what_volume_bands_charge_is_their_price_and_never_negative(amounts: list[int]) -> None:
    soft = {"limit": {"credit": "v", "value": 20, "mode": "soft"}}
    policy = policy_of({"x": soft}, credits=VOLUME)
    charged, used = 0, 0

    for amount in amounts:
        charged += policy.allow("u", "x", amount).charged_micros
        used += amount
        over = max(0, used - 20)
        assert charged == over * (10_000 if over <= 100 else 5_000)


def test_after_a_month_of_silence_one_call_catches_up_with_all_refills() -> None:
    pack = {"credit": "t", "value": 10, "resets": True, "reset_inc": "1day"}
    rolling = {**pack, "reset_mode": "rollover", "rollover_max": 35}
    policy = policy_of({"x": limit(0)}, topups={"pack": rolling})
    policy.apply_topup("u", "pack")

    assert not policy.allow("u", "x", 46, at=after(30 * DAY))
    assert policy.allow("u", "x", 45, at=after(30 * DAY))
    assert not policy.allow("u", "x", 1, at=after(31 * DAY - 1))


def test_what_is_not_included_is_denied_also_to_a_reservation() -> None:
    policy = policy_of({"x": limit(10)})

    verdict = policy.reserve("u", "nope", 1)

    assert (verdict.code, verdict.hold) == ("not_included", None)
    assert policy.allow("u", "nope", 1, force=True).code == "not_included"


def test_an_override_that_says_nothing_of_a_field_keeps_it() -> None:
    policy = policy_of({"x": limit(3, minimum=0, increment=2, hard_trailing=True)})

    policy.create_override("u", "x", increment=1)

    assert policy.limit("u", "x") == 3
    assert policy.allow("u", "x", 7)
    assert policy.allow("u", "x", 1).code == "capacity_reached"
    policy.allow("u", "x", -50)
    assert policy.value("u", "x") == 0


def test_usage_above_an_expired_override_stays_and_gets_no_more() -> None:
    policy = policy_of({"x": limit(3)})
    policy.create_override("u", "x", value=10, expires_at=after(DAY))
    policy.allow("u", "x", 8)

    assert policy.allow("u", "x", 1, at=after(DAY)).code == "capacity_reached"
    assert (policy.value("u", "x"), policy.remaining("u", "x", at=after(DAY))) == (8, -5)
    assert policy.allow("u", "x", -1, at=after(DAY))


def test_the_newest_document_counts_within_a_period() -> None:
    policy = policy_of({"x": DAILY})
    policy.allow("u", "x", 8)
    document = {
        "credits": {"t": {}},
        "plans": {"free": {"default": True, "entitlements": {"x": limit(9)}}},
    }

    policy.reload(document)

    assert not policy.allow("u", "x", 2)
    assert policy.allow("u", "x", 1)


def test_a_light_call_after_heavy_ones_still_meets_the_limit() -> None:
    policy = policy_of({"x": limit(10)})

    assert [bool(policy.allow("u", "x", amount)) for amount in (9, 5, 1, 1)] == [
        True, False, True, False,
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 7)), max_size=40))
def test_a_governor_admits_burst_and_refill_in_any_window(calls: list[tuple[int, int]]) -> None:
    policy, now, admitted = policy_of({"x": governed(10, Decimal("0.02"))}), 0, []
    for wait, amount in calls:
        now += wait
        if policy.allow("u", "x", amount, at=START + timedelta(milliseconds=now)):
            admitted.append((now, amount))

    for first, (begin, _) in enumerate(admitted):
        total = 0
        for end, amount in admitted[first:]:
            total += amount
            assert total <= 10 + Decimal("0.02") * (end - begin)


def test_a_customer_is_decidable_right_after_it_is_ensured() -> None:
    policy = policy_of({"x": limit(1)})

    policy.ensure_customer("new")

    assert policy.allow("new", "x", 1)
    policy.ensure_customer("new")
    assert policy.value("new", "x") == 1


def test_a_cap_that_only_observes_hides_none_that_refuses() -> None:
    policy = policy_of({"x": {"limit": {"credit": "p", "value": 100}}})
    policy.add_cap("u", 1, id="a-shadow", observe_only=True)
    policy.add_cap("u", 2, id="enforced")

    refused = policy.allow("u", "x", 3)

    assert (refused.code, refused.cap) == ("spend_cap_reached", "enforced")
    assert policy.allow("u", "x", 2)


def test_every_answer_is_recorded_once_also_of_malformed_calls() -> None:
    recorder = MemoryRecorder()
    policy = policy_of({"x": limit(5)}, recorder=recorder)

    policy.allow("u", "x", "banana")
    policy.allow("u", "x", 1, key="k")
    policy.allow("u", "x", 2, key="k")
    policy.settle("u", "x", policy.reserve("u", "x", 1).hold or "", 1)
    with pytest.raises(TypeError):
        policy.allow("u", "x", object())  # type: ignore[arg-type] # the mistake

    matched = [record.result.matched_rule for record in recorder.records]
    assert matched == ["invalid-amount", "ok", "conflict", "ok", "ok"]


def test_a_null_amount_is_none_and_a_missing_one_is_nothing() -> None:
    policy = policy_of({"x": limit(5)})

    assert policy.allow("u", "x").requested == 0
    with pytest.raises(TypeError, match="an amount is a number or a text"):
        policy.allow("u", "x", None)  # type: ignore[arg-type] # the mistake


@pytest.mark.parametrize("guard", ["metadata.tier == 1", "get(context, 'n', 0) / 0 > 1"])
def test_a_guard_that_raises_is_named_and_nothing_is_counted(guard: str) -> None:
    policy = policy_of({"x": limit(5)}, guards=[{"id": "broken", "when": guard}])

    refused = policy.allow("u", "x", 1)

    assert not refused
    assert "broken" in refused.explanation
    assert policy.value("u", "x") == 0


def test_fractions_in_a_context_are_numbers_of_costs_and_guards() -> None:
    formula = "units * get(get(context, 'rates', {}), 'm', 0)"
    policy = policy_of(
        {"x": {"limit": {"credit": "c", "value": 10}}},
        credits={"c": {"overhead": formula}},
        guards=[{"id": "hot", "when": "get(context, 'heat', 0) > 0.5"}],
    )

    passed = policy.allow("u", "x", 4, context={"rates": {"m": 0.25}, "heat": 0.5})
    refused = policy.allow("u", "x", 1, context={"heat": 0.75})

    assert (passed.code, policy.meter_overhead("u", "x")) == ("ok", 1)
    assert refused.code == "hot"
