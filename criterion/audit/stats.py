"""Statistics: how often what was decided, by decision, rule, status and time."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from criterion.audit.search import instant_of
from criterion.audit.terms import Terms

Step = Literal["hour", "day", "month"]
_LENGTHS: Final[dict[str, int]] = {"hour": 13, "day": 10, "month": 7}


class Stats(NamedTuple):
    """How many records there are of each kind.

    Attributes:
        records: How many in all.
        decisions: By decision id.
        rules: By decision id and rule id; only where a rule matched.
        outcomes: By status; a denial counts as ``DENIED``, a record about the trail as its kind.
        times: By the beginning of the step of time, as text, in UTC and in order.
    """

    records: int
    decisions: dict[str, int]
    rules: dict[tuple[str, str], int]
    outcomes: dict[str, int]
    times: dict[str, int]


def stats_of(found: Iterable[tuple[str, Terms]], step: Step = "day") -> Stats:
    """Count what `Trail.terms` yields."""
    decisions: Counter[str] = Counter()
    rules: Counter[tuple[str, str]] = Counter()
    outcomes: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for id, terms in found:
        outcomes[terms.outcome] += 1
        times[_time(id, step)] += 1
        if terms.decision is not None:
            decisions[terms.decision] += 1
            if terms.rule is not None:
                rules[terms.decision, terms.rule] += 1
    return Stats(
        outcomes.total(),
        dict(decisions.most_common()),
        dict(rules.most_common()),
        dict(outcomes.most_common()),
        dict(sorted(times.items())),
    )


def _time(id: str, step: Step) -> str:
    return instant_of(id).isoformat()[: _LENGTHS[step]]
