"""The interpreted reading: the meaning of every operator, and what it remembers."""

import datetime as dt
import warnings
from decimal import Decimal
from typing import Final

import pytest

from criterion.expression.failure import ExpressionFailure
from criterion.expression.interpret import Interpretation, interpret
from criterion.expression.operations import STEPS_MAX
from criterion.expression.parse import parse, parse_text
from criterion.expression.tree import And, Comparison, Name, Node

UNLIMITED: Final = Decimal("Infinity")
FACTS: Final = {
    "n": 3, "rate": Decimal("0.5"), "flag": True, "text": "free", "none": None,
    "numbers": [1, 2, 3], "empty": [], "texts": ["a", "b"], "table": {"free": 10},
    "rows": [{"n": 1, "s": "x"}, {"n": 5, "s": "y"}], "day": dt.date(2026, 1, 1),
    "moment": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "long": "x" * 6_000, "many": [0] * 1_000,
}  # fmt: skip

ANSWERS: Final = [
    ("1 + 2 * 3", 7),
    ("0.1 + 0.2 == 0.3", True),
    ("7 / 2", Decimal("3.5")),
    ("-7 // 2", -4),
    ("2 ** 10", 1024),
    ("input.text + '!'", "free!"),
    ("1 == 1.0", True),
    ("input.flag == input.n", False),
    ("[1, [2]] == [1.0, [2]]", True),
    ("[true] == [1]", False),
    ("{'a': 1} == {'a': 1.0}", True),
    ("input.none == null", True),
    ("null in [1, null]", True),
    ("1 in [true]", False),
    ("input.text not in ['pro']", True),
    ("'free' in input.table", True),
    ("input.n < unlimited", True),
    ("unlimited >= unlimited", True),
    ("input.day <= input.day", True),
    ("1 < input.n < 3", False),
    ("not input.flag or input.n == 3", True),
    ("false and 1 / 0 == 1", False),
    ("true or 1 / 0 == 1", True),
    ("1 if input.flag else 1 / 0", 1),
    ("input.rows[1].n", 5),
    ("input.table[input.text]", 10),
    ("any(x > 2 for x in input.numbers)", True),
    ("any(1 / x > 0 for x in [1, 0])", True),
    ("all(x > 1 for x in input.numbers if x > 1)", True),
    ("all(x > 1 for x in input.empty)", True),
    ("sum(x for x in input.numbers)", 6),
    ("sum(x for x in input.empty)", 0),
    ("count(x > 1 for x in input.numbers)", 2),
    ("count(x for x in input.texts if x != 'a')", 1),
    ("min(row.n for row in input.rows)", 1),
    ("max(x for x in [input.day, input.day])", dt.date(2026, 1, 1)),
    ("[x * x for x in input.numbers if x != 2]", [1, 9]),
    ("sum(sum(x * y for y in input.numbers) for x in input.numbers)", 36),
    ("[x + x for x in [y + 1 for y in input.numbers]]", [4, 6, 8]),
]  # fmt: skip

FAILURES: Final = [
    ("1 / 0", "division_by_zero"),
    ("input.table['pro']", "missing_key"),
    ("input.gone", "missing_key"),
    ("input.numbers[3]", "missing_key"),
    ("input.numbers[-1]", "missing_key"),
    ("input.numbers['a']", "type"),
    ("input.numbers[true]", "type"),
    ("input.table[null]", "null"),
    ("input.none.key", "null"),
    ("input.n.key", "type"),
    ("unlimited - unlimited", "undefined"),
    ("2 ** 64", "overflow"),
    ("input.text + 1", "type"),
    ("1 + input.text", "type"),
    ("input.text * 2", "type"),
    ("input.long + input.long", "text_too_long"),
    ("input.text < 'x'", "type"),
    ("input.none < 1", "null"),
    ("1 < input.day", "type"),
    ("input.day < input.moment", "type"),
    ("input.n and input.flag", "type"),
    ("not input.none", "null"),
    ("1 if input.n else 2", "type"),
    ("'a' in input.text", "type"),
    ("1 in input.n", "type"),
    ("any(x for x in input.numbers)", "type"),
    ("sum(x for x in input.texts)", "type"),
    ("sum(10 ** 18 for x in input.many if x == 0)", "overflow"),
    ("min(x for x in input.empty)", "empty"),
    ("count(x for x in [null])", "null"),
    ("any(true for x in input.table)", "type"),
    ("any(true for x in input.none)", "null"),
    ("sum(1 for x in input.many if any(y == x for y in input.many))", "steps"),
    ("count(x in input.many for x in input.many)", "steps"),
    ("[input.long for x in input.many]", "steps"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "answer"), ANSWERS)
