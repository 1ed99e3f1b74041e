"""Tests of field schemas: a described class behaves as one written by hand."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, PlainSerializer, ValidationError

from criterion.documents.field_schema import shape_of
from criterion.documents.required_keys import RequiredKeys
from criterion.documents.yaml_text import read_yaml
from criterion.errors import DocumentError
from criterion.light import light_type
from criterion.quantity import UNLIMITED, Quantity
from criterion.redaction import Redact
from criterion.schema import Schema
from criterion.validation import error_details
from criterion.views import redacted


def described(fields: str) -> type[Schema]:
    root, problems = read_yaml(fields)
    made: Any = shape_of("Facts", root, problems).model
    problems.raise_if_any()
    return made  # type: ignore[no-any-return] # a class of ours


class FactsAddress(Schema):
    zip: str
    country: Literal["at", "de"] = "at"


class Facts(Schema):
    resource: Literal["projects", "no"]
    level: Literal[1, 2, 3] = 2
    fixed: Literal["x"] = "x"
    count: Annotated[int, Field(ge=0, lt=100, multiple_of=5)]
    share: Annotated[Decimal, Field(gt=0, le=1)] = Decimal("0.5")
    price: Annotated[Decimal, PlainSerializer(str)] = Decimal("1.50")
    limit: Annotated[Quantity, Field(ge=0)]
    name: Annotated[str, Field(min_length=2, max_length=4, pattern="^[a-z]+$")]
    note: str | None = Field(default=None, title="Note", description="What the author adds.")
    active: bool = False
    day: dt.date
    at: dt.datetime | None = None
    key: uuid.UUID | None = None
    tags: Annotated[list[Annotated[str, Field(min_length=1)]], Field(max_length=2)]
    limits: Annotated[dict[str, dict[str, Quantity]], RequiredKeys("free")]
    address: FactsAddress
    secret: Annotated[str, Redact("mask")] = "none"  # noqa: S105 -- a test value
    frozen: int = Field(default=1, json_schema_extra={"changeable": False})


TEXT = """
resource: {enum: [projects, no]}
level: {type: integer, enum: [1, 2, 3], default: 2}
fixed: {const: x, default: x}
count: {type: integer, minimum: 0, exclusiveMaximum: 100, multipleOf: 5}
share: {type: number, exclusiveMinimum: 0, maximum: 1, default: 0.5}
price: {type: string, format: decimal, default: 1.50}
limit: {$ref: quantity, minimum: 0}
name: {type: string, minLength: 2, maxLength: 4, pattern: "^[a-z]+$"}
note: {type: string, default: null, title: Note, description: What the author adds.}
active: {type: boolean, default: false}
day: {type: string, format: date}
at: {type: string, format: date-time, default: null}
key: {type: string, format: uuid, default: null}
tags: {type: array, items: {type: string, minLength: 1}, maxItems: 2}
limits:
  type: object
  required: [free]
  additionalProperties: {type: object, additionalProperties: {$ref: quantity}}
address:
  type: object
  properties:
    zip: {type: string}
    country: {enum: [at, de], default: at}
