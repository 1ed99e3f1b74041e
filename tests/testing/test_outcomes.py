"""Tests for projects: the cases beside the decisions, as outcomes that a test can look at."""

from pathlib import Path

import pytest

from criterion import Catalogue
from criterion.errors import CatalogueError
from criterion.scaffold import create, project_files
from criterion.testing import case_outcomes


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    create(project_files(Path()))
    return tmp_path


@pytest.mark.usefixtures("root")
def test_every_case_has_an_outcome_that_is_named_for_it() -> None:
    assert [str(outcome) for outcome in case_outcomes()] == [
        "my-decision: exactly the limit",
        "my-decision: one more than the limit",
        "my-decision: an amount is required",
    ]
    assert all(outcome.passed for outcome in case_outcomes())


def test_a_catalogue_may_be_given(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")

    assert len(case_outcomes(Catalogue.load(root))) == 3


def test_cases_with_mistakes_are_not_run(root: Path) -> None:
    (root / "decisions/my_decision.cases.yaml").write_text("decision: my-decision\n")

    with pytest.raises(CatalogueError, match="`cases` is missing from a cases file"):
        case_outcomes()


def test_a_case_that_expects_data_fails_where_nothing_matches(root: Path) -> None:
    file = root / "decisions/my_decision.yaml"
    text = file.read_text().replace("when: otherwise", "when: input.amount <= profile.limit")
    file.write_text(text.replace("amount > profile.limit", "amount < 0"))

    (failed,) = [outcome for outcome in case_outcomes() if not outcome.passed]

    assert str(failed) == "my-decision: one more than the limit"
    assert 'data: expected {"allowed":false}, got null' in map(str, failed.differences)
