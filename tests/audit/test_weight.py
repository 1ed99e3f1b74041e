"""Weights: what waits to be recorded is weighed with all that is in it."""

from decimal import Decimal
from typing import Any, Final

import pytest

from criterion.audit.weight import PART_BYTES, PARTS_MAX, weight_of
from criterion.schema import Schema


class Note(Schema):
    """A text with what belongs to it."""

    text: str
    size: int | None = None
    tags: tuple[str, ...] | None = None


CASES: Final = {
    "a number": (7, 1, 0),
    "an exact number": (Decimal("1.5"), 1, 0),
    "a text": ("x" * 100, 1, 100),
    "bytes": (b"x" * 100, 1, 100),
    "a list": (["ab", 1], 3, 2),
    "a mapping, names included": ({"ab": "c"}, 3, 3),
    "a flat instance": (Note(text="abc", size=1), 4, 3),
    "an instance that holds a list": (Note(text="abc", tags=("de", "f")), 6, 6),
    "an object that nobody knows": (object(), 1, 0),
}


@pytest.mark.parametrize(("value", "parts", "letters"), CASES.values(), ids=CASES)
def test_a_value_weighs_its_parts_and_its_text(value: object, parts: int, letters: int) -> None:
    assert weight_of(value) == PART_BYTES * parts + letters


def test_weighing_what_holds_itself_ends() -> None:
    endless: list[Any] = []
    endless.append(endless)

    assert weight_of(endless) <= PART_BYTES * (PARTS_MAX + 1)
