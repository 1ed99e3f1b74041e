"""What a field takes, and what it makes of it."""

import datetime as dt
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, Json, ValidationError
from typing_extensions import TypeAliasType

from criterion.frozen import FrozenDict, FrozenList
from criterion.quantity import Quantity
from criterion.schema import Schema
from tests.schemas import DECIMALS, KINDS, Colour, Kind, Lenient, Level, Mixed, held, holding


class _Int(int):
    pass


class _Str(str):
    __slots__ = ()


class _Float(float):
    pass


class _Decimal(Decimal):
    pass


class _Dict(dict[str, int]):
    pass


class Reach(NamedTuple):
    """A named tuple in a schema."""

    steps: list[int]
    limit: int = 3


class Node(Schema):
    """A schema that holds itself."""

    size: int
    parts: tuple["Node", ...] = ()
    tags: list[str] = Field(default_factory=list)


NaN: Final = float("nan")
NOON: Final = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
SOME_ID: Final = uuid.UUID("12345678-1234-5678-1234-567812345678")
Steps = TypeAliasType("Steps", list[int])
Tree = TypeAliasType("Tree", "int | list[Tree]")

Case = tuple[Any, object, object]

TAKEN: Final[dict[str, Case]] = {
    "int of int": (int, 3, 3),
    "int of whole float": (int, 3.0, 3),
    "int of minus zero": (int, -0.0, 0),
    "int of whole decimal": (int, Decimal("3.00"), 3),
    "int of the largest float": (int, 1.7976931348623157e308, int(1.7976931348623157e308)),
    "int of the largest power": (int, Decimal("1E+40"), 10**40),
    "int of 5,000 digits": (int, 10**5_000, 10**5_000),
    "int of a subclass": (int, _Int(3), 3),
    "int of an int enum": (int, Level.HIGH, 2),
    "float of float": (float, 0.1, 0.1),
    "float of int": (float, 3, 3.0),
    "float of decimal": (float, Decimal("0.1"), 0.1),
    "float of a subclass": (float, _Float(0.5), 0.5),
    "decimal of decimal": (Decimal, Decimal("1.10"), Decimal("1.10")),
    "decimal of int": (Decimal, 3, Decimal(3)),
    "decimal of float": (Decimal, 0.1, Decimal("0.1")),
    "decimal of a large float": (Decimal, 1e308, Decimal("1E+308")),
    "decimal of 5,000 digits": (Decimal, 10**5_000, Decimal(10**5_000)),
    "decimal of 34 digits": (Decimal, Decimal("0." + "1" * 34), Decimal("0." + "1" * 34)),
    "bool": (bool, True, True),
    "str": (str, "", ""),
    "str of a subclass": (str, _Str("a"), "a"),
    "str of a str enum": (str, Colour.RED, "red"),
    "str of a lone surrogate": (str, "\ud800", "\ud800"),
    "bytes": (bytes, b"1", b"1"),
    "date of text": (dt.date, "2026-01-31", dt.date(2026, 1, 31)),
    "date of midnight": (dt.date, dt.datetime(2026, 1, 31, tzinfo=dt.UTC), dt.date(2026, 1, 31)),
    "datetime": (dt.datetime, NOON, NOON),
    "datetime of text": (dt.datetime, "2026-01-31T12:00:00Z", NOON),
    "datetime with an offset": (dt.datetime, "2026-01-31T14:00+02:00", NOON),
    "datetime with a space": (dt.datetime, "2026-01-31 12:00Z", NOON),
    "time of text": (dt.time, "12:30", dt.time(12, 30)),
    "timedelta of text": (dt.timedelta, "PT90S", dt.timedelta(seconds=90)),
    "timedelta of negative text": (dt.timedelta, "-P1D", dt.timedelta(days=-1)),
    "uuid of text": (uuid.UUID, str(SOME_ID), SOME_ID),
    "str enum of text": (Colour, "red", Colour.RED),
    "int enum of int": (Level, 1, Level.LOW),
    "int enum of whole decimal": (Level, Decimal("1.0"), Level.LOW),
    "enum of mixed kinds": (Mixed, "x", Mixed.NAME),
    "enum with a rule of its own": (Lenient, "one", Lenient.ONLY),
    "literal 1": (Literal[1], 1, 1),
    "literal of whole decimal": (Literal[1], Decimal("1.0"), 1),
    "literal true": (Literal[True], True, True),
    "literal text": (Literal["a"], "a", "a"),
    "list of tuple": (list[int], (1, 2), FrozenList([1, 2])),
    "list in a list": (list[list[int]], [(1,)], FrozenList([FrozenList([1])])),
    "tuple of list": (tuple[int, ...], [1, 2], (1, 2)),
    "tuple of other kinds": (tuple[int, str], [1, "a"], (1, "a")),
    "set of list": (set[int], [1, 1], frozenset({1})),
    "frozenset of set": (frozenset[int], {1}, frozenset({1})),
    "mapping of a subclass": (dict[str, int], _Dict(a=1), FrozenDict(a=1)),
    "mapping with numbers as keys": (dict[int, int], {"1": 2}, FrozenDict({1: 2})),
    "abstract mapping": (Mapping[str, list[int]], {"a": [1]}, FrozenDict(a=FrozenList([1]))),
    "abstract sequence": (Sequence[int], [1], FrozenList([1])),
    "iterable": (Iterable[int], [1], FrozenList([1])),
    "deque": (deque[int], [1], FrozenList([1])),
    "ordered mapping": (OrderedDict[str, int], {"a": 1}, FrozenDict(a=1)),
    "mapping with a default": (defaultdict[str, int], {"a": 1}, FrozenDict(a=1)),
    "counter": (Counter[str], {"a": 1}, FrozenDict(a=1)),
    "json text": (Json[list[int]], "[1]", FrozenList([1])),
    "named tuple": (Reach, Reach([1]), Reach(FrozenList([1]))),
    "type alias": (Steps, [1], FrozenList([1])),
    "recursive type alias": (Tree, [1, [2]], FrozenList([1, FrozenList([2])])),
    "int or text": (int | str, "1", "1"),
    "int or bool": (int | bool, True, True),
    "float or int": (float | int, 1, 1),
}


