"""The protocol: HTTP/1.1 as uvicorn reads it, with bounds, and its own refusals as problems."""

import asyncio
import sys
from contextvars import Context
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from criterion.clock import new_id
from criterion.http import Problem, Request
from criterion.http.log import log_answer
from criterion.server.json_log import EXCHANGE, Exchange
from criterion.server.problems import CONNECTIONS_MAX, REQUEST_S_MAX, server_problem

_ANSWERABLE: Final = (h11.IDLE, h11.SEND_RESPONSE)
_TOO_LARGE: Final = 431


class BoundedProtocol(H11Protocol):
    """Ends connections whose request does not arrive in time, or that are too many.

    A connection that has sent nothing is closed in silence; anything else that is refused here is
    answered with a problem, as everywhere.
    """

    request_s_max: float = REQUEST_S_MAX
    connections_max: int = CONNECTIONS_MAX
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Wait for the first request, unless there are too many connections."""
        super().connection_made(transport)
        if len(self.connections) > self.connections_max:
            self._refuse(server_problem("too_many_connections"))
        else:
            self._expect()

    def data_received(self, data: bytes) -> None:
        """Read a part of a request; from its first byte on, its time runs."""
        if self._deadline is None:
            self._expect()
        super().data_received(data)
        if self.conn.their_state not in {h11.IDLE, h11.SEND_BODY}:
            self._relax()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._relax()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 -- uvicorn's words
        """Refuse what is not HTTP; called where h11's error is being handled."""
        status = getattr(sys.exception(), "error_status_hint", None)
        code = "headers_too_large" if status == _TOO_LARGE else "malformed_request"
        self._refuse(server_problem(code))

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
        if self.conn.their_state is h11.SEND_BODY or self.conn.trailing_data[0]:
            self._refuse(server_problem("request_timeout"))
        else:
            self.transport.close()

    def _refuse(self, found: Problem) -> None:
        """Answer with a problem, where an answer can still be sent, and hang up."""
        if self.conn.our_state in _ANSWERABLE:
            request_id = new_id()
            status, headers, body = found.answer(request_id)
            self._log(found, request_id)
            lines: list[Any] = [*headers, ("Connection", "close")]
            for event in (
                h11.Response(status_code=status, headers=lines),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _log(self, found: Problem, request_id: str) -> None:
        client = self.client[0] if self.client else ""
        context = Context()
        context.run(EXCHANGE.set, Exchange(client, "", self.loop.time()))
        about = Request("", "")
        context.run(log_answer, about, request_id, found.kind.status, lambda: {"code": found.code})
