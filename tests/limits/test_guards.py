"""Tests of guards: what a view gets, who may not pass, and as what that is answered."""

import json
from typing import Any

import pytest

from criterion.errors import StoreError
from tests.http.exchanges import Reply, ask
from tests.limits import subjects
from tests.limits.applications import SERVERS
from tests.limits.conftest import Place
from tests.limits.subjects import SECRET, Waiting


def post(place: Place, path: str, customer: str, **headers: str) -> Reply:
    named: dict[str, Any] = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(place.address, "POST", path, b"", {"X-Customer": customer, **named}, prefix="")


def test_a_view_runs_while_there_is_room_and_gets_the_verdict(place: Place) -> None:
    replies = [post(place, "/use/seats", "gale") for _ in range(4)]

    assert [reply.status for reply in replies] == [200, 200, 200, 403]
    assert [reply.members for reply in replies[:3]] == [
        {"code": "ok", "left": left} for left in (2, 1, 0)
    ]
    assert place.policy.value("gale", "seats") == 3


def test_a_refusal_is_a_problem_that_says_what_would_help(place: Place) -> None:
    place.policy.set_value("gale", "seats", 3)

    reply = post(place, "/use/seats", "gale", X_Request_Id="req-81")

    why = "seats: 3 of 3 used on plan free; 1 more requested; this limit does not reset; "
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["x-request-id"] == "req-81"
    assert (reply.headers["ratelimit-policy"], reply.headers["ratelimit"]) == (
        '"seats";q=3',
        '"seats";r=0',
    )
    assert "retry-after" not in reply.headers
    assert reply.members == {
        "type": "/problems/capacity-reached",
        "title": "The limit is reached",
        "status": 403,
        "detail": f"{why}plan starter allows 10",
        "code": "capacity_reached",
        "request_id": "req-81",
        "decision": {"id": "metering-verdict", "version": "1.0.0"},
        "rule": "capacity-reached",
        "reasons": [f"{why}plan starter allows 10"],
        "audit_id": None,
        "entitlement": "seats",
        "requested": 1,
        "limit": 3,
        "remaining": 0,
        "resets_at": None,
        "retry_after_ms": None,
        "upgrade": {"plan": "starter", "limit": 10},
        "top_up": False,
    }


def test_a_quota_says_when_it_comes_back(place: Place) -> None:
    reply = post(place, "/use/tokens?amount=101", "gale")

    assert (reply.status, reply.members["code"]) == (429, "quota_exhausted")
    assert reply.headers["retry-after"] == "86400"
    assert reply.headers["ratelimit-policy"] == '"tokens";q=100;w=86400'
    assert reply.headers["ratelimit"] == '"tokens";r=100;t=86400'
    assert reply.headers["x-ratelimit-reset"] == "1769947200"
    assert reply.members["violated-policies"] == ["tokens"]


def test_a_governor_says_how_long_to_wait(place: Place) -> None:
    place.policy.set_value("gale", "calls", 0)
    statuses = [post(place, "/use/calls?amount=4", "holt").status for _ in range(2)]

    reply = post(place, "/use/calls?amount=4", "holt")

    assert statuses == [200, 429]
    assert reply.members["code"] == "rate_limited"
    assert reply.headers["retry-after"] == "3"
    assert reply.headers["ratelimit"] == '"calls.rate";r=1;t=3'


@pytest.mark.parametrize(
    ("path", "customer", "status", "code"),
    [
        ("/use/nothing", "gale", 403, "not_included"),
        ("/use/tokens", "nobody", 404, "unknown_customer"),
        ("/use/tokens", "", 404, "unknown_customer"),
        ("/use/tokens?amount=5s", "gale", 400, "invalid_amount"),
        ("/use/tokens?amount=", "gale", 400, "invalid_amount"),
        ("/use/tokens?amount=1e999", "gale", 400, "invalid_amount"),
        ("/hold/tokens?amount=101", "gale", 429, "quota_exhausted"),
        ("/hold/pdf", "gale", 400, "not_metered"),
    ],
)
def test_who_may_not_pass_is_told_why(
    path: str, customer: str, status: int, code: str, place: Place
) -> None:
    reply = post(place, path, customer)

    assert (reply.status, reply.members["code"]) == (status, code)


def test_a_feature_lets_pass_without_counting(place: Place) -> None:
    assert post(place, "/use/pdf", "gale").members == {"code": "ok", "left": None}


