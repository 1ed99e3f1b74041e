"""Decisions: what cannot be defined, and that everything wrong is said at once."""

import dataclasses
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel, RootModel
from syrupy.assertion import SnapshotAssertion

from criterion.decision import Decision
from criterion.errors import DefinitionError
from criterion.schema import NoProfile, Schema
from tests.parcels import (
    HEAVY_PARCEL,
    HOSTILE_TEXT,
    LIGHT_PARCEL,
    Done,
    Parcel,
    engine,
    no,
    parcel_surcharge,
    rule_of,
)


class Numbers(RootModel[list[int]]):
    """A schema without names."""


@dataclass
class Clerk:
    """A kind of object that can change; its `decide` answers later."""

    name: str = "Ada"

    async def __call__(self, facts: object, profile: object) -> bool:
        return facts is profile


class Signed(Schema):
    """Holds something that is neither a schema nor plain data."""

    clerk: Clerk


class Office(BaseModel):
    """A pydantic model that is no schema of ours."""

    city: str


class Delivery(Schema):
    """A schema that holds a model which is none."""

    office: Office


async def later(_: object, __: object) -> bool:
    return True


async def forever(_: object, __: object) -> AsyncIterator[bool]:
    yield True


def define(**parts: Any) -> Decision[Any, Any, Any]:  # noqa: ANN401 -- also what no part should be
    good: dict[str, Any] = {
        "id": "in-question",
        "version": "1.0.0",
        "input": Parcel,
        "output": Done,
        "rules": (rule_of(),),
    }
    return Decision(**{**good, **parts})


def problems_of(**parts: Any) -> DefinitionError:  # noqa: ANN401 -- the same
    with pytest.raises(DefinitionError) as caught:
        define(**parts)
    return caught.value


MISTAKES: dict[str, dict[str, Any]] = {
    "upper case in the id": {"id": "Usage-Limit"},
    "blank in the id": {"id": "usage limit"},
    "trailing hyphen in the id": {"id": "usage-"},
    "digit first in the id": {"id": "2nd-limit"},
    "empty id": {"id": ""},
    "id that is no text": {"id": 7},
    "id that is too long": {"id": "a" * 101},
    "two numbers in the version": {"version": "1.0"},
    "letter before the version": {"version": "v1.0.0"},
    "leading zero in the version": {"version": "1.01.0"},
    "version that is a number": {"version": 1.1},
    "instance for a schema": {"input": Done()},
    "class that is no schema": {"output": dict},
    "schema without names": {"input": Numbers},
    "dataclass in a schema": {"output": Signed},
    "foreign model in a schema": {"profile": Delivery},
    "no rules": {"rules": ()},
    "rules that are no sequence": {"rules": "over-limit"},
    "something else among the rules": {"rules": (rule_of(), "over-limit")},
    "rule with a bad id": {"rules": (rule_of("Over Limit"),)},
    "rule whose id is a list": {"rules": (rule_of(["only"]),)},
    "rules that are missing": {"rules": None},
    "two rules with one id": {"rules": (rule_of("same", when=no), rule_of("same"))},
    "rule after one that always matches": {"rules": (rule_of("first"), rule_of("second"))},
    "condition that is a value": {"rules": (rule_of(when=True),)},
    "condition that is misspelt": {"rules": (rule_of(when="otherwize"),)},
    "condition that is omitted": {"rules": (rule_of(when=None),)},
    "emit that is a value": {"rules": (rule_of(emit={"done": True}),)},
    "explain that is text": {"rules": (rule_of(explain="because"),)},
    "condition with one argument": {"rules": (rule_of(when=lambda facts: facts),)},
    "emit with three arguments": {"rules": (rule_of(emit=lambda a, b, c: (a, b, c)),)},
    "asynchronous condition": {"rules": (rule_of(when=later),)},
    "asynchronous emit": {"rules": (rule_of(emit=later),)},
    "asynchronous explain": {"rules": (rule_of(explain=later),)},
    "asynchronous generator": {"rules": (rule_of(when=forever),)},
    "object that answers asynchronously": {"rules": (rule_of(when=Clerk()),)},
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_what_to_write_instead(
    mistake: str, snapshot: SnapshotAssertion
) -> None:
    error = problems_of(**MISTAKES[mistake])

    assert str(error) == snapshot


def test_all_mistakes_are_reported_together(snapshot: SnapshotAssertion) -> None:
    error = problems_of(
        id="Usage Limit",
        version="1.0",
        input=dict,
        output=Signed,
        rules=[
            rule_of("first"),
            rule_of("first", when=later, emit=7),
            "third",
            rule_of("Fourth", explain="because"),
        ],
    )

    assert str(error) == snapshot
    assert [problem.place for problem in error.problems] == [
        "id",
        "version",
        "input",
        "output.clerk",
        "rules.first.when",
        "rules.first.emit",
        "rules.first",
        "rules.first",
        "rules[3]",
        "rules.Fourth",
        "rules.Fourth.explain",
        "rules.Fourth",
    ]
    assert error.code == "definition"


@pytest.mark.parametrize("text", HOSTILE_TEXT.values(), ids=HOSTILE_TEXT.keys())
def test_a_hostile_id_stays_in_its_lines(text: str) -> None:
    error = problems_of(id=text, version=text, rules=(rule_of(text),))

    lines = str(error).splitlines()

    assert len(lines) == 1 + len(error.problems)
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("id", ["a", "usage-limit", "usage_limit_2", "a" * 100])
def test_a_readable_id_is_taken(id: str) -> None:
    assert define(id=id).id == id


@pytest.mark.parametrize("version", ["0.0.0", "1.10.0", "1.0.0-rc.1", "1.0.0+build.5"])
def test_a_semantic_version_is_taken(version: str) -> None:
    assert define(version=version).version == version


@pytest.mark.parametrize("kind", [list, tuple])
def test_rules_are_kept_as_a_tuple(kind: Callable[[Any], object]) -> None:
    rules = (rule_of("first", when=no), rule_of("second"))

    decision = define(rules=kind(rules))

    assert decision.rules == rules


def test_rules_added_to_the_list_afterwards_do_not_count() -> None:
    rules = [rule_of("first", when=no)]
    decision = define(rules=rules)

    rules.append(rule_of("second"))

    assert [rule.id for rule in decision.rules] == ["first"]


def test_a_decision_without_a_profile_has_an_empty_one() -> None:
    assert define().profile is NoProfile


def test_a_decision_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        parcel_surcharge.version = "2.0.0"  # type: ignore[misc] # what the test is about


def test_a_rule_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        parcel_surcharge.rules[0].id = "light"  # type: ignore[misc] # what the test is about


def test_a_decision_shows_itself_in_one_line() -> None:
    assert repr(parcel_surcharge) == "<Decision parcel-surcharge v1.0.0, 3 rules>"


@dataclass
class Above:
    """A condition with a parameter; like most objects that compare by value, it has no hash."""

    weight_g: int

    def __call__(self, parcel: Parcel, _: object) -> bool:
        return parcel.weight_g > self.weight_g


def test_an_object_that_can_be_called_may_be_a_condition() -> None:
    decision = define(rules=(rule_of("heavy", when=Above(10_000)), rule_of("other")))

    matched = [engine().run(decision, facts).matched_rule for facts in (HEAVY_PARCEL, LIGHT_PARCEL)]

    assert matched == ["heavy", "other"]


def test_a_built_in_function_may_emit() -> None:
    decision = define(rules=(rule_of(emit=max),))

    assert decision.rules[0].emit is max
