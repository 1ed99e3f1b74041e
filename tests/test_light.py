"""Light facts: whatever they are made of, they say what the real instance says."""

import copy
import pickle
from collections.abc import Callable
from types import MappingProxyType
from typing import Annotated, Any, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import (
    ConfigDict,
    Field,
    ValidationError,
    computed_field,
    create_model,
    model_validator,
)

from criterion import Redact, Schema
from criterion.light import Light, light_reader, light_type, light_validator, model_of
from criterion.views import redacted
from tests.schemas import KINDS


class Place(Schema):
    city: str
    floor: int = 0


class Parcel(Schema):
    weight_g: int = Field(gt=0)
    to: Place
    tags: list[str] = Field(default_factory=list)


class Odd(Parcel):
    def is_heavy(self) -> bool:
        return self.weight_g > 1_000


class Open(Schema):
    model_config = ConfigDict(extra="allow")


class Computed(Schema):
    weight_g: int

    @computed_field
    def weight_kg(self) -> float:
        return self.weight_g / 1_000


class Checked(Schema):
    @model_validator(mode="after")
    def is_fine(self) -> Self:
        return self


class Aliased(Schema):
    weight_g: int = Field(alias="weight")


PARCEL = {"weight_g": 250, "to": {"city": "Bern"}, "tags": ["fragile"]}
SHAPES: dict[str, Callable[[dict[str, Any]], object]] = {
    "mapping": lambda parcel: parcel,
    "other mapping": MappingProxyType,
    "instance": Parcel.model_validate,
    "light facts": lambda parcel: reader()(parcel),  # noqa: PLW0108 -- it is defined below
}
UNFIT: list[object] = [
    {**PARCEL, "weight_g": 0},
    {**PARCEL, "weight_g": "250"},
    {**PARCEL, "to": {"town": "Bern"}},
    {**PARCEL, "colour": "red"},
    {},
    {1: 2},
    ["weight_g"],
    None,
]


def reader() -> Callable[[object], Any]:
    light = light_type(Parcel)
    assert light is not None
    return light_reader(light, light_validator(light))


@pytest.mark.parametrize("shape", SHAPES)
def test_light_facts_stand_for_the_instance(shape: str) -> None:
    instance = Parcel.model_validate(PARCEL)

    facts = reader()(SHAPES[shape](PARCEL))

    assert type(model_of(facts)) is Parcel
    assert model_of(facts) == instance
    assert facts.model_fields_set == instance.model_fields_set
    assert facts.model_dump() == instance.model_dump()
    assert (facts.weight_g, facts.to.city, facts.to.floor) == (250, "Bern", 0)
    assert isinstance(facts, Light)


@pytest.mark.parametrize("unfit", UNFIT, ids=repr)
def test_what_the_schema_refuses_is_refused_with_the_same_errors(unfit: object) -> None:
    with pytest.raises(ValidationError) as theirs:
        Parcel.model_validate(unfit)

    with pytest.raises(ValidationError) as ours:
        reader()(unfit)

    assert kinds(ours.value) == kinds(theirs.value)


def test_an_instance_of_a_subclass_stays_what_it_is() -> None:
    odd = Odd.model_validate(PARCEL)

    assert reader()(odd) is odd


@pytest.mark.parametrize("schema", [Odd, Open, Computed, Checked, Aliased])
def test_a_schema_that_is_more_than_fields_has_no_light_form(schema: type[Schema]) -> None:
    assert light_type(schema) is None


def kinds(error: ValidationError) -> list[tuple[object, ...]]:
    return [(line["type"], line["loc"], line["msg"]) for line in error.errors()]


def light_of(schema: type[Schema], given: object) -> Any:  # noqa: ANN401 -- it says that it is the schema
    light = light_type(schema)
    assert light is not None
    return light_reader(light, light_validator(light))(given)


@settings(max_examples=50)
@given(st.data(), st.lists(st.sampled_from(sorted(KINDS)), unique=True, max_size=5))
def test_light_facts_of_any_schema_are_equal_to_the_instance(
    data: st.DataObject, names: list[str]
) -> None:
    fields: dict[str, Any] = {f"field_{index}": KINDS[name] for index, name in enumerate(names)}
    kinds_of_fields: Any = {name: (kind.type, ...) for name, kind in fields.items()}
    schema = create_model("Generated", __base__=Schema, **kinds_of_fields)
    values = {name: data.draw(kind.values) for name, kind in fields.items()}
    instance = schema.model_validate(values)

    facts = light_of(schema, values)

    assert facts == instance
    assert instance == facts
    assert facts == light_of(schema, instance)
    assert repr(facts) == repr(instance)
    assert dict(facts) == dict(instance)
    assert facts.model_dump_json() == instance.model_dump_json()
    assert all(getattr(facts, name) == getattr(instance, name) for name in fields)
    assert all(type(getattr(facts, name)) is type(getattr(instance, name)) for name in fields)


WAYS: dict[str, Callable[[Any], Any]] = {
    "itself": lambda facts: facts,
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "model copy": lambda facts: facts.model_copy(),
    "pickle": lambda facts: pickle.loads(pickle.dumps(facts)),  # noqa: S301 -- our own bytes
    "model": model_of,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_copy_of_light_facts_is_equal(way: Callable[[Any], Any]) -> None:
    facts = light_of(Parcel, PARCEL)

    assert way(facts) == facts
    assert facts == way(facts)
    assert facts != light_of(Parcel, {**PARCEL, "weight_g": 251})


def test_light_facts_pass_for_an_instance() -> None:
    facts = light_of(Parcel, PARCEL)

    match facts:
        case Parcel(weight_g=weight_g):
            assert weight_g == 250
        case _:
            pytest.fail("a pattern must know it")
    assert isinstance(facts, Parcel)
    assert facts.__class__ is Parcel


def test_equal_light_facts_have_one_hash() -> None:
    first, second = (light_of(Place, {"city": "Bern"}) for _ in range(2))

    assert len({first, second, Place(city="Bern")}) == 1


CHANGES: dict[str, Callable[[Any], object]] = {
    "set": lambda facts: setattr(facts, "weight_g", 1),
    "set a new name": lambda facts: setattr(facts, "other", 1),
    "delete": lambda facts: delattr(facts, "weight_g"),
    "append": lambda facts: facts.tags.append("x"),
    "inner": lambda facts: setattr(facts.to, "city", "x"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_light_facts_refuse_every_change(change: Callable[[Any], object]) -> None:
    facts = light_of(Parcel, PARCEL)

    with pytest.raises((TypeError, ValidationError)):
        change(facts)

    assert facts == light_of(Parcel, PARCEL)


def test_light_facts_stand_in_the_field_of_another_schema() -> None:
    class Delivery(Schema):
        parcel: Parcel

    delivery = Delivery(parcel=light_of(Parcel, PARCEL))

    assert delivery == Delivery(parcel=Parcel.model_validate(PARCEL))
    assert delivery.model_dump() == {"parcel": {**PARCEL, "to": {"city": "Bern", "floor": 0}}}
    assert Delivery.model_validate_json(delivery.model_dump_json()) == delivery


def test_light_facts_hide_marked_values() -> None:
    class Secret(Schema):
        token: Annotated[str, Redact("mask")]
        shown: int = 1

    facts = light_of(Secret, {"token": "s3cret"})

    assert facts.token == "s3cret"  # noqa: S105 -- the point
    assert repr(facts) == "Secret(token=[redacted], shown=1)"
    assert str(facts) == "token=[redacted] shown=1"
    assert "s3cret" not in facts.model_dump_json()
    assert "s3cret" not in str(redacted(model_of(facts)))
