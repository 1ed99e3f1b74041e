"""Fuzzing: failures are counted, made small, and the same for the same seed."""

import os
import pickle
import subprocess
import sys
from copy import copy
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import HypothesisProvider
from pydantic import Field
from syrupy.assertion import SnapshotAssertion

from criterion import Decision, Engine, NoProfile, Rule, Schema, load_decision
from criterion.result import Status
from criterion.testing import assert_deterministic, boundaries, fuzz, witnesses
from criterion.testing.generating import generated
from tests.soak import sized
from tests.testing.subjects import LIMIT, PROFILE

ROOT: Final = Path(__file__).parents[2]


class Parcel(Schema):
    weight_g: int = Field(ge=0, le=10_000)
    pieces: int = Field(ge=0, le=10)


class Fee(Schema):
    fee: int = Field(ge=0)


def decision(**rules: Any) -> Decision[Parcel, NoProfile, Fee]:  # noqa: ANN401
    return Decision(
        id="parcel-fee",
        version="1.0.0",
        input=Parcel,
        profile=NoProfile,
        output=Fee,
        rules=tuple(Rule(id=id, when=when, emit=emit) for id, (when, emit) in rules.items()),
    )


def raising(parcel: Parcel, _: NoProfile) -> dict[str, int]:
    if parcel.weight_g > 100 and parcel.pieces > 2:
        raise KeyError("tariff")
    return {"fee": 50 - parcel.weight_g}


BROKEN = decision(heavy=(lambda parcel, _: parcel.weight_g > 20, raising))


def test_a_rule_that_raises_is_reported_with_its_smallest_facts() -> None:
    report = fuzz(BROKEN, runs=200, seed=3)

    raised = next(each for each in report.failures if each.status is Status.RULE_ERROR)
    assert not report.passed
    assert raised.times > 20
    assert (raised.rule, raised.facts) == ("heavy", {"weight_g": 101, "pieces": 3})
    assert raised.explanation == "rule `heavy` failed in `emit`: KeyError: 'tariff'"


def test_data_that_is_invalid_is_a_failure_of_its_own() -> None:
    report = fuzz(BROKEN, runs=200, seed=3)

    invalid = next(each for each in report.failures if each.status is Status.INVALID_OUTPUT)
    assert invalid.facts == {"weight_g": 51, "pieces": 0}


def test_every_run_is_counted_once() -> None:
    report = fuzz(BROKEN, runs=150, seed=5)

    failed = sum(each.times for each in report.failures)
    assert failed + sum(report.rules.values()) + report.no_match == report.runs == 150


def test_the_same_seed_gives_the_same_run_and_another_another() -> None:
    reports = [str(fuzz(LIMIT, PROFILE, runs=sized(60, 20), seed=seed)) for seed in (1, 1, 2)]

    assert reports[0] == reports[1] != reports[2]


RUNS: Final = sized(60, 20)
ASK: Final = """
import sys
from copy import copy
sys.path.insert(0, {folder!r})
import {module}
from criterion.testing import boundaries, facts, fuzz, witnesses
from criterion.testing.generating import generated
from tests.testing.subjects import LIMIT, PROFILE
print(fuzz(LIMIT, PROFILE, runs={runs}, seed=3), *generated(facts(LIMIT, PROFILE), {drawn}, 3))
print(*witnesses(LIMIT, PROFILE, seed=3)[:1])
print(*boundaries(LIMIT, PROFILE, [{{"used": 1, "plan": "a-plan", "day": "2026-01-01"}}], seed=3))
"""


def test_the_same_seed_gives_the_same_run_in_a_process_that_imported_something_else(
    tmp_path: Path,
) -> None:
    (tmp_path / "odd.py").write_text(f"NUMBERS = {[*range(101, 1_000, 2)]}; TEXTS = ['odd']\n")
    (tmp_path / "even.py").write_text(f"NUMBERS = {[*range(102, 1_000, 2)]}; TEXTS = ['even']\n")

    def printed(module: str, hash_seed: str) -> str:
        program = ASK.format(folder=str(tmp_path), module=module, runs=RUNS, drawn=sized(200, 60))
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        return subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            check=True,
            text=True,
        ).stdout

    one, other = printed("odd", "1"), printed("even", "2")

    assert one == other
    assert f"limit 1.0.0: 0 of {RUNS} facts failed" in one


