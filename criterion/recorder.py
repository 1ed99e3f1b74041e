"""Recorders: where evaluations are kept, one record each."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from criterion.result import Result


class Record(NamedTuple):
    """One evaluation as it is recorded.

    Attributes:
        result: What was decided, with its explanation.
        metadata: What the caller gave to `Engine.run`; empty if nothing.
    """

    result: Result[Any]
    metadata: Mapping[str, object]


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
