"""Narrowing: where a value that may be null, or unlimited, is known to be neither."""

from typing import Final

import pytest

from criterion.expression.check import body_scope, check
from criterion.expression.narrowing import Narrowing
from criterion.expression.parse import parse
from tests.expression.subjects import INPUT, PROFILE, SCOPE, body, kinds

FINE: Final = [
    "input.limit != null and input.limit > 3",
    "null != input.limit and input.limit > 3",
    "input.limit == null or input.limit > 3",
    "not (input.limit == null) and input.limit > 3",
    "not (input.limit == null or input.usage > 3) and input.limit > 3",
    "input.usage > 1 and (input.limit != null and input.limit > 3)",
    "(input.limit != null and input.usage > 1) and input.limit > 3",
    "input.limit == 3 and input.limit > 2",
    "input.limit in [1, 2] and input.limit > 2",
    "input.limit > 3 if input.limit != null else false",
    "false if input.limit == null else input.limit > 3",
    "(input.limit > 3 if input.limit != null else false) and input.limit > 4",
    "(input.limit == null or input.limit == 4) and (input.limit == null or input.limit > 3)",
    'input["limit"] != null and input.limit > 3',
    "input.billing != null and input.billing.zip != null and len(input.billing.zip) > 1",
    "any(l.note != null and len(l.note) > 1 for l in input.lines)",
    "any(len(l.note) > 1 for l in input.lines if l.note != null)",
    "input.limit != null and any(x.count > input.limit for x in input.lines)",
    "get(profile.next_plan, 'a', null) != null and len(get(profile.next_plan, 'a', null)) > 1",
    "profile.cap != unlimited and profile.cap // 2 > 1",
    "profile.cap == unlimited or profile.cap // 2 > 1",
    "profile.cap < 10 and profile.cap // 2 > 1",
    "profile.cap <= input.usage and profile.cap // 2 > 1",
    "input.usage > profile.cap and profile.cap // 2 > 1",
    "not (input.usage <= profile.cap) and profile.cap // 2 > 1",
    "profile.limits[input.plan] != unlimited and profile.limits[input.plan] % 2 == 1",
]

NOT_FINE: Final = [
    "input.limit > 3",
    "input.limit > 3 and input.limit != null",
    "input.limit != null or input.limit > 3",
    "input.limit == null and input.limit > 3",
    "not (input.limit == null and input.usage > 3) and input.limit > 3",
    "(input.limit != null or input.usage > 1) and input.limit > 3",
    "input.limit != 3 and input.limit > 2",
    "input.limit == null or input.limit > 2 if input.active else input.limit > 1",
    "input.limit in [1, null] and input.limit > 2",
    "input.limit > 3 if input.limit == null else true",
    "input.billing.city != null and input.billing.city == input.plan",
    "any(l.note != null for l in input.lines) and any(len(l.note) > 1 for l in input.lines)",
    "profile.cap != null and profile.cap // 2 > 1",
    "profile.cap <= profile.limits.pro and profile.cap // 2 > 1",
    "profile.cap >= input.usage and profile.cap // 2 > 1",
    "not (profile.cap < input.usage) and profile.cap // 2 > 1",
    "profile.limits[input.plan] != unlimited and profile.limits.pro % 2 == 1",
]


@pytest.mark.parametrize("source", FINE)
def test_a_test_before_it_makes_a_value_certain(source: str) -> None:
    assert kinds(source) == []


@pytest.mark.parametrize("source", NOT_FINE)
def test_a_value_that_is_not_certain_is_refused(source: str) -> None:
    assert kinds(source)


def test_a_let_that_is_a_condition_makes_certain_what_it_tests() -> None:
    scope = body_scope(
        body(known="input.limit != null", both="known and input.active"), INPUT, PROFILE
    )

    assert kinds("both and input.limit > 3", scope) == []
    assert kinds("not both and input.limit > 3", scope) == ["null"]


def test_a_let_that_stands_for_a_path_is_that_path() -> None:
    scope = body_scope(body(bill="input.billing", town="bill.zip"), INPUT, PROFILE)

    assert kinds("bill != null and len(input.billing.city) > 1", scope) == []
    assert kinds("input.billing != null and len(bill.city) > 1", scope) == []


def test_a_let_is_checked_without_the_conditions_of_who_uses_it() -> None:
    scope = body_scope(body(half="input.usage / 2"), INPUT, PROFILE)

    assert check(parse("half > 1"), scope).mistakes == ()


def test_lets_that_repeat_one_another_do_not_grow_without_bound() -> None:
    doubled = {f"a{at}": f"a{at - 1}[a{at - 1}]" for at in range(1, 60)}
    tested = {f"b{at}": f"b{at - 1} and b{at - 1}" for at in range(1, 60)}
    lets = {"a0": "profile.next_plan", **doubled, "b0": "input.limit != null", **tested}

    scope = body_scope(body(**lets), INPUT, PROFILE)

    assert scope.aliases["a0"] == ("profile", "next_plan")
    assert "a2" not in scope.aliases
    assert kinds("b59 and input.limit > 3", scope) == []


def test_a_let_that_means_itself_comes_to_an_end() -> None:
    lets = {"loop": parse("loop and input.limit != null")}

    facts = Narrowing(lets).facts(parse("loop"), truth=True)

    assert facts == {("has value", ("input", "limit"))}


def test_what_is_known_of_a_scope_narrows_its_names() -> None:
    known = SCOPE._replace(known=frozenset({("has value", ("input", "limit"))}))

    assert check(parse("input.limit"), known).type.nullable is False
