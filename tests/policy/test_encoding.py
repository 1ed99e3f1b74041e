"""Encoding: what is read back is what was written, and the fast form is the plain one."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.errors import StoreError
from criterion.frozen import FrozenDict, freeze
from criterion.policy import Policy, plan, state
from criterion.policy.amounts import minus, rounded
from criterion.policy.command import Command, HoldTerms
from criterion.policy.encoding import decoded, encoded
from criterion.policy.encoding_fast import (
    decoded_part,
    encoded_change,
    encoded_content,
    encoded_part,
    encoded_payload,
)
from criterion.policy.schedule import Every
from criterion.policy.schedule_text import read_schedule
from criterion.policy.telling import Changed
from criterion.quantity import UNLIMITED

AMOUNTS: Final = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
INSTANTS: Final = st.integers(0, 2**53)
NAMES: Final = st.text(st.characters(), max_size=5)
OPTIONAL: Final = st.none() | AMOUNTS
HOLDS: Final = st.builds(
    state.Hold, AMOUNTS, AMOUNTS, INSTANTS, OPTIONAL, st.none() | NAMES,
    st.lists(st.tuples(NAMES, NAMES), max_size=2).map(tuple),
)  # fmt: skip
METERS: Final = st.builds(
    state.Meter,
    NAMES, INSTANTS, AMOUNTS, OPTIONAL, st.dictionaries(NAMES, HOLDS, max_size=2),
    st.lists(st.builds(state.Change, INSTANTS, AMOUNTS), max_size=3).map(tuple),
    OPTIONAL, OPTIONAL, st.none() | INSTANTS, AMOUNTS,
    st.none() | st.builds(state.Close, AMOUNTS, AMOUNTS, INSTANTS, INSTANTS, AMOUNTS),
    st.none() | INSTANTS,
)  # fmt: skip
SCALARS: Final = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, min_value=-1e300)
    | st.decimals(allow_nan=False, allow_infinity=False) | NAMES | st.dates() | st.uuids()
    | st.datetimes(timezones=st.just(dt.UTC)).map(lambda each: each.replace(fold=0))
    | st.timedeltas() | st.binary(max_size=4)
)  # fmt: skip
PLAIN: Final = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES, inner, max_size=3)
        | st.dictionaries(st.integers(), inner, max_size=2)
    ),
    max_leaves=8,
).map(freeze)
CUSTOMERS: Final = st.builds(
    state.Customer,
    id=NAMES, plan=NAMES, refs=st.lists(NAMES, max_size=2).map(tuple),
    metadata=st.none() | st.dictionaries(NAMES, PLAIN, max_size=2).map(freeze),
)  # fmt: skip


@given(METERS)
def test_a_meter_is_read_back_and_written_alike_in_both_ways(meter: state.Meter) -> None:
    assert decoded(encoded(meter)) == meter
    assert encoded_part(meter) == encoded(meter)
    assert repr(decoded_part(encoded(meter))) == repr(decoded(encoded(meter)))


@given(
    st.tuples(NAMES, NAMES, AMOUNTS | st.booleans() | NAMES),
    st.fixed_dictionaries({}, optional={"force": st.booleans(), "verb": st.just("increment")}),
)
def test_what_a_key_is_used_for_is_written_alike_in_both_ways(
    asked: tuple[Any, ...], more: dict[str, Any]
) -> None:
    content = Command(*asked, **more)

    assert encoded_content(content) == encoded(content)


@given(CUSTOMERS)
def test_a_customer_is_read_alike_in_both_ways(customer: state.Customer) -> None:
    assert decoded_part(encoded(customer)) == customer


@pytest.mark.parametrize(
    "text",
    [
        "", "[", "[]", '["M"]', '["M","t",1,["d"],0,{},["t",["c",1,1]]]', '["C"]x', '["C"]',
        '["M","t",1,2,0,{},["t",["x",1,1]]]', '["M","t",1,2,0,{},["t"],1,2,3,4,5,6,7]',
    ],
)  # fmt: skip
def test_a_damaged_part_is_an_error_and_nothing_else(text: str) -> None:
    with pytest.raises(StoreError, match="a row cannot be read"):
        decoded_part(text)


@given(PLAIN)
def test_plain_data_is_read_back_with_its_kinds(value: Any) -> None:  # noqa: ANN401 -- any
    read = decoded(encoded(value))

    assert read == value
    assert repr(read) == repr(value)


@given(st.dictionaries(NAMES, PLAIN | AMOUNTS | CUSTOMERS | st.dictionaries(NAMES, AMOUNTS)))
def test_a_payload_is_written_alike_in_both_ways(payload: dict[str, Any]) -> None:
    assert encoded_payload(payload) == encoded(payload)


@given(
    CUSTOMERS,
    st.none() | PLAIN,
    st.tuples(NAMES, NAMES, NAMES),
    INSTANTS,
    st.tuples(AMOUNTS, AMOUNTS, AMOUNTS),
    st.tuples(AMOUNTS | st.just(UNLIMITED), AMOUNTS, AMOUNTS),
)
def test_a_change_is_written_as_its_payload_is(
    customer: state.Customer,
    context: Any,  # noqa: ANN401 -- any
    names: tuple[str, str, str],
    started: int,
    meter: tuple[Any, Any, Any],
    change: tuple[Any, Any, Any],
) -> None:
    shown = (*map(rounded, meter), *map(rounded, change))
    members = dict(
        zip(("old", "value", "overhead", "limit", "diff", "overhead_diff"), shown, strict=True)
    )
    payload = {
        "customer": customer,
        **dict(zip(("entitlement", "plan", "credit"), names, strict=True)),
        "event_data": context,
        "start": started,
        "meter": {**members, "price_diff": None},
        "remaining": rounded(minus(change[0], meter[1])),
    }

    text = encoded_change(encoded(customer), names, context, started, meter, change)

    assert text == encoded(payload)


@pytest.mark.parametrize(
    "value",
    [
        UNLIMITED, float("inf"), (1, ("a",)), frozenset({1, 2}), uuid.UUID(int=7), Every(5),
        *map(read_schedule, ("monthly:last", "weekly:mon", "nth_weekday:5:fri", "yearly:2-29")),
        Command("", "x", Decimal("0.10"), hold=HoldTerms("h", 5), caps=(state.CapTerms(id="c"),)),
        state.Grant(state.GrantTerms(id="g", credit="t", starting_value=1, created_on=2,
                                     refill=plan.Refill(schedule=Every(9))), Decimal("1.0"), 4),
        state.Estimate(3, updated=9),
        state.Cap(state.CapTerms(id="c", value=UNLIMITED), 1, 2,
                  FrozenDict({"h": state.CapHold(("u", "x"), 1, 2)})),
        plan.Plan(name="p", entitlements={"x": plan.Entitlement(name="x", limit=plan.Limit(
            credit="t", governor=plan.Governor(1, 2)))}),
    ],
    ids=repr,
)  # fmt: skip
def test_every_kind_of_state_is_read_back(value: object) -> None:
    read = decoded(encoded(value))

    assert read == value
    assert type(read) is type(value)


def test_what_is_at_its_default_takes_no_room() -> None:
    assert encoded(state.Meter("t", 5)) == '["M","t",5]'
    assert encoded(state.Customer(id="u")) == '["C","u"]'


@pytest.mark.parametrize(
    "text", ["", "[", "[]", '["?"]', '["no"]', '["d","x"]', "[5]", '["s","q"]']
)
def test_a_damaged_text_is_an_error_of_the_store(text: str) -> None:
    with pytest.raises(StoreError, match="a row cannot be read"):
        decoded(text)


def test_what_events_write_themselves_is_their_payload() -> None:
    policy = Policy.load(DOCUMENT)
    policy.create_customer("u", metadata={"tier": ["a", 1]})
    calls: list[tuple[str, Any]] = [("x", 1), ("x", "2.5"), ("x", 100), ("soft", 9), ("priced", 9)]
    for entitlement, amount in calls:
        policy.allow("u", entitlement, amount, context={"at": [1, Decimal("0.1")]}, overhead="0.25")

    told = [event for entry in policy.store.entries(0, 100) for event in entry.events]
    written = [event.tell.text(encoded) for event in told if isinstance(event.tell, Changed)]

    assert written[:2] == [encoded(event.payload) for event in told if event.name == CHANGED][:2]
    for event in told:
        if isinstance(event.tell, Changed):
            assert event.tell.text(encoded) in {None, encoded(event.payload)}


def test_what_answers_write_themselves_is_what_is_kept_of_them() -> None:
    policy = Policy.load(DOCUMENT)
    policy.create_customer("u")
    calls: list[tuple[str, Any, dict[str, Any]]] = [
        ("x", 1, {}), ("x", 0, {}), ("monthly", 3, {}), ("x", -1, {}), ("x", "2.5", {}),
        ("x", 1, {"context": {"a": 1}}), ("x", 1, {"overhead": 2}), ("x", 1, {"force": True}),
        ("x", 100, {}), ("soft", 9, {}), ("soft", 1, {}), ("priced", 9, {}), ("none", 1, {}),
    ]  # fmt: skip
    answers = []
    for number, (entitlement, amount, options) in enumerate(calls):
        policy.allow("u", entitlement, amount, key=f"k{number}", **options)
    answers = [entry.key.answer for entry in policy.store.entries(0, 100) if entry.key]

    assert [answer.text() is not None for answer in answers[:3]] == [True] * 3
    for answer in answers:
        assert answer.text() in {None, encoded(answer)}


CHANGED: Final = "meter-changed"
DOCUMENT: Final = {
    "credits": {"t": {}, "p": {"price": {"amount": 1}}},
    "plans": {
        "free": {
            "default": True,
            "entitlements": {
                "x": {"limit": {"credit": "t", "value": 10}},
                "monthly": {"limit": {"credit": "t", "value": 9, "resets": True}},
                "soft": {"limit": {"credit": "t", "value": 5, "mode": "soft"}},
                "priced": {"limit": {"credit": "p", "value": 5, "mode": "soft"}},
            },
        }
    },
}
