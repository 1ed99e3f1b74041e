"""JSON text: every digit kept, one canonical text for equal data."""

import datetime as dt
import enum
import json
import random
import uuid
from collections import OrderedDict
from decimal import Decimal, localcontext
from types import MappingProxyType
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.frozen import freeze
from criterion.json_text import (
    WHOLE_BITS_MAX,
    Plain,
    builtin,
    canonical_json,
    digest_of,
    instant,
    json_text,
    plain,
)
from criterion.quantity import UNLIMITED
from criterion.redaction import Redacted
from tests.schemas import DECIMALS, KINDS, Colour, Level, holding

BERN: Final = dt.timezone(dt.timedelta(hours=2))


class _Number(int):
    pass


class _Pair(enum.Enum):
    BOTH = (1, "a")


PLAIN: Final[dict[str, tuple[object, object]]] = {
    "null": (None, None),
    "truth": (True, True),
    "text": ("a", "a"),
    "int": (3, 3),
    "int of a subclass": (_Number(3), 3),
    "float": (0.1, Decimal("0.1")),
    "whole float": (30.0, Decimal("30.0")),
    "tiny float": (5e-324, Decimal("5E-324")),
    "decimal": (Decimal("1.10"), Decimal("1.10")),
    "unlimited": (UNLIMITED, "unlimited"),
    "infinite float": (float("inf"), "unlimited"),
    "str enum": (Colour.RED, "red"),
    "int enum": (Level.HIGH, 2),
    "enum of a tuple": (_Pair.BOTH, [1, "a"]),
    "list": ([1, [2]], [1, [2]]),
    "tuple": ((1, 2), [1, 2]),
    "set": ({10, 9, 1}, [1, 10, 9]),
    "set of kinds": ({"b", 1, None}, ["b", 1, None]),
    "mapping": ({"a": {"b": 1}}, {"a": {"b": 1}}),
    "ordered mapping": (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
    "mapping that is no dictionary": (MappingProxyType({"a": 1}), {"a": 1}),
    "numbers as keys": ({1: 1, Decimal("0.5"): 2}, {"1": 1, "0.5": 2}),
    "other keys": ({True: 1, None: 2, (1, "a"): 3}, {"true": 1, "null": 2, '[1,"a"]': 3}),
    "enum as key": ({Colour.RED: 1}, {"red": 1}),
    "date as key": ({dt.date(2026, 1, 31): 1}, {"2026-01-31": 1}),
    "date": (dt.date(2026, 1, 31), "2026-01-31"),
    "instant": (dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC), "2026-01-31T12:00:00Z"),
    "instant elsewhere": (
        dt.datetime(2026, 1, 31, 12, 0, 0, 5, tzinfo=BERN), "2026-01-31T12:00:00.000005+02:00",
    ),
    "time": (dt.time(12, 30), "12:30:00"),
    "duration": (dt.timedelta(seconds=90), "PT90S"),
    "duration of parts": (dt.timedelta(microseconds=1_500_000), "PT1.5S"),
    "no duration": (dt.timedelta(0), "PT0S"),
    "duration backwards": (dt.timedelta(seconds=-1.5), "-PT1.5S"),
    "the longest duration": (dt.timedelta.max, "PT86399999999999.999999S"),
    "the longest duration backwards": (dt.timedelta.min, "-PT86399999913600S"),
    "uuid": (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    "bytes": (b"a\xff", r"a\xff"),
    "redacted": (Redacted("mask"), "[redacted]"),
    "hashed": (Redacted("hash"), "[redacted]"),
    "dropped members": ({"a": Redacted("drop"), "b": 1}, {"b": 1}),
    "dropped items": ([Redacted("drop"), 1], [1]),
    "frozen": (freeze({"a": [1]}), {"a": [1]}),
}  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), PLAIN.values(), ids=PLAIN)
def test_a_value_has_one_plain_form(value: object, expected: object) -> None:
    shown = plain(value)

    assert shown == expected
    assert type(shown) is type(expected)


