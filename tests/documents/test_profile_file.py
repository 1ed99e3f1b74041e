"""Tests of profile files."""

from decimal import Decimal
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.decision import Decision
from criterion.documents.profile_file import dump, read_profile
from criterion.errors import DocumentError
from criterion.profiles import ProfileRegistry
from criterion.quantity import Quantity
from criterion.rule import Rule
from criterion.schema import Schema

PROFILES = Path(__file__).parents[2] / "profiles"


class Seats(Schema):
    seats: int


class Prices(Schema):
    limits: dict[str, Quantity]
    warn_at: Decimal


class Answer(Schema):
    allowed: bool


seat_limit = Decision(
    id="seat-limit",
    version="1.0.0",
    input=Seats,
    profile=Prices,
    output=Answer,
    rules=(Rule(id="all", when="otherwise", emit=lambda _, __: Answer(allowed=True)),),
)

TEXT = """\
profile: pricing
version: 1.0.0
for: [seat-limit]
values:
  limits: {free: 3, pro: unlimited, a.b: 1_000}
  warn_at: 0.8
"""


def test_a_profile_is_read_with_exact_numbers() -> None:
    profile = read_profile(TEXT)

    assert (profile.name, profile.version, profile.decisions) == (
        "pricing",
        "1.0.0",
        ("seat-limit",),
    )
    assert profile.values == {
        "limits": {"free": 3, "pro": "unlimited", "a.b": 1000},
        "warn_at": Decimal("0.8"),
    }
    profile.check([seat_limit])


def test_a_profile_that_names_no_decisions_is_for_every_one() -> None:
    assert read_profile(TEXT.replace("for: [seat-limit]\n", "")).decisions is None


def test_a_profile_can_be_registered() -> None:
    profile = read_profile(TEXT)
    registry = ProfileRegistry()

    registry.register(
        profile.name, profile.values, version=profile.version, decisions=profile.decisions
    )

    assert list(registry) == ["pricing"]


@pytest.mark.parametrize("path", sorted(PROFILES.glob("*.yaml")), ids=lambda path: path.name)
def test_the_profiles_of_the_catalogue_read_and_write(path: Path) -> None:
    profile = read_profile(path.read_bytes(), path.name)

    assert read_profile(dump(profile)) == profile


def test_values_that_do_not_fit_are_shown_where_they_stand(snapshot: SnapshotAssertion) -> None:
    text = TEXT.replace("pro: unlimited", "pro: many").replace("warn_at: 0.8", "warn_ta: 0.8")

    with pytest.raises(DocumentError) as caught:
        read_profile(text, "profiles/pricing.yaml").check([seat_limit])

    assert str(caught.value) == snapshot


def test_a_profile_for_other_decisions_need_not_fit() -> None:
    other = read_profile(TEXT.replace("seat-limit", "other").replace("0.8", "x"))

    other.check([seat_limit])  # raises nothing

    with pytest.raises(DocumentError):
        read_profile(TEXT.replace("0.8", "x")).check([seat_limit])
    assert other.decisions == ("other",)


def test_every_mistake_of_a_profile_is_listed(snapshot: SnapshotAssertion) -> None:
    text = "profil: Pricing\nversion: 1.10\nfor: usage-limit\nvalues: [1]\n"

    with pytest.raises(DocumentError) as caught:
        read_profile(text, "profiles/pricing.yaml")

    assert str(caught.value) == snapshot
