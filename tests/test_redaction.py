"""Redaction: a marked value is seen by rules and by nothing that people read."""

import json
import math
import operator
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Final, Literal, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    computed_field,
    field_validator,
    model_validator,
)
from typing_extensions import TypeAliasType

from criterion.quantity import Quantity
from criterion.redaction import Redact, Redacted, RedactedUseError
from criterion.schema import Schema
from criterion.validation import error_details
from criterion.views import has_marks, redacted
from tests.schemas import Level, holding

SECRET: Final = "s3cret"  # noqa: S105 -- what the tests look for
NUMBER: Final = 31_337

Marked = Annotated[str, Redact("mask")]
Alias = TypeAliasType("Alias", Marked)


class Card(Schema):
    """A schema with a marked field."""

    number: Marked
    kind: Literal["card"] = "card"
    shown: int = 1


class Cash(Schema):
    """A schema without."""

    kind: Literal["cash"] = "cash"
    amount: int = 0


class Tree(Schema):
    """A schema that holds itself."""

    name: Marked
    parts: "tuple[Tree, ...]" = ()


class Checked(Schema):
    """A schema with a validator around it."""

    number: Marked

    @model_validator(mode="after")
    def _as_it_is(self) -> "Checked":
        return self


class Row(NamedTuple):
    """A named tuple with a marked part."""

    name: Marked
    size: int


CARD: Final = {"number": SECRET}

HIDDEN: Final[dict[str, tuple[Any, object]]] = {
    "text": (Marked, SECRET),
    "dropped": (Annotated[str, Redact("drop")], SECRET),
    "hashed": (Annotated[str, Redact("hash")], SECRET),
    "number": (Annotated[int, Redact("mask")], NUMBER),
    "decimal": (Annotated[Decimal, Redact("mask")], Decimal(NUMBER)),
    "quantity": (Annotated[Quantity, Redact("mask")], NUMBER),
    "quantity in bounds": (Annotated[Quantity, Redact("mask"), Field(gt=0)], NUMBER),
    "nullable inside": (Marked | None, SECRET),
    "nullable outside": (Annotated[str | None, Redact("mask")], SECRET),
    "literal": (Annotated[Literal["s3cret"], Redact("mask")], SECRET),
    "bytes": (Annotated[bytes, Redact("mask")], SECRET.encode()),
    "anything": (Annotated[Any, Redact("mask")], {"a": [SECRET]}),
    "union": (Annotated[int | str, Redact("mask")], SECRET),
    "part of a union": (int | Marked, SECRET),
    "alias": (Alias, SECRET),
    "constrained": (Annotated[str, Redact("mask"), Field(min_length=1)], SECRET),
    "validated inside": (Annotated[str, AfterValidator(str), Redact("mask")], SECRET),
    "validated outside": (Annotated[str, Redact("mask"), AfterValidator(str)], SECRET),
    "list": (list[Marked], [SECRET]),
    "marked list": (Annotated[list[str], Redact("mask")], [SECRET]),
    "tuple": (tuple[Marked, int], (SECRET, 1)),
    "long tuple": (tuple[Marked, ...], (SECRET,)),
    "set": (set[Marked], {SECRET}),
    "mapping": (dict[str, Marked], {"a": SECRET}),
    "keys": (dict[Marked, int], {SECRET: 1}),
    "marked mapping": (Annotated[dict[str, int], Redact("mask")], {SECRET: 1}),
    "named tuple": (Row, Row(SECRET, 1)),
    "model": (Card, CARD),
    "marked model": (Annotated[Card, Redact("mask")], CARD),
    "nullable model": (Card | None, CARD),
    "list of models": (list[Card], [CARD]),
    "tuple of models": (tuple[Card, ...], [CARD]),
    "mapping to models": (dict[str, Card], {"a": CARD}),
    "union of models": (Card | Cash, CARD),
    "tagged union": (Annotated[Card | Cash, Field(discriminator="kind")], CARD | {"kind": "card"}),
    "marked tagged union": (
        Annotated[Annotated[Card | Cash, Field(discriminator="kind")], Redact("mask")],
        CARD | {"kind": "card"},
    ),
    "union of a model and a list": (Card | list[Marked], [SECRET]),
    "union with a list of models": (int | list[Card], [CARD]),
    "validated model": (Checked, CARD),
    "union of validated models": (Checked | Cash, CARD),
    "recursive": (Tree, {"name": "x", "parts": [{"name": SECRET}]}),
    "deep": (dict[str, list[tuple[Card, ...]]], {"a": [[CARD]]}),
}  # fmt: skip


