"""Watch: what the interpreter reports of files, code, processes and sockets."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

FORBIDDEN: Final = (
    "open", "exec", "compile", "import", "os.", "subprocess.", "socket.", "ctypes.", "pickle.",
    "shutil.", "tempfile.", "code.__new__", "function.__new__", "sys._getframe", "marshal.",
)  # fmt: skip


class Watch:
    """Notes what the interpreter reports while it is on; it cannot be taken off again."""

    def __init__(self) -> None:
        self._is_on = False
        self._events: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, _: tuple[object, ...]) -> None:
        if self._is_on and event.startswith(FORBIDDEN):
            self._events.append(event)

    @contextmanager
    def watching(self) -> Iterator[list[str]]:
        """Yield the list of what is reported meanwhile."""
        self._events = []
        self._is_on = True
        try:
            yield self._events
        finally:
            self._is_on = False
