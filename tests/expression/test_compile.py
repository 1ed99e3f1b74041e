"""The compiled reading: what is generated, where failures are placed, and what it cannot reach."""

import dis
import sys
from collections.abc import Mapping
from decimal import Decimal
from types import FunctionType
from typing import Any, Final

import pytest

from criterion.expression.compile import compile_body, compile_text, source_of
from criterion.expression.failure import ClauseFailure
from criterion.expression.interpret import decide
from criterion.expression.operations import STEPS_MAX
from criterion.expression.parse import parse, parse_text
from criterion.expression.tree import Body, Clause, Constant, Expression, Let, Negative, Text
from criterion.expression.types import (
    ANY,
    BOOLEAN,
    INTEGER,
    NUMBER,
    QUANTITY,
    TEXT,
    Type,
)
from criterion.frozen import FrozenDict, FrozenList
from tests.expression.generated import listing, mapping, nullable

INPUT: Final = mapping(
    n=INTEGER, small=Type(kind="integer", minimum=0, maximum=9), rate=NUMBER, room=QUANTITY,
    text=TEXT, flag=BOOLEAN, maybe=nullable(INTEGER), maybe_text=nullable(TEXT),
    maybe_flag=nullable(BOOLEAN), numbers=listing(INTEGER), texts=listing(TEXT), thing=ANY,
)  # fmt: skip
PROFILE: Final = mapping(limits=mapping(item=QUANTITY), names=listing(TEXT))
FACTS: Final = {
    "n": 3, "small": 2, "rate": Decimal("0.5"), "room": Decimal("Infinity"), "text": "free",
    "flag": True, "maybe": None, "maybe_text": None, "maybe_flag": None, "numbers": [1, 2, 3],
    "texts": ["a"], "thing": None,
}  # fmt: skip
VALUES: Final = {"limits": {"free": 3}, "names": ["x"]}


def body(*clauses: tuple[str | None, Mapping[str, str]], **lets: str) -> Body:
    return Body(
        lets=tuple(Let(name=name, value=parse(source)) for name, source in lets.items()),
        clauses=tuple(
            Clause(
                id=f"rule-{place}",
                when=None if when is None else parse(when),
                emit=tuple((name, parse(source)) for name, source in emit.items()),
                explain=None,
            )
            for place, (when, emit) in enumerate(clauses)
        ),
    )


def answer(given: Body, **facts: object) -> tuple[int, dict[str, Any] | None]:
    return compile_body(given, INPUT, PROFILE)({**FACTS, **facts}, VALUES)


def failure(given: Body, **facts: object) -> tuple[int, str, str]:
    with pytest.raises(ClauseFailure) as raised:
        answer(given, **facts)
    assert raised.value.__context__ is None
    return raised.value.index, raised.value.stage, raised.value.failure.code


def emitting(source: str, **lets: str) -> Body:
    return body((None, {"out": source}), **lets)


def test_the_first_clause_that_matches_decides() -> None:
    given = body(("input.n > 5", {"out": "1"}), ("input.n > 1", {"out": "input.n"}), (None, {}))

    assert answer(given, n=9) == (0, {"out": 1})
    assert answer(given, n=2) == (1, {"out": 2})
    assert answer(given, n=0) == (2, {})


def test_without_a_match_there_is_no_data() -> None:
    assert answer(body(("input.n > 5", {}), ("input.n > 4", {}))) == (2, None)


def test_data_that_is_always_the_same_is_shared_and_frozen() -> None:
    run = compile_body(emitting("[1, {'a': [2]}]"), INPUT, PROFILE)

    first, second = run(FACTS, VALUES)[1], run(FACTS, VALUES)[1]

    assert first is second
    assert isinstance(first, FrozenDict)
    assert isinstance(first["out"], FrozenList)
    with pytest.raises(TypeError):
        first["out"][1]["a"].append(3)


PLACES: Final = [
    (body(("input.n / 0 > 1", {})), (0, "when", "division_by_zero")),
    (body(("false", {}), ("input.n // (input.n - 3) > 1", {})), (1, "when", "division_by_zero")),
    (body(("input.flag", {"a": "1", "b": "profile.limits.pro"})), (0, "emit", "missing_key")),
    (body(("input.maybe > 1", {})), (0, "when", "null")),
    (body(("input.maybe_flag", {})), (0, "when", "null")),
    (body(("startswith(input.maybe_text, input.text)", {})), (0, "when", "null")),
    (body(("input.thing", {})), (0, "when", "null")),
    (body(("input.numbers[7] > 1", {})), (0, "when", "missing_key")),
    (body(("any(1 / (x - 2) > 5 for x in input.numbers)", {})), (0, "when", "division_by_zero")),
    (body(("false", {}), ("later > 1", {}), later="1 / (input.n - 3)"),
     (1, "when", "division_by_zero")),
    (emitting("input.n * 2 ** 62"), (0, "emit", "overflow")),
    (emitting("[input.n * 2 ** 62]"), (0, "emit", "overflow")),
    (emitting("input.room - input.room"), (0, "emit", "undefined")),
]  # fmt: skip


