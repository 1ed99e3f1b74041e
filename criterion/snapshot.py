"""Snapshots: one profile as a decision runs under it, validated, frozen and identified."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from criterion.json_text import digest_of, plain


@dataclass(frozen=True, kw_only=True, eq=False)
class ProfileSnapshot:
    """A profile that fits a decision.

    Attributes:
        values: The instance that rules get, of the decision's profile schema.
        source: What it was made from, which the digest covers: a mapping or an instance.
        id: The registered name; ``None`` where the profile was given by value.
        version: The registered version.
    """

    values: Any = field(repr=False)
    source: Mapping[str, object] | BaseModel | None = field(repr=False)
    id: str | None = None
    version: str | None = None

    @cached_property
    def digest(self) -> str | None:
        """``sha256:…`` over the values as they were given; ``None`` where there are none."""
        return None if self.source is None else values_digest(self.source)


NO_PROFILE = ProfileSnapshot(values=None, source=None)
"""What a result names that ran under no profile."""


def values_digest(source: Mapping[str, object] | BaseModel) -> str | None:
    """Return ``sha256:…`` over a profile's values, or ``None`` where JSON cannot hold them."""
    try:
        return digest_of(plain(profile_values(source)))
    except (TypeError, ValueError, RecursionError):
        return None


def profile_values(source: Mapping[str, object] | BaseModel) -> Mapping[str, object]:
    """Return a profile's values as they were given, in Python's own types."""
    return source.model_dump() if isinstance(source, BaseModel) else source
