"""``criterion policy journal`` and ``events``: what changed in a store, and who was told what."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from criterion.cli.policy_names import BATCH, LOOKED_AT_MAX, commits_in, customers_in
from criterion.cli.policy_options import Range
from criterion.cli.policy_plain import shown
from criterion.cli.policy_session import clock_at
from criterion.cli.policy_words import day, when
from criterion.cli.problems import UsageError
from criterion.cli.screen import note, say_table
from criterion.cli.session import Answers
from criterion.policy.events import Event
from criterion.policy.instants import ms_of
from criterion.policy.state import Customer
from criterion.policy.store import Commit, Part, Store
from criterion.policy.wording import amount
from criterion.text import code, did_you_mean

Item = TypeVar("Item")

CHANGES_MAX: Final = 3
"""How many changes of one commit a table shows."""


def say_journal(store: Store, chosen: Range, answers: Answers) -> None:
    """Print the last changes, oldest first.

    Raises:
        UsageError: There is no such customer.
    """
    found = _last(store, chosen, lambda commit: [commit])
    rows = [
        (
            str(each.seq),
            day(each.at),
            each.customer,
            _changes(each),
            each.key.name if each.key else "",
        )
        for each in found
    ]
    heads = ("commit", "time", "customer", "from now on", "key")
    members: dict[str, Any] = {"commits": [_members(each) for each in found]}
    answers.answer(members, lambda: _say(rows, heads, "nothing was changed"))


def say_events(store: Store, chosen: Range, name: str | None, answers: Answers) -> None:
    """Print the last events, oldest first.

    Raises:
        UsageError: There is no such customer.
    """
    seen: set[str] = set()

    def told(commit: Commit) -> list[Event]:
        seen.update(event.name for event in commit.events)
        return [event for event in commit.events if name in {None, event.name}]

    found = _last(store, chosen, told)
    if name is not None and not found and (hint := did_you_mean(name, seen)):
        note(hint)
    rows = [(each.id, day(each.at_ms), each.customer, each.name, _about(each)) for each in found]
    heads = ("event", "time", "customer", "name", "about")
    members: dict[str, Any] = {"events": [_event(each) for each in found]}
    answers.answer(members, lambda: _say(rows, heads, "nothing was told"))


def _last(store: Store, chosen: Range, pick: Callable[[Commit], list[Item]]) -> list[Item]:
    """Return the last items of the commits that are chosen, read from the end backwards."""
    is_chosen = _choice(store, chosen)
    found: list[Item] = []
    end = store.last
    while end > chosen.after and len(found) < chosen.limit:
        start = max(chosen.after, end - BATCH)
        commits = (each for each in store.entries(start, BATCH) if each.seq <= end)
        found = [item for each in commits if is_chosen(each) for item in pick(each)] + found
        end = start
    return found[-chosen.limit :]


def _choice(store: Store, chosen: Range) -> Callable[[Commit], bool]:
    until = None if chosen.at is None else ms_of(clock_at(chosen.at).now())
    id = None if chosen.customer is None else _id(store, chosen.customer)

    def is_chosen(commit: Commit) -> bool:
        whose = {commit.customer, *(part.customer for part in commit.parts)}
        return (id is None or id in whose) and (until is None or commit.at <= until)

    return is_chosen


def _id(store: Store, name: str) -> str:
    """Return the id of a customer, also of one who is gone.

    Raises:
        UsageError: The journal knows nobody of that name.
    """
    id = store.look(name, lambda heads: name if heads.head(name) else heads.id_of(name))
    if id is not None:
        return str(id)
    if any(commit.customer == name for commit in commits_in(store)):
        return name
    hint = did_you_mean(name, customers_in(store, LOOKED_AT_MAX))
    raise UsageError(f"no customer {code(name)} is known", hint=hint)


def _say(rows: Sequence[Sequence[str]], heads: Sequence[str], nothing: str) -> None:
    if rows:
        say_table(rows, heads)
    else:
        note(nothing)


def _changes(commit: Commit) -> str:
    """Return what a commit changed, in a few words."""
    said = [_change(part, commit.customer) for part in commit.parts]
    if not said:
        return f"nothing; told {', '.join(event.name for event in commit.events)}"
    more = len(said) - CHANGES_MAX
    return ", ".join([*said[:CHANGES_MAX], *([f"{more} more"] if more > 0 else [])])


def _change(part: Part, customer: str) -> str:
    if part.kind == "alts":
        return f"{'no more' if part.value is None else 'also'} known as {part.customer}"
    whose = "" if part.customer == customer else f"{part.customer}: "
    if part.value is None:
        return f"{whose}{_NOUNS[part.kind]} {part.name}".rstrip() + " is gone"
    return f"{whose}{_SAID[part.kind](part)}"


def _customer(customer: Customer) -> str:
    plan = f"plan {customer.plan or 'by its refs'}"
    own = [f"own limit on {name}" for name in customer.overrides]
    return ", ".join([plan, *own])


_NOUNS: Final[Mapping[str, str]] = {
    "customer": "customer", "meters": "meter", "grants": "grant", "caps": "cap",
    "estimates": "estimate", "included": "included topup",
}  # fmt: skip

_SAID: Final[Mapping[str, Callable[[Part], str]]] = {
    "customer": lambda part: _customer(part.value),
    "meters": lambda part: f"{part.name} at {amount(part.value.value)}",
    "grants": lambda part: f"grant {part.name} has {amount(part.value.value)} left",
    "caps": lambda part: f"cap {part.name} has {amount(part.value.meter_value)} spent",
    "estimates": lambda part: f"estimate of {part.name} learns",
    "included": lambda part: f"included topup {part.name} is given",
}


def _about(event: Event) -> str:
    """Return those members of a payload that say which one it is, and how it stands."""
    payload = event.payload
    said = [f"{name} {payload[name]}" for name in _TOLD if isinstance(payload.get(name), str)]
    return ", ".join(said)


_TOLD: Final = ("entitlement", "entitlement_name", "plan_name", "topup_name", "id")


def _members(commit: Commit) -> dict[str, Any]:
    return {
        "seq": commit.seq,
        "at": when(commit.at),
        "customer": commit.customer,
        "key": None if commit.key is None else commit.key.name,
        "changes": [shown(each) for each in commit.parts],
        "events": [event.name for event in commit.events],
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "name": event.name,
        "customer": event.customer,
        "at": when(event.at_ms),
        "seq": event.seq,
        "payload": shown(event.payload),
    }