def _shown(model: Schema) -> Iterator[str]:
    """Yield everything that people may see of an instance."""
    yield repr(model)
    yield str(model)
    yield f"{model!s:>400}"
    yield model.model_dump_json()
    yield model.model_dump_json(by_alias=True, exclude_defaults=True)
    yield str(model.model_dump(mode="json"))
    yield repr(redacted(model))
    yield str(redacted(model).model_dump(warnings=False))
    yield str(dict(redacted(model)))


@pytest.mark.parametrize(("kind", "value"), HIDDEN.values(), ids=HIDDEN)
def test_a_marked_value_is_never_shown(kind: object, value: object) -> None:
    model = holding(kind).model_validate({"value": value})

    shown = list(_shown(model))

    assert not [text for text in shown if SECRET in text or str(NUMBER) in text]
    assert all("[redacted]" in text for text in shown)


@pytest.mark.parametrize(("kind", "value"), HIDDEN.values(), ids=HIDDEN)
def test_a_marked_value_is_seen_by_rules(kind: object, value: object) -> None:
    model = holding(kind).model_validate({"value": value})

    seen = str(model.model_dump())

    assert SECRET in seen or str(NUMBER) in seen
    assert has_marks(type(model))


def test_a_schema_without_marks_is_shown_as_it_is() -> None:
    cash = Cash(amount=3)

    assert not has_marks(Cash)
    assert redacted(cash) is cash
    assert repr(cash) == "Cash(kind='cash', amount=3)"


def test_only_marked_values_are_hidden() -> None:
    card = Card(number=SECRET, shown=5)

    assert repr(card) == "Card(number=[redacted], kind='card', shown=5)"
    assert json.loads(card.model_dump_json()) == {
        "number": "[redacted]",
        "kind": "card",
        "shown": 5,
    }


def test_the_unmarked_choice_of_a_union_is_shown() -> None:
    model = holding(Card | Cash).model_validate({"value": {"amount": 3}})

    assert repr(model) == "Holder(value=Cash(kind='cash', amount=3))"


def test_an_absent_value_is_shown_as_absent() -> None:
    model = holding(Marked | None).model_validate({"value": None})

    assert model.model_dump_json() == '{"value":null}'


def test_the_view_is_another_object() -> None:
    card = Card(number=SECRET)

    view = redacted(card)

    assert type(view) is Card
    assert str(view.number) == "[redacted]"
    assert card.number == SECRET


def test_what_a_property_kept_is_not_shown() -> None:
    class Keeping(Schema):
        number: Marked

        @cached_property
        def doubled(self) -> str:
            return self.number * 2

    kept = Keeping(number=SECRET)

    assert kept.doubled == SECRET * 2

    assert SECRET not in repr(kept)
    assert SECRET not in str(redacted(kept).__dict__)
    assert str(redacted(kept).doubled) == "[redacted]"


def test_what_is_computed_of_the_view_is_redacted() -> None:
    class Computing(Schema):
        number: Marked

        @computed_field  # type: ignore[prop-decorator] # mypy knows no decorated property
        @property
        def last(self) -> str:
            return self.number[-2:]

    view = redacted(Computing(number=SECRET))

    assert str(view.last) == "[redacted]"


def _quoting(value: Any) -> Any:  # noqa: ANN401 -- a validator of anything
    message = f"{value} is wrong"
    raise ValueError(message)


