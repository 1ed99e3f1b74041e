"""Evaluation: the first rule that matches decides, on values that nobody can change."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator
from syrupy.assertion import SnapshotAssertion

from criterion.result import Result, Status
from criterion.rule import OTHERWISE, Rule
from criterion.schema import Schema
from tests.parcels import (
    HEAVY_PARCEL,
    LIGHT_PARCEL,
    TARIFF,
    Done,
    Parcel,
    Surcharge,
    Tariff,
    decision_of,
    engine,
    no,
    parcel_surcharge,
    rule_of,
    yes,
)


class Case(NamedTuple):
    id: str
    weight_g: int
    length_mm: int
    matched: str
    fee_cents: int


CASES = [
    Case("one gram below heavy", 9_999, 300, "standard", 0),
    Case("exactly heavy", 10_000, 300, "heavy", 450),
    Case("one millimetre below long", 900, 1_199, "standard", 0),
    Case("exactly long", 900, 1_200, "long", 450),
    Case("heavy wins over long", 10_000, 1_200, "heavy", 450),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_first_matching_band_is_charged(case: Case, snapshot: SnapshotAssertion) -> None:
    facts = {"weight_g": case.weight_g, "length_mm": case.length_mm}

    result = engine().run(parcel_surcharge, facts, TARIFF)

    assert result.status is Status.OK
    assert result.matched_rule == case.matched
    assert result.unwrap().model_dump() == {"band": case.matched, "fee_cents": case.fee_cents}
    assert result.explanation == snapshot
    assert result.errors == ()


def test_no_rule_that_matches_is_an_answer_of_its_own() -> None:
    decision = decision_of(rule_of("first", when=no), rule_of("second", when=no))

    result = engine().run(decision, LIGHT_PARCEL)

    assert result.status is Status.NO_MATCH
    assert (result.data, result.matched_rule, result.errors) == (None, None, ())
    assert [entry.matched for entry in result.trace] == [False, False]


class Truthy:
    """Says that it is true when it is asked, as numbers of some libraries do."""

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return "Truthy()"

    def __eq__(self, other: object) -> bool:
        return other is True

    def __hash__(self) -> int:
        return 1


@pytest.mark.parametrize(
    "answer", [1, 0, 1.0, None, "yes", "", [], [1], Truthy(), NotImplemented], ids=repr
)
def test_a_condition_that_is_neither_true_nor_false_fails(answer: object) -> None:
    asked: list[str] = []
    decision = decision_of(
        rule_of("before", when=no),
        rule_of("odd", when=lambda _, __: answer),
        rule_of("after", when=lambda _, __: asked.append("after")),
    )

    result = engine().run(decision, LIGHT_PARCEL)

    assert result.status is Status.RULE_ERROR
    assert [(error.path, error.code) for error in result.errors] == [
        ("rules.odd.when", "not_boolean")
    ]
    assert [(entry.rule_id, entry.matched) for entry in result.trace] == [
        ("before", False),
        ("odd", None),
    ]
    assert (result.data, result.matched_rule, asked) == (None, None, [])


class BoomError(Exception):
    """What a rule raises."""


def booming(*_: object) -> Any:  # noqa: ANN401 -- never returns
    raise BoomError("it broke")


STAGES = {
    "when": rule_of("odd", when=booming),
    "emit": rule_of("odd", when=yes, emit=booming),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_rule_that_raises_ends_the_evaluation_and_is_named(stage: str) -> None:
    decision = decision_of(rule_of("before", when=no), STAGES[stage], rule_of("after"))

    result = engine().run(decision, LIGHT_PARCEL)

    assert result.status is Status.RULE_ERROR
    assert result.explanation == f"rule `odd` failed in `{stage}`: BoomError: it broke"
    assert [tuple(error) for error in result.errors] == [
        (f"rules.odd.{stage}", "raised", "BoomError: it broke")
    ]
    assert [tuple(entry) for entry in result.trace] == [
        ("before", False, "the condition of `before` was false"),
        ("odd", None, f"rules.odd.{stage}: BoomError: it broke"),
    ]
    assert (result.data, result.matched_rule) == (None, None)


@pytest.mark.parametrize("error", [RecursionError, MemoryError, StopIteration, ExceptionGroup])
def test_an_unusual_exception_of_a_rule_is_a_status(error: type[Exception]) -> None:
    def when(_: object, __: object) -> bool:
        raise (
            ExceptionGroup("two\nlines", [BoomError()]) if error is ExceptionGroup else error("odd")
        )

    result = engine().run(decision_of(rule_of(when=when)), LIGHT_PARCEL)

    assert result.status is Status.RULE_ERROR
    assert error.__name__ in result.explanation
    assert "\n" not in result.explanation


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_a_wish_to_stop_the_program_is_not_swallowed(error: type[BaseException]) -> None:
    def when(_: object, __: object) -> bool:
        raise error

    with pytest.raises(error):
        engine().run(decision_of(rule_of(when=when)), LIGHT_PARCEL)


class Other(Schema):
    """Not what the decision emits."""

    fee_cents: int = 0


def refused_inside(_: object, __: object) -> Surcharge:
    values: dict[str, Any] = {"band": "odd", "fee_cents": 0}
    return Surcharge(**values)


EMITTED: dict[str, tuple[Callable[[Any, Any], object], list[tuple[str, str]]]] = {
    "a key is missing": (lambda _, __: {"band": "heavy"}, [("fee_cents", "missing")]),
    "a key is unknown": (
        lambda _, __: {"band": "heavy", "fee_cents": 1, "fee_cent": 1},
        [("fee_cent", "unknown_key")],
    ),
    "a value is of the wrong kind": (
        lambda _, __: {"band": "heavy", "fee_cents": "1"},
        [("fee_cents", "type")],
    ),
    "a value is none of the choices": (
        lambda _, __: {"band": "odd", "fee_cents": 1},
        [("band", "choice")],
    ),
    "two values are wrong": (
        lambda _, __: {"band": "odd", "fee_cents": True},
        [("band", "choice"), ("fee_cents", "type")],
    ),
    "nothing is emitted": (lambda _, __: None, [("", "type")]),
    "text is emitted": (lambda _, __: "heavy", [("", "type")]),
    "another schema is emitted": (lambda _, __: Other(), [("", "type")]),
    "the output refuses to be made": (refused_inside, [("band", "choice")]),
}


@pytest.mark.parametrize("case", EMITTED)
def test_data_that_does_not_fit_is_invalid_output(case: str) -> None:
    emit, expected = EMITTED[case]
    decision = decision_of(rule_of(emit=emit), output=Surcharge)

    result = engine().run(decision, LIGHT_PARCEL)

    assert result.status is Status.INVALID_OUTPUT
    assert [(error.path, error.code) for error in result.errors] == expected
    assert result.explanation.startswith("rule `only` emitted invalid data: ")
    assert (result.data, result.matched_rule) == (None, None)


def test_an_emit_that_misuses_another_schema_is_a_rule_error() -> None:
    def emit(_: object, __: object) -> Done:
        values: dict[str, Any] = {"fee_cents": "much"}
        Other(**values)
        return Done()

    result = engine().run(decision_of(rule_of(emit=emit)), LIGHT_PARCEL)

    assert result.status is Status.RULE_ERROR
    assert result.errors[0].path == "rules.only.emit"


def test_a_mapping_that_cannot_be_read_is_invalid_output() -> None:
    decision = decision_of(rule_of(emit=lambda _, __: Unreadable()))

    assert engine().run(decision, LIGHT_PARCEL).status is Status.INVALID_OUTPUT


class Unreadable(Mapping[str, object]):
    """A mapping whose every use raises."""

    def __getitem__(self, key: str) -> object:
        raise BoomError(key)

    def __iter__(self) -> Iterator[str]:
        raise BoomError("iter")

    def __len__(self) -> int:
        raise BoomError("len")


REFUSED: dict[str, tuple[object, list[tuple[str, str]]]] = {
    "nothing": (None, [("", "type")]),
    "a number": (7, [("", "type")]),
    "text": ('{"weight_g": 1}', [("", "type")]),
    "a list": ([("weight_g", 1)], [("", "type")]),
    "no key": ({}, [("weight_g", "missing"), ("length_mm", "missing")]),
    "a misspelt key": (
        {**LIGHT_PARCEL, "wieght_g": 1},
        [("wieght_g", "unknown_key")],
    ),
    "text for a number": ({**LIGHT_PARCEL, "weight_g": "1"}, [("weight_g", "type")]),
    "a truth value for a number": ({**LIGHT_PARCEL, "weight_g": True}, [("weight_g", "type")]),
    "a number out of bounds": ({**LIGHT_PARCEL, "weight_g": 0}, [("weight_g", "range")]),
    "an instance of another schema": (Done(), [("", "type")]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_facts_that_do_not_fit_are_invalid_input(case: str) -> None:
    facts, expected = REFUSED[case]
    given: Any = facts

    result = engine().run(parcel_surcharge, given, TARIFF)

    assert result.status is Status.INVALID_INPUT
    assert [(error.path, error.code) for error in result.errors] == expected
    assert (result.data, result.matched_rule, result.trace) == (None, None, ())


def test_facts_that_cannot_be_read_are_invalid_input() -> None:
    result = engine().run(parcel_surcharge, Unreadable(), TARIFF)

    assert result.status is Status.INVALID_INPUT
    assert result.explanation.startswith("invalid input: ")


def test_an_instance_decides_as_the_mapping_does() -> None:
    mapping = engine().run(parcel_surcharge, HEAVY_PARCEL, TARIFF)
    instance = engine().run(parcel_surcharge, Parcel(**HEAVY_PARCEL), Tariff(**TARIFF))

    assert instance.to_dict(trace=True) == mapping.to_dict(trace=True)


class Fragile(Parcel):
    """A parcel with a property of its own."""

    layers: int = 1

    @property
    def is_thick(self) -> bool:
        """Whether it is wrapped more than once."""
        return self.layers > 1


def test_an_instance_of_a_subclass_is_taken() -> None:
    facts = Fragile(weight_g=12_000, length_mm=1, layers=2)

    assert engine().run(parcel_surcharge, facts, TARIFF).matched_rule == "heavy"


def test_a_schema_with_properties_gives_them_to_its_rules() -> None:
    decision = decision_of(rule_of("thick", when=lambda parcel, _: parcel.is_thick), input=Fragile)

    statuses = [
        engine().run(decision, {**LIGHT_PARCEL, "layers": layers}).status for layers in (1, 2)
    ]

    assert statuses == [Status.NO_MATCH, Status.OK]


class Order(Schema):
    """Facts with everything that could be changed."""

    lines: list[str]
    prices: dict[str, int]
    notes: Any = None


class Basket(BaseModel):
    """The same, as a model that is not ours."""

    lines: list[str]
    prices: dict[str, int]
    notes: Any = None


def _setting(order: Any) -> object:  # noqa: ANN401 -- either of the two
    order.lines = []
    return order


CHANGES: dict[str, Callable[[Any], object]] = {
    "setting a field": _setting,
    "adding to a list": lambda order: order.lines.append("x"),
    "sorting a list": lambda order: order.lines.sort(),
    "setting a key": lambda order: order.prices.update(pen=0),
    "taking a key": lambda order: order.prices.pop("pen"),
    "changing plain data": lambda order: order.notes["deep"][0].append(1),
    "deleting a field": lambda order: delattr(order, "lines"),
}
ORDER: Any = {"lines": ["pen", "ink"], "prices": {"pen": 2}, "notes": {"deep": [[1]]}}


@pytest.mark.parametrize("schema", [Order, Basket])
@pytest.mark.parametrize("change", CHANGES)
def test_a_rule_cannot_change_what_a_later_rule_sees(change: str, schema: type[BaseModel]) -> None:
    def when(order: object, _: object) -> bool:
        CHANGES[change](order)
        return False

    decision = decision_of(rule_of("meddling", when=when), rule_of("later"), input=schema)

    result = engine().run(decision, ORDER)

    assert result.status is Status.RULE_ERROR
    assert result.errors[0].path == "rules.meddling.when"


@pytest.mark.parametrize("schema", [Order, Basket])
@pytest.mark.parametrize("change", CHANGES)
def test_a_rule_cannot_change_the_profile(change: str, schema: type[BaseModel]) -> None:
    def when(_: object, order: object) -> bool:
        CHANGES[change](order)
        return False

    decision = decision_of(rule_of("meddling", when=when), rule_of("later"), profile=schema)

    assert engine().run(decision, LIGHT_PARCEL, ORDER).status is Status.RULE_ERROR


@pytest.mark.parametrize("schema", [Order, Basket])
@pytest.mark.parametrize("change", CHANGES)
def test_nobody_can_change_the_data(change: str, schema: type[BaseModel]) -> None:
    decision = decision_of(rule_of(emit=lambda _, __: schema(**ORDER)), output=schema)

    data = engine().run(decision, LIGHT_PARCEL).unwrap()

    with pytest.raises((TypeError, ValidationError)):
        CHANGES[change](data)
    assert data.model_dump() == ORDER


def test_facts_that_the_caller_changes_afterwards_are_not_read_again() -> None:
    order: Any = {"lines": ["pen"], "prices": {"pen": 2}, "notes": {"who": ["Ada"]}}
    decision = decision_of(
        rule_of(explain=lambda order, _: f"{order.lines} {order.prices} {order.notes}"),
        input=Order,
    )
    result = engine().run(decision, order)

    order["lines"].append("ink")
    order["prices"]["pen"] = 0
    order["notes"]["who"].append("Bob")

    assert result.explanation == "['pen'] {'pen': 2} {'who': ['Ada']}"


def test_a_rule_leaves_the_lists_of_the_caller_alone() -> None:
    order: Any = {"lines": ["pen"], "prices": {}}
    engine().run(decision_of(rule_of(), input=Order), order)

    order["lines"].append("ink")

    assert order["lines"] == ["pen", "ink"]


class Report(Schema):
    """An output that holds the facts."""

    parcel: Parcel
    all: list[Parcel] = Field(default=[])


WHOLE: dict[str, tuple[type[BaseModel], Callable[[Any, Any], object], dict[str, Any]]] = {
    "the facts": (Parcel, lambda parcel, _: parcel, HEAVY_PARCEL),
    "the profile": (Tariff, lambda _, tariff: tariff, TARIFF),
    "the facts in a report": (
        Report,
        lambda parcel, _: Report(parcel=parcel, all=[parcel]),
        {"parcel": HEAVY_PARCEL, "all": [HEAVY_PARCEL]},
    ),
    "the facts in a mapping": (
        Report,
        lambda parcel, _: {"parcel": parcel},
        {"parcel": HEAVY_PARCEL, "all": []},
    ),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_rule_may_emit_what_it_was_given(case: str) -> None:
    output, emit, expected = WHOLE[case]
    decision = decision_of(rule_of(emit=emit), profile=Tariff, output=output)

    result = engine().run(decision, HEAVY_PARCEL, TARIFF)

    assert result.status is Status.OK
    assert type(result.data) is output
    assert result.unwrap().model_dump() == expected
    assert result.to_dict()["data"] == expected


def test_rules_see_instances_of_their_schemas() -> None:
    seen: list[bool] = []

    def when(parcel: object, tariff: object) -> bool:
        seen.append(isinstance(parcel, Parcel) and isinstance(tariff, Tariff))
        return True

    engine().run(decision_of(rule_of(when=when), profile=Tariff), HEAVY_PARCEL, TARIFF)

    assert seen == [True]


def test_a_rule_may_ask_another_decision_about_its_own_facts() -> None:
    surcharge = engine().bind(parcel_surcharge, TARIFF)

    def when(parcel: Parcel, _: object) -> bool:
        return surcharge(parcel).unwrap().band == "heavy"

    result = engine().run(decision_of(rule_of(when=when)), HEAVY_PARCEL)

    assert result.status is Status.OK


def test_a_rule_may_run_another_decision_under_its_own_profile() -> None:
    def emit(parcel: Parcel, tariff: Tariff) -> Surcharge:
        return engine().run(parcel_surcharge, parcel, tariff).unwrap()

    decision = decision_of(rule_of(emit=emit), profile=Tariff, output=Surcharge)

    assert engine().run(decision, HEAVY_PARCEL, TARIFF).unwrap().band == "heavy"


def test_invalid_input_is_said_before_an_unfit_profile() -> None:
    facts: Any = {}

    statuses = [engine().run(parcel_surcharge, given, {}).status for given in (facts, LIGHT_PARCEL)]

    assert statuses == [Status.INVALID_INPUT, Status.INVALID_PROFILE]


class OddError(ValueError):
    """An exception that cannot print itself."""

    def __str__(self) -> str:
        raise BoomError("no text")


class Picky(Schema):
    """A schema whose validator refuses in an odd way."""

    number: int

    @field_validator("number")
    @classmethod
    def refuse(cls, _: int) -> int:
        """Refuse every number."""
        raise OddError


def test_a_refusal_that_cannot_be_printed_is_invalid_input_all_the_same() -> None:
    result: Result[Any] = engine().run(decision_of(rule_of(), input=Picky), {"number": 1})

    assert result.status is Status.INVALID_INPUT
    assert result.explanation == "invalid input: could not be read: `BoomError` was raised"


def test_otherwise_always_matches() -> None:
    decision = decision_of(rule_of("first", when=no), rule_of("last", when=OTHERWISE))

    assert engine().run(decision, LIGHT_PARCEL).matched_rule == "last"


def test_rules_behind_the_match_are_not_asked() -> None:
    asked: list[str] = []

    def asking(name: str, *, answer: bool) -> Rule[Any, Any, Any]:
        def when(_: object, __: object) -> bool:
            asked.append(name)
            return answer

        return rule_of(name, when=when)

    rules = [asking("a", answer=False), asking("b", answer=True), asking("c", answer=True)]

    engine().run(decision_of(*rules), LIGHT_PARCEL)

    assert asked == ["a", "b"]
