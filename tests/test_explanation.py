"""Explanations: what a rule says of itself, and what is said where it says nothing."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest

from criterion.redaction import Redact
from criterion.result import Result, Status
from criterion.rule import OTHERWISE
from criterion.schema import Schema
from tests.parcels import (
    HEAVY_PARCEL,
    LIGHT_PARCEL,
    TARIFF,
    Done,
    Parcel,
    Tariff,
    decision_of,
    engine,
    no,
    parcel_surcharge,
    rule_of,
    yes,
)


@pytest.mark.parametrize(
    ("when", "expected"),
    [(yes, "the condition of `only` was true"), (OTHERWISE, "no earlier rule matched")],
    ids=["condition", "otherwise"],
)
def test_a_rule_without_an_explanation_is_explained_by_its_condition(
    when: object, expected: str
) -> None:
    assert engine().run(decision_of(rule_of(when=when)), LIGHT_PARCEL).explanation == expected


def test_an_explanation_gets_instances_of_the_schemas() -> None:
    seen: list[object] = []

    def explain(parcel: object, tariff: object) -> str:
        seen.extend([parcel, tariff])
        return "seen"

    decision = decision_of(rule_of(explain=explain), profile=Tariff)
    result = engine().run(decision, HEAVY_PARCEL, TARIFF)

    assert result.explanation == "seen"
    assert seen == [Parcel(**HEAVY_PARCEL), Tariff(**TARIFF)]


class OddError(Exception):
    """An exception that cannot print itself."""

    def __str__(self) -> str:
        raise RuntimeError


FAILING: dict[str, tuple[Exception, str]] = {
    "a message": (ValueError("no way"), "ValueError: no way"),
    "no message": (ValueError(), "ValueError"),
    "no text": (OddError(), "OddError"),
    "two lines": (ValueError("a\nb"), "ValueError: a\\nb"),
    "a long message": (ValueError("a" * 1_000), f"ValueError: {'a' * 499}…"),
    "a key": (KeyError("fee"), "KeyError: 'fee'"),
}


def raising(error: Exception) -> Callable[[object, object], Any]:
    def function(_: object, __: object) -> Any:  # noqa: ANN401 -- never returns
        raise error

    return function


@pytest.mark.parametrize("case", FAILING)
def test_an_explanation_that_raises_says_so_and_changes_nothing(case: str) -> None:
    error, text = FAILING[case]

    result = engine().run(decision_of(rule_of(explain=raising(error))), LIGHT_PARCEL)

    assert result.explanation == f"the explanation of `only` failed: {text}"
    assert (result.status, result.data, result.matched_rule) == (Status.OK, Done(), "only")


@pytest.mark.parametrize("case", FAILING)
def test_a_condition_that_raises_is_quoted(case: str) -> None:
    error, text = FAILING[case]

    result = engine().run(decision_of(rule_of(when=raising(error))), LIGHT_PARCEL)

    assert result.explanation == f"rule `only` failed in `when`: {text}"


def test_an_explanation_cannot_change_the_facts() -> None:
    def explain(parcel: Any, _: object) -> str:  # noqa: ANN401 -- it is misused
        parcel.weight_g = 1
        return "changed"

    result = engine().run(decision_of(rule_of(explain=explain)), LIGHT_PARCEL)

    assert result.explanation.startswith("the explanation of `only` failed: ")


class Account(Schema):
    """Facts with a value that must not be shown."""

    iban: Annotated[str, Redact("mask")]
    balance: Annotated[int, Redact("hash")] = 7
    name: str = "Ada"


SAID: dict[str, tuple[Callable[[Account], object], str]] = {
    "nothing marked": (lambda account: account.name, "Ada"),
    "the value": (lambda account: account.iban, "[redacted]"),
    "the value in a sentence": (lambda a: f"{a.name} pays by {a.iban}", "Ada pays by [redacted]"),
    "what is computed from it": (lambda a: f"{a.balance * 2 + 1} cents", "[redacted] cents"),
    "a comparison": (lambda a: f"{a.balance > 5}", "[redacted]"),
    "a part of it": (lambda a: f"ends in {a.iban[-4:]}", "ends in [redacted]"),
    "a method of it": (lambda a: f"{a.iban.lower()}", "[redacted]"),
    "all facts": (lambda a: f"{a}", "iban=[redacted] balance=[redacted] name='Ada'"),
    "its length": (
        lambda a: f"{len(a.iban)}",
        "the reason of `only` depends on a redacted value",
    ),
    "a choice by it": (
        lambda a: "rich" if a.balance > 5 else "poor",
        "the reason of `only` depends on a redacted value",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_an_explanation_does_not_see_marked_values(case: str) -> None:
    explain, expected = SAID[case]
    decision = decision_of(rule_of(explain=lambda a, _: explain(a)), input=Account)

    result = engine().run(decision, {"iban": "DE02-secret"})

    assert result.explanation == expected


def test_a_rule_does_see_marked_values() -> None:
    decision = decision_of(rule_of(when=lambda a, _: a.iban == "DE02-secret"), input=Account)

    assert engine().run(decision, {"iban": "DE02-secret"}).status is Status.OK


def _emitting(_: object, __: object) -> dict[str, Any]:
    return {"iban": "DE02-secret", "balance": "DE02-secret"}


MARKED: dict[str, Callable[[], Result[Any]]] = {
    "invalid input": lambda: engine().run(
        decision_of(rule_of(), input=Account), {"iban": 4, "balance": "DE02-secret", "name": "x"}
    ),
    "a key that is no field": lambda: engine().run(
        decision_of(rule_of(), input=Account), {"iban": {"DE02-secret": 1}}
    ),
    "invalid profile": lambda: engine().run(
        decision_of(rule_of(), profile=Account), LIGHT_PARCEL, {"balance": "DE02-secret"}
    ),
    "invalid output": lambda: engine().run(
        decision_of(rule_of(emit=_emitting), output=Account), LIGHT_PARCEL
    ),
    "output": lambda: engine().run(
        decision_of(rule_of(emit=lambda _, __: {"iban": "DE02-secret"}), output=Account),
        LIGHT_PARCEL,
    ),
    "a raising condition": lambda: engine().run(
        decision_of(rule_of(when=lambda a, _: {}[a.iban]), input=Account),
        {"iban": "DE02-secret"},
    ),
    "a raising explanation": lambda: engine().run(
        decision_of(
            rule_of(explain=lambda _, profile: {}[profile.name]),
            input=Account,
            profile=type("Named", (Schema,), {"__annotations__": {"name": str}}),
        ),
        {"iban": "x"},
        {"name": "DE02-secret"},
    ),
}


@pytest.mark.parametrize("case", MARKED)
def test_marked_values_are_shown_nowhere(case: str) -> None:
    result = MARKED[case]()

    bundle = result._repr_mimebundle_()
    shown = [
        repr(result), str(result), result.to_json(trace=True), repr(result.to_dict(trace=True)),
        result.explanation, repr(result.errors), repr(result.trace), repr(result.data),
        result.why_not("only"), *bundle.values(),
    ]  # fmt: skip

    assert [text for text in shown if "secret" in text] == []


def test_the_trace_ends_with_the_rule_that_matched() -> None:
    decision = decision_of(
        rule_of("first", when=no), rule_of("second", when=no), rule_of("third"),
    )  # fmt: skip

    result = engine().run(decision, LIGHT_PARCEL)

    assert [tuple(entry) for entry in result.trace] == [
        ("first", False, "the condition of `first` was false"),
        ("second", False, "the condition of `second` was false"),
        ("third", True, "no earlier rule matched"),
    ]


def test_the_trace_of_invalid_output_ends_with_its_errors() -> None:
    decision = decision_of(rule_of(emit=lambda _, __: {"done": 1}))

    result = engine().run(decision, LIGHT_PARCEL)

    assert [tuple(entry) for entry in result.trace] == [
        ("only", True, "done: must be true or false")
    ]


def test_a_summary_names_the_first_error_and_counts_the_others() -> None:
    facts: list[Any] = [{"length_mm": 1}, {}, {"x": 1}]

    explanations = [engine().run(parcel_surcharge, each, TARIFF).explanation for each in facts]

    assert explanations == [
        "invalid input: weight_g: is required",
        "invalid input: weight_g: is required (and 1 more)",
        "invalid input: weight_g: is required (and 2 more)",
    ]
