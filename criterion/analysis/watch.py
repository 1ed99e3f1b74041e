"""Watches: how much of a time budget is spent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time


class OverError(Exception):
    """The budget is spent."""


def spent_ms() -> float:
    """Return how long this thread has worked, in ms."""
    return thread_time() * 1_000


class Watch:
    """Measures one budget from now on.

    Args:
        budget_ms: How much there is, in ms.
        now_ms: Tells the time, in ms.
    """

    def __init__(self, budget_ms: int, now_ms: Callable[[], float] = spent_ms) -> None:
        """Begin now."""
        self.now_ms = now_ms
        self._end = now_ms() + budget_ms

    @property
    def left_ms(self) -> float:
        """What is left, in ms; never less than nothing."""
        return max(0.0, self._end - self.now_ms())

    def look(self) -> None:
        """Go on while there is time.

        Raises:
            OverError: There is none.
        """
        if self.now_ms() >= self._end:
            raise OverError

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Do what does not count: an import."""
        start = self.now_ms()
        try:
            yield
        finally:
            self._end += self.now_ms() - start
