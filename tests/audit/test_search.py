"""Searching: every kind of trail finds the same records, the newest first."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from criterion.audit import (
    AuditRecorder,
    LoggingTrail,
    MemoryTrail,
    Search,
    Trail,
    open_trail,
    stats_of,
)
from criterion.audit.removal import Removal
from criterion.audit.search import first_id, instant_of
from criterion.clock import FixedClock, new_id
from criterion.engine import Engine
from criterion.errors import AuditError
from tests.audit.trails import QUICK, Card, card_check
from tests.parcels import HEAVY_PARCEL, NOON, TARIFF, parcel_surcharge

HOUR: Final = timedelta(hours=1)
KINDS: Final[dict[str, Callable[[Path], Trail]]] = {
    "memory": lambda _: MemoryTrail(),
    "lines": lambda folder: open_trail(folder / "trail"),
    "sqlite": lambda folder: open_trail(f"sqlite:///{folder}/audit.db"),
}
ALL_KINDS: Final = [*KINDS, pytest.param("postgres", marks=pytest.mark.external)]
CARD: Final = Card(number="9", holder="h", email="e", limits={})


@pytest.fixture(name="trail", params=ALL_KINDS)
def fixture_trail(request: pytest.FixtureRequest, tmp_path: Path) -> Trail:
    """Return a trail of four records, an hour apart; the last has invalid input."""
    return filled(request, tmp_path)


def filled(request: pytest.FixtureRequest, folder: Path) -> Trail:
    """Return the trail of a fixture's parameter: three records are of one customer."""
    if request.param == "postgres":
        trail = open_trail(str(request.getfixturevalue("postgres")))
    else:
        trail = KINDS[request.param](folder)
    fill(trail)
    return trail


def fill(trail: Trail) -> None:
    clock = Hourly()
    with AuditRecorder(trail, delivery=QUICK) as recorder:
        engine = Engine(recorder=recorder, clock=clock)
        engine.run(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata={"customer": "a", "n": 1})
        engine.run(card_check, CARD, metadata={"customer": "b", "tags": ["x"]})
        engine.run(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata={"customer": "b", "n": 3})
        engine.run(card_check, {}, metadata={"customer": "b"})


class Hourly:
    """A clock that goes on by an hour each time that it is asked."""

    def __init__(self) -> None:
        self._times: Iterator[datetime] = (NOON + HOUR * n for n in range(100))

    def now(self) -> datetime:
        return next(self._times)


SEARCHES: Final[dict[str, tuple[Search, list[int]]]] = {
    "all": (Search(), [3, 2, 1, 0]),
    "a customer": (Search(metadata={"customer": "b"}), [3, 2, 1]),
    "a number": (Search(metadata={"n": 3}), [2]),
    "two words": (Search(metadata={"customer": "b", "n": "3"}), [2]),
    "no such word": (Search(metadata={"customer": "c"}), []),
    "a list is not searched": (Search(metadata={"tags": "x"}), []),
    "a decision": (Search(decision="card-check"), [3, 1]),
    "a rule": (Search(rule="heavy"), [2, 0]),
    "a rule of a customer": (Search(rule="heavy", metadata={"customer": "a"}), [0]),
    "denied": (Search(denied=True), [1]),
    "denied and OK": (Search(denied=True, status="OK"), [1]),
    "denied and invalid": (Search(denied=True, status="INVALID_INPUT"), []),
    "OK, denials too": (Search(status="OK"), [2, 1, 0]),
    "invalid": (Search(status="INVALID_INPUT"), [3]),
    "since": (Search(since=NOON + HOUR), [3, 2, 1]),
    "until": (Search(until=NOON + HOUR), [0]),
    "between": (Search(since=NOON + HOUR, until=NOON + 3 * HOUR, rule="heavy"), [2]),
}


