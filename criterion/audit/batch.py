"""Batches: what is written into a trail at once, and what is found at a place of it."""

from typing import NamedTuple

from criterion.audit.definitions import Definition
from criterion.audit.entry import Entry
from criterion.audit.terms import Terms


class Batch(NamedTuple):
    """What is written at once.

    Attributes:
        entries: The next ones of one writer's chain, in order.
        terms: What each of them is found by.
        definitions: What they refer to and the trail may not have yet.
    """

    entries: list[Entry]
    terms: list[Terms]
    definitions: tuple[Definition, ...] = ()


class Stood(NamedTuple):
    """What was found at one place of a trail.

    Attributes:
        place: Where: a file and a line, a row, a position.
        entry: The entry, or ``None`` where there is none.
        problem: Why there is none; ``""`` where there is one.
        is_torn: Whether it is what a crash leaves: an unfinished last line.
    """

    place: str
    entry: Entry | None
    problem: str = ""
    is_torn: bool = False
