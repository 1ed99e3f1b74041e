"""The page about expressions: every example is worked out, and comes to what the page says.

The page writes a decision, a profile and facts. A ``values`` block has lines ``EXPRESSION → VALUE``
or ``EXPRESSION → fails: CODE``; a line ``name: EXPRESSION`` is a let for the lines below. A
``mistakes`` block has lines ``EXPRESSION → KIND: MESSAGE``.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from criterion.documents.decision_loading import load_decision
from criterion.documents.profile_file import read_profile
from criterion.errors import ExpressionError
from criterion.expression.check import Checked, check
from criterion.expression.failure import FAILURES
from criterion.expression.functions import FUNCTIONS
from criterion.expression.interpret import interpret
from criterion.expression.mistake import MISTAKES
from criterion.expression.parse import parse
from criterion.expression.schema_types import type_of_schema
from criterion.expression.scope import Scope
from criterion.expression.tree import Expression
from criterion.expression.types import Type
from criterion.expression.values import shown as text_of
from criterion.expression.words import FOLDS
from criterion.expression.written import literal
from criterion.json_input import read_json
from criterion.plain_facts import plain_readers
from tests.console_page import run_page

PAGE: Final = Path(__file__).parent.parent / "docs" / "reference" / "expressions.md"
TEXT: Final = PAGE.read_text("utf-8")
ARROW: Final = " → "
_EXAMPLES: Final = re.compile(
    r'^```text title="(values|mistakes)"\n(.*?)^```$', re.MULTILINE | re.DOTALL
)
_LET: Final = re.compile(r"([a-z_]+): (.+)")


class Example(NamedTuple):
    line: int
    kind: str
    source: str
    expected: str
    lets: Mapping[str, Expression]


def examples() -> Iterator[Example]:
    lets: dict[str, Expression] = {}
    for block in _EXAMPLES.finditer(TEXT):
        first = TEXT.count("\n", 0, block.start(2)) + 1
        for line, text in enumerate(block[2].splitlines(), first):
            source, arrow, expected = text.partition(ARROW)
            let = _LET.fullmatch(text)
            if arrow:
                yield Example(line, block[1], source.strip(), expected.strip(), dict(lets))
            elif let is not None:
                lets[let[1]] = parse(let[2])
            else:
                message = f"expressions.md:{line} is no example"
                raise AssertionError(message)


EXAMPLES: Final = list(examples())


class Desk(NamedTuple):
    types: dict[str, Type]
    values: dict[str, Any]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return the types and the values that the page speaks of."""
    folder = tmp_path_factory.mktemp("page")
    run_page(PAGE, folder)
    decision = load_decision(folder / "decisions/order.yaml")
    facts = read_json((folder / "order.json").read_bytes())
    numbers = read_profile((folder / "profiles/order.yaml").read_bytes()).values
    return Desk(
        types={
            "input": type_of_schema(decision.input),
            "profile": type_of_schema(decision.profile),
        },
        values={
            "input": plain_readers(decision.shapes.input).of_any(facts),
            "profile": plain_readers(decision.shapes.profile).of_any(numbers),
        },
    )


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda example: f"{example.line}: {example.source[:60]}"
)
def test_an_example_comes_to_what_the_page_says(example: Example, desk: Desk) -> None:
    tried = mistake_in if example.kind == "mistakes" else value_of

    assert tried(example, desk) == example.expected


def test_every_function_failure_and_mistake_has_an_example() -> None:
    sources = "\n".join(example.source for example in EXAMPLES if example.kind == "values")
    expected = [example.expected for example in EXAMPLES]

    assert [name for name in (*FUNCTIONS, *FOLDS) if f"{name}(" not in sources] == []
    failing = FAILURES.keys() - UNREACHABLE
    assert [code for code in failing if f"fails: {code}" not in expected] == []
    told = {text.partition(":")[0] for text in expected} | ELSEWHERE
    assert [kind for kind in MISTAKES if kind not in told] == []


ELSEWHERE: Final = {"constant", "missing"}
"""Mistakes of rules, which no expression has alone: the page shows them by `criterion check`."""

UNREACHABLE: Final = {"null", "type"}
"""Failures that the check keeps every loaded decision from."""


def mistake_in(example: Example, desk: Desk) -> str:
    try:
        (mistake,) = checked(example, desk).mistakes
    except ExpressionError as error:
        return f"{error.kind}: {told(str(error.args[0]), error.hint)}"
    return f"{mistake.kind}: {told(mistake.message, mistake.hint)}"


def value_of(example: Example, desk: Desk) -> str:
    assert checked(example, desk).mistakes == ()
    reached, _ = interpret(parse(example.source), desk.values, example.lets)
    return shown(reached.value) if reached.failure is None else f"fails: {reached.failure.code}"


def checked(example: Example, desk: Desk) -> Checked:
    scope = Scope(names=desk.types)
    for name, let in example.lets.items():
        scope = scope.binding(name, check(let, scope).type)
    return check(parse(example.source), scope)


def told(message: str, hint: str | None) -> str:
    return f"{message}; {hint}" if hint else message


def shown(value: object) -> str:
    """Return a value as an expression would write it."""
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, dt.date):
        return value.isoformat()
    return literal(value) if isinstance(value, str) else text_of(value)
