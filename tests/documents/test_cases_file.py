"""Tests of cases files, and of running them."""

from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.cases import run_cases
from criterion.decision import Decision
from criterion.documents.cases_file import read_cases
from criterion.errors import DocumentError
from criterion.profiles import ProfileRegistry
from criterion.quantity import UNLIMITED, Quantity
from criterion.result import Status
from criterion.rule import Rule
from criterion.schema import Schema


class Seats(Schema):
    seats: int


class Limits(Schema):
    seats: Quantity


class Answer(Schema):
    allowed: bool
    left: Quantity
    share: Decimal


seat_limit = Decision(
    id="seat-limit",
    version="1.0.0",
    input=Seats,
    profile=Limits,
    output=Answer,
    rules=(
        Rule(
            id="fits",
            when=lambda facts, limits: facts.seats <= limits.seats,
            emit=lambda facts, limits: Answer(
                allowed=True, left=limits.seats - facts.seats, share=Decimal("0.10")
            ),
            explain=lambda facts, limits: f"{facts.seats} of {limits.seats}",
        ),
    ),
)

HEAD = "decision: seat-limit\nprofile: small\ncases:\n"
CASES = (
    HEAD
    + """\
  - name: fits
    facts: {seats: 2}
    rule: fits
    data: {allowed: true, left: 1.0, share: 0.1}
    explanation: 2 of 3
  - {name: too many, facts: {seats: 4}, rule: null}
  - {name: large, facts: {seats: 4}, profile: large, rule: fits, data: {left: unlimited}}
  - {name: wrong, facts: {seats: x, other: 1}, status: INVALID_INPUT, errors: [other, seats]}
"""
)


def registry() -> ProfileRegistry:
    profiles = ProfileRegistry()
    profiles.register("small", {"seats": 3}, version="1.0.0")
    profiles.register("large", {"seats": UNLIMITED}, version="1.0.0")
    return profiles


def differences(text: str) -> list[str]:
    outcomes = run_cases(seat_limit, registry(), read_cases(HEAD + text).cases)
    return [str(each) for outcome in outcomes for each in outcome.differences]


def test_cases_are_read_with_their_lines() -> None:
    cases = read_cases(CASES).cases

    assert [case.line for case in cases] == [4, 9, 10, 11]
    assert [case.status for case in cases] == [
        Status.OK, Status.NO_MATCH, Status.OK, Status.INVALID_INPUT,
    ]  # fmt: skip
    assert [case.profile for case in cases] == ["small", "small", "large", "small"]


def test_cases_that_say_what_the_decision_says_pass() -> None:
    cases = read_cases(CASES)
    cases.check(seat_limit)

    outcomes = run_cases(seat_limit, registry(), cases.cases)

    assert [outcome.differences for outcome in outcomes] == [(), (), (), ()]
    assert all(outcome.passed for outcome in outcomes)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (
            "{name: a, facts: {seats: 4}, rule: fits}",
            ['status: expected "OK", got "NO_MATCH"', 'rule: expected "fits", got null'],
        ),
        (
            "{name: a, facts: {seats: 4}, rule: null, data: {left: 0}}",
            ['data: expected {"left":0}, got null'],
        ),
        (
            "{name: a, facts: {seats: 3}, rule: fits, data: {left: 0, allowed: 1, share: 0.11}}",
            ["data.allowed: expected 1, got true", "data.share: expected 0.11, got 0.10"],
        ),
        (
            "{name: a, facts: {seats: 3}, rule: fits, explanation: three}",
            ['explanation: expected "three", got "3 of 3"'],
        ),
        (
            "{name: a, facts: {}, status: INVALID_INPUT, errors: [other]}",
            ['errors: expected ["other"], got ["seats"]'],
        ),
        (
            "{name: a, facts: {seats: 3}, profile: huge, rule: fits}",
            [
                'status: expected "OK", got "INVALID_PROFILE"',
                'rule: expected "fits", got null',
            ],
        ),
    ],
)
def test_a_case_that_fails_says_what_was_expected(case: str, expected: list[str]) -> None:
    assert differences(f"  - {case}\n") == expected


def test_every_mistake_of_a_cases_file_is_listed(snapshot: SnapshotAssertion) -> None:
    text = (
        HEAD
        + """\
  - {name: a, facts: {seats: 4}}
  - {name: a, facts: {seats: 4}, rule: null}
  - {name: a, facts: [], rule: fits, input: {}}
  - {name: b, facts: {}, rule: fits, status: NO_MATCH}
  - {name: b, facts: {}, status: NOMATCH}
  - {name: b, facts: {}, rule: null, errors: [1]}
  - {name: b, facts: {}, rule: null, explanation: 3}
  - {name: b, facts: {}, rule: null}
  - {name: b, facts: {}, rule: null}
  - b
"""
    )

    with pytest.raises(DocumentError) as caught:
        read_cases(text, "decisions/seat_limit.cases.yaml")

    assert str(caught.value) == snapshot


def test_cases_that_speak_of_unknown_rules_and_members_are_refused(
    snapshot: SnapshotAssertion,
) -> None:
    text = HEAD + "  - {name: a, facts: {}, rule: fit, data: {alowed: true, seats: 1}}\n"

    with pytest.raises(DocumentError) as caught:
        read_cases(text, "decisions/seat_limit.cases.yaml").check(seat_limit)

    assert str(caught.value) == snapshot


def test_a_profile_may_be_given_by_its_values() -> None:
    text = HEAD + "  - {name: a, facts: {seats: 4}, profile: {seats_max: 3}, rule: full}\n"

    cases = read_cases(text).cases

    assert cases[0].profile == {"seats_max": 3}


def test_unreachable_arms_are_read_strictly(snapshot: SnapshotAssertion) -> None:
    text = (
        HEAD
        + """\
  - {name: a, facts: {seats: 4}, rule: full}
unreachable:
  - {condition: a > 1, in: rules.full.when, is: "false", because: no}
  - {condition: a > 1, at: rules.full.when, is: false}
  - a > 1
"""
    )

    with pytest.raises(DocumentError) as error:
        read_cases(text, "seats.cases.yaml")

    assert str(error.value) == snapshot
