"""Entries: a payload with its link in the chain of one writer, and the one line that it is."""

import re
from collections.abc import Sequence
from hashlib import sha256
from secrets import token_bytes
from typing import Final, NamedTuple

SALT_BYTES: Final = 16
"""How long the salt of a payload is; enough that a guessed payload cannot be confirmed."""

START: Final = "0" * 64
"""What the first entry of a chain names as the hash of the one before."""


class Entry(NamedTuple):
    """One record as it stands in a trail.

    Attributes:
        writer: Whose chain it belongs to.
        sequence: Its number in that chain, from 1.
        id: The record's id.
        previous: The hash of the entry before it; `START` for the first.
        digest: SHA-256 over salt and payload.
        hash: SHA-256 over everything above.
        salt: In hexadecimal; ``None`` once the payload is erased.
        payload: One line of JSON; ``None`` once it is erased.
    """

    writer: str
    sequence: int
    id: str
    previous: str
    digest: str
    hash: str
    salt: str | None
    payload: str | None

    def line(self) -> str:
        """Return the entry as one line of JSON, all of it ASCII, without the newline."""
        writer, sequence, id, previous, digest, made, salt, payload = self
        quoted = "null" if salt is None else f'"{salt}"'
        return (
            f'{{"writer":"{writer}","sequence":{sequence},"id":"{id}",'
            f'"previous":"{previous}","digest":"{digest}","hash":"{made}",'
            f'"salt":{quoted},"payload":{payload or "null"}}}'
        )

    @property
    def is_linked(self) -> bool:
        """Whether the link is as it was written."""
        made = link_hash(self.writer, self.sequence, self.id, self.previous, self.digest)
        return made == self.hash

    @property
    def is_whole(self) -> bool:
        """Whether the payload is as it was written."""
        if self.salt is None or self.payload is None:
            return False
        return payload_digest(self.salt, self.payload) == self.digest


class Checkpoint(NamedTuple):
    """How far a chain had come once; kept elsewhere, it shows when the tail is cut.

    Attributes:
        writer: Whose chain.
        sequence: The number of the last entry then.
        hash: The hash of that entry.
    """

    writer: str
    sequence: int
    hash: str


def payload_digest(salt: str, payload: str) -> str:
    """Return the digest of a salted payload.

    The salt keeps the digest of an erased payload from being matched with guesses.
    """
    return _sha256(f"{salt}{payload}".encode("utf-8", "surrogatepass"))


def link_hash(writer: str, sequence: int, id: str, previous: str, digest: str) -> str:
    """Return the hash of a link; none of its parts can hold a space."""
    return _sha256(f"{writer} {sequence} {id} {previous} {digest}".encode())


def _sha256(text: bytes) -> str:
    hashed = _EMPTY.copy()  # OpenSSL looks the algorithm up again for every new one
    hashed.update(text)
    return hashed.hexdigest()


_EMPTY: Final = sha256()


class Chain:
    """Links the payloads of one writer.

    Attributes:
        writer: The writer's name.
        sequence: The number of the last entry; 0 before the first.
        hash: The hash of the last entry.
    """

    def __init__(self, writer: str) -> None:
        """Begin a chain."""
        self.writer = writer
        self.sequence = 0
        self.hash = START

    def link(self, records: Sequence[tuple[str, str]]) -> list[Entry]:
        """Return the next entries, of pairs of record id and payload."""
        writer, sequence, previous = self.writer, self.sequence, self.hash
        entries: list[Entry] = []
        add, make = entries.append, tuple.__new__  # half of what naming the members costs
        salts = token_bytes(SALT_BYTES * len(records)).hex()
        for at, (id, payload) in enumerate(records):
            sequence += 1
            salt = salts[2 * SALT_BYTES * at : 2 * SALT_BYTES * (at + 1)]
            digest = payload_digest(salt, payload)
            made = link_hash(writer, sequence, id, previous, digest)
            add(make(Entry, (writer, sequence, id, previous, digest, made, salt, payload)))
            previous = made
        self.sequence, self.hash = sequence, previous
        return entries


_HEX: Final = "[0-9a-f]{64}"
_LINE: Final = re.compile(
    r'\{"writer":"([0-9a-z-]{1,64})","sequence":([1-9][0-9]{0,17}),"id":"([0-9a-f-]{36})",'
    rf'"previous":"({_HEX})","digest":"({_HEX})","hash":"({_HEX})",'
    r'(?:"salt":"([0-9a-f]{32})","payload":(\{.*\})\}|"salt":null,"payload":null\} *)',
    re.ASCII,
)


def entry_of(line: str) -> Entry | None:
    """Return the entry that a line is, byte by byte; ``None`` where it is none."""
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    writer, sequence, id, previous, digest, made, salt, payload = match.groups()
    return Entry(writer, int(sequence), id, previous, digest, made, salt, payload)
