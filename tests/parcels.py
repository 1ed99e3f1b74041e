"""What many tests run: the surcharge of a parcel, an engine that stands still, hostile text."""

from datetime import UTC, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from criterion.clock import FixedClock
from criterion.decision import Decision
from criterion.engine import Engine
from criterion.profiles import ProfileRegistry
from criterion.recorder import Recorder
from criterion.rule import OTHERWISE, Rule
from criterion.schema import NoProfile, Schema

NOON: Final = datetime(2026, 1, 31, 12, tzinfo=UTC)

TARIFF: Final = {"heavy_from_g": 10_000, "long_from_mm": 1_200, "fee_cents": 450}
LIGHT_PARCEL: Final = {"weight_g": 900, "length_mm": 300}
HEAVY_PARCEL: Final = {"weight_g": 12_000, "length_mm": 300}

HOSTILE_TEXT: Final = {
    "newline": "a\nb",
    "carriage return": "a\r\nb",
    "form feed": "a\x0bb\x0cc\x1cd",
    "next line": "a\x85b",
    "line separator": "a\u2028b\u2029c",
    "terminal escape": "\x1b[31mred\x1b[0m\x07",
    "one-byte terminal escape": "\x9b31mred",
    "override": "abc\u202ecba",
    "isolate": "\u2066abc\u2069",
    "arabic letter mark": "\u061cabc",
    "zero width": "a\u200bb\ufeffc",
    "tag characters": "a\U000e0041b",
    "null": "a\x00b",
    "lone surrogate": "a\ud800b",
    "element": "<script>alert('1')</script>",
    "attribute": '" onmouseover="alert(1)" x=\'y\'',
    "entity": "&lt;b&gt; &#x3c;",
    "markdown link": "[a](javascript:alert(1)) ![b](https://example.com/c.png)",
    "markdown code": "`a` **b** _c_ ~~d~~ | e | # f",
    "markdown autolink": "<https://example.com> https://example.com www.example.com a@example.com",
    "markdown list": "- a\n1. b\n> c",
}


class Parcel(Schema):
    """One packed parcel as measured at the depot."""

    weight_g: int = Field(gt=0, description="Gross weight, grams.")
    length_mm: int = Field(gt=0, description="Longest side, millimetres.")


class Tariff(Schema):
    """From where a parcel costs more, and how much."""

    heavy_from_g: int
    long_from_mm: int
    fee_cents: int


class Surcharge(Schema):
    """What is added to the base rate."""

    band: Literal["heavy", "long", "standard"]
    fee_cents: int


class Letter(Schema):
    """A text that somebody else wrote."""

    text: str


class Done(Schema):
    """Nothing but that it was decided."""

    done: bool = True


parcel_surcharge = Decision(
    id="parcel-surcharge",
    version="1.0.0",
    input=Parcel,
    profile=Tariff,
    output=Surcharge,
    rules=(
        Rule(
            id="heavy",
            when=lambda parcel, tariff: parcel.weight_g >= tariff.heavy_from_g,
            emit=lambda _, tariff: Surcharge(band="heavy", fee_cents=tariff.fee_cents),
            explain=lambda parcel, tariff: (
                f"{parcel.weight_g} g is in the heavy band (from {tariff.heavy_from_g} g)"
            ),
        ),
        Rule(
            id="long",
            when=lambda parcel, tariff: parcel.length_mm >= tariff.long_from_mm,
            emit=lambda _, tariff: {"band": "long", "fee_cents": tariff.fee_cents},
            explain=lambda parcel, tariff: (
                f"{parcel.length_mm} mm is in the long band (from {tariff.long_from_mm} mm)"
            ),
        ),
        Rule(
            id="standard",
            when=OTHERWISE,
            emit=lambda _, __: Surcharge(band="standard", fee_cents=0),
            explain=lambda _, __: "neither heavy nor long",
        ),
    ),
)


def engine(profiles: ProfileRegistry | None = None, recorder: Recorder | None = None) -> Engine:
    """Return an engine for which it is always noon."""
    return Engine(profiles=profiles, recorder=recorder, clock=FixedClock(NOON))


def decision_of(
    *rules: Rule[Any, Any, Any],
    input: type[BaseModel] = Parcel,
    profile: type[BaseModel] = NoProfile,
    output: type[BaseModel] = Done,
) -> Decision[Any, Any, Any]:
    """Return a decision with these rules."""
    return Decision(
        id="in-question",
        version="1.0.0",
        input=input,
        profile=profile,
        output=output,
        rules=rules,
    )


def rule_of(
    id: Any = "only",  # noqa: ANN401 -- also what no id should be
    when: Any = OTHERWISE,  # noqa: ANN401 -- also what no condition should be
    emit: Any = lambda _, __: {},  # noqa: ANN401 -- the same
    explain: Any = None,  # noqa: ANN401 -- the same
) -> Rule[Any, Any, Any]:
    """Return a rule that always matches and emits nothing, but for what is given."""
    return Rule(id=id, when=when, emit=emit, explain=explain)


def no(_: object, __: object) -> bool:
    """Never match."""
    return False


def yes(_: object, __: object) -> bool:
    """Match always."""
    return True