FORMLESS: Final[dict[str, object]] = {
    "object": object(),
    "class": int,
    "NaN": float("nan"),
    "NaN decimal": Decimal("NaN"),
    "signalling NaN": Decimal("sNaN"),
    "minus infinity": float("-inf"),
    "minus infinite decimal": -UNLIMITED,
    "inside": [{"a": object()}],
    "as key": {object(): 1},
}


@pytest.mark.parametrize("value", FORMLESS.values(), ids=FORMLESS)
def test_what_has_no_form_is_refused_or_made_into_text(value: object) -> None:
    with pytest.raises(TypeError, match="has no form in JSON"):
        plain(value)

    assert "other" in json_text(plain(value, lambda _: "other"))


TEXTS: Final[dict[str, tuple[Plain, str, str]]] = {
    "null": (None, "null", "null"),
    "truth": ([True, False], "[true,false]", "[true,false]"),
    "text": ('a"\\\n', r'"a\"\\\n"', r'"a\"\\\n"'),
    "text beyond ASCII": ("é\u2028", r'"\u00e9\u2028"', r'"\u00e9\u2028"'),
    "lone surrogate": ("\ud800", r'"\ud800"', r'"\ud800"'),
    "int": (-3, "-3", "-3"),
    "decimal": (Decimal("1.10"), "1.10", "1.1"),
    "power": (Decimal("1E+3"), "1E+3", "1000"),
    "zero": (Decimal("0.00"), "0.00", "0"),
    "minus zero": (Decimal("-0"), "-0", "0"),
    "34 digits": (
        Decimal("0.1234567890123456789012345678901234"),
        "0.1234567890123456789012345678901234",
        "0.1234567890123456789012345678901234",
    ),
    "largest plain power": (Decimal("1E+40"), "1E+40", "1" + "0" * 40),
    "larger power": (Decimal("10E+40"), "1.0E+41", "1E+41"),
    "smallest plain power": (Decimal("1E-40"), "1E-40", "0." + "0" * 39 + "1"),
    "smaller power": (Decimal("10E-42"), "1.0E-41", "1E-41"),
    "huge power": (Decimal("10E+999999"), "1.0E+1000000", "1E+1000000"),
    "mapping": ({"b": 1, "a": [2]}, '{"b":1,"a":[2]}', '{"a":[2],"b":1}'),
    "nothing in it": ([[], {}], "[[],{}]", "[[],{}]"),
    "keys to escape": ({'"': 1}, r'{"\"":1}', r'{"\"":1}'),
}


@pytest.mark.parametrize(("value", "text", "canonical"), TEXTS.values(), ids=TEXTS)
def test_plain_data_has_its_texts(value: Plain, text: str, canonical: str) -> None:
    assert json_text(value) == text
    assert canonical_json(value) == canonical


def test_a_number_of_5000_digits_keeps_them() -> None:
    assert json_text(10**5_000) == f"1{'0' * 5_000}"
    assert canonical_json([10**5_000]) == f"[{Decimal(10**5_000).normalize()}]"


BUILTIN: Final[dict[str, tuple[Plain, object]]] = {
    "whole decimal": (Decimal("30.0"), 30),
    "decimal": (Decimal("0.1"), 0.1),
    "decimal of 34 digits": (Decimal("0.1234567890123456789012345678901234"), 0.12345678901234568),
    "decimal beyond floats": (Decimal("1E+999"), "1E+999"),
    "tiny decimal": (Decimal("1E-999"), 0.0),
    "long int": (10**5_000, str(Decimal(10**5_000))),
    "longest int": (2**WHOLE_BITS_MAX - 1, 2**WHOLE_BITS_MAX - 1),
    "nested": ({"a": [Decimal("0.5")]}, {"a": [0.5]}),
    "others": ([None, True, "a", 1], [None, True, "a", 1]),
}


