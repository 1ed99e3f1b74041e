"""Functions: what each returns and how it fails, called as an expression calls it."""

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Final

import pytest

from criterion.expression.functions import FUNCTIONS
from criterion.expression.interpret import interpret
from criterion.expression.parse import parse
from criterion.expression.types import ANY, DATE, INTEGER, NULL, NUMBER, QUANTITY, TEXT, Type

UNLIMITED: Final = Decimal("Infinity")
FACTS: Final = {
    "text": "Straße", "names": ["a", "b"], "table": {"a": 1, "gone": None}, "nothing": None,
    "day": dt.date(2026, 3, 1), "leap": dt.date(2024, 2, 29), "end": dt.date(9999, 12, 31),
    "noon": dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC),
    "late": dt.datetime(2026, 3, 1, 23, 30, 0, 500_000, dt.timezone(dt.timedelta(hours=-2))),
    "naive": dt.datetime(2026, 3, 1),  # noqa: DTZ001 -- what a schema would have refused
}  # fmt: skip

ANSWERS: Final = [
    ("abs(-1.5)", Decimal("1.5")),
    ("min(3, 1.5, 2)", Decimal("1.5")),
    ("max(3, unlimited)", UNLIMITED),
    ("min(input.day, input.leap)", dt.date(2024, 2, 29)),
    ("round(2.5)", 3),
    ("round(-0.125, 2)", Decimal("-0.13")),
    ("floor(-0.5)", -1),
    ("ceil(unlimited)", UNLIMITED),
    ("len(input.text)", 6),
    ("len(input.names)", 2),
    ("len(input.table)", 2),
    ("lower(input.text)", "straße"),
    ("upper(input.text)", "STRASSE"),
    ('startswith(input.text, "Str")', True),
    ('endswith(input.text, "")', True),
    ('contains(input.text, "raß")', True),
    ('get(input.table, "a", 0)', 1),
    ('get(input.table, "b", 0)', 0),
    ('get(input.table, "gone", 0)', None),
    ("days_between(input.leap, input.day)", 731),
    ("days_between(input.day, input.late)", 1),
    ("seconds_between(input.noon, input.late)", Decimal("48600.5")),
    ("seconds_between(input.late, input.late)", 0),
    ('date("2026-02-28")', dt.date(2026, 2, 28)),
    ("date(input.late)", dt.date(2026, 3, 2)),
    ('datetime("2026-03-01t14:00+02:00") == input.noon', True),
    ('datetime("2026-03-01T12:00:00Z") == input.noon', True),
    ("add_days(input.day, -1)", dt.date(2026, 2, 28)),
    ("add_days(input.noon, 1) > input.noon", True),
]  # fmt: skip

FAILURES: Final = [
    ("abs(input.text)", "type"),
    ("abs(input.nothing)", "null"),
    ("min(1, input.day)", "type"),
    ("max(input.day, input.noon)", "type"),
    ("min(input.text, input.text)", "type"),
    ("round(1, 0.5)", "not_whole"),
    ("len(5)", "type"),
    ("lower(5)", "type"),
    ("startswith(input.text, input.nothing)", "null"),
    ("contains(input.names, input.text)", "type"),
    ('get(input.names, "a", 0)', "type"),
    ("get(input.table, input.names, 0)", "type"),
    ('date("2026-02-30")', "not_a_date"),
    ('date("20260228")', "not_a_date"),
    ('date("2026-W09-6")', "not_a_date"),
    ("date(5)", "type"),
    ('datetime("2026-03-01T12:00:00")', "not_a_date"),
    ("datetime(input.naive)", "not_a_date"),
    ("date(input.naive)", "not_a_date"),
    ("datetime(input.day)", "type"),
    ("add_days(input.end, 1)", "overflow"),
    ("add_days(input.day, 10 ** 15)", "overflow"),
    ("add_days(input.day, 0.5)", "not_whole"),
    ("days_between(input.text, input.day)", "type"),
    ("seconds_between(input.day, input.noon)", "type"),
    ("bucket(5, input.text)", "type"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "answer"), ANSWERS)
def test_a_function_answers(source: str, answer: object) -> None:
    reached, _ = interpret(parse(source), {"input": FACTS}, {})

    assert reached.failure is None
    assert (type(reached.value), reached.value) == (type(answer), answer)


@pytest.mark.parametrize(("source", "code"), FAILURES)
def test_a_function_fails_with_a_code(source: str, code: str) -> None:
    reached, _ = interpret(parse(source), {"input": FACTS}, {})

    assert reached.failure is not None
    assert reached.failure.code == code


def test_a_bucket_follows_from_the_text_and_the_salt() -> None:
    raw = hashlib.sha256(b"rollout\0user-1").digest()[:8]

    drawn = FUNCTIONS["bucket"].call("user-1", "rollout")

    assert drawn == Decimal(int.from_bytes(raw, "big") % 1_000_000) / 10_000
    assert isinstance(drawn, Decimal)


def test_buckets_are_spread_evenly() -> None:
    drawn = [FUNCTIONS["bucket"].call(f"user-{number}", "salt") for number in range(4_000)]

    assert all(0 <= place < 100 for place in drawn)
    assert 900 < sum(place < 25 for place in drawn) < 1_100


def test_a_text_that_is_no_unicode_has_a_bucket_too() -> None:
    assert 0 <= FUNCTIONS["bucket"].call("\ud800", "salt") < 100


TYPES: Final = [
    ("abs", (INTEGER,), INTEGER),
    ("abs", (QUANTITY,), QUANTITY),
    ("min", (INTEGER, NUMBER), NUMBER),
    ("max", (DATE, DATE), DATE),
    ("round", (NUMBER,), INTEGER),
    ("round", (NUMBER, INTEGER), NUMBER),
    ("floor", (QUANTITY,), QUANTITY),
    ("add_days", (DATE, INTEGER), DATE),
    ("get", (Type(kind="mapping", item=TEXT), TEXT, TEXT), TEXT),
    ("get", (Type(kind="mapping", item=TEXT), TEXT, NULL), Type(kind="text", nullable=True)),
    ("get", (Type(kind="mapping", item=INTEGER), TEXT, NUMBER), NUMBER),
    ("get", (ANY, TEXT, TEXT), ANY),
]


@pytest.mark.parametrize(("name", "given", "returned"), TYPES)
def test_a_function_says_what_it_returns(
    name: str, given: tuple[Type, ...], returned: Type
) -> None:
    assert FUNCTIONS[name].returns(given) == returned


def test_the_list_of_functions_is_closed() -> None:
    assert list(FUNCTIONS) == [
        "abs", "min", "max", "round", "floor", "ceil", "len", "lower", "upper", "startswith",
        "endswith", "contains", "get", "days_between", "seconds_between", "date", "datetime",
        "add_days", "bucket",
    ]  # fmt: skip
