"""The extension: the decisions of an application, asked by its routes and before its views."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

from criterion.errors import DefinitionError, Problem
from criterion.http import DecisionService, Denial
from criterion.result import Result
from criterion.text import code
from criterion_flask.guard import (
    NOT_ALLOWED,
    FactsOf,
    Guarded,
    P,
    Question,
    View,
    guarding,
    last_result,
)
from criterion_flask.service import EXTENSION, configured_service, service_in


class Criterion:
    """The decisions of Flask applications; one instance serves any number of them.

    It keeps nothing: what an application decides stands in ``app.extensions["criterion"]``.

    Args:
        app: Is initialized at once; see `init_app`.
        service: Of this application.
    """

    def __init__(self, app: Flask | None = None, service: DecisionService | None = None) -> None:
        """Initialize the application, if there is one yet."""
        if app is not None:
            self.init_app(app, service)

    def init_app(self, app: Flask, service: DecisionService | None = None) -> None:
        """Give an application its decisions.

        Args:
            app: Its ``CRITERION_*`` settings are read now.
            service: In place of the settings: decisions that were put together in Python.

        Raises:
            DefinitionError: A setting, a file or a profile choice cannot be used, or the
                application has decisions already; lists everything that is wrong.
        """
        if EXTENSION in app.extensions:
            taken = Problem("init_app", "was called before", "call it once for each application")
            raise DefinitionError(f"application {code(app.name)}", [taken])
        app.extensions[EXTENSION] = configured_service(app.config) if service is None else service

    @property
    def service(self) -> DecisionService:
        """The decisions of the current application.

        Raises:
            NotInitializedError: It has none.
        """
        return service_in(current_app)

    @property
    def result(self) -> Result[Any]:
        """What the guard that ran last in this request found.

        Raises:
            NotAskedError: No guard ran.
        """
        return last_result()

    def guard(
        self,
        id: str,
        *,
        facts: FactsOf,
        version: str | None = None,
        denial: Denial = NOT_ALLOWED,
    ) -> Callable[[View[P]], Guarded[P]]:
        """Return a decorator for views: it stands below ``@app.route``.

        The view runs where the decision lets the request pass. Else the response is a problem.

        Args:
            id: Of the decision; looked up in the application that is asked.
            facts: Makes the input, for each request anew, from ``request`` and ``g``; it may be
                asynchronous where views may.
            version: A version to pin.
            denial: When the guard refuses, and as which problem.
        """
        return guarding(Question(id, version), facts, denial)
