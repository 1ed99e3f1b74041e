"""Replays: a record evaluated again, under exactly the versions that produced it."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ValidationError

from criterion.audit.definitions import Definition
from criterion.audit.keyed import Keyed
from criterion.audit.payload import Payloads
from criterion.audit.search import AuditRecord
from criterion.borrowed import validator_of
from criterion.catalogue import AnyDecision, Catalogue
from criterion.clock import FixedClock
from criterion.documents.decision_loading import load_decision
from criterion.engine import Engine
from criterion.errors import DefinitionError, UnknownDecisionError
from criterion.json_text import plain
from criterion.recorder import MemoryRecorder
from criterion.redaction import REDACTED_TEXT
from criterion.result import Result, Status
from criterion.text import code
from criterion.views import has_marks

COMPARED: Final = ("status", "matched_rule", "data", "explanation", "errors")
"""The members of a record that must be the same."""


class Replay(NamedTuple):
    """How a record compares with what its decision answers now.

    Attributes:
        id: The record's id.
        outcome: Whether the answer is the same.
        reason: Why it could not be replayed, or what is different; empty where it is identical.
        result: The new result; ``None`` where there is none.
    """

    id: str
    outcome: Literal["identical", "different", "not_replayable"]
    reason: str = ""
    result: Result[Any] | None = None


class Replayer:
    """Replays records.

    A decision in YAML and the values of a profile are taken from the trail. A decision that needs
    Python is taken from the catalogue, if its digest there is the recorded one; helpers that its
    rules call are not covered by a digest.

    Args:
        definitions: Of the trail, by digest.
        catalogue: Where decisions in Python are looked up.
        key: The recorder's, where output fields are marked ``hash``.
    """

    def __init__(
        self,
        definitions: Mapping[str, Definition],
        catalogue: Catalogue | None = None,
        *,
        key: bytes | None = None,
    ) -> None:
        """Load nothing yet."""
        self._definitions = definitions
        self._catalogue = catalogue
        self._keyed = Keyed(key)
        self._has_key = key is not None
        self._loaded: dict[str, AnyDecision] = {}

    def replay(self, record: AuditRecord) -> Replay:
        """Evaluate a record again, and compare."""
        try:
            result, members = self._again(record.members)
        except _NotReplayableError as error:
            return Replay(record.id, "not_replayable", str(error))
        differences = list(self._differences(record.members, members))
        if not differences:
            return Replay(record.id, "identical", "", result)
        return Replay(record.id, "different", "; ".join(differences), result)

    def _again(self, members: Mapping[str, Any]) -> tuple[Result[Any], Mapping[str, Any]]:
        if not members:
            raise _NotReplayableError("its payload was erased, or is no payload")
        if members["kind"] != "evaluation":
            raise _NotReplayableError(f"it is no evaluation: {members['kind']}")
        if members["status"] == Status.INVALID_PROFILE:
            raise _NotReplayableError("its profile was refused, and a refused profile is not kept")
        decision = self._decision(members["decision"])
        facts = _facts(decision, members)
        profile = self._profile(decision, members["profile"])
        kept = MemoryRecorder()
        clock = FixedClock(datetime.fromisoformat(members["at"]))
        result: Result[Any] = Engine(recorder=kept, clock=clock).run(decision, facts, profile)
        if result.status is Status.INVALID_PROFILE or (
            result.status is Status.INVALID_INPUT and members["status"] != Status.INVALID_INPUT
        ):
            raise _NotReplayableError(f"what was kept cannot be read back: {result.explanation}")
        payloads = Payloads(self._keyed)
        text, _ = payloads.payload(payloads.evaluated(kept.records[0]))
        return result, json.loads(text)

    def _decision(self, named: Mapping[str, str | None]) -> AnyDecision:
        digest = named["digest"]
        if digest is None:
            raise _NotReplayableError("its decision has no digest")
        if digest not in self._loaded:
            self._loaded[digest] = self._stored(digest) or self._known(named)
        return self._loaded[digest]

    def _stored(self, digest: str) -> AnyDecision | None:
        """Return a decision that the trail holds in full."""
        definition = self._definitions.get(digest)
        if definition is None or definition.kind != "yaml":
            return None
        try:
            decision = load_decision(definition.text)
        except DefinitionError:
            decision = None
        if decision is None or decision.digest != digest:
            raise _NotReplayableError("its decision was changed in the trail")
        return decision

    def _known(self, named: Mapping[str, Any]) -> AnyDecision:
        """Return a decision of the catalogue that is the recorded one."""
        id, version, digest = named["id"], named["version"], named["digest"]
        name = code(f"{id}@{version}")
        if self._catalogue is None:
            raise _NotReplayableError(f"{name} needs Python code, and there is no catalogue")
        try:
            decision = self._catalogue.decision(id, version)
        except UnknownDecisionError:
            raise _NotReplayableError(f"{name} is not in the catalogue") from None
        if decision.digest != digest:
            raise _NotReplayableError(f"the code of {name} has changed")
        return decision

    def _profile(self, decision: AnyDecision, named: Mapping[str, Any]) -> Any:  # noqa: ANN401
        digest = named["digest"]
        if digest is None:
            if decision.profile.model_fields and named["id"] is not None:
                raise _NotReplayableError("its profile has no digest")
            return None
        definition = self._definitions.get(digest)
        if definition is None:
            raise _NotReplayableError("the values of its profile were not kept")
        if not definition.is_genuine:
            raise _NotReplayableError("its profile was changed in the trail")
        return _by_name(decision.profile, _decoded(definition.text))

    def _differences(self, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
        for name in COMPARED:
            before, after = self._comparable(was[name]), self._comparable(now[name])
            if plain(before) != plain(after):
                yield f"{name} is different"

    def _comparable(self, value: object) -> object:
        """Return a value whose keyed hashes are masked where there is no key to make them."""
        if self._has_key:
            return value
        if isinstance(value, dict):
            return {name: self._comparable(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._comparable(part) for part in value]
        is_hash = isinstance(value, str) and value.startswith("blake2b:")
        return REDACTED_TEXT if is_hash else value


class _NotReplayableError(Exception):
    """There is no answer to compare with; its text says why."""


def _facts(decision: AnyDecision, members: Mapping[str, Any]) -> Any:  # noqa: ANN401
    schema: type[BaseModel] = decision.input
    if has_marks(schema):
        raise _NotReplayableError("its input is redacted")
    given = members["input"]
    if members["status"] != Status.INVALID_INPUT:
        return _by_name(schema, given)
    if given is None:
        raise _NotReplayableError("its input was not kept")
    return given


def _by_name(schema: type[BaseModel], members: Any) -> Any:  # noqa: ANN401 -- plain data, or an instance
    """Return members, which are named as fields are, as an instance where aliases hide them."""
    try:
        return validator_of(schema).validate_python(members, by_name=True, by_alias=True)
    except ValidationError:
        return members


def _decoded(text: str) -> Any:  # noqa: ANN401 -- JSON of any shape
    return json.loads(text, parse_float=Decimal)
