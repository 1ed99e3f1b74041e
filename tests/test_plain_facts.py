"""Plain facts: both readings see the same plain data, whatever a schema's validators make of it."""

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

import pytest
from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    Json,
    PlainValidator,
    SecretStr,
    ValidationError,
    WrapValidator,
    create_model,
    field_validator,
    model_validator,
)

from criterion.expression.check import check
from criterion.expression.compile import compile_body
from criterion.expression.failure import ClauseFailure
from criterion.expression.interpret import decide
from criterion.expression.parse import parse
from criterion.expression.schema_types import type_of_node
from criterion.expression.scope import Scope
from criterion.expression.tree import Body, Clause
from criterion.expression.types import ANY
from criterion.frozen import FrozenDict, FrozenList
from criterion.plain_facts import plain_readers
from criterion.schema import Schema
from criterion.shape import Shape
from criterion.validation import error_details


class Color(enum.Enum):
    RED = "red"


class Step(enum.IntEnum):
    ONE = 1


class Point(NamedTuple):
    x: int


class Inner(Schema):
    city: str


def made(value: object) -> AfterValidator:
    """Return a validator that makes a value, whatever it is given."""
    return AfterValidator(lambda _: value)


def wrapped(value: object) -> WrapValidator:
    def wrap(given: object, validate: Callable[[object], object]) -> object:
        validate(given)
        return value

    return WrapValidator(wrap)


class Case(NamedTuple):
    annotation: Any
    given: object
    plain: object


PLAIN: Final = {
    "a choice that is an enum": Case(Literal[Color.RED], Color.RED, "red"),
    "keys of an enum": Case(dict[Color, int], {"red": 1}, {"red": 1}),
    "keys of a whole enum": Case(dict[Step, int], {1: 1}, {1: 1}),
    "keys of a UUID": Case(dict[uuid.UUID, int], {uuid.UUID(int=1): 1}, {str(uuid.UUID(int=1)): 1}),
    "keys of a day": Case(dict[dt.date, int], {dt.date(2026, 1, 31): 1}, {"2026-01-31": 1}),
    "path": Case(Path, Path("a"), "a"),
    "fraction": Case(Fraction, Fraction(1, 2), "1/2"),
    "secret": Case(SecretStr, "marker", "**********"),
    "named tuple": Case(Point, Point(3), [3]),
    "complex number": Case(complex, 1j, "1j"),
    "JSON": Case(Json, '{"a": 1.5}', {"a": Decimal("1.5")}),
    "float after": Case(Annotated[Decimal, made(1.5)], 1, Decimal("1.5")),
    "float around": Case(Annotated[Decimal, wrapped(1.5)], 1, Decimal("1.5")),
    "tuple": Case(Annotated[list[int], made((1, 2))], [1], [1, 2]),
    "set": Case(Annotated[list[int], made({2, 1})], [1], [1, 2]),
    "UUID": Case(Annotated[str, made(uuid.UUID(int=1))], "a", str(uuid.UUID(int=1))),
    "enum": Case(Annotated[str, made(Color.RED)], "a", "red"),
    "model": Case(Annotated[dict[str, str], made(Inner(city="Ghent"))], {}, {"city": "Ghent"}),
    "mapping": Case(Annotated[dict[str, int], made({Color.RED: 2})], {}, {"red": 2}),
    "key": Case(dict[Annotated[str, made(Color.RED)], int], {"a": 1}, {"red": 1}),
    "number beyond its bounds": Case(Annotated[int, Field(ge=1, le=9), made(40)], 3, 40),
    "text beyond its choices": Case(
        Annotated[Literal["a", "b"], AfterValidator(str.upper)], "a", "A"
    ),
    "float in place": Case(Annotated[int, PlainValidator(float)], 3, Decimal("3.0")),
}


def schema_with(annotation: Any, base: type[BaseModel] = Schema) -> type[BaseModel]:  # noqa: ANN401
    return create_model("Facts", __base__=base, value=(annotation, ...))


@pytest.mark.parametrize("case", PLAIN.values(), ids=PLAIN)
def test_expressions_see_nothing_but_plain_data(case: Case) -> None:
    readers = plain_readers(Shape.of(schema_with(case.annotation)))

    for read in readers:
        facts = read({"value": case.given})

        assert exactly(facts["value"]) == exactly(case.plain)


def exactly(value: object) -> object:
    """Return a form in which frozen data equals plain data, and nothing else equals anything."""
    if type(value) in {dict, FrozenDict}:
        items: Any = value
        return {"mapping": [(exactly(key), exactly(part)) for key, part in items.items()]}
    if type(value) in {list, FrozenList}:
        parts: Any = value
        return ["list", *map(exactly, parts)]
    return type(value), value


