"""Drawing: facts are valid because of how they are made, and stand beside boundaries."""

import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, NotRequired, Required
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, field_validator
from typing_extensions import TypedDict

from criterion import Catalogue, Decision, NoProfile, Quantity, Rule, Schema
from criterion.conditions import conditions_of
from criterion.errors import DefinitionError
from criterion.result import Status
from criterion.testing import facts, profiles
from criterion.testing.crossing import Sides, crossing_place, crossings_of, movable
from criterion.testing.generating import generated
from criterion.testing.schema_values import SchemaValues
from criterion.testing.subject import subject_of
from tests.soak import sized
from tests.testing.subjects import EVERY_WORD, LIMIT, PROFILE

CATALOGUE = Catalogue.load()
COUNT = sized(100, 25)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Part(Schema):
    x: int = Field(ge=1, multiple_of=3)
    label: Annotated[str, Field(pattern=r"^[A-Z]{2,3}-\d+$")]


class Everything(Schema):
    whole: int
    exact: Decimal = Field(gt=0, le=10, decimal_places=2, max_digits=3)
    ratio: float = Field(ge=0, lt=1)
    day: date = Field(ge=date(2026, 1, 1), lt=date(2026, 1, 3))
    instant: datetime
    id: UUID
    choice: Literal["x", "y"] | None = None
    quantity: Quantity
    bounded: Annotated[Quantity, Field(ge=0)]
    ended: Annotated[Quantity, Field(gt=0, le=5, multiple_of=2)]
    parts: tuple[Part, ...] = Field(min_length=1, max_length=3)
    counts: dict[str, int]
    colour: Colour
    flag: bool
    short: str = Field(min_length=2, max_length=4)
    pair: tuple[int, str]
    some: frozenset[int]
    either: int | str
    span: timedelta


class Borrowed(BaseModel):
    count: int = Field(ge=0, alias="theCount")
    even: int

    @field_validator("even")
    @classmethod
    def is_even(cls, value: int) -> int:
        if value % 2:
            raise ValueError(value)
        return value


class Answer(Schema):
    ok: bool


def decision_about(schema: type[BaseModel]) -> Decision[Any, Any, Any]:
    rule: Rule[Any, NoProfile, Answer] = Rule(
        id="a", when="otherwise", emit=lambda _, __: Answer(ok=True)
    )
    return Decision(
        id="any", version="1.0.0", input=schema, profile=NoProfile, output=Answer, rules=(rule,)
    )


@pytest.mark.parametrize("decision", [EVERY_WORD, decision_about(Everything)], ids=repr)
def test_nothing_that_is_drawn_from_a_schema_is_refused(decision: Decision[Any, Any, Any]) -> None:
    subject = subject_of(decision, None, None)

    drawn = generated(SchemaValues(subject.schemas, subject.hints).all(), COUNT, 1)

    refused = [each for each in drawn if subject.ask(each).status is Status.INVALID_INPUT]
    assert (len(drawn), refused) == (COUNT, [])


@pytest.mark.parametrize("decision", CATALOGUE.decisions, ids=repr)
def test_facts_for_every_ready_decision_are_valid(decision: Decision[Any, Any, Any]) -> None:
    offers = CATALOGUE.profiles.offers(decision.id)
    name = offers[0].name if offers else None
    subject = subject_of(decision, name, CATALOGUE.profiles)

    drawn = generated(facts(decision, name, profiles=CATALOGUE.profiles), sized(40, 10), 2)

    assert Status.INVALID_INPUT not in {subject.ask(each).status for each in drawn}


@pytest.mark.parametrize(
    "decision", [each for each in CATALOGUE.decisions if each.profile.model_fields], ids=repr
)
def test_profiles_that_are_drawn_are_valid(decision: Decision[Any, Any, Any]) -> None:
    for values in generated(profiles(decision), sized(15, 5), 3):
        assert subject_of(decision, values, None).snapshot.id is None


class Digits(Schema):
    ended: Decimal = Field(ge=-10, le=10, decimal_places=2, max_digits=3)
    begun: Decimal = Field(ge=-5, max_digits=4)
    one: Decimal = Field(max_digits=1)
    many: Decimal = Field(decimal_places=4, max_digits=12)


