"""Editor schemas: JSON Schemas of the files that people write, for completion and red squiggles.

They are written for editors: plain draft 7, and looser than the loader, which has the last word.
"""

from collections.abc import Iterable
from typing import Any, Final

from criterion.allowance import KINDS
from criterion.decision import Decision
from criterion.identity import serving_version
from criterion.policy.document.editor_schema import policy_schema

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
NAMES: Final = ("decision", "profile", "cases", "releases", "policy")
"""The kinds of files, each with a schema of that name."""

_Schema = dict[str, Any]
_ID: Final = {"type": "string", "pattern": "^[a-z][a-z0-9]*([-_][a-z0-9]+)*$"}
_VERSION: Final = {
    "type": "string",
    "pattern": r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$",
    "description": "Three numbers, as in 1.10.0; a new version for every change that users notice.",
}
_PROFILE: Final = {
    "type": "string",
    "pattern": "^[a-z][a-z0-9]*([-_][a-z0-9]+)*(@[0-9A-Za-z.+-]+)?$",
    "description": "A name, or name@version.",
}
_EXPRESSION: Final = {"type": ["string", "boolean"], "description": "An expression."}
_FIELDS: Final = {"type": "object", "additionalProperties": {"$ref": "#/definitions/field"}}


def editor_schemas(decisions: Iterable[Decision[Any, Any, Any]] = ()) -> dict[str, _Schema]:
    """Return the schemas by name.

    Args:
        decisions: For these, profiles and cases are completed field by field; of several versions
            of one decision, for the one that serves.
    """
    serving = _serving(decisions)
    schemas = {
        "decision": _decision(),
        "profile": _profile(serving),
        "cases": _cases(serving),
        "releases": _releases(),
        "policy": policy_schema(),
    }
    return {name: {"$schema": DRAFT, **schemas[name]} for name in NAMES}


def _serving(decisions: Iterable[Decision[Any, Any, Any]]) -> list[Decision[Any, Any, Any]]:
    versions: dict[str, dict[str, Decision[Any, Any, Any]]] = {}
    for decision in decisions:
        versions.setdefault(decision.id, {})[decision.version] = decision
    return [known[serving_version(known)] for _, known in sorted(versions.items())]


def _object(properties: _Schema, required: Iterable[str], **more: object) -> _Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def _decision() -> _Schema:
    model = {"type": "string", "description": "A pydantic model, as module:Class."}
    section = {"anyOf": [_FIELDS, model]}
    value = {"description": "A value; text that begins with = is an expression."}
    properties: _Schema = {
        "decision": {**_ID, "description": "The decision's id."},
        "version": _VERSION,
        "title": {"type": "string", "description": "What people call it."},
        "owner": {"type": "string", "description": "Who answers for it."},
        "input": {**section, "description": "The facts: a JSON Schema for each field."},
        "profile": {**section, "description": "The numbers that the rules run under."},
        "output": {**section, "description": "What is decided."},
        "let": {"type": "object", "description": "Names for values that rules share."},
        "emit": {"type": "object", "additionalProperties": value},
        "rules": {
            "type": "array",
            "minItems": 1,
            "items": {"$ref": "#/definitions/rule"},
            "description": "In order: the first that matches decides.",
        },
        "lint": {"type": "array", "items": _allowance(), "description": "Findings that are meant."},
    }
    definitions = {"field": _field(), "rule": _rule(value)}
    required = ("decision", "version", "input", "output", "rules")
    return _object(properties, required, title="A decision", definitions=definitions)


def _rule(value: _Schema) -> _Schema:
    properties: _Schema = {
        "id": {**_ID, "description": "Readable alone: over-limit."},
        "when": {**_EXPRESSION, "description": "When it applies; `otherwise` always does."},
        "emit": {"type": "object", "additionalProperties": value},
        "explain": {"type": "string", "description": "Why, with {expressions} in it."},
    }
    return _object(properties, ("id", "when"))


def _allowance() -> _Schema:
    properties: _Schema = {
        "allow": {"enum": [kind for kind in KINDS if kind != "allowance"]},
        "rule": {**_ID, "description": "Only where it is about this rule."},
        "because": {"type": "string", "description": "Why it is meant."},
    }
    return _object(properties, ("allow", "because"))


def _field() -> _Schema:
    number, whole = {"type": "number"}, {"type": "integer", "minimum": 0}
    properties: _Schema = {
        "type": {"enum": ["integer", "number", "string", "boolean", "array", "object"]},
        "$ref": {"const": "quantity", "description": "A number, or unlimited."},
        "enum": {"type": "array", "minItems": 1},
        "const": {},
        "default": {"description": "Makes the field optional; null makes it nullable."},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "format": {"enum": ["date", "date-time", "decimal", "uuid"]},
        "pattern": {"type": "string"},
        "items": {"$ref": "#/definitions/field"},
        "properties": _FIELDS,
        "required": {"type": "array", "items": {"type": "string"}},
        "additionalProperties": {"anyOf": [{"$ref": "#/definitions/field"}, {"const": False}]},
        "redact": {"enum": ["drop", "mask", "hash"]},
        "changeable": {"const": False},
    }
    bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
    lengths = ("minLength", "maxLength", "minItems", "maxItems")
    properties |= dict.fromkeys(bounds, number) | dict.fromkeys(lengths, whole)
    return _object(properties, ())


