"""The protocol: HTTP/1.1 as uvicorn reads it, with bounds, and its own refusals as problems."""

import asyncio
import sys
from contextvars import Context
from typing import Final

from httptools import HttpRequestParser
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from criterion.clock import new_id
from criterion.http import Problem, Request
from criterion.http.log import log_answer
from criterion.server.json_log import EXCHANGE, Exchange
from criterion.server.problems import (
    CONNECTIONS_MAX,
    HEADER_BYTES_MAX,
    PIPELINED_MAX,
    REQUEST_BYTES_MAX,
    REQUEST_S_MAX,
    server_problem,
)

_VERSIONS: Final = frozenset({"1.0", "1.1"})


class BoundedProtocol(HttpToolsProtocol):
    """Ends connections whose request does not arrive in time, or that are too many.

    A connection that has sent nothing is closed in silence; anything else that is refused here is
    answered with a problem, as everywhere.
    """

    request_s_max: float = REQUEST_S_MAX
    request_bytes_max: int = REQUEST_BYTES_MAX
    connections_max: int = CONNECTIONS_MAX
    _deadline: asyncio.TimerHandle | None = None
    _fed = b""
    _arriving_bytes = 0
    _is_arriving = False
    _is_in_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Wait for the first request, unless there are too many connections."""
        super().connection_made(transport)
        if len(self.connections) > self.connections_max:
            self._refuse(server_problem("too_many_connections"))
        else:
            self._expect()

    def data_received(self, data: bytes) -> None:
        """Read a part of a request; one that is not whole yet has its time to become so."""
        if self.transport.is_closing():
            return
        self._arriving_bytes += len(data)
        self._feed(data)
        if self._is_in_head and self._arriving_bytes > HEADER_BYTES_MAX:
            self._refuse(server_problem("headers_too_large"))
        elif self._arriving_bytes > self.request_bytes_max:
            self._refuse(server_problem("request_too_large"))
        elif not self._is_arriving and self._is_unanswered():
            self._relax()
        elif self._deadline is None:
            self._expect()

    def _feed(self, data: bytes) -> None:
        self._fed = data
        super().data_received(data)

    def _unsupported_upgrade_warning(self) -> None:
        """Read a request that asks for another protocol as one that does not.

        Called where the parser's exception is handled, which says how far it came: to the end of
        the head, since it takes the body to be in the other protocol. Many clients ask for HTTP/2
        whatever they send. Another parser reads it, since one that said `Connection: close` reads
        no more.
        """
        rest = self._fed[getattr(sys.exception(), "args", (0,))[0] :]
        lines = (b"%s: %s\r\n" % line for line in self.headers if line[0] != b"upgrade")
        version = self.parser.get_http_version().encode()
        first = b"%s %s HTTP/%s\r\n" % (self.parser.get_method(), self.url, version)
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        self._feed(first + b"".join(lines) + b"\r\n" + rest)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._relax()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin with a head, where not too many whole requests wait already."""
        self._is_arriving = self._is_in_head = True
        if len(self.pipeline) >= PIPELINED_MAX:
            message = "too many requests wait"
            raise ValueError(message)  # the parser says so to `data_received`
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, and leave what stands behind a body where it is."""
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer what is HTTP/1."""
        if self.parser.get_http_version() not in _VERSIONS:
            message = "another version of HTTP"
            raise ValueError(message)
        if [name for name, _ in self.headers].count(b"host") != 1 and not self._is_old():
            message = "HTTP/1.1 asks for one Host"
            raise ValueError(message)
        if self.parser.should_upgrade():
            if self.parser.get_method() == b"CONNECT":
                message = "a server is no proxy"
                raise ValueError(message)
            return  # it is read once more
        super().on_headers_complete()
        self._is_in_head = False

    def on_message_complete(self) -> None:
        """Begin to count anew: what follows is another request."""
        if self._is_in_head:  # it is read once more
            return
        self._is_arriving, self._arriving_bytes = False, 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 -- uvicorn's words
        """Refuse what is not HTTP."""
        self._refuse(server_problem("malformed_request"))

    def _is_old(self) -> bool:
        is_old: bool = self.parser.get_http_version() == "1.0"
        return is_old

    def _is_unanswered(self) -> bool:
        if self.cycle is None:  # until the first request
            return False
        return not self.cycle.response_complete

    def _expect(self) -> None:
        # Without a request's context: what is logged then is not about that request.
        self._deadline = self.loop.call_later(self.request_s_max, self._give_up, context=Context())

    def _relax(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self.transport.is_closing():
            return
        if self._is_arriving:
            self._refuse(server_problem("request_timeout"))
        else:
            self.transport.close()

    def _refuse(self, found: Problem) -> None:
        """Answer with a problem, where an answer can still be sent, and hang up."""
        is_begun = self._is_arriving and not self._is_in_head  # the cycle is that of this request
        if self._is_unanswered() and not is_begun:
            self.cycle.keep_alive = False  # what came before is answered first, and is the last
            return
        if not is_begun or self._silence():
            self._answer(found)
        self.transport.close()

    def _silence(self) -> bool:
        """Take the answer to the arriving request from the application, if it has said nothing."""
        if self.cycle.response_started or self.pipeline:
            return False
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        return True

    def _answer(self, found: Problem) -> None:
        request_id = new_id()
        status, headers, body = found.answer(request_id)
        self._log(found, request_id)
        lines = (f"{name}: {value}\r\n" for name, value in (*headers, ("Connection", "close")))
        self.transport.write(STATUS_LINE[status] + "".join(lines).encode() + b"\r\n" + body)

    def _log(self, found: Problem, request_id: str) -> None:
        client = self.client[0] if self.client else ""
        context = Context()
        context.run(EXCHANGE.set, Exchange(client, "", self.loop.time()))
        about = Request("", "")
        context.run(log_answer, about, request_id, found.kind.status, lambda: {"code": found.code})
