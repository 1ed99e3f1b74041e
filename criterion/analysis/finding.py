"""Findings: what lint says about a decision, each with how it is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from criterion.json_text import Plain, json_text, plain

Verdict: TypeAlias = Literal["proven", "found", "not found", "unknown"]
"""How it is known: it holds for all facts; the facts beside it show it, and the engine has said so;
a search met none; or it was not decided, for the reason that is given."""

Level: TypeAlias = Literal["problem", "remark"]
"""A problem fails the check; a remark says what is so and may be meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that lint found.

    Attributes:
        kind: One of `criterion.allowance.KINDS`.
        level: Whether it fails the check.
        verdict: How it is known.
        message: What is so, in one sentence.
        hint: What to do about it, or ``None``.
        rule: The rule that it is about, or ``None``.
        profile: The name of the profile under which it is so; ``None`` where it does not depend on
            one, or holds for some or all of the profiles that the schema allows.
        facts: An example, which the engine has run; ``None`` where there is none.
        values: The values of the profile in that example, where they are part of it.
        limit: What a proof or an answer does not cover, such as longer lists; or ``None``.
        place: Where in the file of the decision, or ``None``.
        because: Why it is suppressed, or ``None``.
    """

    kind: str
    level: Level
    verdict: Verdict
    message: str
    hint: str | None = None
    rule: str | None = None
    profile: str | None = None
    facts: Mapping[str, Any] | None = field(default=None, hash=False)
    values: Mapping[str, Any] | None = field(default=None, hash=False)
    limit: str | None = None
    place: Place | None = None
    because: str | None = None

    def __str__(self) -> str:
        """Return the lines that a person reads."""
        lead = f"{self.place}: " if self.place else ""
        under = f" under profile `{self.profile}`" if self.profile else ""
        limit = f", {self.limit}" if self.limit else ""
        lines = [f"{lead}{self.message}{under} [{self.kind}, {self.verdict}{limit}]"]
        if self.facts is not None:
            lines.append(f"  facts: {json_text(plain(self.facts, other=str))}")
        if self.values is not None:
            lines.append(f"  profile: {json_text(plain(self.values, other=str))}")
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        if self.because:
            lines.append(f"  allowed: {self.because}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Plain]:
        """Return it as plain data."""
        place = self.place
        return {
            "kind": self.kind,
            "level": self.level,
            "verdict": self.verdict,
            "message": self.message,
            "hint": self.hint,
            "rule": self.rule,
            "profile": self.profile,
            "facts": None if self.facts is None else plain(self.facts, other=str),
            "values": None if self.values is None else plain(self.values, other=str),
            "limit": self.limit,
            "file": None if place is None else place.file,
            "line": None if place is None else place.line,
            "column": None if place is None else place.column,
            "because": self.because,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What lint says about one decision.

    Attributes:
        decision: Its id.
        version: Its version.
        findings: What was found, in the order of the file.
        allowed: What was found and is suppressed, each with its reason.
        questions: How many questions were asked, by the verdict on each.
    """

    decision: str
    version: str
    findings: tuple[Finding, ...]
    allowed: tuple[Finding, ...] = ()
    questions: Mapping[str, int] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings that fail the check."""
        return tuple(found for found in self.findings if found.level == "problem")

    @property
    def is_clean(self) -> bool:
        """Whether there is no problem; there may be remarks."""
        return not self.problems
