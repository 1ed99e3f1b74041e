"""JSON input: exact, and strict where JSON readers usually are not."""

from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.errors import JsonError
from criterion.json_input import DEPTH_MAX, read_json
from criterion.json_text import Plain, json_text

READ: Final[list[tuple[str | bytes, Any]]] = [
    ("1", 1),
    ("0.10", Decimal("0.10")),
    ("1e2", Decimal(100)),
    ("1e999", Decimal("1e999")),
    ("1e-1000", Decimal("1e-1000")),
    ('{"a": [null, true, "x"]}', {"a": [None, True, "x"]}),
    (b"\xef\xbb\xbf[]", []),
    ('"\\u00e9"', "é"),
    ('"\\ud83d\\ude00"', "\U0001f600"),
    ("12345678901234567890.123456789", Decimal("12345678901234567890.123456789")),
]

REFUSED: Final[list[tuple[str | bytes, str]]] = [
    ("", "not JSON: expecting value"),
    ("{'a': 1}", "not JSON: expecting property name enclosed in double quotes"),
    ("[1] [2]", "not JSON: extra data"),
    ("NaN", "not JSON: `NaN` is no number"),
    ("[-Infinity]", "not JSON: `-Infinity` is no number"),
    ('{"a": 1, "b": 2, "a": 1}', "not readable: the key `a` stands twice in one object"),
    ("[" * 100_000, "not readable: nests too deep"),
    (
        "[" * (DEPTH_MAX + 1) + "1" + "]" * (DEPTH_MAX + 1),
        f"not readable: nests deeper than {DEPTH_MAX} levels",
    ),
    ("1" * 5_000, "not readable: the number `11111111111111111111`… is too long"),
    ("1e9999999999999999999", "beyond all bounds"),
    ("1e999999999", "not readable: the number `1e999999999` is beyond all bounds"),
    ("[-1E+1000]", "not readable: the number `-1E+1000` is beyond all bounds"),
    ("1e-1001", "not readable: the number `1e-1001` is beyond all bounds"),
    ("0e999999999", "not readable: the number `0e999999999` is beyond all bounds"),
    (b'"\xff"', "not JSON: the text is not UTF-8"),
    ('"\\ud83d"', "not readable: a text holds half of a character"),
    ('{"a": [{"\\uDE00\\ud83d": 1}]}', "half of a character"),
]


@pytest.mark.parametrize(("text", "value"), READ, ids=str)
def test_json_is_read_with_every_digit(text: str | bytes, value: object) -> None:
    assert read_json(text) == value
    assert type(read_json(text)) is type(value)


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text for _, text in REFUSED])
def test_doubtful_json_is_refused(text: str | bytes, message: str) -> None:
    with pytest.raises(JsonError) as caught:
        read_json(text)

    assert message in str(caught.value)


def test_a_mistake_has_its_line_and_column() -> None:
    with pytest.raises(JsonError) as caught:
        read_json('{\n  "a": x\n}')

    assert (caught.value.line, caught.value.column) == (2, 8)


def test_the_deepest_that_is_read() -> None:
    value = read_json("[" * DEPTH_MAX + "1" + "]" * DEPTH_MAX)

    assert str(value).count("[") == DEPTH_MAX


PLAIN: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(PLAIN)
def test_what_is_written_is_read_again(value: Plain) -> None:
    assert read_json(json_text(value)) == value


SHORT: Final = st.text('{}":,.-+eE 019atrufalsn\\\x01\x7féu\n', max_size=30).map(
    lambda text: f'{{"a": {text}}}'
)
ANY: Final = st.dictionaries(st.text(max_size=3), PLAIN | st.decimals(allow_nan=False), max_size=3)


@given(SHORT | ANY.map(json_text) | ANY.map(lambda value: f'{{"a": 1, {json_text(value)[1:]}'))
def test_bytes_are_read_as_their_text_is(text: str) -> None:
    assert _read(text.encode("utf-8", "replace")) == _read(
        text.encode("utf-8", "replace").decode("utf-8")
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a": "b:c"}',
        '{"a": 1, "a": "b:c", "d": "e"}',
        '{"a": 1.0}',
        '{"a": -0}',
        '{"a": NaN}',
        '{"a": {"b": 1}, "c": []}',
        '{"a": "\\ud83d"}',
        '{"a": "\x7f"}',
        f'{{"a": {"9" * 900}}}',
        f'{{"a": {"9" * 1_001}}}',
        "{}",
        "[]",
        '{"a": 1} ',
        '{"a": true, "b": null, "c": "é"}',
    ],
    ids=ascii,
)
def test_bytes_at_the_border_are_read_as_their_text_is(text: str) -> None:
    assert _read(text.encode()) == _read(text)


def _read(text: str | bytes) -> str:
    """Return what is read, types and all, or why it is refused."""
    try:
        return repr(read_json(text))
    except JsonError as error:
        return str(error)
