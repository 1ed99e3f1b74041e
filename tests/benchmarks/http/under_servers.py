"""Real servers: each application in a process of its own, asked by wrk from another, by turns."""

import re
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from tests.benchmarks.http.apps import BODY, ECHO, IN_YAML, PATH, PREFIX
from tests.benchmarks.scenario import ROOT

CONNECTIONS: Final = 32
READY_TRIES: Final = 600
READY_WAIT_S: Final = 0.1


class Side(NamedTuple):
    """What is asked: an application under a server.

    Attributes:
        server: One of `SERVERS`.
        app: Module and name of the application; ``""`` for the server's own.
        path: Of the route.
        query: Behind the ``?``.
    """

    server: str
    app: str
    path: str = PATH
    query: str = ""


class Pair(NamedTuple):
    """A decision and the echo that it is compared with.

    Attributes:
        limit: Which share of the echo's requests per second it must reach; ``None``: no promise.
    """

    name: str
    decision: Side
    echo: Side
    limit: float | None


_BARE: Final = "tests.benchmarks.http.apps"
_FRAMED: Final = "tests.benchmarks.http.framework_apps"
_PLAIN: Final = ["--no-access-log", "--log-level", "warning"]
SERVERS: Final = {
    "uvicorn": ["-m", "uvicorn", "--loop", "uvloop", "--http", "httptools", *_PLAIN],
    "granian": ["-m", "granian", "--interface", "wsgi", "--blocking-threads", "1", *_PLAIN],
    "gunicorn": ["-m", "gunicorn", "--threads", "4", "--log-level", "warning"],
    "serve": ["-m", "criterion", "serve", "--profile", "api-rate-limit=rate-limits"],
}
"""How each server is started, as words behind ``python``."""


def _sides(server: str, app: str, *, is_bare: bool) -> tuple[Side, Side]:
    """Return a decision and its echo; a bare callable is but one of both."""
    if is_bare:
        decided, echo = (Side(server, app.format(name)) for name in ("decision", "echo"))
        return decided, echo
    return Side(server, app, PREFIX + PATH), Side(server, app, PREFIX + ECHO)


_KINDS: Final = (
    ("ASGI under uvicorn", *_sides("uvicorn", f"{_BARE}:{{}}_asgi", is_bare=True), 0.85),
    ("WSGI under granian", *_sides("granian", f"{_BARE}:{{}}_wsgi", is_bare=True), 0.85),
    ("Starlette under uvicorn", *_sides("uvicorn", f"{_FRAMED}:starlette", is_bare=False), 0.80),
    ("FastAPI under uvicorn", *_sides("uvicorn", f"{_FRAMED}:fastapi", is_bare=False), 0.80),
    ("Flask under gunicorn", *_sides("gunicorn", f"{_FRAMED}:flask", is_bare=False), 0.80),
    (
        "criterion serve, beside bare ASGI",
        Side("serve", "", PREFIX + PATH),
        Side("uvicorn", f"{_BARE}:echo_asgi"),
        None,
    ),
)
PAIRS: Final = tuple(
    Pair(f"{name}, {language}", decision._replace(query=query), echo, limit)
    for name, decision, echo, limit in _KINDS
    for language, query in (("Python", ""), ("YAML", IN_YAML))
)


def rates(rounds: int, seconds: int) -> dict[Side, list[float]]:
    """Return the requests per second of each side in each round.

    Args:
        rounds: How often each side has its turn.
        seconds: How long a turn takes.
    """
    sides = dict.fromkeys(side for pair in PAIRS for side in (pair.echo, pair.decision))
    found: dict[Side, list[float]] = {side: [] for side in sides}
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "post.lua"
        script.write_text(_lua(), encoding="utf-8")
        apps = dict.fromkeys((side.server, side.app) for side in sides)
        ports = {app: stack.enter_context(_serving(*app)) for app in apps}
        for _ in range(rounds):
            for side in sides:
                port = ports[side.server, side.app]
                found[side].append(_asked(port, side, script, seconds))
    return found


def shares(pair: Pair, found: dict[Side, list[float]]) -> tuple[float, float]:
    """Return the requests per second of the decision, and its share of the echo's, as medians."""
    decisions, echoes = found[pair.decision], found[pair.echo]
    ratios = [ours / theirs for ours, theirs in zip(decisions, echoes, strict=True)]
    return statistics.median(decisions), statistics.median(ratios)


def _lua() -> str:
    text = BODY.decode().replace("\\", "\\\\").replace('"', '\\"')
    return (
        f'wrk.method = "POST"\nwrk.body = "{text}"\n'
        'wrk.headers["Content-Type"] = "application/json"\n'
    )


def _asked(port: int, side: Side, script: Path, seconds: int) -> float:
    query = f"?{side.query}" if side.query else ""
    address = f"http://127.0.0.1:{port}{side.path}{query}"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), address]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said:
        message = f"{address} was refused:\n{said}"
        raise RuntimeError(message)
    return float(re.findall(r"Requests/sec: +([0-9.]+)", said)[0])


@contextmanager
def _serving(server: str, app: str) -> Iterator[int]:
    """Run a server until it is not needed, and yield its port."""
    port = _free_port()
    place = ["--bind", f"127.0.0.1:{port}"] if server == "gunicorn" else ["--port", str(port)]
    command = [sys.executable, *SERVERS[server], *place, *([app] if app else [])]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(READY_TRIES):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        try:
            process.wait(READY_WAIT_S)
        except subprocess.TimeoutExpired:
            continue
        break
    message = "a server did not start"
    raise RuntimeError(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
