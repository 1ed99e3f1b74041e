"""Text for people: one line without surprises, lists of words, suggestions."""

import unicodedata
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.text import LINE_LENGTH_MAX, code, did_you_mean, listing, one_line
from tests.parcels import HOSTILE_TEXT

ESCAPED: Final = {
    "newline": ("a\nb", r"a\nb"),
    "carriage return": ("a\rb", r"a\rb"),
    "tab": ("a\tb", r"a\tb"),
    "null": ("a\x00b", r"a\x00b"),
    "escape": ("\x1b[31m", r"\x1b[31m"),
    "one-byte escape": ("\x9b31m", r"\x9b31m"),
    "next line": ("a\x85b", r"a\x85b"),
    "line separator": ("a\u2028b", r"a\u2028b"),
    "paragraph separator": ("a\u2029b", r"a\u2029b"),
    "override": ("a\u202eb", r"a\u202eb"),
    "isolate": ("a\u2066b", r"a\u2066b"),
    "zero width": ("a\u200bb", r"a\u200bb"),
    "mark of byte order": ("a\ufeffb", r"a\ufeffb"),
    "soft hyphen": ("a\xadb", r"a\xadb"),
    "lone surrogate": ("a\ud800b", r"a\ud800b"),
    "tag": ("a\U000e0041b", r"a\U000e0041b"),
}
KEPT: Final = {
    "nothing": "",
    "plain": "over the limit",
    "accents": "Zürich, Łódź",
    "combined": "e\u0301",
    "Chinese": "超过限额",
    "Hebrew": "שלום",
    "emoji": "🎉",
    "joined emoji": "👩\u200d💻",
    "blank that does not break": "1\xa0000",
    "narrow blank": "1\u202f000",
    "backslash": r"a\nb",
    "markup": "<b>&amp;</b>",
}


@pytest.mark.parametrize(("text", "expected"), ESCAPED.values(), ids=ESCAPED)
def test_what_could_mislead_a_reader_is_escaped(text: str, expected: str) -> None:
    assert one_line(text) == expected


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_what_people_write_is_kept(text: str) -> None:
    assert one_line(text) == text


@pytest.mark.parametrize("text", HOSTILE_TEXT.values(), ids=HOSTILE_TEXT)
def test_hostile_text_becomes_one_harmless_line(text: str) -> None:
    line = one_line(text)

    assert len(line.splitlines()) <= 1
    assert not [character for character in line if _is_unsafe(character)]


def _is_unsafe(character: str) -> bool:
    """Whether it ends a line, commands a terminal, or changes the direction of others."""
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in _DIRECTIONS
    )


_DIRECTIONS: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text() | st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_no_text_is_more_than_one_harmless_line(text: str) -> None:
    line = one_line(text)

    assert len(line.splitlines()) <= 1
    assert not [character for character in line if _is_unsafe(character)]
    assert one_line(line) == line


def test_no_single_character_is_both_kept_and_unsafe() -> None:
    every = map(chr, range(0x110000))

    assert [each for each in every if _is_unsafe(each) and one_line(each) == each] == []


@pytest.mark.parametrize(
    ("length", "limit", "expected"),
    [(9, 10, "x" * 9), (10, 10, "x" * 10), (11, 10, "x" * 9 + "…"), (1_000, 1, "…")],
)
def test_long_text_is_cut(length: int, limit: int, expected: str) -> None:
    assert one_line("x" * length, limit) == expected


def test_there_is_a_limit_without_naming_one() -> None:
    assert len(one_line("x" * (LINE_LENGTH_MAX + 1))) == LINE_LENGTH_MAX


def test_a_word_of_the_user_stands_in_backticks() -> None:
    assert code("weight_g") == "`weight_g`"
    assert code("a\nb") == r"`a\nb`"
    assert len(code("x" * 1_000)) == 102


@pytest.mark.parametrize(
    ("words", "expected"),
    [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")],
    ids=len,
)
def test_words_are_listed_as_in_a_sentence(words: list[str], expected: str) -> None:
    assert listing(words) == expected
    assert listing(iter(words)) == expected
    assert listing(words, "and") == expected.replace(" or ", " and ")


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("wieght_g", ["weight_g", "length_mm"], "did you mean `weight_g`?"),
        ("plan", ["plan_name", "plans"], "did you mean `plans`?"),
        ("zzz", ["weight_g"], None),
        ("weight_g", [], None),
        ("", ["weight_g"], None),
        ("x" * 10_000, ["x" * 100], f"did you mean `{'x' * 100}`?"),
    ],
    ids=["swapped letters", "nearest", "nothing near", "nothing known", "no word", "long word"],
)
def test_the_nearest_known_word_is_suggested(
    word: str, known: list[str], expected: str | None
) -> None:
    assert did_you_mean(word, known) == expected
