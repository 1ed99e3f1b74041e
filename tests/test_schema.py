"""Schemas: no way around validation, nothing in an instance changes, JSON and back unchanged."""

import copy
import json
import pickle
from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Final, Generic, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    ValidationError,
    computed_field,
    create_model,
    field_validator,
    model_validator,
)
from syrupy.assertion import SnapshotAssertion

from criterion.frozen import FrozenDict, FrozenList
from criterion.quantity import UNLIMITED, Quantity
from criterion.schema import NoProfile, Schema
from tests.json_schema import fits
from tests.schemas import KINDS, Colour, Level, held, holding

Item = TypeVar("Item")


class Box(Schema):
    """A schema inside of another."""

    name: str
    tags: list[str] = Field(default_factory=list)


class Order(Schema):
    """Every kind of thing that could change."""

    count: int = Field(gt=0)
    boxes: list[Box] = []  # noqa: RUF012 -- a default that is frozen when it is used
    prices: dict[str, list[Decimal]] = {}  # noqa: RUF012 -- the same
    codes: set[int] = {1}  # noqa: RUF012 -- the same
    extra: Any = [{"a": [1]}]  # noqa: RUF012 -- the same
    pair: tuple[list[int], int] = ([1], 2)
    maybe: list[int] | None = [1]  # noqa: RUF012 -- the same
    best: Box = Box(name="x", tags=["y"])


class Sorted(Schema):
    """Validators of the author's that return things that could change."""

    names: list[str]
    ranks: Annotated[dict[str, int], AfterValidator(dict)] = Field(default_factory=dict)

    @field_validator("names")
    @classmethod
    def _in_order(cls, names: list[str]) -> list[str]:
        return sorted(names)

    @model_validator(mode="after")
    def _as_it_is(self) -> "Sorted":
        return self


class Labelled(Schema):
    """Fields under other names in a mapping."""

    model_config = ConfigDict(alias_generator=str.upper)

    size: int
    notes: list[str] = Field(default_factory=list)


class Open(Schema):
    """A schema that takes more than its fields."""

    model_config = ConfigDict(extra="allow")

    size: int


class Pair(Schema, Generic[Item]):
    """A schema for any type."""

    items: list[Item]


class Remembering(Schema):
    """A schema with a value that is worked out once."""

    size: int

    @cached_property
    def double(self) -> int:
        return 2 * self.size

    @computed_field  # type: ignore[prop-decorator] # mypy knows no decorated property
    @property
    def half(self) -> float:
        return self.size / 2


