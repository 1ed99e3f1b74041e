"""The statements that change parts in a SQLite store, and the replay of a journal by them."""

import json
import sqlite3
from typing import Final

from criterion.json_text import json_text
from criterion.policy.encoding import unpacked
from criterion.policy.stores.sqlite_rows import ALTS, CUSTOMER, born, column, text_of

PUT: Final = (
    "INSERT INTO parts (at, data, customer, kind, name, born) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET at = max(at, excluded.at), data = excluded.data"
)
CHANGE: Final = (
    "UPDATE parts SET at = max(at, ?), data = ? WHERE customer = ? AND kind = ? AND name = ?"
)
TAKE: Final = "DELETE FROM parts WHERE customer = ? AND kind = ? AND name = ?"
SEEN: Final = "UPDATE parts SET at = max(at, ?) WHERE customer = ? AND kind = 0 AND name = ''"
FORGET: Final = "DELETE FROM parts WHERE customer = ?"
PUT_PLAN: Final = "INSERT OR IGNORE INTO plans (plan, customer) VALUES (?, ?)"
TAKE_PLAN: Final = "DELETE FROM plans WHERE plan = ? AND customer = ?"
PUT_ALT: Final = "INSERT OR REPLACE INTO alts (name, customer) VALUES (?, ?)"
TAKE_ALT: Final = "DELETE FROM alts WHERE name = ?"

_JOURNAL: Final = "SELECT seq, customer, at, data FROM journal ORDER BY seq"
_CUSTOMERS: Final = "SELECT customer, data FROM parts WHERE kind = 0"


def replay(connection: sqlite3.Connection) -> None:
    """Fill empty tables of parts from the journal, line by line."""
    run = connection.execute
    for seq, customer, at, text in run(_JOURNAL):
        for place, (owner, kind, name, value) in enumerate(json.loads(text)[0]):
            id = column(text_of(customer) if owner is None else owner)
            if kind == ALTS:
                run(*((TAKE_ALT, (id,)) if value is None else (PUT_ALT, (id, column(value)))))
            elif value is not None:
                row = (at, json_text(value), id, kind, column(name), born(seq, place))
                run(PUT, row)
            elif kind == CUSTOMER:
                run(FORGET, (id,))
            else:
                run(TAKE, (id, kind, column(name)))
                run(SEEN, (at, id))
    for id, text in run(_CUSTOMERS).fetchall():
        plan = unpacked(json.loads(text)).plan
        if plan:
            run(PUT_PLAN, (column(plan), id))