@pytest.mark.parametrize(("value", "expected"), BUILTIN.values(), ids=BUILTIN)
def test_builtin_data_is_what_json_dumps_takes(value: Plain, expected: object) -> None:
    shown = builtin(value)

    assert shown == expected
    assert type(shown) is type(expected)
    assert json.loads(json.dumps(shown)) == expected


def test_an_instant_in_utc_ends_in_z() -> None:
    assert instant(dt.datetime(2026, 1, 31, tzinfo=dt.UTC)) == "2026-01-31T00:00:00Z"
    assert instant(dt.datetime(2026, 1, 31, tzinfo=BERN)) == "2026-01-31T00:00:00+02:00"


def test_a_digest_is_a_labelled_sha256() -> None:
    assert digest_of({}) == (
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )
    assert digest_of({"a": 1}) == (
        "sha256:015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
    )


DIFFERENT: Final[list[Plain]] = [
    None, False, True, 0, 1, "", "1", "null", [], {}, [None], [[]], {"": None}, ["a", "b"], ["ab"],
    {"a": 1}, {"a": "1"}, {"a": [1]}, Decimal("0.1"), Decimal("0.10000000000000000001"),
    "unlimited",
]  # fmt: skip


def test_different_data_has_different_digests() -> None:
    assert len({digest_of(value) for value in DIFFERENT}) == len(DIFFERENT)


SCALARS: Final = st.none() | st.booleans() | st.integers() | DECIMALS | st.text()
DATA: Final = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(DATA)
def test_text_reads_back_as_the_data(value: Any) -> None:  # noqa: ANN401 -- plain data
    for text in (json_text(value), canonical_json(value)):
        assert json.loads(text, parse_float=Decimal) == value
        assert text.isascii()
        assert len(text.splitlines()) == 1


@given(DATA)
def test_text_is_the_same_beside_a_decimal_that_pythons_own_writer_refuses(value: Any) -> None:  # noqa: ANN401
    assert json_text([value, Decimal("0.5")]) == f"[{json_text(value)},0.5]"


@given(DATA, st.randoms(use_true_random=False))
def test_equal_data_has_one_canonical_text(value: Any, chance: random.Random) -> None:  # noqa: ANN401
    other = _disguised(value, chance)

    assert other == value
    assert canonical_json(other) == canonical_json(value)
    assert digest_of(other) == digest_of(value)


def _disguised(value: Any, chance: random.Random) -> Any:  # noqa: ANN401 -- the same data
    """Return equal data that looks different: keys in another order, numbers with more zeros."""
    if isinstance(value, dict):
        members = [(key, _disguised(item, chance)) for key, item in value.items()]
        chance.shuffle(members)
        return dict(members)
    if isinstance(value, list):
        return [_disguised(item, chance) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(f"{value}.{'0' * chance.randrange(3)}")
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


@given(DATA)
def test_canonical_text_is_its_own_canonical_text(value: Any) -> None:  # noqa: ANN401 -- plain data
    text = canonical_json(value)

    assert canonical_json(json.loads(text, parse_float=Decimal)) == text


@given(DATA)
def test_builtin_data_is_always_json(value: Any) -> None:  # noqa: ANN401 -- plain data
    assert json.dumps(builtin(value), allow_nan=False)


@given(DATA, st.sampled_from([1, 3, 28]))
def test_the_callers_precision_changes_nothing(value: Any, digits: int) -> None:  # noqa: ANN401
    expected = json_text(plain(value)), canonical_json(plain(value)), builtin(plain(value))

    with localcontext(prec=digits, Emax=9, Emin=-9):
        found = json_text(plain(value)), canonical_json(plain(value)), builtin(plain(value))

    assert found == expected


@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_what_a_schema_dumps_is_read_by_it_again(data: st.DataObject, name: str) -> None:
    schema = holding(KINDS[name].type)
    model = schema.model_validate({"value": data.draw(KINDS[name].values)})

    text = json_text(plain(model.model_dump()))

    assert schema.model_validate_json(text) == model
