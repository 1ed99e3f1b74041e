"""The engine: run, bind, run_many, explain; names, versions, the clock, what is remembered."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion import engine as engine_module
from criterion.decision import Decision
from criterion.engine import Bound, Engine
from criterion.profiles import ProfileRegistry
from criterion.recorder import MemoryRecorder
from criterion.result import Result, Status
from tests.parcels import (
    HEAVY_PARCEL,
    LIGHT_PARCEL,
    NOON,
    TARIFF,
    Done,
    Parcel,
    Surcharge,
    Tariff,
    decision_of,
    engine,
    parcel_surcharge,
    rule_of,
)


def tariffs(*versions: str) -> ProfileRegistry:
    """Return a registry whose versions of `tariff` charge 1, 2, 3… cents."""
    registry = ProfileRegistry()
    for fee_cents, version in enumerate(versions, 1):
        registry.register("tariff", {**TARIFF, "fee_cents": fee_cents}, version=version)
    return registry


def fee(result: Result[Surcharge]) -> int:
    return result.unwrap().fee_cents


Give = Callable[[], Any]
GIVEN: dict[str, Give] = {
    "by name": lambda: "tariff",
    "as an instance": lambda: Tariff(**{**TARIFF, "fee_cents": 1}),
    "as a mapping": lambda: {**TARIFF, "fee_cents": 1},
}


@pytest.mark.parametrize("way", GIVEN)
def test_a_profile_is_given_in_three_ways(way: str) -> None:
    result = engine(tariffs("1.0.0")).run(parcel_surcharge, HEAVY_PARCEL, GIVEN[way]())

    assert fee(result) == 1


@pytest.mark.parametrize("way", GIVEN)
def test_a_profile_has_one_digest_however_it_is_given(way: str) -> None:
    running = engine(tariffs("1.0.0"))

    result = running.run(parcel_surcharge, HEAVY_PARCEL, GIVEN[way]())
    named = running.run(parcel_surcharge, HEAVY_PARCEL, "tariff")

    assert result.profile_digest is not None
    assert result.profile_digest == named.profile_digest


def test_only_a_named_profile_has_a_name_and_a_version() -> None:
    running = engine(tariffs("1.0.0"))

    named = running.run(parcel_surcharge, HEAVY_PARCEL, "tariff")
    given_by_value = running.run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    assert (named.profile_id, named.profile_version) == ("tariff", "1.0.0")
    assert (given_by_value.profile_id, given_by_value.profile_version) == (None, None)


def test_a_digest_is_of_the_values_that_decided_even_if_the_mapping_changes_later() -> None:
    values = dict(TARIFF)
    result = engine().run(parcel_surcharge, HEAVY_PARCEL, values)
    expected = engine().run(parcel_surcharge, HEAVY_PARCEL, TARIFF).profile_digest

    values["fee_cents"] = 0

    assert result.profile_digest == expected


def test_a_result_names_its_decision() -> None:
    result = engine().run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    assert result.decision_id == "parcel-surcharge"
    assert result.decision_version == "1.0.0"
    assert result.decision_digest == parcel_surcharge.digest
    assert str(result.decision_digest).startswith("sha256:")


UNFIT: dict[str, tuple[Any, str, str]] = {
    "missing": (None, "profile_missing", ""),
    "unknown": ("tarif", "profile_unknown", ""),
    "empty mapping": ({}, "missing", "heavy_from_g"),
    "wrong kind": ({**TARIFF, "fee_cents": "1"}, "type", "fee_cents"),
    "unknown key": ({**TARIFF, "fee": 1}, "unknown_key", "fee"),
    "another schema": (Done(), "type", ""),
}


@pytest.mark.parametrize("case", UNFIT)
def test_an_unfit_profile_is_a_status(case: str) -> None:
    profile, code, path = UNFIT[case]

    result = engine(tariffs("1.0.0")).run(parcel_surcharge, HEAVY_PARCEL, profile)

    assert result.status is Status.INVALID_PROFILE
    assert (result.errors[0].path, result.errors[0].code) == (path, code)
    assert result.explanation.startswith("invalid profile: ")
    assert (result.data, result.matched_rule, result.trace) == (None, None, ())
    assert (result.profile_id, result.profile_digest) == (None, None)


def test_a_misspelt_profile_gets_a_suggestion() -> None:
    result = engine(tariffs("1.0.0")).run(parcel_surcharge, HEAVY_PARCEL, "tarif")

    assert result.explanation == (
        "invalid profile: there is no profile `tarif`; did you mean `tariff`?"
    )


def test_a_decision_without_a_profile_takes_none_or_an_empty_one() -> None:
    decision = decision_of(rule_of())
    profiles: list[Any] = [None, {}, {"fee_cents": 1}]

    statuses = [engine().run(decision, LIGHT_PARCEL, profile).status for profile in profiles]

    assert statuses == [Status.OK, Status.OK, Status.INVALID_PROFILE]


def test_a_version_registered_later_is_noticed() -> None:
    registry = tariffs("1.0.0")
    running = engine(registry)
    before = fee(running.run(parcel_surcharge, HEAVY_PARCEL, "tariff"))

    registry.register("tariff", {**TARIFF, "fee_cents": 7}, version="1.1.0")
    after = running.run(parcel_surcharge, HEAVY_PARCEL, "tariff")

    assert (before, fee(after), after.profile_version) == (1, 7, "1.1.0")


def test_a_name_registered_later_is_noticed() -> None:
    registry = ProfileRegistry()
    running = engine(registry)
    before = running.run(parcel_surcharge, HEAVY_PARCEL, "tariff").status

    registry.register("tariff", TARIFF, version="1.0.0")
    after = running.run(parcel_surcharge, HEAVY_PARCEL, "tariff").status

    assert (before, after) == (Status.INVALID_PROFILE, Status.OK)


def test_what_is_bound_keeps_its_version() -> None:
    registry = tariffs("1.0.0")
    bound = engine(registry).bind(parcel_surcharge, "tariff")

    registry.register("tariff", {**TARIFF, "fee_cents": 7}, version="1.1.0")

    assert fee(bound(HEAVY_PARCEL)) == 1


def test_two_decisions_under_one_name_do_not_get_in_each_others_way() -> None:
    running = engine(tariffs("1.0.0"))
    other = decision_of(rule_of(), profile=Tariff)

    first = running.run(parcel_surcharge, HEAVY_PARCEL, "tariff")
    second = running.run(other, HEAVY_PARCEL, "tariff")

    assert (first.decision_id, second.decision_id) == ("parcel-surcharge", "in-question")


def test_the_memory_for_names_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "BOUND_MAX", 3)
    running = engine(tariffs("1.0.0"))
    decisions: list[Decision[Any, Any, Any]] = [
        decision_of(rule_of(), profile=Tariff) for _ in range(10)
    ]

    for decision in decisions * 2:
        assert running.run(decision, HEAVY_PARCEL, "tariff").status is Status.OK

    assert len(running._bound) <= 3  # noqa: SLF001 -- nothing else shows the bound
    assert len(running._programs) <= 3  # noqa: SLF001 -- the same


facts_of_parcels = st.fixed_dictionaries(
    {"weight_g": st.integers(0, 20_000), "length_mm": st.integers(0, 2_000)}
)


@given(facts_of_parcels)
def test_what_is_bound_answers_as_run_does(facts: dict[str, int]) -> None:
    running = engine(tariffs("1.0.0"))

    bound = running.bind(parcel_surcharge, "tariff")(facts)

    assert bound.to_json(trace=True) == (
        running.run(parcel_surcharge, facts, "tariff").to_json(trace=True)
    )


def test_what_is_bound_to_an_unfit_profile_refuses_valid_facts() -> None:
    bound = engine().bind(parcel_surcharge)
    facts: list[Any] = [{}, HEAVY_PARCEL]

    assert [bound(each).status for each in facts] == [
        Status.INVALID_INPUT,
        Status.INVALID_PROFILE,
    ]


def test_many_facts_are_evaluated_in_order() -> None:
    facts: list[Any] = [HEAVY_PARCEL, {}, Parcel(**LIGHT_PARCEL)]

    results = engine(tariffs("1.0.0")).run_many(parcel_surcharge, facts, "tariff")

    assert [(result.status, result.matched_rule) for result in results] == [
        (Status.OK, "heavy"),
        (Status.INVALID_INPUT, None),
        (Status.OK, "standard"),
    ]


def test_many_facts_are_read_only_as_results_are_taken() -> None:
    taken: list[int] = []

    def parcels() -> Iterator[dict[str, int]]:
        for number in range(1, 1_000_000):
            taken.append(number)
            yield {"weight_g": number, "length_mm": 1}

    results = engine().run_many(parcel_surcharge, parcels(), TARIFF)
    first = next(results)

    assert first.status is Status.OK
    assert taken == [1]


def test_many_facts_share_one_metadata() -> None:
    recorder = MemoryRecorder()
    facts = [HEAVY_PARCEL, LIGHT_PARCEL]

    list(
        engine(recorder=recorder).run_many(
            parcel_surcharge, facts, TARIFF, metadata={"batch": "b-1"}
        )
    )

    assert [record.metadata for record in recorder.records] == [{"batch": "b-1"}] * 2


class TickingClock:
    """A clock that is an hour later each time it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def now(self) -> datetime:
        self.asked += 1
        return NOON + timedelta(hours=self.asked)