@pytest.mark.parametrize(("given", "place"), PLACES)
def test_a_failure_names_the_clause_the_stage_and_the_code(
    given: Body, place: tuple[int, str, str]
) -> None:
    assert failure(given) == place


def test_a_let_that_is_not_needed_cannot_fail() -> None:
    given = body(("input.n == 3", {"out": "1"}), ("bad > 1", {}), bad="1 / 0")

    assert answer(given) == (0, {"out": 1})


def test_a_value_that_an_earlier_clause_may_have_skipped_is_worked_out_again() -> None:
    given = body(
        ("input.flag and usage > 5", {"out": "usage"}),
        (None, {"out": "usage"}),
        usage="input.n + 1",
    )

    assert answer(given, flag=False) == (1, {"out": 4})
    assert answer(given, n=9) == (0, {"out": 10})


def test_values_that_are_used_again_are_kept_in_locals() -> None:
    given = body(
        ("usage > 5 and usage < 9", {"out": "usage"}), (None, {"out": "usage"}), usage="input.n + 1"
    )

    assert source_of(given, INPUT, PROFILE).count("+ 1") == 1


def test_a_large_let_that_many_may_need_has_a_function_of_its_own() -> None:
    total = " + ".join(["input.n"] * 10)
    given = body(
        *((f"input.flag and total == {place}", {"out": "total"}) for place in range(5)),
        (None, {"out": "total"}),
        total=total,
    )

    source = source_of(given, INPUT, PROFILE)

    assert source.count("+") == 2 * 9  # where it is first needed, and in the function for the rest
    assert answer(given, flag=False) == (5, {"out": 30})


def test_lets_that_double_one_another_stay_small() -> None:
    lets = {"let_0": "input.n if input.flag else 1"}
    for place in range(1, 40):
        before = f"let_{place - 1}"
        lets[f"let_{place}"] = f"{before} if input.n > {place} else {before} * 2"
    given = emitting("let_39 > 1", **lets)

    assert len(source_of(given, INPUT, PROFILE)) < 20_000
    assert answer(given) == (0, {"out": True})


def test_lets_that_square_one_another_run_into_the_bound() -> None:
    lets = {"let_0": "input.n * input.n"}
    for place in range(1, 40):
        lets[f"let_{place}"] = f"let_{place - 1} * let_{place - 1}"
    given = emitting("let_39 > 1", **lets)

    assert failure(given) == (0, "emit", "overflow")


def test_an_expression_as_deep_as_there_may_be_compiles() -> None:
    lets, name = [], "input.n"
    for place in range(10):
        deep = parse(name)
        for _ in range(28):
            deep = Negative(at=1, end=1, operand=deep)
        name = f"let_{place}"
        lets.append(Let(name=name, value=deep))
    clause = Clause(id="a", when=None, emit=(("out", parse(name)),), explain=None)

    assert answer(Body(lets=tuple(lets), clauses=(clause,))) == (0, {"out": 3})


def test_an_author_s_text_is_only_ever_a_literal() -> None:
    hostile = "'\"\\\n{x}\ud800#"
    constant = Constant(at=1, end=1, value=hostile)
    text = parse_text("{input.text}{{'\"")
    clause = Clause(id="a", when=None, emit=((hostile, constant), ("text", text)), explain=None)

    assert answer(Body(lets=(), clauses=(clause,))) == (0, {hostile: hostile, "text": "free{'\""})


def test_generated_code_has_no_builtins_imports_or_attributes_of_facts() -> None:
    given = emitting("[lower(x) + input.text for x in input.texts if len(x) > 0]")
    run = compile_body(given, INPUT, PROFILE)
    assert isinstance(run, FunctionType)

    names = {item.argval for item in dis.get_instructions(run) if item.opname == "LOAD_ATTR"}

    assert run.__globals__["__builtins__"] == {}
    assert names == set()


