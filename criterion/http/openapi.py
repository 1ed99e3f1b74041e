"""OpenAPI: the routes of a service as OpenAPI 3.1, the same bytes every time."""

from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, Final, NamedTuple

from criterion.catalogue import AnyDecision, Catalogue
from criterion.documents.cases_file import Case
from criterion.http.choosing import Choices
from criterion.http.message import AUDIT_HEADER
from criterion.http.options import ServiceOptions
from criterion.http.problem import KINDS, MEDIA_TYPE
from criterion.http.profile_choice import IN_BODY
from criterion.http.shared_schemas import SHARED, answer_schema
from criterion.http.wire_schemas import wire_schema
from criterion.identity import parse_version
from criterion.json_text import plain

VERSION: Final = "3.1.0"
EXAMPLES_MAX: Final = 5
"""How many cases of one decision become examples."""

_Schema = dict[str, Any]
_REF: Final = "#/components/schemas/"
_JSON: Final = "application/json"
_AUDITED: Final[_Schema] = {
    AUDIT_HEADER: {
        "schema": {"type": "string", "format": "uuid"},
        "description": "Where evaluations are recorded: the record of this one.",
    }
}
_EVALUATED: Final = ("200", "422", "500")
"""The statuses of answers that an evaluation may stand behind."""


class Interface(NamedTuple):
    """A service's OpenAPI document in parts, for documents that hold more than it.

    Attributes:
        title: The title of the whole.
        paths: Path items by path below the mount: ``/usage-limit``.
        schemas: The components that they refer to, by name.
    """

    title: str
    paths: Mapping[str, _Schema]
    schemas: Mapping[str, _Schema]

    def document(self, root_path: str = "") -> dict[str, Any]:
        """Return the whole document of a service that is mounted there."""
        return {
            "openapi": VERSION,
            "info": {"title": self.title, "version": "1"},
            "servers": [{"url": root_path or "/"}],
            "paths": dict(self.paths),
            "components": {"schemas": dict(self.schemas)},
        }


def interface_of(catalogue: Catalogue, choices: Choices, options: ServiceOptions) -> Interface:
    """Return the routes of every decision, by id, each with models of its own."""
    subjects: list[_Subject] = []
    for decision in catalogue.serving:
        taken = {subject.model for subject in subjects}
        subjects.append(_subject(catalogue, decision, choices, options, taken))
    paths = {f"/{each.decision.id}": _path(each) for each in subjects}
    schemas: _Schema = dict(SHARED)
    for subject in subjects:
        schemas |= _schemas(subject)
    return Interface(options.title, {"/": _index(), **paths}, schemas)


class _Subject(NamedTuple):
    """One decision as it is described, with its other versions."""

    decision: AnyDecision
    operation: str  # `usage_limit`
    model: str  # `UsageLimit`
    versions: tuple[AnyDecision, ...]
    names: tuple[str, ...]
    takes_own: bool
    shows_rules: bool
    shows_changes: bool
    cases: tuple[Case, ...]


def _subject(
    catalogue: Catalogue,
    decision: AnyDecision,
    choices: Choices,
    options: ServiceOptions,
    taken: Container[str],
) -> _Subject:
    choice = choices[decision.id]
    operation, model = _names(decision.id, taken)
    return _Subject(
        decision,
        operation,
        model,
        tuple(_documented(catalogue, decision)),
        choice.names,
        choice.takes_own,
        options.expose_rules,
        options.expose_changes,
        _telling(options.cases.get(decision.id, ())),
    )


def _documented(catalogue: Catalogue, serving: AnyDecision) -> Iterator[AnyDecision]:
    """Yield the versions that callers read about: a pre-release answers those who know of it."""
    for each in catalogue.decisions:
        version = parse_version(each.version)
        is_final = version is not None and version.is_final
        if each.id == serving.id and (is_final or each is serving):
            yield each


def _names(id: str, taken: Container[str]) -> tuple[str, str]:
    """Return the id as operations and as models have it, with a number where ids look alike."""
    words = id.replace("-", "_").split("_")
    operation, model = "_".join(words), "".join(map(str.capitalize, words))
    if model not in taken:
        return operation, model
    number = next(number for number in count(2) if f"{model}{number}" not in taken)
    return f"{operation}_{number}", f"{model}{number}"


