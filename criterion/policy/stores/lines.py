"""Lines: the journal of a store as text, one commit a line, for another store or another day."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from criterion.errors import StoreError
from criterion.json_text import json_text
from criterion.policy.encoding import packed, unpacked
from criterion.policy.events import Event
from criterion.policy.store import Commit, Heads, Key, Part, Store

FORMAT: Final = 1
"""The version of the lines."""

PAGE: Final = 1_000
"""How many commits are read at once."""


def exported(store: Store) -> Iterator[str]:
    """Yield a first line, one line for each commit, and a last line that seals them.

    Raises:
        StoreError: The store cannot be read, or its journal does not begin with the first commit.
    """
    seal = hashlib.sha256()
    yield json_text({"criterion_store": FORMAT})
    after = 0
    while page := list(store.entries(after, PAGE)):
        for commit in page:
            if commit.seq != after + 1:
                raise StoreError(f"commit {after + 1:,} is missing from the journal")
            line = json_text(_members(commit))
            seal.update(line.encode())
            yield line
            after = commit.seq
    yield json_text({"commits": after, "sha256": seal.hexdigest()})


def imported(lines: Iterable[str], store: Store) -> int:
    """Commit again what lines say, into an empty store; returns the number of the last commit.

    Raises:
        StoreError: The store is not empty; or the lines are none of `exported`, or not all of them:
            what was committed before that showed is in the store.
    """
    if store.last:
        raise StoreError("the store is not empty", hint="import into a new one")
    seal = hashlib.sha256()
    last = 0
    is_sealed = False
    for number, line in enumerate(lines, 1):
        members = _read(line, number)
        if number == 1 or is_sealed:
            if members.get("criterion_store") != FORMAT or is_sealed:
                raise _unreadable(number)
        elif "sha256" in members:
            if (members.get("commits"), members["sha256"]) != (last, seal.hexdigest()):
                raise StoreError("the lines are not what was exported: some were changed or lost")
            is_sealed = True
        else:
            seal.update(line.rstrip("\n").encode())
            commit = _commit(members, number)
            last = store.transact(commit.customer, partial(_again, commit)).seq
    if not is_sealed:
        raise StoreError("the lines end early: the last one, which seals them, is missing")
    return last


def _again(commit: Commit, _: Heads) -> Commit:
    return commit


def _members(commit: Commit) -> dict[str, Any]:
    key = commit.key
    members: dict[str, Any] = {
        "seq": commit.seq,
        "customer": commit.customer,
        "at": commit.at,
        "parts": [[*part[:3], packed(part.value)] for part in commit.parts],
        "events": [[each.name, each.customer, packed(each.payload)] for each in commit.events],
    }
    if key is not None:
        members["key"] = [key.name, packed(key.content), packed(key.answer), key.expires]
    return members


def _commit(members: dict[str, Any], number: int) -> Commit:
    try:
        parts = tuple(
            Part(owner, kind, name, unpacked(value))
            for owner, kind, name, value in members["parts"]
        )
        events = tuple(
            Event(name, who, partial(unpacked, payload)) for name, who, payload in members["events"]
        )
        key = None
        if "key" in members:
            name, content, answer, expires = members["key"]
            key = Key(name, unpacked(content), unpacked(answer), expires)
        answer = None if key is None else key.answer
        return Commit(members["customer"], members["at"], answer, parts, events, key)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
        raise _unreadable(number) from None


def _read(line: str, number: int) -> dict[str, Any]:
    try:
        members = json.loads(line)
    except ValueError:
        raise _unreadable(number) from None
    if not isinstance(members, dict):
        raise _unreadable(number)
    return members


def _unreadable(number: int) -> StoreError:
    return StoreError(
        f"line {number} is none of an export", hint="give what `criterion policy store export` says"
    )
