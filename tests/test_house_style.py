"""The house style's numbers: sizes of files and functions, shares, and what no file may hold."""

import ast
import io
import re
import statistics
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).parent.parent
SOURCES: Final = [
    path
    for folder in ("criterion", "decisions", "integrations")
    for path in sorted((ROOT / folder).rglob("*.py"))
]

FILE_LINES_MAX: Final = 400
FUNCTION_LINES_MAX: Final = 50
FUNCTION_LINES_MEDIAN_MAX: Final = 10
FUNCTION_LINES_90TH_MAX: Final = 25
ARGUMENTS_MAX: Final = 6
COMMENT_SHARE_MAX: Final = 0.08

LEFT_TO_DO: Final = re.compile(r"\b(TODO|FIXME)\b")
HOME_PATH: Final = re.compile(r"(?<![\w.])/(?:home|Users|root)/\w|\b[A-Z]:\\Users\\")

_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class Function(NamedTuple):
    """One function as it stands in a file."""

    place: str
    lines: int
    arguments: int


def functions() -> list[Function]:
    return [
        Function(f"{_name(path)}:{node.lineno} {node.name}", _length(node), _arguments(node))
        for path in SOURCES
        for node in ast.walk(_tree(path))
        if isinstance(node, _FunctionNode)
    ]


def test_a_file_is_split_before_it_is_too_long() -> None:
    lengths = {_name(path): len(_lines(path)) for path in SOURCES}

    assert [name for name, lines in lengths.items() if lines > FILE_LINES_MAX] == []


def test_a_function_fits_on_a_screen() -> None:
    assert [item.place for item in functions() if item.lines > FUNCTION_LINES_MAX] == []


def test_most_functions_are_short() -> None:
    lengths = [item.lines for item in functions()]

    assert statistics.median(lengths) <= FUNCTION_LINES_MEDIAN_MAX
    assert statistics.quantiles(lengths, n=10)[-1] <= FUNCTION_LINES_90TH_MAX


def test_a_function_takes_few_arguments() -> None:
    assert [item.place for item in functions() if item.arguments > ARGUMENTS_MAX] == []


def test_every_module_says_in_its_first_line_what_it_is() -> None:
    openings = {_name(path): _lines(path)[:1] for path in SOURCES}

    assert [name for name, line in openings.items() if not _is_concept(line)] == []


def test_comments_are_rare() -> None:
    comments = sum(_comments(path) for path in SOURCES)
    lines = sum(len(_lines(path)) for path in SOURCES)

    assert comments / lines <= COMMENT_SHARE_MAX


def test_nothing_is_left_to_do_in_a_comment() -> None:
    assert list(_found(LEFT_TO_DO, SOURCES)) == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    here = re.compile(rf"{HOME_PATH.pattern}|{re.escape(str(ROOT))}\b")

    assert list(_found(here, _tracked())) == []


def test_the_package_never_imports_its_own_root() -> None:
    package = [path for path in SOURCES if path.is_relative_to(ROOT / "criterion")]

    assert [_name(path) for path in package if "criterion" in _imported(path)] == []


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _length(node: _FunctionNode) -> int:
    """Count the lines from ``def`` to the last one, without the docstring."""
    first = node.body[0]
    documented = ast.get_docstring(node, clean=False) is not None
    return _span(node) - (_span(first) if documented else 0)


def _span(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _arguments(node: _FunctionNode) -> int:
    spec = node.args
    named = [argument.arg for argument in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
    rest = [spec.vararg, spec.kwarg]
    bound = named[:1] in (["self"], ["cls"])
    return len(named) - bound + sum(argument is not None for argument in rest)


def _is_concept(opening: list[str]) -> bool:
    return bool(opening) and re.match(r'r?"""[^"\s].*\S', opening[0]) is not None


def _comments(path: Path) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline)
    return sum(token.type == tokenize.COMMENT for token in tokens)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _found(pattern: re.Pattern[str], paths: list[Path]) -> Iterator[str]:
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8", "ignore").splitlines(), 1):
            if pattern.search(line):
                yield f"{_name(path)}:{number}"


def _tracked() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git does not know this folder")
    return [ROOT / name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]
