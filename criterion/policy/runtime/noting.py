"""Noting: what a recorder keeps beside verdicts, such as the id of the request that asked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_NOTED: Final[ContextVar[Mapping[str, object]]] = ContextVar("noted", default=_NOTHING)


def noted() -> Mapping[str, object]:
    """Return what is noted where this is called."""
    return _NOTED.get()


@contextmanager
def noting(metadata: Mapping[str, object]) -> Iterator[None]:
    """Note something of every verdict inside the block, beside what is noted outside of it."""
    token = _NOTED.set({**_NOTED.get(), **metadata})
    try:
        yield
    finally:
        _NOTED.reset(token)
