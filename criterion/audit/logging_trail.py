"""The logging trail: entries as messages of standard logging."""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final

from criterion.audit.batch import Batch, Stood
from criterion.audit.definitions import Definition
from criterion.audit.removal import Removal
from criterion.audit.search import AuditRecord, Search
from criterion.audit.terms import Terms
from criterion.errors import AuditError
from criterion.text import one_line

LOGGER: Final = "criterion.audit"


class LoggingTrail:
    """Logs each entry as one message of level INFO, a denial too.

    The message says in one line what was decided and why. The log record carries the payload as
    ``criterion`` and the whole entry, as it can be verified, as ``criterion_entry``. Handlers are
    the program's own; what they lose, nobody here learns.

    Args:
        logger: The logger's name.
    """

    def __init__(self, logger: str = LOGGER) -> None:
        """Configure nothing but that silence is no warning."""
        self._logger = logging.getLogger(logger)
        self._logger.addHandler(logging.NullHandler())

    def sink(self, writer: str) -> "LoggingTrail":  # noqa: ARG002 -- entries name their writer
        """Return the trail itself."""
        return self

    def append(self, batch: Batch) -> None:
        """Log every entry; definitions are not logged."""
        for entry in batch.entries:
            payload = json.loads(entry.payload or "{}")
            extra = {"criterion": payload, "criterion_entry": entry.line()}
            self._logger.info("%s", _message(payload), extra=extra)

    def close(self) -> None:
        """Do nothing: the handlers are not ours."""

    def stood(self) -> Iterator[Stood]:
        """Refuse: a log cannot be read from here.

        Raises:
            AuditError: Always.
        """
        raise _unreadable()

    def definitions(self) -> Mapping[str, Definition]:
        """Return nothing: a log has none."""
        return {}

    def get(self, id: str) -> AuditRecord | None:  # noqa: ARG002
        """Refuse, as `stood` does."""
        raise _unreadable()

    def found(self, search: Search, limit: int = 100) -> Iterator[AuditRecord]:  # noqa: ARG002
        """Refuse, as `stood` does."""
        raise _unreadable()

    def terms(self, search: Search) -> Iterator[tuple[str, Terms]]:  # noqa: ARG002
        """Refuse, as `stood` does."""
        raise _unreadable()

    def remove(self, removal: Removal) -> None:  # noqa: ARG002
        """Refuse, as `stood` does."""
        raise _unreadable()


def _unreadable() -> AuditError:
    return AuditError("a log cannot be read from here", hint="verify the lines that it kept")


def _message(payload: dict[str, Any]) -> str:
    """Return what was decided and why, or what happened to the trail."""
    if payload["kind"] != "evaluation":
        return one_line(f"audit {payload['kind']}")
    decision = payload["decision"]
    rule = f" {payload['matched_rule']}" if payload["matched_rule"] else ""
    head = f"{decision['id']} {decision['version']} {payload['status']}{rule}"
    return one_line(f"{head}: {payload['explanation']}")
