"""Logging: one line per request under ``criterion.http``, with its data apart; facts never."""

import logging
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from criterion.http.message import Request
from criterion.result import Result
from criterion.text import one_line

LOGGER: Final = logging.getLogger("criterion.http")
LOGGER.addHandler(logging.NullHandler())  # a library is silent unless the host listens

PATH_LENGTH_MAX: Final = 200


def log_answer(
    request: Request, request_id: str, status: int, members: Callable[[], Mapping[str, object]]
) -> None:
    """Log how a request was answered: below 500 as information, a denial among it.

    A handler or filter that raises changes no answer.
    """
    level = logging.ERROR if status >= 500 else logging.INFO  # noqa: PLR2004 -- HTTP's own border
    if LOGGER.isEnabledFor(level):
        method, path = one_line(request.method, 20), one_line(request.path, PATH_LENGTH_MAX)
        data = {"request_id": request_id, "method": method, "path": path, "http_status": status}
        _log(level, f"{method} {path or '/'} {status}", {**data, **members()})


def result_members(result: Result[Any]) -> Mapping[str, object]:
    """Return what the log says of a result."""
    return {
        "decision": result.decision_id,
        "version": result.decision_version,
        "profile": result.profile_id,
        "status": result.status.value,
        "matched_rule": result.matched_rule,
    }


def log_failure(what: str, request_id: str, error: Exception) -> None:
    """Log that something of the operator's or of ours raised: its kind and where, not its text."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    data = {"request_id": request_id, "raised": type(error).__name__, "at": place}
    _log(logging.ERROR, f"{what} failed: {type(error).__name__}", data)


def log_degraded(request: Request, request_id: str, members: Mapping[str, object]) -> None:
    """Log as a warning that a request passes by the policy's choice alone."""
    method, path = one_line(request.method, 20), one_line(request.path, PATH_LENGTH_MAX)
    data = {"request_id": request_id, "method": method, "path": path, **members}
    _log(logging.WARNING, f"{method} {path or '/'} passes uncounted: the store is down", data)


def _log(level: int, message: str, data: Mapping[str, object]) -> None:
    with suppress(Exception):  # where the log itself fails, there is no place to say so
        LOGGER.log(level, "%s", message, extra={"criterion": dict(data)})
