"""Documents with anything anywhere: nothing comes of them but terms, or findings at their paths."""

from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any, Final

import pytest
import yaml

from criterion.errors import DefinitionError
from criterion.policy.document.reader import read_policy
from tests.policy.test_document import WHOLE

DOCUMENT: Final[Any] = yaml.safe_load(WHOLE)
PARTS: Final[list[Any]] = [
    None, True, 0, -1, 3, Decimal("0.5"), Decimal("1e40"), 2**62, "", "x", "t", "3GB", "monthly:99",
    "unlimited", "rune", "{", "hard", [], [None], [{}], ["x"], {}, {"": None}, {"x": {}},
    {"x": None}, {"credit": "token"},
]  # fmt: skip


def paths(part: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    steps: list[tuple[str | int, object]] = []
    if isinstance(part, dict):
        steps = list(part.items())
    elif isinstance(part, list):
        steps = list(enumerate(part))
    for step, below in steps:
        yield from paths(below, (*path, step))


def replaced(document: Any, path: tuple[str | int, ...], value: object) -> Any:  # noqa: ANN401 -- any data
    """Return the document with something else at a path."""
    if not path:
        return value
    copy = deepcopy(document)
    part = copy
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return copy


PLACES: Final = [path for path in paths(DOCUMENT) if path]
STRIDE: Final = 7
"""Each part is put at every seventh place."""


@pytest.mark.parametrize("number", range(len(PARTS)), ids=[repr(part) for part in PARTS])
def test_whatever_stands_anywhere_there_are_terms_or_findings(number: int) -> None:
    for path in PLACES[number % STRIDE :: STRIDE]:
        assert terms_or_rules(replaced(DOCUMENT, path, PARTS[number])), path


def terms_or_rules(document: Any) -> object:  # noqa: ANN401 -- any data
    """Return the terms of a document, or the rules that it breaks."""
    try:
        return read_policy(document).terms
    except DefinitionError as error:
        return [problem.rule for problem in error.problems if problem.message and problem.rule]
