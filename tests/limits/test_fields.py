"""Tests of fields: what headers say of limits, and that they are well-formed."""

import re
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criterion.http.limits.fields import limit_fields, retry_fields
from criterion.policy import Policy
from tests.limits.subjects import policy
from tests.policy.scenes import START, after, policy_of
from tests.soak import sized

_STRING: Final = r'"(?:[ !#-\[\]-~]|\\["\\])*"'
_LIST: Final = re.compile(
    rf"{_STRING}(?:;[a-z]+=\d{{1,15}})*(?:, {_STRING}(?:;[a-z]+=\d{{1,15}})*)*"
)


def fields(of: Policy, entitlement: str, amount: Any, customer: str = "acme") -> dict[str, str]:  # noqa: ANN401
    return dict(limit_fields([of.allow(customer, entitlement, amount)], legacy=True))


def test_a_count_tells_what_is_left_and_no_window() -> None:
    assert fields(policy(), "seats", 1) == {
        "RateLimit-Policy": '"seats";q=3',
        "RateLimit": '"seats";r=2',
        "X-RateLimit-Limit": "3",
        "X-RateLimit-Remaining": "2",
    }


def test_a_governor_is_a_quota_of_its_own() -> None:
    told = fields(policy(), "calls", 2)

    assert told["RateLimit-Policy"] == '"calls";q=1000, "calls.rate";q=5'
    assert told["RateLimit"] == '"calls";r=998, "calls.rate";r=3'
    assert told["X-RateLimit-Remaining"] == "3"


@pytest.mark.parametrize("entitlement", ["pdf", "open", "nothing"])
def test_nothing_is_told_where_nothing_limits(entitlement: str) -> None:
    assert fields(policy(), entitlement, 1) == {}


def test_room_that_others_hold_is_not_left() -> None:
    of = policy()
    of.reserve("acme", "tokens", 90)

    verdict = of.allow("acme", "tokens", 20)

    assert dict(limit_fields([verdict]))["RateLimit"] == '"tokens";r=10;t=600'
    assert retry_fields(verdict) == (("Retry-After", "600"),)


def test_to_wait_is_never_told_to_be_nothing() -> None:
    of = policy_of({"a": {"limit": {"credit": "t", "value": 1, "resets": True, "reset_inc": 1000}}})
    of.allow("u", "a", 1, at=START)

    verdict = of.allow("u", "a", 1, at=after(0.9996))

    assert retry_fields(verdict) == (("Retry-After", "1"),)


@settings(max_examples=sized(500, 40), deadline=None)
@given(st.decimals(0, 10**9, allow_nan=False, places=3), st.text(min_size=1, max_size=20))
def test_fields_are_structured_whatever_the_numbers_and_names(limit: Any, name: str) -> None:  # noqa: ANN401
    of = policy_of({"a": {"limit": {"credit": "t", "value": limit}}})
    verdict = of.allow("u", "a", limit / 2)
    verdict._known = verdict.assessment._replace(entitlement=name)  # noqa: SLF001 -- names are free elsewhere

    told = dict(limit_fields([verdict]))

    assert all(_LIST.fullmatch(value) for value in told.values())
    assert all(value.isascii() for value in told.values())
