"""Decisions in Python are searched: what facts show is found, and nothing is proven."""

from typing import Annotated

from pydantic import Field

from criterion import Decision, Rule, Schema
from criterion.analysis import lint


class Parcel(Schema):
    """A parcel."""

    weight_g: Annotated[int, Field(ge=1, le=1_000)]


class Tariff(Schema):
    """The numbers it is weighed by."""

    heavy_from_g: int


class Band(Schema):
    """What it is."""

    band: str


weighed = Decision(
    id="weighed",
    version="1.0.0",
    input=Parcel,
    profile=Tariff,
    output=Band,
    rules=(
        Rule(
            id="heavy",
            when=lambda parcel, tariff: parcel.weight_g > tariff.heavy_from_g,
            emit=lambda _, __: Band(band="heavy"),
            explain=lambda parcel, _: f"{parcel.weight_g} g",
        ),
        Rule(
            id="light",
            when=lambda parcel, tariff: parcel.weight_g < tariff.heavy_from_g,
            emit=lambda _, __: Band(band="light"),
            explain=lambda parcel, _: f"{parcel.weight_g} g",
        ),
        Rule(
            id="never",
            when=lambda parcel, _: parcel.weight_g > 1_000,
            emit=lambda _, __: Band(band="never"),
            explain=lambda _, __: "never",
        ),
    ),
)


def test_a_gap_at_a_boundary_is_found_and_a_rule_without_facts_is_not_found() -> None:
    report = lint(weighed, profiles={"depot": {"heavy_from_g": 400}})

    (gap,) = report.problems
    assert (gap.kind, gap.verdict, gap.profile) == ("gap", "found", "depot")
    assert gap.facts == {"weight_g": 400}
    assert [(each.rule, each.verdict) for each in report.findings if each is not gap] == [
        ("never", "not found")
    ]


def test_a_decision_with_a_profile_is_not_searched_without_one() -> None:
    report = lint(weighed)

    assert [(each.kind, each.limit) for each in report.findings] == [("undecided", "no profile")]
