"""Progress: a bar on a terminal, and nothing anywhere else."""

import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final, TypeVar

Item = TypeVar("Item")

CHUNK_BYTES: Final = 1 << 20


def is_watched() -> bool:
    """Whether a person looks at the notes while the answers go elsewhere."""
    return sys.stderr.isatty() and not sys.stdout.isatty()


def is_terminal() -> bool:
    """Whether notes go to a terminal."""
    return sys.stderr.isatty()


def lines_in(stream: BinaryIO) -> int | None:
    """Count the lines ahead, and go back; ``None`` where there is no way back."""
    if not stream.seekable():
        return None
    start = stream.tell()
    count = sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(CHUNK_BYTES), b""))
    stream.seek(start)
    return count


def watched(items: Iterable[Item], total: int | None) -> Iterator[Item]:
    """Yield the items, and show on standard error how many of them are done."""
    from rich.console import Console  # noqa: PLC0415 -- slow to import, needed on terminals only
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn  # noqa: PLC0415

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield from progress.track(items, total=total)
