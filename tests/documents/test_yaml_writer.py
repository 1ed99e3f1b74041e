"""Tests of writing YAML: what is written reads back as the same data."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.documents.yaml_text import read_yaml
from criterion.documents.yaml_writer import write_yaml

TEXT = st.one_of(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=20
    ),
    st.sampled_from(["no", "010", "1e9", "1_0", "true", "null", "~", "", "=x", "==x", "- a", "a: b",
                     "a #b", "{x}", "[x]", "<<", "1.10", "2026-01-31", " x", "x ", "'", '"', "\t",
                     "x\ny", "---", "...", "unlimited", "&a", "*a", "!a", "|", ">", "%a", "@a"]),
)  # fmt: skip
NUMBER = st.one_of(
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.decimals(-(10**9), 10**9, allow_nan=False, places=6),
    st.sampled_from([Decimal("1e-40"), Decimal("1E+40"), Decimal("0.10"), Decimal("5E+20")]),
)
DATA = st.recursive(
    st.one_of(TEXT, NUMBER, st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(TEXT, DATA, min_size=1, max_size=4))
def test_written_data_reads_back_as_it_was(data: dict[str, object]) -> None:
    root, problems = read_yaml(write_yaml(data))

    problems.raise_if_any()
    assert root.value == data
    assert repr(_kinds(root.value)) == repr(_kinds(data))


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("usage <= limit", "usage <= limit"),
        ("=limit - usage", "=limit - usage"),
        ('input.plan == "free"', "'input.plan == \"free\"'"),
        ("a: b", '"a: b"'),
        ("no", '"no"'),
        ("1.10", '"1.10"'),
        ([1, "a", True], "[1, a, true]"),
        ({"type": "integer"}, "{type: integer}"),
        (Decimal("Infinity"), "unlimited"),
        ("unlimited", '"unlimited"'),
    ],
)
def test_quotes_stand_only_where_they_are_needed(value: object, line: str) -> None:
    written = write_yaml({"key": value})

    assert written in {f"key: {line}\n", f"key: {line.strip(chr(39))}\n"}


def _kinds(data: object) -> object:
    if isinstance(data, dict):
        return {key: _kinds(part) for key, part in data.items()}
    if isinstance(data, list):
        return [_kinds(part) for part in data]
    return (
        "number" if isinstance(data, Decimal | int) and not isinstance(data, bool) else type(data)
    )
