"""Reading a trail, as commands do it: search, show, stats, replay and why."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from criterion.audit import AuditRecord, Search, Stats, Trail, stats_of
from criterion.audit.stats import Step
from criterion.audit.terms import DENIED, outcome_of
from criterion.catalogue import Catalogue
from criterion.cli.problems import UsageError
from criterion.cli.screen import counted, note, say, say_pairs, say_table
from criterion.cli.session import Answers
from criterion.errors import CriterionError
from criterion.json_text import Plain, json_text, plain
from criterion.replay import Replay, Replayer
from criterion.text import code, listing, one_line
from criterion.why import Why
from criterion.why import why as why_of

HEADS: Final = ("time", "record", "decision", "status", "rule", "why")

COMMAND_LENGTH_MAX: Final = 100_000
"""How long a command may be to be printed."""

SENTENCE_LENGTH_MAX: Final = 100
"""How much of an explanation a table shows."""


def say_found(found: Iterable[AuditRecord], answers: Answers) -> None:
    """Print records, one per line."""
    records = list(found)

    def say_it() -> None:
        if records:
            say_table(list(map(_row, records)), HEADS)
        else:
            note("no record was found")

    answers.answer({"records": [plain(each.members) for each in records]}, say_it)


def say_record(trail: Trail, id: str, answers: Answers) -> None:
    """Print everything about one record."""
    record = _record(trail, id)
    link = record.entry._asdict() | {"payload": plain(record.members) or None}

    def say_it() -> None:
        say_pairs(record.members)
        if not record.members:
            note("its payload was erased, or is none")
        _warn_of_change(record)
        say_pairs({name: link[name] for name in ("writer", "sequence", "hash")})

    answers.answer(link, say_it)


def say_stats(trail: Trail, search: Search, step: Step, answers: Answers) -> None:
    """Print how often what was decided."""
    counts = stats_of(trail.terms(search), step)
    rules: list[Plain] = [
        {"decision": decision, "rule": rule, "count": count}
        for (decision, rule), count in counts.rules.items()
    ]
    members: Plain = {
        "records": counts.records,
        "decisions": dict(counts.decisions),
        "rules": rules,
        "outcomes": dict(counts.outcomes),
        "times": dict(counts.times),
    }
    answers.answer(members, lambda: _say_stats(counts))


def chosen(
    trail: Trail, id: str | None, search: Search, limit: int
) -> tuple[AuditRecord, ...] | Iterator[AuditRecord]:
    """Return one record by its id, or those that are found."""
    return trail.found(search, limit) if id is None else (_record(trail, id),)


def replay_records(
    trail: Trail,
    records: Iterable[AuditRecord],
    path: Path | None,
    key_file: Path | None,
    answers: Answers,
) -> bool:
    """Print how records compare, and return whether none is different."""
    replayer = _replayer(trail, path, key_file)
    replays = [replayer.replay(record) for record in records]
    counts = Counter(each.outcome for each in replays)
    members: Plain = {
        "identical": counts["identical"],
        "different": counts["different"],
        "not_replayable": counts["not_replayable"],
        "records": [_replay_members(each) for each in replays],
    }

    def say_it() -> None:
        for each in replays:
            if each.reason:
                say(f"{each.id} {_worded(each)}")
        parts = ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in _OUTCOMES)
        say(f"{counted(len(replays), 'record')}: {parts}")

    answers.answer(members, say_it)
    return not counts["different"]


def say_why(
    trail: Trail,
    id: str | None,
    search: Search,
    path: Path | None,
    key_file: Path | None,
    answers: Answers,
) -> None:
    """Print why one record says what it says.

    Raises:
        UsageError: There is no such record, or it is no evaluation any more.
    """
    record = next(iter(chosen(trail, id, search, 1)), None)
    if record is None:
        raise UsageError("no record was found", hint="ask `criterion audit search` for less")
    if record.members.get("kind") != "evaluation":
        raise UsageError(f"record {code(record.id)} is no evaluation, or was erased")
    found = why_of(record, _replayer(trail, path, key_file).replay(record))
    members: Plain = {
        "record": plain(record.members),
        "others": dict(found.others),
        "profile": dict(found.profile),
        "replay": _replay_members(found.replay),
        "command": found.command,
        "allowing": {name: list(values) for name, values in found.allowing.items()},
    }
    _warn_of_change(record)
    answers.answer(members, lambda: _say_why(found))


def _warn_of_change(record: AuditRecord) -> None:
    entry = record.entry
    if not entry.is_linked or (entry.payload is not None and not entry.is_whole):
        note("this record is not as it was written; see `criterion audit verify`")


def is_id(text: str) -> bool:
    """Whether a text looks like the id of a record."""
    return _ID.fullmatch(text) is not None


_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_OUTCOMES: Final = ("identical", "different", "not_replayable")


def _record(trail: Trail, id: str) -> AuditRecord:
    record = trail.get(id)
    if record is None:
        hint = None if is_id(id) else "find it with `criterion audit search`"
        raise UsageError(f"there is no record {code(id)}", hint=hint)
    return record


def _replayer(trail: Trail, path: Path | None, key_file: Path | None) -> Replayer:
    try:
        key = None if key_file is None else key_file.read_bytes()
    except OSError as error:
        raise UsageError(f"{code(str(key_file))} cannot be read: {error.strerror}") from None
    try:
        catalogue = Catalogue.load(path)
    except CriterionError as error:
        note(f"decisions in Python are not replayed: {error.args[0]}")
        catalogue = None
    try:
        return Replayer(trail.definitions(), catalogue, key=key)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _replay_members(replay: Replay) -> Plain:
    return {"id": replay.id, "outcome": replay.outcome, "reason": replay.reason}


def _worded(replay: Replay) -> str:
    outcome = replay.outcome.replace("_", " ")
    return f"{outcome}: {replay.reason}" if replay.reason else outcome


def _row(record: AuditRecord) -> tuple[str, ...]:
    members = record.members
    if members.get("kind") != "evaluation":
        at, kind = str(members.get("at", "")), str(members.get("kind", "unreadable"))
        return at, record.id, "", kind, "", ""
    decision = f"{members['decision']['id']} {members['decision']['version']}"
    reason = one_line(members["explanation"], SENTENCE_LENGTH_MAX)
    rule = members["matched_rule"] or ""
    return members["at"], record.id, decision, _outcome(members), rule, reason


def _outcome(members: Mapping[str, Any]) -> str:
    return outcome_of(members["status"], members["data"])


def _say_stats(counts: Stats) -> None:
    say(counted(counts.records, "record"))
    tables: list[tuple[str, list[tuple[str, ...]]]] = [
        ("decision", [(name, str(count)) for name, count in counts.decisions.items()]),
        ("rule", [(f"{a} {b}", str(count)) for (a, b), count in counts.rules.items()]),
        ("status", [(name, str(count)) for name, count in counts.outcomes.items()]),
        ("time", [(name, str(count)) for name, count in counts.times.items()]),
    ]
    for head, rows in tables:
        if rows:
            say()
            say_table(rows, (head, "records"))


def _changes(found: Why) -> dict[str, str]:
    return {
        name: listing([each if isinstance(each, str) else json_text(each) for each in values])
        for name, values in found.allowing.items()
    }


def _say_why(found: Why) -> None:
    members = found.record.members
    decision, profile = members["decision"], members["profile"]
    under = f" under {profile['id']} {profile['version']}" if profile["id"] else ""
    outcome = _outcome(members)
    said = "OK, denied" if outcome == DENIED else outcome
    say(one_line(f"{members['at']}  {decision['id']} {decision['version']}{under}: {said}"))
    say(f"record {found.record.id}")
    rule = f"{members['matched_rule']}: " if members["matched_rule"] else ""
    say()
    say(one_line(f"because {rule}{members['explanation']}"))
    for heading, pairs in (
        ("not because", found.others),
        ("under these values", found.profile),
        ("would have been allowed by", _changes(found)),
        ("the caller said", members["metadata"]),
    ):
        if pairs:
            say(f"\n{heading}")
            say_pairs({name: value if isinstance(value, str) else json_text(plain(value))
                       for name, value in pairs.items()})  # fmt: skip
    say(f"\nreplayed: {_worded(found.replay)}")
    if found.command is not None:
        say(f"\nask again\n  {one_line(found.command, COMMAND_LENGTH_MAX)}")
