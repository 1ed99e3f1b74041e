"""Rivals: a changed body, of which little is compiled, answers as the whole of it does."""

import pytest

from criterion.documents.decision_reader import read_placed
from criterion.documents.runnable import loaded
from criterion.expression.schema_types import type_of_node
from criterion.mutation.changes import Types, changes
from criterion.mutation.rivals import Rivals
from criterion.plain_facts import plain_readers
from tests.mutation.fares import FARE, tried
from tests.mutation.fares import checked as check_of

FAILING = FARE.replace(
    "is_reduced: ", "share: 100 / input.distance_km\n  is_reduced: share > 20 or "
).replace("price: 0}", "price: 0, note: '{share} {len(input.via)}'}")
PROFILE = {"child_until": 11, "senior_from": 65, "last_day": "2026-12-31"}
FACTS = [
    {"age": age, "distance_km": distance, "day": day, "card": card}
    for age in (0, 11, 12, 64, 65)
    for distance in (0, 1, 10)
    for day in ("2026-12-31", "2027-01-01")
    for card in ("none", "full")
]


@pytest.mark.parametrize("fare", [FARE, FAILING], ids=["fare", "failing"])
def test_a_rival_answers_as_the_whole_changed_body_does(fare: str) -> None:
    decision = loaded(fare, "fare.yaml", imports=False)
    placed = read_placed(fare.encode(), "fare.yaml")
    types = Types(*decision.types, type_of_node(decision.shapes.output.node))
    read = plain_readers(decision.shapes.input).of_any
    profile = plain_readers(decision.shapes.profile).of_any(PROFILE)
    rivals = Rivals(placed.body, decision.types)
    asked = [(given := read(facts), rivals.written(given, profile)) for facts in FACTS]
    found = 0

    for change in changes(placed.body, placed.offsets, types):
        rival, whole = rivals.of(change), Rivals(change.body, decision.types)
        answers = [(rival(given, profile, written), written) for given, written in asked]
        assert [one for one, _ in answers] == [whole.written(each, profile) for each, _ in asked]
        found += any(one != written for one, written in answers)

    assert found > 15


def test_a_change_that_takes_a_value_from_a_later_rule_is_not_tried() -> None:
    card = "card: {type: string, default: null}"
    fare = FARE.replace("card: {enum: [none, half, full], default: none}", card)
    when = 'input.card == "full" and input.day <= profile.last_day'
    fare = fare.replace(when, "input.card == null")
    fare = fare.replace("when: is_reduced", "when: is_reduced and len(input.card) > 3")

    found = tried(check_of(fare))

    assert [change for change in found if "len(input.card) > 3" in change]
    for gone in ("input.card != null", ": rules: "):
        assert not [change for change in found if gone in change]
