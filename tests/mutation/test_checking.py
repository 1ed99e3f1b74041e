"""Checking: which changes are tried, where, and the cases that are proposed for them."""

from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.cases import run_cases
from criterion.documents.cases_file import read_cases
from criterion.documents.runnable import loaded
from criterion.errors import DocumentError
from criterion.mutation import MutationCheck
from tests.mutation.fares import CASES, FARE, PROFILES, checked, tried


def with_proposals(cases: str, check: MutationCheck) -> str:
    """Return cases with the new ones that were proposed, pasted as they are."""
    new = [each.case.text for each in check.findings if each.case and each.case.extends is None]
    return "\n".join([cases.rstrip("\n"), *new, ""])


def test_every_change_that_no_case_notices_has_its_place(snapshot: SnapshotAssertion) -> None:
    check = checked()

    assert tried(check) == snapshot
    lines = FARE.splitlines()
    for finding in check.findings:
        for line, column, change in finding.changes:
            if change.place != "rules":
                assert lines[line - 1][column - 1 :].startswith(change.before[:1].strip('"'))


def test_a_proposed_case_is_ready_to_paste(snapshot: SnapshotAssertion) -> None:
    assert [each.case.text for each in checked().findings if each.case is not None] == snapshot


def test_pasted_cases_pass_and_notice_what_they_were_proposed_for() -> None:
    check = checked()
    new = [each for each in check.findings if each.case and each.case.extends is None]
    promised = {change.change[:3] for each in new for change in each.changes}

    cases = with_proposals(CASES, check)
    left = {change.change[:3] for each in checked(cases=cases).findings for change in each.changes}

    decision, file = loaded(FARE, "fare.yaml", imports=False), read_cases(cases)
    assert len(promised) == 14
    assert promised & left == set()
    assert all(outcome.passed for outcome in run_cases(decision, PROFILES, file.cases))


def test_a_case_that_expects_too_little_is_told_what_to_add() -> None:
    (added,) = [each.case for each in checked().findings if each.case and each.case.extends]
    assert (added.extends, added.members) == (
        "an adult",
        {"data": {"band": "whole", "price": Decimal("2.0")}},
    )

    cases = CASES.replace("rule: whole", f"rule: whole\n{added.text}")

    assert not [change for change in tried(checked(cases=cases)) if "rules.whole.emit" in change]


def test_a_change_that_could_not_be_loaded_is_not_tried() -> None:
    card = "card: {type: string, default: null}"
    fare = FARE.replace("card: {enum: [none, half, full], default: none}", card)
    when = "input.card != null and len(input.card) > 3 and"
    fare = fare.replace('input.card == "full" and', when)

    changes = tried(checked(fare))

    assert [change for change in changes if "len(input.card) > 3" in change]
    assert not [change for change in changes if "input.card == null" in change]


def test_a_member_that_rules_share_is_changed_once_for_all() -> None:
    fare = FARE.replace("rules:\n", "emit: {note: shared}\nrules:\n", 1)

    found = [change for change in tried(checked(fare)) if "emit.note" in change]

    assert found == ['19:14 emit.note: "shared" -> ""']


def equivalent(**members: str) -> str:
    written = ", ".join(f'{key}: "{value}"' for key, value in members.items())
    return f"{CASES}equivalent: [{{{written}}}]\n"


NAMED = {"in": "rules.free.when", "from": "input.day <= profile.last_day"}


def test_an_equivalent_change_is_not_asked_for() -> None:
    before = checked()
    cases = equivalent(**NAMED, to="input.day < profile.last_day", because="Nobody travels then.")

    check = checked(cases=cases)

    assert (check.tried, check.equivalent, check.stale) == (before.tried, 1, ())
    assert check.unnoticed == before.unnoticed - 1
    assert check.noticed == before.noticed


def test_an_equivalent_change_that_is_noticed_or_gone_is_stale() -> None:
    gone = equivalent(**NAMED, to="input.day > profile.last_day", because="It is gone.")
    noticed = equivalent(
        **{"in": "let.is_reduced", "from": "input.age <= profile.child_until"},
        to="input.age == profile.child_until",
        because="It is not.",
    )
    child = "  - {name: a, facts: {age: 3, distance_km: 1, day: 2026-06-01}, rule: reduced}\n"

    assert [each.reason for each in checked(cases=gone).stale] == ["is no change of the decision"]
    check = checked(cases=noticed.replace("equivalent:", f"{child}equivalent:"))
    assert [each.reason for each in check.stale] == ["is noticed by a case"]
    assert not check.passed


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"in": "rules", "from": "a", "to": "b"}, "`because` is missing from an equivalent change"),
        ({"in": "rules", "from": "a", "too": "b", "because": "c"}, "did you mean `to`?"),
    ],
)
def test_an_equivalent_change_needs_all_its_parts(members: dict[str, str], message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        read_cases(equivalent(**members))


def test_the_same_files_give_the_same_findings() -> None:
    one, other = checked(), checked()

    assert tried(one) == tried(other)
    assert [each.case for each in one.findings] == [each.case for each in other.findings]


def test_a_case_whose_facts_are_invalid_is_no_place_to_begin() -> None:
    cases = f"{CASES}  - {{name: none, facts: {{}}, status: INVALID_INPUT}}\n"

    assert tried(checked(cases=cases)) == tried(checked())


def test_without_cases_that_answer_no_facts_are_found() -> None:
    cases = CASES.replace("{age: 30, distance_km: 10, day: 2026-06-01}", "{}")
    check = checked(cases=cases.replace("rule: whole", "status: INVALID_INPUT"))

    assert check.tried == check.unnoticed
    assert {each.case for each in check.findings} == {None}


def test_the_decision_itself_is_left_as_it_is() -> None:
    decision = loaded(FARE, "fare.yaml", imports=False)
    before = decision.digest, decision.body

    checked()

    assert (decision.digest, decision.body) == before
