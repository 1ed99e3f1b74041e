"""What the tests of checks share: schemas of an order desk, and how a check is read."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from criterion.expression.check import check
from criterion.expression.parse import parse, parse_text
from criterion.expression.schema_types import type_of_schema
from criterion.expression.scope import Scope
from criterion.expression.tree import Body, Clause, Constant, Expression, Let, Text
from criterion.quantity import Quantity
from criterion.redaction import Redact
from criterion.schema import Schema

Plan = Literal["free", "starter", "pro", "enterprise"]


class Address(Schema):
    """Where a parcel goes."""

    city: str
    zip: str | None = None


class Line(Schema):
    """One line of an order."""

    sku: str
    price: Decimal
    count: int
    note: str | None = None


class Order(Schema):
    """The facts."""

    plan: Plan
    usage: int = Field(ge=0)
    weight_g: int = Field(default=1, ge=0, title="weight")
    share: Decimal
    limit: int | None = None
    active: bool
    tags: list[str]
    lines: list[Line]
    born: dt.date
    at: dt.datetime
    address: Address
    billing: Address | None = None
    secret: Annotated[str, Redact("mask")]
    thing: int | str


class Tariff(Schema):
    """The profile."""

    warn_at: Annotated[Decimal, Field(gt=0, le=1)]
    limits: dict[Plan, Quantity]
    next_plan: dict[str, str]
    cap: Quantity
    blocked: list[str]


class Answer(Schema):
    """The output."""

    allowed: bool
    message: str
    left: int = 0
    remaining: Quantity = 0
    share: Annotated[Decimal, Field(ge=0, le=1)] = Decimal(0)
    plan: Plan | None = None
    day: dt.date | None = None
    tags: list[str] = []  # noqa: RUF012 -- pydantic copies it
    address: Address | None = None


INPUT: Final = type_of_schema(Order)
PROFILE: Final = type_of_schema(Tariff)
OUTPUT: Final = type_of_schema(Answer)
SCOPE: Final = Scope(names={"input": INPUT, "profile": PROFILE})

FACTS: Final[dict[str, Any]] = {
    "input": {
        "plan": "pro",
        "usage": 3,
        "weight_g": 250,
        "share": Decimal("0.5"),
        "limit": None,
        "active": True,
        "tags": ["new", "vip"],
        "lines": [
            {"sku": "a", "price": Decimal("1.50"), "count": 2, "note": None},
            {"sku": "b", "price": Decimal(2), "count": 1, "note": "gift"},
        ],
        "born": dt.date(2001, 2, 3),
        "at": dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC),
        "address": {"city": "Ghent", "zip": None},
        "billing": None,
        "secret": "marker",
        "thing": 1,
    },
    "profile": {
        "warn_at": Decimal("0.8"),
        "limits": {"free": 1, "pro": 10, "enterprise": Decimal("Infinity")},
        "next_plan": {"free": "starter"},
        "cap": Decimal("Infinity"),
        "blocked": ["mallory"],
    },
}


def mistakes(source: str, scope: Scope = SCOPE) -> list[str]:
    """Return the mistakes of an expression: kind, column, message and hint in one line each."""
    found = check(parse(source), scope).mistakes
    return [f"{one.kind} {one.at}: {one.message} ({one.hint})" for one in found]


def kinds(source: str, scope: Scope = SCOPE) -> list[str]:
    """Return the kinds of the mistakes of an expression."""
    return [one.kind for one in check(parse(source), scope).mistakes]


def body(*clauses: Clause, **lets: str) -> Body:
    """Return a body of clauses and lets."""
    made = tuple(Let(name=name, value=parse(source)) for name, source in lets.items())
    return Body(lets=made, clauses=clauses)


def clause(id: str, when: str, explain: str | None = None, **emit: object) -> Clause:
    """Return a clause; an emitted text that begins with ``=`` is an expression."""
    reason = None if explain is None else parse_text(explain)
    return Clause(
        id=id,
        when=None if when == "otherwise" else parse(when),
        emit=tuple((name, emitted(value)) for name, value in emit.items()),
        explain=reason if isinstance(reason, Text) else None,
    )


def emitted(value: Any) -> Expression:  # noqa: ANN401
    """Return the tree of what a file would emit."""
    if isinstance(value, str):
        return parse(value[1:]) if value.startswith("=") else parse_text(value)
    return Constant(at=1, end=2, value=value)
