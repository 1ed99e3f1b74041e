"""Guards: a policy is asked before a view runs, counts what it uses, and may refuse the request."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from inspect import iscoroutinefunction
from typing import ParamSpec

from flask import current_app, g, request
from flask.typing import ResponseReturnValue

from criterion.http import Answer
from criterion.http import Request as Asking
from criterion.http.limits.guard import NOT_NOTED, Guarded, Use
from criterion.policy.runtime.holding import Hold
from criterion.policy.verdict import Verdict
from criterion_flask.errors import NotAskedError
from criterion_flask.guard import View
from criterion_flask.limits.errors import RefusedError
from criterion_flask.limits.settings import Limited, limited
from criterion_flask.limits.wanted import Wanted, use_of
from criterion_flask.messages import request_of, response_of

P = ParamSpec("P")


def requiring(wanted: Wanted) -> Callable[[View[P]], Callable[P, ResponseReturnValue]]:
    """Return a decorator that counts before a view runs."""

    def decorate(view: View[P]) -> Callable[P, ResponseReturnValue]:
        is_asynchronous = iscoroutinefunction(view)

        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            app = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 -- as Flask documents it
            refused = counted(limited(app), use_of(wanted))
            if refused is not None:
                return response_of(refused)
            run = app.ensure_sync(view) if is_asynchronous else view
            return run(*args, **kwargs)  # type: ignore[return-value] # `ensure_sync` waits for it

        return guarded

    return decorate


def counted(by: Limited, use: Use) -> Answer | None:
    """Count what a request uses; returns what is sent to one that may not pass."""
    customer, entitlement, amount, key, _ = use
    policy, guarded = by.policy, Guarded(current_request)
    try:
        with policy.noting(guarded.metadata) if policy.records else NOT_NOTED:
            verdict = policy.allow(customer, entitlement, amount, key=key, **use.options)
    except Exception as error:  # noqa: BLE001 -- a guard that fails lets nobody pass
        return guarded.failure(error)
    g.criterion_verdict = verdict
    if not verdict:
        return guarded.refusal(verdict, legacy=by.legacy)
    guarded.passes(verdict)
    return None


@contextmanager
def holding(by: Limited, wanted: Wanted) -> Iterator[Hold]:
    """Set room aside for a block.

    Raises:
        RefusedError: There is none.
    """
    customer, entitlement, amount, key, context = use_of(wanted)
    policy, guarded = by.policy, Guarded(current_request)
    with ExitStack() as stack:
        if policy.records:
            stack.enter_context(policy.noting(guarded.metadata))
        try:
            hold = stack.enter_context(
                policy.hold(customer, entitlement, amount, key=key, context=context)
            )
        except Exception as error:  # noqa: BLE001 -- whatever a store or a recorder may raise
            raise RefusedError(guarded.failure(error), None) from None
        g.criterion_verdict = hold.verdict
        answer = guarded.refusal(hold.verdict, legacy=by.legacy)
        if answer is not None:
            raise RefusedError(answer, hold.verdict)
        guarded.passes(hold.verdict)
        yield hold


def last_verdict() -> Verdict:
    """Return the verdict of the guard that ran last in this request.

    Raises:
        NotAskedError: No guard ran.
    """
    verdict: Verdict | None = g.get("criterion_verdict")
    if verdict is None:
        hint = "put `@limits.require(…)` above the view"
        raise NotAskedError("nothing was counted in this request", hint=hint)
    return verdict


def current_request() -> Asking:
    """Return the current request as the contract takes it, without its body."""
    current = request._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 -- as Flask documents it
    return request_of(current, current.path)
