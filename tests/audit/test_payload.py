"""Payloads: what a record holds of every kind of answer, and what it never holds."""

import datetime as dt
import json
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from criterion.audit import AuditRecorder, Keyed, MemoryTrail
from criterion.audit.compact import canonical, compact, exact
from criterion.audit.definitions import Definition
from criterion.audit.payload import METADATA_LENGTH_MAX, Payloads
from criterion.audit.terms import terms_of
from criterion.decision import Decision
from criterion.documents.decision_loading import load_decision
from criterion.engine import Engine
from criterion.explanation import RuleReading
from criterion.json_input import read_json
from criterion.json_text import canonical_json, json_text, plain
from criterion.profiles import ProfileRegistry
from criterion.quantity import UNLIMITED, Quantity
from criterion.recorder import MemoryRecorder
from criterion.redaction import Redact
from criterion.result import Result
from criterion.schema import Schema
from tests.audit.trails import CLOCK, KEY, Accepted, Card, card_check
from tests.parcels import (
    HEAVY_PARCEL,
    HOSTILE_TEXT,
    TARIFF,
    Letter,
    decision_of,
    no,
    parcel_surcharge,
    rule_of,
)

SECRET: Final = "4s3cret"  # noqa: S105 -- what the tests look for
CARD: Final[dict[str, Any]] = {
    "number": SECRET,
    "holder": SECRET,
    "email": SECRET,
    "limits": {"day": 31_337},
}

MARKED_YAML: Final = """
decision: marked
version: 1.0.0
input:
  name: {type: string, redact: hash}
  parts: {type: array, items: {type: object, properties: {code: {type: string, redact: mask}}}}
output:
  allowed: {type: boolean}
rules:
  - id: known
    when: input.name == "4s3cret"
    emit: {allowed: true}
"""


def kept(
    decision: Decision[Any, Any, Any],
    facts: Any,  # noqa: ANN401 -- also what no facts should be
    profile: Any = None,  # noqa: ANN401 -- the same
    *,
    key: bytes | None = KEY,
    metadata: dict[str, object] | None = None,
) -> tuple[dict[str, Any], str, Result[Any]]:
    """Return the record of one evaluation as data and as text, and the result."""
    trail = MemoryTrail()
    with AuditRecorder(trail, key=key, clock=CLOCK) as recorder:
        engine = Engine(recorder=recorder, clock=CLOCK)
        result = engine.run(decision, facts, profile, metadata=metadata)
    [entry] = trail.entries
    text = str(entry.payload)
    assert text.isascii()
    assert text.isprintable()
    assert entry.is_whole
    return json.loads(text, parse_float=Decimal), entry.line(), result


def test_a_record_says_what_was_decided_and_why(snapshot: SnapshotAssertion) -> None:
    members, _, result = kept(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata={"depot": "north"})

    assert members["id"] == result.audit_id == result.to_dict()["audit_id"]
    digests = [members["decision"].pop("digest"), members["profile"].pop("digest")]
    assert digests == [result.decision_digest, result.profile_digest]
    assert {**members, "id": "…", "engine": "…"} == snapshot


def test_a_result_that_nobody_recorded_names_no_record() -> None:
    result = Engine().run(parcel_surcharge, HEAVY_PARCEL, TARIFF)

    assert result.audit_id is None
    assert result.to_dict()["audit_id"] is None


ODD: Final[Any] = None
ENDINGS: Final[dict[str, tuple[Decision[Any, Any, Any], Any, Any]]] = {
    "invalid input": (parcel_surcharge, {"weight_g": -1, "lenght_mm": 5}, TARIFF),
    "no facts": (parcel_surcharge, ODD, TARIFF),
    "profile missing": (parcel_surcharge, HEAVY_PARCEL, None),
    "no match": (decision_of(rule_of(when=no)), HEAVY_PARCEL, None),
    "rule error": (decision_of(rule_of(when=lambda _, __: 1 / 0)), HEAVY_PARCEL, None),
    "invalid output": (decision_of(rule_of(emit=lambda _, __: {"x": 1})), HEAVY_PARCEL, None),
}


