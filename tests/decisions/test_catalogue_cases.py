"""The ready decisions: their cases, which are tests themselves, reach every rule and arm."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.case_runs import run_catalogue
from criterion.catalogue import AnyDecision, Catalogue
from criterion.engine import Engine
from criterion.testing import coverage

ROOT: Final = Path(__file__).parents[2]
CATALOGUE: Final = Catalogue.load(ROOT)


@pytest.mark.parametrize("decision", CATALOGUE.decisions, ids=repr)
def test_the_cases_reach_every_rule_and_see_every_arm(decision: AnyDecision) -> None:
    runs = run_catalogue(CATALOGUE, [decision])

    covered = coverage(
        decision,
        (outcome for run in runs for outcome in run.outcomes),
        unreachable=(arm for run in runs for arm in run.unreachable),
    )

    assert covered.is_full, str(covered)


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
