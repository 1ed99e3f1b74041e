"""Borrowed models: pydantic models that are not ours come out frozen, and stay what they are."""

import dataclasses
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

import pytest
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    Json,
    PlainValidator,
    ValidationError,
    WrapValidator,
    computed_field,
    create_model,
    field_validator,
    model_validator,
)
from typing_extensions import TypeAliasType, TypedDict

from criterion.borrowed import is_borrowed, unfreezable_fields, validator_of
from criterion.frozen import FrozenDict, FrozenList
from criterion.schema import Schema
from tests.schemas import REQUIRED, value_of

Steps = TypeAliasType("Steps", list[int])


class Typed(TypedDict):
    """A typed dictionary."""

    sizes: list[int]


class Row(NamedTuple):
    """A named tuple."""

    sizes: list[int]


@dataclasses.dataclass
class Data:
    """A dataclass."""

    sizes: list[int]


class Box(BaseModel):
    """A borrowed model inside of another."""

    name: str = "box"
    sizes: list[int] = [1]


class Tree(BaseModel):
    """A borrowed model that holds itself."""

    sizes: list[int]
    parts: "list[Tree]" = []


class Ours(Schema):
    """A schema inside of a borrowed model."""

    sizes: list[int]


def borrowed(kind: Any, field: Any = REQUIRED) -> type[BaseModel]:  # noqa: ANN401 -- any type of a field
    return create_model("Borrowed", value=(kind, field))


def made(kind: Any, value: object, field: Any = REQUIRED) -> Any:  # noqa: ANN401 -- the same
    return value_of(validator_of(borrowed(kind, field)).validate_python({"value": value}))


COLLECTIONS: Final[dict[str, tuple[Any, object, type]]] = {
    "list": (list[int], [1], FrozenList),
    "mapping": (dict[str, int], {"a": 1}, FrozenDict),
    "abstract mapping": (Mapping[str, int], {"a": 1}, FrozenDict),
    "abstract sequence": (Sequence[int], [1], FrozenList),
    "set": (set[int], {1}, frozenset),
    "anything": (Any, [1], FrozenList),
    "nullable": (list[int] | None, [1], FrozenList),
    "union": (int | dict[str, int], {"a": 1}, FrozenDict),
    "typed dictionary": (Typed, {"sizes": [1]}, FrozenDict),
    "type alias": (Steps, [1], FrozenList),
    "iterable": (Iterable[int], [1], FrozenList),
    "deque": (deque[int], [1], FrozenList),
    "counter": (Counter[str], {"a": 1}, FrozenDict),
    "ordered mapping": (OrderedDict[str, int], {"a": 1}, FrozenDict),
    "mapping with a default": (defaultdict[str, int], {"a": 1}, FrozenDict),
    "json": (Json[list[int]], "[1]", FrozenList),
    "validator after": (Annotated[list[int], AfterValidator(sorted)], [1], FrozenList),
    "validator around": (
        Annotated[list[int], WrapValidator(lambda value, read: list(read(value)))], [1], FrozenList,
    ),
    "validator instead": (Annotated[Any, PlainValidator(lambda value: [value])], 1, FrozenList),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "expected"), COLLECTIONS.values(), ids=COLLECTIONS)
def test_a_collection_comes_out_frozen(kind: object, value: object, expected: type) -> None:
    assert type(made(kind, value)) is expected


INNER: Final[dict[str, tuple[Any, object, Callable[[Any], object]]]] = {
    "list": (list[list[int]], [[1]], lambda value: value[0]),
    "tuple": (tuple[list[int], ...], [[1]], lambda value: value[0]),
    "mapping": (dict[str, list[int]], {"a": [1]}, lambda value: value["a"]),
    "typed dictionary": (Typed, {"sizes": [1]}, lambda value: value["sizes"]),
    "named tuple": (Row, Row([1]), lambda value: value.sizes),
    "model": (Box, {"sizes": [1]}, lambda value: value.sizes),
    "default of a model": (Box, {}, lambda value: value.sizes),
    "instance of a model": (Box, Box(sizes=[1]), lambda value: value.sizes),
    "schema": (Ours, {"sizes": [1]}, lambda value: value.sizes),
    "instance of a schema": (Ours, Ours(sizes=[1]), lambda value: value.sizes),
    "model in itself": (
        Tree, {"sizes": [], "parts": [{"sizes": [1]}]}, lambda value: value.parts[0].sizes,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "inner"), INNER.values(), ids=INNER)
def test_what_is_inside_comes_out_frozen(
    kind: object, value: object, inner: Callable[[Any], object]
) -> None:
    found = inner(made(kind, value))

    assert type(found) is FrozenList
    assert found == [1]


@pytest.mark.parametrize(
    "field",
    [Field(default=[1]), Field(default_factory=lambda: [1]), Field(default_factory=lambda _: [1])],
    ids=["default", "factory", "factory that takes the other fields"],
)
def test_a_default_comes_out_frozen(field: object) -> None:
    model = validator_of(borrowed(list[int], field)).validate_python({})

    assert type(value_of(model)) is FrozenList
    assert value_of(model) == [1]


