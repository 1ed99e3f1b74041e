"""Tests that slow clients hold up nobody, with the settings of the server on our pages."""

import socket
from contextlib import ExitStack
from typing import Final

import pytest

from tests.flask.test_examples import DOCS, started
from tests.http.exchanges import ask
from tests.soak import sized

TIMES: Final = sized(10, 1)
HEADER: Final = b"POST /api/limits/usage-limit HTTP/1.1\r\nHost: a\r\n"
BODY: Final = HEADER + b'Content-Length: 100\r\n\r\n{"resource": '
SLOW: Final = {HEADER: 20, BODY: 10, b"": 30}
"""What clients send before they stop, and how many of them there are."""


@pytest.mark.soak
def test_others_are_answered_while_slow_clients_wait(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("slow")
    with (
        started("ask-decisions-in-flask.md", DOCS / "examples", folder) as address,
        ExitStack() as clients,
    ):
        for sent, count in SLOW.items():
            for _ in range(count * TIMES):
                clients.enter_context(socket.create_connection(address)).sendall(sent)

        reply = ask(address, "GET", "/api/limits", prefix="")

    assert reply.status == 200