@pytest.mark.parametrize(("kind", "given", "expected"), TAKEN.values(), ids=TAKEN)
def test_a_friendly_value_is_taken_as_its_own_type(
    kind: object, given: object, expected: object
) -> None:
    value = held(kind, given)

    assert value == expected
    assert type(value) is type(expected)


REFUSED: Final[dict[str, tuple[Any, object]]] = {
    "int of true": (int, True),
    "int of text": (int, "1"),
    "int of part": (int, 1.5),
    "int of a decimal part": (int, Decimal("1.5")),
    "int of a power too large": (int, Decimal("1E+41")),
    "int of a huge power": (int, Decimal("1E+999999")),
    "int of a tiny power": (int, Decimal("1E-999999")),
    "int of infinity": (int, float("inf")),
    "int of a str subclass": (int, _Str("1")),
    "int of null": (int, None),
    "float of true": (float, True),
    "float of text": (float, "0.1"),
    "float of infinity": (float, float("inf")),
    "float of a decimal beyond it": (float, Decimal("1E+999")),
    "float of 5,000 digits": (float, 10**5_000),
    "decimal of true": (Decimal, True),
    "decimal of text": (Decimal, "1.1"),
    "decimal of infinity": (Decimal, float("inf")),
    "decimal of unlimited": (Decimal, "unlimited"),
    "bool of 1": (bool, 1),
    "bool of text": (bool, "true"),
    "str of int": (str, 1),
    "str of bytes": (str, b"a"),
    "bytes of str": (bytes, "a"),
    "bytes of bytearray": (bytes, bytearray(b"a")),
    "date of number": (dt.date, 1_700_000_000),
    "date of decimal": (dt.date, Decimal(0)),
    "date of bytes": (dt.date, b"2026-01-31"),
    "date of numeric text": (dt.date, "1700000000"),
    "date of basic form": (dt.date, "20260131"),
    "date of week form": (dt.date, "2026-W05-6"),
    "date of a datetime text": (dt.date, "2026-01-31T00:00:00Z"),
    "date of noon": (dt.date, NOON),
    "date beyond the calendar": (dt.date, "2026-02-30"),
    "date of year zero": (dt.date, "0000-01-01"),
    "date with a line end": (dt.date, "2026-01-31\n"),
    "date of wide digits": (dt.date, "２０２６-01-31"),  # noqa: RUF001 -- the digits are the point
    "datetime of number": (dt.datetime, 1_700_000_000),
    "datetime of decimal": (dt.datetime, Decimal(1)),
    "datetime of true": (dt.datetime, True),
    "datetime without a zone": (dt.datetime, dt.datetime(2026, 1, 31)),  # noqa: DTZ001 -- the point
    "datetime of text without a zone": (dt.datetime, "2026-01-31T12:00:00"),
    "datetime of a date": (dt.datetime, dt.date(2026, 1, 31)),
    "datetime of a date's text": (dt.datetime, "2026-01-31"),
    "time of number": (dt.time, 60),
    "time of decimal": (dt.time, Decimal(1)),
    "time of 24 o'clock": (dt.time, "24:00"),
    "timedelta of number": (dt.timedelta, 60),
    "timedelta of decimal": (dt.timedelta, Decimal(1)),
    "timedelta of numeric text": (dt.timedelta, "60"),
    "timedelta of clock text": (dt.timedelta, "01:00:00"),
    "timedelta of years beyond": (dt.timedelta, "P99999999999D"),
    "uuid of int": (uuid.UUID, 1),
    "str enum of its name": (Colour, "RED"),
    "int enum of text": (Level, "1"),
    "int enum of bytes": (Level, b"1"),
    "int enum of true": (Level, True),
    "int enum of a text enum": (Level, Colour.RED),
    "enum of mixed kinds of true": (Mixed, True),
    "literal 1 of true": (Literal[1], True),
    "literal 0 of false": (Literal[0], False),
    "literal true of 1": (Literal[True], 1),
    "literal 1 of text": (Literal[1], "1"),
    "list of set": (list[int], {1}),
    "list of iterator": (list[int], iter([1])),
    "list of text": (list[str], "ab"),
    "sequence of text": (Sequence[str], "ab"),
    "tuple of set": (tuple[int, ...], {1}),
    "tuple of too many": (tuple[int, str], [1, "a", 2]),
    "mapping of pairs": (dict[str, int], [("a", 1)]),
    "mapping with a number for text": (dict[str, int], {1: 1}),
    "mapping with true for a number": (dict[int, int], {True: 1}),
    "mapping with NaN as key": (dict[float, int], {NaN: 1}),
    "mapping with a number for a date": (dict[dt.date, int], {0: 1}),
    "mapping with an object as key": (dict[Any, Any], {object(): 1}),
    "named tuple with text": (Reach, Reach([1], "3")),  # type: ignore[arg-type] # the point
    "type alias with text": (Steps, ["1"]),
    "recursive type alias with text": (Tree, [1, ["2"]]),
    "anything that is no data": (Any, object()),
    "anything with a function": (Any, [len]),
}


