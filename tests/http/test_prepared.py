"""Tests of prepared answers: byte for byte what the service says step by step."""

import json
import logging
from decimal import Decimal
from typing import Annotated, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from criterion.case_runs import read_catalogue
from criterion.catalogue import Catalogue
from criterion.clock import Clock, FixedClock
from criterion.decision import Decision
from criterion.http import DecisionService, Hook, ProfileChoice, Request, ServiceOptions
from criterion.http.choosing import all_on_offer
from criterion.http.log import LOGGER
from criterion.json_text import builtin, plain
from criterion.rule import OTHERWISE, Rule
from criterion.schema import NoProfile, Schema
from tests.catalogue_files import ROOT
from tests.http.exchanges import body_of, entries
from tests.http.servers import PREFIX
from tests.http.subjects import BODY_BYTES_MAX, DECISIONS, Seating, Wish, of_tenant, registry
from tests.parcels import NOON

ID: Final = {"x-request-id": "req-1"}
JSON: Final = {"content-type": "application/json", **ID}
ENTRIES: Final = [*entries("contract.yaml"), *entries("hostile.yaml")]


class Code(Schema):
    """A number or a text, the number first."""

    code: Annotated[Decimal | str, Field(union_mode="left_to_right")] = ""


class Kind(Schema):
    """What it was."""

    is_text: bool


def kind_of(id: str) -> Any:  # noqa: ANN401
    rule: Rule[Any, Any, Any] = Rule(
        id="any", when=OTHERWISE, emit=lambda code, _: Kind(is_text=code.code == "11")
    )
    return Decision(
        id=id, version="1.0.0", input=Code, profile=NoProfile, output=Kind, rules=(rule,)
    )


class Limit(Schema):
    """What may differ by tenant."""

    text: str = "the default"


def limited(id: str) -> Any:  # noqa: ANN401
    rule: Rule[Any, Any, Any] = Rule(
        id="any",
        when=OTHERWISE,
        emit=lambda _, limit: Kind(is_text=limit.text == "the default"),
        explain=lambda _, limit: limit.text,
    )
    return Decision(id=id, version="1.0.0", input=Code, profile=Limit, output=Kind, rules=(rule,))


def open_to_all(id: str) -> Any:  # noqa: ANN401
    rule: Rule[Any, Any, Any] = Rule(
        id="any", when=OTHERWISE, emit=lambda _, __: Seating(allowed=True, left=0)
    )
    return Decision(
        id=id, version="1.0.0", input=Wish, profile=NoProfile, output=Seating, rules=(rule,)
    )


MORE: Final = (*DECISIONS, kind_of("kind"), open_to_all("guarded"), open_to_all("own-open"))


class Pair:
    """One service twice: with prepared answers, and with a hook that does nothing, so without."""

    def __init__(self, catalogue: Catalogue, clock: Clock, **options: Any) -> None:  # noqa: ANN401
        self.prepared, self.plain = (
            DecisionService(catalogue, hooks=hooks, clock=clock, **options)
            for hooks in ((), (Hook(),))
        )

    def check(self, request: Request) -> int:
        """Require equal answers, and return their status."""
        answer = self.prepared.answer(request)

        assert answer == self.plain.answer(request)
        return answer.status


SEATS: Final = Pair(
    Catalogue(MORE, registry()),
    FixedClock(NOON),
    profiles={
        "guarded": of_tenant,
        "own-open": ProfileChoice(takes_own=True),
        "seat-limit": ["small", "large"],
        "tenant-limit": of_tenant,
        "own-limit": ProfileChoice(takes_own=True),
    },
    options=ServiceOptions(body_bytes_max=BODY_BYTES_MAX, expose_rules=True),
)
READY: Final = Catalogue.load(ROOT)
CATALOGUE: Final = Pair(READY, FixedClock(NOON), profiles=all_on_offer(READY))


