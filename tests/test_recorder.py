"""Recorders: one record for every evaluation, whatever came of it."""

from typing import Any

import pytest

from criterion.recorder import MemoryRecorder, Record
from criterion.result import Status
from tests.parcels import (
    HEAVY_PARCEL,
    LIGHT_PARCEL,
    TARIFF,
    decision_of,
    engine,
    no,
    parcel_surcharge,
    rule_of,
)


def test_a_recorder_keeps_results_with_what_the_caller_says_about_them() -> None:
    recorder = MemoryRecorder()
    running = engine(recorder=recorder)

    first = running.run(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata={"request": "r-1"})
    second = running.run(parcel_surcharge, LIGHT_PARCEL, TARIFF)

    assert recorder.records == [Record(first, {"request": "r-1"}), Record(second, {})]


def test_what_is_bound_is_recorded_too() -> None:
    recorder = MemoryRecorder()
    bound = engine(recorder=recorder).bind(parcel_surcharge, TARIFF)

    result = bound(HEAVY_PARCEL, metadata={"request": "r-1"})

    assert recorder.records == [Record(result, {"request": "r-1"})]


def test_every_kind_of_answer_is_recorded() -> None:
    recorder = MemoryRecorder()
    running = engine(recorder=recorder)
    odd: Any = None

    running.run(parcel_surcharge, HEAVY_PARCEL, TARIFF)
    running.run(parcel_surcharge, odd, TARIFF)
    running.run(parcel_surcharge, HEAVY_PARCEL)
    running.run(parcel_surcharge, HEAVY_PARCEL, "unknown")
    running.run(decision_of(rule_of(when=no)), HEAVY_PARCEL)
    running.run(decision_of(rule_of(when=lambda _, __: odd)), HEAVY_PARCEL)
    running.run(decision_of(rule_of(emit=lambda _, __: odd)), HEAVY_PARCEL)

    assert [record.result.status for record in recorder.records] == [
        Status.OK,
        Status.INVALID_INPUT,
        Status.INVALID_PROFILE,
        Status.INVALID_PROFILE,
        Status.NO_MATCH,
        Status.RULE_ERROR,
        Status.INVALID_OUTPUT,
    ]


def test_metadata_that_the_caller_changes_afterwards_is_kept_as_it_was() -> None:
    recorder = MemoryRecorder()
    metadata: dict[str, object] = {"request": "r-1"}
    engine(recorder=recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata=metadata)

    metadata["request"] = "r-2"

    assert recorder.records[0].metadata == {"request": "r-1"}


def test_results_that_are_not_taken_are_not_recorded() -> None:
    recorder = MemoryRecorder()
    results = engine(recorder=recorder).run_many(
        parcel_surcharge, [HEAVY_PARCEL, LIGHT_PARCEL], TARIFF
    )

    next(results)

    assert len(recorder.records) == 1


class FullError(Exception):
    """The recorder has no room."""


class FullRecorder:
    """A recorder that keeps nothing."""

    def record(self, record: Record) -> None:
        raise FullError(record.result.decision_id)


def test_a_recorder_that_fails_fails_the_evaluation() -> None:
    running = engine(recorder=FullRecorder())

    with pytest.raises(FullError, match="parcel-surcharge"):
        running.run(parcel_surcharge, HEAVY_PARCEL, TARIFF)