@pytest.mark.parametrize(("decision", "facts", "profile"), ENDINGS.values(), ids=ENDINGS)
def test_every_ending_is_recorded(
    decision: Decision[Any, Any, Any],
    facts: object,
    profile: object,
    snapshot: SnapshotAssertion,
) -> None:
    members, _, result = kept(decision, facts, profile)

    assert members["status"] == result.status
    told = ("status", "matched_rule", "input", "data", "explanation", "errors")
    assert {name: members[name] for name in told} == snapshot


def test_marked_fields_are_masked_dropped_and_hashed() -> None:
    members, line, _ = kept(card_check, CARD)
    hashed = Keyed(KEY).hash(SECRET)

    assert members["input"] == {
        "number": "[redacted]",
        "email": hashed,
        "limits": {"day": "[redacted]"},
        "shop": "corner",
    }
    assert members["data"] == {"allowed": True, "taken_by": hashed}
    assert SECRET not in line
    assert "31337" not in line


def test_without_a_key_nothing_is_hashed() -> None:
    members, line, _ = kept(card_check, CARD, key=None)

    assert members["input_hash"] is None
    assert members["input"]["email"] == "[redacted]"
    assert SECRET not in line


def test_marked_fields_of_decisions_in_yaml_are_redacted() -> None:
    facts = {"name": SECRET, "parts": [{"code": SECRET}]}

    members, line, _ = kept(load_decision(MARKED_YAML), facts)

    assert members["input"] == {
        "name": Keyed(KEY).hash(SECRET),
        "parts": [{"code": "[redacted]"}],
    }
    assert SECRET not in line


HIDING: Final[dict[str, Any]] = {
    "wrong kind": {**CARD, "number": [SECRET]},
    "misspelt key": {**CARD, "nummber": SECRET},
    "as a key": {**CARD, SECRET: 1},
    "as a dotted key": {**CARD, f"shop.{SECRET}.x": 1},
    "nested": {**CARD, "limits": {"day": SECRET}},
    "key of a marked part": {**CARD, "limits": {"day": {SECRET: 1}}},
    "in a wrong place": {**CARD, "shop": [SECRET]},
    "a list": [SECRET],
    "text": SECRET,
    "an object": type("Odd", (), {"__repr__": lambda _: SECRET})(),
    "a raising mapping": type("Bad", (dict,), {"items": lambda _: 1 / 0})(number=SECRET),
}


@pytest.mark.parametrize("facts", HIDING.values(), ids=HIDING)
def test_invalid_input_with_marked_fields_keeps_nothing_of_it(facts: object) -> None:
    members, line, result = kept(card_check, facts)

    if result.status == "INVALID_INPUT":
        assert members["input"] is None
    assert SECRET not in line


def test_an_unknown_key_is_not_named_where_fields_are_marked() -> None:
    members, _, _ = kept(card_check, {**CARD, SECRET: 1})

    assert members["errors"] == [
        {"path": "", "code": "unknown_key", "message": "is not a known key"}
    ]
    assert members["explanation"] == "invalid input: is not a known key"


def test_a_rule_that_quotes_a_marked_value_is_not_quoted() -> None:
    def quoting(card: Card, _: object) -> bool:
        raise ValueError(card.number)

    decision = decision_of(rule_of(when=quoting), input=Card, output=Accepted)

    members, line, _ = kept(decision, CARD)

    assert members["status"] == "RULE_ERROR"
    assert SECRET not in line


def test_a_profile_with_marked_fields_is_not_kept() -> None:
    class Secretive(Schema):
        secret: Annotated[str, Redact("mask")]

    decision = decision_of(rule_of(), profile=Secretive)
    trail = MemoryTrail()
    with AuditRecorder(trail, clock=CLOCK) as recorder:
        Engine(recorder=recorder).run(decision, HEAVY_PARCEL, {"secret": SECRET})

    assert SECRET not in str(trail.definitions())
    assert [each.kind for each in trail.definitions().values()] == ["python"]


