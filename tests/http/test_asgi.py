"""Tests of the bare ASGI callable: lifespans, mounts, clients that go, bodies that go on."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any, Final

import pytest

from criterion.http import asgi_app
from tests.http.subjects import BODY_BYTES_MAX, Keeper, service

Message = dict[str, Any]
SCOPE: Final[Message] = {
    "type": "http",
    "method": "POST",
    "path": "/seat-limit",
    "headers": [(b"content-type", b"application/json")],
}


class Client:
    """What a server does: hands messages in, takes messages out."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self.messages = iter(messages)
        self.taken = 0
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        self.taken += 1
        return next(self.messages)

    async def send(self, message: Any) -> None:  # noqa: ANN401
        self.sent.append(message)

    def run(self, scope: Message, recorder: Keeper | None = None) -> list[Message]:
        app = asgi_app(service(recorder=recorder))
        asyncio.run(app(scope, self.receive, self.send))  # type: ignore[arg-type] # a coroutine
        return self.sent


def body(part: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": part, "more_body": more}


def test_a_lifespan_is_answered() -> None:
    client = Client([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    sent = client.run({"type": "lifespan"})

    assert sent == [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]


def test_another_kind_of_connection_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="asked over http, not telegraph"):
        Client([]).run({"type": "telegraph"})


def test_who_asks_for_a_websocket_is_turned_away() -> None:
    assert Client([]).run({"type": "websocket"}) == [{"type": "websocket.close"}]


def test_a_body_may_come_in_parts() -> None:
    client = Client([body(b'{"sea', more=True), body(b"", more=True), body(b'ts": 1}')])

    sent = client.run(SCOPE)

    assert sent[0]["status"] == 200


def test_a_body_that_goes_on_is_not_read_to_its_end() -> None:
    client = Client(body(b" " * 1_000, more=True) for _ in range(1_000_000))

    sent = client.run(SCOPE)

    assert sent[0]["status"] == 413
    assert client.taken == BODY_BYTES_MAX // 1_000 + 1


def test_nothing_is_decided_for_a_client_that_has_gone() -> None:
    keeper = Keeper()
    client = Client([body(b'{"seats"', more=True), {"type": "http.disconnect"}])

    sent = client.run(SCOPE, keeper)

    assert sent == []
    assert keeper.records == []


@pytest.mark.parametrize(
    ("path", "root_path"),
    [
        ("/api/seat-limit", "/api"),
        ("/seat-limit", ""),
        ("/seat-limit", "/api"),  # an older server, which takes the prefix off
        ("/seat-limit/seat-limit", "/seat-limit"),
    ],
)
def test_the_path_below_a_mount_counts(path: str, root_path: str) -> None:
    scope = {**SCOPE, "method": "GET", "path": path, "root_path": root_path}

    sent = Client([body(b"")]).run(scope)

    assert json.loads(sent[1]["body"])["links"] == {"self": f"{root_path}/seat-limit"}


def test_a_mount_is_not_a_mere_beginning() -> None:
    sent = Client([body(b"")]).run(
        {**SCOPE, "method": "GET", "path": "/seat-limit", "root_path": "/seat"}
    )

    assert sent[0]["status"] == 200


def test_a_body_that_is_announced_as_too_long_is_not_read() -> None:
    length = (b"content-length", str(BODY_BYTES_MAX + 1).encode())
    client = Client([])

    start, _ = client.run({**SCOPE, "headers": [*SCOPE["headers"], length]})

    assert start["status"] == 413
    assert client.taken == 0