@pytest.mark.parametrize(("kind", "given"), REFUSED.values(), ids=REFUSED)
def test_a_doubtful_value_is_refused(kind: object, given: object) -> None:
    with pytest.raises(ValidationError):
        held(kind, given)


NUMERIC: Final = {
    "int": int,
    "float": float,
    "strict float": Annotated[float, Field(strict=True)],
    "decimal": Decimal,
    "quantity": Quantity,
    "literal": Literal[1],
    "enum": Level,
    "mixed enum": Mixed,
    "anything": Any,
    "str": str,
    "date": dt.date,
    "duration": dt.timedelta,
    "list": list[Decimal],
    "key": dict[float, int],
}


@pytest.mark.parametrize("nan", [NaN, Decimal("NaN"), Decimal("sNaN")], ids=repr)
@pytest.mark.parametrize("name", NUMERIC)
def test_nan_is_refused_everywhere(name: str, nan: object) -> None:
    given = {"list": [nan], "key": {NaN: 1}}.get(name, nan)

    with pytest.raises(ValidationError):
        held(NUMERIC[name], given)


DIGITS: Final = "0.1234567890123456789012345678901234"
TAKEN_FROM_JSON: Final[dict[str, tuple[Any, str, object]]] = {
    "number": (Decimal, DIGITS, Decimal(DIGITS)),
    "text": (Decimal, '"1.10"', Decimal("1.10")),
    "text with a power": (Decimal, '"-1E+3"', Decimal("-1E+3")),
    "the largest power": (Decimal, "1e9999", Decimal("1E+9999")),
    "the smallest power": (Decimal, "1e-9999", Decimal("1E-9999")),
    "the largest power in text": (Decimal, '"1e9999"', Decimal("1E+9999")),
    "whole": (int, "3.0", 3),
    "quantity in text": (Quantity, '"0.1"', Decimal("0.1")),
    "unlimited": (Quantity, '"unlimited"', Decimal("Infinity")),
    "float": (float, "0.1", 0.1),
    "anything": (Any, "[0.10]", FrozenList([Decimal("0.10")])),
    "null": (int | None, "null", None),
    "tuple": (tuple[int, int], "[1, 2]", (1, 2)),
    "set": (set[int], "[1, 1]", frozenset({1})),
    "last of two": (int, '1, "value": 2', 2),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "expected"), TAKEN_FROM_JSON.values(), ids=TAKEN_FROM_JSON
)
def test_json_is_read_with_every_digit(kind: object, text: str, expected: object) -> None:
    value = holding(kind).model_validate_json(f'{{"value": {text}}}').model_dump()["value"]

    assert value == expected
    assert str(value) == str(expected)


