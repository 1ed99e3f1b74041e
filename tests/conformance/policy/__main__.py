"""Run cases: ``python -m tests.conformance.policy DIR [--store memory|sqlite]``."""

import sys
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from criterion.policy.stores.memory import MemoryStore
from criterion.policy.stores.sqlite import SqliteStore
from tests.conformance.policy.runner import Opened, cases_in, failures_of


def main(arguments: list[str]) -> int:
    """Run every case of a folder, print what fails, and count."""
    if arguments[1:] not in ([], ["--store", "memory"], ["--store", "sqlite"]) or not (
        arguments and Path(arguments[0]).is_dir()
    ):
        sys.stderr.write("usage: python -m tests.conformance.policy DIR [--store memory|sqlite]\n")
        return 2
    passed = failed = 0
    with TemporaryDirectory() as folder:
        opened = in_files(Path(folder)) if arguments[1:] == ["--store", "sqlite"] else MemoryStore
        for path in cases_in(Path(arguments[0])):
            failures = failures_of(path, opened)
            passed, failed = (passed, failed + 1) if failures else (passed + 1, failed)
            for failure in failures:
                sys.stdout.write(f"{failure}\n")
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 1 if failed else 0


def in_files(folder: Path) -> Opened:
    """Return what opens a store in a new file each time."""
    numbers = count()
    return lambda: SqliteStore(str(folder / f"{next(numbers)}.db"), synchronous="normal")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
