"""What a refusal says: a code of the closed list, a place people know, and never the value."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)
from syrupy.assertion import SnapshotAssertion

from criterion.quantity import Quantity
from criterion.redaction import Redact
from criterion.schema import Schema
from criterion.validation import CODES, ERRORS_MAX, ErrorDetail, error_details, unreadable
from tests.schemas import Colour, Level, holding


class Card(Schema):
    """One kind of payment."""

    kind: Literal["card"]
    number: int


class Cash(Schema):
    """Another kind, which holds itself."""

    kind: Literal["cash"]
    coins: list[int]
    change: "Cash | None" = None


class Row(NamedTuple):
    """A named tuple."""

    size: int
    name: str = ""


def _nice(text: str) -> str:
    if text == "bad":
        message = "must be\nnice"
        raise ValueError(message)
    if text == "worse":
        raise AssertionError("not so bad")
    return text


Payment = Annotated[Card | Cash, Field(discriminator="kind")]
ByShape = Annotated[
    Annotated[Card, Tag("card")] | Annotated[Cash, Tag("cash")],
    Discriminator(lambda value: "card" if isinstance(value, dict) and "number" in value else None),
]
Case = tuple[Any, object, str, str, str]

CASES: Final[dict[str, Case]] = {
    "whole number": (int, "1", "value", "type", "must be a whole number"),
    "part of a number": (int, 1.5, "value", "type", "must be a whole number"),
    "number": (float, "1", "value", "type", "must be a number"),
    "decimal": (Decimal, "1", "value", "type", "must be a number"),
    "quantity": (Quantity, "x", "value", "type", 'must be a number or "unlimited"'),
    "nullable quantity": (
        Quantity | None, "x", "value", "type", 'must be a number or "unlimited"',
    ),
    "truth": (bool, 1, "value", "type", "must be true or false"),
    "text": (str, 1, "value", "type", "must be text"),
    "bytes": (bytes, "a", "value", "type", "must be bytes"),
    "date": (dt.date, 5, "value", "type", "must be a date"),
    "date of decimal": (dt.date, Decimal(5), "value", "type", "must be a date"),
    "instant": (dt.datetime, 5, "value", "type", "must be a date and time"),
    "time": (dt.time, 5, "value", "type", "must be a time of day"),
    "duration": (dt.timedelta, 5, "value", "type", "must be a duration"),
    "uuid": (uuid.UUID, 5, "value", "type", "must be a UUID"),
    "list": (list[int], {1}, "value", "type", "must be a list"),
    "sequence": (Sequence[str], "ab", "value", "type", "must be a list"),
    "tuple": (tuple[int, ...], 5, "value", "type", "must be a list"),
    "set": (set[int], 5, "value", "type", "must be a list"),
    "mapping": (dict[str, int], [], "value", "type", "must be a mapping"),
    "model": (Card, 5, "value", "type", "must be a mapping"),
    "key": (dict[str, int], {1: 1}, "value.1", "type", "must be text"),
    "number as key": (dict[int, int], {"x": 1}, "value.x", "type", "must be a whole number"),
    "item": (list[int], [1, "x"], "value.1", "type", "must be a whole number"),
    "item of a sequence": (Sequence[int], ["x"], "value.0", "type", "must be a whole number"),
    "item of a tuple": (tuple[int, str], [1, 2], "value.1", "type", "must be text"),
    "item of a long tuple": (
        tuple[int, ...], [1, "x"], "value.1", "type", "must be a whole number",
    ),
    "item of a set": (set[int], ["x"], "value.0", "type", "must be a whole number"),
    "item of a named tuple": (Row, ["x"], "value.0", "type", "must be a whole number"),
    "member": (dict[str, int], {"a": "x"}, "value.a", "type", "must be a whole number"),
    "absent item": (tuple[int, int], [1], "value.1", "missing", "is required"),
    "literal": (Literal["a", "b"], "c", "value", "choice", 'must be "a" or "b"'),
    "numeric literal": (Literal[1, 2], True, "value", "choice", "must be 1 or 2"),
    "enum": (Colour, "green", "value", "choice", 'must be "red" or "blue"'),
    "numeric enum": (Level, "1", "value", "choice", "must be 1 or 2"),
    "above": (Annotated[int, Field(gt=0)], 0, "value", "range", "must be greater than 0"),
    "at least": (Annotated[int, Field(ge=1)], 0, "value", "range", "must be at least 1"),
    "below": (Annotated[Decimal, Field(lt=1)], 1, "value", "range", "must be less than 1"),
    "at most": (
        Annotated[float, Field(le=1)], 2, "value", "range", "must be at most 1.0",
    ),
    "quantity at most": (
        Annotated[Quantity, Field(le=1)], 2, "value", "range", "must be at most 1",
    ),
    "step": (
        Annotated[int, Field(multiple_of=5)], 3, "value", "range", "must be a multiple of 5",
    ),
    "digits": (
        Annotated[Decimal, Field(max_digits=2)], 123, "value", "range",
        "must have at most 2 digits",
    ),
    "decimal places": (
        Annotated[Decimal, Field(decimal_places=1)], Decimal("0.12"), "value", "range",
        "must have at most 1 decimal places",
    ),
    "whole digits": (
        Annotated[Decimal, Field(max_digits=3, decimal_places=2)], Decimal("12.1"), "value",
        "range", "must have at most 1 digits before the point",
    ),
    "short text": (
        Annotated[str, Field(min_length=2)], "a", "value", "length",
        "must have at least 2 characters",
    ),
    "long text": (
        Annotated[str, Field(max_length=2)], "abc", "value", "length",
        "must have at most 2 characters",
    ),
    "short list": (
        Annotated[list[int], Field(min_length=2)], [1], "value", "length",
        "must have at least 2 items",
    ),
    "long mapping": (
        Annotated[dict[str, int], Field(max_length=0)], {"a": 1}, "value", "length",
        "must have at most 0 items",
    ),
    "pattern": (
        Annotated[str, Field(pattern="^a+$")], "b", "value", "pattern",
        "must match the pattern ^a+$",
    ),
    "no such date": (
        dt.date, "2026-02-30", "value", "format", "must be a date, as in 2026-01-31",
    ),
    "no zone": (
        dt.datetime, "2026-01-31T12:00:00", "value", "format",
        "must have a time zone, as in 2026-01-31T12:00:00Z",
    ),
    "no such time": (
        dt.time, "25:00", "value", "format", "must be a valid date, time or number in ISO form",
    ),
    "no such uuid": (uuid.UUID, "x", "value", "format", "must be a UUID"),
    "NaN": (float, float("nan"), "value", "not_finite", "must be a finite number"),
    "NaN decimal": (Decimal, Decimal("NaN"), "value", "not_finite", "must be a finite number"),
    "infinite decimal": (Decimal, float("inf"), "value", "not_finite", "must be a finite number"),
    "no data": (
        Any, object(), "value", "rejected",
        "must be plain data: text, numbers, dates, lists and mappings",
    ),
    "own words": (
        Annotated[str, AfterValidator(_nice)], "bad", "value", "rejected", "must be\\nnice",
    ),
    "assertion": (
        Annotated[str, AfterValidator(_nice)], "worse", "value", "rejected", "not so bad",
    ),
    "no number nor text": (int | str, [], "value", "type", "must be a whole number or text"),
    "no number nor list": (
        int | list[int], "x", "value", "type", "must be a whole number or a list",
    ),
    "item of a list in a union": (
        int | list[int], [1, "x"], "value.1", "type", "must be a whole number",
    ),
    "nullable": (int | None, "x", "value", "type", "must be a whole number"),
    "nullable list": (list[int] | None, ["x"], "value.0", "type", "must be a whole number"),
    "closest model": (
        Card | Cash, {"kind": "card", "number": "x"}, "value.number", "type",
        "must be a whole number",
    ),
    "closest model by its tag": (
        Payment, {"kind": "cash", "coins": ["x"]}, "value.coins.0", "type",
        "must be a whole number",
    ),
    "model in itself": (
        Card | Cash,
        {"kind": "cash", "coins": [], "change": {"kind": "cash", "coins": ["x"]}},
        "value.change.coins.0", "type", "must be a whole number",
    ),
    "unknown tag": (Payment, {"kind": "z"}, "value.kind", "choice", 'must be "card" or "cash"'),
    "absent tag": (Payment, {}, "value.kind", "missing", "is required"),
    "no mapping for a tag": (Payment, 5, "value", "type", "must be a mapping"),
    "member of a tag by shape": (
        ByShape, {"number": "x", "kind": "card"}, "value.number", "type", "must be a whole number",
    ),
    "no shape that is known": (ByShape, {}, "value", "rejected", "is not valid"),
    "unknown key": (
        Card, {"kind": "card", "number": 1, "nubmer": 1}, "value.nubmer", "unknown_key",
        "is not a known key; did you mean `number`?",
    ),
    "unknown key like nothing": (
        Card, {"kind": "card", "number": 1, "zzz": 1}, "value.zzz", "unknown_key",
        "is not a known key",
    ),
    "unknown key with a line end": (
        Card, {"kind": "card", "number": 1, "a\nb": 1}, "value.a\\nb", "unknown_key",
        "is not a known key",
    ),
    "absent key": (Card, {"kind": "card"}, "value.number", "missing", "is required"),
    "deep": (
        list[dict[str, tuple[Card, ...]]],
        [{"a": [{"kind": "card", "number": "x"}]}],
        "value.0.a.0.number", "type", "must be a whole number",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "path", "code", "message"), CASES.values(), ids=CASES)
def test_a_refusal_has_its_code_place_and_message(
    kind: object, value: object, path: str, code: str, message: str
) -> None:
    errors = _errors(holding(kind), {"value": value})

    assert errors == (ErrorDetail(path, code, message),)


def test_every_code_of_a_refusal_is_in_the_closed_list() -> None:
    assert {code for _, _, _, code, _ in CASES.values()} <= set(CODES)


def _errors(schema: type[BaseModel], values: object) -> tuple[ErrorDetail, ...]:
    with pytest.raises(ValidationError) as caught:
        schema.model_validate(values)
    return error_details(caught.value, schema)


@pytest.mark.parametrize("values", [5, None, [], "x", b"x", True], ids=repr)
def test_what_is_no_mapping_is_refused_as_a_whole(values: object) -> None:
    assert _errors(Card, values) == (ErrorDetail("", "type", "must be a mapping"),)


def test_a_key_that_is_no_text_is_refused() -> None:
    values = {"kind": "card", "number": 1, 5: 1}

    assert _errors(Card, values) == (ErrorDetail("5", "type", "must have text as its keys"),)


def test_text_that_is_no_json_is_refused_as_a_whole() -> None:
    with pytest.raises(ValidationError) as caught:
        Card.model_validate_json('{"kind":')

    assert error_details(caught.value, Card) == (ErrorDetail("", "format", "must be valid JSON"),)


def test_a_huge_number_is_refused_without_being_shown() -> None:
    (error,) = _errors(holding(Literal[1]), {"value": 10**5_000})

    assert error.message == "must be a whole number of fewer digits"


def test_all_that_is_wrong_is_listed_in_order() -> None:
    values = {"coins": [1, "x", "y"], "change": {"kind": "cash"}, "kidn": "cash"}

    assert [error.path for error in _errors(Cash, values)] == [
        "kind",
        "coins.1",
        "coins.2",
        "change.coins",
        "kidn",
    ]


def test_all_that_is_wrong_in_one_branch_of_a_union_is_listed() -> None:
    class Wide(Schema):
        kind: Literal["wide"]
        width: int
        ratio: Decimal
        unit: str

    values = {"value": {"kind": "wide", "width": "x", "ratio": "y"}}

    errors = _errors(holding(Card | Wide), values)

    assert [(error.path, error.code) for error in errors] == [
        ("value.width", "type"),
        ("value.ratio", "type"),
        ("value.unit", "missing"),
    ]


def test_a_long_list_of_refusals_is_cut() -> None:
    errors = _errors(holding(list[int]), {"value": ["x"] * 1_000})

    assert len(errors) == ERRORS_MAX


def test_a_long_list_of_choices_is_not_shown() -> None:
    many: Any = Literal[
        "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b0", "b1", "b2"
    ]

    (error,) = _errors(holding(many), {"value": "x"})

    assert error.message == "must be one of the allowed values"


def test_a_key_is_named_as_in_the_mapping() -> None:
    class Labelled(Schema):
        model_config = ConfigDict(alias_generator=str.upper)

        size: int

    assert [error.path for error in _errors(Labelled, {"SIZE": "x"})] == ["SIZE"]
    assert [error.path for error in _errors(Labelled, {})] == ["SIZE"]


def test_a_key_of_a_suggestion_is_one_that_a_mapping_has() -> None:
    class Labelled(Schema):
        weight_g: int = Field(default=0, alias="weight_grams")

    (error,) = _errors(Labelled, {"weight_gram": 1})

    assert error.message == "is not a known key; did you mean `weight_grams`?"


def test_a_validator_of_the_whole_is_quoted() -> None:
    class Range(Schema):
        low: int
        high: int

        @model_validator(mode="after")
        def _in_order(self) -> "Range":
            if self.low > self.high:
                message = "low is above high"
                raise ValueError(message)
            return self

    assert _errors(Range, {"low": 2, "high": 1}) == (
        ErrorDetail("", "rejected", "low is above high"),
    )


def test_a_path_is_cut_at_a_marked_field() -> None:
    class Secret(Schema):
        card: Annotated[Card, Redact("mask")]
        names: list[Annotated[str, Redact("mask")]]

    errors = _errors(Secret, {"card": {"kind": "card", "s3cret": 1}, "names": ["a", 1]})

    assert errors == (
        ErrorDetail("card", "rejected", "is not valid"),
        ErrorDetail("names.1", "type", "must be text"),
    )


def test_the_words_of_a_validator_are_withheld_where_anything_is_marked() -> None:
    class Secret(Schema):
        name: Annotated[str, AfterValidator(_nice)]
        token: Annotated[str, Redact("mask")] = ""

    assert _errors(Secret, {"name": "bad"}) == (ErrorDetail("name", "rejected", "is not valid"),)


def test_a_borrowed_model_has_the_same_codes() -> None:
    class Plain(BaseModel):
        size: int
        names: list[str]
        best: Card | None = None

    errors = _errors(Plain, {"size": "x", "names": [1], "best": {"kind": "card"}})

    assert errors == (
        ErrorDetail("size", "type", "must be a whole number"),
        ErrorDetail("names.0", "type", "must be text"),
        ErrorDetail("best.number", "missing", "is required"),
    )


def test_a_refusal_is_one_line() -> None:
    assert str(ErrorDetail("size", "type", "must be text")) == "size: must be text"
    assert str(ErrorDetail("", "type", "must be a mapping")) == "must be a mapping"


def test_something_unexpected_is_named_by_its_class_alone() -> None:
    error = unreadable(RuntimeError("s3cret"))

    assert error == ErrorDetail("", "rejected", "could not be read: `RuntimeError` was raised")


def test_refusals_read_as_written(snapshot: SnapshotAssertion) -> None:
    lines = [str(_errors(holding(kind), {"value": value})[0]) for kind, value, *_ in CASES.values()]

    assert "\n".join(lines) == snapshot


HOSTILE: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals(allow_nan=True)
    | st.text()
    | st.binary()
    | st.sampled_from(["card", "cash", "kind"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "number", "coins", "change"]) | st.text(), inner, max_size=4
        )
    ),
    max_leaves=8,
)
EVERYTHING: Final = [kind for kind, *_ in CASES.values()]


@given(HOSTILE, st.sampled_from(range(len(EVERYTHING))))
def test_no_refusal_names_a_branch_or_a_python_type(value: object, which: int) -> None:
    schema = holding(EVERYTHING[which])
    try:
        schema.model_validate({"value": value})
    except ValidationError as refusal:
        errors = error_details(refusal, schema)
    else:
        return

    assert errors
    for error in errors:
        assert error.code in CODES
        assert not [word for word in _INTERNAL if word in error.path + error.message]


_INTERNAL: Final = (
    "function-",
    "union[",
    "list[",
    "dict[",
    "instance",
    "Decimal",
    "str'",
    "Card",
    "()",
)
