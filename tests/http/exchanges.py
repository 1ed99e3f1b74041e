"""Exchanges: requests that stand in a file, sent over a socket, and what must come back."""

import http.client
import json
import socket
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from tests.http.servers import PREFIX, Address

FOLDER: Final = Path(__file__).parent
SECONDS_MAX: Final = 10


class Reply(NamedTuple):
    """What came back.

    Attributes:
        headers: By lower-case name.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def members(self) -> Any:  # noqa: ANN401 -- JSON of any shape
        return json.loads(self.body)


def entries(file: str) -> list[dict[str, Any]]:
    """Return what stands in a file of exchanges."""
    found: list[dict[str, Any]] = yaml.safe_load((FOLDER / file).read_text("utf-8"))
    return found


def body_of(entry: dict[str, Any]) -> bytes | None:
    """Return the body: ``json``, ``text``, ``hex``, or ``repeat: [before, part, times, after]``."""
    if "json" in entry:
        return json.dumps(entry["json"]).encode()
    if "hex" in entry:
        return bytes.fromhex(entry["hex"])
    if "repeat" in entry:
        before, part, times, after = entry["repeat"]
        return f"{before}{part * times}{after}".encode()
    return entry["text"].encode("utf-8") if "text" in entry else None


def ask(
    address: Address,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str | None] | None = None,
    *,
    prefix: str = PREFIX,
) -> Reply:
    """Send one request below the prefix and return the reply; a header of ``None`` is not sent."""
    connection = http.client.HTTPConnection(*address, timeout=SECONDS_MAX)
    try:
        given = {"Content-Type": "application/json", **(headers or {})}
        sent = {name: value for name, value in given.items() if value is not None}
        connection.request(method, f"{prefix}{path}", body=body, headers=sent)
        return _reply(connection.getresponse())
    finally:
        connection.close()


def ask_raw(address: Address, sent: bytes, *, hangs: bool = False) -> Reply | None:
    """Send bytes as they are and return the reply, or ``None`` where the server hangs up.

    Args:
        address: Of the server.
        sent: The whole request.
        hangs: Hang up first, where a server may wait for more.
    """
    with socket.create_connection(address, timeout=SECONDS_MAX) as connection:
        connection.sendall(sent)
        if hangs:
            connection.shutdown(socket.SHUT_WR)
        response = http.client.HTTPResponse(connection)
        try:
            response.begin()
            return _reply(response)
        except (http.client.HTTPException, ConnectionError):
            return None
        finally:
            response.close()


def _reply(response: http.client.HTTPResponse) -> Reply:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Reply(response.status, headers, response.read())
