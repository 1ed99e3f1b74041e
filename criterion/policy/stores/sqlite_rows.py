"""The rows of a SQLite store: commits as rows of the journal, and back.

A row of the journal says everything that one commit changed, so that heads can be made anew from
it; it is the outbox entry of its events, and the record of its idempotency key, too.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from criterion.policy.encoding import encoded, unpacked
from criterion.policy.encoding_fast import encoded_content, encoded_part, encoded_payload, quoted
from criterion.policy.events import Event
from criterion.policy.state import Customer
from criterion.policy.store import Commit, Key, Kind, Part

KINDS: Final[tuple[Kind, ...]] = (
    "customer", "meters", "grants", "caps", "estimates", "included", "alts",
)  # fmt: skip
"""The kinds of parts by their numbers in the file; only added to."""

NUMBERS: Final[Mapping[str, int]] = MappingProxyType(
    {kind: number for number, kind in enumerate(KINDS)}
)
CUSTOMER: Final = NUMBERS["customer"]
ALTS: Final = NUMBERS["alts"]


PLACES_MAX: Final = 65_536
"""How many parts of one commit keep their order among one another."""


def text_of_part(part: Part) -> str | None:
    """Return what a part is, as JSON; ``None``: it is gone."""
    value = part[3]
    return None if value is None else encoded_part(value)


def journal_text(
    commit: Commit, texts: list[str | None], customer: Callable[[Customer], str]
) -> str:
    """Return what the journal says of a commit, beside what has columns of its own.

    Args:
        commit: What changes.
        texts: The text of each part, at its place.
        customer: Writes a customer, or knows how it was written.
    """
    own, told = commit.customer, []
    for (owner, kind, name, _), text in zip(commit.parts, texts, strict=True):
        whose = "null" if owner == own else quoted(owner)
        told.append(f"[{whose},{NUMBERS[kind]},{quoted(name)},{text or 'null'}]")
    events = [
        f"[{quoted(event.name)},{quoted(event.customer)},{_payload(event, customer)}]"
        for event in commit.events
    ]
    key = commit.key
    tail = "" if key is None else f",[{encoded_content(key.content)},{_answer(key.answer)}]"
    return f"[[{','.join(told)}],[{','.join(events)}]{tail}]"


def _payload(event: Event, customer: Callable[[Customer], str]) -> str:
    """Return what an event says; what knows how to write that is asked first."""
    write = getattr(event.tell, "text", None)
    return (None if write is None else write(customer)) or encoded_payload(event.payload)


def _answer(answer: object) -> str:
    """Return an answer; one that knows how to write itself is asked first."""
    write = getattr(answer, "text", None)
    return (None if write is None else write()) or encoded(answer)


def commit_of(row: tuple[Any, ...]) -> Commit:
    """Return the commit of a row: seq, customer, at, key, expires, data."""
    seq, customer, at, name, expires, text = row
    customer, told = text_of(customer), json.loads(text)
    parts = tuple(
        Part(customer if owner is None else owner, KINDS[kind], part, unpacked(value))
        for owner, kind, part, value in told[0]
    )
    events = tuple(
        Event(event, who, partial(unpacked, payload), at, seq, place)
        for place, (event, who, payload) in enumerate(told[1])
    )
    key = None
    if len(told) > 2:  # noqa: PLR2004 -- parts, events, key
        key = _key(told, name, expires, seq)
    answer = None if key is None else key.answer
    return Commit(customer, at, answer, parts, events, key, seq)


def key_of(row: tuple[Any, ...]) -> Key:
    """Return the key of a row: seq, key, expires, data."""
    seq, name, expires, text = row
    return _key(json.loads(text), name, expires, seq)


def born(seq: int, place: int = 0) -> int:
    """Return when a part came to be: its place among all parts of all commits."""
    return seq * PLACES_MAX + min(place, PLACES_MAX - 1)


def column(name: str) -> str | bytes:
    """Return a name as a column takes it; one that is no Unicode as its bytes."""
    if name.isascii():
        return name
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogatepass")
    return name


def text_of(value: str | bytes) -> str:
    """Return the name that a column holds."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogatepass")


def _key(told: list[Any], name: str, expires: int, seq: int) -> Key:
    content, answer = map(unpacked, told[2])
    return Key(text_of(name), content, answer, expires, seq)
