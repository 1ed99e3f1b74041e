"""Running: the server from its first request to its last."""

import signal
import sys
from collections.abc import Mapping
from functools import partial
from socket import AF_INET6, create_server, getaddrinfo, socket
from typing import Any, Final

from uvicorn import Config, Server
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from criterion.clock import SystemClock
from criterion.server.json_log import log_to
from criterion.server.protocol import BoundedProtocol
from criterion.server.settings import ServerSettings
from criterion.server.site import Site
from criterion.server.standing import Standing

IDLE_S_MAX: Final = 5
"""How long a connection may stay open between two requests."""

GRACE_S_MAX: Final = 10
"""How long requests may go on once the server is told to stop."""

BACKLOG: Final = 2_048
"""How many connections may wait to be accepted."""

SETTINGS: Final[Mapping[str, Any]] = {
    "http": BoundedProtocol,
    "ws": "none",
    "lifespan": "on",
    "log_config": None,
    "access_log": False,
    "proxy_headers": False,
    "server_header": False,
    "timeout_keep_alive": IDLE_S_MAX,
    "timeout_graceful_shutdown": GRACE_S_MAX,
}
"""How uvicorn is run."""


def listening(host: str, port: int) -> socket:
    """Return a socket that listens.

    Raises:
        OSError: The host is unknown, or the port is taken or not ours to take.
    """
    family, _, _, _, address = getaddrinfo(host, port)[0]
    return create_server(address[:2], family=family, backlog=BACKLOG)


def url_of(listener: socket) -> str:
    """Return the address of a socket as browsers have it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if listener.family == AF_INET6 else f"http://{host}:{port}"


def run(settings: ServerSettings, standing: Standing, listener: socket, workers: int) -> bool:
    """Serve until SIGTERM or SIGINT; then answer what was asked, and return.

    Args:
        settings: What each worker serves, where there are several.
        standing: What this process serves, where it is alone.
        listener: What they listen on.
        workers: How many processes answer.

    Returns:
        Whether the server ran.
    """
    log_to(sys.stderr)
    if workers > 1:
        supervisor = Multiprocess(_config(partial(_site, settings), workers), [listener])
        supervisor.run()
        return all(process.exitcode != STARTUP_FAILURE for process in supervisor.processes)
    server = Server(_config(Site(standing, watches=settings.watches)))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.handle_exit)  # so that a signal is no failure afterwards
    server.run([listener])
    return server.started


def _site(settings: ServerSettings) -> Site:
    """Return what a worker serves."""
    log_to(sys.stderr)
    return Site(Standing(settings, SystemClock()))


def _config(app: object, workers: int = 1) -> Config:
    return Config(app, factory=workers > 1, workers=workers, **SETTINGS)  # type: ignore[arg-type] # a site, or what makes one
