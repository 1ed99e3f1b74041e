"""Results: what they hold, what they refuse, and that everything else is worked out when read."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import pytest
from pydantic import BaseModel, ConfigDict, HttpUrl, SecretStr
from syrupy.assertion import SnapshotAssertion

from criterion.errors import (
    CriterionError,
    EvaluationError,
    InvalidInputError,
    InvalidOutputError,
    InvalidProfileError,
    NoMatchError,
    RuleError,
    UnknownRuleError,
)
from criterion.quantity import UNLIMITED, Quantity
from criterion.redaction import Redact
from criterion.result import Result, Status
from criterion.schema import Schema
from tests.parcels import (
    HEAVY_PARCEL,
    HOSTILE_TEXT,
    LIGHT_PARCEL,
    TARIFF,
    Done,
    Parcel,
    decision_of,
    engine,
    no,
    parcel_surcharge,
    rule_of,
    yes,
)


class BoomError(Exception):
    """What a rule raises."""


def booming(*_: object) -> Any:  # noqa: ANN401 -- never returns
    raise BoomError("it broke")


RESULTS: dict[Status, Callable[[], Result[Any]]] = {
    Status.OK: lambda: engine().run(parcel_surcharge, HEAVY_PARCEL, TARIFF),
    Status.NO_MATCH: lambda: engine().run(decision_of(rule_of(when=no)), LIGHT_PARCEL),
    Status.INVALID_INPUT: lambda: engine().run(parcel_surcharge, {"weight_g": "1"}, TARIFF),
    Status.INVALID_PROFILE: lambda: engine().run(parcel_surcharge, LIGHT_PARCEL, {"fee_cents": 1}),
    Status.INVALID_OUTPUT: lambda: engine().run(
        decision_of(rule_of(when=yes, emit=lambda _, __: {"done": 1})), LIGHT_PARCEL
    ),
    Status.RULE_ERROR: lambda: engine().run(
        decision_of(rule_of("first", when=no), rule_of("second", when=booming)), LIGHT_PARCEL
    ),
}
ERRORS: dict[Status, type[EvaluationError]] = {
    Status.NO_MATCH: NoMatchError,
    Status.INVALID_INPUT: InvalidInputError,
    Status.INVALID_PROFILE: InvalidProfileError,
    Status.INVALID_OUTPUT: InvalidOutputError,
    Status.RULE_ERROR: RuleError,
}


def test_there_are_six_ways_to_end_each_named_as_its_value() -> None:
    assert [status.value for status in Status] == [status.name for status in Status]
    assert set(RESULTS) == set(Status)


@pytest.mark.parametrize("status", Status)
def test_every_result_becomes_json_of_one_shape(
    status: Status, snapshot: SnapshotAssertion
) -> None:
    result = RESULTS[status]()

    members = result.to_dict(trace=True)
    members["decision"]["digest"] = "…"

    assert json.dumps(members, indent=2, ensure_ascii=False) == snapshot


@pytest.mark.parametrize("trace", [False, True])
@pytest.mark.parametrize("status", Status)
def test_both_forms_of_json_say_the_same(status: Status, trace: bool) -> None:  # noqa: FBT001
    result = RESULTS[status]()

    text = result.to_json(trace=trace)

    assert json.loads(text) == result.to_dict(trace=trace)
    assert ("trace" in json.loads(text)) == trace
    assert "\n" not in text


@pytest.mark.parametrize("facts", [HEAVY_PARCEL, LIGHT_PARCEL], ids=["heavy", "light"])
def test_json_without_a_trace_is_the_same_bytes_as_with_it(facts: dict[str, int]) -> None:
    result = engine().run(parcel_surcharge, facts, TARIFF)

    assert result.to_json(trace=True).startswith(f'{result.to_json()[:-1]},"trace":[')


@pytest.mark.parametrize("status", ERRORS)
def test_unwrap_raises_the_error_of_the_status(status: Status) -> None:
    result = RESULTS[status]()

    with pytest.raises(CriterionError) as caught:
        result.unwrap()

    error = caught.value
    assert type(error) is ERRORS[status]
    assert isinstance(error, EvaluationError)
    assert error.result is result
    assert error.code == status.value.lower()
    assert str(error) == result.explanation


def test_unwrap_returns_the_data_where_there_is_some() -> None:
    result = RESULTS[Status.OK]()

    assert result.unwrap() is result.data


def test_the_exception_of_a_rule_is_the_cause_of_the_error() -> None:
    with pytest.raises(RuleError) as caught:
        RESULTS[Status.RULE_ERROR]().unwrap()

    assert isinstance(caught.value.__cause__, BoomError)


@pytest.mark.parametrize("status", sorted(set(ERRORS) - {Status.RULE_ERROR}))
def test_other_errors_have_no_cause_and_show_no_context(status: Status) -> None:
    with pytest.raises(EvaluationError) as caught:
        RESULTS[status]().unwrap()

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


class Secretive(Schema):
    """Facts with a value that must not be shown."""

    card: Annotated[str, Redact("mask")]


def test_the_exception_of_a_rule_is_withheld_where_values_are_marked() -> None:
    def when(facts: Secretive, _: object) -> bool:
        raise BoomError(facts.card)

    result = engine().run(decision_of(rule_of(when=when), input=Secretive), {"card": "4111-secret"})

    with pytest.raises(RuleError) as caught:
        result.unwrap()
    shown = [str(caught.value), repr(result), str(result), result.to_json(trace=True)]
    assert caught.value.__cause__ is None
    assert not any("secret" in text for text in shown)
    assert result.explanation == (
        "rule `only` failed in `when`: BoomError (its text is withheld: the decision has redacted "
        "fields)"
    )


@pytest.mark.parametrize("status", Status)
def test_a_result_has_no_truth_value(status: Status) -> None:
    result = RESULTS[status]()

    with pytest.raises(TypeError, match=r"ask `result\.status` or `result\.data`"):
        bool(result)
    with pytest.raises(TypeError):
        assert not result


@pytest.mark.parametrize("status", Status)
def test_a_result_shows_its_decision_and_status_but_no_facts(
    status: Status, snapshot: SnapshotAssertion
) -> None:
    assert repr(RESULTS[status]()) == snapshot


class Amounts(Schema):
    """Numbers of every kind."""

    whole: int = 3
    share: Decimal = Decimal("0.1")
    price: Decimal = Decimal("12345678901234567890.12345678901234")
    limit: Quantity = UNLIMITED
    ratio: float = 0.5


def amounts(**values: Any) -> Result[Any]:  # noqa: ANN401 -- numbers of every kind
    decision = decision_of(rule_of(emit=lambda _, __: Amounts(**values)), output=Amounts)
    return engine().run(decision, LIGHT_PARCEL)


def test_json_text_keeps_every_digit_of_a_decimal() -> None:
    text = amounts().to_json()

    data = json.loads(text, parse_float=Decimal)["data"]
    assert data == {
        "whole": 3,
        "share": Decimal("0.1"),
        "price": Decimal("12345678901234567890.12345678901234"),
        "limit": "unlimited",
        "ratio": Decimal("0.5"),
    }


def test_a_dictionary_holds_the_nearest_float_of_a_decimal() -> None:
    assert amounts().to_dict()["data"] == {
        "whole": 3,
        "share": 0.1,
        "price": 12345678901234567890.12345678901234,
        "limit": "unlimited",
        "ratio": 0.5,
    }


LARGE: Final[dict[str, dict[str, Any]]] = {
    "a decimal beyond floats": {"price": Decimal("1E+1000")},
    "its negative": {"price": Decimal("-1E+1000")},
    "a decimal closer to zero than floats": {"price": Decimal("1E-1000")},
    "a whole number that Python does not print": {"whole": 10**5_000},
    "the longest that it does": {"whole": 10**4_200},
    "a large whole decimal": {"price": Decimal("1E+40")},
}


@pytest.mark.parametrize("case", LARGE)
def test_a_number_of_any_size_is_valid_json(case: str) -> None:
    result = amounts(**LARGE[case])

    strict = json.dumps(result.to_dict(), allow_nan=False)

    assert json.loads(strict)["status"] == "OK"
    numbers = json.loads(result.to_json(), parse_int=Decimal, parse_float=Decimal)["data"]
    (name, value), = LARGE[case].items()  # fmt: skip
    assert numbers[name] == value


class Borrowed(BaseModel):
    """An output that is not ours, with values that JSON does not have."""

    model_config = ConfigDict(allow_inf_nan=True)

    url: HttpUrl
    path: Path
    number: float
    imaginary: complex
    secret: SecretStr
    raw: bytes
    tags: frozenset[str]
    keyed: dict[tuple[int, int], int]


BORROWED: dict[str, object] = {
    "url": "https://example.com/",
    "path": Path("a/b"),
    "number": float("nan"),
    "imaginary": 1j,
    "secret": "hush",
    "raw": b"\xff",
    "tags": {"b", "a", "c"},
    "keyed": {(1, 2): 3},
}


def test_whatever_an_output_holds_becomes_valid_json() -> None:
    decision = decision_of(rule_of(emit=lambda _, __: BORROWED), output=Borrowed)
    result = engine().run(decision, LIGHT_PARCEL)

    text = json.dumps(result.to_dict(), allow_nan=False)

    assert json.loads(text) == json.loads(result.to_json())
    assert json.loads(text)["data"] == {
        "url": "https://example.com/",
        "path": "a/b",
        "number": "NaN",
        "imaginary": "1j",
        "secret": "**********",
        "raw": "\\xff",
        "tags": ["a", "b", "c"],
        "keyed": {"[1,2]": 3},
    }


class Explaining:
    """An explanation that counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, facts: Parcel, _: object) -> str:
        self.asked += 1
        return f"{facts.weight_g} g, asked {self.asked} times"


