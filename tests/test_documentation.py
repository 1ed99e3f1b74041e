"""The documentation: its examples run and print what it says, and its links lead somewhere.

All Python blocks of a page share one namespace and run from top to bottom. A text block titled
"output", right after a Python block, shows exactly what that block prints:

    ```text title="output"
    Matched: over-limit
    ```
"""

import contextlib
import io
import linecache
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest
from sybil import Document, Example, Region
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINKING_PAGES: Final = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

OUTPUT: Final = 'title="output"'
_FENCES: Final = RawFencedCodeBlockLexer(
    re.compile(r"(?P<language>[^\s`]*)[ \t]*(?P<options>[^\n]*)\n")
)
_CODE: Final = re.compile(r"^(```|~~~).*?^\1|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_SHOWN_FILE: Final = re.compile(
    r'^```[a-z]+ title="(docs/[^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL
)
_LINK: Final = re.compile(r"\]\(([^()\s]+)[^()]*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_example_runs_and_prints_what_the_page_says(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_page(page, monkeypatch)


@pytest.mark.parametrize("page", LINKING_PAGES, ids=name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    prose = _CODE.sub("", page.read_text("utf-8"))
    targets = [inline or reference for inline, reference in _LINK.findall(prose)]

    assert [target for target in targets if not _leads_somewhere(target, page)] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_file_that_a_page_shows_is_the_one_in_the_repository(page: Path) -> None:
    for file, shown in _SHOWN_FILE.findall(page.read_text("utf-8")):
        assert shown == (ROOT / file).read_text("utf-8"), f"{page.name} shows another `{file}`"


def test_every_example_policy_is_shown_and_loaded_by_a_page() -> None:
    files = {name(file) for file in (ROOT / "docs/examples/policies").iterdir()}
    page = (ROOT / "docs/how-to/meter-usage.md").read_text("utf-8")

    assert set(dict(_SHOWN_FILE.findall(page))) == files
    assert set(re.findall(r'Policy\.load\("([^"]+)"\)', page)) == files


def test_an_example_that_raises_names_its_page_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(tmp_path, "one", "```python", "a = 1", "```", "```python", "a / 0", "```")

    with pytest.raises(ZeroDivisionError) as caught:
        run_page(page, monkeypatch)

    last = caught.traceback[-1]
    assert (Path(str(last.path)), last.lineno + 1) == (page, 6)


def test_the_source_of_an_example_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = ["import inspect", "print(inspect.getsource(first), end='')"]
    shown = ["def first():", "    return 1"]
    page = page_of(
        tmp_path,
        *("text", "```python", *shown, "```"),
        *("```python", *asking, "```"),
        *(f"```text {OUTPUT}", *shown, "```"),
    )

    run_page(page, monkeypatch)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["```python", "print(1)", "```", "", f"```text {OUTPUT}", "2", "```"], "page.md:5: "),
        (["```python", "print(1)", "```", "so", f"```text {OUTPUT}", "1", "```"], "right after"),
        ([f"```text {OUTPUT}", "1", "```"], "page.md:1: "),
    ],
    ids=["other output", "text between", "no example before"],
)
def test_an_output_that_is_not_printed_names_its_page_and_line(
    lines: list[str], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(tmp_path, *lines)

    with pytest.raises(AssertionError, match=complaint):
        run_page(page, monkeypatch)


def page_of(folder: Path, *lines: str) -> Path:
    page = folder / "page.md"
    page.write_text("\n".join([*lines, ""]), "utf-8")
    return page


def run_page(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the examples of one page in a module of their own; the first that fails raises."""
    module = ModuleType(f"page_{page.stem.replace('-', '_')}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    document = Document.parse(str(page), _blocks)
    document.namespace = module.__dict__
    monkeypatch.setitem(linecache.cache, str(page), _source(document))
    printed, end = "", -1
    for example in document:
        if example.region.lexemes["language"] == "python":
            printed, end = _printed(example), example.end
        else:
            place = f"{page.name}:{example.line}"
            between = document.text[end : example.start] if end >= 0 else "no example"
            assert not between.strip(), f"{place}: output does not stand right after its example"
            assert example.parsed == printed, f"{place}: the example prints something else"


def _blocks(document: Document) -> Iterator[Region]:
    for region in _FENCES(document):
        kind = region.lexemes["language"], region.lexemes["options"].strip()
        if kind[0] == "python":
            region.parsed = region.lexemes["source"]
            yield region
        elif kind == ("text", OUTPUT):
            # The lexer's own source is dedented; what is printed may begin with spaces.
            lines = document.text[region.start : region.end].splitlines(keepends=True)
            region.parsed = "".join(lines[1:-1])
            yield region


def _source(document: Document) -> tuple[int, None, list[str], str]:
    """Return what the line cache keeps of a file: the page, with all but its Python blank."""
    lines = ["\n"] * (document.text.count("\n") + 1)
    for example in document:
        if example.region.lexemes["language"] == "python":
            code = example.parsed.splitlines(keepends=True)
            lines[example.line : example.line + len(code)] = code
    return sum(map(len, lines)), None, lines, document.path


def _printed(example: Example) -> str:
    stdout = io.StringIO()
    with contextlib.redirect_stdout(stdout):
        PythonEvaluator()(example)
    return stdout.getvalue()


def _leads_somewhere(target: str, page: Path) -> bool:
    path = target.partition("#")[0]
    return not path or re.match(r"[a-z]+:", path) is not None or (page.parent / path).exists()
