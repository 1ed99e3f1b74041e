"""The question: which decision is asked, about which facts, under which profile, and when."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

import typer

from criterion.catalogue import AnyDecision, Catalogue
from criterion.cli.complete import decision_ids, profile_names
from criterion.cli.facts import opened
from criterion.cli.problems import UsageError
from criterion.clock import Clock, FixedClock, SystemClock
from criterion.engine import Bound, Engine
from criterion.errors import UnknownDecisionError
from criterion.folders import Folders
from criterion.profiles import Offer
from criterion.text import code, did_you_mean, listing

DecisionId = Annotated[
    str,
    typer.Argument(
        metavar="DECISION",
        help="An id, or id@version; by default the serving version.",
        autocompletion=decision_ids,
    ),
]


READY_HINT: Final = "here is no folder `decisions`, so that only the ready decisions answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    Attributes:
        decision: An id, or ``id@version``.
        facts: JSON text, ``@file``, or ``-``.
        file: A file's name, instead.
        profile: A registered name, or ``name@version``; ``None`` for the only one that is for
            the decision.
        at: The time of the evaluation; ``None`` for now.
    """

    decision: DecisionId
    facts: Annotated[
        str | None,
        typer.Argument(help="A JSON object; @FILE; or - for standard input.", show_default=False),
    ] = None
    file: Annotated[
        Path | None,
        typer.Option("--file", "-f", help="File that holds an object, or one per line."),
    ] = None
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            "-p",
            help="Name of the profile, or name@version.",
            show_default="the only one for this decision",
            autocompletion=profile_names,
        ),
    ] = None
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="INSTANT", help="Time of the evaluation.", show_default="now"),
    ] = None

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """Open the facts."""
        with opened(self.facts, self.file) as stream:
            yield stream

    def bound(self, catalogue: Catalogue) -> Bound[Any, Any]:
        """Return what answers it."""
        decision = decision_of(catalogue, self.decision)
        engine = Engine(profiles=catalogue.profiles, clock=self._clock())
        return engine.bind(decision, _profile_of(catalogue, decision, self.profile))

    def _clock(self) -> Clock:
        if self.at is None:
            return SystemClock()
        try:
            return FixedClock(datetime.fromisoformat(self.at))
        except ValueError:
            hint = "write it as 2026-01-31T12:00:00Z"
            raise UsageError(f"{code(self.at)} is not an instant", hint=hint) from None


def decision_of(catalogue: Catalogue, given: str) -> AnyDecision:
    """Return the decision of an id, or of ``id@version``."""
    id, _, version = given.partition("@")
    try:
        return catalogue.decision(id, version or None)
    except UnknownDecisionError as error:
        is_elsewhere = error.hint is None and catalogue.folders == Folders.shipped()
        hint = READY_HINT if is_elsewhere else error.hint
        raise UnknownDecisionError(str(error.args[0]), hint=hint) from None


def _profile_of(catalogue: Catalogue, decision: AnyDecision, given: str | None) -> str | None:
    """Return the profile to run under: the given one, else the only one that is for it."""
    offers = catalogue.profiles.offers(decision.id)
    names = list(dict.fromkeys(offer.name for offer in offers))
    if given is not None:
        _require_offered(given, offers, catalogue, decision)
        return given
    if not decision.profile.model_fields:
        return None
    if len(names) == 1:
        return names[0]
    if not names:
        message = f"decision {code(decision.id)} needs a profile, and none is for it"
        raise UsageError(message, hint=f"add {code(decision.id)} to the `for` of a profile")
    message = f"decision {code(decision.id)} runs under several profiles; say which"
    raise UsageError(message, hint=_choice(names))


def _require_offered(
    given: str, offers: Sequence[Offer], catalogue: Catalogue, decision: AnyDecision
) -> None:
    name, _, version = given.partition("@")
    names = list(dict.fromkeys(offer.name for offer in offers))
    versions = [offer.version for offer in offers if offer.name == name]
    if versions and version not in {"", *versions}:
        message = f"profile {code(name)} has no version {code(version)}"
        raise UsageError(message, hint=f"there is {listing(map(code, versions), 'and')}")
    if not versions:
        known = name in catalogue.profiles
        message = f"profile {code(name)} is not for decision {code(decision.id)}"
        hint = did_you_mean(name, names) or (_choice(names) if names else None)
        raise UsageError(message if known else f"there is no profile {code(name)}", hint=hint)


def _choice(names: list[str]) -> str:
    return f"use {listing(code(f'--profile {name}') for name in names)}"
