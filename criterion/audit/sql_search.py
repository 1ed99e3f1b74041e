"""Searching in a database: the index with the fewest matches leads, the other conditions check.

Planners guess which index to begin with, and a wrong guess on a million records takes seconds.
Counting up to a bound is cheap, so this asks instead of guessing.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from criterion.audit.entry import Entry
from criterion.audit.search import Search
from criterion.audit.sql_tables import ENTRIES, WORDS, WRITERS
from criterion.audit.terms import Terms

COUNTED_MAX: Final = 2_000
"""Up to how many matches of each condition are counted."""

CHUNK_FIRST: Final = 100
"""How many ids are looked at first; each time more, up to `CHUNK_MAX`."""

CHUNK_MAX: Final = 5_000

_LINK: Final = ("sequence", "id", "previous", "digest", "hash", "salt", "payload")


def found(connection: Connection, search: Search) -> Iterator[Entry]:
    """Yield the entries that are asked for, the newest first."""
    lead = min(_leads(search), key=lambda ids: _counted(connection, ids))
    [column] = lead.selected_columns
    size, before = CHUNK_FIRST, "g"
    while ids := _chunk(connection, lead, column, before, size):
        yield from entries(connection, ids, _conditions(search))
        size, before = min(4 * size, CHUNK_MAX), ids[-1]


def entries(
    connection: Connection, ids: Sequence[str], conditions: Sequence[ColumnElement[bool]] = ()
) -> Iterator[Entry]:
    """Yield the entries of ids that meet conditions, the newest first."""
    columns = [WRITERS.c.name, *(ENTRIES.c[name] for name in _LINK)]
    joined = select(*columns).join_from(ENTRIES, WRITERS, ENTRIES.c.writer == WRITERS.c.number)
    asked = joined.where(ENTRIES.c.id.in_(ids), *conditions).order_by(ENTRIES.c.id.desc())
    return (Entry(*row) for row in connection.execute(asked).all())


def terms(connection: Connection, search: Search) -> Iterator[tuple[str, Terms]]:
    """Yield id and terms, without words, of everything that is asked for."""
    columns = (ENTRIES.c.id, ENTRIES.c.decision, ENTRIES.c.rule, ENTRIES.c.outcome)
    asked = select(*columns).where(*_between(ENTRIES.c.id, search), *_conditions(search))
    for id, decision, rule, outcome in connection.execution_options(yield_per=CHUNK_MAX).execute(
        asked
    ):
        yield id, Terms(decision, rule, outcome, {})


def _leads(search: Search) -> list[Select[str]]:
    """Return for each condition that has an index the ids that it names."""
    id = ENTRIES.c.id
    leads = [_word(name, word, search) for name, word in search.words.items()]
    named = _columns(search) or [id.is_not(None)]
    return [*leads, *(select(id).where(each, *_between(id, search)) for each in named)]


def _word(name: str, word: str, search: Search) -> Select[str]:
    id = WORDS.c.id
    return select(id).where(WORDS.c.name == name, WORDS.c.value == word, *_between(id, search))


def _columns(search: Search) -> list[ColumnElement[bool]]:
    """Return the conditions on the columns of an entry; each outcome has an order of its own."""
    named: list[ColumnElement[bool]] = []
    if search.decision is not None:
        named.append(ENTRIES.c.decision == search.decision)
    if search.rule is not None:
        named.append(ENTRIES.c.rule == search.rule)
    if len(search.outcomes) == 1:
        named.append(ENTRIES.c.outcome == search.outcomes[0])
    return named


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    """Return what an entry must meet besides standing between two ids; erased ones do not."""
    outcomes = search.outcomes
    conditions = [*_columns(search), ENTRIES.c.payload.is_not(None)]
    if len(outcomes) > 1:
        conditions.append(ENTRIES.c.outcome.in_(outcomes))
    for name, word in search.words.items():
        has = and_(WORDS.c.name == name, WORDS.c.value == word, WORDS.c.id == ENTRIES.c.id)
        conditions.append(select(WORDS.c.id).where(has).exists())
    return conditions


def _between(id: Any, search: Search) -> list[ColumnElement[bool]]:  # noqa: ANN401 -- a column
    first, end = search.ids
    return [id >= first, id < end]


def _counted(connection: Connection, ids: Select[str]) -> int:
    """Return how many ids there are, up to a bound."""
    some = ids.limit(COUNTED_MAX).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _chunk(
    connection: Connection,
    lead: Select[str],
    column: Any,  # noqa: ANN401 -- a column
    before: str,
    size: int,
) -> list[str]:
    asked = lead.where(column < before).order_by(column.desc()).limit(size)
    return list(connection.execute(asked).scalars().all())
