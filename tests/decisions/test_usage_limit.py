"""Usage limit: every rule and every boundary, and what the published original got wrong."""

from decimal import Decimal
from typing import Any, Final, NamedTuple

import pytest

from criterion.decision import Decision
from criterion.quantity import UNLIMITED
from criterion.result import Result, Status
from tests.catalogue_files import module, profile
from tests.parcels import engine

usage_limit: Final[Decision[Any, Any, Any]] = module("usage_limit").usage_limit
PRICING: Final = profile("pricing")

# A finite enterprise plan, an unlimited one below it, half units, and a plan that lists nothing.
BESPOKE: Final[dict[str, Any]] = {
    "warn_at": 0.5,
    "limits": {
        "starter": {"projects": 0, "storage_gb": Decimal("2.5")},
        "pro": {"projects": "unlimited"},
        "enterprise": {"projects": 500, "alerts": "unlimited"},
    },
    "next_plan": {"starter": "pro", "pro": "enterprise"},
}


class Case(NamedTuple):
    id: str
    facts: dict[str, Any]
    matched: str
    data: dict[str, Any]
    explanation: str
    profile: dict[str, Any] = PRICING


def facts(plan: str, resource: str, current: int, requested: int | None = None) -> dict[str, Any]:
    asked = {} if requested is None else {"requested_amount": requested}
    return {"plan": plan, "resource": resource, "current_usage": current, **asked}


def unlimited(resource: str) -> dict[str, Any]:
    return {
        "allowed": True,
        "remaining": UNLIMITED,
        "limit": UNLIMITED,
        "upgrade_required": False,
        "suggested_plan": None,
        "message": f"Enterprise plan: {resource} without a limit.",
    }


def near(resource: str, left: object, limit: object, plan: str | None) -> dict[str, Any]:
    advice = f" Consider upgrading to {plan}." if plan else ""
    return {
        "allowed": True,
        "remaining": left,
        "limit": limit,
        "upgrade_required": False,
        "suggested_plan": plan,
        "message": f"Approaching the {resource} limit.{advice}",
    }


def within(resource: str, left: object, limit: object) -> dict[str, Any]:
    return {
        "allowed": True,
        "remaining": left,
        "limit": limit,
        "upgrade_required": False,
        "suggested_plan": None,
        "message": f"{'unlimited' if left == UNLIMITED else left} {resource} remaining",
    }


def over(resource: str, limit: object, plan: str | None) -> dict[str, Any]:
    advice = f" Upgrade to {plan} for more." if plan else ""
    return {
        "allowed": False,
        "remaining": 0,
        "limit": limit,
        "upgrade_required": plan is not None,
        "suggested_plan": plan,
        "message": f"{resource} limit reached.{advice}",
    }


