"""Allowances: findings of lint that an author means to live with, each with a reason."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unreachable": "a rule that never matches",
        "gap": "facts that no rule covers",
        "overlap": "two rules that hold for the same facts and emit something else",
        "constant": "a condition, or a part of one, that is always true or never",
        "rule-error": "facts for which a rule fails",
        "limits": "facts so large, so small or so long that a rule fails",
        "output": "facts for which a rule emits what the output schema refuses",
        "unread": "an input, a value of the profile or a let that no rule reads",
        "explanation": "an explanation that does not tell what decided",
        "undecided": "a question that was not decided",
        "allowance": "an allowance that nothing needs",
    }
)
"""Every kind of finding; all but the last can be allowed."""


class Allowance(NamedTuple):
    """One item under ``lint`` in a decision file.

    Attributes:
        allow: The kind of finding.
        rule: Only where it is about this rule; ``None`` for wherever it is found.
        because: Why it is meant.
    """

    allow: str
    rule: str | None
    because: str
