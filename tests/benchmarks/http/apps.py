"""The applications: one pair for each kind, an echo and the decision usage-limit."""

import json
from typing import Any, Final

from criterion import Catalogue
from criterion.clock import new_id
from criterion.http import DecisionService, asgi_app, wsgi_app
from criterion.http.choosing import all_on_offer
from decisions.usage_limit import Usage
from tests.benchmarks.scenario import ROOT

BODY: Final = json.dumps(
    {"resource": "projects", "current_usage": 1, "requested_amount": 1, "plan": "free"}
).encode()
PATH: Final = "/usage-limit"
ECHO: Final = "/echo"
PREFIX: Final = "/decisions"
"""Where frameworks and `criterion serve` have the decisions."""

IN_YAML: Final = "version=1.1.0-yaml"

_catalogue = Catalogue.load(ROOT)
service: Final = DecisionService(_catalogue, profiles=all_on_offer(_catalogue))
decision_asgi: Final = asgi_app(service)
decision_wsgi: Final = wsgi_app(service)

# An echo does what any answer of ours has to do: it validates the same model, and sends JSON with
# its media type, its length and a request id of its own. It does nothing else.
_read: Final = Usage.__pydantic_validator__.validate_json
_write: Final = Usage.__pydantic_serializer__.to_json


def echoed(body: bytes) -> bytes:
    """Return what a body holds once validated; pydantic's readers alone, no Python of ours."""
    return _write(_read(body))


async def echo_asgi(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 -- ASGI's own
    """Validate and echo, as bare as ASGI allows."""
    if scope["type"] != "http":
        return
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    said = echoed(body)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(said)),
        (b"x-request-id", new_id().encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said})


def echo_wsgi(environ: dict[str, Any], start_response: Any) -> tuple[bytes]:  # noqa: ANN401
    """Validate and echo, as bare as WSGI allows."""
    said = echoed(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(said))),
        ("X-Request-Id", new_id()),
    ]
    start_response("200 OK", headers)
    return (said,)