REFUSED_FROM_JSON: Final[dict[str, tuple[Any, str]]] = {
    "NaN": (Decimal, "NaN"),
    "infinity": (Decimal, "Infinity"),
    "infinity for a quantity": (Quantity, "Infinity"),
    "minus infinity": (Quantity, "-Infinity"),
    "infinity for anything": (Any, "Infinity"),
    "a power beyond all bounds": (Decimal, "1e10000"),
    "a power beyond all bounds for a quantity": (Quantity, "1e999999999"),
    "a power that no decimal has": (Quantity, "1e99999999999999999999"),
    "a power that no decimal has for a float": (float, "1e99999999999999999999"),
    "a tiny power": (Decimal, "1e-999999999"),
    "a huge power in text": (Decimal, '"1e10000"'),
    "hexadecimal text": (Decimal, '"0x1"'),
    "text with separators": (Decimal, '"1_000"'),
    "text with spaces": (Decimal, '" 1"'),
    "text of Arabic digits": (Decimal, '"\u0661"'),
    "text NaN": (Decimal, '"NaN"'),
    "text infinity": (Quantity, '"Infinity"'),
    "unlimited in capitals": (Quantity, '"Unlimited"'),
    "text for an int": (int, '"1"'),
    "text for a float": (float, '"0.1"'),
    "text for a truth value": (bool, '"true"'),
    "a number for a date": (dt.date, "0.0"),
    "a number for an instant": (dt.datetime, "1.5"),
    "a number for a duration": (dt.timedelta, "60.0"),
    "5,000 digits": (int, "1" * 5_000),
    "5,000 brackets": (Any, "[" * 5_000 + "]" * 5_000),
    "100,000 brackets": (Any, "[" * 100_000 + "]" * 100_000),
    "no value": (int, ""),
}


@pytest.mark.parametrize(("kind", "text"), REFUSED_FROM_JSON.values(), ids=REFUSED_FROM_JSON)
def test_json_that_is_doubtful_is_refused(kind: object, text: str) -> None:
    with pytest.raises(ValidationError):
        holding(kind).model_validate_json(f'{{"value": {text}}}')


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "1", '{"value": 1', b"\xff", '\ufeff{"value": 1}']
)
def test_json_that_is_no_object_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValidationError):
        holding(int).model_validate_json(text)