def test_the_hash_of_an_input_is_found_from_the_original() -> None:
    facts = {"weight_g": 12_000, "length_mm": 300}
    members, _, _ = kept(parcel_surcharge, facts, TARIFF)
    yaml = load_decision(MARKED_YAML)
    other = {"name": "x", "parts": []}

    assert members["input_hash"] == Keyed(KEY).input_hash(parcel_surcharge, facts)
    assert members["input_hash"] != Keyed(KEY[::-1]).input_hash(parcel_surcharge, facts)
    assert kept(yaml, other)[0]["input_hash"] == Keyed(KEY).input_hash(yaml, other)
    assert kept(card_check, CARD)[0]["input_hash"] == Keyed(KEY).input_hash(card_check, CARD)
    wrong = {"weight_g": "x"}
    invalid = kept(parcel_surcharge, wrong, TARIFF)[0]
    assert invalid["input_hash"] == Keyed(KEY).input_hash(parcel_surcharge, wrong)


@pytest.mark.parametrize("length", [0, 15, 65])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=f"a key has 16 to 64 bytes, this one {length}"):
        Keyed(b"x" * length)


def test_a_key_is_never_shown() -> None:
    assert repr(Keyed(KEY)) == "<Keyed with a key>"


@pytest.mark.parametrize("text", HOSTILE_TEXT.values(), ids=HOSTILE_TEXT)
def test_hostile_text_stays_one_escaped_line(text: str) -> None:
    decision = decision_of(rule_of(explain=lambda letter, _: letter.text), input=Letter)

    members, line, _ = kept(decision, {"text": text}, metadata={text: text})

    assert members["input"] == {"text": text}
    assert members["metadata"] == {text: text}
    assert line.isascii()
    assert line.isprintable()
    assert not set("<>&") & set(line)


def test_metadata_that_is_no_data_or_too_long_is_not_kept() -> None:
    odd = kept(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata={"who": object()})[0]
    long = kept(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata={"x": "x" * METADATA_LENGTH_MAX})

    assert odd["metadata"] == {"who": "[not plain data]"}
    assert list(long[0]["metadata"]) == ["omitted"]


def test_metadata_is_kept_as_it_was() -> None:
    trail = MemoryTrail()
    nested = {"tags": ["a"]}
    with AuditRecorder(trail, clock=CLOCK) as recorder:
        Engine(recorder=recorder).run(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata=nested)
        nested["tags"].append("b")

    assert json.loads(str(trail.entries[0].payload))["metadata"] == {"tags": ["a"]}


LONG: Final = {"whole": 10**5_000, "negative": -(10**5_000), "list": [10**5_000]}


@pytest.mark.parametrize("number", LONG.values(), ids=LONG)
def test_a_number_too_long_to_read_again_is_kept_as_text(number: object) -> None:
    members, _, _ = kept(parcel_surcharge, HEAVY_PARCEL, TARIFF, metadata={"n": number})

    kept_as = members["metadata"]["n"]
    assert "".join(kept_as).removeprefix("-") == "1" + "0" * 5_000