def test_the_same_request_counts_once(place: Place) -> None:
    replies = [post(place, "/use/tokens?amount=9", "iris", Idempotency_Key="k") for _ in range(3)]
    other = post(place, "/use/tokens?amount=8", "iris", Idempotency_Key="k")

    assert [reply.members["left"] for reply in replies] == [91, 91, 91]
    assert place.policy.value("iris", "tokens") == 9
    assert (other.status, other.members["code"]) == (409, "conflict")
    assert "ratelimit" not in other.headers


def test_a_hold_counts_what_was_used(place: Place) -> None:
    before = place.policy.value("jade", "tokens") or 0

    settled = post(place, "/hold/tokens?amount=30&used=7", "jade")
    assumed = post(place, "/hold/tokens?amount=5", "jade")

    assert (settled.status, assumed.status) == (200, 200)
    assert place.policy.value("jade", "tokens") == before + 12
    assert place.policy.held("jade", "tokens") == 0


def test_a_view_that_raises_gives_its_hold_back(place: Place) -> None:
    before = place.policy.value("jade", "tokens") or 0

    reply = post(place, "/hold/tokens?amount=30&raise=1", "jade")

    assert reply.status == 502
    assert place.policy.value("jade", "tokens") == before
    assert place.policy.held("jade", "tokens") == 0


def test_requests_are_limited_by_the_plan_and_told_what_is_left(place: Place) -> None:
    place.policy.set_value("regular", "visits", 0)

    replies = [
        ask(place.address, "GET", "/visit", headers={"X-Visitor": "regular"}, prefix="")
        for _ in range(4)
    ]

    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert [reply.headers["ratelimit"] for reply in replies] == [
        f'"visits";r={left};t=60' for left in (2, 1, 0, 0)
    ]
    assert replies[0].headers["ratelimit-policy"] == '"visits";q=3;w=60'
    assert replies[0].headers["x-ratelimit-remaining"] == "2"
    assert replies[3].headers["retry-after"] == "60"
    assert replies[3].members["code"] == "quota_exhausted"


def test_strangers_are_limited_by_the_address_that_the_last_proxy_saw(place: Place) -> None:
    def visit(forwarded: str) -> int:
        headers: dict[str, str | None] = {"X-Forwarded-For": forwarded}
        return ask(place.address, "GET", "/visit", headers=headers, prefix="").status

    seen = [visit(f"10.0.0.{number}, 203.0.113.7") for number in range(3)]

    assert seen == [200, 200, 429]
    assert place.policy.customer("203.0.113.7") is None


def test_other_routes_are_not_counted(place: Place) -> None:
    assert "ratelimit" not in post(place, "/use/pdf", "gale").headers


def test_where_the_store_is_down_nobody_passes(place: Place) -> None:
    store: Any = place.policy.store
    if not hasattr(store, "is_down"):
        return
    store.is_down = True
    try:
        replies = [post(place, path, "gale") for path in ("/use/seats", "/hold/seats")]
        replies.append(ask(place.address, "GET", "/entitlements?customer=gale"))
        body = json.dumps({"customer": "gale", "entitlement": "seats"}).encode()
        replies.append(ask(place.address, "POST", "/allow", body))
    finally:
        store.is_down = False

    for reply in replies:
        assert (reply.status, reply.members["code"]) == (503, "unavailable")
        assert reply.headers["retry-after"] == "1"
        assert SECRET not in reply.body.decode()


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("choice", ["fail_closed", "fail_open"])
def test_what_the_policy_chose_for_a_lost_store_is_marked_as_degraded(
    server: str, choice: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = Waiting()
    policy = subjects.policy(store, failing=choice)
    store.error, store.is_down = StoreError("lost"), True
    with SERVERS[server](policy) as address, caplog.at_level("WARNING", "criterion.http"):
        place = Place(address, policy)
        use = post(place, "/use/seats", "gale", X_Request_Id="req-82")
        hold = post(place, "/hold/seats", "gale", X_Request_Id="req-83")
        body = json.dumps({"customer": "gale", "entitlement": "seats"}).encode()
        route = ask(address, "POST", "/allow", body)

    told: list[Any] = [getattr(record, "criterion", {}) for record in caplog.records]
    marked = {each["request_id"] for each in told if each.get("degraded")}
    if choice == "fail_open":
        assert (use.status, hold.status, route.status) == (200, 200, 200)
        assert route.members["data"]["degraded"] is True
        assert "ratelimit" not in use.headers
        assert {"req-82", "req-83"} == marked
    else:
        for reply in (use, hold, route):
            assert (reply.status, reply.members["code"]) == (503, "unavailable")
            assert (reply.members["degraded"], reply.headers["retry-after"]) == (True, "1")
        assert {"req-82", "req-83"} <= marked
