"""Tests of decisions in expressions: what an engine makes of them, and what their results say."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from criterion.clock import FixedClock
from criterion.documents.decision_loading import load_decision
from criterion.engine import Engine
from criterion.errors import InvalidProfileError, RuleError
from criterion.evaluation import Program
from criterion.expression_decision import ExpressionDecision
from criterion.profiles import ProfileRegistry
from criterion.programs import program_of
from criterion.quantity import UNLIMITED
from criterion.result import Result, Status
from criterion.snapshot import ProfileSnapshot
from tests.parcels import NOON

SEATS: Final = """
decision: seat-limit
version: 1.0.0
input:
  plan: {enum: [free, pro]}
  seats: {type: integer, minimum: 0, title: Seats asked for}
  divisor: {type: integer, default: 1}
  email: {type: string, default: "a@example.com", redact: mask}
  team: {type: object, properties: {size: {type: integer}}, default: {size: 1}}
profile:
  limits: {type: object, additionalProperties: {$ref: quantity}}
output:
  allowed: {type: boolean}
  left: {$ref: quantity}
  note: {type: string, default: null, maxLength: 20}
  contact: {type: string, default: null, redact: mask}
let:
  limit: profile.limits[input.plan]
  share: input.seats / input.divisor
rules:
  - id: too-many-parts
    when: share > 1_000
    emit: {allowed: false, left: 0}
    explain: "{share} is more than 1000"
  - id: fits
    when: input.seats <= limit
    emit: {allowed: true, left: "=limit - input.seats", contact: "=input.email"}
    explain: "{input.seats} of {limit} for {input.email}, a team of {input.team.size}"
  - id: known
    when: startswith(input.email, "vip") or input.team.size > 100
    emit: {allowed: true, left: 0, note: "vip {input.email}"}
  - id: nearly
    when: input.seats == limit + 1
    emit: {allowed: false, left: 0}
    explain: "{input.seats / (input.divisor - 1)} over"