def explained() -> tuple[Explaining, Result[Any]]:
    explain = Explaining()
    decision = decision_of(
        rule_of("first", when=no, explain=explain), rule_of("second", explain=explain)
    )
    return explain, engine().run(decision, LIGHT_PARCEL)


READ_WITHOUT: dict[str, Callable[[Result[Any]], object]] = {
    "data": lambda result: result.data,
    "status": lambda result: result.status,
    "matched rule": lambda result: result.matched_rule,
    "errors": lambda result: result.errors,
    "versions": lambda result: (result.decision_digest, result.profile_digest),
    "unwrapped": lambda result: result.unwrap(),
    "repr": repr,
    "why not an earlier rule": lambda result: result.why_not("first"),
}


@pytest.mark.parametrize("part", READ_WITHOUT)
def test_nobody_is_asked_to_explain_what_needs_no_explanation(part: str) -> None:
    explain, result = explained()

    READ_WITHOUT[part](result)

    assert explain.asked == 0


READ_WITH: dict[str, Callable[[Result[Any]], str]] = {
    "explanation": lambda result: result.explanation,
    "trace": lambda result: result.trace[-1].explanation,
    "why not": lambda result: result.why_not("second"),
    "dictionary": lambda result: str(result.to_dict()["explanation"]),
    "dictionary with trace": lambda result: str(result.to_dict(trace=True)["trace"][-1]),
    "json": lambda result: result.to_json(trace=True),
    "text": str,
    "explain": engine().explain,
    "notebook": lambda result: result._repr_mimebundle_()["text/html"],
}