EVERY_STATUS: dict[Status, Callable[[Engine], Result[Any]]] = {
    Status.OK: lambda e: e.run(parcel_surcharge, HEAVY_PARCEL, TARIFF),
    Status.NO_MATCH: lambda e: e.run(decision_of(rule_of(when=lambda _, __: False)), HEAVY_PARCEL),
    Status.INVALID_INPUT: lambda e: e.run(parcel_surcharge, {}, TARIFF),
    Status.INVALID_PROFILE: lambda e: e.run(parcel_surcharge, HEAVY_PARCEL, {}),
    Status.INVALID_OUTPUT: lambda e: e.run(
        decision_of(rule_of(emit=lambda _, __: None)), HEAVY_PARCEL
    ),
    Status.RULE_ERROR: lambda e: e.run(decision_of(rule_of(when=lambda _, __: None)), HEAVY_PARCEL),
}


@pytest.mark.parametrize("status", Status)
def test_every_evaluation_asks_the_clock_once(status: Status) -> None:
    clock = TickingClock()

    result = EVERY_STATUS[status](Engine(clock=clock))
    first, second = result.evaluated_at, result.evaluated_at

    assert result.status is status
    assert first == second == datetime(2026, 1, 31, 13, tzinfo=UTC)
    assert clock.asked == 1


