"""What an evaluation may cost: counted in steps, alike in both readings, and within the limits."""

import time
import tracemalloc
from decimal import Decimal
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import Field

from criterion.expression import interpret, program
from criterion.expression.compile import compile_body
from criterion.expression.operations import STEPS_MAX
from criterion.expression.parse import parse
from criterion.expression.schema_types import type_of_schema
from criterion.expression.tree import Body, Clause, Let
from criterion.schema import Schema
from tests.expression.generated import INPUT, PROFILE, bodies, values
from tests.expression.test_readings_agree import outcome
from tests.soak import seconds_max, sized

SECONDS_MAX: Final = 0.05
MEMORY_MAX: Final = 50 * 2**20
STEPS_FEW: Final = 60
LONG: Final = 1_000_000


class Facts(Schema):
    """Lists of every kind that a loop may go over, and data that costs to go through."""

    wholes: list[int]
    numbers: list[Decimal]
    texts: list[str]
    note: str
    anything: Any = Field(default=None)
    table: dict[str, int]
    tables: list[dict[str, int]]
    rows: list[list[int]]


class Nothing(Schema):
    """No profile."""


TYPES: Final = type_of_schema(Facts), type_of_schema(Nothing)


def facts(count: int) -> dict[str, Any]:
    return {
        "wholes": list(range(count)),
        "numbers": [Decimal(number) / 7 for number in range(count)],
        "texts": [f"t{number}" for number in range(count)],
        "note": "x" * LONG,
        "anything": [[0] * 1_000] * 1_000,
        "table": {"a": 1},
        "tables": [{f"k{number}": number for number in range(100)}] * 100,
        "rows": [[0] * 1_000] * 1_000,
    }


def body(source: str, **lets: str) -> Body:
    made = tuple(Let(name=name, value=parse(text)) for name, text in lets.items())
    clause = Clause(id="only", when=None, emit=(("out", parse(source)),), explain=None)
    return Body(lets=made, clauses=(clause,))


def answers(made: Body, given: dict[str, Any]) -> list[object]:
    """Return what the interpreted and the compiled reading say: a value, or a failure's code."""
    compiled = compile_body(made, *TYPES)
    return [
        outcome(lambda one, two: interpret.decide(made, one, two), given, {}),
        outcome(compiled, given, {}),
    ]


REFUSED: Final = [(0, stage, "steps") for stage in ("emit", "emit")]


class Cost(NamedTuple):
    """An expression, and how many steps one item of its list costs."""

    source: str
    each: int


COSTS: Final = [
    Cost("sum(x for x in input.wholes)", 1),
    Cost("count(x > 3 for x in input.wholes)", 3),
    Cost("sum(x * x for x in input.numbers if x > 3)", 6),
    Cost("count(x == 't1' for x in input.texts)", 3),
    Cost("count(x in ['a', 'b'] for x in input.texts)", 5),
    Cost("count(x in input.table for x in input.texts)", 5),
    Cost("count(upper(x) == 'T1' for x in input.texts)", 4),
    Cost("[x + 1 for x in input.wholes]", 3),
    Cost("count([x] == [1] for x in input.wholes)", 5),
]


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: cost.source)
def test_a_loop_pays_for_every_item_as_much_as_its_body_has_nodes(cost: Cost) -> None:
    most = STEPS_MAX // cost.each

    within, compiled = answers(body(cost.source), facts(most))

    assert within == compiled
    assert within not in REFUSED
    assert answers(body(cost.source), facts(most + 1)) == REFUSED


BOMBS: Final = [
    "any(contains(input.note, x) for x in input.texts)",
    "count(upper(input.note) == x for x in input.texts)",
    "count(bucket(input.note, x) > 5 for x in input.texts)",
    "count(input.rows == input.rows for x in input.wholes)",
    "count(input.anything == input.anything for x in input.wholes)",
    "count(input.tables == input.tables for x in input.wholes)",
    "count(input.rows[0] in input.rows for x in input.wholes)",
    "count(x in input.anything for x in input.wholes)",
    "input.rows == input.rows",
    "[input.rows, input.rows]",
    "{'a': input.rows}",
    "[input.rows for x in input.wholes]",
    "[input.note for x in input.wholes]",
    "sum(sum(sum(1 for z in input.wholes) for y in input.wholes) for x in input.wholes)",
]


@pytest.mark.parametrize("source", BOMBS)
def test_what_the_facts_make_large_is_refused(source: str) -> None:
    assert answers(body(source), facts(100)) == REFUSED


def test_lets_that_multiply_one_another_are_refused() -> None:
    lets = {"l0": f"[{', '.join(['1'] * 40)}]"}
    for number in range(1, 8):
        lets[f"l{number}"] = f"[{', '.join([f'l{number - 1}'] * 40)}]"

    assert answers(body("l7", **lets), facts(1)) == REFUSED
    assert answers(body("l7 == l7", **lets), facts(1)) == REFUSED


def test_a_long_list_is_searched_and_a_long_text_read_without_a_loop() -> None:
    for source in ("input.wholes[0] in input.wholes", "contains(input.note, 'x')"):
        assert answers(body(source), facts(2 * STEPS_MAX)) == [(0, {"out": "True"})] * 2


@pytest.mark.soak
@settings(max_examples=sized(3_000, 100), suppress_health_check=list(HealthCheck))
@given(bodies(), values(INPUT), values(PROFILE))
def test_both_readings_run_out_of_steps_together(
    made: Body, given: dict[str, Any], profile: dict[str, Any]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (interpret, program):
            patch.setattr(module, "STEPS_MAX", STEPS_FEW)  # few enough to run out of
        compiled = compile_body(made, INPUT, PROFILE)
        expected = outcome(lambda one, two: interpret.decide(made, one, two), given, profile)

        assert outcome(compiled, given, profile) == expected


NEAR: Final = [
    *COSTS,
    Cost("sum(round(x / 3, 2) for x in input.numbers)", 5),
    Cost("count(bucket(x, 'a') > 5 for x in input.texts)", 5),
    Cost("count(1.234567890123456789 ** -400 > x for x in input.wholes)", 5),
    Cost("count(add_days(date('2026-01-01'), x) == date('2026-01-02') for x in input.wholes)", 7),
    Cost("count({'a': x} == {'a': 1} for x in input.wholes)", 5),
]


def tried(source: str, given: dict[str, Any]) -> tuple[interpret.Reached, float, int]:
    """Return what became of it, the least processor time it took, and the most memory."""
    tree, scope = parse(source), {"input": given}
    times = []
    for _ in range(sized(5, 1)):
        begin = time.process_time()
        interpret.interpret(tree, scope, {})
        times.append(time.process_time() - begin)
    tracemalloc.start()
    reached, _ = interpret.interpret(tree, scope, {})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return reached, min(times), peak


@pytest.mark.soak
@pytest.mark.parametrize("cost", NEAR, ids=lambda cost: cost.source)
def test_an_evaluation_just_within_the_bound_keeps_the_limits(cost: Cost) -> None:
    reached, seconds, peak = tried(cost.source, facts(STEPS_MAX // cost.each))

    assert reached.failure is None
    assert peak < MEMORY_MAX
    assert seconds < seconds_max(SECONDS_MAX)


@pytest.mark.soak
@pytest.mark.parametrize("source", BOMBS)
def test_an_evaluation_that_is_refused_keeps_the_limits(source: str) -> None:
    reached, seconds, peak = tried(source, facts(100))

    assert reached.failure is not None
    assert peak < MEMORY_MAX
    assert seconds < seconds_max(SECONDS_MAX)
