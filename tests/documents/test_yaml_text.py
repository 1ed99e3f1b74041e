"""Tests of reading YAML: what words mean, where things stand, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.documents.text_offsets import offset_of
from criterion.documents.yaml_text import NODES_MAX, Node, read_yaml
from criterion.errors import DocumentError

MEANINGS: list[tuple[str, Any]] = [
    ("3", 3),
    ("-5", -5),
    ("+7", 7),
    ("0", 0),
    ("-0", 0),
    ("100_000", 100_000),
    ("1e9", 1_000_000_000),
    ("15e-1", Decimal("1.5")),
    ("0.8", Decimal("0.8")),
    ("30.0", Decimal("30.0")),
    (".5", Decimal("0.5")),
    ("1.5e3", Decimal(1500)),
    ("1.10", Decimal("1.10")),
    ("9223372036854775807", 2**63 - 1),
    ("1e30", Decimal("1e30")),
    ("true", True),
    ("false", False),
    ("null", None),
    ("~", None),
    ("", None),
    ("yes", "yes"),
    ("no", "no"),
    ("on", "on"),
    ("off", "off"),
    ("y", "y"),
    ("010", "010"),
    ("00", "00"),
    ("1:30", "1:30"),
    ("0x1F", "0x1F"),
    ("0o17", "0o17"),
    ("0b1", "0b1"),
    ("1_", "1_"),
    ("1__0", "1__0"),
    ("_1", "_1"),
    ("1.1.0", "1.1.0"),
    ("2026-01-31", "2026-01-31"),
    ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
    ("unlimited", "unlimited"),
    ("None", "None"),
    ("inf", "inf"),
    ("NaN", "NaN"),
    ("=", "="),
    ("'3'", "3"),
    ('"true"', "true"),
    ("'it''s'", "it's"),
    ('"\\u00e9"', "é"),
]


@pytest.mark.parametrize(("written", "meant"), MEANINGS, ids=[repr(row[0]) for row in MEANINGS])
def test_a_word_means_what_its_author_means(written: str, meant: Any) -> None:  # noqa: ANN401
    root, problems = read_yaml(f"key: {written}\n")

    assert len(problems) == 0
    assert root.value["key"] == meant
    assert type(root.value["key"]) is type(meant)


REFUSED = [
    ".nan", ".NaN", ".inf", "-.inf", "1e999", "1e-41", "-1e41", "1e99999999999999999999",
    "9223372036854775808", "9" * 35, "1." + "0" * 34, "1" * 4_000, "0." + "1" * 4_000,
    "True", "FALSE", "Null",
]  # fmt: skip


@pytest.mark.parametrize("written", REFUSED, ids=lambda text: text[:20])
def test_a_word_that_could_mean_two_things_is_refused(written: str) -> None:
    _, problems = read_yaml(f"key: {written}\n")

    assert [mark.place for mark in problems.error().marks] == ["<text>:1:6"]


def test_keys_are_text_whatever_they_look_like() -> None:
    root, problems = read_yaml("on: 1\nno: 2\n010: 3\n1.10: 4\ntrue: 5\n'quoted': 6\n")

    assert len(problems) == 0
    assert list(root.value) == ["on", "no", "010", "1.10", "true", "quoted"]


def test_every_key_and_value_has_its_place() -> None:
    root, problems = read_yaml("a:\n  - b: 1\n    é😀: [x, y]\n")
    key = root.find(("a", 0)).keys["é😀"]
    value = root.find(("a", 0, "é😀", 1))

    assert problems.place(key.start) == (3, 5)
    assert problems.place(value.start) == (3, 13)
    assert root.find(("a", 7, "b")) is root.find(("a",))


@pytest.mark.parametrize("source", ["\ufeffa: 1\n", "\ufeffa: 1\n".encode()])
def test_a_byte_order_mark_is_fine(source: str | bytes) -> None:
    root, problems = read_yaml(source)

    assert root.value == {"a": 1}
    assert problems.place(root.keys["a"].start) == (1, 1)


def test_windows_line_ends_count_as_one() -> None:
    root, problems = read_yaml("a: 1\r\nb: 2\r\n")

    assert problems.place(root.keys["b"].start) == (2, 1)


def test_anchors_and_aliases_repeat_a_value() -> None:
    root, problems = read_yaml("a: &x {n: 1}\nb: *x\n")

    assert len(problems) == 0
    assert root.value == {"a": {"n": 1}, "b": {"n": 1}}


def test_aliases_cannot_make_a_file_larger_than_the_bound() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )

    with pytest.raises(DocumentError, match=rf"more than {NODES_MAX:_} values"):
        read_yaml(bomb)


TEXTS = [
    ("key: usage > limit\n", "limit"),
    ("key: 'it''s > limit'\n", "limit"),
    ('key: "a \\u00e9 \\" > limit"\n', "limit"),
    ("key: |\n  one\n  two > limit\n", "limit"),
    ("key: >\n  one\n  two > limit\n", "limit"),
    ("key: one\n  two\n  three > limit\n", "limit"),
    ('key: "one\n  two \\\n  three > limit"\n', "limit"),
    ("- key: [x, usage > limit]\n", "limit"),
    ("key: limit\n", "limit"),
]


@pytest.mark.parametrize(("text", "word"), TEXTS)
def test_a_character_of_a_text_is_found_in_its_file(text: str, word: str) -> None:
    root, problems = read_yaml(text)
    node = _last(root)

    offset = offset_of(problems.text, node, str(node.value).index(word))

    assert text[offset : offset + len(word)] == word


@given(st.text(alphabet="ab \n'\"\\{}[]#:-&*!|>%@`,?=~\t01é😀\u2028\x85", max_size=60))
def test_any_text_is_read_or_refused_with_a_place_inside_it(text: str) -> None:
    try:
        _, problems = read_yaml(text)
        problems.raise_if_any()
    except DocumentError as error:
        lines = problems_lines(text)
        for mark in error.marks:
            assert 1 <= mark.line <= len(lines) + 1
            assert mark.column >= 1
            assert "Error" not in mark.message


def problems_lines(text: str) -> list[str]:
    return text.splitlines() or [""]


def _last(node: Node) -> Node:
    while node.members or node.items:
        node = (node.items or list((node.members or {}).values()))[-1]
    return node