"""
PROFILE: Final = {"limits": {"free": 3, "pro": "unlimited"}}

seat_limit: Final = load_decision(SEATS)


def run(facts: Any, profile: Any = PROFILE) -> Result[Any]:  # noqa: ANN401 -- of any kind
    given = {"plan": "free", **facts} if isinstance(facts, dict) else facts
    return Engine(clock=FixedClock(NOON)).run(seat_limit, given, profile)


def test_the_first_rule_that_matches_decides() -> None:
    result = run({"seats": 2})

    assert result.status is Status.OK
    assert result.matched_rule == "fits"
    data = result.unwrap()
    assert isinstance(data, seat_limit.output)
    assert (data.allowed, data.left, data.note) == (True, 1, None)
    assert result.decision_digest == seat_limit.digest
    assert result.evaluated_at == NOON


def test_unlimited_stays_unlimited() -> None:
    assert run({"plan": "pro", "seats": 2}).unwrap().left == UNLIMITED


def test_a_reason_hides_marked_values() -> None:
    result = run({"seats": 2, "email": "secret@example.com"})

    assert result.explanation == "2 of 3 for [redacted], a team of 1"
    assert result.data is not None
    assert result.data.contact == "secret@example.com"
    for text in (str(result), result.to_json(trace=True), repr(result.data)):
        assert "secret" not in text


def test_a_generated_reason_hides_marked_values() -> None:
    result = run({"seats": 9, "email": "vip-secret"})

    assert result.matched_rule == "known"
    assert "secret" not in result.to_json(trace=True).replace('"vip vip-secret"', "")
    assert "[redacted]" in result.explanation


def test_the_trace_says_why_rules_did_not_match() -> None:
    result = run({"seats": 9, "email": "vip"})

    assert [(entry.rule_id, entry.matched) for entry in result.trace] == [
        ("too-many-parts", False), ("fits", False), ("known", True),
    ]  # fmt: skip
    assert result.trace[1].explanation == result.why_not("fits")
    assert "9" in result.why_not("fits")
    assert result.why_not("nearly") == "not reached: `known` matched first"


def test_no_match_is_a_status() -> None:
    result = run({"seats": 9})

    assert result.status is Status.NO_MATCH
    assert result.explanation == "no rule matched"
    assert len(result.trace) == 4


def test_a_failing_condition_is_a_rule_error() -> None:
    result = run({"seats": 1, "divisor": 0})

    assert result.status is Status.RULE_ERROR
    assert [(error.path, error.code) for error in result.errors] == [
        ("rules.too-many-parts.when", "raised")
    ]
    assert result.explanation.startswith("rule `too-many-parts` failed in `when`: ")
    with pytest.raises(RuleError):
        result.unwrap()


def test_a_missing_key_is_a_rule_error() -> None:
    result = run({"seats": 1}, {"limits": {}})

    assert result.errors[0].path == "rules.fits.when"
    assert result.status is Status.RULE_ERROR


def test_an_output_that_does_not_fit_is_a_status() -> None:
    result = run({"seats": 9, "email": "vip" + "x" * 30})

    assert result.status is Status.INVALID_OUTPUT
    assert [(error.path, error.code) for error in result.errors] == [("note", "length")]


def test_an_explanation_that_fails_says_so() -> None:
    result = run({"seats": 4})

    assert result.status is Status.OK
    assert result.explanation.startswith("the explanation of `nearly` failed: ")


@pytest.mark.parametrize(
    ("facts", "path", "code"),
    [
        ({"seats": -1}, "seats", "range"),
        ({"seats": 2**63}, "seats", "range"),
        ({"seats": "3"}, "seats", "type"),
        ({}, "seats", "missing"),
        ({"seats": 1, "saets": 1}, "saets", "unknown_key"),
        ({"seats": 1, "team": {}}, "team.size", "missing"),
        ({"seats": 1, "team": {"size": 2**70}}, "team.size", "range"),
        ({"seats": 1, "team": 3}, "team", "type"),
        ([], "", "type"),
        (None, "", "type"),
    ],
)
def test_invalid_facts_are_a_status(facts: object, path: str, code: str) -> None:
    result = run(facts)

    assert result.status is Status.INVALID_INPUT
    assert [(error.path, error.code) for error in result.errors] == [(path, code)]


@pytest.mark.parametrize(
    ("profile", "path", "code"),
    [
        (None, "", "profile_missing"),
        ({"limits": {"free": "many"}}, "limits.free", "type"),
        ({"limits": {"free": Decimal("1e41")}}, "limits.free", "range"),
        ({"limits": {"free": Decimal("1." + "1" * 34)}}, "limits.free", "range"),
        ("pricing", "", "profile_unknown"),
    ],
)
def test_a_profile_that_does_not_fit_is_a_status(profile: object, path: str, code: str) -> None:
    result = run({"seats": 1}, profile)

    assert result.status is Status.INVALID_PROFILE
    assert [(error.path, error.code) for error in result.errors] == [(path, code)]
    with pytest.raises(InvalidProfileError):
        result.unwrap()


def test_an_instance_is_taken_as_facts_and_as_a_profile() -> None:
    facts = seat_limit.input(plan="free", seats=2)
    profile = seat_limit.profile(**PROFILE)

    assert run(facts, profile).unwrap() == run({"seats": 2}).unwrap()


def test_a_registered_profile_is_looked_up() -> None:
    registry = ProfileRegistry()
    registry.register("pricing", PROFILE, version="1.0.0", decisions=[seat_limit])
    engine = Engine(profiles=registry)

    results = list(engine.run_many(seat_limit, [{"plan": "free", "seats": 3}], "pricing"))

    assert [result.profile_id for result in results] == ["pricing"]
    assert results[0].unwrap().left == 0


def test_an_engine_compiles_a_decision_of_expressions() -> None:
    assert isinstance(seat_limit, ExpressionDecision)
    assert type(program_of(seat_limit)) is not Program


@given(
    st.fixed_dictionaries(
        {"plan": st.sampled_from(["free", "pro"]), "seats": st.integers(0, 2_000)},
        optional={
            "divisor": st.integers(-2, 2),
            "email": st.sampled_from(["vip", "a", "vip" + "x" * 30]),
            "team": st.fixed_dictionaries({"size": st.integers(0, 200)}),
        },
    ),
    st.dictionaries(st.sampled_from(["free", "pro"]), st.integers(0, 2_000)),
)
def test_the_rules_one_by_one_answer_as_the_compiled_ones(
    facts: dict[str, Any], limits: dict[str, int]
) -> None:
    compiled = run(facts, {"limits": limits})

    evaluate = Program(seat_limit).under(
        ProfileSnapshot(values=seat_limit.profile(limits=limits), source=None), lambda: NOON
    )
    one_by_one = evaluate(facts)

    assert one_by_one.status == compiled.status
    assert one_by_one.matched_rule == compiled.matched_rule
    assert one_by_one.data == compiled.data
    assert [error.path for error in one_by_one.errors] == [error.path for error in compiled.errors]


def test_a_rule_is_called_what_its_author_wrote() -> None:
    assert [getattr(rule.when, "__name__", rule.when) for rule in seat_limit.rules] == [
        "share > 1000",
        "input.seats <= limit",
        'startswith(input.email, "vip") or input.team.size > 100',
        "input.seats == limit + 1",
    ]


class Borrowed(BaseModel):
    """A pydantic model that is no schema of ours."""

    plan: str
    weight: float
    tags: set[str] = set()


def test_a_model_that_is_no_schema_is_copied_into_plain_data(tmp_path: Path) -> None:
    file = tmp_path / "weighing.yaml"
    file.write_text(
        "decision: weighing\n"
        "version: 1.0.0\n"
        "input: tests.test_expression_decision:Borrowed\n"
        "output: {weight: {type: number}, first: {type: string, default: null}}\n"
        "rules:\n"
        "  - id: tagged\n"
        "    when: len(input.tags) > 0\n"
        "    emit: {weight: '=input.weight', first: '=input.tags[0]'}\n"
        "  - {id: plain, when: otherwise, emit: {weight: '=input.weight * 3'}}\n"
    )
    decision = load_decision(file)
    engine = Engine()

    assert engine.run(decision, {"plan": "a", "weight": 0.1}).unwrap().weight == Decimal("0.3")
    tagged = engine.run(decision, Borrowed(plan="a", weight=1.0, tags={"b", "a"}))
    assert tagged.unwrap().first == "a"
    refused = engine.run(decision, {"plan": "a", "weight": 1e300})
    assert [(error.path, error.code) for error in refused.errors] == [("weight", "range")]