@pytest.mark.parametrize("kind", [int, float, Decimal, dt.date, list[int]], ids=str)
def test_a_field_cannot_be_made_lax(kind: object) -> None:
    with pytest.raises(ValidationError):
        held(kind, "1", Field(strict=False))


@pytest.mark.parametrize(
    ("kind", "friendly"),
    [(int, 1.0), (Decimal, 1), (dt.date, "2026-01-31"), (list[int], (1,)), (tuple[int], [1])],
    ids=["int", "decimal", "date", "list", "tuple"],
)
def test_a_field_can_be_made_stricter(kind: object, friendly: object) -> None:
    with pytest.raises(ValidationError):
        held(kind, friendly, Field(strict=True))


def test_a_stricter_field_is_still_frozen_and_aware() -> None:
    assert type(held(list[int], [1], Field(strict=True))) is FrozenList
    assert type(held(set[int], {1}, Field(strict=True))) is frozenset
    with pytest.raises(ValidationError):
        held(dt.datetime, dt.datetime(2026, 1, 31), Field(strict=True))  # noqa: DTZ001 -- the point


def test_a_set_is_no_list_because_its_order_is_random() -> None:
    class Basket(Schema):
        items: list[str]

    with pytest.raises(ValidationError, match="list"):
        Basket.model_validate({"items": {"a", "b"}})


def test_a_recursive_schema_is_strict_at_every_depth() -> None:
    node = Node.model_validate({"size": 1, "parts": [{"size": 2}]})

    assert type(node.parts[0].tags) is FrozenList
    with pytest.raises(ValidationError):
        Node.model_validate({"size": 1, "parts": [{"size": "2"}]})


def test_a_shared_type_stays_as_it_is_for_others() -> None:
    class Plain(BaseModel):
        steps: Steps

    class Strict(Schema):
        steps: Steps

    assert Plain.model_validate({"steps": ["1"]}).steps == [1]
    with pytest.raises(ValidationError):
        Strict.model_validate({"steps": ["1"]})
    assert type(Plain(steps=[1]).steps) is list


def test_a_mapping_that_raises_when_it_is_read_is_no_data() -> None:
    class Broken(Mapping[str, int]):
        def __getitem__(self, key: str) -> int:
            raise RuntimeError(key)

        def __iter__(self) -> Any:  # noqa: ANN401 -- whatever it is
            return iter(["value"])

        def __len__(self) -> int:
            return 1

    with pytest.raises(ValidationError):
        held(dict[str, int], Broken())


class EqualToAll:
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return True


@pytest.mark.parametrize("name", NUMERIC)
def test_what_claims_to_equal_everything_is_nothing(name: str) -> None:
    with pytest.raises(ValidationError):
        held(NUMERIC[name], EqualToAll())


@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_a_value_is_the_same_after_json(data: st.DataObject, name: str) -> None:
    kind: Kind = KINDS[name]
    schema = holding(kind.type)
    model = schema.model_validate({"value": data.draw(kind.values)})

    again = schema.model_validate_json(model.model_dump_json())

    assert again == model


@given(DECIMALS)
def test_a_decimal_keeps_its_34_digits(number: Decimal) -> None:
    schema = holding(Decimal)

    again = schema.model_validate_json(schema(value=number).model_dump_json())  # type: ignore[call-arg]

    assert again == schema(value=number)  # type: ignore[call-arg]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_decimal_that_it_prints_as(number: float) -> None:
    assert str(held(Decimal, number)) == str(Decimal(repr(number)))
    assert float(held(Decimal, number)) == number


@given(st.integers())
def test_a_whole_decimal_is_an_int_and_the_other_way_round(number: int) -> None:
    assert held(Decimal, number) == number
    if abs(number) <= 10**40:
        assert held(int, Decimal(number)) == number
