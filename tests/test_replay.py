"""Replays, and why: records of every kind, evaluated again or said not to be."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Annotated, Any, Final

import pytest
from pydantic import Field

from criterion.audit import AuditRecord, AuditRecorder, MemoryTrail, Search
from criterion.audit.definitions import Definition
from criterion.catalogue import Catalogue
from criterion.decision import Decision
from criterion.documents.decision_loading import load_decision
from criterion.engine import Engine
from criterion.profiles import ProfileRegistry
from criterion.quantity import UNLIMITED, Quantity
from criterion.redaction import Redact
from criterion.replay import Replay, Replayer
from criterion.rule import Rule
from criterion.schema import NoProfile, Schema
from criterion.why import why
from tests.audit.trails import CLOCK, KEY, QUICK

LIMITS: Final = dedent(
    """\
    decision: limits
    version: 1.0.0
    input:
      plan: {enum: [free, pro]}
      amount: {type: number}
    profile:
      limits: {type: object, additionalProperties: {$ref: quantity}}
      blocked: {type: array, items: {type: number}}
      unread: {type: integer}
    output:
      allowed: {type: boolean}
    let:
      limit: profile.limits[input.plan]
    rules:
      - {id: blocked, when: input.amount in profile.blocked, emit: {allowed: false}}
      - id: broken
        when: 1 / input.amount > 2
        emit: {allowed: false}
      - id: over
        when: input.amount > limit
        emit: {allowed: false}
        explain: "{input.amount} is more than {limit}"
      - id: within
        when: input.amount > 1
        emit: {allowed: true}
        explain: fits
    """
)
PROFILE: Final[dict[str, Any]] = {
    "limits": {"free": Decimal("2.50"), "pro": UNLIMITED},
    "blocked": [13],
    "unread": 1,
}
CATALOGUE: Final = Catalogue.load()
USAGE: Final = {"resource": "projects", "current_usage": 3, "plan": "free"}


def recorded(
    decision: Any,  # noqa: ANN401 -- of any kind
    facts: Mapping[str, Any],
    profile: Any = None,  # noqa: ANN401
    key: bytes | None = None,
) -> tuple[MemoryTrail, AuditRecord]:
    """Return a trail, and its one record."""
    trail = MemoryTrail()
    profiles = ProfileRegistry()
    profiles.register("limits", PROFILE, version="1.0.0")
    with AuditRecorder(trail, delivery=QUICK, clock=CLOCK, key=key) as recorder:
        Engine(profiles=profiles, recorder=recorder, clock=CLOCK).run(decision, facts, profile)
    [record] = trail.found(Search())
    return trail, record


def replayed(
    decision: Any,  # noqa: ANN401
    facts: Mapping[str, Any],
    profile: Any = None,  # noqa: ANN401
    catalogue: Catalogue | None = None,
) -> Replay:
    trail, record = recorded(decision, facts, profile)
    return Replayer(trail.definitions(), catalogue).replay(record)


LIMITS_FACTS: Final[dict[str, Mapping[str, Any]]] = {
    "over": {"plan": "free", "amount": Decimal("2.51")},
    "within": {"plan": "pro", "amount": 10**9},
    "no match": {"plan": "free", "amount": 1},
    "a failing rule": {"plan": "free", "amount": 0},
    "invalid": {"plan": "gold", "amount": "x"},
}


@pytest.mark.parametrize("facts", LIMITS_FACTS.values(), ids=LIMITS_FACTS)
@pytest.mark.parametrize("profile", ["limits", PROFILE], ids=["by name", "by value"])
def test_a_decision_in_yaml_is_replayed_from_the_trail_alone(
    facts: Mapping[str, Any],
    profile: Any,  # noqa: ANN401
) -> None:
    assert replayed(load_decision(LIMITS), facts, profile)[1:3] == ("identical", "")


@pytest.mark.parametrize("version", ["1.1.0", "1.1.0-yaml"])
def test_decisions_of_the_catalogue_are_replayed(version: str) -> None:
    decision = CATALOGUE.decision("usage-limit", version)
    trail = MemoryTrail()
    with AuditRecorder(trail, delivery=QUICK) as recorder:
        Engine(profiles=CATALOGUE.profiles, recorder=recorder).run(decision, USAGE, "pricing")
    [record] = trail.found(Search())

    assert Replayer(trail.definitions(), CATALOGUE).replay(record).outcome == "identical"


class Order(Schema):
    """An order, whose fields have other names outside."""

    size: Annotated[Quantity, Field(alias="orderSize")]
    note: str = ""


class Answer(Schema):
    """Whether it is taken, and by whom."""

    allowed: bool
    clerk: Annotated[str, Redact("hash")] = "ada"


class Secret(Schema):
    """A marked input."""

    card: Annotated[str, Redact("mask")]


class Marked(Schema):
    """A marked profile."""

    token: Annotated[str, Redact("mask")]


def order(limit: int, version: str = "1.0.0", **schemas: Any) -> Decision[Any, Any, Any]:  # noqa: ANN401
    given: dict[str, Any] = {"input": Order, "profile": NoProfile, **schemas}
    whens = {5: lambda order, _: order.size < 5, 50: lambda order, _: order.size < 50}
    first: Rule[Any, Any, Any] = Rule(id="small", when=whens[limit], emit=small_order)
    other: Rule[Any, Any, Any] = Rule(id="other", when="otherwise", emit=large_order)
    return Decision(id="order", version=version, output=Answer, rules=(first, other), **given)


def small_order(_: object, __: object) -> Answer:
    return Answer(allowed=True)


def large_order(_: object, __: object) -> Answer:
    return Answer(allowed=False)


class Only:
    """A catalogue of one decision."""

    def __init__(self, decision: Any) -> None:  # noqa: ANN401
        self._decision = decision

    def decision(self, id: str, version: str | None = None) -> Any:  # noqa: ANN401
        if (id, version) != (self._decision.id, self._decision.version):
            return CATALOGUE.decision(id, version)
        return self._decision


def only(decision: Any) -> Any:  # noqa: ANN401
    return Only(decision)


def test_input_with_aliases_and_hashed_output_is_replayed_without_the_key() -> None:
    decision = order(5)
    trail, record = recorded(decision, {"orderSize": 7, "note": "x"}, key=KEY)
    again = Replayer(trail.definitions(), only(decision)).replay(record)
    keyed = Replayer(trail.definitions(), only(decision), key=KEY).replay(record)
    other = Replayer(trail.definitions(), only(decision), key=b"another key of 16").replay(record)

    assert (again.outcome, keyed.outcome) == ("identical", "identical")
    assert (other.outcome, other.reason) == ("different", "data is different")


REFUSED: Final[dict[str, tuple[Any, Mapping[str, Any], Any, Any, str]]] = {
    "redacted": (order(5, input=Secret), {"card": "1"}, None, "same", "its input is redacted"),
    "no catalogue": (order(5), {"orderSize": 1}, None, None,
                     "`order@1.0.0` needs Python code, and there is no catalogue"),
    "missing": (order(5, "2.0.0"), {"orderSize": 1}, None, order(5),
                "`order@2.0.0` is not in the catalogue"),
    "changed": (order(5), {"orderSize": 1}, None, order(50),
                "the code of `order@1.0.0` has changed"),
    "unkept profile": (order(5, profile=Marked), {"orderSize": 1}, {"token": "t"}, "same",
                       "the values of its profile were not kept"),
    "refused profile": (load_decision(LIMITS), LIMITS_FACTS["over"], {"limits": 3}, None,
                        "its profile was refused, and a refused profile is not kept"),
    "unkept input": (load_decision(LIMITS), {"plan": "x" * 70_000}, "limits", None,
                     "its input was not kept"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "facts", "profile", "known", "reason"), REFUSED.values(), ids=REFUSED
)
def test_what_cannot_be_replayed_says_why(
    decision: Any,  # noqa: ANN401
    facts: Mapping[str, Any],
    profile: Any,  # noqa: ANN401
    known: Any,  # noqa: ANN401
    reason: str,
) -> None:
    catalogue = None if known is None else only(decision if known == "same" else known)

    assert replayed(decision, facts, profile, catalogue)[1:] == ("not_replayable", reason, None)


def test_an_erased_record_and_a_note_are_not_replayed() -> None:
    trail, record = recorded(load_decision(LIMITS), LIMITS_FACTS["over"], "limits")
    replayer = Replayer(trail.definitions())

    erased = replayer.replay(AuditRecord(record.entry, {}))
    note = replayer.replay(AuditRecord(record.entry, {"kind": "loss"}))

    assert erased.reason == "its payload was erased, or is no payload"
    assert note.reason == "it is no evaluation: loss"


@pytest.mark.parametrize("kind", ["yaml", "profile"])
def test_a_definition_that_was_changed_is_not_used(kind: str) -> None:
    trail, record = recorded(load_decision(LIMITS), LIMITS_FACTS["over"], "limits")
    changed = {
        digest: each._replace(text=each.text.replace("2.5", "9").replace("free", "fr"))
        if each.kind == kind
        else each
        for digest, each in trail.definitions().items()
    }

    reason = Replayer(changed).replay(record).reason

    assert reason == f"its {'decision' if kind == 'yaml' else 'profile'} was changed in the trail"


def test_a_record_that_says_something_else_is_different() -> None:
    trail, record = recorded(load_decision(LIMITS), LIMITS_FACTS["over"], "limits")
    told = AuditRecord(record.entry, {**record.members, "matched_rule": "x", "data": None})

    replay = Replayer(trail.definitions()).replay(told)

    assert replay[1:3] == ("different", "matched_rule is different; data is different")
    assert (why(told, replay).others, why(told, replay).profile) == ({}, {})


MODELS: Final = '''"""Models."""

from criterion import Schema


class Visit(Schema):
    """A visit."""

    age: int
'''
WITH_MODEL: Final = """\
decision: visit
version: 1.0.0
input: visit_models_of_replay:Visit
output: {allowed: {type: boolean}}
rules:
  - {id: all, when: otherwise, emit: {allowed: true}}
