"""Searching: which records of a trail are asked for, and finding them where there is no index."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from heapq import nlargest
from typing import Any, Final, NamedTuple

from criterion.audit.batch import Stood
from criterion.audit.entry import Entry
from criterion.audit.terms import DENIED, Terms, terms_of, word_of
from criterion.errors import AuditError
from criterion.result import Status
from criterion.text import code

FOUND_MAX: Final = 100_000
"""How many records one search may return."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class AuditRecord(NamedTuple):
    """A record as it is read from a trail.

    Attributes:
        entry: As it stands there.
        members: What the payload says; empty once it is erased, or where it is no payload.
    """

    entry: Entry
    members: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The record's id."""
        return self.entry.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which records are asked for; all conditions must hold.

    Attributes:
        metadata: Names and values that the caller gave.
        decision: The decision's id.
        rule: The id of the rule that matched.
        status: A status; or the kind of a record about the trail itself, such as ``erasure``.
        denied: Whether the data must say ``allowed: false``.
        since: The first instant, aware.
        until: The first instant that is too late, aware.
    """

    metadata: Mapping[str, object] = field(default_factory=dict)
    decision: str | None = None
    rule: str | None = None
    status: str | None = None
    denied: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that are asked for; empty for all of them."""
        if self.denied:
            return (DENIED,) if self.status in {None, Status.OK} else ("",)
        if self.status is None:
            return ()
        return (self.status, DENIED) if self.status == Status.OK else (self.status,)

    @property
    def words(self) -> dict[str, str]:
        """The metadata as it is searched.

        Raises:
            AuditError: A value is a list or a mapping, which is not searched.
        """
        words = {name: word_of(value) for name, value in self.metadata.items()}
        found = {name: word for name, word in words.items() if word is not None}
        for name in words.keys() - found.keys():
            raise AuditError(f"metadata {code(name)} is searched by one value, not by several")
        return found

    @property
    def ids(self) -> tuple[str, str]:
        """The first id, and the first that is too late: ids begin with the time."""
        first = "" if self.since is None else first_id(self.since)
        return first, "g" if self.until is None else first_id(self.until)

    def matches(self, id: str, terms: Terms) -> bool:
        """Whether a record is asked for."""
        first, end = self.ids
        return (
            first <= id < end
            and self.decision in {None, terms.decision}
            and self.rule in {None, terms.rule}
            and (not self.outcomes or terms.outcome in self.outcomes)
            and self.words.items() <= terms.words.items()
        )


def first_id(at: datetime) -> str:
    """Return the least id of a record of an instant, or later."""
    at_ms = max(0, -((_EPOCH - at) // timedelta(milliseconds=1)))
    return f"{at_ms >> 16:08x}-{at_ms & 0xFFFF:04x}-0000-0000-000000000000"


def instant_of(id: str) -> datetime:
    """Return when the record of an id was made, in whole milliseconds.

    Raises:
        ValueError: It is no such id.
    """
    return _EPOCH + timedelta(milliseconds=int(id[:8] + id[9:13], 16))


def record_of(entry: Entry) -> AuditRecord:
    """Return an entry with what its payload says."""
    try:
        terms_of(entry.payload or "")
        members: dict[str, Any] = json.loads(entry.payload or "", parse_float=Decimal)
        if members["kind"] == "evaluation":
            _require_evaluation(members)
    except (ValueError, TypeError, KeyError):  # erased; or changed, which verification tells
        members = {}
    return AuditRecord(entry, members)


def _require_evaluation(members: Mapping[str, Any]) -> None:
    """Raise where a member is missing that every evaluation has."""
    for name in ("at", "input", "explanation", "errors", "engine"):
        members[name]
    for part in ("id", "version", "digest"):
        members["decision"][part], members["profile"][part]


def scanned(stood: Iterable[Stood], search: Search) -> Iterator[tuple[Entry, Terms]]:
    """Yield what is asked for in the order of the trail; whatever is no payload is left out."""
    for each in stood:
        entry = each.entry
        if entry is None or entry.payload is None:
            continue
        try:
            terms = terms_of(entry.payload)
        except ValueError:
            continue
        if search.matches(entry.id, terms):
            yield entry, terms


def newest(stood: Iterable[Stood], search: Search, limit: int) -> Iterator[AuditRecord]:
    """Yield what is asked for, the newest first."""
    entries = (entry for entry, _ in scanned(stood, search))
    return map(record_of, nlargest(limit, entries, key=lambda entry: entry.id))


def standing(stood: Iterable[Stood], id: str) -> AuditRecord | None:
    """Return the record of an id."""
    found = (each.entry for each in stood if each.entry is not None and each.entry.id == id)
    entry = next(found, None)
    return None if entry is None else record_of(entry)
