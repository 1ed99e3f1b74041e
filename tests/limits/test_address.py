"""Tests of addresses: who a client is, believing no more than the operator's own proxies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.errors import DefinitionError
from criterion.http.limits import ByAddress, client_address
from criterion.http.limits.strangers import STRANGERS_MAX, Strangers
from tests.limits.applications import flask
from tests.limits.subjects import policy

FORGED = "1.1.1.1, 2.2.2.2, 3.3.3.3"


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("9.9.9.9", FORGED, 0, "9.9.9.9"),
        ("9.9.9.9", FORGED, 1, "3.3.3.3"),
        ("9.9.9.9", FORGED, 2, "2.2.2.2"),
        ("9.9.9.9", FORGED, 4, "9.9.9.9"),
        ("9.9.9.9", "", 1, "9.9.9.9"),
        ("9.9.9.9", "1.1.1.1, unknown", 1, "9.9.9.9"),
        ("9.9.9.9", "1.1.1.1, 2.2.2.2:1234", 1, "2.2.2.2"),
        ("9.9.9.9", "[2001:db8::1]:443", 1, "2001:db8::/64"),
        ("2001:db8:0:0:ffff::1", "", 0, "2001:db8::/64"),
        ("::ffff:192.0.2.1", "", 0, "192.0.2.1"),
        ("fe80::1%eth0", "", 0, "fe80::/64"),
        ("", "", 0, None),
        ("unix:", "", 0, None),
    ],
)
def test_an_address_is(peer: str, forwarded: str, proxies: int, expected: str | None) -> None:
    assert client_address(peer, forwarded, proxies=proxies) == expected


@given(st.text(max_size=200), st.integers(0, 5))
def test_whatever_a_stranger_sends_changes_nothing_without_proxies(text: str, proxies: int) -> None:
    assert client_address("9.9.9.9", text, proxies=0) == "9.9.9.9"
    assert client_address("9.9.9.9", f"{text}, 8.8.8.8", proxies=1) == "8.8.8.8"
    assert client_address("9.9.9.9", text, proxies=proxies)


def test_strangers_are_forgotten_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("criterion.http.limits.strangers.STRANGERS_MAX", 3)
    of = policy()
    strangers = Strangers(of, ByAddress(plan="visitor"))

    def left(number: int) -> object:
        return strangers.allow(f"10.0.0.{number}", "", "visits").remaining

    assert [left(1), left(2), left(3), left(1), left(4)] == [1, 1, 1, 0, 1]
    assert left(1) == 0  # refused: it was seen lately
    assert left(2) == 1  # gone in the meantime, and new again
    assert STRANGERS_MAX > 3
    assert of.customer("10.0.0.1") is None


def test_strangers_follow_a_policy_that_is_loaded_anew() -> None:
    of = policy()
    strangers = Strangers(of, ByAddress(plan="visitor"))
    strangers.allow("10.0.0.1", "", "visits")

    of.publish_plan("free", {"default": True})

    assert strangers.allow("10.0.0.1", "", "visits").remaining == 1


def test_a_plan_that_is_not_there_is_found_at_once() -> None:
    with pytest.raises(DefinitionError, match=r"visitr.*\n?.*did you mean `visitor`"):
        Strangers(policy(), ByAddress(plan="visitr"))


def test_flask_believes_the_last_proxy_and_no_forged_address_before_it() -> None:
    client = flask(policy()).test_client()

    def visit(forwarded: str) -> int:
        return client.get("/visit", headers={"X-Forwarded-For": forwarded}).status_code

    assert [visit(f"10.0.0.{number}, 203.0.113.7") for number in range(3)] == [200, 200, 429]
    assert visit("203.0.113.7, 203.0.113.8") == 200