@pytest.mark.parametrize("part", READ_WITH)
def test_the_explanation_is_worked_out_once_when_it_is_first_read(part: str) -> None:
    explain, result = explained()

    texts = [READ_WITH[part](result) for _ in range(2)]

    assert explain.asked == 1
    assert all("900 g, asked 1 times" in text for text in texts)


def test_all_ways_of_reading_share_one_explanation() -> None:
    explain, result = explained()

    for read in READ_WITH.values():
        read(result)

    assert explain.asked == 1


def test_an_explanation_that_fails_is_asked_once_too() -> None:
    asked: list[int] = []

    def explain(_: object, __: object) -> str:
        asked.append(1)
        raise AttributeError("_explained")

    result = engine().run(decision_of(rule_of(explain=explain)), LIGHT_PARCEL)

    assert result.explanation == result.trace[0].explanation == result.explanation
    assert result.explanation == "the explanation of `only` failed: AttributeError: _explained"
    assert asked == [1]


WHY_NOT: list[tuple[str, dict[str, int], str, str]] = [
    ("an earlier rule", LIGHT_PARCEL, "heavy", "the condition of `heavy` was false"),
    (
        "the rule that matched",
        HEAVY_PARCEL,
        "heavy",
        "`heavy` matched: 12000 g is in the heavy band (from 10000 g)",
    ),
    ("a later rule", HEAVY_PARCEL, "long", "not reached: `heavy` matched first"),
    ("the last rule", HEAVY_PARCEL, "standard", "not reached: `heavy` matched first"),
]


