"""Decisions of the documentation are lint-clean, but where a page shows what is wrong."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from criterion import load_decision
from criterion.analysis import lint
from criterion.errors import DocumentError

DOCS: Final = Path(__file__).parent.parent.parent / "docs"
BLOCK: Final = re.compile(r"^```yaml[^\n]*\n(decision:.*?)^```", re.MULTILINE | re.DOTALL)

MEANT: Final[dict[tuple[str, str], tuple[set[str], str]]] = {
    ("how-to/lint-a-decision.md", "parcel-band"): (
        {"unreachable", "explanation"},
        "the page shows what lint says of it",
    ),
    ("how-to/find-boundaries.md", "parcel-fee"): (
        {"rule-error"},
        "the page shows where a rule fails",
    ),
    ("reference/expressions.md", "order"): (
        {"unread", "rule-error"},
        "its fields are what the expressions on the page read",
    ),
    ("reference/decision-files.md", "delivery-fee"): (
        {"unread"},
        "it shows a marked field",
    ),
}


def shown() -> Iterator[Any]:
    """Yield each decision, with the page that shows it."""
    for file in sorted(DOCS.rglob("*.md")):
        page = file.relative_to(DOCS).as_posix()
        for place, block in enumerate(BLOCK.findall(file.read_text("utf-8"))):
            yield pytest.param(page, block, id=f"{page}-{place}")


@pytest.mark.parametrize(("page", "source"), list(shown()))
def test_a_decision_of_a_page_is_lint_clean(page: str, source: str) -> None:
    try:
        decision = load_decision(source)
    except DocumentError:
        return  # part of a file, or wrong on purpose; the tests of documentation know which

    report = lint(decision, source=source, budget_ms=20_000)

    meant, _ = MEANT.get((page, decision.id), (set(), ""))
    assert {found.kind for found in report.problems} == meant
