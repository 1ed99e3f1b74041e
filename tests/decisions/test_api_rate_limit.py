"""API rate limit: the rates of every plan, and of plans that are not listed."""

from typing import Any, Final, NamedTuple

import pytest

from criterion.decision import Decision
from criterion.result import Status
from tests.catalogue_files import module, profile
from tests.parcels import engine

api_rate_limit: Final[Decision[Any, Any, Any]] = module("api_rate_limit").api_rate_limit
RATES: Final = profile("rate-limits")


class Case(NamedTuple):
    plan: str
    rates: tuple[int, int, int]
    matched: str
    explanation: str
    profile: dict[str, Any] = RATES


CASES: Final = [
    Case(
        "free", (60, 1_000, 10), "plan-rates",
        "free plan: 60 requests a minute, 1000 a day, 10 at once",
    ),
    Case(
        "starter", (300, 10_000, 50), "plan-rates",
        "starter plan: 300 requests a minute, 10000 a day, 50 at once",
    ),
    Case(
        "pro", (1_200, 100_000, 200), "plan-rates",
        "pro plan: 1200 requests a minute, 100000 a day, 200 at once",
    ),
    Case(
        "enterprise", (6_000, 1_000_000, 1_000), "plan-rates",
        "enterprise plan: 6000 requests a minute, 1000000 a day, 1000 at once",
    ),
    Case(
        "pro", (30, 500, 5), "default-rates",
        "pro plan has no rates of its own; "
        "default plan: 30 requests a minute, 500 a day, 5 at once",
        {**RATES, "plans": {"free": RATES["plans"]["free"]}},
    ),
    Case(
        "free", (0, 0, 0), "plan-rates",
        "free plan: 0 requests a minute, 0 a day, 0 at once",
        {**RATES, "plans": {
            "free": {"requests_per_minute": 0, "requests_per_day": 0, "burst_limit": 0},
        }},
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.plan} {case.rates[0]}")
def test_a_plan_has_its_rates(case: Case) -> None:
    result = engine().run(api_rate_limit, {"plan": case.plan}, case.profile)

    assert result.status is Status.OK
    assert result.matched_rule == case.matched
    assert tuple(result.unwrap().model_dump().values()) == case.rates
    assert result.explanation == case.explanation


def test_the_cases_reach_every_rule() -> None:
    assert {case.matched for case in CASES} == {rule.id for rule in api_rate_limit.rules}


def test_the_profile_lists_every_plan() -> None:
    assert list(RATES["plans"]) == ["free", "starter", "pro", "enterprise"]


@pytest.mark.parametrize("facts", [{}, {"plan": "gold"}, {"plan": "Free"}, {"plan": None}])
def test_a_caller_without_a_known_plan_is_refused(facts: dict[str, Any]) -> None:
    result = engine().run(api_rate_limit, facts, RATES)

    assert result.status is Status.INVALID_INPUT
    assert [error.path for error in result.errors] == ["plan"]


def test_a_negative_rate_is_refused() -> None:
    default = {**RATES["default"], "burst_limit": -1}

    result = engine().run(api_rate_limit, {"plan": "free"}, {**RATES, "default": default})

    assert result.status is Status.INVALID_PROFILE
    assert [error.path for error in result.errors] == ["default.burst_limit"]
