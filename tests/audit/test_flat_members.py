"""Flat members: the fast way writes what the exact way writes, byte by byte."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from criterion.audit.compact import exact, written
from criterion.audit.flat_members import flat_input, flat_metadata

VALUES = (
    st.none() | st.booleans() | st.integers() | st.text() | st.floats()
    | st.decimals(allow_nan=False) | st.just(Decimal("Infinity")) | st.lists(st.integers())
)  # fmt: skip
MEMBERS = st.dictionaries(st.text(), VALUES, max_size=5)
FLAT = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text())


@given(MEMBERS | FLAT)
def test_an_input_has_the_same_bytes_either_way(members: dict[str, Any]) -> None:
    assert flat_input(members)(members) in {None, exact(members)}


@given(MEMBERS | FLAT)
def test_metadata_has_the_same_bytes_either_way(members: dict[str, Any]) -> None:
    assert flat_metadata(members) in {None, written(members)}


@given(FLAT)
def test_flat_members_are_written_the_fast_way(members: dict[str, Any]) -> None:
    assert flat_input(members)(members) is not None
    assert flat_metadata(members) is not None


def test_other_members_are_left_to_the_exact_way() -> None:
    write = flat_input(["a", "b"])

    assert write({"b": 1, "a": Decimal(20)}) == '{"a":20,"b":1}'
    assert write({"a": 1}) is None
    assert write({"a": 1, "b": 2, "c": 3}) is None
    assert write({"a": 1, "b": 10**5_000}) is None
