"""Parsing: what an expression's text means, and what a mistaken one is answered."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given, settings
from syrupy.assertion import SnapshotAssertion

from criterion.errors import CriterionError, DefinitionError, ExpressionError
from criterion.expression.numbers import negate
from criterion.expression.parse import parse, parse_text
from criterion.expression.tree import (
    And,
    Arithmetic,
    Body,
    Call,
    Choice,
    Comparison,
    Constant,
    Expression,
    Fold,
    Key,
    ListDisplay,
    MappingDisplay,
    Name,
    Negative,
    Node,
    Not,
    Or,
    Text,
    children,
    measure,
)
from criterion.expression.written import written
from criterion.quantity import UNLIMITED
from tests.expression.generated import bodies
from tests.soak import sized

SAME: Final = [
    ("1 + 2 * 3", "1 + (2 * 3)"),
    ("1 - 2 - 3", "(1 - 2) - 3"),
    ("2 ** 3 ** 2", "2 ** (3 ** 2)"),
    ("-x ** 2", "-(x ** 2)"),
    ("2 ** -x", "2 ** (-x)"),
    ("-x * y", "(-x) * y"),
    ("not a == b", "not (a == b)"),
    ("not a and b", "(not a) and b"),
    ("a or b and c", "a or (b and c)"),
    ("a == b and c < d", "(a == b) and (c < d)"),
    ("a not in b", "a not in b"),
    ("x if a or b else y if c else z", "x if (a or b) else (y if c else z)"),
    ("a < b < c", "a < b and b < c"),
    ("a + b < c", "(a + b) < c"),
    ("f.x[0].y", 'f["x"][0]["y"]'),
    ("[x\n for x\r\n in\ty]", "[x for x in y]"),
    ("min(1,\n2,)", "min(1, 2)"),
    ("any(x for x in y if z or w)", "any(x for x in y if (z or w))"),
]

NUMBERS: Final = [
    ("0", 0),
    ("-5", -5),
    ("--5", 5),
    ("-0.1234567890123456789012345678901234", Decimal("-0.1234567890123456789012345678901234")),
    ("100_000", 100_000),
    ("1e9", 10**9),
    ("1E3", 1_000),
    ("1e30", Decimal("1e30")),
    ("0.1", Decimal("0.1")),
    (".5", Decimal("0.5")),
    ("30.0", Decimal("30.0")),
    ("1.5e-3", Decimal("0.0015")),
    ("9223372036854775807", 2**63 - 1),
]

TEXTS: Final = [
    ("plain", ["plain"]),
    ("", [""]),
    ("{{x}}", ["{x}"]),
    ("{x}", [Name(at=2, end=3, name="x")]),
    ("a {x} b", ["a ", Name(at=4, end=5, name="x"), " b"]),
    ("{{{x}}}", ["{", Name(at=4, end=5, name="x"), "}"]),
    ("{x}{y}", [Name(at=2, end=3, name="x"), Name(at=5, end=6, name="y")]),
]

MISTAKEN_TEXTS: Final = [
    ("a {b", 3),
    ("a } b", 3),
    ("{}", 2),
    ("{x:.2f}", 3),
    ("{x!r}", 3),
    ("{x=}", 3),
    ("{x, y}", 3),
    ("ok {x} and {y z}", 15),
    ("{x]}", 3),
    ("{" * 3 + "x", 3),
]

WRITTEN_DEPTH_MAX: Final = 20

SHOWN: Final = [
    "usage = 3",
    "input.name.lower()",
    "input.from",
    "a\n  and b is null\n  or c",
    "",
    "plan == “pro”",
    f"{'a + ' * 40}b c",
]


@pytest.mark.parametrize(("source", "same"), SAME)
def test_operators_bind_as_in_python(source: str, same: str) -> None:
    assert shape(parse(source)) == shape(parse(same))


@pytest.mark.parametrize(("source", "value"), NUMBERS)
def test_a_number_is_read_from_its_text(source: str, value: int | Decimal) -> None:
    node = parse(source)

    assert isinstance(node, Constant)
    assert (type(node.value), node.value) == (type(value), value)


def test_the_words_for_constants() -> None:
    values = [parse(word).value for word in ("true", "false", "null", "unlimited")]  # type: ignore[union-attr]

    assert values == [True, False, None, UNLIMITED]


def test_a_part_knows_its_columns() -> None:
    node = parse("(usage + 1) * rate")

    assert isinstance(node, Arithmetic)
    assert (node.at, node.end) == (1, 19)
    assert (node.left.at, node.left.end) == (2, 11)
    assert (node.right.at, node.right.end) == (15, 19)


def test_columns_count_characters_and_lines_as_one_text() -> None:
    node = parse('"é🙂" ==\n  plan')

    assert isinstance(node, Comparison)
    assert (node.right.at, node.right.end) == (11, 15)


@pytest.mark.parametrize(("source", "parts"), TEXTS)
def test_a_text_holds_expressions_in_braces(source: str, parts: list[Any]) -> None:
    node = parse_text(source)

    found = list(node.parts) if isinstance(node, Text) else [node.value]
    assert found == parts


def test_a_brace_inside_a_quoted_text_is_no_end() -> None:
    node = parse_text("{get(m, '}', {'a': 1})} {{}}")

    assert isinstance(node, Text)
    assert isinstance(node.parts[0], Call)
    assert node.parts[1] == " {}"


@pytest.mark.parametrize(("source", "column"), MISTAKEN_TEXTS)
def test_a_mistaken_text_is_refused_at_its_column(source: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_text(source)

    assert caught.value.column == column


def test_a_text_is_bounded_as_a_whole() -> None:
    with pytest.raises(ExpressionError, match="too many parts"):
        parse_text("{a + b}" * 70)
    with pytest.raises(ExpressionError, match="characters"):
        parse_text("x" * 10_001)
    with pytest.raises(ExpressionError, match="characters"):
        parse_text("{'" + "x" * 2_000 + "'}")


@pytest.mark.parametrize("source", SHOWN, ids=range(len(SHOWN)))
def test_an_error_shows_the_line_and_what_to_type(source: str, snapshot: SnapshotAssertion) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(source)

    assert str(caught.value) == snapshot


def test_an_error_carries_its_place_apart() -> None:
    with pytest.raises(DefinitionError) as caught:
        parse("usage = 3")

    error = caught.value
    assert isinstance(error, ExpressionError)
    assert isinstance(error, CriterionError)
    assert (error.code, error.kind, error.column) == ("expression", "foreign", 7)
    assert error.source == "usage = 3"
    assert [str(problem) for problem in error.problems] == [
        "column 7: `=` cannot stand here (to compare, write `==`)"
    ]


def test_parts_and_depth_are_counted() -> None:
    assert measure(parse("1 + 2 * f.x")) == (7, 4)


@settings(max_examples=sized(10_000, 100))
@given(bodies())
def test_what_is_written_reads_back_the_same(body: Body) -> None:
    for node in expressions(body):
        assert shape(parse(written(node))) == shape(node)


@settings(max_examples=sized(10_000, 100))
@given(bodies())
def test_what_is_written_means_the_same_to_python(body: Body) -> None:
    for node in expressions(body):
        assert of_python(written(node)) == shape(parse(written(node)))


def expressions(body: Body) -> Iterator[Expression]:
    """Yield those expressions of a body that can be written in one."""
    emitted = [value for clause in body.clauses for _, value in clause.emit]
    conditions = [clause.when for clause in body.clauses if clause.when is not None]
    for node in (*(let.value for let in body.lets), *conditions, *emitted):
        if measure(node)[1] <= WRITTEN_DEPTH_MAX and not holds_text(node):
            yield node


def holds_text(node: Expression) -> bool:
    return isinstance(node, Text) or any(map(holds_text, children(node)))


def shape(node: Any) -> object:  # noqa: ANN401
    """Return a tree without places; a negative number is one constant, equal numbers are alike."""
    if isinstance(node, Negative):
        operand: Any = shape(node.operand)
        is_number = operand[:2] == ("Constant", "number") and operand[2] != UNLIMITED
        return (*operand[:2], negate(operand[2])) if is_number else ("Negative", operand)
    if isinstance(node, Constant):
        value = node.value
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return "Constant", "number" if is_number else type(value).__name__, value
    if isinstance(node, Node):
        kept = [field.name for field in fields(node) if field.name not in {"at", "end"}]
        return type(node).__name__, *(shape(getattr(node, name)) for name in kept)
    return tuple(map(shape, node)) if isinstance(node, tuple) else node


def of_python(source: str) -> object:
    """Return Python's own tree of an expression in the shape of ours."""
    tree = ast.parse(source, mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            node.value = Decimal(ast.get_source_segment(source, node) or "")  # type: ignore[assignment]
    return shape(_made(tree.body))


PLACE: Final[dict[str, Any]] = {"at": 1, "end": 2}
_WORDS: Final = {"true": True, "false": False, "null": None, "unlimited": UNLIMITED}
_SIGNS: Final = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">",
    ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


def _made(node: Any) -> Any:  # noqa: ANN401
    return _PYTHON[type(node)](node)


def _unary(node: ast.UnaryOp) -> Expression:
    made = Not if isinstance(node.op, ast.Not) else Negative
    return made(operand=_made(node.operand), **PLACE)


def _compare(node: ast.Compare) -> Expression:
    sides = [node.left, *node.comparators]
    parts = tuple(
        Comparison(left=_made(left), operator=_SIGNS[type(sign)], right=_made(right), **PLACE)  # type: ignore[arg-type]
        for left, sign, right in zip(sides, node.ops, sides[1:], strict=False)
    )
    return parts[0] if len(parts) == 1 else And(operands=parts, **PLACE)


def _call(node: Any) -> Expression:  # noqa: ANN401
    if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
        return _fold(node.args[0], node.func.id)
    return Call(function=node.func.id, arguments=tuple(map(_made, node.args)), **PLACE)


def _fold(node: Any, name: Any = "list") -> Expression:  # noqa: ANN401
    loop = node.generators[0]
    return Fold(
        fold=name,
        item=_made(node.elt),
        variable=loop.target.id,
        source=_made(loop.iter),
        condition=_made(loop.ifs[0]) if loop.ifs else None,
        **PLACE,
    )


_PYTHON: Final[dict[type, Callable[[Any], Any]]] = {
    ast.Constant: lambda node: Constant(value=node.value, **PLACE),
    ast.Name: lambda node: (
        Constant(value=_WORDS[node.id], **PLACE)
        if node.id in _WORDS
        else Name(name=node.id, **PLACE)
    ),
    ast.Attribute: lambda node: Key(
        base=_made(node.value), index=Constant(value=node.attr, **PLACE), **PLACE
    ),
    ast.Subscript: lambda node: Key(base=_made(node.value), index=_made(node.slice), **PLACE),
    ast.UnaryOp: _unary,
    ast.BinOp: lambda node: Arithmetic(
        left=_made(node.left),
        operator=_SIGNS[type(node.op)],  # type: ignore[arg-type]
        right=_made(node.right),
        **PLACE,
    ),
    ast.Compare: _compare,
    ast.BoolOp: lambda node: (And if isinstance(node.op, ast.And) else Or)(
        operands=tuple(map(_made, node.values)), **PLACE
    ),
    ast.IfExp: lambda node: Choice(
        condition=_made(node.test), then=_made(node.body), otherwise=_made(node.orelse), **PLACE
    ),
    ast.List: lambda node: ListDisplay(items=tuple(map(_made, node.elts)), **PLACE),
    ast.Dict: lambda node: MappingDisplay(
        keys=tuple(key.value for key in node.keys),
        values=tuple(map(_made, node.values)),
        **PLACE,
    ),
    ast.Call: _call,
    ast.ListComp: _fold,
}
