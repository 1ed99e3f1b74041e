"""``criterion audit`` and ``criterion why``: what a trail holds, and whether it is as written.

What the commands do is imported when one of them runs: most calls are of other commands.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from criterion.cli.moments import moment
from criterion.cli.parameters import command
from criterion.cli.problems import FAILED, OK, UsageError
from criterion.cli.session import Answers
from criterion.text import code

if TYPE_CHECKING:
    from criterion.audit import Search, Trail

FOUND_MAX: Final = 20
"""How many records are found unless the caller says otherwise."""

PATH_HELP: Final = "Folder of the catalogue, where decisions in Python are looked up."

RecordId = Annotated[str, typer.Argument(metavar="RECORD", help="The id of a record.")]
Sure = Annotated[bool, typer.Option("--yes", help="It cannot be undone, and is meant.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many records, the newest first.")]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="The recorder's key, as bytes in a file.")
]
CataloguePath = Annotated[
    Path | None, typer.Option("--path", envvar="CRITERION_PATH", help=PATH_HELP)
]


class Step(StrEnum):
    """A step of time in statistics."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTrail(Answers):
    """How a command that needs a trail was called.

    Attributes:
        trail: Where it is.
    """

    trail: Annotated[
        str,
        typer.Option(
            "--trail",
            envvar="CRITERION_AUDIT",
            help="A folder or file of JSON lines, or the URL of a database.",
        ),
    ]

    def opened(self) -> "Trail":
        """Open the trail."""
        from criterion.audit import open_trail

        return open_trail(self.trail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which records are asked for.

    Attributes:
        metadata: ``name=value``, each of which must hold.
        decision: An id.
        rule: An id.
        status: A status, or the kind of a record about the trail.
        denied: Whether only denials.
        since: From when.
        until: Before when.
        on: On which day.
    """

    metadata: Annotated[
        list[str] | None,
        typer.Option("--metadata", "-m", metavar="NAME=VALUE", help="What the caller said."),
    ] = None
    decision: Annotated[str | None, typer.Option("--decision", help="Id of the decision.")] = None
    rule: Annotated[str | None, typer.Option("--rule", help="Id of the rule that matched.")] = None
    status: Annotated[
        str | None, typer.Option("--status", help="OK, NO_MATCH, INVALID_INPUT and so on.")
    ] = None
    denied: Annotated[
        bool, typer.Option("--denied", help="Only where the data says allowed: false.")
    ] = False
    since: Annotated[
        str | None, typer.Option("--since", metavar="MOMENT", help="yesterday, 36h, 2026-01-31 …")
    ] = None
    until: Annotated[
        str | None, typer.Option("--until", metavar="MOMENT", help="Before this moment.")
    ] = None

    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="On a day in UTC: yesterday …")
    ] = None

    def search(self) -> "Search":
        """Return what is asked for.

        Raises:
            UsageError: A moment is none, a day is asked for beside other times, or metadata has
                no name and value.
        """
        from criterion.audit import Search

        since, until = self._times()
        return Search(
            metadata=dict(map(_pair, self.metadata or ())),
            decision=self.decision,
            rule=self.rule,
            status=self.status,
            denied=self.denied,
            since=since,
            until=until,
        )

    def _times(self) -> tuple[datetime | None, datetime | None]:
        if self.on is None:
            since, until = self.since, self.until
            return _moment(since), _moment(until)
        if self.since is not None or self.until is not None:
            raise UsageError("`--on` names a whole day", hint="leave out `--since` and `--until`")
        first = moment(self.on).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return first, first + timedelta(days=1)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else moment(text)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise UsageError(f"{code(text)} is not metadata", hint="write it as `customer=org_771`")
    return name, value


def audit_commands() -> typer.Typer:
    """Return the commands about audit trails."""
    app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    for function in (search, show, stats, replay, verify, export, prune, erase):
        app.command(function.__name__)(command(function))
    return app


def search(*, asked: Asked, limit: Limit = FOUND_MAX, trail: OfTrail) -> None:
    """Find records, the newest first."""
    from criterion.cli.audit_reading import say_found

    say_found(trail.opened().found(asked.search(), limit), trail)


def show(record: RecordId, *, trail: OfTrail) -> None:
    """Show everything that a record holds."""
    from criterion.cli.audit_reading import say_record

    say_record(trail.opened(), record, trail)


def stats(
    *,
    asked: Asked,
    by: Annotated[Step, typer.Option("--by", help="The step of time.")] = Step.DAY,
    trail: OfTrail,
) -> None:
    """Count records by decision, rule, status and time."""
    from criterion.cli.audit_reading import say_stats

    say_stats(trail.opened(), asked.search(), by.value, trail)


def replay(
    record: Annotated[
        str | None, typer.Argument(metavar="RECORD", help="One record; else those found.")
    ] = None,
    *,
    asked: Asked,
    limit: Limit = FOUND_MAX,
    key_file: KeyFile = None,
    path: CataloguePath = None,
    trail: OfTrail,
) -> None:
    """Evaluate records again under the versions that produced them, and compare."""
    from criterion.cli.audit_reading import chosen, replay_records

    records = chosen(trail.opened(), record, asked.search(), limit)
    is_same = replay_records(trail.opened(), records, path, key_file, trail)
    raise typer.Exit(OK if is_same else FAILED)


def why(
    record: Annotated[
        str | None,
        typer.Argument(metavar="RECORD", help="A record, or a customer; else the newest found."),
    ] = None,
    *,
    asked: Asked,
    key_file: KeyFile = None,
    path: CataloguePath = None,
    trail: OfTrail,
) -> None:
    """Say why a recorded decision came out as it did, and why each other rule did not decide."""
    from criterion.cli.audit_reading import is_id, say_why

    if record is not None and not is_id(record):
        asked = replace(asked, metadata=[*(asked.metadata or ()), f"customer={record}"])
        record = None
    say_why(trail.opened(), record, asked.search(), path, key_file, trail)


def verify(
    *,
    checkpoints: Annotated[
        Path | None,
        typer.Option(
            "--checkpoints", help="What an earlier run printed with --json, kept elsewhere."
        ),
    ] = None,
    trail: OfTrail,
) -> None:
    """Check that every record stands as it was written, all of them and in order."""
    from criterion.cli.audit_keeping import verify_trail

    is_intact = verify_trail(trail.opened(), checkpoints, trail)
    raise typer.Exit(OK if is_intact else FAILED)


def export(*, trail: OfTrail) -> None:
    """Print every record as a line of JSON; a file of them verifies as the trail does."""
    from criterion.cli.audit_keeping import export_trail

    export_trail(trail.opened())


def prune(
    *,
    before: Annotated[str, typer.Option("--before", metavar="MOMENT", help="365d, 2026-01-31 …")],
    yes: Sure = False,
    trail: OfTrail,
) -> None:
    """Remove the oldest records; the rest still verifies."""
    from criterion.cli.audit_keeping import prune_trail

    if not yes:
        raise UsageError("what is pruned is gone for good", hint="add `--yes`")
    prune_trail(trail.opened(), before, trail)


def erase(
    *,
    metadata: Annotated[
        list[str],
        typer.Option("--metadata", "-m", metavar="NAME=VALUE", help="Whose records."),
    ],
    yes: Sure = False,
    trail: OfTrail,
) -> None:
    """Erase what the records of one subject hold; the trail still verifies."""
    from criterion.cli.audit_keeping import erase_subject

    if not yes:
        hint = "look at what `criterion audit search` finds, then add `--yes`"
        raise UsageError("what is erased is gone for good", hint=hint)
    erase_subject(trail.opened(), Asked(metadata=metadata).search(), trail)
