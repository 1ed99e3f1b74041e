"""Recorders: where evaluations are kept, one record each."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from criterion.result import Result


class Record(NamedTuple):
    """One evaluation as it is recorded.

    Attributes:
        result: What was decided, with its explanation; its `audit_id` names the record.
        metadata: What the caller gave to `Engine.run`; empty if nothing.
        given: The facts as they were given, where they are invalid; else ``None``. They are the
            caller's own object, and nothing in them is redacted.
    """

    result: Result[Any]
    metadata: Mapping[str, object]
    given: object = None


class Recorder(Protocol):
    """Gets one record per evaluation, also for invalid input, no match and errors."""

    def record(self, record: Record) -> None:
        """Keep one evaluation.

        Raises:
            Exception: Whatever a recorder raises reaches the caller in place of the result, so
                that nobody acts on a decision that was not recorded.
        """
        ...


class MemoryRecorder:
    """Keeps records in a list; for tests and for trying things out.

    Attributes:
        records: Everything recorded so far, oldest first.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.records: list[Record] = []

    def record(self, record: Record) -> None:
        """Keep the record."""
        self.records.append(record)


class Recorders:
    """Several recorders as one: each gets every record.

    Args:
        recorders: In the order in which they get it.
    """

    def __init__(self, *recorders: Recorder) -> None:
        """Keep them in order."""
        self._recorders = recorders

    def record(self, record: Record) -> None:
        """Hand the record to every recorder, also where one before it fails.

        Raises:
            Exception: What the first of those raised that failed.
        """
        failed: Exception | None = None
        for recorder in self._recorders:
            try:
                recorder.record(record)
            except Exception as error:  # noqa: BLE001 -- whatever a recorder may raise
                failed = failed or error
        if failed is not None:
            raise failed