@pytest.mark.parametrize(("decision", "facts", "profile"), ENDINGS.values(), ids=ENDINGS)
def test_a_payload_has_the_same_bytes_where_an_output_cannot_be_written_at_once(
    decision: Decision[Any, Any, Any],
    facts: object,
    profile: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    metadata: dict[str, object] = {"<a>": "x\ny", "b": 1, "c": None, "d": True}
    recorder = MemoryRecorder()
    Engine(recorder=recorder).run(decision, facts, profile, metadata=metadata)  # type: ignore[arg-type] # odd ones too
    fast, slow = Payloads(Keyed(KEY)), Payloads(Keyed(KEY))
    quick = fast.payload(fast.evaluated(recorder.records[0]))
    monkeypatch.setattr(RuleReading, "text", lambda *_: None)

    assert slow.payload(slow.evaluated(recorder.records[0])) == quick


class Everything(Schema):
    """A field of every kind that is dumped otherwise than it is held."""

    number: Decimal = Decimal("5.00")
    room: Quantity = UNLIMITED
    day: dt.date = dt.date(2026, 1, 31)
    at: dt.datetime = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
    id: UUID = UUID(int=7)
    tags: frozenset[str] = frozenset({"b", "a"})
    share: float = 0.5
    parts: tuple[Letter, ...] = (Letter(text="x"),)


def test_values_are_kept_with_every_digit() -> None:
    decision = decision_of(rule_of(), input=Everything)

    _, line, _ = kept(decision, {})

    assert (
        '"input":{"number":5.00,"room":"unlimited","day":"2026-01-31","at":"2026-01-31T00:00:00Z",'
        '"id":"00000000-0000-0000-0000-000000000007","tags":["a","b"],"share":0.5,'
        '"parts":[{"text":"x"}]}'
    ) in line


def test_definitions_are_kept_as_their_digests_say() -> None:
    trail = MemoryTrail()
    registry = ProfileRegistry()
    registry.register("tariff", TARIFF, version="1.0.0")
    with AuditRecorder(trail, clock=CLOCK) as recorder:
        engine = Engine(profiles=registry, recorder=recorder)
        results = [engine.run(parcel_surcharge, HEAVY_PARCEL, "tariff") for _ in range(2)]
        results.append(engine.run(load_decision(MARKED_YAML), {"name": "x", "parts": []}))
    kept_ones = trail.definitions()

    assert set(kept_ones) == {
        results[0].decision_digest,
        results[0].profile_digest,
        results[2].decision_digest,
    }
    assert all(each.is_genuine for each in kept_ones.values())
    assert load_decision(kept_ones[str(results[2].decision_digest)].text).id == "marked"


def test_a_definition_that_does_not_load_is_not_genuine() -> None:
    assert not Definition("sha256:0", "yaml", "decision: x\n").is_genuine


@pytest.mark.parametrize(("decision", "facts", "profile"), ENDINGS.values(), ids=ENDINGS)
def test_the_terms_of_a_record_are_those_of_its_payload(
    decision: Decision[Any, Any, Any], facts: object, profile: object
) -> None:
    batches = []

    class Watching(MemoryTrail):
        def append(self, batch: Any) -> None:  # noqa: ANN401 -- a batch
            batches.append(batch)

    with AuditRecorder(Watching(), clock=CLOCK) as recorder:
        engine = Engine(recorder=recorder)
        metadata: dict[str, object] = {"a": "x\ny", "b": 1, "c": None, "d": [1], "e": "<"}
        engine.run(decision, facts, profile, metadata=metadata)  # type: ignore[arg-type] # odd ones too
        engine.run(card_check, {**CARD, "number": "5"})

    found = [(terms, entry) for batch in batches
             for terms, entry in zip(batch.terms, batch.entries, strict=True)]  # fmt: skip
    assert [terms for terms, _ in found] == [terms_of(entry.payload) for _, entry in found]
    assert found[0][0].words == {"a": "x\\ny", "b": "1", "c": "null", "e": "<"}


SCALARS: Final = (
    st.none() | st.booleans() | st.integers() | st.text() | st.dates()
    | st.decimals(allow_nan=False)
)  # fmt: skip
FLOATS: Final = st.floats(allow_nan=False, allow_infinity=False)


def nested(scalars: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        scalars, lambda part: st.lists(part) | st.dictionaries(st.text(), part), max_leaves=8
    )


@given(nested(SCALARS | FLOATS))
def test_fast_json_says_what_exact_json_says(data: Any) -> None:  # noqa: ANN401 -- any data
    slow = json_text(plain(data, other=str))

    assert read_json(compact(data)) == read_json(slow) or "-Infinity" in slow


@given(nested(SCALARS))
def test_fast_canonical_json_is_the_canonical_one(data: Any) -> None:  # noqa: ANN401 -- any data
    assert exact(data) in {None, canonical_json(plain(data, other=str))}
    assert canonical(data)