CASES: Final = [
    Case(
        "enterprise has no limit",
        facts("enterprise", "projects", 1_000, 100),
        "enterprise-unlimited",
        unlimited("projects"),
        "Enterprise plan has no limit on projects",
    ),
    Case(
        "enterprise asks how things stand",
        facts("enterprise", "storage_gb", 0, 0),
        "enterprise-unlimited",
        unlimited("storage_gb"),
        "Enterprise plan has no limit on storage_gb",
    ),
    Case(
        "nothing is used yet",
        facts("starter", "projects", 0),
        "within-limit",
        within("projects", 9, 10),
        "Usage 0 + 1 <= limit 10",
    ),
    Case(
        "exactly the share that warns is no warning",
        facts("starter", "projects", 7),
        "within-limit",
        within("projects", 2, 10),
        "Usage 7 + 1 <= limit 10",
    ),
    Case(
        "one over the share that warns",
        facts("starter", "projects", 8),
        "approaching-limit",
        near("projects", 1, 10, "pro"),
        "Usage 8 + 1 is over 80 % of limit 10",
    ),
    Case(
        "exactly the limit",
        facts("starter", "projects", 9),
        "approaching-limit",
        near("projects", 0, 10, "pro"),
        "Usage 9 + 1 is over 80 % of limit 10",
    ),
    Case(
        "one over the limit",
        facts("starter", "projects", 10),
        "over-limit",
        over("projects", 10, "pro"),
        "Requested 11 exceeds limit 10",
    ),
    Case(
        "the request alone is over the limit",
        facts("pro", "team_members", 0, 26),
        "over-limit",
        over("team_members", 25, "enterprise"),
        "Requested 26 exceeds limit 25",
    ),
    Case(
        "a share that is no whole number",
        facts("free", "projects", 1),
        "within-limit",
        within("projects", 1, 3),
        "Usage 1 + 1 <= limit 3",
    ),
    Case(
        "the request decides, not the usage before it",
        facts("free", "api_calls", 0, 801),
        "approaching-limit",
        near("api_calls", 199, 1_000, "starter"),
        "Usage 0 + 801 is over 80 % of limit 1000",
    ),
    Case(
        "asking for nothing at the limit",
        facts("free", "alerts", 5, 0),
        "approaching-limit",
        near("alerts", 0, 5, "starter"),
        "Usage 5 + 0 is over 80 % of limit 5",
    ),
    Case(
        "asking for nothing over the limit",
        facts("free", "alerts", 6, 0),
        "over-limit",
        over("alerts", 5, "starter"),
        "Requested 6 exceeds limit 5",
    ),
    Case(
        "an enterprise plan with a limit is within it",
        facts("enterprise", "projects", 249),
        "within-limit",
        within("projects", 250, 500),
        "Usage 249 + 1 <= limit 500",
        BESPOKE,
    ),
    Case(
        "an enterprise plan with a limit nears it, and there is no plan above",
        facts("enterprise", "projects", 250),
        "approaching-limit",
        near("projects", 249, 500, None),
        "Usage 250 + 1 is over 50 % of limit 500",
        BESPOKE,
    ),
    Case(
        "an enterprise plan with a limit is over it, and there is no plan above",
        facts("enterprise", "projects", 500),
        "over-limit",
        over("projects", 500, None),
        "Requested 501 exceeds limit 500",
        BESPOKE,
    ),
    Case(
        "an unlimited resource of another plan",
        facts("pro", "projects", 10**9),
        "within-limit",
        within("projects", UNLIMITED, UNLIMITED),
        "Usage 1000000000 + 1 <= limit unlimited",
        BESPOKE,
    ),
    Case(
        "a limit of nothing, and nothing asked for",
        facts("starter", "projects", 0, 0),
        "within-limit",
        within("projects", 0, 0),
        "Usage 0 + 0 <= limit 0",
        BESPOKE,
    ),
    Case(
        "a limit of nothing",
        facts("starter", "projects", 0),
        "over-limit",
        over("projects", 0, "pro"),
        "Requested 1 exceeds limit 0",
        BESPOKE,
    ),
    Case(
        "a resource that the plan does not list",
        facts("starter", "alerts", 0),
        "over-limit",
        over("alerts", 0, "pro"),
        "Requested 1 exceeds limit 0",
        BESPOKE,
    ),
    Case(
        "a plan that is not listed, and has none above",
        facts("free", "alerts", 0),
        "over-limit",
        over("alerts", 0, None),
        "Requested 1 exceeds limit 0",
        BESPOKE,
    ),
    Case(
        "a limit of half a unit",
        facts("starter", "storage_gb", 1),
        "approaching-limit",
        near("storage_gb", Decimal("0.5"), Decimal("2.5"), "pro"),
        "Usage 1 + 1 is over 50 % of limit 2.5",
        BESPOKE,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_usage_is_limited_by_plan(case: Case) -> None:
    result = engine().run(usage_limit, case.facts, case.profile)

    assert result.status is Status.OK
    assert result.matched_rule == case.matched
    assert result.unwrap().model_dump() == case.data
    assert result.explanation == case.explanation


def test_the_cases_reach_every_rule() -> None:
    assert {case.matched for case in CASES} == {rule.id for rule in usage_limit.rules}


REFUSED: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "a negative usage": (facts("free", "projects", -1), "current_usage", "range"),
    "a negative request": (facts("free", "projects", 0, -1), "requested_amount", "range"),
    "a fraction": ({**facts("free", "projects", 0), "current_usage": 0.5}, "current_usage", "type"),
    "text": ({**facts("free", "projects", 0), "current_usage": "0"}, "current_usage", "type"),
    "an unknown plan": (facts("gold", "projects", 0), "plan", "choice"),
    "an unknown resource": (facts("free", "seats", 0), "resource", "choice"),
    "a misspelt key": ({**facts("free", "projects", 0), "usage": 1}, "usage", "unknown_key"),
    "no plan": ({"resource": "projects", "current_usage": 0}, "plan", "missing"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_invalid_facts_are_refused(case: str) -> None:
    given, path, code = REFUSED[case]

    result = engine().run(usage_limit, given, PRICING)

    assert result.status is Status.INVALID_INPUT
    assert [(error.path, error.code) for error in result.errors] == [(path, code)]


@pytest.mark.parametrize("warn_at", [0, -1, 1.01, "0.8", True])
def test_a_share_that_warns_lies_between_nothing_and_everything(warn_at: object) -> None:
    result = engine().run(
        usage_limit, facts("free", "projects", 0), {**PRICING, "warn_at": warn_at}
    )

    assert result.status is Status.INVALID_PROFILE
    assert [error.path for error in result.errors] == ["warn_at"]


def test_a_warning_only_at_the_limit_itself_is_none() -> None:
    result = engine().run(usage_limit, facts("free", "projects", 2), {**PRICING, "warn_at": 1})

    assert result.matched_rule == "within-limit"


def test_the_version_is_the_mended_one() -> None:
    assert (usage_limit.id, usage_limit.version) == ("usage-limit", "1.1.0")


def test_a_denial_is_explained_in_full() -> None:
    result = engine().run(usage_limit, facts("free", "projects", 3, 1), PRICING)

    assert str(result).splitlines() == [
        "Decision: usage-limit v1.1.0",
        "Status: OK",
        "Matched: over-limit",
        "Reason: Requested 4 exceeds limit 3",
        "",
        "Evaluation trace:",
        "  ✗ enterprise-unlimited — the condition of `enterprise-unlimited` was false",
        "  ✗ approaching-limit — the condition of `approaching-limit` was false",
        "  ✗ within-limit — the condition of `within-limit` was false",
        "  ✓ over-limit",
    ]


# The four tests that the original was published with, with its corrections.


def run(plan: str, current: int, requested: int) -> Result[Any]:
    return engine().run(usage_limit, facts(plan, "projects", current, requested), PRICING)


def test_the_original_allows_creation_within_limit() -> None:
    data = run("free", 2, 1).unwrap()

    assert data.allowed is True
    assert data.remaining == 0


def test_the_original_blocks_creation_over_limit() -> None:
    data = run("free", 3, 1).unwrap()

    assert data.allowed is False
    assert data.upgrade_required is True
    assert data.suggested_plan == "starter"


def test_the_original_warns_when_approaching_limit() -> None:
    result = run("starter", 8, 1)

    assert result.unwrap().allowed is True
    assert result.unwrap().suggested_plan == "pro"
    assert result.matched_rule == "approaching-limit"


def test_the_original_grants_unlimited_to_enterprise() -> None:
    result = run("enterprise", 1_000, 100)

    assert result.unwrap().allowed is True
    assert result.matched_rule == "enterprise-unlimited"


@pytest.fixture
def original() -> Decision[Any, Any, Any]:
    """Return the decision in the order of rules that it was published in."""
    rules = {rule.id: rule for rule in usage_limit.rules}
    order = ["enterprise-unlimited", "within-limit", "approaching-limit", "over-limit"]
    return Decision(
        id="usage-limit",
        version="1.0.0",
        input=usage_limit.input,
        profile=usage_limit.profile,
        output=usage_limit.output,
        rules=tuple(rules[id] for id in order),
    )


def test_in_the_original_order_approaching_limit_never_matches(
    original: Decision[Any, Any, Any],
) -> None:
    asked = [
        facts(plan, resource, current, requested)
        for plan in ("free", "starter", "pro", "enterprise")
        for resource in ("projects", "alerts")
        for current in range(15)
        for requested in range(15)
    ]
    as_published = engine().bind(original, PRICING)
    mended = engine().bind(usage_limit, PRICING)

    published = {as_published(each).matched_rule for each in asked}
    warned = [each for each in asked if mended(each).matched_rule == "approaching-limit"]

    assert published == {"enterprise-unlimited", "within-limit", "over-limit"}
    assert len(warned) > 50
    assert {as_published(each).matched_rule for each in warned} == {"within-limit"}
