"""Why: everything that answers a question about one record."""

import shlex
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from criterion.analysis.counterfactuals import counterfactuals
from criterion.analysis.leaves import written
from criterion.audit.search import AuditRecord
from criterion.audit.terms import DENIED, outcome_of
from criterion.json_text import Plain, json_text, plain
from criterion.profile_reads import profile_reads
from criterion.replay import Replay
from criterion.result import Result, parts_of_result

BUDGET_MS: Final = 1_000
"""How long changes that would have allowed a denial are looked for."""

CHANGES_MAX: Final = 40
"""How many of them are named."""

SHOWN_MAX: Final = 20
"""How many items a list of a profile may have to be shown."""


class Why(NamedTuple):
    """Why a record says what it says.

    Attributes:
        record: The record.
        replay: How it compares with its own decision, run again.
        others: By the id of each rule that did not decide, why; empty where it was not replayed.
        profile: The values of the profile that the rules read, by how they are written.
        command: What asks the same question again; ``None`` where that cannot be asked.
        allowing: Of a denial, which one change each would have allowed it: by the place of a
            value of the facts or the profile, the nearest values in its place.
    """

    record: AuditRecord
    replay: Replay
    others: Mapping[str, str]
    profile: Mapping[str, Plain]
    command: str | None
    allowing: Mapping[str, list[Plain]]


def why(record: AuditRecord, replay: Replay) -> Why:
    """Return why a record says what it says.

    Args:
        record: Of an evaluation.
        replay: Of the same record. One that came out different is not used to explain it.
    """
    result = replay.result if replay.outcome == "identical" else None
    if result is None:
        asked = None if replay.outcome == "not_replayable" else _command(record)
        return Why(record, replay, {}, {}, asked, {})
    reading: Any = parts_of_result(result)[0]
    others = {
        rule.id: result.why_not(rule.id)
        for rule in reading.decision.rules
        if rule.id != result.matched_rule
    }
    reads = {name: _shown(value) for name, value in profile_reads(result).items()}
    return Why(record, replay, others, reads, _command(record), _allowing(result))


def _allowing(result: Result[Any]) -> dict[str, list[Plain]]:
    """Return the single changes that would have allowed a denial, by the place of the value."""
    if outcome_of(result.status, result.data) != DENIED:
        return {}
    found = counterfactuals(
        result, profile=True, limit=CHANGES_MAX, budget_ms=BUDGET_MS, prove=False
    )
    places: dict[str, list[Plain]] = {}
    for each in found.alternatives:
        if len(each.changes) == 1:
            (change,) = each.changes
            values = (plain(value, other=str) for value in (change.after, *change.others))
            places.setdefault(written(change.path), []).extend(values)
    return places


def _shown(value: object) -> Plain:
    """Return a value of a profile; of a long list or mapping, how long it is."""
    if isinstance(value, list | tuple | dict) and len(value) > SHOWN_MAX:
        return f"{len(value)} items"
    return plain(value)


def _command(record: AuditRecord) -> str | None:
    members = record.members
    if members.get("kind") != "evaluation" or members["input"] is None:
        return None
    decision, profile = members["decision"], members["profile"]
    asked = f"{decision['id']}@{decision['version']}"
    words = ["criterion", "run", asked, json_text(plain(members["input"]))]
    if profile["id"] is not None:
        words += ["--profile", f"{profile['id']}@{profile['version']}"]
    return shlex.join([*words, "--at", members["at"]])
