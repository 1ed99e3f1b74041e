"""Counterfactuals: what would have had to be otherwise for another answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from criterion.analysis.finding import Verdict
from criterion.analysis.leaves import Path, written
from criterion.json_text import Plain, json_text, plain
from criterion.text import code, listing, one_line

SHOWN_MAX: int = 8
"""How many other values a sentence names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value that is another one.

    Attributes:
        path: ``input`` or ``profile``, and the keys and positions behind it.
        before: What it is.
        after: What it would be: of a number the nearest that helps.
        others: Other values that help as well, of what has no order.
        least: Of a number, date or instant: from where on it helps; ``None`` for every lower one
            that the schema takes.
        most: Up to where; ``None`` for every higher one.
        is_range: Whether ``least`` and ``most`` say something.
    """

    path: Path
    before: Any
    after: Any
    others: tuple[Any, ...] = ()
    least: Any = None
    most: Any = None
    is_range: bool = False

    @property
    def name(self) -> str:
        """The path as people write it: ``requested_amount``, ``profile.limits.free.projects``."""
        return written(self.path[1:] if self.path[0] == "input" else self.path)

    def __str__(self) -> str:
        """Return the words: `` `requested_amount` at most 2 (now 5)``."""
        return f"{code(self.name)} {self._values()} (now {_shown(self.before)})"

    def _values(self) -> str:
        if not self.is_range:
            others = self.others[: SHOWN_MAX - 1]
            left = len(self.others) - len(others)
            words = [_shown(each) for each in (self.after, *others)]
            return listing([*words, f"{left} others"] if left else words)
        if self.least is None:
            return "of any other value" if self.most is None else f"at most {_shown(self.most)}"
        if self.most is None:
            return f"at least {_shown(self.least)}"
        if self.least == self.most:
            return _shown(self.least)
        return f"from {_shown(self.least)} to {_shown(self.most)}"

    def to_dict(self) -> dict[str, Plain]:
        """Return it as plain data."""
        members: dict[str, Plain] = {
            "path": written(self.path),
            "before": plain(self.before, other=str),
            "after": plain(self.after, other=str),
            "others": [plain(each, other=str) for each in self.others],
        }
        if self.is_range:
            members["least"] = plain(self.least, other=str)
            members["most"] = plain(self.most, other=str)
        return members


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactual:
    """Changes that together lead to the wished answer, none of which can be left out.

    Attributes:
        changes: In the order of the schema.
        cost: What they cost together.
        rule: The rule that would decide.
        data: What it would emit, marked fields redacted.
        explanation: The reason it would give.
        facts: The facts with the changes; none that are marked are changed.
        values: The values of the profile with the changes, where some of them are its own.
    """

    changes: tuple[Change, ...]
    cost: Decimal
    rule: str | None
    data: Plain
    explanation: str
    facts: Mapping[str, Any] = field(repr=False)
    values: Mapping[str, Any] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Return one sentence."""
        words = listing([str(change) for change in self.changes], "and")
        return f"with {words}, {code(self.rule or '')} would answer: {one_line(self.explanation)}"

    def to_dict(self) -> dict[str, Plain]:
        """Return it as plain data, without the facts that it does not change."""
        return {
            "changes": [change.to_dict() for change in self.changes],
            "cost": plain(self.cost),
            "rule": self.rule,
            "data": self.data,
            "explanation": self.explanation,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactuals:
    """What would lead to a wished answer.

    Attributes:
        wish: What was wished.
        verdict: ``found``; ``proven`` that nothing that may be changed would; ``not found``, where
            that was not proven; or ``unknown``.
        alternatives: The cheapest first; each was run on the engine.
        reason: Why it is ``unknown`` or not proven, or what a proof does not cover: ``time``, or
            words.
        changeable: The paths of the values that could have been changed.
        tries: How many facts were run.
    """

    wish: str
    verdict: Verdict
    alternatives: tuple[Counterfactual, ...] = ()
    reason: str | None = None
    changeable: tuple[str, ...] = ()
    tries: int = 0

    def __str__(self) -> str:
        """Return a line for each alternative, or why there is none."""
        if self.alternatives:
            return "\n".join(str(each) for each in self.alternatives)
        because = f"; {self.reason}" if self.reason else ""
        could = listing(map(code, self.changeable), "and") if self.changeable else "nothing"
        match self.verdict:
            case "proven":
                return f"no change of {could} would: proven{because}"
            case "not found":
                return f"no change of {could} was found that would: not proven{because}"
            case _:
                return f"unknown: {self.reason}"

    def to_dict(self) -> dict[str, Plain]:
        """Return it as plain data."""
        return {
            "wish": self.wish,
            "verdict": self.verdict,
            "alternatives": [each.to_dict() for each in self.alternatives],
            "reason": self.reason,
            "changeable": list(self.changeable),
        }


def _shown(value: object) -> str:
    if isinstance(value, str):
        return one_line(json_text(value), 100)
    return one_line(json_text(plain(value, other=str)).strip('"'), 100)
