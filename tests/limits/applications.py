"""Applications: the same routes and guarded views in every framework, each under a real server."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI
from flask import Flask, request
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from criterion.http.limits import ByAddress
from criterion.policy import AsyncPolicy, Policy
from criterion.policy.runtime.asynchronous_hold import AsyncHold
from criterion.policy.verdict import Verdict
from criterion_asgi import install_exception_handlers
from criterion_asgi.fastapi.limits import Limits as FastAPILimits
from criterion_asgi.fastapi.limits import limit_router
from criterion_asgi.limits import LimitMount, Limits, RateLimitMiddleware
from criterion_flask.limits import Limits as FlaskLimits
from criterion_flask.limits import limit_blueprint
from tests.http.servers import PREFIX, Address, under_uvicorn, under_waitress
from tests.limits import subjects

BY_ADDRESS: Final = ByAddress(plan="visitor", proxies=1)


class ViewError(Exception):
    """A view failed."""


def flask(policy: Policy) -> Flask:
    app = Flask(__name__)
    app.config["CRITERION_LEGACY_FIELDS"] = True
    limits = FlaskLimits(app, policy, customer=lambda: request.headers.get("X-Customer", ""))
    limits.limit_rate(
        app,
        "visits",
        customer=lambda: request.headers.get("X-Visitor"),
        strangers=BY_ADDRESS,
        exempt=lambda: request.path != "/visit",
    )

    @app.get("/visit")
    def visit() -> dict[str, object]:
        return {"visited": True}

    @app.post("/use/<entitlement>")
    def use(entitlement: str) -> Any:  # noqa: ANN401
        def view() -> dict[str, object]:
            return {"code": limits.verdict.code, "left": _number(limits.verdict)}

        guarded = limits.require(
            entitlement,
            lambda: request.args.get("amount", "1"),
            key=lambda: request.headers.get("Idempotency-Key"),
        )(view)
        return guarded()

    @app.post("/hold/<entitlement>")
    def hold(entitlement: str) -> dict[str, object]:
        with limits.hold(entitlement, request.args.get("amount", "1")) as room:
            if request.args.get("raise"):
                raise ViewError
            if used := request.args.get("used"):
                room.settle(used)
        return {"left": _number(room.verdict)}

    app.register_error_handler(ViewError, lambda _: ("", 502))
    app.register_blueprint(limit_blueprint(subjects.service(policy)), url_prefix=PREFIX)
    return app


def starlette(policy: Policy) -> Starlette:
    front = AsyncPolicy(policy)
    limits = Limits(front, customer=_customer, legacy=True)

    async def visit(_: Request) -> Response:
        return JSONResponse({"visited": True})

    async def use(asked: Request) -> Response:
        may_pass = limits.require(
            asked.path_params["entitlement"],
            lambda each: each.query_params.get("amount", "1"),
            key=lambda each: each.headers.get("idempotency-key"),
        )
        verdict = await may_pass(asked)
        return JSONResponse({"code": verdict.code, "left": _number(verdict)})

    async def hold(asked: Request) -> Response:
        amount = asked.query_params.get("amount", "1")
        async with limits.hold(asked, asked.path_params["entitlement"], amount) as room:
            await _work(room, asked)
        return JSONResponse({"left": _number(room.verdict)})

    app = Starlette(
        routes=[
            Route("/visit", visit),
            Route("/use/{entitlement}", use, methods=["POST"]),
            Route("/hold/{entitlement}", hold, methods=["POST"]),
            LimitMount(PREFIX, subjects.service(policy), front),
        ]
    )
    _finish(app, limits)
    return app


def fastapi(policy: Policy) -> FastAPI:
    front = AsyncPolicy(policy)
    limits = FastAPILimits(front, customer=_customer, legacy=True)
    app = FastAPI()

    @app.get("/visit")
    async def visit() -> dict[str, object]:
        return {"visited": True}

    async def amount(amount: str = "1") -> str:
        return amount

    async def key(asked: Request) -> str | None:
        return asked.headers.get("idempotency-key")

    for name in ("seats", "tokens", "calls", "pdf", "storage", "nothing"):
        require = limits.require(name, amount, key=key)
        reserve = limits.reserve(name, amount)

        @app.post(f"/use/{name}")
        async def use(verdict: Annotated[Verdict, Depends(require)]) -> dict[str, object]:
            return {"code": verdict.code, "left": _number(verdict)}

        @app.post(f"/hold/{name}")
        async def hold(
            room: Annotated[AsyncHold, Depends(reserve, scope="function")], asked: Request
        ) -> dict[str, object]:
            await _work(room, asked)
            return {"left": _number(room.verdict)}

    app.include_router(limit_router(subjects.service(policy), front), prefix=PREFIX)
    _finish(app, limits)
    return app


async def _work(room: AsyncHold, asked: Request) -> None:
    if asked.query_params.get("raise"):
        raise ViewError
    if used := asked.query_params.get("used"):
        await room.settle(used)


async def _failed(_: Request, __: Exception) -> Response:
    return Response(status_code=502)


def _customer(asked: Request) -> str:
    return asked.headers.get("x-customer", "")


def _finish(app: Starlette, limits: Limits) -> None:
    install_exception_handlers(app)
    app.add_exception_handler(ViewError, _failed)
    app.add_middleware(
        RateLimitMiddleware,
        limits=limits,
        entitlement="visits",
        customer=lambda asked: asked.headers.get("x-visitor"),
        strangers=BY_ADDRESS,
        exempt=lambda asked: asked.url.path != "/visit",
    )


def _number(verdict: Verdict) -> int | None:
    return None if verdict.remaining is None else int(verdict.remaining)


Serve = Callable[[Policy], AbstractContextManager[Address]]

SERVERS: Final[dict[str, Serve]] = {
    "flask": lambda policy: under_waitress(flask(policy)),
    "starlette": lambda policy: under_uvicorn(starlette(policy)),
    "fastapi": lambda policy: under_uvicorn(fastapi(policy)),
}
"""What the contract is held against; an adapter joins by one line."""

STORES: Final[dict[str, Callable[[], Any]]] = {
    "memory": lambda: None,
    "waiting": subjects.Waiting,
}
"""A store that is asked at once, and one that is asked in threads."""
