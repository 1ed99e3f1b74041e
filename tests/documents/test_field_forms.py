"""Tests of field forms: what is derived from a field at once is what its class will say later."""

import json
from collections.abc import Mapping
from functools import partial
from types import FunctionType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.documents.field_schema import shape_of
from criterion.documents.yaml_text import read_yaml
from criterion.expression.schema_types import TITLE, type_of_node, type_of_schema
from criterion.plain_facts import plain_schema
from criterion.shape import Shape

TEXTS = st.text("abc", min_size=1, max_size=5)
WHOLE = st.integers(-50, 50)
BOUNDS = {
    "minimum": st.integers(-50, -10), "exclusiveMinimum": st.integers(-50, -10),
    "maximum": st.integers(10, 50), "exclusiveMaximum": st.integers(10, 50),
    "multipleOf": st.integers(1, 9),
}  # fmt: skip


def field(
    words: Mapping[str, Any], /, **optional: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    required = {
        word: st.just(value) if isinstance(value, str) else value for word, value in words.items()
    }
    return st.fixed_dictionaries(required, optional=optional)


def choices(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return field({"enum": st.lists(values, min_size=1, max_size=4, unique=True)})


SCALARS = st.one_of(
    field({"type": "integer"}, **BOUNDS),
    field({"type": "number"}, **BOUNDS),
    field({"type": "number", "format": "decimal"}, **BOUNDS),
    field({"$ref": "quantity"}, **BOUNDS),
    field({"type": "boolean"}),
    field(
        {"type": "string"},
        pattern=st.sampled_from(["^a", "b+"]),
        minLength=st.integers(0, 3),
        maxLength=st.integers(3, 9),
    ),
    field({"type": "string", "format": st.sampled_from(["date", "date-time", "uuid"])}),
    choices(TEXTS),
    choices(WHOLE),
    field({"const": st.booleans()}),
)
NAMES = st.from_regex(r"x[a-z]{0,3}", fullmatch=True)


def marked(fields: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    mark = field({}, redact=st.sampled_from(["drop", "mask", "hash"]))
    return st.builds(lambda one, other: {**one, **other}, fields, mark)


def described(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    words = field({}, title=TEXTS, description=TEXTS, default=st.none(), changeable=st.booleans())
    named = st.builds(lambda one, other: {**one, **other}, inner, words)
    return st.dictionaries(NAMES, named, max_size=4)


def nested(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    lengths = {"minItems": st.integers(0, 3), "maxItems": st.integers(3, 9)}
    keys = st.lists(TEXTS, max_size=3)
    return marked(
        st.one_of(
            field({"type": "array", "items": inner}, **lengths),
            field({"type": "object", "additionalProperties": inner}, required=keys),
            field({"type": "object", "properties": described(inner)}),
        )
    )


FIELDS = described(st.recursive(marked(SCALARS), nested, max_leaves=6))


def shape(fields: Mapping[str, Any]) -> Shape:
    root, problems = read_yaml(json.dumps(fields))
    made = shape_of("Facts", root, problems)
    problems.raise_if_any()
    return made


def compared(part: Any) -> Any:  # noqa: ANN401, PLR0911 -- any part of a core schema
    """Return a node without what only a class has, or only JSON Schema and serialization need."""
    if isinstance(part, partial):
        return part.func, part.args, part.keywords
    if isinstance(part, FunctionType):
        return part.__code__, [compared(cell.cell_contents) for cell in part.__closure__ or ()]
    if isinstance(part, list | tuple):
        return [compared(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    if part.get("type") == "definitions":
        return compared(
            written_out(part["schema"], {one["ref"]: one for one in part["definitions"]})
        )
    if isinstance(part.get("fields"), Mapping):  # the order of fields counts
        return compared({**part, "fields": [*part["fields"].items()]})
    kept = {key: compared(item) for key, item in part.items() if key not in ONLY_OF_A_CLASS}
    return {key: item for key, item in kept.items() if (key, item) != ("metadata", {})}


def written_out(part: Any, definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- the same
    """Return a node with what a reference means in its place."""
    if isinstance(part, list):
        return [written_out(item, definitions) for item in part]
    if not isinstance(part, Mapping):
        return part
    if part.get("type") == "definition-ref":
        return written_out(definitions[part["schema_ref"]], definitions)
    return {key: written_out(item, definitions) for key, item in part.items()}


ONLY_OF_A_CLASS = {
    "cls", "ref", "custom_init", "root_model", TITLE, "pydantic_js_functions",
    "pydantic_js_annotation_functions", "pydantic_js_updates", "pydantic_js_extra",
}  # fmt: skip


@given(FIELDS)
def test_the_core_schema_is_that_of_the_class(fields: dict[str, Any]) -> None:
    made = shape(fields)

    node: Any = made.model.__pydantic_core_schema__

    assert compared(made.node) == compared(node)


@given(FIELDS)
def test_types_and_plain_validation_do_not_need_the_class(fields: dict[str, Any]) -> None:
    made = shape(fields)

    later = Shape.of(made.model)

    assert type_of_node(made.node) == type_of_schema(made.model)
    assert compared(plain_schema(made)) == compared(plain_schema(later))


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        ({"type": "integer"}, 5),
        ({"type": "string", "redact": "mask"}, "a"),
        ({"type": "boolean"}, True),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"type": "object", "properties": {"y": {"type": "string"}}}, {"y": "a"}),
    ],
)
def test_a_default_is_in_both(kind: dict[str, Any], default: object) -> None:
    made = shape({"x": {**kind, "default": default}})

    node: Any = made.model.__pydantic_core_schema__

    assert compared(made.node) == compared(node)
    assert made.model.model_validate({}).model_dump() == {"x": default}
