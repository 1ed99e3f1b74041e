"""Verdicts: codes, numbers and sentences of every answer, and that they are ordinary results."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Final

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion import Engine, MemoryRecorder, Status
from criterion.policy.assessment import facts_of
from criterion.policy.rules import metering_verdict
from criterion.policy.verdict import Verdict
from tests.policy.scenes import HOUR, START, after, limit, policy_of

GOVERNED: Final = limit(
    1_000, governor_enabled=True, governor_capacity=600, governor_refill_rate=0.01
)
DAILY: Final = limit(100, resets=True, reset_inc="1day")
STARTER: Final = {"starter": {"entitlements": {"seats": limit(10)}}}
PACK: Final = {"pack": {"credit": "t", "value": 5}}


def seats_full() -> Verdict:
    policy = policy_of({"seats": limit(3)}, plans=STARTER)
    policy.allow("u", "seats", 3)
    return policy.increment("u", "seats")


def daily_full() -> Verdict:
    policy = policy_of({"x": DAILY})
    policy.allow("u", "x", 100)
    return policy.allow("u", "x", 1, at=after(18 * HOUR))


def no_grant() -> Verdict:
    return policy_of({"x": limit(0)}, topups=PACK).allow("u", "x", 1)


def short_grant() -> Verdict:
    policy = policy_of({"x": limit(10, resets=True)}, topups=PACK)
    policy.apply_topup("u", "pack")
    return policy.allow("u", "x", 16)


def governed() -> Verdict:
    policy = policy_of({"x": GOVERNED})
    policy.allow("u", "x", 600)
    return policy.allow("u", "x", 1)


def beyond_the_governor() -> Verdict:
    return policy_of({"x": GOVERNED}).allow("u", "x", 700)


def capped() -> Verdict:
    policy = policy_of({"x": {"limit": {"credit": "p", "value": 1}}})
    policy.add_cap("u", 2, id="budget")
    return policy.allow("u", "x", 3)


def capped_for_this_call() -> Verdict:
    policy = policy_of({"x": {"limit": {"credit": "p", "value": 100}}})
    return policy.allow("u", "x", 3, caps={"rune": "2.5"})


def held() -> Verdict:
    policy = policy_of({"x": limit(100)})
    policy.reserve("u", "x", 80, ttl="10min")
    return policy.allow("u", "x", 30, at=after(60))


def conflicting() -> Verdict:
    policy = policy_of({"x": limit(10)})
    policy.allow("u", "x", 5, key="k")
    return policy.allow("u", "x", 6, key="k")


def soft_over() -> Verdict:
    policy = policy_of({"x": {"limit": {"credit": "p", "value": 10, "mode": "soft"}}})
    policy.grant("u", "p", 2)
    return policy.allow("u", "x", 15)


CODES: Final[list[tuple[str, int, Callable[[], Verdict]]]] = [
    ("capacity_reached", 403, seats_full),
    ("quota_exhausted", 429, daily_full),
    ("credit_exhausted", 402, no_grant),
    ("credit_exhausted", 402, short_grant),
    ("rate_limited", 429, governed),
    ("rate_limited", 429, beyond_the_governor),
    ("spend_cap_reached", 402, capped),
    ("spend_cap_reached", 402, capped_for_this_call),
    ("held", 429, held),
    ("conflict", 409, conflicting),
    ("ok", 200, soft_over),
    ("not_included", 403, lambda: policy_of({}).check("u", "export")),
    ("not_included", 403, lambda: policy_of({"x": {"scope": "org"}}).check("u", "x")),
    ("unknown_customer", 404, lambda: policy_of({}).check("ghost", "export")),
    ("invalid_amount", 400, lambda: policy_of({"x": limit(1)}).allow("u", "x", "5s")),
    ("invalid_amount", 400, lambda: policy_of({"x": limit(1)}).allow("u", "x", 2**63)),
    ("invalid_amount", 400, lambda: policy_of({"x": limit(1)}).reserve("u", "x", 0)),
    ("not_metered", 400, lambda: policy_of({"x": {}}).increment("u", "x")),
    ("ok", 200, lambda: policy_of({"x": {}}).check("u", "x")),
    ("ok", 200, lambda: policy_of({"x": limit(5, mode="observe")}).allow("u", "x", 9)),
    ("ok", 200, lambda: policy_of({"x": limit("unlimited")}).allow("u", "x", 9)),
]


@pytest.mark.parametrize(
    ("code", "http", "ask"),
    CODES,
    ids=[f"{at:02}-{code}" for at, (code, _, _) in enumerate(CODES)],
)
def test_every_code_has_its_status_and_its_sentence(
    code: str, http: int, ask: Callable[[], Verdict], snapshot: SnapshotAssertion
) -> None:
    verdict = ask()

    assert (verdict.code, verdict.http, bool(verdict)) == (code, http, code == "ok")
    assert verdict.status is Status.OK
    assert verdict.matched_rule == code.replace("_", "-")
    assert verdict.record == snapshot(name="record")
    assert str(verdict) == snapshot(name="text")


@pytest.mark.parametrize("ask", [ask for _, _, ask in CODES], ids=range(len(CODES)))
def test_the_ordinary_decision_says_the_same_of_the_same_facts(
    ask: Callable[[], Verdict],
) -> None:
    verdict = ask()

    result = Engine().run(metering_verdict, facts_of(verdict.assessment))

    assert result.matched_rule == verdict.matched_rule
    assert result.explanation == verdict.explanation
    assert result.data == verdict.data


def test_a_full_quota_says_when_to_come_again() -> None:
    verdict = daily_full()

    assert verdict.retry_after_ms == 21_600_000
    assert verdict.resets_at == after(24 * HOUR)


def test_a_governor_lets_600_a_minute_through_and_says_how_long_to_wait() -> None:
    policy = policy_of({"x": GOVERNED})
    first = [bool(policy.allow("u", "x", 1)) for _ in range(600)]

    refused = policy.allow("u", "x", 1)

    assert all(first)
    assert (refused.code, refused.http, refused.retry_after_ms) == ("rate_limited", 429, 100)
    assert not policy.allow("u", "x", 1, at=after(0.099))
    assert policy.allow("u", "x", 1, at=after(0.1))
    assert not policy.allow("u", "x", 1, at=after(0.1))


def test_a_cap_comes_before_the_limit_and_both_gates_are_told() -> None:
    verdict = capped()

    assert (verdict.code, verdict.cap) == ("spend_cap_reached", "budget")
    assert [(gate.gate, gate.passed) for gate in verdict.gates] == [
        ("cap", False),
        ("limit", False),
        ("grants", False),
    ]


def test_overage_is_charged_in_micros_that_sum_up_to_the_rounded_whole() -> None:
    credit = {"h": {"price": {"amount": Decimal("0.0000005")}}}
    policy = policy_of({"x": {"limit": {"credit": "h", "mode": "soft"}}}, credits=credit)

    charged = [policy.allow("u", "x", 1).charged_micros for _ in range(4)]

    assert charged == [1, 0, 1, 0]


def test_included_units_are_not_charged() -> None:
    credit = {"m": {"price": {"amount": Decimal("0.000002")}}}
    policy = policy_of(
        {"x": {"limit": {"credit": "m", "value": 1_000_000, "mode": "soft"}}}, credits=credit
    )
    policy.allow("u", "x", 900_000)

    assert policy.allow("u", "x", 200_000).charged_micros == 200_000


def test_what_remains_counts_grants_as_the_read_afterwards_does() -> None:
    policy = policy_of({"x": limit(10)})
    policy.grant("u", "t", 5)

    for amount in (4, 8, 9):
        verdict = policy.allow("u", "x", amount)

        assert verdict.remaining == policy.remaining("u", "x")


def test_the_same_ledger_and_request_make_the_same_record() -> None:
    assert seats_full().to_json() == seats_full().to_json()
    assert json.loads(seats_full().to_json())["data"]["code"] == "capacity_reached"


def test_why_not_tells_the_numbers_of_a_rule_that_did_not_match() -> None:
    verdict = seats_full()

    assert verdict.why_not("rate-limited") == "no governor limits its rate"
    assert verdict.why_not("ok") == "not reached: `capacity-reached` matched first"


def test_a_recorder_gets_every_verdict() -> None:
    recorder = MemoryRecorder()
    policy = policy_of({"x": limit(1)}, recorder=recorder)

    policy.allow("u", "x", 1)
    policy.check("u", "x", 1)
    policy.allow("nobody", "x", 1)
    policy.allow_all("u", [("x", 1), ("x", 0)])

    matched = [record.result.matched_rule for record in recorder.records]
    assert matched == ["ok", "capacity-reached", "unknown-customer", "capacity-reached", "ok"]


def test_a_wrong_python_type_raises() -> None:
    policy = policy_of({"x": limit(1)})

    with pytest.raises(TypeError, match="an amount is a number or a text"):
        policy.allow("u", "x", True)  # noqa: FBT003 -- the mistake
    with pytest.raises(TypeError, match="`wings` is no option of a call"):
        policy.allow("u", "x", 1, wings=2)  # type: ignore[call-arg] # the mistake
    with pytest.raises(TypeError, match="aware datetime"):
        policy.allow("u", "x", 1, at=START.replace(tzinfo=None))


def test_time_never_runs_backwards_for_one_customer() -> None:
    policy = policy_of({"x": limit(10), "y": limit(10)})
    policy.allow("u", "x", 1, at=after(100))

    verdict = policy.allow("u", "y", 1, at=after(50))

    assert (verdict.clamped, verdict.at) == (True, after(100))
    assert not policy.allow("u", "y", 1, at=after(100)).clamped


RESERVED: list[tuple[str, dict[str, object], str]] = [
    ("beside usage", {}, "x: 30 reserved on plan free, 50 of 100 used"),
    ("observed", {"mode": "observe"}, "x: 30 reserved on plan free, 50 used; it is observed only"),
    ("past a soft limit", {"mode": "soft", "value": 60},
     "x: 30 reserved on plan free, 50 of 60 used; 20 over"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("members", "sentence"), [each[1:] for each in RESERVED], ids=[each[0] for each in RESERVED]
)
def test_a_reservation_says_what_is_reserved_and_not_that_it_is_used(
    members: dict[str, object], sentence: str
) -> None:
    policy = policy_of({"x": limit(**{"value": 100, **members})})
    policy.allow("u", "x", 50)

    assert policy.reserve("u", "x", 30).explanation == sentence
    assert policy.value("u", "x") == 50


def test_a_second_reservation_says_what_the_first_one_holds() -> None:
    policy = policy_of({"x": limit(100)})
    policy.reserve("u", "x", 30)

    again = policy.reserve("u", "x", 20)

    assert again.explanation == "x: 20 reserved on plan free, 0 of 100 used, 30 held by other calls"


def test_calls_that_are_decided_together_have_one_reason() -> None:
    policy = policy_of({"x": limit(10), "y": limit(5)})

    refused = policy.allow_all("u", [("x", 3), ("y", 6)])
    passed = policy.allow_all("u", [("x", 3), ("y", 5)])

    assert refused.explanation == (
        "none of 2 passes, because of number 2: y: 0 of 5 used on plan free; 6 more requested;"
        " this limit does not reset"
    )
    assert passed.explanation == (
        "all 2 pass: x: 3 of 10 used on plan free; y: 5 of 5 used on plan free"
    )


def test_amounts_are_read_without_zeros_at_their_end() -> None:
    policy = policy_of({"x": limit("1500.50")})

    verdict = policy.allow("u", "x", "1500.0")

    assert (str(verdict.requested), str(verdict.limit), str(verdict.remaining)) == (
        "1500", "1500.5", "0.5",
    )  # fmt: skip
    assert str(policy.value("u", "x")) == "1500"


def test_a_grant_and_a_cap_have_their_ids() -> None:
    policy = policy_of({"x": limit(10)})
    given = policy.grant("u", "t", 5)
    cap = policy.add_cap("u", 5, id="budget")

    assert [(grant.id, grant.credit) for grant in policy.grants("u")] == [(given, "t")]
    assert [each.id for each in policy.caps("u")] == [cap]
