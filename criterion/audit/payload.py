"""Payloads: what a trail keeps of an evaluation, as a line of JSON, redacted before it exists."""

import json
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from criterion.audit.compact import compact, exact, inert, written
from criterion.audit.definitions import Definition, decision_definition, profile_definition
from criterion.audit.keyed import Keyed
from criterion.audit.members import input_members, output_members
from criterion.audit.terms import DENIED, Terms, outcome_of, words_of
from criterion.audit.weight import PART_BYTES, weight_of
from criterion.explanation import RuleReading, summary
from criterion.json_text import instant, json_text
from criterion.recorder import Record
from criterion.result import Outcome, Reading, Result, Status, parts_of_result
from criterion.validation import ErrorDetail
from criterion.views import has_marks, redacted_facts

FORMS_MAX: Final = 4_096
"""How many pairs of decision and profile are remembered before that starts anew."""

METADATA_LENGTH_MAX: Final = 16_384
"""Longest metadata that is kept, in characters of JSON."""

GIVEN_LENGTH_MAX: Final = 65_536
"""Longest invalid input that is kept, in characters of JSON."""

INERT_LENGTH_MAX: Final = METADATA_LENGTH_MAX // 6
"""Longest metadata that certainly fits when each character of it is written as six."""

OMITTED: Final = '{"omitted":"longer than 16,384 characters, or not readable"}'
"""What is kept of other metadata."""


class Evaluated(NamedTuple):
    """An evaluation that waits to be recorded; nothing in it can change any more.

    Attributes:
        result: The result, which is frozen.
        metadata: What the caller said about it, as JSON; its own copy where nothing in it can
            change.
        weight: About how many bytes it holds while it waits.
        given: The invalid input as JSON, if it may be kept.
        given_hash: The keyed hash of the invalid input.
    """

    result: Result[Any]
    metadata: str | Mapping[str, Any]
    weight: int
    given: str | None = None
    given_hash: str | None = None


class Form:
    """What the payloads of one decision under one profile have in common.

    Attributes:
        decision: The decision's id.
        head: The members that name decision, profile and engine.
        read_input: Reads the facts.
        read_output: Reads the data.
        answers: Whether the output has the member `allowed`.
        hides_input: Whether the input has marked fields.
        hides_output: Whether the output has any.
    """

    def __init__(self, reading: RuleReading, engine: str) -> None:
        """Work out once what every payload needs."""
        decision: Any = reading.decision
        profile = reading.profile
        self.input = decision.input
        self.output = decision.output
        self.decision: str = decision.id
        self.read_input = input_members(decision.input)
        self.read_output = output_members(decision.output)
        self.answers = "allowed" in self.output.model_fields
        self.hides_input = has_marks(decision.input)
        self.hides_output = has_marks(decision.output)
        identities = {
            "decision": {part: getattr(decision, part) for part in _IDENTITY},
            "profile": {part: getattr(profile, part) for part in _IDENTITY},
            "engine": engine,
        }
        self.head = compact(identities)[1:-1]


