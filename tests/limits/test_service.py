"""Tests of the service: who may mount it, what it logs and records, and keys that it requires."""

import json
import logging
from typing import Any

import pytest

from criterion.errors import DefinitionError
from criterion.http import Request
from criterion.http.limits import LimitService, Permit
from criterion.http.limits.key import KEY_LENGTH_MAX, key_of
from criterion.policy import AsyncPolicy
from criterion.recorder import MemoryRecorder
from tests.limits.subjects import policy, service

JSON = {"content-type": "application/json"}


def post(of: LimitService, path: str, headers: dict[str, str] | None = None, **body: Any) -> Any:  # noqa: ANN401
    request = Request(
        "POST", path, "", {**JSON, **(headers or {})}, json.dumps(body).encode(), "/limits"
    )
    return of.answer(request)


@pytest.mark.parametrize("authorize", [None, True, "everybody"])
def test_nobody_mounts_it_without_saying_who_may_ask(authorize: Any) -> None:  # noqa: ANN401
    with pytest.raises(DefinitionError, match="nothing says who may ask"):
        LimitService(policy(), authorize)


def test_an_asynchronous_policy_is_as_good() -> None:
    of = policy()

    assert LimitService(AsyncPolicy(of), lambda _: Permit()).policy is of


def test_a_verdict_is_recorded_with_the_request_that_asked() -> None:
    recorder = MemoryRecorder()
    of = service(policy(recorder=recorder))

    answer = post(of, "/allow", {"x-request-id": "r-1"}, customer="acme", entitlement="seats")

    (record,) = recorder.records
    assert record.metadata == {
        "customer": "acme",
        "request_id": "r-1",
        "route": "POST /limits/allow",
    }
    assert dict(answer.headers)["X-Audit-Id"] == record.result.audit_id


class Broken:
    def record(self, record: object) -> None:
        raise OSError(record)


def test_what_cannot_be_recorded_is_not_answered() -> None:
    answer = post(
        service(policy(recorder=Broken())), "/allow", customer="acme", entitlement="seats"
    )

    assert (answer.status, json.loads(answer.body)["code"]) == (503, "unavailable")


def test_a_log_tells_of_verdicts_and_never_who_asked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "criterion.http")

    post(service(), "/allow", customer="acme", entitlement="seats", amount=9)

    (line,) = caplog.records
    assert line.criterion["matched_rule"] == "capacity-reached"  # type: ignore[attr-defined]
    assert "acme" not in f"{line.getMessage()}{line.__dict__}"


def test_a_key_can_be_required() -> None:
    of = service(requires_key=True)
    asked: dict[str, Any] = {"customer": "acme", "entitlement": "seats", "amount": 1}

    missing = post(of, "/allow", **asked)

    assert (missing.status, json.loads(missing.body)["code"]) == (400, "key_required")
    assert post(of, "/allow", {"idempotency-key": "k"}, **asked).status == 200
    assert post(of, "/check", **asked).status == 200


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ('"8e03978e-40d5"', "8e03978e-40d5"),
        ("8e03978e-40d5", "8e03978e-40d5"),
        (r'"a\"b\\c"', r'a"b\c'),
        ('" "', " "),
        (f'"{"a" * KEY_LENGTH_MAX}"', "a" * KEY_LENGTH_MAX),
        (f'"{"a" * (KEY_LENGTH_MAX + 1)}"', None),
        ("a b", None),
        ('"a', None),
        ('"a"b"', None),
        ("é", None),
        ("", None),
        ('"\x7f"', None),
    ],
)
def test_a_key_is(given: str, key: str | None) -> None:
    found = key_of(Request("POST", "/allow", "", {"idempotency-key": given}), is_required=False)

    assert (found if isinstance(found, str) else None) == key
