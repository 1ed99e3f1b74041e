"""The recorder of audit trails: one record for every evaluation, written in the background."""

import os
from types import TracebackType
from typing import Self
from weakref import WeakMethod, finalize

from criterion.audit.background import Background
from criterion.audit.delivery import Delivery
from criterion.audit.entry import Chain, Checkpoint
from criterion.audit.keyed import Keyed
from criterion.audit.payload import Payloads
from criterion.audit.trail import Trail
from criterion.clock import Clock, SystemClock, new_id
from criterion.recorder import Record


class AuditRecorder:
    """Records evaluations in a trail, as a chain of its own.

    One serves every thread. After a fork, the child goes on with a chain of its own; what waited
    in the parent is written by the parent. At the end of the program it closes itself.

    Args:
        trail: Where the records go.
        key: For keyed hashes of inputs and of fields marked ``hash``: at least 16 secret bytes.
            Without it, inputs have no hash, and such fields are masked.
        delivery: What holds where records cannot be written, and how long they may wait.
        clock: Names the chain, and dates records that are about the trail itself.

    Raises:
        ValueError: The key is too short.
    """

    def __init__(
        self,
        trail: Trail,
        *,
        key: bytes | None = None,
        delivery: Delivery | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Begin a chain; nothing is opened before the first record."""
        self._trail = trail
        self._keyed = Keyed(key)
        self._delivery = delivery or Delivery()
        self._clock = clock or SystemClock()
        self._inherited: list[Background] = []
        self._begin()
        again = WeakMethod(self._begin_again)
        os.register_at_fork(after_in_child=lambda: (begin := again()) and begin())

    def _begin(self) -> None:
        chain = Chain(new_id(self._clock.now()))
        self._payloads = Payloads(self._keyed)
        self._background = Background(
            chain, self._trail.sink(chain.writer), self._payloads, self._delivery, self._clock
        )
        self._ending = finalize(self, self._background.close_quietly)

    def _begin_again(self) -> None:
        """Leave to the parent of a fork what it has begun, its open connection included."""
        self._inherited.append(self._background)  # so that nothing here closes it
        self._ending.detach()
        self._begin()

    @property
    def lost(self) -> int:
        """How many evaluations have no record and will never have one."""
        return self._background.lost

    @property
    def waiting(self) -> int:
        """How many evaluations wait for their record to be written."""
        return self._background.waiting

    @property
    def checkpoint(self) -> Checkpoint | None:
        """How far the chain is written, to be kept elsewhere; ``None`` before the first record."""
        return self._background.reached

    def record(self, record: Record) -> None:
        """Keep one evaluation.

        Raises:
            AuditError: The record cannot be kept, and such a decision was declared to fail.
        """
        self._background.put(self._payloads.evaluated(record))

    def flush(self) -> None:
        """Wait until everything recorded so far is written.

        Raises:
            AuditError: It cannot be written now; it still waits.
        """
        self._background.flush()

    def close(self) -> None:
        """Write what still waits, and stop; later evaluations are refused or counted.

        Raises:
            AuditError: Records were lost, and decisions were declared to fail then.
        """
        self._background.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
