"""Delivery: what an operator declares about how records reach their trail."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How records reach their trail, and what happens where they cannot.

    Attributes:
        on_failure: ``"fail"`` fails the decision with an `AuditError` where its record cannot be
            kept; ``"count"`` lets it pass, counts the record as lost, logs, and writes the number
            into the trail as soon as it can be written again.
        waits: Whether a decision returns only when its record is written. Without, records are
            written in the background, and a crash loses those that still wait.
        queue_max: How many records may wait to be written; also how many a crash may lose.
        queue_bytes_max: How much memory their facts, data and metadata may hold meanwhile, in
            bytes. A record that is larger alone waits alone.
        batch_max: How many records are written at once.
        flush_s: How long records are gathered before they are written, in seconds.
        patience_s: How long a decision waits for room, or for its record where ``waits`` is set,
            before that counts as a failure, in seconds.
        close_s: How long closing tries to write what still waits, in seconds.

    Raises:
        ValueError: A number is not positive, or a batch would not fit into the queue.
    """

    on_failure: Literal["fail", "count"] = "fail"
    waits: bool = False
    queue_max: int = 10_000
    queue_bytes_max: int = 64 * 1024 * 1024
    batch_max: int = 2_000
    flush_s: float = 0.05
    patience_s: float = 5.0
    close_s: float = 10.0

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if self.on_failure not in {"fail", "count"}:
            message = f"`on_failure` is `fail` or `count`, not `{self.on_failure}`"
            raise ValueError(message)
        for name in ("queue_bytes_max", "batch_max", "flush_s", "patience_s", "close_s"):
            if getattr(self, name) <= 0:
                message = f"`{name}` must be greater than 0"
                raise ValueError(message)
        if self.queue_max < self.batch_max:
            message = "`queue_max` must be at least `batch_max`"
            raise ValueError(message)
