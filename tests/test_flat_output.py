"""Tests of flat outputs: the short way to their JSON says what the long way says, or nothing."""

import enum
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    create_model,
)

from criterion.case_runs import read_catalogue
from criterion.cases import run_cases
from criterion.catalogue import Catalogue
from criterion.exact import INTEGER_MAX
from criterion.explanation import RuleReading
from criterion.flat_output import flat_writer
from criterion.json_text import json_text
from criterion.quantity import UNLIMITED, Quantity
from criterion.redaction import Redact
from criterion.schema import Schema
from criterion.snapshot import NO_PROFILE
from tests.catalogue_files import ROOT
from tests.parcels import parcel_surcharge


class Size(enum.StrEnum):
    SMALL = "small"


class Flat(Schema):
    """One field of each kind that is written by the short way."""

    text: str = Field(default="", max_length=20, description="A text.")
    whole: int = 0
    flag: bool = False
    plan: Literal["free", "pro", 3] | None = None
    size: Literal[Size.SMALL] = Size.SMALL
    room: Quantity = 0
    either: int | str = 0
    number: Decimal | None = None


def written(model: BaseModel) -> str:
    reading = RuleReading(parcel_surcharge, NO_PROFILE)
    return json_text(reading.members(model))


WHOLE: Final = st.integers(-INTEGER_MAX, INTEGER_MAX)
QUANTITIES: Final = WHOLE | st.just(UNLIMITED)


@given(
    st.builds(
        Flat,
        text=st.text(max_size=20),
        whole=WHOLE,
        flag=st.booleans(),
        plan=st.sampled_from(["free", 3, None]),
        room=QUANTITIES,
        either=WHOLE | st.text(),
    )
)
def test_both_ways_write_the_same(flat: Flat) -> None:
    assert flat_writer(Flat)(flat) == flat_writer(Flat)(dict(flat)) == written(flat)


def test_data_is_written_in_the_order_of_the_fields_with_defaults() -> None:
    assert flat_writer(Flat)({"whole": Decimal("3.0"), "text": "é"}) == written(
        Flat(text="é", whole=3)
    )


@pytest.mark.parametrize(
    "data",
    [
        Flat(number=Decimal("1.50")),
        {"room": Decimal("0.1")},
        {"whole": INTEGER_MAX + 1},
        {"unknown": 1},
        [],
        None,
    ],
    ids=str,
)
def test_what_the_short_way_cannot_write_it_leaves_alone(data: Any) -> None:  # noqa: ANN401
    assert flat_writer(Flat)(data) is None


def test_a_whole_number_in_place_of_a_decimal_is_written_alike() -> None:
    data = {**dict(Flat()), "size": "small", "number": 1}

    assert flat_writer(Flat)(data) == written(Flat(number=Decimal(1)))


class Trimmed(Schema):
    """A text that an instance holds otherwise than it was emitted."""

    text: Annotated[str, Field(max_length=20), StringConstraints(strip_whitespace=True)]


class Lower(Schema):
    """The same, for all texts."""

    model_config = ConfigDict(str_to_lower=True)

    text: str


@pytest.mark.parametrize("schema", [Trimmed, Lower])
def test_a_text_that_changes_when_it_is_read_is_read(schema: type[Schema]) -> None:
    data = {"text": " Ab "}

    assert flat_writer(schema)(data) == written(schema.model_validate(data))


def test_a_name_may_hold_a_sign_of_templates() -> None:
    fields: Any = {"share_%s": (int, 0)}
    odd: Any = create_model("Odd", __base__=Schema, **fields)

    assert flat_writer(odd)({"share_%s": 3}) == '{"share_%s":3}'


class Wider(Flat):
    """An instance of it passes for one of its base."""

    more: int = 0


def test_an_instance_of_a_subclass_is_left_alone() -> None:
    assert flat_writer(Flat)(Wider()) is None


class Nested(Schema):
    """A schema in a schema."""

    flat: Flat = Flat()


class Aliased(Schema):
    """A field of another name in JSON."""

    field: str = Field(default="", serialization_alias="Field")


class Hiding(Schema):
    """A field that JSON does not show."""

    field: str = Field(default="", exclude=True)


class Marked(Schema):
    """A field that nobody is to see."""

    field: Annotated[str, Redact("mask")] = ""


class Own(Schema):
    """A field that is written in a way of its own."""

    field: Annotated[str, PlainSerializer(str.upper)] = "a"


class Made(Schema):
    """A field that could hold anything."""

    field: Annotated[str, AfterValidator(list)] = "a"


class Real(Schema):
    """A number that Python writes otherwise."""

    field: float = 1e-05


class Bounded(Schema):
    """A field that a validator of pydantic's looks at afterwards."""

    field: Annotated[Quantity, Field(ge=0)] = 0


class Listing(Schema):
    """A list."""

    field: list[int] = Field(default_factory=list)


class Borrowed(BaseModel):
    """A model of somebody else's."""

    field: str = ""


OTHERS: Final = (Nested, Aliased, Hiding, Marked, Own, Made, Real, Bounded, Listing, Borrowed)


@pytest.mark.parametrize("schema", OTHERS, ids=lambda schema: schema.__name__)
def test_other_schemas_are_left_alone(schema: type[BaseModel]) -> None:
    assert flat_writer(schema)(schema()) is None
    assert flat_writer(schema)({}) is None


def test_every_ready_decision_is_written_as_with_its_trace() -> None:
    catalogue = Catalogue.load(ROOT)
    files, _ = read_catalogue(catalogue)

    outcomes = [
        outcome
        for file in files.values()
        for decision in catalogue.decisions
        if decision.id == file.decision
        for outcome in run_cases(decision, catalogue.profiles, file.cases)
    ]

    assert outcomes
    for result in (outcome.result for outcome in outcomes):
        assert result.to_json(trace=True).startswith(f'{result.to_json()[:-1]},"trace":[')
