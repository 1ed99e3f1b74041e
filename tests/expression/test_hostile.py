"""Hostile expressions: each is refused at its place, or right, and touches nothing outside."""

import tracemalloc
from pathlib import Path
from time import process_time
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
from tests.soak import seconds_max, sized
from tests.watch import Watch

CASES: Final[list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("hostile_expressions.yaml").read_text("utf-8")
)
CASES_MIN: Final = 200
LINE_MAX: Final = 300
MEMORY_MAX: Final = 50 * 2**20
SECONDS_MAX: Final = 0.05


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


@pytest.fixture(scope="module")
def watch() -> Watch:
    outcome("input.plan == 'enterprize'")  # what is imported when first needed
    outcome("input.plan == 'pro'")
    return Watch()


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

    with watch.watching() as events:
        found = outcome(source)

    assert found == expected
    assert events == []


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_hostile_expression_keeps_the_limits(case: dict[str, Any]) -> None:
    source = source_of(case)
    times = []
    for _ in range(sized(3, 1)):
        begin = process_time()
        outcome(source)
        times.append(process_time() - begin)
    tracemalloc.start()
    outcome(source)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < MEMORY_MAX
    assert min(times) < seconds_max(SECONDS_MAX)


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
