"""Rate limits: every request of an application or a blueprint is counted, and told what is left."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, g, request

from criterion.http.limits.fields import limit_fields
from criterion.http.limits.guard import Guarded, Use, customer_name
from criterion.http.limits.strangers import Strangers
from criterion_flask.limits.guard import counted, current_request
from criterion_flask.limits.settings import limited
from criterion_flask.limits.wanted import Wanted, made
from criterion_flask.messages import response_of


def limit_rate(
    scaffold: Flask | Blueprint,
    wanted: Wanted,
    *,
    strangers: Callable[[Flask], Strangers | None],
    exempt: Callable[[], bool] | None,
) -> None:
    """Count every request before anything else of the application runs.

    Args:
        scaffold: Whose requests.
        wanted: What each counts; who has no name is a stranger.
        strangers: What limits those in an application, or ``None``: they are not counted.
        exempt: Whether the current request is not counted.
    """

    def count() -> Response | None:
        if exempt is not None and exempt():
            return None
        by = limited(current_app)
        customer = made(wanted.customer)
        if customer is None:
            return _stranger(strangers(_app()), wanted, legacy=by.legacy)
        refused = counted(by, Use(customer_name(customer), wanted.entitlement))
        g.criterion_rated = g.get("criterion_verdict")
        return None if refused is None else response_of(refused)

    def tell(response: Response) -> Response:
        verdict = g.get("criterion_rated")
        if verdict is not None:
            legacy = limited(current_app).legacy
            for name, value in limit_fields([verdict], legacy=legacy):
                response.headers.setdefault(name, value)
        return response

    scaffold.before_request(count)
    scaffold.after_request(tell)


def _stranger(known: Strangers | None, wanted: Wanted, *, legacy: bool) -> Response | None:
    if known is None:
        return None
    forwarded = request.headers.get("X-Forwarded-For", "")
    verdict = known.allow(request.remote_addr or "", forwarded, wanted.entitlement)
    g.criterion_rated = verdict
    refused = Guarded(current_request).refusal(verdict, legacy=legacy)
    return None if refused is None else response_of(refused)


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 -- as Flask documents it
    return app