"""


def test_a_decision_in_yaml_that_names_a_model_is_taken_from_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "visit_models_of_replay.py").write_text(MODELS)
    file = tmp_path / "visit.yaml"
    file.write_text(WITH_MODEL)
    decision = load_decision(file)
    trail, record = recorded(decision, {"age": 3})

    [definition] = trail.definitions().values()
    assert (definition.kind, definition.is_genuine) == ("python", True)
    assert not Definition(definition.digest, "python", definition.text + " ").is_genuine
    assert Replayer(trail.definitions(), only(decision)).replay(record).outcome == "identical"


def test_why_says_everything_about_a_decision_in_yaml() -> None:
    trail, record = recorded(load_decision(LIMITS), LIMITS_FACTS["over"], "limits")

    found = why(record, Replayer(trail.definitions()).replay(record))

    assert found.others == {
        "blocked": "amount 2.51 is not in blocked (1 item)",
        "broken": "1 / amount (0.3984063745) <= 2",
        "within": "not reached: `over` matched first",
    }
    assert found.profile == {"profile.blocked": [13], "profile.limits[input.plan]": Decimal("2.5")}
    assert found.command == (
        """criterion run limits@1.0.0 '{"plan":"free","amount":2.51}' --profile limits@1.0.0 """
        "--at 2026-01-31T12:00:00Z"
    )


def test_why_shows_what_a_rule_in_python_read() -> None:
    decision = CATALOGUE.decision("usage-limit", "1.1.0")
    trail = MemoryTrail()
    with AuditRecorder(trail, delivery=QUICK) as recorder:
        Engine(profiles=CATALOGUE.profiles, recorder=recorder).run(decision, USAGE, "pricing")
    [record] = trail.found(Search())

    found = why(record, Replayer(trail.definitions(), CATALOGUE).replay(record))

    assert found.profile["profile.limits['free']['projects']"] == 3
    assert "profile.next_plan['pro']" not in found.profile


def test_why_of_what_cannot_be_replayed_keeps_to_the_record() -> None:
    decision = order(5, input=Secret)
    trail, record = recorded(decision, {"card": "1"})

    found = why(record, Replayer(trail.definitions(), only(decision)).replay(record))

    assert (found.others, found.profile, found.command) == ({}, {}, None)
    assert found.replay.reason == "its input is redacted"
