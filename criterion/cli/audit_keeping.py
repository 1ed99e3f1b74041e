"""Keeping a trail, as commands do it: verify, export, prune and erase."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from criterion.audit import (
    Checkpoint,
    Finding,
    Report,
    Search,
    Trail,
    erase,
    exported,
    prune,
    verify,
)
from criterion.cli.moments import moment
from criterion.cli.problems import UsageError
from criterion.cli.screen import counted, note, say, say_table
from criterion.cli.session import Answers
from criterion.errors import JsonError
from criterion.json_input import read_json
from criterion.json_text import Plain

SHOWN_MAX: Final = 20
"""How many findings are printed in words; `--json` prints those of the report."""


def verify_trail(trail: Trail, checkpoints: Path | None, answers: Answers) -> bool:
    """Say what verification finds, and return whether nothing is wrong."""
    kept = () if checkpoints is None else checkpoints_in(checkpoints)
    report = verify(trail.stood(), kept, trail.definitions().values())
    answers.answer(_members(report), lambda: _say(report, compared=checkpoints is not None))
    return report.is_intact


def export_trail(trail: Trail) -> None:
    """Print every entry."""
    for line in exported(trail):
        say(line)


def prune_trail(trail: Trail, before: str, answers: Answers) -> None:
    """Prune, and say up to where."""
    pruned = prune(trail, moment(before))
    rows = [(each.writer, str(each.sequence)) for each in pruned]
    members: Plain = {"pruned": _rows(pruned)}

    def say_it() -> None:
        if rows:
            say_table(rows, ("writer", "pruned up to record"))
        else:
            note("nothing is that old")

    answers.answer(members, say_it)


def erase_subject(trail: Trail, search: Search, answers: Answers) -> None:
    """Erase, and say how many records."""
    count = erase(trail, search)
    answers.answer({"erased": count}, lambda: say(f"{counted(count, 'record')} erased"))


def checkpoints_in(file: Path) -> tuple[Checkpoint, ...]:
    """Return the checkpoints that an earlier verification printed.

    Raises:
        UsageError: The file cannot be read, or holds something else.
    """
    try:
        members: Any = read_json(file.read_text("utf-8"))
        return tuple(
            Checkpoint(str(each["writer"]), int(each["sequence"]), str(each["hash"]))
            for each in members["checkpoints"]
        )
    except OSError as error:
        raise UsageError(f"`{file}` cannot be read: {error.strerror}") from None
    except (JsonError, ValueError, TypeError, KeyError):
        hint = "keep what `criterion audit verify --json` prints"
        raise UsageError(f"`{file}` holds no checkpoints", hint=hint) from None


def _members(report: Report) -> dict[str, Plain]:
    return {
        "intact": report.is_intact,
        "entries": report.entries,
        "found": report.found,
        "findings": _rows(report.findings),
        "torn": list(report.torn),
        "checkpoints": _rows(report.checkpoints),
        "erased": report.erased,
        "pruned": _rows(report.pruned),
    }


def _rows(items: Iterable[Finding | Checkpoint]) -> list[Plain]:
    return [dict(item._asdict()) for item in items]


def _say(report: Report, *, compared: bool) -> None:
    for finding in report.findings[:SHOWN_MAX]:
        say(str(finding))
    if report.found > SHOWN_MAX:
        say(f"and {report.found - SHOWN_MAX} more")
    if report.erased:
        note(f"{counted(report.erased, 'payload')} erased or pruned, as notes in the trail say")
    for chain in report.pruned:
        note(f"writer {chain.writer} pruned up to record {chain.sequence}, as a note says")
    for place in report.torn:
        note(f"{place} is not finished, as a crash leaves it; it was set aside")
    if not compared:
        note("without --checkpoints, a tail that was cut off does not show")
    rows = [(each.writer, str(each.sequence), each.hash) for each in report.checkpoints]
    say_table(rows, ("writer", "records", "hash of the last"))
    say(f"\n{counted(report.entries, 'record')}, {counted(report.found, 'finding')}")
