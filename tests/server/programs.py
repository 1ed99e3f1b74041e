"""Programs: ``criterion serve`` as a process of its own, and what it says."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).parent.parent.parent
ENDS_S_MAX: Final = 30

DECISION: Final = """decision: seat-limit
version: {version}
input:
  seats: {{type: integer, minimum: 0, maximum: 1_000_000}}
profile:
  limit: {{type: integer}}
output:
  allowed: {{type: boolean}}
rules:
  - id: fits
    when: input.seats <= profile.limit
    emit: {{allowed: true}}
    explain: "{{input.seats}} of {{profile.limit}}"
  - id: full
    when: otherwise
    emit: {{allowed: false}}
    explain: no room
"""
PROFILE: Final = "profile: {name}\nversion: 1.0.0\nfor: [seat-limit]\nvalues: {{limit: 3}}\n"


def write_project(folder: Path, version: str = "1.0.0", profiles: tuple[str, ...] = ("a",)) -> None:
    """Write a catalogue of one decision."""
    for name, text in {
        "decisions/seat_limit.yaml": DECISION.format(version=version),
        **{f"profiles/{name}.yaml": PROFILE.format(name=name) for name in profiles},
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")


class Program:
    """A server that runs.

    Attributes:
        address: Where it listens.
        said: What it printed when it began.
    """

    def __init__(self, process: "subprocess.Popen[str]", log: TextIO) -> None:
        self.process = process
        self._log = log
        assert process.stdout is not None
        line = process.stdout.readline()
        self.said: dict[str, Any] = json.loads(line) if line else {}
        url = urlsplit(self.said.get("url", ""))
        self.address = (str(url.hostname), url.port or 0)

    def log(self) -> list[dict[str, Any]]:
        """Return what was logged so far."""
        self._log.seek(0)
        return [json.loads(line) for line in self._log]

    def end(self) -> int:
        """Ask it to stop, and return its exit code."""
        self.process.terminate()
        return self.process.wait(ENDS_S_MAX)


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[Program]:
    """Run the command in a folder, on a port that is free."""
    command = [sys.executable, "-m", "criterion", "serve", "--port", "0", "--json", *arguments]
    log = folder / "log.jsonl"
    with (
        log.open("w+", encoding="utf-8") as stderr,
        subprocess.Popen(
            command,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as process,
    ):
        try:
            yield Program(process, stderr)
        finally:
            if process.poll() is None:
                process.kill()
