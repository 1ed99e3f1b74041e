"""Stores: where heads and the journal are kept, and what a change of them is made of."""

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from criterion.policy.events import Event
from criterion.policy.state import Head

Kind: TypeAlias = Literal["customer", "meters", "grants", "caps", "estimates", "included", "alts"]
"""The parts of a head, each a row of its own; ``alts`` leads from another name to the id."""


class Part(NamedTuple):
    """One part of a head as it is from now on.

    Attributes:
        customer: Whose head.
        kind: Which part.
        name: Its key in that part; ``""`` for the customer itself.
        value: What it is, or ``None``: it is gone.
    """

    customer: str
    kind: Kind
    name: str
    value: Any


class Key(NamedTuple):
    """What an idempotency key was used for, so that the same call gets the same answer.

    Attributes:
        name: The key, unique for its customer.
        content: What was asked.
        answer: What came of it.
        expires: From when on it is forgotten, in ms.
        seq: The number of the commit that it was first used for.
    """

    name: str
    content: object
    answer: Any
    expires: int
    seq: int = 0


class Commit(NamedTuple):
    """What one call changes, as one line of the journal.

    Attributes:
        customer: Who asked.
        at: When it was decided, in ms.
        answer: What is told to the caller.
        parts: What is from now on.
        events: What others are told of, in order.
        key: Under which key the answer is kept, or ``None``.
        seq: Its number in the journal, from 1; 0 before it is kept, and for ever where nothing
            changes.
    """

    customer: str
    at: int
    answer: Any
    parts: tuple[Part, ...] = ()
    events: tuple[Event, ...] = ()
    key: Key | None = None
    seq: int = 0


class Heads(Protocol):
    """Where customers stand, all at one instant."""

    def head(self, customer: str, /) -> Head | None:
        """Return the head of a customer, by its id."""
        ...

    def id_of(self, name: str, /) -> str | None:
        """Return the id that an alternate one leads to."""
        ...

    def seen_at(self, customer: str, /) -> int:
        """Return when the last change of a customer was decided, in ms; 0 before any."""
        ...

    def is_used(self, plan: str, /) -> bool:
        """Whether any customer has a plan for its own."""
        ...

    def key(self, customer: str, name: str, at: int, /) -> Key | None:
        """Return what a key of a customer was used for, while it is kept."""
        ...


class Store(Protocol):
    """Keeps every customer's head in parts, and one append-only journal.

    A store knows no rule: what a change means was decided before it gets there.
    """

    def transact(self, customer: str, decide: Callable[[Heads], Commit]) -> Commit:
        """Load, decide, and commit all of it or nothing.

        Args:
            customer: Who asks, by id or alternate id. ``decide`` gets this head and every one that
                its refs reach, each at the same instant.
            decide: Pure; it may be run more than once when another commit came first. What it
                raises reaches the caller, and nothing is kept.

        Returns:
            What ``decide`` returned, as committed: with its number. An empty commit is not kept,
            and keeps number 0.

        Raises:
            StoreError: The backend failed. Whether the commit happened is unknown; asking again
                under the same idempotency key is safe.

        Source:
            Optimistic concurrency control, Kung and Robinson 1981.
        """
        ...

    def look(self, customer: str, read: Callable[[Heads], Any]) -> Any:  # noqa: ANN401 -- whatever is read
        """Return what a pure function makes of the heads, all at one instant.

        Raises:
            StoreError: The backend failed.
        """
        ...

    def entries(self, after: int, limit: int) -> Iterable[Commit]:
        """Return what was committed after a number, oldest first, as far as it is still kept."""
        ...

    @property
    def last(self) -> int:
        """The number of the last commit; 0 before any."""
        ...
