"""OpenAPI: the routes of a policy as OpenAPI 3.1, the same bytes every time."""

from collections.abc import Callable
from typing import Any, Final

from criterion.http.limits.bodies import NAME_LENGTH_MAX
from criterion.http.limits.key import KEY_LENGTH_MAX
from criterion.http.limits.kinds import LIMIT_KINDS, VERDICT_KINDS
from criterion.http.limits.operations import OPERATIONS, READ
from criterion.http.limits.options import LimitOptions
from criterion.http.openapi import VERSION
from criterion.http.problem import KINDS, MEDIA_TYPE
from criterion.http.shared_schemas import SHARED, object_schema
from criterion.http.wire_schemas import WireSchema
from criterion.json_text import plain

_Schema = dict[str, Any]
_REF: Final = "#/components/schemas/"
_JSON: Final = "application/json"
_TEXT: Final[_Schema] = {"type": "string"}
_TEXT_OR_NULL: Final[_Schema] = {"type": ["string", "null"]}
_FLAG: Final[_Schema] = {"type": "boolean"}
_NUMBER: Final[_Schema] = {"type": "number"}
_WHOLE_OR_NULL: Final[_Schema] = {"type": ["integer", "null"]}
_INSTANT: Final[_Schema] = {"type": "string", "format": "date-time"}
_INSTANT_OR_NULL: Final[_Schema] = {"anyOf": [_INSTANT, {"type": "null"}]}
_AMOUNT_OR_NULL: Final[_Schema] = {"anyOf": [_NUMBER, {"const": "unlimited"}, {"type": "null"}]}
_READ: Final = (400, 403, 404, 405, 500, 503)
_DONE: Final = (400, 403, 404, 405, 409, 413, 415, 422, 500, 503)


def document_of(options: LimitOptions) -> Callable[[str], _Schema]:
    """Return what makes the document of a service that is mounted somewhere."""
    paths = {
        "/": {"get": _described("list_operations", "List the operations", {"type": "object"})},
        "/entitlements": {"get": _all_of_customer()},
        "/entitlements/{entitlement}": {"get": _one_of_customer()},
        **{f"/{name}": {"post": _post(name, options)} for name in OPERATIONS},
    }
    schemas = _schemas()

    def document(root_path: str = "") -> _Schema:
        return {
            "openapi": VERSION,
            "info": {"title": options.title, "version": "1"},
            "servers": [{"url": root_path or "/"}],
            "paths": paths,
            "components": {"schemas": schemas},
        }

    return document


def _post(name: str, options: LimitOptions) -> _Schema:
    operation = OPERATIONS[name]
    key = [_key(is_required=options.requires_key)] if operation.takes_key else []
    body = {"schema": {"$ref": f"{_REF}{operation.body.__name__}"}}
    return {
        "operationId": name.replace("-", "_"),
        "summary": operation.summary,
        "parameters": key,
        "requestBody": {"required": True, "content": {_JSON: body}},
        "responses": _responses(
            {"$ref": f"{_REF}{_answer_of(name)}"}, "Decided; a denial is an answer, too.", _DONE
        ),
    }


def _answer_of(name: str) -> str:
    if name == "release":
        return "Released"
    return "Verdicts" if name.endswith("-all") else "Verdict"


def _described(id: str, summary: str, schema: _Schema) -> _Schema:
    return {
        "operationId": id,
        "summary": summary,
        "responses": _responses(schema, "Where everything is.", (400, 403, 405, 500)),
    }


def _all_of_customer() -> _Schema:
    return _reading(
        f"{READ}_entitlements", "Read how everything stands that a customer has", "Overview", []
    )


def _one_of_customer() -> _Schema:
    name = {
        "name": "entitlement",
        "in": "path",
        "required": True,
        "schema": {**_TEXT, "minLength": 1},
    }
    return _reading(f"{READ}_entitlement", "Read how one entitlement stands", "Stand", [name])


def _reading(id: str, summary: str, schema: str, parameters: list[_Schema]) -> _Schema:
    customer = {
        "name": "customer",
        "in": "query",
        "required": True,
        "schema": {**_TEXT, "minLength": 1, "maxLength": NAME_LENGTH_MAX},
    }
    tag = {
        "name": "If-None-Match",
        "in": "header",
        "description": "The tag of what the caller has.",
        "schema": _TEXT,
    }
    responses = _responses({"$ref": f"{_REF}{schema}"}, "How it stands.", _READ)
    responses["200"]["headers"] = {"ETag": {"schema": _TEXT}}
    responses["304"] = {"description": "The caller has it already."}
    return {
        "operationId": id,
        "summary": summary,
        "parameters": [*parameters, customer, tag],
        "responses": responses,
    }


