"""Digests: equal for equal definitions, different otherwise, absent where nobody can tell."""

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import pytest
from pydantic import BaseModel, Field, PlainValidator, create_model

from criterion.decision import Decision
from criterion.quantity import Quantity
from criterion.redaction import Redact
from criterion.rule import OTHERWISE, Rule
from criterion.schema import Schema


class Parcel(Schema):
    """One parcel."""

    weight_g: int = Field(gt=0, description="Gross weight, grams.")


class Tariff(Schema):
    """The numbers."""

    heavy_from_g: int = 10_000


class Fee(Schema):
    """What is charged."""

    cents: int


def heavy(parcel: Parcel, tariff: Tariff) -> bool:
    return parcel.weight_g >= tariff.heavy_from_g


def decision(**changes: Any) -> Decision[Any, Any, Any]:  # noqa: ANN401 -- any part of a decision
    parts: dict[str, Any] = {
        "id": "surcharge",
        "version": "1.0.0",
        "input": Parcel,
        "profile": Tariff,
        "output": Fee,
        "rules": (HEAVY, REST),
    }
    return Decision(**{**parts, **changes})


def rule(**changes: Any) -> Rule[Any, Any, Any]:  # noqa: ANN401 -- any part of a rule
    parts: dict[str, Any] = {"id": "heavy", "when": heavy, "emit": lambda *_: Fee(cents=450)}
    return Rule(**{**parts, **changes})


HEAVY: Final = rule()
REST_LAST: Final = rule(id="last", when=OTHERWISE)
REST: Final = rule(id="rest", when=OTHERWISE, emit=lambda *_: Fee(cents=0))


def parcel(**fields: Any) -> type[Schema]:  # noqa: ANN401 -- definitions of fields
    return create_model("Parcel", __base__=Schema, **fields)


def test_a_digest_is_a_labelled_sha256() -> None:
    digest = decision().digest

    assert digest is not None
    assert digest.startswith("sha256:")
    assert len(digest) == len("sha256:") + 64


SAME: Final[dict[str, Callable[[], Decision[Any, Any, Any]]]] = {
    "made again": decision,
    "rules in a list": lambda: decision(rules=[HEAVY, REST]),
    "title": lambda: decision(title="Surcharge"),
    "owner": lambda: decision(owner="logistics"),
    "description of a field": lambda: decision(
        input=parcel(weight_g=(int, Field(gt=0, description="Other words.")))
    ),
    "title and examples of a field": lambda: decision(
        input=parcel(weight_g=(int, Field(gt=0, title="Weight", examples=[1])))
    ),
    "name of a schema": lambda: decision(
        input=create_model("Package", __base__=Schema, weight_g=(int, Field(gt=0)))
    ),
}


@pytest.mark.parametrize("make", SAME.values(), ids=SAME)
def test_words_for_people_do_not_count(make: Callable[[], Decision[Any, Any, Any]]) -> None:
    assert make().digest == decision().digest


OTHER: Final[dict[str, Callable[[], Decision[Any, Any, Any]]]] = {
    "id": lambda: decision(id="fee"),
    "version": lambda: decision(version="1.0.1"),
    "build": lambda: decision(version="1.0.0+1"),
    "order of rules": lambda: decision(rules=(rule(id="rest"), rule(id="heavy"), REST_LAST)),
    "one rule more": lambda: decision(rules=(HEAVY, rule(id="huge"), REST)),
    "one rule less": lambda: decision(rules=(REST,)),
    "id of a rule": lambda: decision(rules=(rule(id="big"), REST)),
    "condition": lambda: decision(rules=(rule(when=lambda parcel, _: parcel.weight_g > 1), REST)),
    "output of a rule": lambda: decision(rules=(rule(emit=lambda *_: Fee(cents=451)), REST)),
    "explanation": lambda: decision(rules=(rule(explain=lambda *_: "heavy"), REST)),
    "explanation that is another's": lambda: decision(rules=(rule(explain=heavy), REST)),
    "input": lambda: decision(input=parcel(weight_g=(int, Field(gt=1)))),
    "type of a field": lambda: decision(input=parcel(weight_g=(Decimal, Field(gt=0)))),
    "name of a field": lambda: decision(input=parcel(weight=(int, Field(gt=0)))),
    "default of a field": lambda: decision(input=parcel(weight_g=(int, Field(default=1, gt=0)))),
    "mark of a field": lambda: decision(
        input=parcel(weight_g=(Annotated[int, Redact("mask")], Field(gt=0)))
    ),
    "field that is called title": lambda: decision(
        input=parcel(weight_g=(int, Field(gt=0)), title=(str, ""))
    ),
    "bound of a quantity": lambda: decision(input=parcel(weight_g=(Quantity, Field(gt=0)))),
    "choices of a field": lambda: decision(input=parcel(weight_g=(Literal[1, 2], Field()))),
    "profile": lambda: decision(profile=Parcel),
    "output": lambda: decision(output=Parcel),
    "profile and output changed": lambda: decision(profile=Fee, output=Tariff),
}


@pytest.mark.parametrize("make", OTHER.values(), ids=OTHER)
def test_everything_that_can_change_an_answer_counts(
    make: Callable[[], Decision[Any, Any, Any]],
) -> None:
    assert make().digest is not None
    assert make().digest != decision().digest


def test_all_of_these_differ_from_each_other() -> None:
    assert len({make().digest for make in OTHER.values()}) == len(OTHER)


def _lambda() -> Any:  # noqa: ANN401 -- a condition
    return eval("lambda *_: True")  # noqa: S307 -- typed, as at a prompt


class Judge:
    def __call__(self, _: object, __: object) -> bool:
        return True


class Custom(BaseModel):
    """A model that JSON Schema cannot describe."""

    thing: Annotated[Any, PlainValidator(lambda value: value)] = None
    other: Callable[[], int] = Field(default=lambda: 1)


UNKNOWN: Final[dict[str, Callable[[], Decision[Any, Any, Any]]]] = {
    "condition from a prompt": lambda: decision(rules=(rule(when=_lambda()), REST)),
    "output from a prompt": lambda: decision(rules=(rule(emit=_lambda()), REST)),
    "explanation from a prompt": lambda: decision(rules=(rule(explain=_lambda()), REST)),
    "object that is called": lambda: decision(rules=(rule(when=Judge()), REST)),
    "no JSON Schema": lambda: decision(input=Custom),
}


@pytest.mark.parametrize("make", UNKNOWN.values(), ids=UNKNOWN)
def test_what_cannot_be_identified_has_no_digest(
    make: Callable[[], Decision[Any, Any, Any]],
) -> None:
    assert make().digest is None


PROGRAM: Final = """
from typing import Literal
from criterion import Decision, Rule, Schema, UNLIMITED, Quantity

class Facts(Schema):
    plan: Literal["free", "pro"]
    codes: set[str] = {"a", "b", "c"}
    limit: Quantity = UNLIMITED

print(Decision(
    id="d", version="1.0.0", input=Facts, output=Facts,
    rules=[Rule(id="r", when=lambda facts, _: True, emit=lambda facts, _: facts)],
).digest)
"""


def test_a_digest_does_not_depend_on_the_seed_of_hashes(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)

    digests = {_printed(path, seed) for seed in ("0", "1", "2", "3")}

    assert len(digests) == 1
    assert digests.pop().startswith("sha256:")


def _printed(path: Path, seed: str) -> str:
    command = [sys.executable, str(path)]
    root = str(Path(__file__).parent.parent)
    environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": root}
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    ).stdout