@pytest.mark.parametrize(("search", "hours"), SEARCHES.values(), ids=SEARCHES)
def test_a_search_finds_what_is_asked_for(trail: Trail, search: Search, hours: list[int]) -> None:
    found = [instant_of(record.id) for record in trail.found(search)]

    assert found == [NOON + HOUR * hour for hour in hours]
    assert {id for id, _ in trail.terms(search)} == {record.id for record in trail.found(search)}


def test_a_limit_keeps_the_newest(trail: Trail) -> None:
    [first, second] = trail.found(Search(), 2)

    assert (instant_of(first.id), instant_of(second.id)) == (NOON + 3 * HOUR, NOON + 2 * HOUR)


def test_many_chunks_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("criterion.audit.sql_search.CHUNK_FIRST", 1)
    monkeypatch.setattr("criterion.audit.sql_search.CHUNK_MAX", 2)
    trail = KINDS["sqlite"](tmp_path)
    fill(trail)

    assert len(list(trail.found(Search()))) == 4


def test_a_record_is_had_by_its_id(trail: Trail) -> None:
    [newest] = trail.found(Search(), 1)

    assert trail.get(newest.id) == newest
    assert newest.members["status"] == "INVALID_INPUT"
    assert trail.get(new_id(NOON)) is None


def test_a_payload_that_is_none_is_not_found_and_reads_as_empty() -> None:
    trail = MemoryTrail()
    fill(trail)
    trail.entries[0] = trail.entries[0]._replace(payload="no JSON")
    trail.entries[1] = trail.entries[1]._replace(payload=None)

    record = trail.get(trail.entries[0].id)

    assert record is not None
    assert record.members == {}
    assert len(list(trail.found(Search()))) == 2


def test_several_values_are_no_word() -> None:
    with pytest.raises(AuditError, match="by one value"):
        _ = Search(metadata={"tags": ["x"]}).words


def test_the_first_id_of_an_instant_is_below_all_of_it() -> None:
    at = datetime(2026, 1, 31, 12, 0, 0, 1_000, tzinfo=UTC)

    assert first_id(at) <= new_id(at) < first_id(at + timedelta(milliseconds=1))
    assert instant_of(first_id(at)) == at
    assert first_id(datetime(1960, 1, 1, tzinfo=UTC)) == first_id(datetime(1970, 1, 1, tzinfo=UTC))


def test_statistics_count_by_everything(trail: Trail) -> None:
    stats = stats_of(trail.terms(Search()), "hour")

    assert stats.records == 4
    assert stats.decisions == {"parcel-surcharge": 2, "card-check": 2}
    assert stats.rules == {("parcel-surcharge", "heavy"): 2, ("card-check", "unknown"): 1}
    assert stats.outcomes == {"OK": 2, "DENIED": 1, "INVALID_INPUT": 1}
    assert list(stats.times) == [f"{(NOON + HOUR * n).isoformat()[:13]}" for n in range(4)]
    assert list(stats_of(trail.terms(Search()), "month").times) == [NOON.isoformat()[:7]]


REFUSED: Final[dict[str, Callable[[Trail], Any]]] = {
    "get": lambda trail: trail.get("x"),
    "found": lambda trail: trail.found(Search()),
    "terms": lambda trail: trail.terms(Search()),
    "remove": lambda trail: trail.remove(Removal()),
}


@pytest.mark.parametrize("ask", REFUSED.values(), ids=REFUSED)
def test_a_log_is_not_searched(ask: Callable[[Trail], Any]) -> None:
    with pytest.raises(AuditError, match="cannot be read from here"):
        ask(LoggingTrail())


def test_a_fixed_clock_dates_what_is_found() -> None:
    trail = MemoryTrail()
    with AuditRecorder(trail, delivery=QUICK) as recorder:
        Engine(recorder=recorder, clock=FixedClock(NOON)).run(card_check, CARD)

    [record] = trail.found(Search(since=NOON, until=NOON + HOUR))

    assert record.members["at"].startswith(NOON.isoformat()[:19])
