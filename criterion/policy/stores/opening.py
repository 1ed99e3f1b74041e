"""Opening stores by their addresses."""

from typing import Final

from criterion.policy.store import Store
from criterion.policy.stores.memory import MemoryStore
from criterion.text import code

MEMORY: Final = "memory://"
SQLITE: Final = "sqlite:///"

_SYNCHRONOUS: Final = "?synchronous="


def open_store(address: str) -> Store:
    """Return a store; in memory one of its own for each call.

    Args:
        address: ``memory://``, or ``sqlite:///limits.db`` for a file, with four slashes for an
            absolute path; ``?synchronous=normal`` behind it does not wait for the disk.

    Raises:
        TypeError: There is no such kind of store.
        StoreError: The file cannot be opened, is of another program, or of a newer version.
    """
    if address == MEMORY:
        return MemoryStore()
    path, sign, chosen = address.removeprefix(SQLITE).partition(_SYNCHRONOUS)
    if not address.startswith(SQLITE) or not path:
        known = f"write {code(MEMORY)}, or {code('sqlite:///limits.db')} for a file"
        raise TypeError(f"{code(address)} is no address of a store: {known}")
    if sign and chosen not in {"full", "normal"}:
        raise TypeError(f"{code(chosen)} is no way to be synchronous: write `full` or `normal`")
    from criterion.policy.stores.sqlite import SqliteStore  # noqa: PLC0415 -- most never need it

    return SqliteStore(path, synchronous="normal" if chosen == "normal" else "full")
