"""What the tests of values share: schemas made on the spot, and strategies for what they hold."""

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model

from criterion.quantity import UNLIMITED, Quantity
from criterion.schema import Schema

REQUIRED: Final = Field()


def holding(kind: Any, field: Any = REQUIRED) -> type[Schema]:  # noqa: ANN401 -- any type of a field
    """Return a schema with one field, ``value``, of that kind."""
    return create_model("Holder", __base__=Schema, value=(kind, field))


def held(kind: Any, value: object, field: Any = REQUIRED) -> Any:  # noqa: ANN401
    """Return what a field of that kind makes of a value."""
    return value_of(holding(kind, field).model_validate({"value": value}))


def value_of(model: BaseModel) -> Any:  # noqa: ANN401
    """Return the one value that a holder holds."""
    return model.__dict__["value"]


class Colour(enum.StrEnum):
    """Members with a text as their value."""

    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    """Members with a number as their value."""

    LOW = 1
    HIGH = 2


class Mixed(enum.Enum):
    """Members with values of several kinds."""

    NAME = "x"
    NUMBER = 1


class Lenient(enum.Enum):
    """Members that are looked for by a rule of their own."""

    ONLY = 1

    @classmethod
    def _missing_(cls, value: object) -> "Lenient | None":
        return cls.ONLY if value == "one" else None


class Kind(NamedTuple):
    """A type of field, and what it may hold."""

    type: Any
    values: st.SearchStrategy[Any]


DECIMALS: Final = st.builds(
    lambda digits, power: Decimal(f"{digits}E{power}"),
    st.integers(-(10**34) + 1, 10**34 - 1),
    st.integers(-40, 40),
)
"""Decimals of up to 34 digits."""

QUANTITIES: Final = st.integers() | DECIMALS | st.just(UNLIMITED)
SHORT_QUANTITIES: Final = QUANTITIES.filter(lambda number: len(Decimal(number).as_tuple()[1]) <= 15)
"""Quantities that a JSON number holds; longer ones are shown as text."""
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
INSTANTS: Final = st.datetimes(timezones=st.just(dt.UTC))

SCALARS: Final = {
    "int": Kind(int, st.integers()),
    "float": Kind(float, st.floats(allow_nan=False, allow_infinity=False)),
    "decimal": Kind(Decimal, DECIMALS),
    "quantity": Kind(Quantity, SHORT_QUANTITIES),
    "bool": Kind(bool, st.booleans()),
    "str": Kind(str, TEXTS),
    "date": Kind(dt.date, st.dates()),
    "datetime": Kind(dt.datetime, INSTANTS),
    "time": Kind(dt.time, st.times()),
    "timedelta": Kind(
        dt.timedelta, st.timedeltas(dt.timedelta(days=-9_999), dt.timedelta(days=9_999))
    ),
    "uuid": Kind(uuid.UUID, st.uuids()),
    "str enum": Kind(Colour, st.sampled_from(Colour)),
    "int enum": Kind(Level, st.sampled_from(Level)),
}
COLLECTIONS: Final = {
    **{
        f"list of {name}": Kind(list[kind.type], st.lists(kind.values, max_size=3))  # type: ignore[name-defined]
        for name, kind in SCALARS.items()
    },
    **{
        f"mapping to {name}": Kind(
            dict[str, kind.type],  # type: ignore[name-defined]
            st.dictionaries(TEXTS, kind.values, max_size=3),
        )
        for name, kind in SCALARS.items()
    },
    "set of int": Kind(set[int], st.sets(st.integers(), max_size=3)),
    "tuple": Kind(tuple[int, str], st.tuples(st.integers(), TEXTS)),
    "long tuple": Kind(tuple[Decimal, ...], st.lists(DECIMALS, max_size=3).map(tuple)),
    "nullable": Kind(Decimal | None, DECIMALS | st.none()),
}
KINDS: Final = {**SCALARS, **COLLECTIONS}
