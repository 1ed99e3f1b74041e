"""Access: who may ask what of whom; nothing is answered before this is known."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Final, TypeAlias

from criterion.http.message import Request
from criterion.http.problem import Refusal


class _Everything:
    """Contains everything."""

    def __contains__(self, _: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "ALL"


ALL: Final[Container[str]] = _Everything()
"""Every customer, or every operation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """What a caller may do; by default everything, which is for programs of your own.

    Attributes:
        customers: Whose limits it may use and see, by the names that it calls them; whatever
            answers ``in``.
        operations: What it may do: names of operations, and ``read``.
    """

    customers: Container[str] = ALL
    operations: Container[str] = ALL


Authorize: TypeAlias = Callable[[Request], Permit | Refusal]
"""Says what a caller may do, before anything else is looked at.

One that raises, or returns anything else, lets nobody pass: the request is answered with 500.
"""