@pytest.mark.parametrize("status", Status)
def test_every_evaluation_is_recorded_once(status: Status) -> None:
    recorder = MemoryRecorder()

    result = EVERY_STATUS[status](engine(recorder=recorder))

    assert [record.result for record in recorder.records] == [result]


def test_without_a_clock_the_time_is_the_machines() -> None:
    before = datetime.now(UTC)

    result = Engine().run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    assert before <= result.evaluated_at <= datetime.now(UTC)


PROGRAMMING_ERRORS: dict[str, tuple[Callable[[Engine], object], str]] = {
    "run something else": (
        lambda e: e.run(_any(parcel_surcharge.rules[0]), HEAVY_PARCEL, TARIFF),
        "`Rule` is not a decision",
    ),
    "run a mapping under a name": (
        lambda e: e.run(_any({}), HEAVY_PARCEL, "tariff"),
        "`dict` is not a decision",
    ),
    "run the class": (
        lambda e: e.run(_any(Decision), HEAVY_PARCEL, "tariff"),
        "`type` is not a decision",
    ),
    "bind something else": (lambda e: e.bind(_any(None)), "`NoneType` is not a decision"),
    "run many of something else": (
        lambda e: e.run_many(_any("parcel-surcharge"), []),
        "`str` is not a decision",
    ),
    "a number for a profile": (
        lambda e: e.run(parcel_surcharge, HEAVY_PARCEL, _any(7)),
        "a profile is a name, a mapping or a schema instance, not `int`",
    ),
    "a schema for a profile": (
        lambda e: e.run(parcel_surcharge, HEAVY_PARCEL, _any(Tariff)),
        "a profile is a name, a mapping or a schema instance, not `ModelMetaclass`",
    ),
    "a list for a profile": (
        lambda e: e.bind(parcel_surcharge, _any([1])),
        "a profile is a name, a mapping or a schema instance, not `list`",
    ),
    "explain something else": (lambda e: e.explain(_any("because")), "`str` is not a result"),
}


def _any(value: Any) -> Any:  # noqa: ANN401 -- what no type checker would let through
    return value


@pytest.mark.parametrize("case", PROGRAMMING_ERRORS)
def test_a_programming_error_raises_at_once(case: str) -> None:
    call, message = PROGRAMMING_ERRORS[case]

    with pytest.raises(TypeError) as caught:
        call(engine(tariffs("1.0.0")))

    assert str(caught.value) == message


class Name(str):
    """A name that is more than text."""

    __slots__ = ()


def test_a_name_may_be_a_subclass_of_text() -> None:
    result = engine(tariffs("1.0.0")).run(parcel_surcharge, HEAVY_PARCEL, Name("tariff"))

    assert result.profile_id == "tariff"


def test_explain_returns_the_text_of_the_result() -> None:
    running = engine()
    result = running.run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    assert running.explain(result) == str(result)


def test_one_engine_may_be_bound_many_times() -> None:
    bound: list[Bound[Parcel, Surcharge]] = [
        engine().bind(parcel_surcharge, {**TARIFF, "fee_cents": cents}) for cents in range(3)
    ]

    assert [fee(each(HEAVY_PARCEL)) for each in bound] == [0, 1, 2]
