"""The extension: the limits of an application, counted before its views and told of behind them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import ParamSpec
from weakref import WeakKeyDictionary

from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue

from criterion.errors import DefinitionError, Problem
from criterion.http.limits import Authorize, ByAddress, LimitOptions, LimitService
from criterion.http.limits.strangers import Strangers
from criterion.policy import Policy
from criterion.policy.runtime.holding import Hold
from criterion.policy.runtime.options import Given
from criterion.policy.verdict import Verdict
from criterion.text import code
from criterion_flask.guard import View
from criterion_flask.limits.errors import RefusedError, answered
from criterion_flask.limits.guard import holding, last_verdict, requiring
from criterion_flask.limits.rate_limit import limit_rate
from criterion_flask.limits.settings import EXTENSION, configured, limited
from criterion_flask.limits.wanted import Context, Made, Wanted

P = ParamSpec("P")


class Limits:
    """The limits of Flask applications; one instance serves any number of them.

    It keeps nothing of an application: its policy stands in ``app.extensions``.

    Args:
        app: Is initialized at once; see `init_app`.
        policy: Of this application.
        customer: Who asks, where a guard does not say: a function of nothing, from ``request`` and
            ``g``.
    """

    def __init__(
        self,
        app: Flask | None = None,
        policy: Policy | None = None,
        *,
        customer: Made[str] | None = None,
    ) -> None:
        """Initialize the application, if there is one yet."""
        self._customer = customer
        if app is not None:
            self.init_app(app, policy)

    def init_app(self, app: Flask, policy: Policy | None = None) -> None:
        """Give an application its limits.

        Args:
            app: Its ``CRITERION_*`` settings are read now.
            policy: In place of ``CRITERION_POLICY`` and ``CRITERION_STORE_URL``. One that has no
                recorder gets ``CRITERION_RECORDER``.

        Raises:
            DefinitionError: A setting or the document cannot be used, or the application has
                limits already; lists everything that is wrong.
        """
        if EXTENSION in app.extensions:
            taken = Problem("init_app", "was called before", "call it once for each application")
            raise DefinitionError(f"application {code(app.name)}", [taken])
        app.extensions[EXTENSION] = configured(app, policy)
        app.register_error_handler(RefusedError, answered)

    @property
    def policy(self) -> Policy:
        """The policy of the current application.

        Raises:
            NotInitializedError: It has none.
        """
        return limited(current_app).policy

    @property
    def verdict(self) -> Verdict:
        """The verdict of the guard that ran last in this request.

        Raises:
            NotAskedError: No guard ran.
        """
        return last_verdict()

    def require(
        self,
        entitlement: str,
        amount: Made[Given] = 1,
        *,
        customer: Made[str] | None = None,
        key: Made[str | None] = None,
        context: Made[Context | None] = None,
    ) -> Callable[[View[P]], Callable[P, ResponseReturnValue]]:
        """Return a decorator for views that counts before they run: it stands below ``@app.route``.

        The view runs where there is room. Else the response is a problem, and nothing is counted.
        Each part is a value, or a function of nothing that makes it for each request anew.

        Args:
            entitlement: What for.
            amount: How much; where there is no limit it does not matter.
            customer: Who asks; by default as `Limits` was told.
            key: Counts the request once, however often it is sent under the same key.
            context: What else is known of the call.
        """
        who = customer or self._customer
        return requiring(Wanted(entitlement, amount, who, key, context))

    def hold(
        self,
        entitlement: str,
        amount: Made[Given | None] = None,
        *,
        customer: Made[str] | None = None,
        key: Made[str | None] = None,
        context: Made[Context | None] = None,
    ) -> AbstractContextManager[Hold]:
        """Set room aside for a ``with`` block of a view, which gets the hold.

        What the block settles is counted; without that, all that was set aside. Where it raises,
        nothing is. Without room the block is not entered, and the response is a problem.

        Args:
            entitlement: What for.
            amount: How much; by default what such calls are expected to use.
            customer: As for `require`.
            key: As for `require`.
            context: As for `require`.
        """
        who = customer or self._customer
        return holding(limited(current_app), Wanted(entitlement, amount, who, key, context))

    def limit_rate(
        self,
        scaffold: Flask | Blueprint,
        entitlement: str,
        *,
        customer: Made[str | None] | None = None,
        strangers: ByAddress | None = None,
        exempt: Callable[[], bool] | None = None,
    ) -> None:
        """Count every request of an application or a blueprint, and tell in headers what is left.

        Call it before you register other functions that run before requests.

        Args:
            scaffold: Whose requests.
            entitlement: What each counts one of.
            customer: Who asks; ``None`` is a stranger.
            strangers: How those are limited; without it they pass.
            exempt: Whether the current request is not counted.
        """
        known: WeakKeyDictionary[Flask, Strangers] = WeakKeyDictionary()

        def strangers_of(app: Flask) -> Strangers | None:
            if strangers is None:
                return None
            if app not in known:
                known[app] = Strangers(limited(app).policy, strangers)
            return known[app]

        wanted = Wanted(entitlement, 1, customer or self._customer)  # type: ignore[arg-type] # a stranger has no name
        limit_rate(scaffold, wanted, strangers=strangers_of, exempt=exempt)

    def service(self, authorize: Authorize, *, options: LimitOptions | None = None) -> LimitService:
        """Return the routes of the current application's policy, for `limit_blueprint`.

        Args:
            authorize: Says what who sends a request may do.
            options: Limits, and what callers have to send.

        Raises:
            DefinitionError: Nothing says who may ask.
        """
        return LimitService(self.policy, authorize, options=options or LimitOptions())