def _telling(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the first case of each rule, under a profile that callers may pick."""
    first: dict[str, Case] = {}
    for case in cases:
        if case.rule is not None and not isinstance(case.profile, Mapping):
            first.setdefault(case.rule, case)
    return tuple(first.values())[:EXAMPLES_MAX]


def _path(subject: _Subject) -> _Schema:
    decision = subject.decision
    name = subject.operation
    title = decision.title or decision.id
    version = _parameter("version", "Pins a version.", [each.version for each in subject.versions])
    described = {
        "operationId": f"describe_{name}",
        "summary": f"Describe: {title}",
        "parameters": [version],
        "responses": _responses({"type": "object"}, "The decision.", (400, 404, 405, 500)),
    }
    decided: _Schema = {
        "operationId": f"decide_{name}",
        "summary": title,
        "x-criterion-version": decision.version,
        "parameters": [version, *_choosing(subject)],
        "requestBody": {"required": True, "content": {_JSON: _request(subject)}},
        "responses": _responses(
            _any_of([{"$ref": f"{_REF}{_name(each, subject)}Answer"} for each in subject.versions]),
            "Decided; a denial and no match are answers, too.",
            (400, 403, 404, 405, 413, 415, 422, 500, 503),
        ),
    }
    for status in _EVALUATED:
        decided["responses"][status]["headers"] = _AUDITED
    return {"get": described, "post": decided}


def _choosing(subject: _Subject) -> Iterator[_Schema]:
    offered = [*subject.names, *([IN_BODY] if subject.takes_own else [])]
    if offered:
        yield _parameter("profile", "Picks a profile.", offered)
    if subject.shows_rules:
        yield _parameter("explain", "Adds what each rule said.", ["full"])
    if subject.shows_changes:
        yield _parameter("what_if", "Adds what would lead to another answer.", ["true"])


def _request(subject: _Subject) -> _Schema:
    inputs = [{"$ref": f"{_REF}{_name(each, subject)}Input"} for each in subject.versions]
    media: _Schema = {"schema": _any_of([*inputs, *_envelopes(subject)])}
    if subject.cases:
        media["examples"] = {
            f"case_{number}": {"summary": _summary(case, subject), "value": plain(case.facts)}
            for number, case in enumerate(subject.cases, 1)
        }
    return media


def _summary(case: Case, subject: _Subject) -> str:
    """Return the name of a case, and its profile where the caller has to pick it."""
    name = str(case.profile or "").partition("@")[0]
    is_picked = name in subject.names[1:]
    return f"{case.name} (?profile={name})" if is_picked else case.name


def _envelopes(subject: _Subject) -> Iterator[_Schema]:
    """Yield what the body looks like where the caller sends a profile in it."""
    for each in subject.versions if subject.takes_own else ():
        parts = {
            part: {"$ref": f"{_REF}{_name(each, subject)}{part.capitalize()}"}
            for part in ("input", "profile")
        }
        yield {"type": "object", "properties": parts, "required": list(parts)}


def _any_of(schemas: list[_Schema]) -> _Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _parameter(name: str, description: str, values: list[str]) -> _Schema:
    schema = {"type": "string", "enum": values}
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _responses(schema: _Schema, description: str, statuses: tuple[int, ...]) -> _Schema:
    refused = {"schema": {"$ref": f"{_REF}Problem"}}
    problems = {
        str(status): {"description": _titles(status), "content": {MEDIA_TYPE: refused}}
        for status in statuses
    }
    decided = {"description": description, "content": {_JSON: {"schema": schema}}}
    return {"200": decided, **problems}


def _titles(status: int) -> str:
    return "; ".join(dict.fromkeys(kind.title for kind in KINDS.values() if kind.status == status))


def _index() -> _Schema:
    responses = _responses({"$ref": f"{_REF}DecisionList"}, "The decisions.", (400, 405, 500))
    responses["200"]["content"]["text/html"] = {"schema": {"type": "string"}}
    return {
        "get": {
            "operationId": "list_decisions",
            "summary": "List the decisions",
            "responses": responses,
        }
    }


def _schemas(subject: _Subject) -> _Schema:
    """Return the models of one decision in every version, and what they refer to."""
    schemas: _Schema = {}
    for each in subject.versions:
        name = _name(each, subject)
        for part in ("input", "output", *(["profile"] if subject.takes_own else [])):
            schemas |= _model(each, part, f"{name}{part.capitalize()}")
        output = {"$ref": f"{_REF}{name}Output"}
        schemas[f"{name}Answer"] = answer_schema(
            each, output, trace=subject.shows_rules, what_if=subject.shows_changes
        )
    return schemas


def _model(decision: AnyDecision, part: str, name: str) -> _Schema:
    whole = wire_schema(decision, part, f"{_REF}{name}.{{model}}")
    inner = whole.pop("$defs", {})
    return {name: whole, **{f"{name}.{key}": schema for key, schema in inner.items()}}


def _name(decision: AnyDecision, subject: _Subject) -> str:
    """Return ``UsageLimit``, or for a version that does not serve ``UsageLimit-1.0.0-``."""
    if decision is subject.decision:
        return subject.model
    return f"{subject.model}-{decision.version.replace('+', '_')}-"
