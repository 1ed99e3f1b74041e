"""What the tests of audit trails share: decisions, recorders and trails of every kind."""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field

from criterion.audit import AuditRecorder, Delivery, Entry, JsonLinesTrail, Trail, verify
from criterion.audit.batch import Batch, Stood
from criterion.audit.trail import MemoryTrail
from criterion.clock import FixedClock
from criterion.decision import Decision
from criterion.engine import Engine
from criterion.errors import AuditError
from criterion.recorder import Recorder
from criterion.redaction import Redact
from criterion.rule import Rule
from criterion.schema import NoProfile, Schema
from tests.parcels import HEAVY_PARCEL, NOON, TARIFF, parcel_surcharge

KEY: Final = b"a key of the tests, 32 bytes long"
CLOCK: Final = FixedClock(NOON)
QUICK: Final = Delivery(flush_s=0.001, patience_s=60, close_s=60)
COUNTING: Final = Delivery(on_failure="count", flush_s=0.001, patience_s=60, close_s=60)
BRIEF: Final = Delivery(flush_s=0.001, close_s=0.1)
"""For trails that stay broken."""


class Card(Schema):
    """A card with marked fields of every mode, at every depth."""

    number: Annotated[str, Redact("mask")]
    holder: Annotated[str, Redact("drop")]
    email: Annotated[str, Redact("hash")]
    limits: Annotated[dict[str, Annotated[int, Redact("mask")]], Field(default_factory=dict)]
    shop: str = "corner"


class Accepted(Schema):
    """Whether the card is taken."""

    allowed: bool
    taken_by: Annotated[str, Redact("hash")] = "nobody"


card_check: Final = Decision(
    id="card-check",
    version="1.0.0",
    input=Card,
    profile=NoProfile,
    output=Accepted,
    rules=(
        Rule(
            id="known",
            when=lambda card, _: card.number.startswith("4"),
            emit=lambda card, _: Accepted(allowed=True, taken_by=card.number),
            explain=lambda card, _: f"{card.number} of {card.holder} is known in {card.shop}",
        ),
        Rule(id="unknown", when="otherwise", emit=lambda _, __: Accepted(allowed=False)),
    ),
)


def recorded(
    trail: Trail, count: int, *, delivery: Delivery = QUICK, metadata: dict[str, Any] | None = None
) -> None:
    """Record a number of evaluations as one chain."""
    with AuditRecorder(trail, key=KEY, delivery=delivery, clock=CLOCK) as recorder:
        bound = engine(recorder).bind(parcel_surcharge, TARIFF)
        for number in range(count):
            bound(HEAVY_PARCEL, metadata={"number": number} if metadata is None else metadata)


def engine(recorder: Recorder) -> Engine:
    """Return an engine that records, for which it is always noon."""
    return Engine(recorder=recorder, clock=CLOCK)


def entries_of(trail: Trail) -> list[Entry]:
    """Return the entries that stand in a trail."""
    return [each.entry for each in trail.stood() if each.entry is not None]


def is_intact(trail: Trail) -> bool:
    """Whether a trail verifies, definitions included."""
    return verify(trail.stood(), (), trail.definitions().values()).is_intact


def standing(entries: Iterable[Entry]) -> list[Stood]:
    """Return entries as they stand in a trail."""
    return [Stood(f"line {number}", entry) for number, entry in enumerate(entries, 1)]


def lines_of(folder: Path) -> list[str]:
    """Return the lines of all files of a trail."""
    return [
        line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text().splitlines()
    ]


class BrokenTrail(MemoryTrail):
    """A trail that can be broken and mended."""

    def __init__(self, *, is_broken: bool = True, error: Exception | None = None) -> None:
        super().__init__()
        self.is_broken = is_broken
        self.error = error or AuditError("the disk is full")

    def append(self, batch: Batch) -> None:
        if self.is_broken:
            raise self.error
        super().append(batch)


def until(holds: Callable[[], bool], timeout_s: float = 60.0) -> None:
    """Wait for what another thread does."""
    ends_at_s = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < ends_at_s, "it never came"
        time.sleep(0.001)


def json_lines(folder: Path, entries: Sequence[Entry]) -> JsonLinesTrail:
    """Return a trail of one file that holds these entries."""
    folder.mkdir(exist_ok=True)
    text = "".join(f"{entry.line()}\n" for entry in entries)
    (folder / "export.jsonl").write_text(text)
    return JsonLinesTrail(folder)
