"""Answers: results, documents and pages as they are sent."""

import hashlib
from base64 import b64encode
from typing import Any, Final

from criterion.http.body import MEDIA_TYPE
from criterion.http.message import Answer, Headers, audit_headers
from criterion.http.prepared import Said
from criterion.json_text import Plain, json_text
from criterion.result import Result

PLAIN_HEADERS: Final[Headers] = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
)


def decided(
    result: Result[Any], request_id: str, *, trace: bool = False, what_if: bool = False
) -> Answer:
    """Return a result as JSON, one line, marked fields redacted."""
    text = result.to_json(trace=trace)
    if what_if:
        text = f'{text[:-1]},"what_if":{json_text(_what_if(result))}}}'
    return json_answer(text, request_id, audit_headers(result))


def _what_if(result: Result[Any]) -> Plain:
    """Return what would lead to another answer, found without the prover."""
    from criterion.analysis.counterfactuals import (  # noqa: PLC0415 -- only who is asked pays
        counterfactuals,
    )

    return counterfactuals(result, prove=False).to_dict()


def prepared_answer(said: Said) -> Answer:
    """Return what was prepared as it is sent."""
    request_id, body = said
    return _answer(body, MEDIA_TYPE, request_id, ())


def document(members: Plain, request_id: str) -> Answer:
    """Return plain data as JSON; what stands at this address may be HTML for another reader."""
    return json_answer(json_text(members), request_id, (("Vary", "Accept"),))


def json_answer(text: str, request_id: str, headers: Headers = ()) -> Answer:
    """Return JSON text."""
    return _answer(text.encode("ascii"), MEDIA_TYPE, request_id, headers)


def page(html: str, style: str, request_id: str) -> Answer:
    """Return an HTML page that may use nothing but its own style sheet.

    Args:
        html: The page, with the style sheet in it.
        style: What stands between its ``<style>`` and ``</style>``.
        request_id: Goes into the header.
    """
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    headers = (("Vary", "Accept"), ("Content-Security-Policy", policy))
    return _answer(html.encode(), "text/html; charset=utf-8", request_id, headers)


def _answer(body: bytes, media_type: str, request_id: str, headers: Headers) -> Answer:
    return Answer(
        200,
        (
            ("Content-Type", media_type),
            ("Content-Length", str(len(body))),
            ("X-Request-Id", request_id),
            *headers,
            *PLAIN_HEADERS,
        ),
        body,
    )