def test_digits_are_kept_also_where_there_are_bounds() -> None:
    subject = subject_of(decision_about(Digits), None, None)

    drawn = generated(SchemaValues(subject.schemas, [9.99, 10, 1_000]).all(), sized(100, 50), 1)

    assert {subject.ask(each).status for each in drawn} == {Status.OK}
    assert any(abs(each["ended"]) > 9 for each in drawn)


def test_a_validator_of_an_author_is_kept_by_throwing_away() -> None:
    drawn = generated(facts(decision_about(Borrowed)), 30, 4)

    assert len(drawn) == 30
    assert all(each["even"] % 2 == 0 and each["theCount"] >= 0 for each in drawn)


def test_a_field_may_have_a_strategy_of_its_own() -> None:
    drawn = generated(facts(EVERY_WORD, fields={"list.*.x": st.just(77)}), 30, 5)

    assert {item["x"] for each in drawn for item in each["list"]} == {77}


@given(facts(LIMIT, PROFILE))
@settings(max_examples=sized(50, 15))
def test_facts_can_be_given_to_a_test(drawn: dict[str, Any]) -> None:
    assert subject_of(LIMIT, PROFILE, None).ask(drawn).status is Status.OK


def test_a_boundary_is_hit_exactly_through_lets_and_lookups() -> None:
    subject = subject_of(LIMIT, PROFILE, None)
    crossings = crossings_of(subject, conditions_of(LIMIT))
    given_facts = {"used": 9, "wanted": 5, "plan": "another", "day": date(2026, 1, 1)}
    places = {}
    for number, crossing in enumerate(crossings):
        for leaf in movable(subject, given_facts, crossing.fields):
            place = crossing_place(Sides(subject), crossing, given_facts, leaf)
            if place is not None:
                places[number, leaf.path[0]] = leaf.grid.value(place)

    assert date(2026, 3, 1) in places.values()  # the day of `profile.ends`
    assert 123_452 in places.values()  # used, so that used + 5 is the limit
    assert 123_448 in places.values()  # wanted, so that 9 + wanted is the limit
    assert 70 in places.values()  # the last whole number whose square is at most 5,000


@pytest.mark.parametrize("seed", range(sized(20, 1)))
def test_facts_stand_below_on_and_above_a_boundary(seed: int) -> None:
    drawn = generated(facts(LIMIT, PROFILE), 200, seed)
    apart = {
        each["used"] + each.get("wanted", 1) - PROFILE["limits"][each["plan"]]  # type: ignore[index]
        for each in drawn
        if each["plan"] in PROFILE["limits"]
    }

    assert {-1, 0, 1} <= apart


class Note(TypedDict):
    text: str
    author: NotRequired[str]


class Marks(TypedDict, total=False):
    stars: int
    read: Required[bool]


class Noted(BaseModel):
    note: Note
    marks: Marks


def test_keys_that_need_not_be_there_are_left_out_now_and_then() -> None:
    drawn = generated(facts(decision_about(Noted)), 60, 0)

    assert {frozenset(each["note"]) for each in drawn} == {
        frozenset({"text"}),
        frozenset({"text", "author"}),
    }
    assert {frozenset(each["marks"]) for each in drawn} == {
        frozenset({"read"}),
        frozenset({"read", "stars"}),
    }


def test_a_profile_that_does_not_fit_is_refused() -> None:
    with pytest.raises(DefinitionError, match="limits: is required"):
        facts(LIMIT, {"ends": "2026-01-01"})


def test_what_cannot_be_drawn_says_what_to_give() -> None:
    class Odd(BaseModel):
        call: Any = Field(pattern=None)
        text: str = Field(pattern=r"^\p{L}+$")

    with pytest.raises(DefinitionError, match=r"text: cannot draw .* \(give a strategy"):
        generated(facts(decision_about(Odd)), 1, 0)

    drawn = generated(facts(decision_about(Odd), fields={"text": st.just("é")}), 3, 0)
    assert {each["text"] for each in drawn} == {"é"}


def test_the_kit_imports_hypothesis_when_it_is_first_used() -> None:
    program = (
        "import sys, criterion.testing as _; print(*({'hypothesis', 'pytest'} & {*sys.modules}))"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert ended.stdout.split() == []