class Payloads:
    """Writes the payloads of one recorder.

    Args:
        keyed: Hashes inputs and fields marked ``hash``.
    """

    def __init__(self, keyed: Keyed) -> None:
        """Start knowing no decision."""
        self._keyed = keyed
        self._forms: dict[RuleReading, Form] = {}
        self._defined: set[str] = set()
        self._new: list[Definition] = []
        self._engine = _installed()

    def evaluated(self, record: Record) -> Evaluated:
        """Take from a record what its owner could still change; the caller waits for this alone."""
        result, metadata, given = record
        reading: Any
        reading, outcome = parts_of_result(result)
        said: str | Mapping[str, Any] = "{}"
        held = _weighed(outcome.facts) + _weighed(outcome.cause)
        if metadata:
            size = _settled(metadata)
            said = _said(metadata) if size is None else metadata
            held += len(said) if size is None else size
        if outcome.status is not Status.INVALID_INPUT:
            return Evaluated(result, said, held)
        hides = has_marks(reading.decision.input)
        shown = None if hides else _kept(given, GIVEN_LENGTH_MAX)
        held += _weighed(given)  # which the reasons of the refusal hold
        return Evaluated(result, said, held, shown, self._given_hash(given))

    def payload(self, evaluated: Evaluated) -> tuple[str, Terms]:
        """Return one line of JSON, all of it ASCII, and what it is found by."""
        result = evaluated.result
        reading: Any
        reading, outcome = parts_of_result(result)
        form = self._forms.get(reading) or self._form(reading)
        shown, hashed = self._input(form, outcome, evaluated)
        metadata, words = _shown_metadata(evaluated.metadata)
        status, rule = outcome.status.value, reading.matched_rule(outcome)
        found, data = self._data(form, reading, result, outcome)
        payload = (
            f'{{"id":"{result.audit_id}","kind":"evaluation","at":"{instant(outcome.at)}",'
            f'{form.head},"input":{shown},"status":"{status}","matched_rule":{_quoted(rule)},'
            f'"input_hash":{_quoted(hashed)},"data":{data},{_reasons(form, result)},'
            f'"metadata":{metadata}}}'
        )
        return inert(payload), Terms(form.decision, rule, found, words)

    def new_definitions(self) -> tuple[Definition, ...]:
        """Return the definitions that payloads named for the first time since the last call."""
        new, self._new = tuple(self._new), []
        return new

    def _form(self, reading: Any) -> Form:  # noqa: ANN401 -- of this engine, so of rules
        form = self._forms.get(reading)
        if form is None:
            if len(self._forms) >= FORMS_MAX:
                self._forms.clear()
            form = self._forms[reading] = Form(reading, self._engine)
            self._define(reading.decision.digest, lambda: decision_definition(reading.decision))
            self._define(
                reading.profile.digest,
                lambda: profile_definition(reading.decision, reading.profile),
            )
        return form

    def _define(self, digest: str | None, make: Callable[[], Definition | None]) -> None:
        """Make a definition when it is named for the first time."""
        if digest is None or digest in self._defined:
            return
        if len(self._defined) >= FORMS_MAX:
            self._defined.clear()
        self._defined.add(digest)
        if (made := make()) is not None:
            self._new.append(made)

    def _input(self, form: Form, outcome: Outcome, evaluated: Evaluated) -> tuple[str, str | None]:
        """Return the input as it is kept, and its keyed hash."""
        if outcome.status is Status.INVALID_INPUT:
            return evaluated.given or "null", evaluated.given_hash
        members = form.read_input(outcome.facts)
        if form.hides_input:
            shown = redacted_facts(form.input, outcome.facts, self._keyed.stand_in)
            return written(_dumped(shown)), self._keyed.hash(members)
        text = exact(members)
        if text is None:
            return written(members), self._keyed.hash(members)
        return text, self._keyed.text_hash(text)

    def _data(
        self, form: Form, reading: Reading, result: Result[Any], outcome: Outcome
    ) -> tuple[str, str]:
        """Return the outcome by which a result is found, and its data as JSON."""
        if outcome.status is not Status.OK:
            return outcome.status.value, "null"
        if not form.hides_output and (quick := reading.text(outcome.cause)) is not None:
            return DENIED if form.answers and _denies(outcome.cause, result) else "OK", quick
        members = self._members(form, result.data)
        return outcome_of("OK", members), written(members)

    def _members(self, form: Form, data: Any) -> Any:  # noqa: ANN401 -- of any shape
        if not form.hides_output:
            return form.read_output(data)
        return _dumped(redacted_facts(form.output, data, self._keyed.stand_in))

    def _given_hash(self, given: object) -> str | None:
        try:
            return self._keyed.hash(given)
        except Exception:  # noqa: BLE001 -- whatever unreadable facts may raise
            return None


