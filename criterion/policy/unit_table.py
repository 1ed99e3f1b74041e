"""The units that amounts may have, each with an exact factor to the base of its dimension.

Source:
    The International System of Units, 9th edition; IEC 80000-13 for binary prefixes; the
    international yard and pound agreement of 1959 for the others.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

Dimension: TypeAlias = Literal[
    "none", "whole", "memory", "time", "length", "mass", "temperature", "angle"
]


class Unit(NamedTuple):
    """What the amounts of a credit are counted in.

    Attributes:
        name: As policies write it.
        dimension: Units of one dimension convert into one another. ``"none"`` and ``"whole"`` are
            counts without a unit.
        factor: How many base units one of it is: bits, ms, m, g, K, degrees.
        zero: Where its zero stands, in base units; only temperatures have one.
    """

    name: str
    dimension: Dimension
    factor: Fraction = Fraction(1)
    zero: Fraction = Fraction(0)


PLAIN: Final = Unit("float", "none")
"""Numbers without a unit."""

WHOLE: Final = Unit("int", "whole")
"""Whole numbers without a unit."""

_PREFIXES: Final = ("K", "M", "G", "T", "P", "E", "Z", "Y")

# Half a circle in degrees over pi, to 40 digits: the one factor that no fraction is equal to.
_RADIAN: Final = Fraction("57.29577951308232087679815481410517033240547")

_NAMES: Final[Mapping[Dimension, Mapping[str, Fraction]]] = {
    "time": {
        "ns": Fraction(1, 10**6),
        "nanosecond nanoseconds": Fraction(1, 10**6),
        "us µs microsecond microseconds": Fraction(1, 1000),
        "ms millisecond milliseconds": Fraction(1),
        "s sec second seconds": Fraction(1000),
        "min minute minutes": Fraction(60_000),
        "hr h hour hours": Fraction(3_600_000),
        "day days d": Fraction(86_400_000),
        "week weeks": Fraction(7 * 86_400_000),
    },
    "length": {
        "nm nanometer nanometers": Fraction(1, 10**9),
        "um µm micrometer micrometers": Fraction(1, 10**6),
        "mm millimeter millimeters": Fraction(1, 1000),
        "cm centimeter centimeters": Fraction(1, 100),
        "dm decimeter decimeters": Fraction(1, 10),
        "m meter meters": Fraction(1),
        "km kilometer kilometers": Fraction(1000),
        "in inch inches": Fraction("0.0254"),
        "ft foot feet": Fraction("0.3048"),
        "yd yard yards": Fraction("0.9144"),
        "mi mile miles": Fraction("1609.344"),
    },
    "mass": {
        "ng nanogram nanograms": Fraction(1, 10**9),
        "ug µg microgram micrograms": Fraction(1, 10**6),
        "mg milligram milligrams": Fraction(1, 1000),
        "g gram grams": Fraction(1),
        "kg kilogram kilograms": Fraction(1000),
        "t tonne tonnes": Fraction(10**6),
        "oz ounce ounces": Fraction("28.349523125"),
        "lb lbs pound pounds": Fraction("453.59237"),
    },
    "angle": {
        "deg degree degrees": Fraction(1),
        "rad radian radians": _RADIAN,
        "grad grads": Fraction(9, 10),
        "turn turns": Fraction(360),
        "arcmin arcminute arcminutes": Fraction(1, 60),
        "arcsec arcsecond arcseconds": Fraction(1, 3600),
    },
}

_TEMPERATURES: Final[Mapping[str, tuple[Fraction, Fraction]]] = {
    "K kelvin": (Fraction(1), Fraction(0)),
    "C celsius": (Fraction(1), Fraction("273.15")),
    "F fahrenheit": (Fraction(5, 9), Fraction("459.67") * 5 / 9),
}


def _memory() -> Iterator[Unit]:
    for names, bits in (("bit bits", 1), ("byte bytes B", 8)):
        yield from (Unit(name, "memory", Fraction(bits)) for name in names.split())
    for power, prefix in enumerate(_PREFIXES, 1):
        yield Unit(f"{prefix}B", "memory", Fraction(8 * 1000**power))
        yield Unit(f"{prefix}iB", "memory", Fraction(8 * 1024**power))


def _all() -> Iterator[Unit]:
    yield from (PLAIN, WHOLE)
    yield from _memory()
    for dimension, units in _NAMES.items():
        for names, factor in units.items():
            yield from (Unit(name, dimension, factor) for name in names.split())
    for names, (factor, zero) in _TEMPERATURES.items():
        yield from (Unit(name, "temperature", factor, zero) for name in names.split())


UNITS: Final[Mapping[str, Unit]] = MappingProxyType({unit.name: unit for unit in _all()})
"""Every unit by each of its names."""
