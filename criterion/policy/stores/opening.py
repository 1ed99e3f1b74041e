"""Opening stores by their addresses."""

from typing import Final

from criterion.errors import DefinitionError, Problem
from criterion.policy.store import Store
from criterion.policy.stores.memory import MemoryStore
from criterion.text import code

MEMORY: Final = "memory://"
SQLITE: Final = "sqlite:///"

_NORMAL: Final = "synchronous=normal"
_CHOICES: Final = ("", "synchronous=full", _NORMAL)


def open_store(address: str) -> Store:
    """Return a store; in memory one of its own for each call.

    Args:
        address: ``memory://``, or ``sqlite:///limits.db`` for a file, with four slashes for an
            absolute path; ``?synchronous=normal`` behind it does not wait for the disk.

    Raises:
        DefinitionError: There is no such kind of store. It names no password.
        StoreError: The file cannot be opened, is of another program, or of a newer version.
    """
    if address == MEMORY:
        return MemoryStore()
    path, _, chosen = address.removeprefix(SQLITE).partition("?")
    if not address.startswith(SQLITE) or not path:
        known = f"write {code(MEMORY)}, or {code('sqlite:///limits.db')} for a file"
        raise _no_address(address, "is no address of a store", known)
    if chosen not in _CHOICES:
        known = f"write `?{_CHOICES[1]}` or `?{_NORMAL}`, or nothing"
        raise _no_address(address, "is followed by what is no option of a store", known)
    from criterion.policy.stores.sqlite import SqliteStore  # noqa: PLC0415 -- most never need it

    return SqliteStore(path, synchronous="normal" if chosen == _NORMAL else "full")


def _no_address(address: str, what: str, hint: str) -> DefinitionError:
    return DefinitionError("store", [Problem(code(_shown(address)), what, hint)])


def _shown(address: str) -> str:
    """Return an address without what may be secret: user, password and options."""
    before, at, place = address.rpartition("@")
    scheme, slashes, _ = before.partition("//")
    return f"{scheme if slashes else ''}{slashes}{'…@' if at else ''}{place.partition('?')[0]}"