def posted(path: str, body: bytes, query: str = "", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", path, query, {**JSON, **named}, body)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["name"]))
def test_every_exchange_of_the_tables_is_answered_alike(entry: dict[str, Any]) -> None:
    request = entry.get("request", entry)
    given = {name.lower(): value for name, value in (request.get("headers") or {}).items()}
    headers = {
        name: str(value) for name, value in {**JSON, **given, **ID}.items() if value is not None
    }
    path, _, query = (
        str(request.get("path", "/seat-limit" if request is entry else ""))
        .removeprefix(PREFIX)
        .partition("?")
    )
    body = body_of(request) or b""

    SEATS.check(Request(request.get("method", "POST"), path, query, headers, body))


def test_values_as_a_profile_are_not_left_out() -> None:
    decision = Catalogue([limited("valued")], registry())
    subject = Pair(decision, FixedClock(NOON), profiles={"valued": {"text": "a tenant's own"}})

    assert subject.check(posted("/valued", b"{}")) == 200
    assert b"a tenant's own" in subject.prepared.answer(posted("/valued", b"{}")).body


def test_every_case_of_the_ready_catalogue_is_answered_alike() -> None:
    files, _ = read_catalogue(READY)
    seen = [
        CATALOGUE.check(posted(f"/{decision.id}", body, f"version={decision.version}"))
        for file in files.values()
        for decision in READY.decisions
        if decision.id == file.decision
        for case in file.cases
        for body in (json.dumps(builtin(plain(case.facts))).encode(),)
    ]

    assert set(seen) == {200}


WHOLE: Final = st.integers(-2, 12) | st.integers()
FACTS: Final = st.fixed_dictionaries(
    {"seats": WHOLE | st.floats(0, 9) | st.text(max_size=3)},
    optional={"tags": st.dictionaries(st.text(max_size=3), WHOLE, max_size=2), "x": st.none()},
)
QUERIES: Final = st.sampled_from(
    ["", "version=1.0.0", "version=2.0.0-beta.1", "profile=large", "profile=small", "explain=full"]
)


@given(FACTS, QUERIES, st.booleans())
def test_whatever_the_facts_the_answers_are_alike(
    facts: dict[str, Any],
    query: str,
    ensure_ascii: bool,  # noqa: FBT001 -- hypothesis hands it over
) -> None:
    body = json.dumps(facts, ensure_ascii=ensure_ascii).encode("utf-8", "replace")

    SEATS.check(posted("/seat-limit", body, query))


@given(st.binary(max_size=30) | st.text('{}[]":,. \n\\ue019-seats', max_size=40).map(str.encode))
def test_whatever_the_bytes_the_answers_are_alike(body: bytes) -> None:
    SEATS.check(posted("/seat-limit", body))


ORDINARY: Final = posted("/seat-limit", b'{"seats": 1}')


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"method": "GET"}, 200),
        ({"method": "PUT"}, 405),
        ({"headers": {"content-type": "application/json; charset=utf-8"}}, 200),
        ({"headers": {}}, 415),
        ({"headers": {**JSON, "content-length": str(BODY_BYTES_MAX)}}, 200),
        ({"headers": {**JSON, "content-length": str(BODY_BYTES_MAX + 1)}}, 413),
        ({"headers": {**JSON, "content-length": "odd"}}, 200),
        ({"body": b'{"seats": 1}' + b" " * BODY_BYTES_MAX}, 413),
        ({"body": b'\xef\xbb\xbf{"seats": 1}'}, 400),
        ({"body": b'{"seats": 1, "seats": 2}'}, 400),
        ({"body": b'{"seats": NaN}'}, 400),
        ({"body": b'{"seats": 1.00000000000000000001}'}, 422),
        ({"body": b'{"seats": 3.0}'}, 200),
        ({"path": "/card-fee"}, 422),
        ({"path": "/breaking", "body": b'{"card": "4", "amount": "11"}'}, 500),
        ({"path": "/unfit-limit"}, 500),
        ({"path": "/tenant-limit"}, 401),
        ({"path": "/own-limit"}, 400),
        ({"path": "/guarded"}, 401),
        ({"path": "/own-open"}, 400),
        ({"path": "/kind", "body": b'{"code": "11"}'}, 200),
    ],
    ids=str,
)
def test_requests_at_the_border_are_answered_alike(changes: dict[str, Any], status: int) -> None:
    request = ORDINARY._replace(**changes)
    named = request._replace(headers={**request.headers, **ID})

    assert SEATS.check(named) == status


def test_a_clock_that_fails_is_answered_alike() -> None:
    class Broken:
        def now(self) -> Any:  # noqa: ANN401
            raise OSError

    pair = Pair(SEATS.plain.catalogue, Broken(), profiles=SEATS.plain.choices)

    assert pair.check(ORDINARY) == 500


def test_a_profile_registered_later_is_used() -> None:
    profiles = registry()
    pair = Pair(Catalogue(MORE, profiles), FixedClock(NOON), profiles=SEATS.plain.choices)
    before = pair.prepared.answer(ORDINARY).body

    profiles.register("small", {"limit": 0}, version="1.1.0", decisions=["seat-limit"])

    pair.check(ORDINARY)
    assert b'"matched_rule":"fits"' in before
    assert b'"matched_rule":"full"' in pair.prepared.answer(ORDINARY).body


def test_a_prepared_answer_is_logged_alike(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, LOGGER.name):
        SEATS.check(ORDINARY)

    ours, plain = caplog.records
    assert ours.getMessage() == plain.getMessage() == "POST /seat-limit 200"
    assert vars(ours)["criterion"] == vars(plain)["criterion"]


def test_an_ordinary_question_takes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DecisionService, "_said", None)  # the first step of the long way

    assert SEATS.prepared.answer(ORDINARY).status == 200
    assert SEATS.plain.answer(ORDINARY).status == 500