def test_an_evaluation_raises_no_audit_event() -> None:
    run = compile_body(emitting("sum(x for x in input.numbers) + len(input.text)"), INPUT, PROFILE)
    seen: list[str] = []
    watching = [True]
    sys.addaudithook(lambda event, _: seen.append(event) if watching[0] else None)

    run(FACTS, VALUES)
    watching[0] = False

    assert [event for event in seen if event != "sys._getframe"] == []


def test_the_facts_stay_as_they_are() -> None:
    facts = {**FACTS, "numbers": [3, 1, 2]}

    data = compile_body(emitting("input.numbers"), INPUT, PROFILE)(facts, VALUES)[1]

    assert data == {"out": [3, 1, 2]}
    assert facts["numbers"] == [3, 1, 2]


def test_the_steps_are_counted_over_the_whole_decision() -> None:
    third = [1] * (STEPS_MAX // 3)
    once = "sum(x for x in input.numbers) < 0"
    within, beyond = (
        body((once, {}), (once, {})),
        body((once, {}), (once, {}), (once, {}), (once, {})),
    )

    assert answer(within, numbers=third) == (2, None)
    assert failure(beyond, numbers=third) == (3, "when", "steps")


BOTH: Final = [
    "min(input.n, input.small, 2)",
    "max(input.rate, input.room)",
    "input.text in ['free', 'pro']",
    "input.maybe == null",
    "3 == null",
    "input.thing in input.numbers",
    "[x for x in input.numbers if any(x == y for y in input.numbers if y > x - 1)]",
    "get(profile.limits, input.text, 0)",
    "contains(input.text, input.text)",
    "{'a': input.n, 'b': [input.text]}",
    "input.n if input.flag or input.maybe > 1 else input.small",
    "[sum(input.n + x * y for y in input.numbers) for x in input.numbers]",
    "round(input.rate * 3, 1)",
]


@pytest.mark.parametrize("source", BOTH)
def test_a_written_expression_has_one_value_in_both_readings(source: str) -> None:
    given = emitting(source)

    assert answer(given) == decide(given, FACTS, VALUES)


def test_types_that_are_not_known_are_told_apart_as_they_come() -> None:
    given = emitting("input.thing == 1 or input.thing == 'a'")

    assert answer(given, thing=True) == (0, {"out": False})
    assert answer(given, thing=Decimal("1.0")) == (0, {"out": True})


def test_a_condition_may_be_any_tree_that_is_true_or_false() -> None:
    condition: Expression = parse("input.thing if input.flag else true")
    clause = Clause(id="a", when=condition, emit=(), explain=None)
    given = Body(lets=(), clauses=(clause,))

    assert answer(given, thing=True) == (0, {})
    assert failure(given, thing=1) == (0, "when", "type")


def test_a_text_compiles_on_its_own() -> None:
    text = parse_text("{usage} of {profile.limits[input.text]}, {later}")
    assert isinstance(text, Text)
    lets = (
        Let(name="usage", value=parse("input.n + 1")),
        Let(name="later", value=parse("1 / (input.n - 3)")),
    )

    put_together = compile_text(text, lets, INPUT, PROFILE)

    assert put_together({**FACTS, "n": 4}, VALUES) == "5 of 3, 1"
    with pytest.raises(ClauseFailure, match="division by zero"):
        put_together(FACTS, VALUES)


def test_a_loop_in_a_let_runs_once_wherever_it_is_needed() -> None:
    given = body(
        ("input.flag and long > 1_000_000", {}),
        ("input.flag and long > 100_000", {}),
        (None, {"out": "long"}),
        long="count(x for x in input.numbers)",
    )
    numbers = [1] * (STEPS_MAX - 1)

    assert answer(given, numbers=numbers) == (2, {"out": STEPS_MAX - 1})


def test_what_is_got_from_a_mapping_is_as_large_as_what_is_in_it() -> None:
    large = "get({'a': input.n * input.n * input.n}, input.text, 1)"

    assert answer(emitting(large)) == (0, {"out": 1})
    assert failure(emitting(large), text="a", n=2**40) == (0, "emit", "overflow")


def test_what_two_rules_work_out_alike_is_worked_out_once() -> None:
    given = body(
        ("input.flag and input.n - 1 > 5", {}),
        ("input.n - 1 > 1", {"out": "input.n - 1"}),
        (None, {"out": "input.n - 1"}),
    )

    assert source_of(given, INPUT, PROFILE).count("- 1") == 2  # where it is not certain, again
    assert answer(given) == (1, {"out": 2})
    assert answer(given, flag=False, n=2) == (2, {"out": 1})