WRONG: Final[dict[str, tuple[Any, object]]] = {
    "text too long": (Annotated[str, Redact("mask"), Field(max_length=1)], SECRET),
    "pattern": (Annotated[str, Redact("mask"), Field(pattern="^a$")], SECRET),
    "no number": (Annotated[int, Redact("mask")], SECRET),
    "no quantity": (Annotated[Quantity, Redact("mask")], SECRET),
    "no level": (Annotated[Level, Redact("mask")], SECRET),
    "no literal": (Annotated[Literal["a"], Redact("mask")], SECRET),
    "in a list": (list[Marked], [SECRET, 1]),
    "key": (dict[Marked, int], {SECRET: "x"}),
    "key of a marked mapping": (Annotated[dict[str, int], Redact("mask")], {SECRET: "x"}),
    "member of a marked mapping": (Annotated[dict[str, Any], Redact("mask")], {SECRET: len}),
    "unknown key of a marked model": (Annotated[Card, Redact("mask")], {SECRET: 1}),
    "wrong field of a marked model": (Annotated[Card, Redact("mask")], {"number": 1}),
    "validator inside": (Annotated[str, AfterValidator(_quoting), Redact("mask")], SECRET),
    "validator outside": (Annotated[str, Redact("mask"), AfterValidator(_quoting)], SECRET),
    "validator before": (Annotated[str, Redact("mask"), BeforeValidator(_quoting)], SECRET),
    "validator instead": (Annotated[str, PlainValidator(_quoting), Redact("mask")], SECRET),
    "tag of a marked union": (
        Annotated[Annotated[Card | Cash, Field(discriminator="kind")], Redact("mask")],
        {"kind": SECRET},
    ),
}


@pytest.mark.parametrize(("kind", "value"), WRONG.values(), ids=WRONG)
def test_an_error_never_quotes_a_marked_value(kind: object, value: object) -> None:
    schema = holding(kind)

    with pytest.raises(ValidationError) as caught:
        schema.model_validate({"value": value})

    errors = error_details(caught.value, schema)
    assert errors
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(errors)
    assert all(error.path in {"value", "value.1"} for error in errors)


def test_the_validator_of_a_marked_field_is_not_quoted() -> None:
    class Quoting(Schema):
        number: Marked
        _check = field_validator("number")(_quoting)

    with pytest.raises(ValidationError) as caught:
        Quoting(number=SECRET)

    assert SECRET not in str(caught.value)
    assert [error.message for error in error_details(caught.value, Quoting)] == ["is not valid"]


def test_a_validator_of_the_whole_is_not_quoted_in_our_errors() -> None:
    class Quoting(Schema):
        number: Marked

        @model_validator(mode="after")
        def _check(self) -> "Quoting":
            message = f"{self.number} is wrong"
            raise ValueError(message)

    with pytest.raises(ValidationError) as caught:
        Quoting(number=SECRET)

    assert SECRET not in repr(error_details(caught.value, Quoting))


def test_json_schema_says_what_is_marked() -> None:
    properties = holding(Annotated[str, Redact("hash")]).model_json_schema()["properties"]

    assert properties["value"] == {"redact": "hash", "title": "Value", "type": "string"}


def test_a_borrowed_model_is_redacted_too() -> None:
    class Plain(BaseModel):
        model_config = ConfigDict(extra="allow")

        number: Marked
        shown: int = 1

    assert str(redacted(Plain(number=SECRET))) == "number=[redacted] shown=1"


def test_a_mark_has_a_known_mode() -> None:
    assert repr(Redact("mask")) == "Redact('mask')"
    with pytest.raises(ValueError, match="one of drop, mask, hash, not 'hide'"):
        Redact("hide")  # type: ignore[arg-type] # the point


STAND_IN: Final = Redacted("mask")

PRINTED: Final[dict[str, Callable[[Any], object]]] = {
    "str": str,
    "repr": repr,
    "format": lambda value: f"{value}",
    "format of money": lambda value: f"{value:,.2f}",
    "format of a width": lambda value: f"{value:>20}",
    "format of its repr": lambda value: f"{value!r}",
    "percent": lambda value: "%s" % value,  # noqa: UP031 -- what an author may write
    "str.format": "{}".format,
    "nested format": lambda value: "{name.inner:x}".format(name=value),  # noqa: UP032 -- the same
    "join": lambda value: ", ".join(str(part) for part in [value]),
}


