"""The service: decisions behind one function from a request to an answer."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Final, NamedTuple

from criterion.catalogue import AnyDecision, Catalogue
from criterion.clock import Clock
from criterion.engine import Engine
from criterion.errors import UnknownDecisionError
from criterion.http.answers import decided, document, json_answer, page, prepared_answer
from criterion.http.asking import Asker, Dependable, Sent
from criterion.http.body import is_plainly_json, refused_body
from criterion.http.choosing import choices_of
from criterion.http.denial import Denial
from criterion.http.descriptions import described, listed
from criterion.http.facts import facts_reader, sent_in
from criterion.http.hooks import Asked, Hook
from criterion.http.index_page import STYLE, index_page, prefers_html
from criterion.http.log import log_answer, log_failure, result_members
from criterion.http.message import Answer, Request
from criterion.http.openapi import Interface, interface_of
from criterion.http.options import ServiceOptions
from criterion.http.prepared import Address, Prepared, prepared_answers
from criterion.http.problem import Problem, problem
from criterion.http.profile_choice import ProfileChoiceLike
from criterion.http.query import NO_QUERY, Query, read_query
from criterion.http.request_id import HEADER, request_id_of
from criterion.json_text import json_text
from criterion.recorder import Recorder
from criterion.result import Result
from criterion.text import code, did_you_mean

DECIDING: Final = ("version", "profile", "explain", "what_if")
"""The parameters of a ``POST``."""

READING: Final = "GET, HEAD"
OPENAPI: Final = "openapi.json"
_DEFAULTS: Final = ServiceOptions()
_PASSES: Final = Denial()


class Checked(NamedTuple):
    """What a guard found out.

    Attributes:
        result: The result, or ``None`` where there is none.
        answer: What is sent in place of the view's own answer; ``None`` where it may run.
    """

    result: Result[Any] | None
    answer: Answer | None


class _Said(NamedTuple):
    """An answer, and what the log says of it."""

    answer: Answer
    members: Callable[[], Mapping[str, object]]


class DecisionService:
    """Answers requests about the decisions of one catalogue; any number of threads may share it.

    It is immutable: to serve another catalogue, put another service in its place.

    Args:
        catalogue: The decisions, and the profiles that they run under.
        profiles: By decision id: a profile's name, several that callers may pick from (the first
            serves those who pick none), a function that chooses, or a `ProfileChoice`. A decision
            for which one profile is registered needs no entry.
        options: Limits, and what callers see.
        hooks: Run before and after each evaluation.
        recorder: Gets every evaluation; one that raises is a lost dependency, answered with 503.
        clock: What tells the time of an evaluation; the machine's clock by default.

    Attributes:
        catalogue: As given.
        options: As given.
        choices: Under which profiles each decision is asked, by id.
        prepared: Short ways to the answers of ordinary questions, for adapters in a hurry.

    Raises:
        DefinitionError: The profiles do not go with the decisions; lists everything wrong.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        profiles: Mapping[str, ProfileChoiceLike] | None = None,
        options: ServiceOptions = _DEFAULTS,
        hooks: Sequence[Hook] = (),
        recorder: Recorder | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Look up once what every request needs."""
        self.catalogue = catalogue
        self.options = options
        self.choices = choices_of(catalogue, profiles or {})
        kept = None if recorder is None else Dependable(recorder)
        engine = Engine(profiles=catalogue.profiles, recorder=kept, clock=clock)
        self._asker = Asker(engine, self.choices, hooks)
        self._serving = {decision.id: decision for decision in catalogue.serving}
        self._readers = {each: facts_reader(each.input) for each in catalogue.decisions}
        self.prepared: Mapping[Address, Prepared] = {}
        if kept is None and not hooks:
            self.prepared = prepared_answers(
                catalogue, engine, self.choices, self._readers, options.body_bytes_max
            )

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request. Never raises."""
        ready = self.prepared.get((request.path, request.query))
        if ready is not None and is_plainly_json(request, self.options.body_bytes_max):
            said = ready(request.body, request.headers.get(HEADER))
            if said is not None:
                return prepared_answer(said)
        return self._answer(request)

    def _answer(self, request: Request) -> Answer:
        request_id = request_id_of(request.headers.get(HEADER))
        try:
            said = self._said(request, request_id)
        except Exception as error:  # noqa: BLE001 -- the last line: whatever it is, it is a problem
            log_failure("answering", request_id, error)
            said = _refused(problem("internal_error", "the request was not answered"), request_id)
        answer, members = said
        log_answer(request, request_id, answer.status, members)
        return answer if request.method != "HEAD" else answer._replace(body=b"")

    def check(
        self,
        request: Request,
        id: str,
        facts: Mapping[str, Any],
        *,
        version: str | None = None,
        denial: Denial = _PASSES,
    ) -> Checked:
        """Ask a decision whether a request to another route may pass; for guards. Never raises.

        Args:
            request: The guarded one; hooks and resolvers see it.
            id: Of the decision.
            facts: What is asked, by the server.
            version: A version to pin.
            denial: When it refuses, and as which problem.
        """
        request_id = request_id_of(request.headers.get(HEADER))
        try:
            decision = self.catalogue.decision(id, version)
            asked = Asked(request, request_id, decision, _about(request, request_id))
            found = self._asker.ask(asked, None, lambda _: Sent(facts))
            refused = found if isinstance(found, Problem) else denial.of(found)
        except Exception as error:  # noqa: BLE001 -- a guard that fails lets nobody pass
            log_failure("guard", request_id, error)
            found = refused = problem("internal_error", "nothing was decided")
        result = None if isinstance(found, Problem) else found
        if refused is None:
            return Checked(result, None)
        answer, members = _refused(refused, request_id)
        log_answer(request, request_id, answer.status, lambda: {**members(), "decision": id})
        return Checked(result, answer)

    @cached_property
    def interface(self) -> Interface:
        """The OpenAPI document in its parts."""
        return interface_of(self.catalogue, self.choices, self.options)

    def _said(self, request: Request, request_id: str) -> _Said:
        id = request.path[1:]
        found: _Said | Problem
        if id in self._serving:
            found = self._of_decision(request, request_id, id)
        elif id in {"", OPENAPI}:
            found = self._of_all(request, request_id)
        elif "/" in id:
            found = problem("not_found", "decisions stand directly below the mount")
        else:
            hint = did_you_mean(id, self._serving)
            message = f"there is no decision {code(id)}" + (f"; {hint}" if hint else "")
            found = problem("unknown_decision", message)
        return _refused(found, request_id) if isinstance(found, Problem) else found

    def _of_all(self, request: Request, request_id: str) -> _Said | Problem:
        query = _read(request, ())
        if isinstance(query, Problem):
            return query
        if request.path == f"/{OPENAPI}":
            whole = self.interface.document(request.root_path)
            return _Said(json_answer(json_text(whole), request_id), dict)
        if prefers_html(request.headers.get("accept", "")):
            html = index_page(self.interface, request.root_path)
            return _Said(page(html, STYLE, request_id), dict)
        return _Said(document(listed(self.catalogue, request.root_path), request_id), dict)

    def _of_decision(self, request: Request, request_id: str, id: str) -> _Said | Problem:
        if request.method == "POST":
            return self._decide(request, request_id, id)
        query = _read(request, ("version",), f"{READING}, POST")
        if isinstance(query, Problem):
            return query
        decision = self._find(id, query.version)
        if isinstance(decision, Problem):
            return decision
        members = described(
            self.catalogue,
            decision,
            self.choices[id],
            request.root_path,
            expose_rules=self.options.expose_rules,
        )
        about = {"decision": id, "version": decision.version}
        return _Said(document(members, request_id), lambda: about)

    def _decide(self, request: Request, request_id: str, id: str) -> _Said | Problem:
        query = self._accepted(request)
        if isinstance(query, Problem):
            return query
        decision = self._find(id, query.version)
        if isinstance(decision, Problem):
            return decision
        asked = Asked(request, request_id, decision, _about(request, request_id))
        read = self._readers[decision]
        result = self._asker.ask(asked, query.profile, lambda way: sent_in(request.body, way, read))
        if isinstance(result, Problem):
            return result
        has_trace, asks_more = query.explain is not None, query.what_if is not None
        answer = decided(result, request_id, trace=has_trace, what_if=asks_more)
        return _Said(answer, partial(result_members, result))

    def _accepted(self, request: Request) -> Query | Problem:
        """Return the query of a ``POST``, if query and headers are such that the body is read."""
        query = read_query(request.query, DECIDING) if request.query else NO_QUERY
        if isinstance(query, Problem):
            return query
        if query.explain is not None and not self.options.expose_rules:
            return problem("explanation_not_offered", "`explain=full` is turned off here")
        if query.what_if is not None and not self.options.expose_changes:
            return problem("changes_not_offered", "`what_if` is turned off here")
        return refused_body(request, self.options.body_bytes_max) or query

    def _find(self, id: str, version: str | None) -> AnyDecision | Problem:
        if version is None:
            return self._serving[id]
        try:
            return self.catalogue.decision(id, version)
        except UnknownDecisionError as error:
            hint = f"; {error.hint}" if error.hint else ""
            return problem("unknown_version", f"{error.args[0]}{hint}")


def _about(request: Request, request_id: str) -> Mapping[str, object]:
    """Return what a record says of the request, besides what hooks add."""
    return {
        "request_id": request_id,
        "route": f"{request.method} {request.root_path}{request.path}",
    }


def _read(request: Request, known: tuple[str, ...], allow: str = READING) -> Query | Problem:
    if request.method not in READING.split(", "):
        headers = (("Allow", allow),)
        message = f"{code(request.method)} is not allowed here; there is {allow}"
        return problem("method_not_allowed", message, headers=headers)
    return read_query(request.query, known)


def _refused(found: Problem, request_id: str) -> _Said:
    return _Said(found.answer(request_id), lambda: {"code": found.code})
