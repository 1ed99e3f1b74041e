"""The ready decisions: their cases notice every change, but for those they say nothing can."""

from pathlib import Path
from typing import Final

import pytest

from criterion.case_runs import read_catalogue
from criterion.catalogue import Catalogue
from criterion.documents.decision_loading import bytes_of
from criterion.expression_decision import ExpressionDecision
from criterion.mutation import mutation_check

CATALOGUE: Final = Catalogue.load(Path(__file__).parents[2])
CASES: Final = read_catalogue(CATALOGUE)[0].values()
IN_YAML: Final = [each for each in CATALOGUE.decisions if isinstance(each, ExpressionDecision)]


@pytest.mark.parametrize("decision", IN_YAML, ids=repr)
def test_the_cases_notice_every_change(decision: ExpressionDecision) -> None:
    cases = [file for file in CASES if file.decision == decision.id]
    file = CATALOGUE.file_of(decision)
    assert file is not None

    check = mutation_check(decision, (bytes_of(file), str(file)), CATALOGUE.profiles, cases)

    assert (check.findings, check.stale) == ((), ())
    assert check.tried == check.noticed + check.equivalent > 0