def test_constants_are_drawn_again_after_our_own_facts() -> None:
    drawing = vars(HypothesisProvider)["_maybe_draw_constant"]

    with pytest.raises(ZeroDivisionError):
        generated(st.integers().map(lambda _: 1 // 0), 1, 0)

    assert vars(HypothesisProvider)["_maybe_draw_constant"] is drawing


def test_the_report_reads_well(snapshot: SnapshotAssertion) -> None:
    report = str(fuzz(decision(all=(lambda *_: True, lambda *_: {"fee": -1})), runs=20, seed=1))

    assert report == snapshot


def test_a_decision_that_never_fails_passes() -> None:
    report = fuzz(LIMIT, PROFILE, runs=sized(100, 60))

    assert report.passed
    assert list(report.rules) == [rule.id for rule in LIMIT.rules]
    assert report.rules["never"] == 0


def test_no_runs_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="`runs` must be at least 1, not 0"):
        fuzz(LIMIT, PROFILE, runs=0)


def test_a_decision_that_keeps_to_its_facts_is_deterministic() -> None:
    assert_deterministic(LIMIT, PROFILE, runs=20)


def test_a_decision_that_remembers_is_not() -> None:
    calls = count()
    odd = decision(all=(lambda *_: True, lambda *_: {"fee": next(calls)}))

    with pytest.raises(AssertionError, match="in two ways") as error:
        assert_deterministic(odd, None, [{"weight_g": 1, "pieces": 2}])

    assert 'facts: {"weight_g":1,"pieces":2}\n' in str(error.value)
    assert '"fee":0' in str(error.value)
    assert '"fee":1' in str(error.value)


SCREENED = load_decision(
    """\
decision: screened
version: 1.0.0
input:
  account: {type: string, redact: mask}
  kind: {enum: [one, two], redact: drop}
  tags: {type: array, items: {type: string}, redact: hash}
  people:
    type: array
    minItems: 1
    items: {type: object, properties: {name: {type: string, redact: mask}, age: {type: integer}}}
  salary: {type: number, redact: mask, default: null}
profile: {blocked: {type: array, items: {type: string}}, most: {type: number}}
output: {ok: {type: boolean}, share: {type: number, default: 0}}
rules:
  - id: blocked
    when: input.account in profile.blocked
    emit: {ok: false, share: =1 / (len(input.people) - 1)}
  - id: rich
    when: input.salary != null and input.salary > profile.most
    emit: {ok: false}
  - {id: fine, when: otherwise, emit: {ok: true}}
"""
)


def test_values_of_marked_fields_are_drawn_but_not_printed() -> None:
    profile = {"blocked": ["BLOCKED-ACCOUNT"], "most": 54_321}
    report = fuzz(SCREENED, profile, runs=60)
    found = witnesses(SCREENED, profile)
    edges = boundaries(SCREENED, profile, [each.facts for each in found if each.facts])

    (failure,) = report.failures
    assert failure.facts["account"] == "BLOCKED-ACCOUNT"
    assert '"account":"[redacted]"' in str(report)
    assert '"people":[{"name":"[redacted]","age":0}]' in str(report)
    assert [edge.on.value for edge in edges] == [54_321]
    assert "on    salary = [redacted] fine" in str(edges[0])
    texts = (report, *found, *edges, failure.facts)
    for text in (*map(str, texts), *map(repr, texts)):
        assert "BLOCKED" not in text
        assert "54321" not in text


def test_shown_facts_are_facts() -> None:
    (failure,) = fuzz(SCREENED, {"blocked": ["a"], "most": 1}, runs=60).failures

    for facts in (failure.facts, copy(failure.facts), pickle.loads(pickle.dumps(failure.facts))):  # noqa: S301 -- our own
        assert facts == dict(failure.facts)
        assert Engine().run(SCREENED, facts, {"blocked": ["a"], "most": 1}).matched_rule is None


def fails_on_some(parcel: Parcel, _: NoProfile) -> dict[str, int]:
    """Raise for as many parcels as make 139 of 200."""
    if parcel.weight_g >= 100:
        raise ZeroDivisionError("division by zero")
    return {"fee": 1}


def test_a_rule_that_raises_for_139_of_200_facts_fails_with_its_smallest_facts() -> None:
    report = fuzz(decision(heavy=(lambda *_: True, fails_on_some)), runs=200, seed=10)

    (failure,) = report.failures
    assert (report.runs, failure.times, failure.rule) == (200, 139, "heavy")
    assert failure.facts == {"weight_g": 100, "pieces": 0}
    assert not report.passed
    assert "139 of 200 facts failed" in str(report)
