"""Digests: the fingerprint of a definition, equal for equal definitions and different otherwise."""

from typing import TYPE_CHECKING, Any

from pydantic.errors import PydanticInvalidForJsonSchema

from criterion.json_text import Plain, digest_of, plain
from criterion.rule import OTHERWISE, Rule
from criterion.source import source_of

if TYPE_CHECKING:
    from criterion.decision import Decision


def definition_digest(decision: "Decision[Any, Any, Any]") -> str | None:
    """Return ``sha256:…`` over what defines a decision, or ``None`` where that cannot be said."""
    members = definition_members(decision)
    return None if members is None else digest_of(members)


def definition_members(decision: "Decision[Any, Any, Any]") -> Plain:
    """Return what defines a decision: id, version, the three schemas and the rules' source.

    ``None`` where the source of a rule or the JSON Schema of a model is not to be had: what cannot
    be identified cannot be released.
    """
    schemas = {"input": decision.input, "profile": decision.profile, "output": decision.output}
    try:
        shapes = {name: _shape(schema.model_json_schema()) for name, schema in schemas.items()}
    except PydanticInvalidForJsonSchema:
        return None
    rules = [_texts(rule) for rule in decision.rules]
    if any(text is None for rule in rules for text in rule.values()):
        return None
    head = {"decision": decision.id, "version": decision.version}
    return plain({**head, **shapes, "rules": rules})


def _texts(rule: Rule[Any, Any, Any]) -> dict[str, str | None]:
    parts = {"when": rule.when, "emit": rule.emit, "explain": rule.explain}
    known = {"when": OTHERWISE} if rule.when == OTHERWISE else {}
    sources = {name: source_of(part) for name, part in parts.items() if part is not None}
    return {"id": rule.id, **sources, **known}


def _shape(schema: Any, *, names_fields: bool = False) -> Any:  # noqa: ANN401 -- a part of a JSON Schema
    """Return a JSON Schema without the words that are only for people."""
    if isinstance(schema, list):
        return [_shape(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _shape(part, names_fields=key in {"properties", "$defs"} and not names_fields)
        for key, part in schema.items()
        if names_fields or key not in {"title", "description", "examples"}
    }
