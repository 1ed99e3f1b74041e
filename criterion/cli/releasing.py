"""``criterion release``: record the digests of decisions, so that no released version changes."""

from typing import Annotated

import typer

from criterion.catalogue import AnyDecision, Catalogue
from criterion.cli.complete import decision_ids
from criterion.cli.problems import UsageError
from criterion.cli.question import decision_of
from criterion.cli.screen import note, say_table
from criterion.cli.session import Session
from criterion.folders import Folders
from criterion.json_text import Plain
from criterion.releasing import release as record
from criterion.releasing import unreleased


def release(
    decisions: Annotated[
        list[str] | None,
        typer.Argument(
            help="Ids, or id@version; by default every version but pre-releases.",
            autocompletion=decision_ids,
        ),
    ] = None,
    *,
    session: Session,
) -> None:
    """Record the digests of decisions: from then on, a changed definition does not load."""
    catalogue = session.catalogue()
    folders = _own(catalogue, session)
    chosen = [decision_of(catalogue, given) for given in decisions or ()]
    done = record(folders, chosen or unreleased(catalogue))
    members: Plain = {
        "file": folders.releases.as_posix(),
        "released": [_row(each) for each in done],
    }
    session.answer(members, lambda: _say(done))


def _own(catalogue: Catalogue, session: Session) -> Folders:
    folders = catalogue.folders
    if folders is None or (session.path is None and folders == Folders.shipped()):
        hint = "begin with `criterion init`, or name a folder with `--path`"
        raise UsageError("there are no decisions here that could be released", hint=hint)
    return folders


def _row(decision: AnyDecision) -> Plain:
    return {"id": decision.id, "version": decision.version, "digest": decision.digest}


def _say(done: tuple[AnyDecision, ...]) -> None:
    if not done:
        note("nothing to release: every version is released already")
        return
    say_table([(part.id, part.version, part.digest or "") for part in done])
