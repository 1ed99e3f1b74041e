"""Reach: which rules and arms the cases reach, in plain data, so that workers can send it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, Self, TypeAlias

from criterion.testing import Coverage

Seen: TypeAlias = dict[str, bool]
"""Whether each of several named things was reached."""

ALL: Final = 100.0
"""All of them, in percent."""


class Reach(NamedTuple):
    """What the cases of one decision reach.

    Attributes:
        rules: Whether each rule matched in any case, in the decision's order.
        arms: Whether each arm of the conditions was taken in any case.
    """

    rules: Seen
    arms: Seen

    @classmethod
    def of(cls, coverage: Coverage) -> Self:
        """Return what a coverage says, without the arms that are declared unreachable."""
        arms: Seen = {}
        times: Counter[str] = Counter()
        for arm in coverage.arms:
            times[str(arm)] += 1
            number = times[str(arm)]
            if arm.because is None:
                arms[str(arm) if number == 1 else f"{arm} ({number})"] = arm.seen
        return cls({rule.id: rule.matches > 0 for rule in coverage.rules}, arms)

    def with_more(self, other: "Reach") -> "Reach":
        """Return what both reach together."""
        return Reach(*(_either(one, more) for one, more in zip(self, other, strict=True)))


def _either(one: Seen, other: Seen) -> Seen:
    return {name: one.get(name, False) or other.get(name, False) for name in {**one, **other}}


class Gathered:
    """What one process knows: in plain data, since workers send it to the one that reports.

    Attributes:
        reaches: By the decision's id and version.
        uncased: Decisions that have no cases.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self.reaches: dict[str, Reach] = {}
        self.uncased: set[str] = set()

    def add(self, name: str, reach: Reach) -> None:
        """Add what some cases of a decision reach."""
        known = self.reaches.get(name)
        self.reaches[name] = reach if known is None else known.with_more(reach)

    def sent(self) -> dict[str, Any]:
        """Return what a worker sends."""
        reaches = {name: list(reach) for name, reach in self.reaches.items()}
        return {"reaches": reaches, "uncased": sorted(self.uncased)}

    def receive(self, sent: Mapping[str, Any]) -> None:
        """Add what a worker has sent."""
        for name, parts in sent["reaches"].items():
            self.add(name, Reach(*parts))
        self.uncased |= set(sent["uncased"])


def share(seen: Seen) -> float:
    """Return how many of them were reached, in percent; all where there are none."""
    return ALL * sum(seen.values()) / len(seen) if seen else ALL


def missing(seen: Seen) -> Iterator[str]:
    """Yield what was not reached."""
    return (name for name, was_reached in seen.items() if not was_reached)
