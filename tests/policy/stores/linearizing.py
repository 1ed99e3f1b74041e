"""Linearizability of one meter: is there an order of its calls that explains every answer?

Source:
    Wing and Gong 1993, with the memory of Lowe 2017 for states that lead nowhere.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Operation(NamedTuple):
    """One call of a history.

    Attributes:
        begun: When it was made.
        ended: When its answer was there.
        amount: What it asked for.
        is_allowed: Whether it passed.
        before: The meter that it said it saw.
    """

    begun: int
    ended: int
    amount: int
    is_allowed: bool
    before: int


def is_linearizable(history: Sequence[Operation], limit: int, value: int = 0) -> bool:
    """Whether calls that keep to the order of time could have come out so, one after another."""
    waiting = [(tuple(sorted(history)), value)]
    known = set(waiting)
    while waiting:
        left, value = waiting.pop()
        if not left:
            return True
        first_end = min(each.ended for each in left)
        for place, each in enumerate(left):
            if each.begun > first_end:
                break
            if not _explains(each, limit, value):
                continue
            rest = left[:place] + left[place + 1 :]
            state = (rest, value + each.amount if each.is_allowed else value)
            if state not in known:
                known.add(state)
                waiting.append(state)
    return False


def _explains(each: Operation, limit: int, value: int) -> bool:
    fits = each.amount <= 0 or value + each.amount <= limit
    return each.before == value and each.is_allowed == fits
