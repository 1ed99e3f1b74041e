"""The blueprint: the routes of a policy, below wherever it is registered."""

from typing import Final

from flask import Blueprint, Response, request

from criterion.http.limits import LimitService
from criterion_flask.messages import body_of, request_of, response_of

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
"""All that are answered here, so that a wrong one is a problem like any other."""


def limit_blueprint(service: LimitService, *, name: str = "limits") -> Blueprint:
    """Return a blueprint with the routes of a policy, to be registered under a prefix.

    Args:
        service: What answers; it says who may ask.
        name: Of the blueprint.
    """
    blueprint = Blueprint(name, __name__)

    def answer(below: str = "", **_: object) -> Response:
        current = request._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 -- as Flask documents it
        path = f"/{below}" if below or current.path.endswith("/") else ""
        body = body_of(current, service.options.body_bytes_max)
        return response_of(service.answer(request_of(current, path, body)))

    for rule in ("", "/", "/<path:below>"):
        blueprint.add_url_rule(
            rule,
            "answer",
            answer,
            methods=METHODS,
            provide_automatic_options=False,
            strict_slashes=True,
        )
    return blueprint