MISFITS: Final = {
    "whole number": Annotated[int, made(1.5)],
    "wrapped": Annotated[int, wrapped(1.5)],
    "no whole number": Annotated[int, made(True)],  # noqa: FBT003
    "null": Annotated[int, made(None)],
    "text": Annotated[str, made(3)],
    "truth": Annotated[bool, made("yes")],
    "day": Annotated[dt.date, made(dt.datetime(2026, 1, 31, tzinfo=dt.UTC))],
    "list": Annotated[list[int], made({})],
    "item": Annotated[list[int], made(["a"])],
    "mapping": Annotated[dict[str, int], made([])],
    "member": Annotated[dict[str, int], made({"a": "b"})],
}


@pytest.mark.parametrize("annotation", MISFITS.values(), ids=MISFITS)
def test_what_a_validator_makes_must_be_of_the_kind_that_rules_were_checked_against(
    annotation: object,
) -> None:
    schema = schema_with(annotation)
    given = {"value": _SAMPLES[_type_name(schema)]}

    with pytest.raises(ValidationError) as raised:
        plain_readers(Shape.of(schema)).of_dict(given)

    (detail,) = error_details(raised.value, schema)
    assert detail.path.startswith("value")
    assert (detail.code, detail.message.partition(", ")[2]) == (
        "rejected",
        "and a validator of it makes something else",
    )


_SAMPLES: Final[Mapping[str, object]] = {
    "int": 1, "str": "a", "bool": True, "date": "2026-01-31", "list": [1], "dict": {"a": 1},
}  # fmt: skip


def _type_name(schema: type[BaseModel]) -> str:
    annotation: Any = schema.model_fields["value"].annotation
    return str(getattr(annotation, "__name__", annotation))


class Halved(Schema):
    """A whole number by its field, a decimal by its validator."""

    value: int

    @field_validator("value")
    @classmethod
    def halve(cls, value: int) -> float:
        return value / 2


class Emptied(BaseModel):
    """A model that puts another in its place."""

    value: Literal["a", "b"]
    count: Annotated[int, Field(ge=0)] = 1

    @model_validator(mode="after")
    def emptied(self) -> "Emptied":
        return Emptied.model_construct(value=self.value, count=-3)


class Lowered(Schema):
    """An ordinary validator: it makes text of text."""

    value: str

    @field_validator("value")
    @classmethod
    def lower(cls, value: str) -> str:
        return value.lower()


@pytest.mark.parametrize(("schema", "path"), [(Halved, "value"), (Emptied, "count")])
def test_a_model_with_validators_is_held_to_its_fields(schema: type[BaseModel], path: str) -> None:
    given: Any = {"value": 3 if schema is Halved else "a"}

    with pytest.raises(ValidationError) as raised:
        plain_readers(Shape.of(schema)).of_dict(given)

    assert [detail.path for detail in error_details(raised.value, schema)] == [path]


def test_a_validator_that_keeps_the_kind_is_no_trouble() -> None:
    assert plain_readers(Shape.of(Lowered)).of_dict({"value": "ABC"}) == {"value": "abc"}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_borrowed_model_brings_no_number_that_is_none(number: float) -> None:
    schema = schema_with(float, BaseModel)

    with pytest.raises(ValidationError) as raised:
        plain_readers(Shape.of(schema)).of_dict({"value": number})

    assert [detail.code for detail in error_details(raised.value, schema)] == ["not_finite"]


OPERATIONS: Final = (
    "input.value", "input.value + 1", "input.value + 'a'", "input.value // 2", "-input.value",
    "input.value > 3", "input.value == null", "[x for x in input.value]", "input.value.city",
    "input.value['red']", "len(input.value)", "input.value * 10 ** 18 * input.value",
)  # fmt: skip


@pytest.mark.parametrize("case", PLAIN.values(), ids=PLAIN)
def test_both_readings_agree_on_it(case: Case) -> None:
    shape = Shape.of(schema_with(case.annotation))
    facts = plain_readers(shape).of_dict({"value": case.given})
    given = type_of_node(shape.node)
    usable = [
        expression
        for expression in map(parse, OPERATIONS)
        if not check(expression, Scope(names={"input": given})).mistakes
    ]

    for expression in usable:
        clause = Clause(id="all", when=None, emit=(("value", expression),), explain=None)
        body = Body(lets=(), clauses=(clause,))
        compiled = outcome(compile_body(body, given, ANY), facts)

        assert compiled == outcome(lambda one, two: decide(body, one, two), facts)  # noqa: B023
    assert usable


def outcome(reading: Callable[[Any, Any], Any], facts: Mapping[str, Any]) -> object:
    try:
        return exactly(reading(facts, {})[1]["value"])
    except ClauseFailure as error:
        return error.failure.code