@pytest.mark.parametrize(("facts", "rule_id", "expected"), [case[1:] for case in WHY_NOT],
                         ids=[case[0] for case in WHY_NOT])  # fmt: skip
def test_a_result_says_why_it_was_not(facts: dict[str, int], rule_id: str, expected: str) -> None:
    assert engine().run(parcel_surcharge, facts, TARIFF).why_not(rule_id) == expected


WHY_NOT_WITHOUT_DATA: dict[tuple[Status, str], str] = {
    (Status.NO_MATCH, "only"): "the condition of `only` was false",
    (Status.INVALID_INPUT, "heavy"): (
        "not reached: invalid input: weight_g: must be a whole number (and 1 more)"
    ),
    (Status.INVALID_PROFILE, "heavy"): (
        "not reached: invalid profile: heavy_from_g: is required (and 1 more)"
    ),
    (Status.INVALID_OUTPUT, "only"): (
        "rule `only` emitted invalid data: done: must be true or false"
    ),
    (Status.RULE_ERROR, "first"): "the condition of `first` was false",
    (Status.RULE_ERROR, "second"): "rule `second` failed in `when`: BoomError: it broke",
}


@pytest.mark.parametrize(("status", "rule_id"), WHY_NOT_WITHOUT_DATA)
def test_a_result_without_data_says_why_it_was_not(status: Status, rule_id: str) -> None:
    assert RESULTS[status]().why_not(rule_id) == WHY_NOT_WITHOUT_DATA[status, rule_id]


def test_rules_behind_a_failing_one_were_not_reached() -> None:
    decision = decision_of(rule_of("first", when=booming), rule_of("second"))

    result = engine().run(decision, LIGHT_PARCEL)

    assert result.why_not("second") == "not reached: `first` failed"


@pytest.mark.parametrize("rule_id", ["heavi", "", "Heavy", None, 7, *HOSTILE_TEXT.values()])
def test_a_rule_that_the_decision_does_not_have_is_named(rule_id: Any) -> None:  # noqa: ANN401
    result = engine().run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    with pytest.raises(UnknownRuleError) as caught:
        result.why_not(rule_id)

    lines = str(caught.value).splitlines()
    assert lines[0].startswith("decision `parcel-surcharge` has no rule `")
    assert len(lines) <= 2
    assert isinstance(caught.value, LookupError)


def test_a_misspelt_rule_gets_a_suggestion() -> None:
    with pytest.raises(UnknownRuleError, match="did you mean `standard`"):
        engine().run(parcel_surcharge, HEAVY_PARCEL, TARIFF).why_not("standart")


class Text(str):
    """Text that cannot be asked anything."""

    __slots__ = ()

    def __str__(self) -> str:
        raise BoomError

    def isprintable(self) -> bool:
        raise BoomError

    def __len__(self) -> int:
        raise BoomError


SAID: dict[str, tuple[object, str]] = {
    "nothing": (None, "the explanation of `only` is not text"),
    "a number": (7, "the explanation of `only` is not text"),
    "bytes": (b"heavy", "the explanation of `only` is not text"),
    "no words": ("", ""),
    "hostile text": (Text("heavy"), "heavy"),
    "very long text": ("a" * 5_000, "a" * 1_999 + "…"),
    "two lines": ("one\ntwo", "one\\ntwo"),
}


@pytest.mark.parametrize("case", SAID)
def test_whatever_an_explanation_returns_is_one_line(case: str) -> None:
    said, expected = SAID[case]

    result = engine().run(decision_of(rule_of(explain=lambda _, __: said)), LIGHT_PARCEL)

    assert result.explanation == expected
    assert result.status is Status.OK
    assert result.data == Done()
