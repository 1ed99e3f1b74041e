"""Tests of the table of fields: what people read in place of a JSON Schema."""

import re
from typing import Any, Final

import pytest

from criterion.http.field_table import field_table

PLACES: Final = {"#/place": {"type": "object", "properties": {"x": {"type": "integer"}}}}


def found(schema: Any) -> Any:  # noqa: ANN401
    return PLACES[schema["$ref"]] if "$ref" in schema else schema


@pytest.mark.parametrize(
    ("field", "cells"),
    [
        ({"type": "string", "minLength": 1}, ["a", "text, at least 1 characters", ""]),
        ({"enum": ["x", 3, None]}, ["a", "x or 3 or null", ""]),
        ({"type": ["integer", "null"], "default": 7}, ["a", "integer or null", "Default: 7"]),
        ({"anyOf": [{"type": "null"}, {"const": "unlimited"}]}, ["a", "null or unlimited", ""]),
        (
            {"type": "array", "items": {"type": "integer"}, "maxItems": 2},
            ["a", "list of integer, at most 2 items", ""],
        ),
        (
            {"type": "object", "additionalProperties": {"type": "boolean"}},
            ["a", "names, each with boolean", ""],
        ),
        ({"type": "string", "format": "date", "description": "A day."}, ["a", "date", "A day"]),
        ({"const": "<b>", "description": "<i>"}, ["a", "&lt;b&gt;", "&lt;i&gt;"]),
    ],
    ids=str,
)
def test_a_field_is_said_in_words(field: dict[str, Any], cells: list[str]) -> None:
    rows = table({"properties": {"a": field}, "required": ["a"]})

    assert rows == [cells]


def test_fields_of_fields_stand_below_them() -> None:
    places = {"type": "array", "items": {"$ref": "#/place"}}
    rows = table({"properties": {"<p>": {"$ref": "#/place"}, "q": places}})

    assert [row[0] for row in rows] == ["&lt;p&gt;", "&lt;p&gt;.x", "q", "q[].x"]
    assert rows[0][2] == "May be left out"


def test_without_fields_there_is_no_table() -> None:
    assert list(field_table({"anyOf": []}, found)) == []


def table(schema: Any) -> list[list[str]]:  # noqa: ANN401
    """Return the cells of every row but the first."""
    _, *rows, _ = field_table(schema, found)
    return [
        [re.sub("</?code>", "", cell) for cell in re.findall("<td>(.*?)</td>", row)] for row in rows
    ]
