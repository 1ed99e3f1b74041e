"""Identity: readable ids, semantic versions and their order."""

from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.identity import (
    ID_LENGTH_MAX,
    VERSION_LENGTH_MAX,
    is_id,
    parse_version,
    serving_version,
)

IDS: Final = ["a", "over-limit", "over_limit", "a1", "usage-limit-2", "a-1", "x" * ID_LENGTH_MAX]
NO_IDS: Final = {
    "nothing": "",
    "capital": "Over",
    "digit first": "1a",
    "joint first": "-a",
    "joint last": "a-",
    "two joints": "a--b",
    "mixed joints": "a-_b",
    "dot": "a.b",
    "blank": "a b",
    "line end": "a\n",
    "accent": "é",
    "wide digit": "a１",  # noqa: RUF001 -- the digit is the point
    "too long": "x" * (ID_LENGTH_MAX + 1),
    "number": 1,
    "null": None,
    "bytes": b"a",
}


@pytest.mark.parametrize("text", IDS)
def test_a_readable_id_is_one(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize("text", NO_IDS.values(), ids=NO_IDS)
def test_anything_else_is_no_id(text: object) -> None:
    assert not is_id(text)


ASCENDING: Final = [
    "0.0.1",
    "0.1.0",
    "1.0.0-0",
    "1.0.0-1",
    "1.0.0-2",
    "1.0.0-10",
    "1.0.0-A",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.1.0",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.0.0-rc.1",
    "2.0.0",
    "10.0.0",
]
"""With the example of Semantic Versioning 2.0.0, clause 11."""


@pytest.mark.parametrize(("lower", "higher"), [*pairwise(ASCENDING)])
def test_versions_are_ordered_by_precedence(lower: str, higher: str) -> None:
    low, high = parse_version(lower), parse_version(higher)

    assert low is not None
    assert high is not None
    assert low < high


@pytest.mark.parametrize("text", ["1.0.0+1", "1.0.0+build.001", "1.0.0+--.-"])
def test_build_metadata_does_not_count(text: str) -> None:
    assert parse_version(text) == parse_version("1.0.0")


NO_VERSIONS: Final = {
    "nothing": "",
    "one number": "1",
    "two numbers": "1.0",
    "four numbers": "1.0.0.0",
    "leading zero": "01.0.0",
    "leading zero inside": "1.00.0",
    "leading zero of a pre-release": "1.0.0-01",
    "empty pre-release": "1.0.0-",
    "empty part": "1.0.0-a..b",
    "empty build": "1.0.0+",
    "two builds": "1.0.0+a+b",
    "letter v": "v1.0.0",
    "blank": " 1.0.0",
    "line end": "1.0.0\n",
    "negative": "-1.0.0",
    "underscore": "1.0.0-a_b",
    "Arabic digits": "\u0661.0.0",
    "too long": f"1.0.0-{'a' * VERSION_LENGTH_MAX}",
    "float": 1.0,
    "null": None,
}


@pytest.mark.parametrize("text", NO_VERSIONS.values(), ids=NO_VERSIONS)
def test_anything_else_is_no_version(text: object) -> None:
    assert parse_version(text) is None


@pytest.mark.parametrize(
    ("versions", "serving"),
    [
        (["1.0.0"], "1.0.0"),
        (["1.9.0", "1.10.0", "1.2.0"], "1.10.0"),
        (["1.0.0", "2.0.0-rc.1"], "1.0.0"),
        (["1.0.0-alpha", "1.0.0-beta"], "1.0.0-beta"),
        (["0.0.1", "9.0.0-rc.1", "0.0.2"], "0.0.2"),
    ],
    ids=" ".join,
)
def test_the_highest_final_version_serves(versions: list[str], serving: str) -> None:
    assert serving_version(versions) == serving
    assert serving_version(reversed(versions)) == serving


def test_what_is_no_version_cannot_serve() -> None:
    with pytest.raises(ValueError, match=r"`1\.0` is not a semantic version"):
        serving_version(["1.0.0", "1.0"])


NUMBERS: Final = st.integers(0, 10**9)


@given(st.tuples(NUMBERS, NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_final_versions_are_ordered_as_their_numbers(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    first, second = (parse_version(".".join(map(str, core))) for core in (one, other))

    assert first is not None
    assert second is not None
    assert (first < second) == (one < other)


@given(st.text())
def test_no_text_breaks_the_parsing(text: str) -> None:
    version = parse_version(text)

    assert version is None or text.startswith(".".join(map(str, version.core)))
    assert is_id(text) in {True, False}
