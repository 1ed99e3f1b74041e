"""Background writing: a bounded queue, one thread that writes batches, and an exact count."""

import logging
from collections.abc import Mapping
from threading import Condition, Lock, Thread
from time import monotonic
from typing import Final

from criterion.audit.batch import Batch
from criterion.audit.delivery import Delivery
from criterion.audit.entry import Chain, Checkpoint
from criterion.audit.payload import Evaluated, Payloads, note
from criterion.audit.terms import Terms
from criterion.audit.trail import Sink
from criterion.audit.waiting import Waiting
from criterion.clock import Clock, new_id
from criterion.errors import AuditError
from criterion.json_text import instant
from criterion.text import one_line

RETRY_FIRST_S: Final = 0.02
"""How long the first pause after a failed attempt is; each after it is twice as long."""

RETRY_MAX_S: Final = 1.0
"""How long a pause may become."""

STUCK_S: Final = 1.0
"""How much longer than its time closing waits for a write that does not come back."""

BATCH_BYTES_MAX: Final = 4 * 1024 * 1024
"""How much memory evaluations may hold that are written at once, unless one alone holds more."""

LOGGER: Final = "criterion.audit"


class Background:
    """Takes evaluations from any thread and writes them as one chain.

    Args:
        chain: The chain that it continues.
        sink: What writes it.
        payloads: Makes records of evaluations.
        delivery: What the operator declared.
        clock: Dates the records that are about the trail itself.
    """

    def __init__(
        self, chain: Chain, sink: Sink, payloads: Payloads, delivery: Delivery, clock: Clock
    ) -> None:
        """Start nothing yet: the thread begins with the first evaluation."""
        self._chain, self._sink, self._payloads = chain, sink, payloads
        self._delivery, self._clock = delivery, clock
        self._lock = (
            Lock()
        )  # taken by itself where nobody waits: a condition's costs four times more
        self._changed = Condition(self._lock)
        self._thread: Thread | None = None
        self._waiting = Waiting()
        # INVARIANT: what was accepted is done, or waits, or is in the one batch being written.
        self._accepted = self._done = 0
        self._held = 0  # bytes of all that wait, or are being written
        self._lost = self._noted = 0
        self._trouble: str | None = None
        self._is_idle = self._is_gathering = self._is_closing = self._is_flushing = False
        self._ends_at_s = float("inf")
        self._reached: Checkpoint | None = None

    @property
    def lost(self) -> int:
        """How many evaluations have no record and will never have one."""
        return self._lost

    @property
    def waiting(self) -> int:
        """How many evaluations wait for their record to be written."""
        return self._accepted - self._done

    @property
    def reached(self) -> Checkpoint | None:
        """How far the chain is written."""
        return self._reached

    def put(self, evaluated: Evaluated) -> None:
        """Accept an evaluation.

        Raises:
            AuditError: Its record cannot be kept, and such a decision was declared to fail.
        """
        delivery = self._delivery
        with self._lock:
            if self._is_closing:
                self._refuse("the recorder is closed")
            elif self._trouble is not None and delivery.on_failure == "fail":
                self._refuse(self._trouble)
            elif self._has_room(evaluated) or self._room_came(evaluated):
                self._accept(evaluated)
            else:
                self._refuse(self._trouble or "the queue is full")

    def flush(self) -> None:
        """Wait until everything that was accepted so far is written.

        Raises:
            AuditError: It cannot be written now; it still waits.
        """
        with self._changed:
            self._is_flushing = True
            self._changed.notify_all()
            if not self._came(self._accepted, self._delivery.close_s):
                raise self._error(self._trouble or "writing takes too long")

    def close(self) -> None:
        """Write what still waits, and stop. Closing again does nothing.

        Raises:
            AuditError: Records were lost, and decisions were declared to fail then.
        """
        with self._changed:
            if self._is_closing:
                return
            self._is_closing = True
            self._ends_at_s = monotonic() + self._delivery.close_s
            self._changed.notify_all()
        if self._thread is None:
            return
        self._thread.join(self._delivery.close_s + STUCK_S)
        with self._changed:
            self._abandon()  # nothing is left, but for a write that does not come back
        if self._lost:
            self._report_loss()

    def close_quietly(self) -> None:
        """Close at the end of the program, where nobody could catch an error."""
        try:
            self.close()
        except AuditError:
            logging.getLogger(LOGGER).exception("closing the audit trail lost records")

    def _accept(self, evaluated: Evaluated) -> None:
        self._waiting.add(evaluated)
        self._accepted += 1
        self._held += evaluated.weight
        delivery = self._delivery
        if self._thread is None:
            self._thread = Thread(target=self._run, name="criterion-audit", daemon=True)
            self._thread.start()
        elif self._is_idle or (self._is_gathering and self._fills_batch()):
            self._changed.notify_all()
        if delivery.waits and not self._came(self._accepted, delivery.patience_s):
            trouble = self._trouble or "writing takes too long"
            if delivery.on_failure == "fail":
                raise self._error(f"{trouble}; it may be written later")

    def _came(self, ticket: int, timeout_s: float) -> bool:
        """Wait until the first so many are written; false where that fails or takes too long."""
        lost = self._lost
        self._changed.wait_for(
            lambda: self._done >= ticket or self._trouble is not None, timeout=timeout_s
        )
        return self._done >= ticket and self._lost == lost

    def _fills_batch(self) -> bool:
        full = self._delivery.batch_max
        return len(self._waiting) >= full or self._held >= BATCH_BYTES_MAX

    def _has_room(self, evaluated: Evaluated) -> bool:
        delivery, waiting = self._delivery, self._accepted - self._done
        if waiting >= delivery.queue_max:
            return False
        return not waiting or self._held + evaluated.weight <= delivery.queue_bytes_max

    def _room_came(self, evaluated: Evaluated) -> bool:
        """Wait for room while the trail can be written."""
        self._changed.wait_for(
            lambda: self._has_room(evaluated) or self._trouble is not None or self._is_closing,
            timeout=self._delivery.patience_s,
        )
        return self._has_room(evaluated) and not self._is_closing

    def _refuse(self, reason: str) -> None:
        if self._delivery.on_failure == "fail":
            raise self._error(reason)
        self._lost += 1

    def _error(self, reason: str) -> AuditError:
        return AuditError(f"the decision cannot be recorded: {reason}")

    def _run(self) -> None:
        """Write batches until closed; the only code that runs in the thread."""
        while batch := self._taken():
            self._deliver(batch)
        self._sink.close()

    def _taken(self) -> list[Evaluated]:
        """Wait for work, gather some, and take it; nothing once it is closed and empty."""
        delivery, waiting = self._delivery, self._waiting
        with self._changed:
            self._is_idle = True
            self._changed.wait_for(lambda: waiting or self._is_closing)
            self._is_idle = False
            if not delivery.waits:
                self._is_gathering = True
                self._changed.wait_for(
                    lambda: self._fills_batch() or self._is_closing or self._is_flushing,
                    timeout=delivery.flush_s,
                )
                self._is_gathering = False
            return waiting.take(delivery.batch_max, BATCH_BYTES_MAX)

    def _deliver(self, evaluations: list[Evaluated]) -> None:
        records = [self._record(each) for each in evaluations]
        lost = self._lost
        if lost > self._noted:
            records.append(self._note("loss", {"count": lost - self._noted}))
        entries = self._chain.link([(id, payload) for id, payload, _ in records])
        terms = [each for _, _, each in records]
        batch = Batch(entries, terms, self._payloads.new_definitions())
        pause_s = RETRY_FIRST_S
        while (trouble := self._attempt(batch)) is not None:
            if not self._may_retry(trouble, pause_s):
                return
            pause_s = min(2 * pause_s, RETRY_MAX_S)
        self._noted = lost
        last = batch.entries[-1]
        if self._trouble is not None:
            logging.getLogger(LOGGER).warning("audit records are written again")
        with self._changed:
            self._trouble = None
            self._done += len(evaluations)
            self._held -= sum(each.weight for each in evaluations)
            self._reached = Checkpoint(last.writer, last.sequence, last.hash)
            self._is_flushing = self._is_flushing and self.waiting > 0
            self._changed.notify_all()

    def _attempt(self, batch: Batch) -> str | None:
        """Write a batch, and return why it could not be written."""
        try:
            self._sink.append(batch)
        except AuditError as error:
            return one_line(str(error.args[0]))
        except Exception as error:  # noqa: BLE001 -- its text might quote what was to be written
            return f"{type(error).__name__} was raised"
        return None

    def _may_retry(self, trouble: str, pause_s: float) -> bool:
        """Pause after a failed attempt; false once closing has no more time."""
        if self._trouble is None:  # which this thread alone changes; a log handler may take long
            logging.getLogger(LOGGER).error("audit records cannot be written: %s", trouble)
        with self._changed:
            self._trouble = trouble
            self._changed.notify_all()
            was_closing = self._is_closing
            self._changed.wait_for(lambda: self._is_closing and not was_closing, timeout=pause_s)
            if monotonic() < self._ends_at_s:
                return True
            self._abandon()
            return False

    def _abandon(self) -> None:
        """Count everything that is not written as lost."""
        self._lost += self.waiting
        self._done = self._accepted
        self._held = 0
        self._waiting.clear()
        self._changed.notify_all()

    def _record(self, evaluated: Evaluated) -> "_Record":
        payloads, id = self._payloads, str(evaluated.result.audit_id)
        try:
            return id, *payloads.payload(evaluated)
        except Exception as error:  # noqa: BLE001 -- whatever objects of the author's may raise
            result = evaluated.result
            members = {"decision": result.decision_id, "status": result.status.value,
                       "error": type(error).__name__}  # fmt: skip
            return _noted(id, "unreadable", instant(result.evaluated_at), members)

    def _note(self, kind: str, members: dict[str, object]) -> "_Record":
        now = self._clock.now()
        return _noted(new_id(now), kind, instant(now), members)

    def _report_loss(self) -> None:
        message = f"{self._lost} audit records were lost"
        if self._delivery.on_failure == "fail":
            reason = f": {self._trouble}" if self._trouble else ""
            raise AuditError(f"{message}{reason}")
        logging.getLogger(LOGGER).error(message)


_Record = tuple[str, str, Terms]
"""Id, payload, and what it is found by."""


def _noted(id: str, kind: str, at: str, members: Mapping[str, object]) -> "_Record":
    return id, note(id, kind, at, members), Terms(None, None, kind, {})
