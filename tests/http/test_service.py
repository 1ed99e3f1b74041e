"""Tests of the service by itself: guards, hooks, records, logs, and how it is put together."""

import json
import logging
from typing import Any, Final

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.catalogue import Catalogue
from criterion.errors import DefinitionError
from criterion.http import (
    Answer,
    Asked,
    DecisionService,
    Denial,
    Hook,
    ProfileChoice,
    Refusal,
    Request,
    ServiceOptions,
)
from criterion.http.choosing import all_on_offer
from criterion.profiles import ProfileRegistry
from criterion.result import Result, Status
from tests.http.subjects import (
    DECISIONS,
    SECRET,
    Keeper,
    Room,
    other,
    registry,
    seat_limit,
    service,
)

METHODS: Final = ("HEAD", "GET")
JSON: Final = {"content-type": "application/json", "x-request-id": "req-1"}


def asked(path: str, body: object, **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", path, "", {**JSON, **named}, json.dumps(body).encode())


def members(answer: Answer) -> Any:  # noqa: ANN401
    return json.loads(answer.body)


def test_the_recorder_keeps_request_id_route_and_what_hooks_add() -> None:
    keeper = Keeper()

    service(recorder=keeper).answer(asked("/seat-limit", {"seats": 1}, x_gate="north"))

    assert [record.metadata for record in keeper.records] == [
        {"request_id": "req-1", "route": "POST /seat-limit", "gate": "north"}
    ]


@pytest.mark.parametrize(("seats", "status"), [(1, 200), ("many", 422)], ids=["data", "problem"])
def test_the_answer_names_the_record_in_a_header(seats: object, status: int) -> None:
    keeper = Keeper()

    answer = service(recorder=keeper).answer(asked("/seat-limit", {"seats": seats}))

    assert answer.status == status
    assert dict(answer.headers)["X-Audit-Id"] == keeper.records[0].result.audit_id


def test_without_a_recorder_no_record_is_named() -> None:
    given = service()

    silent = DecisionService(given.catalogue, profiles=given.choices)
    answer = silent.answer(asked("/seat-limit", {"seats": 1}))

    assert answer.status == 200
    assert "X-Audit-Id" not in dict(answer.headers)


def test_invalid_input_is_recorded_too() -> None:
    keeper = Keeper()

    service(recorder=keeper).answer(asked("/card-fee", {"card": SECRET, "amount": "x"}))

    assert [record.result.status for record in keeper.records] == [Status.INVALID_INPUT]


def test_nothing_is_decided_after_a_refusal() -> None:
    keeper = Keeper()

    answer = service(recorder=keeper).answer(asked("/seat-limit", {}, x_gate="refuse"))

    assert members(answer)["code"] == "too_busy"
    assert keeper.records == []


class Watch(Hook):
    def __init__(self) -> None:
        self.seen: list[tuple[str, Status, object]] = []

    def before(self, asked: Asked) -> dict[str, object]:
        return {"started": asked.request_id}

    def after(self, asked: Asked, result: Result[Any]) -> None:
        self.seen.append((asked.decision.version, result.status, asked.metadata["started"]))


class Broken(Hook):
    def after(self, asked: Asked, result: Result[Any]) -> None:  # noqa: ARG002
        raise ValueError(SECRET)


def test_later_hooks_run_after_one_that_raises(caplog: pytest.LogCaptureFixture) -> None:
    watch = Watch()
    subject = service(hooks=(Broken(), watch))

    with caplog.at_level(logging.INFO, "criterion.http"):
        answer = subject.answer(asked("/seat-limit", {"seats": "x"}))

    assert answer.status == 422
    assert watch.seen == [("1.1.0", Status.INVALID_INPUT, "req-1")]
    assert "hook after an evaluation failed: ValueError" in caplog.messages
    assert SECRET not in caplog.text


class Meddling(Hook):
    def before(self, asked: Asked) -> Any:  # noqa: ANN401, ARG002
        return "no metadata"


def test_a_hook_that_returns_something_odd_fails() -> None:
    answer = service(hooks=(Meddling(),)).answer(asked("/seat-limit", {"seats": 1}))

    assert members(answer)["code"] == "internal_error"


def test_a_denial_is_logged_as_information_with_its_data(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "criterion.http"):
        service().answer(asked("/seat-limit", {"seats": 4}))

    record = caplog.records[-1]
    assert (record.levelname, record.getMessage()) == ("INFO", "POST /seat-limit 200")
    assert vars(record)["criterion"] == {
        "request_id": "req-1",
        "method": "POST",
        "path": "/seat-limit",
        "http_status": 200,
        "decision": "seat-limit",
        "version": "1.1.0",
        "profile": "small",
        "status": "OK",
        "matched_rule": "full",
    }


@pytest.mark.parametrize(
    ("path", "headers", "code"),
    [
        ("/breaking", {}, "rule_error"),
        ("/seat-limit", {"x_gate": "raise"}, "internal_error"),
        ("/seat-limit", {"x_gate": "unrecorded"}, "unavailable"),
        ("/tenant-limit", {"x_tenant": "down"}, "unavailable"),
    ],
)
def test_a_failure_is_logged_as_an_error_without_facts(
    path: str, headers: dict[str, str], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"card": SECRET, "amount": 11} if path == "/breaking" else {"seats": 2}

    with caplog.at_level(logging.INFO, "criterion.http"):
        service().answer(asked(path, body, **headers))

    assert caplog.records[-1].levelname == "ERROR"
    assert vars(caplog.records[-1])["criterion"]["code"] == code
    assert SECRET not in caplog.text + str([vars(record) for record in caplog.records])


class Bad(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        raise OSError(str(record))


def test_a_log_that_fails_changes_no_answer() -> None:
    logger, handler = logging.getLogger("criterion.http"), Bad()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        answer = service().answer(asked("/seat-limit", {"seats": 1}))
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)

    assert answer.status == 200


def test_a_failure_of_our_own_is_a_problem_without_internals() -> None:
    answer = service().answer(Request("POST", "/seat-limit", "", JSON, None))  # type: ignore[arg-type]

    assert members(answer)["code"] == "internal_error"
    assert b"Traceback" not in answer.body


def test_rules_are_shown_only_where_the_operator_says_so() -> None:
    subject = service(expose_rules=False)

    described = subject.answer(Request("GET", "/seat-limit"))
    explained = subject.answer(asked("/seat-limit", {"seats": 1})._replace(query="explain=full"))
    documented = subject.answer(Request("GET", "/openapi.json"))

    assert "rules" not in members(described)
    assert members(explained)["code"] == "explanation_not_offered"
    assert explained.status == 403
    assert b"explain" not in documented.body.replace(b'"explanation"', b"").replace(
        b"explanations", b""
    )


def test_a_guard_lets_pass_what_is_allowed() -> None:
    checked = service().check(Request("GET", "/seats"), "seat-limit", {"seats": 1})

    assert checked.answer is None
    assert checked.result is not None
    assert checked.result.unwrap().left == 2


def test_a_guard_turns_a_denial_into_a_problem(snapshot: SnapshotAssertion) -> None:
    denial = Denial(
        status=429, code="seats_exhausted", title="No seats", headers=(("Retry-After", "9"),)
    )

    checked = service().check(
        Request("GET", "/seats", headers=JSON), "seat-limit", {"seats": 9}, denial=denial
    )

    assert checked.answer is not None
    assert ("Retry-After", "9") in checked.answer.headers
    told = members(checked.answer)
    assert told.pop("audit_id") == dict(checked.answer.headers)["X-Audit-Id"]
    assert (checked.answer.status, told) == snapshot


@pytest.mark.parametrize(
    ("id", "facts", "code"),
    [
        ("seat-limit", {"seats": 4}, "denied"),
        ("seat-limit", {"seats": -1}, "invalid_input"),
        ("seat-limit", None, "invalid_input"),
        ("card-fee", {"card": "1", "amount": 1}, "denied"),  # no rule matches
        ("card-fee", {"card": "1", "amount": 11}, "internal_error"),  # no member `allowed`
        ("breaking", {"card": "1", "amount": 11}, "rule_error"),
        ("unfit-limit", {"seats": 1}, "profile_unfit"),
        ("nothing", {}, "internal_error"),
    ],
)
def test_a_guard_that_cannot_say_yes_lets_nobody_pass(
    id: str,
    facts: Any,  # noqa: ANN401
    code: str,
) -> None:
    checked = service().check(Request("GET", "/"), id, facts)

    assert checked.answer is not None
    assert members(checked.answer)["code"] == code


def test_a_guard_may_pin_a_version_and_say_what_allows() -> None:
    denial = Denial(is_allowed=lambda data: data.left == 0)

    checked = service().check(
        Request("GET", "/"), "seat-limit", {"seats": 4}, version="1.0.0", denial=denial
    )

    assert checked.answer is None
    assert checked.result is not None
    assert checked.result.decision_version == "1.0.0"


def test_everything_wrong_with_the_choice_of_profiles_is_said_at_once(
    snapshot: SnapshotAssertion,
) -> None:
    profiles = registry()
    catalogue = Catalogue([*DECISIONS, other("lone-limit")], profiles)

    with pytest.raises(DefinitionError) as caught:
        DecisionService(
            catalogue, profiles={"seat-limits": "small", "own-limit": ["acme"], "card-fee": "small"}
        )

    assert str(caught.value) == snapshot


def test_one_profile_on_offer_needs_no_choice() -> None:
    profiles = ProfileRegistry()
    profiles.register("only", {"limit": 1}, version="1.0.0")

    subject = DecisionService(Catalogue([seat_limit("1.0.0")], profiles))

    assert members(subject.answer(asked("/seat-limit", {"seats": 1})))["matched_rule"] == "fits"


def test_all_profiles_on_offer_can_be_offered() -> None:
    found = all_on_offer(Catalogue(DECISIONS, registry()))

    assert found == {
        "seat-limit": ("large", "secret", "small"),
        "tenant-limit": ("acme",),
        "unfit-limit": ("odd",),
    }


def test_names_and_a_resolver_do_not_go_together() -> None:
    with pytest.raises(TypeError, match="one thing chooses"):
        ProfileChoice(names=("small",), resolver=lambda _, __: "large")


@pytest.mark.parametrize("values", [{"limit": 2}, Room(limit=2)], ids=["mapping", "model"])
def test_values_can_be_a_choice(values: Any) -> None:  # noqa: ANN401
    decisions = [seat_limit("1.0.0"), seat_limit("1.1.0")]
    subject = DecisionService(Catalogue(decisions), profiles={"seat-limit": values})

    answer = members(subject.answer(asked("/seat-limit", {"seats": 1})))

    assert (answer["explanation"], answer["profile"]["id"]) == ("1 of 2", None)


def test_values_that_do_not_fit_are_found_when_the_service_is_made(
    snapshot: SnapshotAssertion,
) -> None:
    values = {"limit": "much", "limits": 3}

    with pytest.raises(DefinitionError) as caught:
        DecisionService(Catalogue([seat_limit("1.0.0")]), profiles={"seat-limit": values})

    assert str(caught.value) == snapshot


def test_callers_pick_no_profile_where_values_are_the_choice() -> None:
    subject = DecisionService(
        Catalogue([seat_limit("1.0.0")], registry()), profiles={"seat-limit": {"limit": 2}}
    )
    request = asked("/seat-limit", {"seats": 1})._replace(query="profile=small")

    assert members(subject.answer(request))["code"] == "unknown_profile"


def test_a_choice_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="a profile choice is a name"):
        ProfileChoice.of(3)  # type: ignore[arg-type]