def _dumped(view: Any) -> Any:  # noqa: ANN401 -- the redacted view of an instance, or plain facts
    """Return the members of a view; what is computed might tell of a marked field."""
    if not isinstance(view, BaseModel):
        return view
    return view.model_dump(by_alias=True, warnings=False, exclude_computed_fields=True)


def _reasons(form: Form, result: Result[Any]) -> str:
    """Return explanation and errors; for a redacted input, without the keys that it made up."""
    if result.status is Status.OK:
        return f'"explanation":{json_text(result.explanation)},"errors":[]'
    errors = result.errors
    explanation = result.explanation
    if result.status is Status.INVALID_INPUT and form.hides_input:
        errors = tuple(map(_without_unknown, errors))
        explanation = f"invalid input: {summary(errors)}"
    members = {"explanation": explanation, "errors": [error._asdict() for error in errors]}
    return written(members)[1:-1]


def _quoted(word: str | None) -> str:
    """Return a rule's id or a hash, in which nothing needs to be escaped."""
    return "null" if word is None else f'"{word}"'


def _weighed(value: object) -> int:
    try:
        return weight_of(value)
    except Exception:  # noqa: BLE001 -- another thread may change what is not yet frozen
        return PART_BYTES


def _settled(metadata: Mapping[Any, object]) -> int | None:
    """Return about how many bytes metadata holds in which nothing can change, else ``None``."""
    size = 0
    for name, value in metadata.items():
        if type(name) is not str:
            return None
        kind = type(value)
        if kind is str:
            size += len(value)  # type: ignore[arg-type] # which it is
        elif kind is int:
            size += value.bit_length() // 8  # type: ignore[attr-defined] # the same
        elif kind not in _SETTLED:
            return None
        size += len(name) + PART_BYTES
    return size if size <= METADATA_LENGTH_MAX else None


def _said(metadata: Mapping[str, object]) -> str:
    """Return metadata as JSON."""
    text = _kept(metadata, METADATA_LENGTH_MAX)
    return OMITTED if text is None else text


def _shown_metadata(metadata: str | Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
    """Return metadata as JSON, and as it is searched."""
    if isinstance(metadata, str):
        text = metadata
    else:
        text = written(metadata)
        if len(text) <= INERT_LENGTH_MAX:
            return text, words_of(metadata)
        text = _said(metadata)
    return text, {} if text in _WORDLESS else words_of(json.loads(text))


def _denies(data: Any, result: Result[Any]) -> bool:  # noqa: ANN401 -- an instance, or its data
    """Whether an output with the member `allowed` says no."""
    allowed = data.get("allowed") if type(data) is dict else data.__dict__["allowed"]
    if type(allowed) is not bool:  # it has its default
        allowed = getattr(result.data, "allowed", None)
    return allowed is False


def _without_unknown(error: ErrorDetail) -> ErrorDetail:
    return error._replace(path="") if error.code == "unknown_key" else error


def _kept(value: object, length_max: int) -> str | None:
    """Return data as JSON, or ``None`` where it is too long or cannot be read."""
    try:
        text = compact(value)
    except Exception:  # noqa: BLE001 -- whatever an object of the caller's may raise
        return None
    return text if len(text) <= length_max else None


def note(id: str, kind: str, at: str, members: Mapping[str, object]) -> str:
    """Return the payload of a record that is about the trail itself."""
    return compact({"id": id, "kind": kind, "at": at, **members})


def _installed() -> str:
    try:
        return version("criterion-decisions")
    except PackageNotFoundError:
        return "unknown"


_WORDLESS: Final = frozenset({"{}", OMITTED})
"""Metadata that nothing is found by."""

_SETTLED: Final = frozenset({bool, type(None)})
"""The types of values in metadata that are short, besides texts and whole numbers."""

_IDENTITY: Final[Iterable[str]] = ("id", "version", "digest")