secret: {type: string, default: none, redact: mask}
frozen: {type: integer, default: 1, changeable: false}
"""

FACTS: dict[str, Any] = {
    "resource": "projects",
    "count": 5,
    "limit": 3,
    "name": "abc",
    "day": "2026-01-31",
    "tags": ["a"],
    "limits": {"free": {"seats": 3}},
    "address": {"zip": "1010"},
}


class _Missing:
    def __repr__(self) -> str:
        return "missing"


MISSING = _Missing()
CHANGES: list[tuple[str, Any]] = [
    ("resource", "no"), ("resource", False), ("resource", "prjects"), ("resource", MISSING),
    ("level", 3), ("level", 4), ("level", True), ("level", "2"), ("fixed", "y"),
    ("count", 30.0), ("count", Decimal("30.0")), ("count", 31), ("count", -5), ("count", 100),
    ("count", True), ("count", "5"), ("count", None), ("count", MISSING), ("count", 5.5),
    ("share", 0.1), ("share", 1), ("share", 0), ("share", 2), ("share", float("nan")),
    ("share", "0.5"), ("price", Decimal("12.345")), ("price", 1), ("price", "x"),
    ("limit", "unlimited"), ("limit", UNLIMITED), ("limit", float("inf")), ("limit", 1.5),
    ("limit", -1), ("limit", "3"), ("limit", None), ("limit", float("nan")),
    ("name", "a"), ("name", "abcde"), ("name", "ABC"), ("name", 3),
    ("note", "x"), ("note", None), ("note", 1), ("active", True), ("active", 1), ("active", "true"),
    ("day", dt.date(2026, 1, 31)), ("day", "31.1.2026"), ("day", 3), ("day", "2026-02-30"),
    ("at", "2026-01-31T12:00:00Z"), ("at", "2026-01-31T12:00:00"), ("at", "2026-01-31"),
    ("key", "12345678-1234-5678-1234-567812345678"), ("key", "x"),
    ("tags", []), ("tags", ["a", "b", "c"]), ("tags", [""]), ("tags", "a"), ("tags", ("a",)),
    ("tags", {"a"}), ("limits", {}), ("limits", {"free": {}}), ("limits", {"free": 3}),
    ("limits", {"free": {"seats": "many"}}), ("limits", {"free": {"seats": "unlimited"}}),
    ("limits", []), ("limits", {1: {}}),
    ("address", {}), ("address", {"zip": "1", "country": "fr"}), ("address", {"zip": "1", "c": 2}),
    ("address", None), ("secret", "s3cret"), ("secret", 3), ("frozen", 2), ("unknown", 1),
]  # fmt: skip


@pytest.mark.parametrize(
    "change", CHANGES, ids=[f"{name}={value!r:.30}" for name, value in CHANGES]
)
def test_a_described_schema_takes_and_refuses_what_a_written_one_does(
    change: tuple[str, Any],
) -> None:
    name, value = change
    facts = {**FACTS, name: value}
    facts = {key: part for key, part in facts.items() if part is not MISSING}

    assert outcome(described(TEXT), facts) == outcome(Facts, facts)


def outcome(schema: type[Schema], facts: dict[str, Any]) -> Any:  # noqa: ANN401
    try:
        made = schema.model_validate(facts)
    except ValidationError as error:
        return error_details(error, schema)
    return repr(made), made.model_dump(), made.model_dump_json()


def test_a_described_schema_has_the_json_schema_of_a_written_one() -> None:
    made, written = described(TEXT).model_json_schema(), Facts.model_json_schema()

    assert {**made, "$defs": None} == {**written, "$defs": None}
    assert list(made["properties"]) == list(written["properties"])
    assert made["properties"]["frozen"]["changeable"] is False
    assert made["properties"]["secret"]["redact"] == "mask"
    assert made["properties"]["limits"]["required"] == ["free"]


def test_a_described_schema_is_light_where_a_written_one_is() -> None:
    assert (light_type(described(TEXT)) is None) is (light_type(Facts) is None)
    assert light_type(described("count: {type: integer}\nfrom: {type: string}\n")) is not None


def test_marked_fields_are_redacted() -> None:
    made = described(TEXT).model_validate({**FACTS, "secret": "s3cret"})

    assert "s3cret" not in repr(made)
    assert str(vars(redacted(made))["secret"]) == "[redacted]"


def test_keys_that_are_no_python_names_are_fields() -> None:
    schema = described("from: {type: string}\ndark-mode: {type: boolean, default: false}\n")

    made = schema.model_validate({"from": "x", "dark-mode": True})

    assert made.model_dump() == {"from": "x", "dark-mode": True}


def test_a_default_that_does_not_fit_is_refused_where_it_stands() -> None:
    with pytest.raises(DocumentError) as caught:
        described("tags: {type: array, items: {type: integer}, default: [1, x]}\n")

    mark = caught.value.marks[0]
    assert (mark.line, mark.column) == (1, 58)
    assert mark.message == "the default does not fit: must be a whole number"


def test_a_list_as_a_default_is_frozen() -> None:
    made = described("tags: {type: array, items: {type: integer}, default: [1]}\n")()

    with pytest.raises(TypeError, match="frozen"):
        vars(made)["tags"].append(2)


def test_the_name_of_every_attribute_of_a_schema_is_refused() -> None:
    for name in ("copy", "json", "schema", "model_dump", "model_config", "validate"):
        with pytest.raises(DocumentError, match="is a name that every schema uses itself"):
            described(f"{name}: {{type: string}}\n")