@pytest.mark.parametrize("printed", PRINTED.values(), ids=PRINTED)
def test_the_stand_in_prints_as_redacted(printed: Callable[[Any], object]) -> None:
    assert printed(STAND_IN) == "[redacted]"


COMPUTED: Final[dict[str, Callable[[Any], object]]] = {
    "attribute": lambda value: value.name,
    "method": lambda value: value.upper(),
    "method with arguments": lambda value: value.replace("a", b="c"),
    "item": lambda value: value[0],
    "slice": lambda value: value[-4:],
    "negative": operator.neg,
    "positive": operator.pos,
    "absolute": abs,
    "rounded": lambda value: round(value, 2),
    **{
        f"{name} {side}": operation
        for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
        for side, operation in {
            "left": lambda value, name=name: getattr(operator, name)(value, 2),
            "right": lambda value, name=name: getattr(operator, name)(2, value),
        }.items()
        if (name, side) != ("pow", "right")
    },
    **{
        f"{name} {side}": operation
        for name in ("lt", "le", "gt", "ge", "eq", "ne")
        for side, operation in {
            "left": lambda value, name=name: getattr(operator, name)(value, 2),
            "right": lambda value, name=name: getattr(operator, name)(2, value),
        }.items()
    },
    "added to text": lambda value: "a" + value,
    "divmod": lambda value: divmod(value, 2)[0],
    "decimal on the left": lambda value: Decimal(2) * value,
    "power of it": lambda value: 2**value,
}


@pytest.mark.parametrize("compute", COMPUTED.values(), ids=COMPUTED)
def test_what_is_computed_from_the_stand_in_is_redacted(compute: Callable[[Any], object]) -> None:
    assert str(compute(STAND_IN)) == "[redacted]"


def _matched(value: object) -> str:
    match value:
        case 5:
            return "five"
        case _:
            return "other"


TELLING: Final[dict[str, Callable[[Any], object]]] = {
    "truth": bool,
    "condition": lambda value: "yes" if value else "no",
    "negation": operator.not_,
    "comparison in a condition": lambda value: "yes" if value > 5 else "no",
    "equality in a condition": lambda value: "yes" if value == 5 else "no",
    "chained comparison": lambda value: 1 < value < 5,
    "length": len,
    "iteration": list,
    "unpacking": lambda value: [*value],
    "in it": lambda value: 1 in value,
    "it in": lambda value: value in [1, 2],
    "key": lambda value: {1: "a"}[value],
    "hash": hash,
    "set": lambda value: {value},
    "int": int,
    "float": float,
    "index": lambda value: [1, 2][value],
    "range": range,
    "maximum": lambda value: max(value, 1),
    "sort": lambda value: sorted([value, 1]),
    "floor": math.floor,
    "square root": math.sqrt,
    "json": json.dumps,
    "bytes": bytes,
    "decimal": Decimal,
    "match": _matched,
    "attribute set": lambda value: setattr(value, "mode", "drop"),
    "attribute deleted": lambda value: delattr(value, "mode"),
}


@pytest.mark.parametrize("ask", TELLING.values(), ids=TELLING)
def test_the_stand_in_refuses_what_would_tell(ask: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError):
        ask(STAND_IN)


def test_a_refusal_is_known_by_its_class() -> None:
    with pytest.raises(RedactedUseError, match="the value is redacted"):
        bool(STAND_IN)


def test_the_stand_in_has_no_private_names() -> None:
    with pytest.raises(AttributeError):
        STAND_IN._secret  # noqa: B018, SLF001 -- the point


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=8))
def test_no_text_is_shown_whatever_it_is(secret: str) -> None:
    marked = f"<{secret}>"  # longer than what is shown by chance
    card = Card(number=marked)

    assert not [text for text in _shown(card) if marked in text or repr(marked)[1:-1] in text]


def test_a_list_in_a_union_is_shown_item_by_item() -> None:
    model = holding(int | list[Card]).model_validate({"value": [CARD]})

    assert repr(model) == "Holder(value=[Card(number=[redacted], kind='card', shown=1)])"
