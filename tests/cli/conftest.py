"""A small project, and the command line called inside of it."""

import re
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from criterion.cli.app import make_app

FILES: Final = {
    "decisions/parcel.py": '''"""Parcel: what is added to the base rate, and why."""

from decimal import Decimal

from pydantic import Field

from criterion import Decision, Rule, Schema


class Parcel(Schema):
    """One packed parcel as measured at the depot."""

    weight_g: Decimal = Field(gt=0, description="Gross weight, grams.")
    to: str = "home"


class Tariff(Schema):
    """The numbers."""

    heavy_from_g: int
    refused_from_g: int


class Surcharge(Schema):
    """What is added."""

    allowed: bool
    fee: Decimal


parcel_surcharge = Decision(
    id="parcel-surcharge",
    version="1.0.0",
    title="Parcel surcharge",
    owner="depot",
    input=Parcel,
    profile=Tariff,
    output=Surcharge,
    rules=[
        Rule(
            id="refused",
            when=lambda parcel, tariff: parcel.weight_g >= tariff.refused_from_g,
            emit=lambda _, __: Surcharge(allowed=False, fee=0),
            explain=lambda parcel, _: f"{parcel.weight_g} g is too heavy",
        ),
        Rule(
            id="heavy",
            when=lambda parcel, tariff: parcel.weight_g >= tariff.heavy_from_g,
            emit=lambda parcel, __: Surcharge(allowed=True, fee=parcel.weight_g),
            explain=lambda parcel, tariff: f"{parcel.weight_g} g >= {tariff.heavy_from_g} g",
        ),
        Rule(
            id="light",
            when="otherwise",
            emit=lambda _, __: Surcharge(allowed=True, fee=0),
            explain=lambda parcel, tariff: f"{parcel.weight_g} g < {tariff.heavy_from_g} g",
        ),
    ],
)
''',
    "decisions/greeting.py": '''"""Greeting: needs no profile, and may not match."""

from criterion import Decision, NoProfile, Rule, Schema


class Guest(Schema):
    """Who comes."""

    name: str


class Greeting(Schema):
    """What is said."""

    text: str


greeting = Decision(
    id="greeting",
    version="2.0.0",
    input=Guest,
    profile=NoProfile,
    output=Greeting,
    rules=[
        Rule(
            id="known",
            when=lambda guest, _: guest.name == "Ada",
            emit=lambda guest, _: Greeting(text=f"Hello [bold]{guest.name}[/bold]"),
        ),
        Rule(id="broken", when=lambda guest, _: 1 / len(guest.name) < 0, emit=lambda _, __: {}),
    ],
)
''',
    "profiles/tariff.yaml": """profile: tariff
version: 1.0.0
for: [parcel-surcharge]
values: {heavy_from_g: 1000, refused_from_g: 30_000}
""",
    "decisions/parcel.cases.yaml": """decision: parcel-surcharge
profile: tariff
cases:
  - name: exactly heavy
    facts: {weight_g: 1000}
    rule: heavy
    data: {fee: 1000}
  - name: one gram below heavy
    facts: {weight_g: 999}
    rule: light
    explanation: 999 g < 1000 g
  - name: no weight
    facts: {}
    status: INVALID_INPUT
    errors: [weight_g]
""",
}
"""A project in Python; what is in its files is what the snapshots of these tests show."""


class Project:
    """A project in the current folder, and the commands that are run there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def run(self, *arguments: str, stdin: str | bytes = "") -> Result:
        """Run a command; an exception that is no exit is a failure of the test."""
        return CliRunner().invoke(
            make_app(), arguments, input=stdin, prog_name="criterion", catch_exceptions=False
        )


def masked(text: str) -> str:
    """Return text without digests, which change with every detail of a definition."""
    return re.sub("sha256:[0-9a-f]{64}", "sha256:…", text)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CRITERION_PATH", raising=False)
    return Project(tmp_path)


@pytest.fixture
def project(empty: Project) -> Project:
    for name, text in FILES.items():
        empty.write(name, text)
    return empty
