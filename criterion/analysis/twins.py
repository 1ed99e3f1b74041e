"""Twins: two decisions, each under its profile, that are asked about the same facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from criterion.analysis.domain import Domain, domain_of
from criterion.analysis.shared_facts import SharedFacts
from criterion.analysis.shrinking import smallest
from criterion.decision import Decision
from criterion.engine import Engine
from criterion.json_text import Plain, plain
from criterion.plain_facts import plain_value
from criterion.result import Result, Status, parts_of_result


class Transition(NamedTuple):
    """From which answer to which: rules, or statuses where no rule answers."""

    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One way in which the answers differ, and facts that show it; both engines have run them.

    Attributes:
        before: The rule that answered, or the status.
        after: The rule that answers now, or the status.
        members: What differs in the data: by name, what it was and what it is.
        facts: The facts; marked values are hidden.
        values: The values of a profile, where they are part of the example.
        profile: The name of the profile, or ``None``.
        explanations: What was said, and what is said now.
    """

    before: str
    after: str
    members: Mapping[str, tuple[Plain, Plain]]
    facts: Mapping[str, Any] = field(hash=False)
    values: Mapping[str, Any] | None = field(default=None, hash=False)
    profile: str | None = None
    explanations: tuple[str, str] = ("", "")

    def to_dict(self) -> dict[str, Plain]:
        """Return it as plain data."""
        return {
            "before": self.before,
            "after": self.after,
            "members": {name: list(pair) for name, pair in self.members.items()},
            "facts": plain(self.facts, other=str),
            "values": plain(self.values, other=str),
            "profile": self.profile,
            "explanations": list(self.explanations),
        }


class Twins:
    """Runs two decisions about the same facts.

    Attributes:
        old: The one.
        new: The other.
        shared: The facts that both take.
    """

    def __init__(
        self,
        old: Decision[Any, Any, Any],
        new: Decision[Any, Any, Any],
        shared: SharedFacts,
        values: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None],
    ) -> None:
        """Take them with the values of their profiles; ``None`` where every profile is meant."""
        self.old, self.new, self.shared = old, new, shared
        self.values = values
        self._engine = Engine()
        self._bound = None
        if None not in values:
            self._bound = [
                self._engine.bind(each, value)
                for each, value in zip((old, new), values, strict=True)
            ]

    def run(
        self, facts: Mapping[str, Any], profile: Mapping[str, Any] | None = None
    ) -> tuple[Result[Any], Result[Any]]:
        """Return both answers."""
        sent = self.shared.sent(facts)
        if self._bound is not None:
            return self._bound[0](sent), self._bound[1](sent)
        return (
            self._engine.run(self.old, sent, profile or {}),
            self._engine.run(self.new, sent, profile or {}),
        )

    def differ(
        self, facts: Mapping[str, Any], profile: Mapping[str, Any] | None = None
    ) -> Transition | None:
        """Return from which answer to which facts lead, ``None`` where both say the same."""
        old, new = self.run(facts, profile)
        if Status.INVALID_INPUT in (old.status, new.status):
            return None
        if old.status is new.status and _data(old) == _data(new):
            return None
        return Transition(_label(old), _label(new))

    def smallest(
        self, facts: Mapping[str, Any], profile: Mapping[str, Any] | None
    ) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
        """Return the simplest facts, and profile, that lead the same way."""
        way = self.differ(facts, profile)
        parts = {"input": self.shared.domain}
        value: dict[str, Any] = {"input": facts}
        if profile is not None:
            parts["profile"] = domain_of(self.old.profile.__pydantic_core_schema__)
            value["profile"] = profile
        made = smallest(
            Domain(kind="mapping", fields=parts),
            value,
            lambda other: self.differ(other["input"], other.get("profile")) == way,
        )
        return made["input"], made.get("profile")


def _label(result: Result[Any]) -> str:
    return result.matched_rule or result.status.value


def _data(result: Result[Any]) -> Any:  # noqa: ANN401 -- plain data
    return None if result.status is not Status.OK else plain_value(result.data)


def differing_members(old: Result[Any], new: Result[Any]) -> dict[str, tuple[Plain, Plain]]:
    """Return the members of the data that differ, marked ones redacted; none where one has none."""
    if Status.OK not in (old.status, new.status) or old.status is not new.status:
        return {}
    one, two = _shown(old), _shown(new)
    raw_one, raw_two = _data(old), _data(new)
    return {
        name: (one.get(name), two.get(name))
        for name in dict.fromkeys((*one, *two))
        if raw_one.get(name) != raw_two.get(name) or (name in one) != (name in two)
    }


def _shown(result: Result[Any]) -> dict[str, Plain]:
    reading: Any = parts_of_result(result)[0]
    members: dict[str, Plain] = reading.members(result.data)
    return members
