"""Witnesses: example facts for each rule that a search reaches."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from criterion.testing.searching import Search
from criterion.testing.showing import ShownFacts, facts_json
from criterion.testing.subject import Subject
from criterion.text import code


class Witness(NamedTuple):
    """Facts for which a rule decides.

    Attributes:
        rule: The rule.
        facts: Facts for which it decides; ``None`` where none were found, which does not prove
            that there are none.
    """

    rule: str
    facts: Mapping[str, Any] | None

    def __str__(self) -> str:
        """Return one line."""
        if self.facts is None:
            return f"{code(self.rule)}: not found"
        return f"{code(self.rule)}: {facts_json(self.facts)}"


def find_witnesses(subject: Subject, number: int, fields: Mapping[str, Any]) -> tuple[Witness, ...]:
    """Search facts for every rule, as `criterion.testing.witnesses` describes."""
    by_rule = Search(subject, number, fields).run(wants_arms=False).by_rule
    found = {rule: ShownFacts(facts, subject.schemas) for rule, facts in by_rule.items()}
    return tuple(Witness(rule.id, found.get(rule.id)) for rule in subject.decision.rules)
