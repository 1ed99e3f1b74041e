"""Tests of units: exact conversion against pint, and what is refused."""

from decimal import Decimal

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.policy.amounts import Amount
from criterion.policy.unit_table import PLAIN, UNITS, WHOLE, Unit
from criterion.policy.units import Misfit, convert, read_amount, read_duration

MB = UNITS["MB"]

SPECIFIED = [
    ("1GB", "MB", "1000"),
    ("10MiB", "MB", "10.48576"),
    ("2000000bytes", "MB", "2"),
    ("1TiB", "GB", "1099.511627776"),
    ("8bits", "byte", "1"),
    ("1YiB", "YB", "1.208925819614629174706176"),
    ("100_000 KB", "MB", "100"),
    ("1.5hr", "min", "90"),
    ("1ns", "s", "0.000000001"),
    ("212F", "C", "100"),
    ("0K", "C", "-273.15"),
    ("1turn", "deg", "360"),
    ("-2e3m", "km", "-2"),
    ("7", "MB", "7"),
    ("100_000", "MB", "100000"),
]


@pytest.mark.parametrize(("text", "unit", "amount"), SPECIFIED, ids=[each[0] for each in SPECIFIED])
def test_text_with_a_unit_is_converted_exactly(text: str, unit: str, amount: str) -> None:
    assert read_amount(text, UNITS[unit]) == Decimal(amount)


PINT_NAMES = {
    "K": "kelvin", "C": "degC", "F": "degF", "B": "byte", "hr": "hour", "d": "day",
    "deg": "degree", "rad": "radian", "t": "metric_ton", "tonne": "metric_ton",
    "tonnes": "metric_ton", "celsius": "degC", "fahrenheit": "degF", "lbs": "pound",
    "grad": "grade", "grads": "grade", "KB": "kilobyte", "KiB": "kibibyte", "min": "minute",
    "h": "hour", "day": "day", "sec": "second",
}  # fmt: skip
BASES = {
    "memory": "bit", "time": "millisecond", "length": "meter", "mass": "gram",
    "temperature": "kelvin", "angle": "degree",
}  # fmt: skip


@pytest.fixture(scope="module")
def registry() -> "pint.UnitRegistry[Decimal]":
    return pint.UnitRegistry(non_int_type=Decimal, autoconvert_offset_to_baseunit=True)


MEASURES = [unit for unit in UNITS.values() if unit.dimension not in {"none", "whole"}]


@pytest.mark.parametrize("unit", MEASURES, ids=[unit.name for unit in MEASURES])
def test_every_factor_is_the_one_that_pint_knows(
    unit: Unit, registry: "pint.UnitRegistry[Decimal]"
) -> None:
    name = PINT_NAMES.get(unit.name, unit.name)

    known = registry.Quantity(Decimal(3), name).to(BASES[unit.dimension]).magnitude

    ours = (
        Decimal((3 * unit.factor + unit.zero).numerator) / (3 * unit.factor + unit.zero).denominator
    )
    assert abs(ours - known) <= abs(known) * Decimal("1e-20")


@given(st.sampled_from(MEASURES), st.sampled_from(MEASURES), st.integers(-(10**9), 10**9))
def test_converting_there_and_back_changes_nothing(unit: Unit, other: Unit, amount: int) -> None:
    if unit.dimension != other.dimension:
        return

    back = convert(convert(amount, unit, other), other, unit)

    assert abs(Decimal(back) - amount) <= Decimal("1e-12")


REFUSED: list[tuple[object, Unit, str]] = [
    ("5s", MB, "`5s` is time, and what is counted here is memory"),
    ("5s", PLAIN, "`5s` has a unit, and what is counted here has none"),
    ("5MB", WHOLE, "`5MB` has a unit, and what is counted here has none"),
    ("5Mb", MB, "`Mb` is not a unit"),
    ("5float", MB, "`float` is not a unit"),
    ("ten", PLAIN, "`ten` is not an amount"),
    ("", PLAIN, "`` is not an amount"),
    ("1__0", PLAIN, "`1__0` is not an amount"),
    ("٣", PLAIN, "`٣` is not an amount"),
    ("1" * 101, PLAIN, f"`{'1' * 99}…` is not an amount"),
    (1.5, WHOLE, "`1.5` is not whole"),
    ("1.5", WHOLE, "`1.5` is not whole"),
    (float("nan"), PLAIN, "`nan` is not a finite amount"),
    (Decimal("Infinity"), PLAIN, "`Infinity` is not a finite amount"),
    (2**63, PLAIN, "`9223372036854775808` is beyond the bounds of amounts"),
    (Decimal("1e-41"), PLAIN, "`1E-41` is beyond the bounds of amounts"),
    (Decimal("0." + "1" * 35), PLAIN, f"`0.{'1' * 35}` is beyond the bounds of amounts"),
]


@pytest.mark.parametrize(
    ("value", "unit", "message"),
    REFUSED,
    ids=[f"{value!s:.12}-{n}" for n, (value, _, _) in enumerate(REFUSED)],
)
def test_what_is_no_amount_is_a_value_that_says_why(
    value: object, unit: Unit, message: str
) -> None:
    found = read_amount(value, unit)

    assert isinstance(found, Misfit)
    assert found.message == message


@pytest.mark.parametrize("value", [True, None, b"1", [1]], ids=repr)
def test_a_wrong_kind_of_object_raises(value: object) -> None:
    with pytest.raises(TypeError, match="an amount is a number or a text"):
        read_amount(value, PLAIN)


NUMBERS: list[tuple[object, Unit, Amount]] = [
    (5, PLAIN, 5),
    (0.1, PLAIN, Decimal("0.1")),
    (2.0, WHOLE, 2),
    (Decimal("5.0"), PLAIN, 5),
    ("5.0", WHOLE, 5),
    (-3, MB, -3),
]


@pytest.mark.parametrize(
    ("value", "unit", "amount"), NUMBERS, ids=[repr(each[0]) for each in NUMBERS]
)
def test_a_number_is_in_the_unit_already(value: object, unit: Unit, amount: Amount) -> None:
    found = read_amount(value, unit)

    assert (found, type(found)) == (amount, type(amount))


DURATIONS = [("30days", 2_592_000_000), ("24hr", 86_400_000), ("5min", 300_000), ("1s", 1000),
             ("50ms", 50), (250, 250), ("1.5s", 1500), ("2weeks", 1_209_600_000)]  # fmt: skip


@pytest.mark.parametrize(("value", "ms"), DURATIONS, ids=[str(value) for value, _ in DURATIONS])
def test_durations_are_whole_milliseconds(value: object, ms: int) -> None:
    assert read_duration(value) == ms


@pytest.mark.parametrize("value", ["1us", 0.5, "3MB"], ids=str)
def test_what_is_no_whole_number_of_milliseconds_is_refused(value: object) -> None:
    assert isinstance(read_duration(value), Misfit)


def test_a_whole_number_of_any_length_is_no_amount_and_no_error() -> None:
    found = read_amount(10**5_000, PLAIN)

    assert isinstance(found, Misfit)
    assert found.message.endswith(" is beyond the bounds of amounts")