WAYS: Final[dict[str, Callable[[Order], Order]]] = {
    "constructor": lambda order: Order(**dict(order)),
    "mapping": lambda order: Order.model_validate(order.model_dump()),
    "instance": Order.model_validate,
    "json": lambda order: Order.model_validate_json(order.model_dump_json()),
    "text": lambda order: Order.model_validate_json(order.model_dump_json().encode()),
    "construct": lambda order: Order.model_construct(**dict(order)),
    "construct with fields set": lambda order: Order.model_construct({"count"}, **dict(order)),
    "model copy": lambda order: order.model_copy(),
    "deep model copy": lambda order: order.model_copy(deep=True),
    "changed model copy": lambda order: order.model_copy(update={"extra": [{"a": [1]}]}),
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "pickle": lambda order: pickle.loads(pickle.dumps(order)),  # noqa: S301 -- our own bytes
    "defaults": lambda order: Order(count=order.count),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_whichever_way_an_instance_is_made_it_is_equal_and_frozen(
    way: Callable[[Order], Order],
) -> None:
    order = Order(count=1)

    made = way(order)

    assert made == order
    assert type(made.boxes) is FrozenList
    assert type(made.prices) is FrozenDict
    assert isinstance(made.codes, frozenset)
    assert type(made.extra) is FrozenList
    assert type(made.extra[0]["a"]) is FrozenList
    assert type(made.pair[0]) is FrozenList
    assert type(made.maybe) is FrozenList
    assert type(made.best.tags) is FrozenList


BAD: Final[dict[str, Callable[[], object]]] = {
    "constructor": lambda: Order(count=0),
    "construct": lambda: Order.model_construct(count=0),
    "construct with fields set": lambda: Order.model_construct({"count"}, count=0),
    "construct without fields": Order.model_construct,
    "copy": lambda: Order(count=1).model_copy(update={"count": 0}),
    "copy with an unknown key": lambda: Order(count=1).model_copy(update={"cuont": 1}),
    "bad default": holding(list[int], Field(default=["x"])),
    "bad default of a factory": holding(list[int], Field(default_factory=lambda: ["x"])),
}


@pytest.mark.parametrize("make", BAD.values(), ids=BAD)
def test_no_way_makes_an_instance_that_does_not_fit(make: Callable[[], object]) -> None:
    with pytest.raises(ValidationError):
        make()


def test_the_old_way_to_copy_is_refused() -> None:
    with pytest.raises(TypeError, match="model_copy"):
        Order(count=1).copy(update={"count": 0})


CHANGES: Final[dict[str, Callable[[Any], object]]] = {
    "set": lambda order: setattr(order, "count", 2),
    "set a new name": lambda order: setattr(order, "other", 2),
    "delete": lambda order: delattr(order, "count"),
    "append": lambda order: order.boxes.append(1),
    "set an item": lambda order: order.prices.__setitem__("a", 1),
    "inner": lambda order: order.extra[0]["a"].append(1),
    "in a tuple": lambda order: order.pair[0].append(1),
    "in a model": lambda order: order.best.tags.append("z"),
    "of a model": lambda order: setattr(order.best, "name", "z"),
    "set of codes": lambda order: order.codes.add(2),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_in_an_instance_changes(change: Callable[[Any], object]) -> None:
    order = Order(count=1)

    with pytest.raises((TypeError, ValidationError, AttributeError)):
        change(order)

    assert order == Order(count=1)


def test_a_later_change_of_what_was_given_does_not_show() -> None:
    given: dict[str, Any] = {"count": 1, "extra": {"a": [1]}, "prices": {"a": [1]}}
    order = Order.model_validate(given)

    given["extra"]["a"].append(2)
    given["prices"]["a"].append(2)

    assert order.extra == {"a": [1]}
    assert order.prices == {"a": [1]}


def test_what_a_validator_returns_is_frozen() -> None:
    names = Sorted.model_validate({"names": ["b", "a"], "ranks": {"a": 1}})

    assert names.names == ["a", "b"]
    assert type(names.names) is FrozenList
    assert type(names.ranks) is FrozenDict


def test_a_schema_with_other_names_copies_by_field() -> None:
    label = Labelled.model_validate({"SIZE": 1, "NOTES": ["a"]})

    copied = label.model_copy(update={"size": 2})

    assert (copied.size, type(copied.notes)) == (2, FrozenList)
    assert repr(copied) == "Labelled(size=2, notes=['a'])"


def test_what_an_open_schema_takes_besides_is_frozen() -> None:
    box = Open.model_validate({"size": 1, "other": [{"a": [1]}]})

    assert type(box.model_extra["other"]) is FrozenList  # type: ignore[index] # it is open
    assert box.model_copy(update={"size": 2}).model_extra == {"other": [{"a": [1]}]}
    with pytest.raises(ValidationError):
        Open.model_validate({"size": 1, "other": float("nan")})


def test_a_generic_schema_is_as_strict_and_frozen() -> None:
    pair = Pair[int].model_validate({"items": [1, 2]})

    assert type(pair.items) is FrozenList
    with pytest.raises(ValidationError):
        Pair[int].model_validate({"items": ["1"]})


def test_a_cached_property_is_no_field() -> None:
    box = Remembering(size=3)

    assert box.double == 6

    assert box.model_copy() == box
    assert repr(box) == "Remembering(size=3)"


def test_a_schema_cannot_be_made_changeable() -> None:
    with pytest.raises(TypeError, match="`Loose` must stay frozen"):

        class Loose(Schema):
            model_config = ConfigDict(frozen=False)


def test_a_schema_has_no_private_state() -> None:
    with pytest.raises(TypeError, match="remove `_seen`"):

        class Counting(Schema):
            _seen: int = 0


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ValidationError):
        Box.model_validate({"name": "a", "nmae": "b"})


def test_no_profile_takes_nothing() -> None:
    assert NoProfile.model_validate({}) == NoProfile()
    with pytest.raises(ValidationError):
        NoProfile.model_validate({"a": 1})


def test_the_text_of_an_error_never_shows_the_value() -> None:
    with pytest.raises(ValidationError) as caught:
        Order.model_validate({"count": "s3cret"})

    assert "s3cret" not in str(caught.value)


def test_a_callers_context_reaches_validators_when_json_is_read() -> None:
    seen: list[object] = []

    class Looking(Schema):
        size: int

        @field_validator("size")
        @classmethod
        def _look(cls, size: int, info: Any) -> int:  # noqa: ANN401 -- pydantic's own type
            seen.append(info.context["who"])
            return size

    Looking.model_validate_json('{"size": 1}', context={"who": "me"})

    assert seen == ["me"]


Everything = create_model(  # type: ignore[call-overload] # fields from a table
    "Everything",
    __base__=Schema,
    **{name.replace(" ", "_"): (kind.type, ...) for name, kind in KINDS.items()},
)
VALUES: Final = st.fixed_dictionaries(
    {name.replace(" ", "_"): kind.values for name, kind in KINDS.items()}
)


@given(VALUES)
def test_an_instance_is_the_same_after_json(values: dict[str, Any]) -> None:
    model = Everything.model_validate(values)

    again = Everything.model_validate_json(model.model_dump_json())

    assert again == model


TAKEN: Final = Everything.model_json_schema(mode="validation")
SHOWN: Final = Everything.model_json_schema(mode="serialization")


@given(VALUES)
def test_what_json_shows_is_what_json_schema_says(values: dict[str, Any]) -> None:
    shown = json.loads(Everything.model_validate(values).model_dump_json())

    assert fits(shown, TAKEN, TAKEN)
    assert fits(shown, SHOWN, SHOWN)


def test_the_check_of_json_schema_can_fail() -> None:
    assert not fits({}, TAKEN, TAKEN)


class Tariff(Schema):
    """What one parcel costs, by its weight."""

    base_cents: int = Field(gt=0, description="For every parcel, cents.")
    rate: Decimal = Field(default=Decimal("1.10"), ge=0)
    limit: Quantity = UNLIMITED
    colour: Colour = Colour.RED
    level: Level = Level.LOW
    zones: dict[str, list[int]] = Field(default_factory=dict)
    best: Box | None = None
    any_data: Any = None


def test_json_schema_reads_as_written(snapshot: SnapshotAssertion) -> None:
    assert json.dumps(Tariff.model_json_schema(), indent=2) == snapshot


def test_a_default_of_none_needs_no_nullable_type() -> None:
    assert held(int, 1, Field(default=None)) == 1
    assert holding(int, Field(default=None))().model_dump() == {"value": None}
