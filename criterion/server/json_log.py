"""The log: one line of JSON per request, and per thing that happens to the server."""

import logging
from asyncio import get_running_loop
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final, NamedTuple, TextIO

from criterion.json_text import Plain, json_text, plain
from criterion.text import one_line

LOGGER: Final = logging.getLogger("criterion.server")

MESSAGE_LENGTH_MAX: Final = 2_000
"""How much of a message is logged, in characters."""


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
        members: dict[str, Plain] = {
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
        return json_text(members | _exchanged())


def log_to(stream: TextIO) -> None:
    """Let the whole process log there; of other libraries, what went wrong."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("criterion").setLevel(logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)  # a stranger makes it warn at will


def _exchanged() -> dict[str, Plain]:
    exchange = EXCHANGE.get()
    if exchange is None:
        return {}
    seconds = get_running_loop().time() - exchange.began
    return {
        "client": exchange.client,
        "path": one_line(exchange.path, MESSAGE_LENGTH_MAX),
        "duration_ms": plain(round(seconds * 1_000, 3)),
    }
