"""Print what guards cost: ``python -m tests.benchmarks.guards``; the servers need wrk."""

import asyncio
import io
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.benchmarks import guards_apps

ROOT: Final = Path(__file__).parent.parent.parent
ROUNDS: Final = 5
CALLS: Final = 2_000
SECONDS: Final = 3
SHARE_MIN: Final = 0.75
PATHS: Final = ("/bare", "/guarded")
APPS: Final = "tests.benchmarks.guards_apps"
SERVERS: Final = {
    "Flask, gunicorn": ["gunicorn", "--bind", "127.0.0.1:0", "--threads", "4", f"{APPS}:flask"],
    "Starlette, uvicorn": ["uvicorn", "--port", "0", "--no-access-log", f"{APPS}:starlette"],
}
_LISTENING: Final = re.compile(r"(?:on|at:) (http://[\d.]+:\d+)")
_RATE: Final = re.compile(r"Requests/sec:\s+([\d.]+)")


def main() -> int:
    """Measure each pair of views by turns, and print the best of each."""
    print(f"{'':24}{'bare':>10}{'guarded':>10}{'share':>8}{'limit':>8}")
    for name, run in (("Flask, in process", wsgi_rate), ("Starlette, in process", asgi_rate)):
        _print(name, run, None)
    if shutil.which("wrk") is None:
        print("wrk is not installed: apt-get install wrk", file=sys.stderr)
        return 2
    for name, command in SERVERS.items():
        with served(command) as address:
            _print(name, lambda path, at=address: wrk_rate(f"{at}{path}"), SHARE_MIN)  # type: ignore[misc]
    return 0


def _print(name: str, run: Callable[[str], float], limit: float | None) -> None:
    bare, guarded = map(max, zip(*[map(run, PATHS) for _ in range(ROUNDS)], strict=True))
    share = guarded / bare
    verdict = "" if limit is None else f"{limit:>8.0%}  {'ok' if share >= limit else 'MISSED'}"
    print(f"{name:24}{bare:>8,.0f}/s{guarded:>8,.0f}/s{share:>8.0%}{verdict}")


def wsgi_rate(path: str) -> float:
    """Return the requests per second of processor time, without a server."""
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "x", "SERVER_PORT": "80",
        "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr, "wsgi.input": io.BytesIO(),
    }  # fmt: skip
    began = time.process_time()
    for _ in range(CALLS):
        list(guards_apps.flask({**environ}, lambda *_: lambda _: None))
    return CALLS / (time.process_time() - began)


def asgi_rate(path: str) -> float:
    """Return the requests per second of processor time, without a server."""
    return asyncio.run(_asgi_rate(path))


async def _asgi_rate(path: str) -> float:
    async def send(_: Any) -> None: ...  # noqa: ANN401 -- ASGI's own

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    began = time.process_time()
    for _ in range(CALLS):
        await guards_apps.starlette({**scope}, receive, send)
    return CALLS / (time.process_time() - began)


@contextmanager
def served(command: list[str]) -> Iterator[str]:
    """Start an application on a free port."""
    with subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            lines = server.stderr or ()
            yield next(found[1] for line in lines if (found := _LISTENING.search(line)))
        finally:
            server.terminate()


def wrk_rate(url: str) -> float:
    """Return the requests per second of one route; every answer has to be a good one."""
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}", url]
    finished = subprocess.run(command, capture_output=True, check=True, text=True)
    found = _RATE.search(finished.stdout)
    if found is None or "Non-2xx" in finished.stdout:
        message = f"{url} was not measured:\n{finished.stdout}"
        raise RuntimeError(message)
    return float(found[1])


if __name__ == "__main__":
    sys.exit(main())
