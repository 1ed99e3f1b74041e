"""The ready decisions: every case of every table holds, and the cases reach every rule."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.case_runs import Coverage, coverage, run_catalogue
from criterion.cases import CaseOutcome
from criterion.catalogue import Catalogue
from criterion.engine import Engine

ROOT: Final = Path(__file__).parents[2]
CATALOGUE: Final = Catalogue.load(ROOT)
RUNS: Final = run_catalogue(CATALOGUE)
OUTCOMES: Final = [
    pytest.param(outcome, id=f"{run.decision.id}: {outcome.case.name}")
    for run in RUNS
    for outcome in run.outcomes
]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_case_has_the_expected_answer(outcome: CaseOutcome) -> None:
    assert outcome.differences == ()


@pytest.mark.parametrize("covered", coverage(CATALOGUE, RUNS), ids=lambda each: each.decision.id)
def test_the_cases_reach_every_rule(covered: Coverage) -> None:
    assert covered.unreached == ()


@given(user=st.text(min_size=1, max_size=20), salt=st.text(min_size=1, max_size=20))
def test_a_rollout_of_0_has_nobody_and_one_of_100_everybody(user: str, salt: str) -> None:
    assert access(user, salt, Decimal(0)) == "not-in-rollout"
    assert access(user, salt, Decimal(100)) == "in-rollout"


@given(user=st.text(min_size=1, max_size=20), shares=st.lists(st.decimals(0, 100, places=2)))
def test_raising_the_share_of_a_rollout_takes_nobody_out(user: str, shares: list[Decimal]) -> None:
    rules = [access(user, "salt", share) for share in sorted(shares)]

    assert rules == sorted(rules, key="in-rollout".__eq__)


def access(user: str, salt: str, percent: Decimal) -> str:
    """Return the rule that decides whether a user sees a feature."""
    feature: dict[str, Any] = {
        "is_enabled": True,
        "plans": ["pro"],
        "rollout_percent": percent,
        "salt": salt,
    }
    facts = {"feature": "search", "user_id": user, "plan": "pro"}
    profile = {"features": {"search": feature}}
    return str(Engine().run(CATALOGUE.decision("feature-access"), facts, profile).matched_rule)
