"""The pages as a whole: each can be found, and what they say alike is true."""

import re
import tomllib
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from criterion import Catalogue, Engine, ProfileRegistry
from tests.test_reference import missing

ROOT: Final = Path(__file__).parent.parent
DOCS: Final = ROOT / "docs"
PAGES: Final = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
INSTALL: Final = DOCS / "how-to/install.md"
SETTINGS: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS: Final[dict[str, list[str]]] = SETTINGS["project"]["optional-dependencies"]
NAME: Final = SETTINGS["project"]["name"]


def linked(page: Path) -> set[Path]:
    targets = re.findall(r"\]\(([^()\s#]+\.md)[^()]*\)", page.read_text("utf-8"))
    return {(page.parent / target).resolve() for target in targets}


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def test_every_page_is_linked_from_the_first_or_from_the_list_of_choices() -> None:
    choices = DOCS / "explanation/design-choices.md"
    found = {DOCS / "index.md"} | linked(DOCS / "index.md") | linked(choices)

    assert [name(page) for page in DOCS.rglob("*.md") if page not in found] == []


def test_the_choices_are_numbered_without_a_gap_and_have_one_form() -> None:
    pages = sorted((DOCS / "explanation/adr").glob("*.md"))
    heads = [re.findall(r"^##? .*", page.read_text("utf-8"), re.MULTILINE) for page in pages]
    parts = ["## Context", "## Decision", "## Consequences"]

    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    assert [
        head for page, head in zip(pages, heads, strict=True) if head[0][2:6] != page.name[:4]
    ] == []
    assert [head[0] for head in heads if head[1:] != parts] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_installs_from_a_copy_with_extras_that_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    asked = re.findall(r"pip install '?([^\s'\[]+)(?:\[([^]]*)\])?", text)
    ours = [(what, extras) for what, extras in asked if "criterion" in what]

    if page != INSTALL and ours:
        assert {what for what, _ in ours} == {"../criterion"}
        assert page.parent == ROOT or INSTALL in linked(page)
    assert unknown(extras for _, extras in ours) == set()


def unknown(extras: Iterable[str]) -> set[str]:
    return {word for each in extras for word in each.split(",") if word} - EXTRAS.keys()


def test_every_extra_has_its_row() -> None:
    table = re.findall(r"^\| `(\w+)` \|", INSTALL.read_text("utf-8"), re.MULTILINE)

    assert sorted(table) == sorted(EXTRAS)
    assert EXTRAS["all"] == [f"{NAME}[{','.join(extra for extra in EXTRAS if extra != 'all')}]"]


def test_the_glossary_has_each_word_once() -> None:
    page = (DOCS / "reference/glossary.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", page, re.MULTILINE)
    words = [word for row in rows for word in row.split(", ") if word not in {"Word", "---"}]

    assert len(words) > 50
    assert sorted(set(words)) == sorted(words)


def test_every_public_package_has_its_row() -> None:
    page = (DOCS / "reference/api.md").read_text("utf-8")
    rows = re.findall(r"^\| (`criterion[^|]*) \|", page, re.MULTILINE)
    named = re.findall(r"`([\w.]+)`", " ".join(rows))
    packages = {
        ".".join(file.parent.relative_to(base).parts)
        for base in (ROOT, ROOT / "integrations")
        for top in base.glob("criterion*")
        for file in top.rglob("__init__.py")
        if "__all__" in file.read_text("utf-8")
    }

    assert all(hasattr(import_module(each), "__all__") for each in named)
    assert packages - set(named) == {"criterion.mutation"}  # behind `criterion test --mutate`


@pytest.mark.parametrize("made", [Catalogue(()), Engine(), ProfileRegistry()], ids=type)
def test_every_method_and_attribute_of_what_serves_has_its_heading(made: object) -> None:
    members = [each for each in (*vars(type(made)), *vars(made)) if not each.startswith("_")]

    assert missing(members, "api.md") == []
