"""Hostile documents: read from their file, built, and tried."""

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from criterion.documents.cases_file import read_cases
from criterion.documents.decision_reader import read_decision
from criterion.documents.profile_file import read_profile
from criterion.documents.releases_file import read_releases
from criterion.documents.yaml_text import read_yaml
from criterion.errors import DocumentError

FILE: Final = Path(__file__).parent / "hostile_documents.yaml"
READERS: Final[dict[str, Callable[[str | bytes], Any]]] = {
    "decision": read_decision,
    "profile": read_profile,
    "cases": read_cases,
    "releases": read_releases,
}


class Hostile(NamedTuple):
    """One document and what is said about it."""

    name: str
    kind: str
    source: str | bytes
    expected: list[str]


class Tried(NamedTuple):
    """What became of a document."""

    said: list[str]
    seconds: float
    megabytes: float


def documents() -> list[Hostile]:
    root, problems = read_yaml(FILE.read_bytes(), FILE.name)
    problems.raise_if_any()
    base: str = root.value["base"]
    return [_hostile(entry, base) for entry in root.value["documents"]]


def _hostile(entry: dict[str, Any], base: str) -> Hostile:
    kind = entry.get("kind", "decision")
    return Hostile(entry["name"], kind, _source(entry, base), entry["expect"])


def _source(entry: dict[str, Any], base: str) -> str | bytes:
    if "change" in entry:
        before, after = entry["change"]
        assert base.count(before) >= 1, f"{entry['name']}: the base has no {before!r}"
        return base.replace(before, after, 1)
    if "repeat" in entry:
        before, part, times, after = entry["repeat"]
        return f"{before}{part * times}{after}"
    return bytes.fromhex(entry["bytes"]) if "bytes" in entry else str(entry["text"])


def tried(document: Hostile) -> Tried:
    """Read a document, and return what was said, with the processor time and the memory it took."""
    begin = time.process_time()
    said = _said(document)
    seconds = time.process_time() - begin
    tracemalloc.start()
    _said(document)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Tried(said, seconds, peak / 1_000_000)


def _said(document: Hostile) -> list[str]:
    try:
        READERS[document.kind](document.source)
    except DocumentError as error:
        return [
            f"{mark.line}:{mark.column}: {mark.message}" + (f" -- {mark.hint}" if mark.hint else "")
            for mark in error.marks
        ]
    return []
