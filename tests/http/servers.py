"""Servers: the applications under test, each under a real server on a port of its own."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

import uvicorn
from fastapi import FastAPI
from flask import Flask
from starlette.applications import Starlette
from waitress import wasyncore
from waitress.server import create_server

from criterion.http import DecisionService, asgi_app, wsgi_app
from criterion.server.running import SETTINGS
from criterion.server.site import Site
from criterion.server.standing import Served
from criterion_asgi import DecisionMount
from criterion_asgi.fastapi import decision_router
from criterion_flask import decision_blueprint
from tests.parcels import NOON

PREFIX: Final = "/api/limits"
"""Where every application mounts the decisions."""

SERVER_BODY_BYTES_MAX: Final = 1_000_000

Address = tuple[str, int]


def listening() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


@contextmanager
def under_waitress(app: Any) -> Iterator[Address]:  # noqa: ANN401 -- any WSGI application
    listener = listening()
    channels: dict[int, Any] = {}
    server = create_server(
        app,
        map=channels,
        sockets=[listener],
        threads=4,
        max_request_body_size=SERVER_BODY_BYTES_MAX,
        clear_untrusted_proxy_headers=True,
    )
    stopped = threading.Event()

    def loop() -> None:
        while not stopped.is_set():
            wasyncore.loop(timeout=0.05, map=channels, count=1)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        stopped.set()
        thread.join()
        wasyncore.close_all(channels)
        server.task_dispatcher.shutdown()
        listener.close()


@contextmanager
def under_uvicorn(app: Any, **settings: Any) -> Iterator[Address]:  # noqa: ANN401 -- any ASGI application
    listener = listening()
    usual = {"log_config": None, "ws": "none", "http": "h11", "loop": "asyncio", "lifespan": "on"}
    config = uvicorn.Config(app, **{**usual, **settings})
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def mounted_wsgi(service: DecisionService) -> Any:  # noqa: ANN401
    """Return what a WSGI framework's mount does: the prefix moves into ``SCRIPT_NAME``."""
    app = wsgi_app(service)

    def mount(environ: dict[str, Any], start_response: Any) -> Any:  # noqa: ANN401
        path = environ["PATH_INFO"]
        if not path.startswith(PREFIX):
            start_response("404 Not Found", [])
            return []
        moved = {**environ, "SCRIPT_NAME": PREFIX, "PATH_INFO": path[len(PREFIX) :]}
        return app(moved, start_response)

    return mount


def mounted_asgi(service: DecisionService) -> Any:  # noqa: ANN401
    """Return what an ASGI framework's mount does: the prefix is told as ``root_path``."""
    app = asgi_app(service)

    async def mount(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401
        await app({**scope, "root_path": PREFIX}, receive, send)

    return mount


def mounted_starlette(service: DecisionService) -> Starlette:
    return Starlette(routes=[DecisionMount(PREFIX, service)])


def included_fastapi(service: DecisionService) -> FastAPI:
    app = FastAPI()
    app.include_router(decision_router(service), prefix=PREFIX)
    return app


class Fixed:
    """What stands where nothing changes."""

    complaint = None

    def __init__(self, service: DecisionService) -> None:
        self.served = Served(asgi_app(service), len(service.catalogue.serving), NOON)


def site(service: DecisionService) -> Any:  # noqa: ANN401
    """Return the application that the command serves."""
    return Site(Fixed(service), prefix=PREFIX)  # type: ignore[arg-type] # a stand-in


def registered_flask(service: DecisionService) -> Flask:
    app = Flask(__name__)
    app.register_blueprint(decision_blueprint(service), url_prefix=PREFIX)
    return app


Serve = Callable[[DecisionService], AbstractContextManager[Address]]

SERVERS: Final[dict[str, Serve]] = {
    "wsgi": lambda service: under_waitress(mounted_wsgi(service)),
    "asgi": lambda service: under_uvicorn(mounted_asgi(service)),
    "starlette": lambda service: under_uvicorn(mounted_starlette(service)),
    "fastapi": lambda service: under_uvicorn(included_fastapi(service)),
    "serve": lambda service: under_uvicorn(site(service), **SETTINGS),
    "flask": lambda service: under_waitress(registered_flask(service)),
}
"""What the contract is held against; an adapter joins by one line."""
