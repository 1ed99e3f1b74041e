"""The reference: every public name, status, error class and code has a heading of its own."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import criterion
from criterion.cli.app import make_app
from criterion.errors import CriterionError
from criterion.expression.failure import FAILURES
from criterion.expression.functions import FUNCTIONS
from criterion.expression.mistake import MISTAKES
from criterion.result import Result, RuleTrace, Status
from criterion.validation import CODES, ErrorDetail

REFERENCE: Final = Path(__file__).parent.parent / "docs" / "reference"
_FENCED: Final = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_HEADING: Final = re.compile(r"^#{2,4} (.+)$", re.MULTILINE)
_WORD: Final = re.compile(r"`([^`]+)`")


def test_every_public_name_has_its_heading() -> None:
    assert missing(criterion.__all__, "api.md") == []


def test_every_status_has_its_heading() -> None:
    assert missing(Status.__members__, "results.md") == []


def test_every_attribute_of_a_result_has_its_heading() -> None:
    attributes = [name for name in vars(Result) if not name.startswith("_")]

    assert missing(attributes, "results.md") == []


def test_every_class_of_error_has_a_heading_with_its_code() -> None:
    codes = [error.code for error in classes(CriterionError)]

    assert missing(codes, "errors.md") == []


def test_every_code_of_a_result_has_its_heading() -> None:
    assert missing(CODES, "errors.md") == []


def test_every_function_failure_and_mistake_of_expressions_has_its_heading() -> None:
    assert missing([*FUNCTIONS, *FAILURES, *MISTAKES], "expressions.md") == []


def test_every_command_has_its_heading() -> None:
    commands = [str(command.name) for command in make_app().registered_commands]

    assert missing(commands, "cli.md") == []


def test_every_part_of_a_trace_and_of_an_error_stands_in_a_table() -> None:
    page = (REFERENCE / "results.md").read_text("utf-8")
    parts = [*RuleTrace._fields, *ErrorDetail._fields]

    assert [part for part in parts if f"\n| `{part}` |" not in page] == []


def missing(names: Iterable[str], page: str) -> list[str]:
    """Return the names without a heading of the page."""
    known = headings(page)
    return [name for name in names if name not in known]


def headings(page: str) -> set[str]:
    """Return the words in backticks in the headings of a page, outside its examples."""
    prose = _FENCED.sub("", (REFERENCE / page).read_text("utf-8"))
    return {word for heading in _HEADING.findall(prose) for word in _WORD.findall(heading)}


def classes(root: type[CriterionError]) -> Iterator[type[CriterionError]]:
    """Yield a class of error and all that derive from it."""
    yield root
    for error in root.__subclasses__():
        if error.__module__ == "criterion.errors":
            yield from classes(error)
