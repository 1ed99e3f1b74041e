"""Deciding: what becomes of a call, from where customers stand to the commit that makes it so.

Everything here is pure: a store may run it more than once.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from criterion.policy.beginning import weigh
from criterion.policy.book import Book
from criterion.policy.command import Command
from criterion.policy.committing import parts_of
from criterion.policy.encoding import Packed, encoded
from criterion.policy.estimating import SEGMENTS_MAX, Basis, Sample, basis_of, observed
from criterion.policy.overlay import Overlay
from criterion.policy.recalling import recalled
from criterion.policy.records import made
from criterion.policy.reserving import hold_parts, released_parts
from criterion.policy.resolution import find
from criterion.policy.ruling import Ruled, Ruling
from criterion.policy.state import Head
from criterion.policy.store import Commit, Heads, Key, Part
from criterion.policy.telling import events_of
from criterion.policy.verdict import Answered
from criterion.policy.work import Featured, Metered, Outside, Work

KEY_TTL_MS: Final = 86_400_000
"""How long the answer of a call is kept for its key: 24 hours."""


class Active(NamedTuple):
    """The policy that decides: its terms and its rules, replaced together."""

    book: Book
    ruling: Ruling


def decided(
    active: Active, heads: Heads, command: Command, now: int, key: str | None = None
) -> Commit:
    """Return what becomes of a call."""
    if key is not None:
        known = _known(active, heads, command, now, key)
        if known is not None:
            return known
    work, granted = weigh(active.book, heads, command, now)
    answered = answer(active, work)
    kept = None
    if key is not None and not isinstance(work, Outside):
        kept = Key(key, _content(command), answered, work.at + KEY_TTL_MS)
    if isinstance(work, Metered):
        ruled = answered.ruled
        parts = (*granted, *_parts(work, ruled)) if granted else _parts(work, ruled)
        events = events_of(work, ruled.code)
        customer = work.place.caller.customer.id
        return made(Commit, (customer, work.at, answered, parts, events, kept, 0))
    return Commit(customer_of(work), work.at, answered, key=kept)


def answer(active: Active, work: Work) -> Answered:
    """Return what the rules say of a call."""
    ruled = active.ruling.rule(work)
    hold = work.command.hold
    if hold is not None and work.command.verb == "reserve" and ruled.is_allowed:
        return Answered(work, ruled, active.ruling, hold.id)
    return made(Answered, (work, ruled, active.ruling, None, None))


def customer_of(work: Work) -> str:
    """Return who asked: the id; of an unknown one what was given."""
    if isinstance(work, Metered | Featured):
        return work.place.caller.customer.id
    known = work.customer if isinstance(work, Outside) else None
    return work.command.customer if known is None else known.id


def decided_together(
    active: Active, heads: Heads, commands: Sequence[Command], now: int, key: str | None = None
) -> Commit:
    """Return what becomes of calls of which all pass, or none is counted.

    Each is decided as if the ones before it had passed. The answers of all are in the commit, also
    where one is refused.
    """
    first = commands[0]
    if key is not None:
        known = _known(active, heads, first, now, key, content=_contents(commands))
        if known is not None:
            return known
    over = Overlay(heads)
    commits: list[Commit] = []
    for command in commands:
        commit = decided(active, over, command, now)
        over.lay(commit.parts if commit.answer.ruled.is_allowed else ())
        commits.append(commit)
    answers = tuple(commit.answer for commit in commits)
    passed = all(each.ruled.is_allowed for each in answers)
    kept = commits if passed else [each for each in commits if not each.answer.ruled.is_allowed]
    parts = {part[:3]: part for each in kept for part in each.parts}
    record = None
    if key is not None and not isinstance(answers[0].work, Outside):
        expires = commits[0].at + KEY_TTL_MS
        record = Key(key, _contents(commands), answers, expires)
    return Commit(
        commits[0].customer,
        max(each.at for each in commits),
        answers,
        tuple(parts.values()),
        tuple(event for each in kept for event in each.events),
        record,
    )


def settled(active: Active, heads: Heads, command: Command, now: int) -> Commit:
    """Return what becomes of usage for which room was set aside.

    It is counted whatever the limits say, once for each hold: asked again with the same content it
    gets the same answer.
    """
    hold = command.hold
    key = f"hold:{command.entitlement}:{'' if hold is None else hold.id}"
    known = _known(active, heads, command, now, key)
    if known is not None:
        return known
    work, granted = weigh(active.book, heads, command, now)
    answered = answer(active, work)
    customer = customer_of(work)
    if not isinstance(work, Metered) or hold is None or not answered.ruled.is_allowed:
        return Commit(customer, work.at, answered)
    about = about_of(work)
    answered = answered._replace(about=about)
    sample = Sample(about, work.amount, work.change.overhead)
    parts = (
        *granted,
        *released_parts(heads, work.place, hold.id, _parts(work, answered.ruled)),
        *estimate_parts(work.place.owner, work.place.offer.name, sample, work.at),
    )
    events = events_of(work, answered.ruled.code)
    kept = Key(key, _content(command), answered, work.at + _kept_ms(work))
    return Commit(customer, work.at, answered, parts, events, kept)


def about_of(work: Metered) -> Basis:
    """Return what a settled call tells estimates of: as its hold says, else its context."""
    terms, offer = work.command.hold, work.place.offer
    hold = None if terms is None else work.standing.meter.holds.get(terms.id)
    basis = None if terms is None else terms.basis
    segment = None if terms is None else terms.segment
    if hold is not None:
        basis = hold.basis if basis is None else basis
        segment = hold.segment if segment is None else segment
    return basis_of(offer.entitlement, work.command.context, basis, segment)


def estimate_parts(head: Head, name: str, sample: Sample, now: int) -> tuple[Part, ...]:
    """Return the estimate of a head that has seen one more call."""
    kept, segment = head.estimates.get(name, {}), sample.about.segment
    if segment not in kept and len(kept) >= SEGMENTS_MAX:
        return ()
    seen = observed(kept.get(segment), sample, now)
    if seen is None:
        return ()
    changed = {**kept, segment: seen}
    return (Part(head.customer.id, "estimates", name, changed),)


def _parts(work: Metered, ruled: Ruled) -> tuple[Part, ...]:
    if work.command.verb == "reserve" and ruled.is_allowed:
        return hold_parts(work)
    return parts_of(work, allowed=ruled.is_allowed)


def _known(
    active: Active,
    heads: Heads,
    command: Command,
    now: int,
    key: str,
    content: object = None,
) -> Commit | None:
    """Return the answer that a key got before, or that it was used for something else."""
    caller = find(heads, command.customer)
    if caller is None:
        return None
    id = caller.customer.id
    at = max(now, heads.seen_at(id))
    found = heads.key(id, key, at)
    if found is None:
        return None
    asked = _content(command) if content is None else content
    if found.content == asked or encoded(found.content) == encoded(asked):  # kept enums are values
        return Commit(id, at, _answer_again(active, found.answer), seq=found.seq)
    conflict = Outside(command, at, caller.customer, is_conflicting=True)
    answered = answer(active, conflict)
    return Commit(id, at, answered if content is None else (answered,))


def _answer_again(active: Active, known: Any) -> Any:  # noqa: ANN401 -- one answer, or several
    """Return an answer as it was given, also where a store kept it outside of this process."""
    if isinstance(known, Packed):
        return Answered(*recalled(active.ruling, known.data))
    if type(known) is tuple:
        return tuple(_answer_again(active, each) for each in known)
    return known


def _content(command: Command) -> object:
    """Return what makes a call the same as another: all but who is told, and a hold's new name."""
    hold = command.hold
    if hold is not None and command.verb == "reserve":
        hold = hold._replace(id="")
    return command._replace(customer="", tells=True, hold=hold)


def _contents(commands: Sequence[Command]) -> object:
    return tuple(map(_content, commands))


def _kept_ms(work: Metered) -> int:
    """Return for how long the answer of a settled hold is kept: a period, and a day at least."""
    state = work.standing
    if state.resets_at is None:
        return KEY_TTL_MS
    return max(KEY_TTL_MS, state.resets_at - state.meter.started)
