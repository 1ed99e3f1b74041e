"""Analysis: what can be said about a decision before it runs, with proof or with an example."""

from criterion.analysis.also_matched import AlsoMatched, also_matched
from criterion.analysis.counterfactual import Change, Counterfactual, Counterfactuals
from criterion.analysis.counterfactuals import counterfactuals
from criterion.analysis.diffing import Answers, Diff, diff
from criterion.analysis.finding import Finding, Place, Report
from criterion.analysis.linting import lint
from criterion.analysis.twins import Difference

__all__ = [
    "AlsoMatched",
    "Answers",
    "Change",
    "Counterfactual",
    "Counterfactuals",
    "Diff",
    "Difference",
    "Finding",
    "Place",
    "Report",
    "also_matched",
    "counterfactuals",
    "diff",
    "lint",
]
