"""Overlays: heads as they will be, for calls that are decided together."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from criterion.policy.state import Head
from criterion.policy.store import Heads, Key, Part


class Overlay:
    """Heads with parts laid over them."""

    def __init__(self, under: Heads) -> None:
        """Start with what is stored."""
        self._under = under
        self._heads: dict[str, Head] = {}
        self.seen_at = under.seen_at
        self.id_of = under.id_of
        self.is_used = under.is_used

    def head(self, customer: str, /) -> Head | None:
        """Return the head of a customer, as it will be."""
        found = self._heads.get(customer)
        return self._under.head(customer) if found is None else found

    def key(self, customer: str, name: str, at: int, /) -> Key | None:
        """Return what a key of a customer was used for."""
        return self._under.key(customer, name, at)

    def lay(self, parts: Iterable[Part]) -> None:
        """Lay parts of meters, grants, caps and estimates over the heads."""
        for part in parts:
            head = self.head(part.customer)
            if head is not None:
                members: Mapping[str, Any] = getattr(head, part.kind)
                changed = {**members, part.name: part.value}
                if part.value is None:
                    del changed[part.name]
                self._heads[part.customer] = replace(head, **{part.kind: changed})  # type: ignore[arg-type] # a part's kind is a member
