"""Twins: two decisions, each under its profile, that are asked about the same facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from criterion.analysis.helping import spread
from criterion.analysis.leaves import Leaf, changed, leaves_of
from criterion.analysis.shared_facts import SharedFacts
from criterion.analysis.watch import Watch
from criterion.decision import Decision
from criterion.engine import Engine
from criterion.json_text import Plain, plain
from criterion.plain_facts import plain_value
from criterion.result import Result, Status, parts_of_result

SHRINKS_MAX: Final = 1_000
"""How many smaller facts are tried in the place of an example."""


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
        self, facts: Mapping[str, Any], profile: Mapping[str, Any] | None, watch: Watch
    ) -> Mapping[str, Any]:
        """Return facts of which no value can be made smaller, and that lead the same way."""
        way = self.differ(facts, profile)
        tries = 0
        settled = False
        while not settled:
            settled = True
            for leaf in leaves_of(self.shared.domain, dict(facts), ("input",)):
                for value in _smaller(leaf):
                    tries += 1
                    if tries > SHRINKS_MAX or not watch.left_ms:
                        return facts
                    candidate = changed(facts, leaf.path[1:], value)
                    if self.differ(candidate, profile) == way:
                        facts, settled = candidate, False
                        break
        return facts


def _smaller(leaf: Leaf) -> Iterator[Any]:
    """Yield simpler values than that of a leaf, the simplest first."""
    domain, value = leaf.domain, leaf.value
    if value is None:
        return
    if domain.nullable:
        yield None
    if domain.choices is not None:
        yield from domain.choices[: domain.choices.index(value) if value in domain.choices else 0]
    elif domain.kind == "boolean" and value is True:
        yield False
    else:
        yield from spread(leaf)


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
