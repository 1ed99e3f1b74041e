"""Heads of a SQLite store: read when they are asked for, each part decoded when it is touched."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Any, Final

from criterion.policy.encoding import encoded
from criterion.policy.encoding_fast import decoded_part
from criterion.policy.state import Customer, Head
from criterion.policy.store import Commit, Key, Kind
from criterion.policy.stores.sqlite_rows import CUSTOMER, KINDS, born, column, key_of, text_of

CUSTOMERS_MAX: Final = 16_384
"""How many customers a writer remembers, 2 to 4 KB each; then it begins anew."""

_PARTS: Final = "SELECT kind, name, at, born, data FROM parts WHERE customer = ?"
_ALT: Final = "SELECT customer FROM alts WHERE name = ?"
_PLAN: Final = "SELECT 1 FROM plans WHERE plan = ? LIMIT 1"
_KEY: Final = (
    "SELECT seq, key, expires, data FROM journal WHERE customer = ? AND key = ?"
    " ORDER BY seq DESC LIMIT 1"
)


class Parts(Mapping[str, Any]):
    """The parts of one kind, as texts until somebody asks; no part is a text itself."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        """Start empty."""
        self.held: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 -- of the kind
        found = self.held[name]
        if type(found) is str:
            self.held[name] = found = decoded_part(found)
        return found

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 -- of the kind
        """Return a part, or the default; much faster than by asking and catching."""
        found = self.held.get(name)
        if type(found) is str:
            self.held[name] = found = decoded_part(found)
        return default if found is None else found

    def __contains__(self, name: object) -> bool:
        return name in self.held

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)


class SqliteHeads:
    """Where customers stand, as one transaction sees it.

    A writer keeps one from transaction to transaction, for as long as nobody else writes.

    Args:
        connection: In a transaction whenever something is asked.
        flush: Called before the file is asked, so that what waits to be written is seen.
    """

    def __init__(
        self, connection: sqlite3.Connection, flush: Callable[[], object] = lambda: None
    ) -> None:
        """Know nothing yet."""
        self._ask = connection.execute
        self._flush = flush
        self._by_id: dict[str, Head] = {}
        self._seen: dict[str, int] = {}
        self._born: dict[str, int] = {}
        self._keys: dict[tuple[str, str], Key] = {}
        self._written: dict[str, tuple[Customer, str]] = {}

    def head(self, customer: str, /) -> Head | None:
        """Return the head of a customer, by its id."""
        return self._by_id.get(customer) or self._read(customer)

    def id_of(self, name: str, /) -> str | None:
        """Return the id that an alternate one leads to."""
        self._flush()
        row = self._ask(_ALT, (column(name),)).fetchone()
        return None if row is None else text_of(row[0])

    def seen_at(self, customer: str, /) -> int:
        """Return when the last change of a customer was decided, in ms; 0 before any."""
        return self._seen.get(customer, 0) if self.head(customer) is not None else 0

    def is_used(self, plan: str, /) -> bool:
        """Whether any customer has a plan for its own."""
        self._flush()
        return self._ask(_PLAN, (column(plan),)).fetchone() is not None

    def key(self, customer: str, name: str, at: int, /) -> Key | None:
        """Return what a key of a customer was used for, while it is kept."""
        if self.head(customer) is None:
            return None
        found = self._keys.get((customer, name))
        if found is None:
            row = self._ask(_KEY, (column(customer), column(name))).fetchone()
            if row is None or born(row[0]) < self._born[customer] or at >= row[2]:
                return None  # its number is of somebody before who had the same id
            found = key_of(row)
        return found if at < found.expires else None

    def keep(self, commit: Commit, texts: list[str | None]) -> None:
        """See a commit from now on; the text of each part stands at its place."""
        seen, at, by_id = self._seen, commit.at, self._by_id
        for (customer, kind, name, value), text in zip(commit.parts, texts, strict=True):
            if kind == "alts":
                continue
            if kind == "customer":
                self._keep_customer(customer, value, commit.seq, text)
            known = by_id.get(customer)
            if known is None:
                continue
            if kind != "customer":
                held: dict[str, Any] = getattr(known, kind).held
                if text is None:
                    held.pop(name, None)
                else:
                    held[name] = value
            if at > seen.get(customer, 0):
                seen[customer] = at
        if commit.key is not None:
            self._keys[commit.customer, commit.key.name] = commit.key._replace(seq=commit.seq)

    def text_of(self, customer: Customer) -> str:
        """Return a customer as text; of one that is kept the text that is."""
        known = self._written.get(customer.id)
        return known[1] if known is not None and known[0] is customer else encoded(customer)

    def has(self, customer: str, kind: Kind, name: str) -> bool:
        """Whether a part is known to be there; false where nobody has asked."""
        head = self._by_id.get(customer)
        return head is not None and name in getattr(head, kind)

    def begin(self) -> None:
        """Forget what is remembered for one transaction only, and too many customers."""
        self._keys.clear()
        if len(self._by_id) > CUSTOMERS_MAX:
            for each in (self._by_id, self._seen, self._born, self._written):
                each.clear()

    def _keep_customer(
        self, customer: str, value: Customer | None, seq: int, text: str | None
    ) -> None:
        known = self._by_id.pop(customer, None)
        self._written.pop(customer, None)
        if value is not None and text is not None:
            self._written[customer] = value, text
        if value is None:
            self._seen.pop(customer, None)
            self._keys = {name: key for name, key in self._keys.items() if name[0] != customer}
        elif known is None:
            self._by_id[customer] = _head(value, {kind: Parts() for kind in _HELD})
            self._born[customer] = born(seq)
        else:
            self._by_id[customer] = _head(value, {kind: getattr(known, kind) for kind in _HELD})

    def _read(self, customer: str) -> Head | None:
        self._flush()
        rows = self._ask(_PARTS, (column(customer),)).fetchall()
        if not rows or rows[0][0] != CUSTOMER:
            return None
        _, _, seen, came, text = rows[0]
        # INVARIANT: `_HELD` is in the order of `KINDS`, behind the customer
        parts = meters, grants, caps, estimates, included = tuple([Parts() for _ in _HELD])
        if len(rows) > 2:  # noqa: PLR2004 -- one besides the customer is in order
            rows.sort(key=_IN_ORDER)
        for number, name, at, _, part in rows[1:]:
            seen = max(seen, at)
            parts[number - 1].held[name if type(name) is str else text_of(name)] = part
        read = decoded_part(text)
        head = Head(
            customer=read, meters=meters, grants=grants, caps=caps,
            estimates=estimates, included=included,
        )  # fmt: skip
        self._written[customer] = read, text
        self._by_id[customer], self._seen[customer], self._born[customer] = head, seen, came
        return head


_IN_ORDER: Final = itemgetter(0, 3)
_HELD: Final = tuple(kind for kind in KINDS if kind not in {"customer", "alts"})


def _head(customer: Customer, parts: Mapping[Kind, Parts]) -> Head:
    return Head(customer=customer, **parts)  # type: ignore[arg-type] # kinds are members
