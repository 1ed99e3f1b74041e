"""Events: what a policy tells others of, once it has happened.

An event is part of the commit that made it. What it says is worked out when somebody reads it, from
values that never change.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from criterion.policy.instants import instant_of


class Event(NamedTuple):
    """Something that happened.

    Attributes:
        name: What, such as ``meter-changed``.
        customer: To whom; the events of one customer are delivered in order.
        tell: Works out the payload.
        at_ms: When, in ms.
        seq: The number of its commit.
        place: Its place among the events of that commit, from 0.
    """

    name: str
    customer: str
    tell: Callable[[], Mapping[str, Any]]
    at_ms: int = 0
    seq: int = 0
    place: int = 0

    @property
    def id(self) -> str:
        """Unique among the events of a store; the same when an event is delivered again."""
        return f"{self.seq}-{self.place}"

    @property
    def at(self) -> datetime:
        """When; aware."""
        return instant_of(self.at_ms)

    @property
    def payload(self) -> Mapping[str, Any]:
        """What there is to say of it."""
        return self.tell()


def event(name: str, customer: str, /, **payload: object) -> Event:
    """Return an event whose payload is known."""
    return Event(name, customer, lambda: payload)