def _profile(decisions: list[Decision[Any, Any, Any]]) -> _Schema:
    ids = [decision.id for decision in decisions]
    properties: _Schema = {
        "profile": {**_ID, "description": "The profile's name."},
        "version": _VERSION,
        "for": {
            "type": "array",
            "items": {"anyOf": [{"enum": ids}, _ID]} if ids else _ID,
            "description": "The decisions that run under it.",
        },
        "values": {"type": "object"},
    }
    chosen = [
        _if({"for": {"contains": {"const": each.id}}}, {"values": _part(each)})
        for each in decisions
        if each.profile.model_fields
    ]
    return _object(
        properties,
        ("profile", "version", "values"),
        title="A profile",
        definitions=_parts(decisions, "profile"),
        allOf=chosen or [{}],
    )


def _cases(decisions: list[Decision[Any, Any, Any]]) -> _Schema:
    statuses = [
        "OK",
        "NO_MATCH",
        "INVALID_INPUT",
        "INVALID_PROFILE",
        "INVALID_OUTPUT",
        "RULE_ERROR",
    ]
    values = {"type": "object", "description": "The values themselves."}
    profile: _Schema = {"anyOf": [_PROFILE, values]}
    case: _Schema = _object(
        {
            "name": {"type": "string", "description": "What the case shows; unique in the file."},
            "facts": {"description": "The input."},
            "profile": profile,
            "rule": {"type": ["string", "null"], "description": "The rule that decides, or null."},
            "status": {"enum": statuses},
            "data": {"type": "object", "description": "The members that matter."},
            "explanation": {"type": "string", "description": "The whole sentence."},
            "errors": {"type": "array", "items": {"type": "string"}, "description": "Paths."},
        },
        ("name", "facts"),
    )
    properties: _Schema = {
        "decision": _ID,
        "profile": profile,
        "cases": {"type": "array", "items": case},
        "unreachable": {"type": "array", "items": _unreachable()},
        "equivalent": {"type": "array", "items": _equivalent()},
    }
    return _object(
        properties,
        ("decision", "cases"),
        title="Cases of a decision",
        definitions=_parts(decisions, "input"),
        allOf=[_of_decision(decision) for decision in decisions] or [{}],
    )


def _unreachable() -> _Schema:
    text = {"type": "string"}
    properties: _Schema = {
        "condition": {**text, "description": "A condition, as coverage writes it."},
        "in": {**text, "description": "Where it stands: rules.heavy.when, let.usage."},
        "is": {"type": "boolean", "description": "What it never comes to."},
        "because": {**text, "description": "Why no facts can reach it."},
    }
    return _object(properties, properties)


def _equivalent() -> _Schema:
    text = {"type": "string"}
    properties: _Schema = {
        "in": {**text, "description": "Where it is made: rules.heavy.when, let.usage, rules."},
        "from": {**text, "description": "What is written, as `criterion test --mutate` prints it."},
        "to": {**text, "description": "What would stand in its place."},
        "because": {**text, "description": "Why no answer changes."},
    }
    return _object(properties, properties)


def _of_decision(decision: Decision[Any, Any, Any]) -> _Schema:
    """Return what the cases of one decision look like; facts may be wrong on purpose."""
    case = {
        "facts": {"anyOf": [_part(decision), {"type": "object"}]},
        "rule": {"enum": [*(rule.id for rule in decision.rules), None]},
    }
    cases = {"items": {"properties": case}}
    return _if({"decision": {"const": decision.id}}, {"cases": cases})


def _releases() -> _Schema:
    digest = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
    versions = {"type": "object", "additionalProperties": digest}
    return {"title": "Released decisions", "type": "object", "additionalProperties": versions}


def _if(condition: _Schema, then: _Schema) -> _Schema:
    return {"if": {"properties": condition}, "then": {"properties": then}}


def _part(decision: Decision[Any, Any, Any]) -> _Schema:
    return {"$ref": f"#/definitions/{decision.id}"}


def _parts(decisions: list[Decision[Any, Any, Any]], section: str) -> _Schema:
    """Return the schema of one section of every decision, with what it refers to beside it."""
    parts: _Schema = {}
    for decision in decisions:
        template = f"#/definitions/{decision.id}.{{model}}"
        whole = getattr(decision, section).model_json_schema(ref_template=template)
        inner = whole.pop("$defs", {})
        parts |= {f"{decision.id}.{name}": shape for name, shape in inner.items()}
        parts[decision.id] = whole
    return parts
