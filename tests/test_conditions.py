"""Conditions: what counts as one, and where it is said to stand."""

from typing import Final

import pytest

from criterion.catalogue import Catalogue
from criterion.conditions import Unreachable, conditions_of, mistake_in
from criterion.documents.decision_loading import load_decision
from tests.parcels import parcel_surcharge

HEAD: Final = """\
decision: parcel-fee
version: 1.0.0
input:
  weight_g: {type: integer}
  is_fragile: {type: boolean}
  items: {type: array, items: {type: integer}}
  note: {type: string, default: null}
output:
  fee: {type: number}
"""


def conditions(body: str) -> list[tuple[str, str]]:
    return [(part.place, part.text) for part in conditions_of(load_decision(HEAD + body))]


@pytest.mark.parametrize(
    ("when", "texts"),
    [
        ("input.is_fragile", ["input.is_fragile"]),
        ("not (input.weight_g > 1)", ["input.weight_g > 1"]),
        (
            "input.is_fragile and (input.weight_g > 1 or not input.is_fragile)",
            ["input.is_fragile", "input.weight_g > 1", "input.is_fragile (2)"],
        ),
        ("1 < input.weight_g < 9", ["1 < input.weight_g", "input.weight_g < 9"]),
        (
            "(input.weight_g > 1) if input.is_fragile else false",
            ["input.is_fragile", "input.weight_g > 1"],
        ),
        (
            "any(x > 3 for x in input.items if x != 5)",
            ["any(x > 3 for x in input.items if x != 5)", "x != 5", "x > 3"],
        ),
        ("sum(x if x > 3 else 0 for x in input.items) > 9", [None, "x > 3"]),
        ("contains(input.note, 'x') if input.note != null else false", [None, None]),
        ("otherwise", []),
    ],
)
def test_a_condition_is_what_holds_no_logic_of_its_own(when: str, texts: list[str | None]) -> None:
    rules = f"rules:\n  - {{id: a, when: {when!r}, emit: {{fee: 1}}}}\n"
    rules = rules.replace(f"{when!r}", '"' + when.replace('"', "'") + '"')

    found = conditions(rules)

    assert [place for place, _ in found] == ["rules.a.when"] * len(texts)
    for (_, text), expected in zip(found, texts, strict=True):
        assert expected in {None, text}


def test_lets_and_emitted_members_have_conditions_and_what_rules_share_counts_once() -> None:
    body = """\
let:
  is_heavy: input.weight_g > 1_000
emit:
  fee: "=1 if input.is_fragile else 2"
rules:
  - {id: heavy, when: is_heavy, explain: "{1 if input.weight_g > 3 else 2}"}
  - {id: cheap, when: "input.weight_g < 10"}
  - {id: other, when: otherwise, emit: {fee: "=1 if input.note == null else 0"}}
"""

    assert conditions(body) == [
        ("let.is_heavy", "input.weight_g > 1000"),
        ("rules.heavy.when", "is_heavy"),
        ("emit.fee", "input.is_fragile"),
        ("rules.cheap.when", "input.weight_g < 10"),
        ("rules.other.emit.fee", "input.note == null"),
    ]


def test_a_rule_in_python_is_one_condition() -> None:
    rules = [rule.id for rule in parcel_surcharge.rules if rule.when != "otherwise"]

    found = conditions_of(parcel_surcharge)

    assert [(part.text, part.place) for part in found] == [("when", f"rules.{id}") for id in rules]


def test_what_cannot_be_declared_unreachable_says_what_there_is() -> None:
    there = conditions_of(Catalogue.load().decision("loan-approval"))
    right = Unreachable("monthly_rate > 0", "let.exact_payment", truth=False, because="never")

    assert mistake_in(right, there) is None
    assert mistake_in(right._replace(place="let.exact_paiment"), there) == (
        "place",
        "there is no condition in `let.exact_paiment`",
        "did you mean `let.exact_payment`?",
    )
    assert mistake_in(right._replace(condition="rate"), there) == (
        "condition",
        "there is no condition `rate` in `let.exact_payment`",
        "there is `monthly_rate > 0`",
    )
