"""Graphs and rule texts: how the rules of a decision read."""

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.decision import Decision
from criterion.graph import mermaid
from criterion.rule import OTHERWISE, Rule
from criterion.rule_text import condition_of
from criterion.schema import NoProfile, Schema


class Order(Schema):
    """What is bought."""

    cents: int


class Answer(Schema):
    """What is said."""

    text: str


def is_large(order: Order, _: NoProfile) -> bool:
    return order.cents > 100


def answer(_: Order, __: NoProfile) -> Answer:
    return Answer(text="yes")


class AtNight:
    def __call__(self, _: Order, __: NoProfile) -> bool:
        return True


CONDITIONS: dict[str, Any] = {
    "is_large": is_large,
    "AtNight": AtNight(),
    "otherwise": OTHERWISE,
    "order.cents < 5 and order.cents != 3": lambda order, _: (
        order.cents < 5  # whatever stands between
        and order.cents != 3
    ),
}


@pytest.mark.parametrize(("text", "condition"), CONDITIONS.items(), ids=CONDITIONS.keys())
def test_a_condition_reads_as_its_author_wrote_it(text: str, condition: Any) -> None:  # noqa: ANN401
    assert condition_of(Rule(id="any", when=condition, emit=answer)) == text


def decision(*rules: Rule[Order, NoProfile, Answer]) -> Decision[Order, NoProfile, Answer]:
    return Decision(
        id="size",
        version="1.0.0",
        title='Size of "orders"\n; end',
        input=Order,
        profile=NoProfile,
        output=Answer,
        rules=rules,
    )


def test_a_graph_shows_the_rules_in_order(snapshot: SnapshotAssertion) -> None:
    large = Rule(id="large", when=is_large, emit=answer)
    other = Rule(id="other", when=OTHERWISE, emit=answer)

    assert mermaid(decision(large, other)) == snapshot(name="with a last rule that matches")
    assert mermaid(decision(large)) == snapshot(name="with a gap")
    assert mermaid(decision(other)) == snapshot(name="with one rule")
