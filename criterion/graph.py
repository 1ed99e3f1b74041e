"""Graphs: a decision as a mermaid flowchart, for documentation and reviews."""

from collections.abc import Iterator
from typing import Any, Final

from criterion.decision import Decision
from criterion.rule import OTHERWISE
from criterion.rule_text import condition_of
from criterion.text import one_line

LABEL_LENGTH_MAX: Final = 120
"""How much of a condition a box shows, in characters."""


def mermaid(decision: Decision[Any, Any, Any]) -> str:
    """Return the rules in order: each with its condition, and the ways that facts can take."""
    return "\n".join(["flowchart TD", *(f"    {line}" for line in _lines(decision))])


def _lines(decision: Decision[Any, Any, Any]) -> Iterator[str]:
    yield f'facts(["{_label(decision.title or decision.id)}"])'
    before, way = "facts", "-->"
    for number, rule in enumerate(decision.rules, 1):
        box = f'emit{number}["{_label(rule.id)}"]'
        if rule.when == OTHERWISE:
            yield f"{before} {way} {box}"
            return
        yield f'{before} {way} when{number}{{"{_label(condition_of(rule))}"}}'
        yield f"when{number} -->|yes| {box}"
        before, way = f"when{number}", "-->|no|"
    yield f'{before} {way} none(["no rule matches"])'


def _label(text: str) -> str:
    """Return text that mermaid takes as it stands: its own signs as entities."""
    return "".join(_ENTITIES.get(sign, sign) for sign in one_line(text, LABEL_LENGTH_MAX))


_ENTITIES: Final = {sign: f"#{ord(sign)};" for sign in '"#&<>`;{}[]()|\\'}
