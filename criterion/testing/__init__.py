"""Testing: the cases beside the decisions, and how much of a decision they show.

Nothing here needs pytest. What draws facts needs hypothesis, of the extra ``testing``, which is
imported when it is first used.
"""

from criterion.cases import CaseOutcome, Difference
from criterion.conditions import Unreachable
from criterion.testing.covering import Arm, Coverage, RuleReach, coverage
from criterion.testing.kit import (
    assert_deterministic,
    boundaries,
    facts,
    fuzz,
    profiles,
    witnesses,
)
from criterion.testing.outcomes import case_outcomes

__all__ = [
    "Arm",
    "CaseOutcome",
    "Coverage",
    "Difference",
    "RuleReach",
    "Unreachable",
    "assert_deterministic",
    "boundaries",
    "case_outcomes",
    "coverage",
    "facts",
    "fuzz",
    "profiles",
    "witnesses",
]
