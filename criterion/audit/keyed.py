"""Keyed hashes: by which whoever has the key recognises a value, and nobody else guesses it."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

from pydantic import BaseModel

from criterion.audit.compact import canonical
from criterion.audit.members import input_members
from criterion.borrowed import is_borrowed, validator_of
from criterion.decision import Decision
from criterion.expression_decision import ExpressionDecision
from criterion.plain_facts import plain_readers
from criterion.redaction import REDACTED_TEXT, Redacted, RedactMode
from criterion.shape import Shape

KEY_BYTES_MIN: Final = 16
"""How short a key may be; what is shorter could be tried out."""

KEY_BYTES_MAX: Final = 64
"""How long a key may be."""


class Keyed:
    """Hashes values under a key; without one, hashes nothing.

    Args:
        key: From 16 to 64 bytes, kept secret, the same for as long as records are to be matched.

    Raises:
        ValueError: The key is too short or too long.
    """

    def __init__(self, key: bytes | None) -> None:
        """Keep the key."""
        if key is not None and not KEY_BYTES_MIN <= len(key) <= KEY_BYTES_MAX:
            message = f"a key has {KEY_BYTES_MIN} to {KEY_BYTES_MAX} bytes, this one {len(key)}"
            raise ValueError(message)
        self._empty = None if key is None else blake2b(key=key, digest_size=32)

    def __repr__(self) -> str:
        """Return whether there is a key; never the key."""
        return f"<Keyed {'with a key' if self._empty else 'without a key'}>"

    def hash(self, value: object) -> str | None:
        """Return ``blake2b:…`` over the canonical JSON of data; ``None`` without a key."""
        return None if self._empty is None else self.text_hash(canonical(value))

    def text_hash(self, text: str) -> str | None:
        """Return the hash of data whose canonical JSON is known."""
        if self._empty is None:
            return None
        hashed = self._empty.copy()  # which is cheaper than to begin with the key
        hashed.update(text.encode())
        return f"blake2b:{hashed.hexdigest()}"

    def input_hash(self, decision: Decision[Any, Any, Any], facts: object) -> str | None:
        """Return the ``input_hash`` of the records of an evaluation of these facts."""
        return self.hash(_read(decision, facts))

    def stand_in(self, mode: RedactMode, value: object) -> Redacted:
        """Return what a record keeps in place of a marked value."""
        members = value.model_dump() if isinstance(value, BaseModel) else value
        kept = self.hash(members) if mode == "hash" else None
        return Redacted(mode, kept or REDACTED_TEXT)


def _read(decision: Decision[Any, Any, Any], facts: object) -> object:
    """Return facts as an evaluation sees them; as they are, where they do not fit."""
    schema: type[BaseModel] = decision.input
    try:
        if isinstance(decision, ExpressionDecision):
            return plain_readers(Shape.of(schema)).of_any(facts)
        from_attributes = is_borrowed(schema) and not isinstance(facts, Mapping)
        read = validator_of(schema).validate_python
        return input_members(schema)(read(facts, from_attributes=from_attributes or None))
    except Exception:  # noqa: BLE001 -- whatever unreadable facts may raise
        return facts
