"""Hostile expressions: each is refused at its place, or right, and touches nothing outside."""

import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import pytest
import yaml

from criterion.errors import ExpressionError
from criterion.expression.check import check
from criterion.expression.failure import FAILURES
from criterion.expression.interpret import interpret
from criterion.expression.mistake import MISTAKES
from criterion.expression.parse import parse
from criterion.expression.values import shown
from tests.expression.subjects import FACTS, SCOPE

CASES: Final[list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("hostile_expressions.yaml").read_text("utf-8")
)
CASES_MIN: Final = 200
LINE_MAX: Final = 300
MEMORY_MAX: Final = 50 * 2**20
SECONDS_MAX: Final = 5.0
"""A hundred times the promise, so that a busy machine does not fail it; an attack would."""

FORBIDDEN: Final = (
    "open", "exec", "compile", "import", "os.", "subprocess.", "socket.", "ctypes.", "pickle.",
    "shutil.", "tempfile.", "code.__new__", "function.__new__", "sys._getframe", "marshal.",
)  # fmt: skip


def source_of(case: dict[str, Any]) -> str:
    times = case.get("times", 0)
    return f"{case.get('before', '') * times}{case['expression']}{case.get('after', '') * times}"


NAMES: Final = [f"{place} {source_of(case)[:60]!a}" for place, case in enumerate(CASES)]


def outcome(source: str) -> dict[str, Any]:
    """Return what becomes of an expression, as the data file says it."""
    error = refusal(source)
    if error is not None:
        return {"refused": error.kind, "column": error.column}
    tree = parse(source)
    found = check(tree, SCOPE).mistakes
    if found:
        return {"refused": found[0].kind, "column": found[0].at}
    reached, _ = interpret(tree, FACTS, {})
    if reached.failure is not None:
        return {"fails": reached.failure.code}
    return {"value": shown(reached.value)}


def refusal(source: str) -> ExpressionError | None:
    try:
        parse(source)
    except ExpressionError as error:
        return error
    return None


class Watch:
    """Notes what the interpreter reports while it is on."""

    def __init__(self) -> None:
        self.is_on = False
        self.events: list[str] = []

    def __call__(self, event: str, _: tuple[object, ...]) -> None:
        if self.is_on and event.startswith(FORBIDDEN):
            self.events.append(event)

    @contextmanager
    def watching(self) -> Iterator[list[str]]:
        self.events = []
        self.is_on = True
        try:
            yield self.events
        finally:
            self.is_on = False


@pytest.fixture(scope="module")
def watch() -> Watch:
    outcome("input.plan == 'enterprize'")  # what is imported when first needed
    outcome("input.plan == 'pro'")
    made = Watch()
    sys.addaudithook(made)
    return made


def test_the_watch_sees_a_file_being_opened(watch: Watch) -> None:
    with watch.watching() as events:
        Path(__file__).open("rb").close()

    assert events == ["open"]


def test_there_are_enough_cases_and_none_twice() -> None:
    sources = [source_of(case) for case in CASES]

    assert len(sources) == len(set(sources)) >= CASES_MIN


def test_the_cases_show_every_kind_of_mistake_that_an_expression_can_have() -> None:
    of_bodies = {"constant", "missing"}

    assert {case.get("refused") for case in CASES} - {None} == set(MISTAKES) - of_bodies
    assert {case.get("fails") for case in CASES} - {None} <= set(FAILURES)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_hostile_expression_is_refused_or_right(case: dict[str, Any], watch: Watch) -> None:
    source = source_of(case)
    expected = {key: case[key] for key in ("refused", "column", "fails", "value") if key in case}

    start = perf_counter()
    with watch.watching() as events:
        found = outcome(source)
    taken = perf_counter() - start

    assert found == expected
    assert events == []
    assert taken < SECONDS_MAX


def test_no_expression_takes_much_memory() -> None:
    tracemalloc.start()
    try:
        for case in CASES:
            outcome(source_of(case))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < MEMORY_MAX


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_an_error_is_short_lines_that_point_at_the_column(case: dict[str, Any]) -> None:
    error = refusal(source_of(case))
    if error is None:
        return

    message, line, caret, *hint = str(error).split("\n")

    assert error.__cause__ is error.__context__ is None
    assert all(len(part) <= LINE_MAX for part in (message, line, *hint))
    assert caret.strip() == "^"
    assert len(caret) <= len(line) + 1
    assert str(error).replace("\n", "").isprintable()
