"""The JSON Schema of policy documents, by which editors complete and check them."""

from typing import Any

from criterion.exact import json_data
from criterion.policy.document.all_sections import SECTIONS
from criterion.policy.document.fields import Field
from criterion.policy.document.reader import WRAPPER
from criterion.policy.document.section import Section


def policy_schema() -> dict[str, Any]:
    """Return the schema of a document, with or without its wrapper."""
    definitions = {name: _section(section) for name, section in SECTIONS.items()}
    definitions["exchange"]["additionalProperties"] = {"$ref": "#/definitions/pair"}
    inner = {"$ref": "#/definitions/policy"}
    wrapped = {
        "type": "object",
        "properties": {WRAPPER: inner},
        "required": [WRAPPER],
        "additionalProperties": False,
    }
    return {"title": "A policy", "anyOf": [inner, wrapped], "definitions": definitions}


def _section(section: Section) -> dict[str, Any]:
    properties = {key: _property(field) for key, field in section.fields.items()}
    for alias, key in section.aliases.items():
        properties[alias] = properties[key]
    return {
        "type": "object",
        "properties": properties,
        "required": list(section.required),
        "additionalProperties": section.is_open,
    }


def _property(field: Field) -> dict[str, Any]:
    shape: dict[str, Any] = field.schema()
    if field.nullable and not field.required:
        shape = {"anyOf": [shape, {"type": "null"}]}
    shape["description"] = field.about
    if field.default not in (None, "", ()):
        shape["default"] = json_data(field.default)
    return shape