def test_a_refusal_must_refuse(snapshot: SnapshotAssertion) -> None:
    with pytest.raises(DefinitionError) as caught:
        Refusal(code="Too Busy", detail="later", status=200)

    assert str(caught.value) == snapshot


def test_the_body_limit_is_the_operators(snapshot: SnapshotAssertion) -> None:
    profiles = ProfileRegistry()
    profiles.register("only", {"limit": 1}, version="1.0.0")
    subject = DecisionService(
        Catalogue([seat_limit("1.0.0")], profiles), options=ServiceOptions(body_bytes_max=12)
    )

    answers = [subject.answer(asked("/seat-limit", {"seats": seats})).status for seats in (1, 10)]

    assert answers == [200, 413]
    assert members(subject.answer(asked("/seat-limit", {"seats": 100}))) == snapshot


def test_a_head_has_the_headers_of_a_get_and_no_body() -> None:
    head, get = (service().answer(Request(way, "/seat-limit", headers=JSON)) for way in METHODS)

    assert head == get._replace(body=b"")
    assert ("Content-Length", str(len(get.body))) in head.headers


def test_a_problem_stays_short_whatever_was_sent() -> None:
    odd = {f"{number}{chr(1) * 90}": 1 for number in range(32)}

    answer = service().answer(asked("/seat-limit", odd))

    assert len(members(answer)["errors"]) > 10
    assert len(answer.body) < 16_000
