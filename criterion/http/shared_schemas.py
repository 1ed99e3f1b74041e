"""Shared schemas: what the bodies of all decisions have in common, as JSON Schema."""

from typing import Any, Final

from criterion.catalogue import AnyDecision
from criterion.http.problem import FieldError

_Schema = dict[str, Any]
_TEXT: Final = {"type": "string"}
_TEXT_OR_NULL: Final = {"type": ["string", "null"]}
_REF: Final = "#/components/schemas/"


def object_schema(properties: _Schema, *optional: str) -> _Schema:
    """Return the schema of an object whose members are all required, but those that are named."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


SHARED: Final[_Schema] = {
    "DecisionList": object_schema(
        {
            "decisions": {
                "type": "array",
                "items": object_schema(
                    {
                        "id": _TEXT,
                        "version": _TEXT,
                        "title": _TEXT_OR_NULL,
                        "links": {"type": "object", "additionalProperties": _TEXT},
                    }
                ),
            },
            "links": {"type": "object", "additionalProperties": _TEXT},
        }
    ),
    "Problem": object_schema(
        {
            "type": {"type": "string", "format": "uri-reference"},
            "title": _TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": _TEXT,
            "code": {**_TEXT, "description": "Stable: branch on this."},
            "request_id": {**_TEXT, "description": "As in `X-Request-Id` and in the log."},
            "errors": {
                "type": "array",
                "items": object_schema(dict.fromkeys(FieldError._fields, _TEXT)),
            },
        },
        "errors",
    ),
    "ProfileIdentity": object_schema(dict.fromkeys(("id", "version", "digest"), _TEXT_OR_NULL)),
    "TraceEntry": object_schema(
        {"rule_id": _TEXT, "matched": {"type": ["boolean", "null"]}, "explanation": _TEXT}
    ),
}
"""The components that every document has."""


_WHAT_IF: Final[_Schema] = {
    "type": "object",
    "description": "What would lead to another answer.",
    "properties": {
        "wish": _TEXT,
        "verdict": {"enum": ["found", "not found", "unknown"]},
        "alternatives": {"type": "array", "items": {"type": "object"}},
        "reason": _TEXT_OR_NULL,
        "changeable": {"type": "array", "items": _TEXT},
    },
    "required": ["wish", "verdict", "alternatives", "reason", "changeable"],
}


def answer_schema(
    decision: AnyDecision, output: _Schema, *, trace: bool, what_if: bool = False
) -> _Schema:
    """Return what a ``POST`` to a decision is answered with.

    Args:
        decision: In one version.
        output: The schema of its data.
        trace: Whether callers may ask for what each rule said.
        what_if: Whether callers may ask what would lead to another answer.
    """
    identity = object_schema(
        {"id": {"const": decision.id}, "version": _TEXT, "digest": _TEXT_OR_NULL}
    )
    entries = {"type": "array", "items": {"$ref": f"{_REF}TraceEntry"}}
    properties = {
        "decision": identity,
        "profile": {"$ref": f"{_REF}ProfileIdentity"},
        "status": {"enum": ["OK", "NO_MATCH"]},
        "matched_rule": _TEXT_OR_NULL,
        "data": {"anyOf": [output, {"type": "null"}]},
        "explanation": _TEXT,
        "errors": {"type": "array", "maxItems": 0},
        "evaluated_at": {"type": "string", "format": "date-time"},
        "audit_id": _TEXT_OR_NULL,
        **({"trace": entries} if trace else {}),
        **({"what_if": _WHAT_IF} if what_if else {}),
    }
    return object_schema(properties, "trace", "what_if")