def test_an_expression_has_a_value(source: str, answer: object) -> None:
    reached, _ = interpret(parse(source), {"input": FACTS}, {})

    assert reached.failure is None
    assert (type(reached.value), reached.value) == (type(answer), answer)


@pytest.mark.parametrize(("source", "code"), FAILURES)
def test_an_expression_fails_with_a_code(source: str, code: str) -> None:
    reached, _ = interpret(parse(source), {"input": FACTS}, {})

    assert reached.failure is not None
    assert reached.failure.code == code


TEXTS: Final = [
    ("{input.n} of {unlimited}", "3 of unlimited"),
    ("{input.none}, {input.flag}, {1 == 2}", "none, true, false"),
    ("{input.rate * 1}{{x}}", "0.5{x}"),
    ("{10 ** 3 / 1}", "1000"),
    ("{input.day} {input.moment}", "2026-01-01 2026-01-01T00:00:00Z"),
    ("{input.texts} {input.table}", "a, b free: 10"),
]


@pytest.mark.parametrize(("source", "text"), TEXTS)
def test_a_text_shows_values_as_people_write_them(source: str, text: str) -> None:
    reached, _ = interpret(parse_text(source), {"input": FACTS}, {})

    assert reached.value == text


def test_a_text_is_bounded() -> None:
    reached, _ = interpret(parse_text("{input.long}{input.long}"), {"input": FACTS}, {})

    assert reached.failure is not None
    assert reached.failure.code == "text_too_long"


def test_what_was_evaluated_is_remembered_and_nothing_else() -> None:
    tree = parse("input.n > 5 and input.gone == 1")
    assert isinstance(tree, And)
    first, second = tree.operands
    assert isinstance(first, Comparison)

    reached, interpretation = interpret(tree, {"input": FACTS}, {})

    assert reached.value is False
    assert interpretation.values[id(first.left)] == 3
    assert interpretation.known(second) is None


def test_a_part_that_failed_is_remembered_with_its_failure() -> None:
    tree = parse("input.gone == 1")
    assert isinstance(tree, Comparison)

    _, interpretation = interpret(tree, {"input": FACTS}, {})

    assert interpretation.failures[id(tree.left)].code == "missing_key"


def test_a_let_is_worked_out_when_first_needed_and_once() -> None:
    lets = {"one": parse("sum(x for x in input.many)"), "bad": parse("1 / 0")}
    loop = parse("sum(one for x in input.many)")

    reached, interpretation = interpret(loop, {"input": FACTS}, lets)

    assert reached.value == 0
    assert interpretation.known(lets["bad"]) is None


def test_a_let_is_worked_out_outside_of_the_loop_that_needs_it() -> None:
    lets = {"outer": parse("x")}

    reached, _ = interpret(parse("[outer for x in [1, 2]]"), {"input": FACTS, "x": 7}, lets)

    assert reached.value == [7, 7]


def test_the_steps_of_an_evaluation_have_a_bound() -> None:
    scope = {"input": {"list": [0] * (STEPS_MAX // 2)}}
    once = parse("count(x for x in input.list)")
    interpretation = Interpretation(scope, {})

    assert interpretation.value(once) == STEPS_MAX // 2
    assert interpretation.value(once) == STEPS_MAX // 2
    with pytest.raises(ExpressionFailure, match="more work"):
        interpretation.value(once)


def test_an_evaluation_leaves_the_warnings_filters_alone() -> None:
    before = list(warnings.filters)

    interpret(parse("1 + 1"), {}, {})

    assert warnings.filters == before


def test_a_live_object_is_refused() -> None:
    reached, _ = interpret(parse("input"), {"input": object()}, {})

    assert reached.failure is not None
    assert reached.failure.code == "type"


def test_a_node_of_another_tree_is_refused() -> None:
    class Strange(Node):
        pass

    with pytest.raises(Exception, match="Strange"):
        Interpretation({}, {}).value(Strange(at=1, end=1))  # type: ignore[arg-type] # on purpose


def test_endless_lets_end() -> None:
    lets = {"a": Name(at=1, end=1, name="b"), "b": Name(at=1, end=1, name="a")}

    reached, _ = interpret(Name(at=1, end=1, name="a"), {}, lets)

    assert reached.failure is not None
    assert reached.failure.code == "steps"


def test_a_let_that_failed_is_not_worked_out_again() -> None:
    interpretation = Interpretation({"input": {}, "profile": {}}, {"bad": parse("1 / 0")})

    first, second = (interpretation.attempt(parse(source)) for source in ("bad + 1", "bad + 2"))

    assert first.failure is not None
    assert second.failure is first.failure
