"""The pages for people at a terminal: every command prints what the page says."""

from pathlib import Path
from typing import Final

import pytest

from tests.console_page import has_commands, run_page

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = [page for page in sorted((ROOT / "docs").rglob("*.md")) if has_commands(page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_prints_what_the_page_says(page: Path, tmp_path: Path) -> None:
    assert run_page(page, tmp_path) > 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```console\n$ criterion --version\ncriterion 9\n```\n", "page.md:2 prints"),
        ('```diff title="a.yaml"\n-b\n+c\n```\n', "page.md:1: "),
        ("```console\nno prompt\n```\n", "line 2: "),
    ],
    ids=["other output", "no such line", "no command"],
)
def test_a_page_that_is_wrong_names_its_line(text: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a\n")
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")

    with pytest.raises(AssertionError, match=complaint):
        run_page(page, tmp_path)


def test_a_page_works_in_one_folder_from_top_to_bottom(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        """
```console
$ criterion init shop
shop/decisions/my_decision.yaml
shop/decisions/my_decision.cases.yaml
shop/profiles/my-decision.yaml
shop/tests/test_decisions.py
shop/.criterion/decision.schema.json
shop/.criterion/profile.schema.json
shop/.criterion/cases.schema.json
shop/.criterion/releases.schema.json
shop/.criterion/policy.schema.json
try `cd shop` and `criterion test`
$ cd shop
```

```diff title="profiles/my-decision.yaml"
-  limit: 100
+  limit: 150
```
""",
        "utf-8",
    )

    assert run_page(page, tmp_path) == 2
    assert "limit: 150" in (tmp_path / "shop/profiles/my-decision.yaml").read_text("utf-8")
