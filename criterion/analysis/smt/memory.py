"""The memory of z3: a new one for each proof, and one proof at a time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final

import z3

_TURN: Final = Lock()


@contextmanager
def own_memory() -> Iterator[None]:
    """Prove in a memory of its own, without the garbage collector.

    What z3 comes upon first depends on what its memory has seen and on when terms leave it, so that
    a used one, or one that is cleared at any time, would let a report depend on more than what it
    is about. And no two threads may use one memory at once.
    """
    module: Any = z3.z3
    with _TURN:
        shared, collects = module._main_ctx, gc.isenabled()  # noqa: SLF001 -- z3 has no public name for it
        module._main_ctx = z3.Context()  # noqa: SLF001 -- same
        z3.Z3_enable_concurrent_dec_ref(z3.main_ctx().ref())  # any thread may let terms go, later
        gc.disable()
        try:
            yield
        finally:
            module._main_ctx = shared  # noqa: SLF001 -- same
            if collects:
                gc.enable()
