"""Places of errors: they are remembered, and the same whether they were or not."""

import pytest
from pydantic import ValidationError

from criterion import Schema
from criterion.refusal_places import REMEMBERED_LENGTH_MAX, REMEMBERED_MAX
from criterion.validation import ErrorDetail, error_details


class Parcel(Schema):
    weight_g: int
    sizes_mm: list[int]


def errors_of(**facts: object) -> tuple[ErrorDetail, ...]:
    with pytest.raises(ValidationError) as refusal:
        Parcel.model_validate({"weight_g": 1, "sizes_mm": [], **facts})
    return error_details(refusal.value, Parcel)


def test_a_place_is_the_same_when_it_is_remembered() -> None:
    first, second = (errors_of(sizes_mm=[1, "2"]) for _ in range(2))

    assert first == second
    assert [error.path for error in first] == ["sizes_mm.1"]


def test_a_key_is_not_taken_for_an_index() -> None:
    by_index, by_key = errors_of(sizes_mm=["2"]), errors_of(sizes_mm={"0": "2"})

    assert [error.path for error in by_index] == ["sizes_mm.0"]
    assert [error.path for error in by_key] == ["sizes_mm"]


def test_more_places_than_are_remembered_are_found() -> None:
    paths = [errors_of(**{f"key{number}": 1})[0].path for number in range(REMEMBERED_MAX + 2)]

    assert paths == [f"key{number}" for number in range(REMEMBERED_MAX + 2)]


def test_a_key_that_is_too_long_to_remember_is_found() -> None:
    (error,) = errors_of(**{"k" * (REMEMBERED_LENGTH_MAX + 1): 1})

    assert error.code == "unknown_key"
