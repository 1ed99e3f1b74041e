"""The log: one line of JSON per request, and per thing that happens to the server."""

import logging
from asyncio import get_running_loop
from contextlib import suppress
from contextvars import Context, ContextVar
from datetime import UTC, datetime
from typing import Final, NamedTuple, TextIO

from criterion.json_text import encoder, plain
from criterion.text import one_line

LOGGER: Final = logging.getLogger("criterion.server")

MESSAGE_LENGTH_MAX: Final = 2_000
"""How much of a message is logged, in characters."""

HELD_S_MAX: Final = 0.5
"""How long a line about a request may wait for others before it is written."""

HELD_MAX: Final = 500
"""How many lines may wait."""


class Exchange(NamedTuple):
    """What the log says of a request beside what the service says.

    Attributes:
        client: The address of who asks.
        path: The whole of it.
        began: When, in seconds of the event loop's clock.
    """

    client: str
    path: str
    began: float


EXCHANGE: Final[ContextVar[Exchange | None]] = ContextVar("exchange", default=None)
"""The request that is being answered."""


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; of an exception only its kind."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: time, level, logger, message, and what the record carries apart."""
        members: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": one_line(record.getMessage(), MESSAGE_LENGTH_MAX),
        }
        if record.exc_info and record.exc_info[0]:
            members["raised"] = record.exc_info[0].__name__
        carried = getattr(record, "criterion", None)
        if isinstance(carried, dict):
            members |= {name: plain(value, str) for name, value in carried.items()}
        return _write(members | _exchanged())


class HoldingHandler(logging.StreamHandler[TextIO]):
    """Writes lines about requests several at once, and anything that went wrong immediately.

    A line waits only where an event loop runs that writes it in time.
    """

    def __init__(self, stream: TextIO) -> None:
        """Hold nothing yet."""
        super().__init__(stream)
        self._held: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Hold a line, or write all that are held and this."""
        try:
            self._held.append(self.format(record) + self.terminator)
            is_urgent = record.levelno > logging.INFO or len(self._held) >= HELD_MAX
            if is_urgent or not self._is_written_later():
                self.flush()
        except Exception:  # noqa: BLE001 -- as logging has it
            self.handleError(record)

    def flush(self) -> None:
        """Write what is held."""
        self.acquire()
        try:
            lines, self._held = self._held, []
            self.stream.write("".join(lines))
            super().flush()
        finally:
            self.release()

    def _is_written_later(self) -> bool:
        """Whether an event loop runs that writes what is held; the first line asks it to."""
        if len(self._held) == 1:
            try:
                get_running_loop().call_later(HELD_S_MAX, self._write_held, context=Context())
            except RuntimeError:
                return False
        return True

    def _write_held(self) -> None:
        with suppress(OSError, ValueError):  # nobody reads, and there is no place to say so
            self.flush()


def log_to(stream: TextIO) -> None:
    """Let the whole process log there; of other libraries, what went wrong."""
    handler = HoldingHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("criterion").setLevel(logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)  # a stranger makes it warn at will


def write_held() -> None:
    """Write what is held, before a signal ends the process."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, HoldingHandler):
            handler.flush()


def _exchanged() -> dict[str, object]:
    exchange = EXCHANGE.get()
    if exchange is None:
        return {}
    seconds = get_running_loop().time() - exchange.began
    return {
        "client": exchange.client,
        "path": one_line(exchange.path, MESSAGE_LENGTH_MAX),
        "duration_ms": round(seconds * 1_000, 3),
    }


_write: Final = encoder(str)
"""Python's own writer, which takes floats as they are."""
