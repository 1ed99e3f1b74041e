"""Tests of the bounds: requests that do not arrive, too many connections, what is no HTTP."""

import http.client
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import pytest

from criterion.server.problems import HEADER_BYTES_MAX, PIPELINED_MAX
from criterion.server.protocol import BoundedProtocol
from criterion.server.running import SETTINGS
from tests.http import subjects
from tests.http.exchanges import Reply, ask, ask_raw
from tests.http.servers import PREFIX, Address, site, under_uvicorn
from tests.soak import sized

HEAD: Final = f"POST {PREFIX}/seat-limit HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
SLOW: Final = {
    "a head": HEAD,
    "a body": f"{HEAD}Content-Length: 100\r\n\r\n{{",
    "chunks": f"{HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n",
    "a second head": (f'{HEAD}Content-Length: 12\r\n\r\n{{"seats": 1}}{HEAD}'),
}


class Impatient(BoundedProtocol):
    request_s_max = 0.2
    connections_max = 3


class Narrow(BoundedProtocol):
    request_bytes_max = 1_000


@contextmanager
def server(protocol: type[BoundedProtocol]) -> Iterator[Address]:
    settings = {**SETTINGS, "http": protocol, "timeout_keep_alive": 0.2}
    with under_uvicorn(site(subjects.service()), **settings) as address:
        yield address


@pytest.fixture(scope="module")
def impatient() -> Iterator[Address]:
    with server(Impatient) as address:
        yield address


@pytest.mark.parametrize("sent", ["a head", "a body", "chunks"])
def test_a_request_that_does_not_arrive_is_refused(sent: str, impatient: Address) -> None:
    reply = ask_raw(impatient, SLOW[sent].encode())

    check(reply, 408, "request_timeout")
    assert ask(impatient, "POST", "/seat-limit", b'{"seats": 1}').status == 200


def test_a_connection_that_says_nothing_is_closed(impatient: Address) -> None:
    with socket.create_connection(impatient, timeout=10) as connection:
        assert connection.recv(100) == b""


def test_a_second_request_that_does_not_arrive_is_closed(impatient: Address) -> None:
    with socket.create_connection(impatient, timeout=10) as connection:
        connection.sendall(SLOW["a second head"].encode())
        received = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert received.count(b"HTTP/1.1 200 OK") == 1


def test_the_time_of_a_later_request_runs_from_its_first_byte(impatient: Address) -> None:
    connection = http.client.HTTPConnection(*impatient, timeout=10)
    connection.request("GET", PREFIX)
    first = connection.getresponse()
    first.read()
    connection.sock.sendall(HEAD.encode())
    second = http.client.HTTPResponse(connection.sock)
    second.begin()
    second.close()
    connection.close()

    assert (first.status, second.status) == (200, 408)


def test_connections_beyond_the_bound_are_refused(impatient: Address) -> None:
    with ExitStack() as stack:
        for _ in range(Impatient.connections_max):
            stack.enter_context(socket.create_connection(impatient, timeout=10))
        reply = ask_raw(impatient, b"")

    check(reply, 503, "too_many_connections")
    assert reply is not None
    assert reply.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    "sent",
    [
        "hello\r\n\r\n",
        "GET / HTTP/9\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        f"{HEAD}Transfer-Encoding: gzip\r\n\r\n",
        f"{HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        f"{HEAD}Content-Length: -1\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_with_a_problem(sent: str, impatient: Address) -> None:
    reply = ask_raw(impatient, sent.encode())

    check(reply, 400, "malformed_request")
    assert reply is not None
    assert reply.headers["connection"] == "close"


def posted(*lines: str, body: str = '{"seats": 1}') -> bytes:
    head = HEAD + "".join(f"{line}\r\n" for line in lines)
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def answered(address: Address, sent: bytes) -> list[str]:
    """Return the first lines of all answers, until the server hangs up."""
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(sent)
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    return re.findall("HTTP/1.1 [0-9]+", received.decode())


@pytest.mark.parametrize("protocol", ["h2c", "websocket"])
def test_who_asks_for_another_protocol_is_answered_in_this(
    protocol: str, impatient: Address
) -> None:
    asking = posted(f"Upgrade: {protocol}", "Connection: Upgrade")

    assert answered(impatient, asking + asking) == ["HTTP/1.1 200"] * 2


def test_who_asks_for_another_protocol_for_once_is_answered(impatient: Address) -> None:
    asking = posted("Upgrade: websocket", "Connection: Upgrade, close")

    assert answered(impatient, asking) == ["HTTP/1.1 200"]


@pytest.mark.parametrize("hosts", ["", "Host: a\r\nHost: b\r\n"], ids=["none", "two"])
def test_a_request_says_once_to_which_host_it_goes(hosts: str, impatient: Address) -> None:
    reply = ask_raw(impatient, f"GET / HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n".encode())

    check(reply, 400, "malformed_request")


def test_what_stands_behind_a_body_is_no_header(impatient: Address) -> None:
    body = 'c\r\n{"seats": 1}\r\n0\r\nX-Request-Id: a-1\r\n\r\n'
    sent = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n{body}"

    reply = ask_raw(impatient, sent.encode())

    assert reply is not None
    assert reply.status == 200
    assert reply.headers["x-request-id"] != "a-1"


def test_what_came_before_garbage_is_answered(impatient: Address) -> None:
    assert answered(impatient, posted() + b"garbage\r\n\r\n") == ["HTTP/1.1 200"]


def test_no_more_requests_wait_than_may(impatient: Address) -> None:
    replies = answered(impatient, posted() * (PIPELINED_MAX + 10))

    assert replies == ["HTTP/1.1 200"] * (PIPELINED_MAX + 1)


def test_a_request_is_bounded_in_its_chunks() -> None:
    sent = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n1;{'x' * Narrow.request_bytes_max}"

    with server(Narrow) as address:
        check(ask_raw(address, sent.encode()), 413, "request_too_large")


@pytest.mark.parametrize("end", ["", "\r\n\r\n"])
def test_headers_are_bounded(end: str, impatient: Address) -> None:
    sent = f"{HEAD}X: {'x' * HEADER_BYTES_MAX}{end}"

    check(ask_raw(impatient, sent.encode()), 431, "headers_too_large")


@pytest.mark.soak
def test_slow_and_idle_connections_do_not_stop_answers() -> None:
    counts = {"a head": sized(200, 20), "a body": sized(100, 10), "": sized(300, 30)}

    with server(BoundedProtocol) as address, ExitStack() as stack:
        for kind, count in counts.items():
            for _ in range(count):
                connection = stack.enter_context(socket.create_connection(address, timeout=10))
                connection.sendall(SLOW.get(kind, "").encode())
        statuses = {ask(address, "POST", "/seat-limit", b'{"seats": 1}').status for _ in range(9)}

    assert statuses == {200}


def check(reply: Reply | None, status: int, code: str) -> None:
    assert reply is not None
    assert reply.status == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.members["code"] == code
    assert reply.members["request_id"] == reply.headers["x-request-id"]