def test_an_instance_refuses_every_change() -> None:
    tree: Any = validator_of(Tree).validate_python({"sizes": [1], "parts": [{"sizes": [2]}]})

    for target, name in ((tree, "sizes"), (tree, "parts"), (tree.parts[0], "sizes"), (tree, "new")):
        with pytest.raises((ValidationError, ValueError)):
            setattr(target, name, [])
    with pytest.raises(TypeError):
        tree.parts.append(tree)

    assert tree.model_dump() == {"sizes": [1], "parts": [{"sizes": [2], "parts": []}]}


def test_an_instance_is_still_one_of_the_model() -> None:
    box: Any = validator_of(Box).validate_python({"name": "a"})

    assert isinstance(box, Box)
    assert type(box).__name__ == "Box"
    assert repr(box) == repr(Box(name="a"))
    assert box.model_dump() == Box(name="a").model_dump()


def test_the_model_itself_stays_as_it_is() -> None:
    validator_of(Tree)
    tree = Tree(sizes=[1])

    tree.sizes = [2]
    tree.sizes.append(3)

    assert tree == Tree(sizes=[2, 3])
    assert type(Tree(sizes=[1]).parts) is list


def test_an_instance_that_is_given_is_copied() -> None:
    given = Tree(sizes=[1], parts=[Tree(sizes=[2])])
    tree: Any = validator_of(Tree).validate_python(given)

    given.sizes.append(9)
    given.parts[0].sizes.append(9)

    assert tree.model_dump() == {"sizes": [1], "parts": [{"sizes": [2], "parts": []}]}


def test_an_instance_that_no_longer_fits_is_refused() -> None:
    given = Tree(sizes=[1])
    given.sizes.append("x")  # type: ignore[arg-type] # the point

    with pytest.raises(ValidationError):
        validator_of(Tree).validate_python(given)


class Labelled(BaseModel):
    """Fields under other names in a mapping."""

    size: int = Field(alias="SIZE")
    count: int = Field(validation_alias=AliasChoices("COUNT", "number"))


@pytest.mark.parametrize(
    "given",
    [{"SIZE": 1, "COUNT": 2}, Labelled.model_validate({"SIZE": 1, "number": 2})],
    ids=["mapping", "instance"],
)
def test_a_model_with_other_names_is_read_either_way(given: object) -> None:
    label: Any = validator_of(Labelled).validate_python(given)

    assert (label.size, label.count) == (1, 2)


class Open(BaseModel):
    """A model that takes more than its fields, with validators of its own."""

    model_config = ConfigDict(extra="allow")

    names: list[str]

    @field_validator("names")
    @classmethod
    def _in_order(cls, names: list[str]) -> list[str]:
        return sorted(names)

    @model_validator(mode="after")
    def _has_names(self) -> "Open":
        if not self.names:
            message = "needs names"
            raise ValueError(message)
        return self

    @computed_field  # type: ignore[prop-decorator] # mypy knows no decorated property
    @property
    def first(self) -> str:
        return self.names[0]


@pytest.mark.parametrize(
    "given",
    [{"names": ["b", "a"], "more": [1]}, Open.model_validate({"names": ["b", "a"], "more": [1]})],
    ids=type,
)
def test_a_model_keeps_its_own_ways(given: object) -> None:
    box: Any = validator_of(Open).validate_python(given)

    assert (box.names, box.first, box.more) == (["a", "b"], "a", [1])
    assert type(box.names) is FrozenList
    assert type(box.more) is FrozenList
    with pytest.raises(ValidationError, match="needs names"):
        validator_of(Open).validate_python({"names": []})


def test_a_strict_model_stays_strict() -> None:
    class Strict(BaseModel):
        model_config = ConfigDict(strict=True)

        size: int
        box: Box | None = None

    assert validator_of(Strict).validate_python({"size": 1, "box": Box()})
    with pytest.raises(ValidationError):
        validator_of(Strict).validate_python({"size": "1"})


def test_a_lax_model_stays_lax() -> None:
    assert made(int, "1") == 1


def test_a_schema_validates_itself() -> None:
    ours = Ours(sizes=[1])

    assert not is_borrowed(Ours)
    assert is_borrowed(Box)
    assert validator_of(Ours).validate_python(ours) is ours


class Mixed(Schema):
    """A schema with things that it cannot freeze."""

    box: Box
    boxes: list[Box]
    maybe: dict[str, tuple[Box, ...]] | None = None
    data: Data
    typed: Typed
    ours: Ours
    sizes: list[int]


def test_what_a_schema_cannot_freeze_is_named() -> None:
    assert list(unfreezable_fields(Mixed)) == ["box", "boxes", "maybe", "data", "typed"]


def test_what_a_borrowed_model_cannot_freeze_is_named() -> None:
    class Plain(BaseModel):
        box: Box
        rows: list[Data]
        typed: Typed

    assert list(unfreezable_fields(Plain)) == ["rows"]
    assert list(unfreezable_fields(Tree)) == []
