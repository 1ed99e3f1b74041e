"""``criterion serve``: the catalogue over HTTP."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from socket import gaierror, socket
from typing import Annotated, Final

import typer

from criterion.cli.problems import FAILED, OK, UsageError
from criterion.cli.screen import counted, say
from criterion.cli.session import Session
from criterion.clock import SystemClock
from criterion.server.settings import Picks, ServerSettings
from criterion.server.site import PREFIX
from criterion.server.standing import Standing
from criterion.text import code

PORT_MAX: Final = 65_535
WORKERS_MAX: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and by how many processes requests are answered.

    Attributes:
        host: A name or an address.
        port: A number; 0 for any that is free.
        workers: How many processes.
    """

    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1"
    port: Annotated[
        int, typer.Option("--port", min=0, max=PORT_MAX, help="Port; 0 picks a free one.")
    ] = 8_000
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=WORKERS_MAX, help="How many processes answer.")
    ] = 1


def serve(
    *,
    place: Place,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            "-p",
            metavar="ID=NAME",
            help="A decision's profile, or by commas several that callers pick from.",
            show_default="the only one for the decision",
        ),
    ] = None,
    expose_rules: Annotated[
        bool, typer.Option("--expose-rules", help="Let callers see rules.")
    ] = False,
    expose_changes: Annotated[
        bool,
        typer.Option("--expose-changes", help="Let callers ask what would change an answer."),
    ] = False,
    reload: Annotated[
        bool, typer.Option("--reload", help="Serve files anew when they change.")
    ] = False,
    session: Session,
) -> None:
    """Serve every decision over HTTP, with its documentation, until SIGTERM or Ctrl-C."""
    if reload and place.workers > 1:
        hint = "leave out `--workers` while you develop"
        raise UsageError("`--reload` works in one process", hint=hint)
    settings = ServerSettings(
        path=session.path,
        profiles=_picks(profile or ()),
        expose_rules=expose_rules,
        expose_changes=expose_changes,
        watches=reload,
    )
    raise typer.Exit(OK if _serve(settings, place, session) else FAILED)


def _serve(settings: ServerSettings, place: Place, session: Session) -> bool:
    try:
        from criterion.server import running  # noqa: PLC0415 -- needs the extra
    except ModuleNotFoundError as error:
        hint = "pip install 'criterion-decisions[serve]'"
        raise UsageError(f"`criterion serve` needs {code(str(error.name))}", hint=hint) from None
    standing = Standing(settings, SystemClock())
    with _listening(running.listening, place) as listener:
        url, number = f"{running.url_of(listener)}{PREFIX}", standing.served.decisions
        members = {"url": url, "decisions": number, "workers": place.workers}
        session.answer(members, lambda: say(f"{counted(number, 'decision')} at {url}"))
        return running.run(settings, standing, listener, place.workers)


def _listening(listen: Callable[[str, int], socket], place: Place) -> socket:
    try:
        return listen(place.host, place.port)
    except OSError as error:
        reason = (error.strerror or "it is refused").partition(" (")[0].lower()
        message = f"cannot listen on {code(f'{place.host}:{place.port}')}: {reason}"
        other = "`--host`" if isinstance(error, gaierror) else "`--port`; 0 picks a free one"
        raise UsageError(message, hint=f"choose another {other}") from None


def _picks(given: Sequence[str]) -> Picks:
    picks: dict[str, tuple[str, ...]] = {}
    for each in given:
        id, _, names = each.partition("=")
        parts = tuple(name.strip() for name in names.split(","))
        if not id or not all(parts):
            raise UsageError(
                f"{code(each)} names no profile", hint="write it as `usage-limit=pricing`"
            )
        picks[id] = (*picks.get(id, ()), *parts)
    return picks
