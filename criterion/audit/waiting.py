"""Waiting: evaluations in the order in which they came, until they are written."""

from collections import deque
from typing import Any, Final

from criterion.audit.payload import Evaluated

_WIDTH: Final = len(Evaluated._fields)
_WEIGHT: Final = Evaluated._fields.index("weight")


class Waiting:
    """A queue that holds the parts of its evaluations, one behind the other.

    A tuple around each would be one more thing that the garbage collector goes through, again and
    again while thousands wait, and in the time of those who decide.
    """

    __slots__ = ("_parts",)

    def __init__(self) -> None:
        """Begin empty."""
        self._parts: deque[Any] = deque()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._parts) // _WIDTH

    def add(self, evaluated: Evaluated) -> None:
        """Add one behind the others."""
        self._parts.extend(evaluated)

    def take(self, count_max: int, bytes_max: int) -> list[Evaluated]:
        """Take the first: so many at most, and of no more bytes unless one alone holds more."""
        parts, held = self._parts, 0
        pop = parts.popleft
        taken: list[Evaluated] = []
        while parts and len(taken) < count_max:
            held += parts[_WEIGHT]
            if taken and held > bytes_max:
                break
            taken.append(Evaluated(pop(), pop(), pop(), pop(), pop()))
        return taken

    def clear(self) -> None:
        """Forget all."""
        self._parts.clear()
