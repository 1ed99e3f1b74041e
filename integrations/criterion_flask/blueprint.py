"""The blueprint: decisions as routes of an application, below wherever it is registered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from flask import Blueprint, Flask, Response, current_app, request
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

from criterion.catalogue import AnyDecision, Catalogue
from criterion.http import DecisionService
from criterion.http.profile_choice import ProfileChoiceLike
from criterion_flask.messages import body_of, request_of, response_of
from criterion_flask.service import service_in

CONVERTER: Final = "criterion_below"


def decision_blueprint(
    decisions: DecisionService | Iterable[AnyDecision] | None = None,
    profiles: Mapping[str, ProfileChoiceLike] | None = None,
    *,
    name: str = "criterion",
) -> Blueprint:
    """Return a blueprint with the routes of the contract, to be registered under a prefix.

    It may be registered in several applications, and with ``name=`` several times in one. It
    answers whatever is asked below its prefix, and handles no errors of anybody else.

    Args:
        decisions: What to serve; a service, where profiles are registered, or there are hooks; by
            default what the application's `Criterion` serves when it is asked.
        profiles: By decision id, what each runs under, as for a `DecisionService`.
        name: Of the blueprint; endpoints begin with it.

    Raises:
        DefinitionError: The profiles do not go with the decisions; lists everything wrong.
        TypeError: Profiles are given without decisions, or beside a service, which has its own.
    """
    service = _service_of(decisions, profiles)
    blueprint = Blueprint(name, __name__)
    blueprint.record(lambda state: _mount(state, DecisionView(service)))
    return blueprint


def _service_of(
    decisions: DecisionService | Iterable[AnyDecision] | None,
    profiles: Mapping[str, ProfileChoiceLike] | None,
) -> DecisionService | None:
    if decisions is None or isinstance(decisions, DecisionService):
        if profiles is not None:
            raise TypeError("give profiles beside decisions; a service has its own")
        return decisions
    return DecisionService(Catalogue(decisions), profiles=profiles)


@dataclass(frozen=True)
class DecisionView:
    """The view of all routes of one blueprint.

    Attributes:
        own: What it serves; ``None`` for what the application has when it is asked.
    """

    own: DecisionService | None

    def service(self, app: Flask) -> DecisionService:
        """Return what it serves in an application."""
        return self.own or service_in(app)

    def __call__(self, below: str = "", **_: object) -> Response:
        """Answer the current request."""
        service = self.service(current_app)
        current = request._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 -- as Flask documents it
        body = body_of(current, service.options.body_bytes_max)
        return response_of(service.answer(request_of(current, below, body)))


class _Below(BaseConverter):
    """What stands below a mount: a slash, and whatever follows."""

    regex = r"[\s\S]*"
    part_isolating = False

    def to_python(self, value: str) -> str:
        """Return the path below the mount."""
        return f"/{value}"

    def to_url(self, value: str) -> str:
        """Return the path as it stands behind the slash of the rule."""
        return super().to_url(value.removeprefix("/"))


def _mount(state: BlueprintSetupState, view: DecisionView) -> None:
    """Add rules for every method and for all that stands below, so that nothing falls through.

    Flask's own way to add rules needs a list of methods, and leaves the others to the application.
    """
    app: Flask = state.app  # type: ignore[assignment] # no other kind registers a Flask blueprint
    app.url_map.converters[CONVERTER] = _Below
    endpoint = ".".join(filter(None, (state.name_prefix, state.name, "decisions")))
    app.view_functions[endpoint] = view
    prefix = (state.url_prefix or "").rstrip("/")
    paths = [f"{prefix}/<{CONVERTER}:below>", *([prefix] if prefix else [])]
    for path, is_websocket in product(paths, (False, True)):  # who asks for one is answered, too
        rule = app.url_rule_class(
            path,
            endpoint=endpoint,
            subdomain=state.subdomain,
            defaults=state.url_defaults,
            websocket=is_websocket,
        )
        app.url_map.add(rule)
