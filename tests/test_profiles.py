"""Profiles: registered by name and version, validated and frozen once, offered to decisions."""

import sys
import threading
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, field_validator
from syrupy.assertion import SnapshotAssertion

from criterion.errors import DefinitionError
from criterion.profiles import ProfileRegistry
from criterion.quantity import UNLIMITED
from criterion.result import Result, Status
from criterion.schema import Schema
from tests.parcels import (
    HEAVY_PARCEL,
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


def run(registry: ProfileRegistry, name: str = "tariff") -> Result[Surcharge]:
    return engine(registry).run(parcel_surcharge, HEAVY_PARCEL, name)


SERVING = [
    ("the highest", ["1.0.0", "1.2.0", "1.1.0"], "1.2.0"),
    ("by number, not by text", ["1.9.0", "1.10.0"], "1.10.0"),
    ("a final one before a later candidate", ["1.0.0", "2.0.0-rc.1"], "1.0.0"),
    ("the highest candidate where there is nothing else", ["1.0.0-a", "1.0.0-rc.1"], "1.0.0-rc.1"),
]


@pytest.mark.parametrize(("versions", "serving"), [case[1:] for case in SERVING],
                         ids=[case[0] for case in SERVING])  # fmt: skip
def test_the_serving_version_is(versions: list[str], serving: str) -> None:
    registry = ProfileRegistry()
    for fee_cents, version in enumerate(versions):
        registry.register("tariff", {**TARIFF, "fee_cents": fee_cents}, version=version)

    result = run(registry)

    assert result.profile_version == serving
    assert result.unwrap().fee_cents == versions.index(serving)


def test_a_version_may_be_pinned() -> None:
    registry = ProfileRegistry()
    for version in ("1.0.0", "2.0.0-rc.1", "2.0.0"):
        registry.register("tariff", TARIFF, version=version)

    assert run(registry, "tariff@1.0.0").profile_version == "1.0.0"
    assert run(registry, "tariff@2.0.0-rc.1").profile_version == "2.0.0-rc.1"
    assert run(registry, "tariff@1.0.0").profile_id == "tariff"
    assert [str(error) for error in run(registry, "tariff@3.0.0").errors] == [
        "profile `tariff` has no version `3.0.0`; there is `1.0.0`, `2.0.0-rc.1` and `2.0.0`"
    ]


def test_a_registry_yields_its_names() -> None:
    registry = ProfileRegistry()
    registry.register("tariff", TARIFF, version="1.0.0")
    registry.register("other", {}, version="1.0.0")
    registry.register("tariff", TARIFF, version="1.1.0")

    assert list(registry) == ["tariff", "other"]


def registering(**parts: Any) -> DefinitionError:  # noqa: ANN401 -- also what no part should be
    registry = ProfileRegistry()
    registry.register("tariff", TARIFF, version="1.0.0")
    good: dict[str, Any] = {"name": "tariff", "values": TARIFF, "version": "1.1.0"}
    given = {**good, **parts}

    with pytest.raises(DefinitionError) as caught:
        registry.register(given.pop("name"), given.pop("values"), **given)
    return caught.value


def _cycle() -> dict[str, Any]:
    values: dict[str, Any] = {}
    values["itself"] = values
    return values


MISTAKES: dict[str, dict[str, Any]] = {
    "a name that is no id": {"name": "Tariff 1"},
    "a version that is none": {"version": "1.1"},
    "other values under the same version": {"version": "1.0.0", "values": {}},
    "a missing value": {"values": {"fee_cents": 1}, "decisions": [parcel_surcharge]},
    "a misspelt value": {"values": {**TARIFF, "fee_cent": 1}, "decisions": [parcel_surcharge]},
    "a value of the wrong kind": {
        "values": {**TARIFF, "fee_cents": "1"},
        "decisions": ["other", parcel_surcharge],
    },
    "another schema": {"values": Done(), "decisions": [parcel_surcharge]},
    "NaN": {"values": {"rate": float("nan")}},
    "an object": {"values": {"rate": object()}},
    "a mapping in itself": {"values": _cycle()},
    "everything": {
        "name": "Tariff 1",
        "version": "1",
        "values": {"fee_cents": "1"},
        "decisions": [parcel_surcharge],
    },
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_profile_that_cannot_be_used_says_why(mistake: str, snapshot: SnapshotAssertion) -> None:
    assert str(registering(**MISTAKES[mistake])) == snapshot


def test_a_refused_profile_leaves_the_registry_as_it_was() -> None:
    registry = ProfileRegistry()
    registry.register("tariff", TARIFF, version="1.0.0")
    generation = registry.generation

    with pytest.raises(DefinitionError):
        registry.register("tariff", {}, version="1.0.0")

    assert registry.generation == generation
    assert run(registry).profile_version == "1.0.0"


def test_the_same_values_may_be_registered_again() -> None:
    registry = ProfileRegistry()
    for _ in range(2):
        registry.register("tariff", dict(TARIFF), version="1.0.0")

    assert run(registry).status is Status.OK


@pytest.mark.parametrize("values", ["pricing", 7, None, [("fee_cents", 1)], Tariff])
def test_values_that_are_no_mapping_are_a_programming_error(values: Any) -> None:  # noqa: ANN401
    with pytest.raises(TypeError, match="a profile is a mapping or a schema instance, not `"):
        ProfileRegistry().register("tariff", values, version="1.0.0")


def test_one_text_in_place_of_the_decisions_is_a_programming_error() -> None:
    decisions: Any = "parcel-surcharge"

    with pytest.raises(TypeError, match=r"write `\['parcel-surcharge'\]`"):
        ProfileRegistry().register("tariff", TARIFF, version="1.0.0", decisions=decisions)


OFFERED: list[tuple[str, Any, Status]] = [
    ("every decision", None, Status.OK),
    ("this one by id", ["parcel-surcharge"], Status.OK),
    ("this one itself", [parcel_surcharge], Status.OK),
    ("this one among others", iter(["other", "parcel-surcharge"]), Status.OK),
    ("another one", ["other"], Status.INVALID_PROFILE),
    ("none", [], Status.INVALID_PROFILE),
]


@pytest.mark.parametrize(("decisions", "status"), [case[1:] for case in OFFERED],
                         ids=[case[0] for case in OFFERED])  # fmt: skip
def test_a_profile_is_offered_to(decisions: Any, status: Status) -> None:  # noqa: ANN401
    registry = ProfileRegistry()
    registry.register("tariff", TARIFF, version="1.0.0", decisions=decisions)

    assert run(registry).status is status


def test_a_profile_for_other_decisions_says_so() -> None:
    registry = ProfileRegistry()
    registry.register("tariff", TARIFF, version="1.0.0", decisions=["other"])

    result = run(registry)

    assert [tuple(error) for error in result.errors] == [
        ("", "profile_not_offered", "profile `tariff` is not for decision `parcel-surcharge`")
    ]


def test_unknown_decisions_are_validated_when_they_first_ask() -> None:
    registry = ProfileRegistry()
    registry.register("tariff", {"fee_cents": "1"}, version="1.0.0", decisions=["parcel-surcharge"])

    result = run(registry)

    assert result.status is Status.INVALID_PROFILE
    assert [error.path for error in result.errors] == ["heavy_from_g", "long_from_mm", "fee_cents"]


class Sanctions(Schema):
    """A long list, and a count of how often it was validated."""

    validated: ClassVar[list[int]] = []
    names: list[str]

    @field_validator("names")
    @classmethod
    def count(cls, names: list[str]) -> list[str]:
        """Note that a list was validated."""
        cls.validated.append(len(names))
        return names


def test_a_registered_profile_is_validated_once_and_never_per_call() -> None:
    Sanctions.validated.clear()
    screening = decision_of(rule_of(), profile=Sanctions)
    registry = ProfileRegistry()
    names = [f"name {number}" for number in range(10_000)]

    registry.register("sanctions", {"names": names}, version="1.0.0", decisions=[screening])
    running = engine(registry)
    at_registration = list(Sanctions.validated)
    for _ in range(5):
        assert running.run(screening, HEAVY_PARCEL, "sanctions").status is Status.OK

    assert at_registration == Sanctions.validated == [10_000]


def test_values_that_the_caller_changes_afterwards_do_not_count() -> None:
    values: dict[str, Any] = dict(TARIFF)
    registry = ProfileRegistry()
    registry.register("tariff", values, version="1.0.0")

    values["fee_cents"] = 1
    result = run(registry)

    assert result.unwrap().fee_cents == TARIFF["fee_cents"]
    assert result.profile_digest == engine().run(
        parcel_surcharge, HEAVY_PARCEL, TARIFF
    ).profile_digest  # fmt: skip


class Rates(BaseModel):
    """A profile model that is not ours, and can change."""

    fee_cents: int
    steps: list[int]


def test_a_foreign_instance_that_the_caller_changes_afterwards_does_not_count() -> None:
    decision = decision_of(
        rule_of(emit=lambda _, rates: {"fee_cents": rates.fee_cents, "steps": rates.steps}),
        profile=Rates,
        output=Rates,
    )
    rates, registry = Rates(fee_cents=5, steps=[1]), ProfileRegistry()
    registry.register("rates", rates, version="1.0.0")

    rates.fee_cents = 9
    rates.steps.append(2)

    assert engine(registry).run(decision, HEAVY_PARCEL, "rates").unwrap().model_dump() == {
        "fee_cents": 5,
        "steps": [1],
    }


class Odd(BaseModel):
    """A profile model with values that JSON does not have, so that it has no digest."""

    number: complex


def test_values_without_a_digest_cannot_stand_in_for_others() -> None:
    registry = ProfileRegistry()
    registry.register("odd", Odd(number=1j), version="1.0.0")

    with pytest.raises(DefinitionError, match=r"`1\.0\.0` has other values already"):
        registry.register("odd", Odd(number=2j), version="1.0.0")


class Lazy(Mapping[str, object]):
    """A mapping that works its values out."""

    def __getitem__(self, key: str) -> object:
        return TARIFF[key]

    def __iter__(self) -> Iterator[str]:
        return iter(TARIFF)

    def __len__(self) -> int:
        return len(TARIFF)


@pytest.mark.parametrize("values", [MappingProxyType(TARIFF), Lazy(), Tariff(**TARIFF)])
def test_any_mapping_or_instance_will_do(values: Any) -> None:  # noqa: ANN401
    registry = ProfileRegistry()
    registry.register("tariff", values, version="1.0.0")

    named, by_value = run(registry), engine().run(parcel_surcharge, HEAVY_PARCEL, values)

    assert named.unwrap() == by_value.unwrap()
    assert named.profile_digest == by_value.profile_digest


def test_a_mapping_of_instances_is_a_profile_too() -> None:
    class Depot(Schema):
        tariff: Tariff

    decision = decision_of(rule_of(), profile=Depot)

    result = engine().run(decision, HEAVY_PARCEL, {"tariff": Tariff(**TARIFF)})

    assert result.status is Status.OK
    assert result.profile_digest == (
        engine().run(decision, HEAVY_PARCEL, {"tariff": TARIFF}).profile_digest
    )


def test_unlimited_is_text_in_a_document_and_a_number_in_python_with_one_digest() -> None:
    digests = []
    for limit in ("unlimited", UNLIMITED, float("inf")):
        registry = ProfileRegistry()
        registry.register("limits", {"limit": limit}, version="1.0.0")
        decision = decision_of(rule_of(), profile=_Limits)
        digests.append(engine(registry).run(decision, HEAVY_PARCEL, "limits").profile_digest)

    assert digests[0] is not None
    assert len(set(digests)) == 1


class _Limits(Schema):
    limit: Any


class Slow(str):
    """A version that takes its time when it is looked up, so that threads get in between."""

    __slots__ = ()

    def __hash__(self) -> int:
        for _ in range(200):
            pass
        return super().__hash__()


def test_profiles_registered_by_many_threads_are_all_kept() -> None:
    registry = ProfileRegistry()
    names = [Slow(f"1.0.{number}") for number in range(200)]
    start = threading.Barrier(8)

    def register(part: int) -> None:
        start.wait()
        for version in names[part::8]:
            registry.register("tariff", TARIFF, version=version)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=register, args=(part,)) for part in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(interval)

    assert registry.generation == len(names)
    assert set(registry._entries["tariff"]) == set(names)  # noqa: SLF001 -- only the highest shows


def test_a_parcel_is_no_tariff() -> None:
    registry = ProfileRegistry()
    registry.register("tariff", Parcel(**HEAVY_PARCEL), version="1.0.0")

    assert run(registry).status is Status.INVALID_PROFILE