def _key(*, is_required: bool) -> _Schema:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": is_required,
        "description": "What is sent twice under one key is counted once, for 24 hours.",
        "schema": {
            **_TEXT,
            "maxLength": KEY_LENGTH_MAX + 2,
            "pattern": r'^("[ !#-\[\]-~]{1,255}"|[A-Za-z0-9._~:/=-]{1,255})$',
        },
    }


def _responses(schema: _Schema, description: str, statuses: tuple[int, ...]) -> _Schema:
    refused = {MEDIA_TYPE: {"schema": {"$ref": f"{_REF}Problem"}}}
    problems = {
        str(status): {"description": _titles(status), "content": refused} for status in statuses
    }
    return {"200": {"description": description, "content": {_JSON: {"schema": schema}}}, **problems}


_MINE: Final = frozenset(
    {
        "invalid_query", "invalid_json", "method_not_allowed", "body_too_large",
        "unsupported_media_type", "rule_error", "internal_error", "unavailable",
        "unknown_customer", "conflict", "overload", *LIMIT_KINDS,
    }
)  # fmt: skip
"""The codes of problems that these routes answer with."""


def _titles(status: int) -> str:
    kinds = {**KINDS, **LIMIT_KINDS, **VERDICT_KINDS}
    titles = (kind.title for code, kind in kinds.items() if code in _MINE and kind.status == status)
    return "; ".join(dict.fromkeys(titles))


def _schemas() -> _Schema:
    schemas: _Schema = {"Problem": SHARED["Problem"]}
    models = {operation.body.__name__: operation.body for operation in OPERATIONS.values()}
    for name, model in models.items():
        whole: Any = plain(
            model.model_json_schema(ref_template=f"{_REF}{{model}}", schema_generator=WireSchema)
        )
        schemas |= whole.pop("$defs", {})
        schemas[name] = whole
    return {**schemas, **_ANSWERS}


_RECORD: Final = object_schema(
    {
        "allowed": _FLAG, "code": _TEXT, "http": {"type": "integer"}, "message": _TEXT,
        "customer": _TEXT, "owner": _TEXT_OR_NULL, "entitlement": _TEXT,
        "contract": {"type": "object"}, "requested": _AMOUNT_OR_NULL,
        "effective": _AMOUNT_OR_NULL, "overage": _AMOUNT_OR_NULL, "covered": _AMOUNT_OR_NULL,
        "charged_micros": {"type": "integer"}, "limit": _AMOUNT_OR_NULL,
        "remaining": _AMOUNT_OR_NULL, "resets_at": _INSTANT_OR_NULL,
        "retry_after_ms": _WHOLE_OR_NULL, "cap": _TEXT_OR_NULL, "hold": _TEXT_OR_NULL,
        "trace": {"type": "array", "items": {"type": "object"}},
        "late": _FLAG, "clamped": _FLAG, "degraded": _FLAG, "at": _INSTANT,
        "seq": {"type": "integer"},
    }
)  # fmt: skip
_ANSWERS: Final[_Schema] = {
    "Verdict": object_schema(
        {
            "decision": SHARED["ProfileIdentity"], "profile": SHARED["ProfileIdentity"],
            "status": {"const": "OK"},
            "matched_rule": _TEXT_OR_NULL, "data": _RECORD, "explanation": _TEXT,
            "errors": {"type": "array", "maxItems": 0}, "evaluated_at": _INSTANT,
            "audit_id": _TEXT_OR_NULL,
        }
    ),
    "Verdicts": object_schema(
        {
            "allowed": _FLAG, "code": _TEXT, "explanation": _TEXT,
            "verdicts": {"type": "array", "items": {"$ref": f"{_REF}Verdict"}},
        }
    ),
    "Released": object_schema({"released": _FLAG}),
    "Stand": object_schema(
        {
            "description": _TEXT, "metered": _FLAG, "plan": _TEXT, "owner": _TEXT,
            "credit": _TEXT_OR_NULL, "mode": _TEXT_OR_NULL, "value": _AMOUNT_OR_NULL,
            "limit": _AMOUNT_OR_NULL, "remaining": _AMOUNT_OR_NULL,
            "allowance": _AMOUNT_OR_NULL, "held": _AMOUNT_OR_NULL,
            "resets_at": _INSTANT_OR_NULL,
        }
    ),
    "Overview": object_schema(
        {
            "customer": _TEXT, "plan": _TEXT_OR_NULL,
            "entitlements": {
                "type": "object", "additionalProperties": {"$ref": f"{_REF}Stand"},
            },
        }
    ),
}  # fmt: skip
