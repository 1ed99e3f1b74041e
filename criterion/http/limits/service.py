"""The service: the limits of a policy behind one function from a request to an answer."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from criterion.errors import DefinitionError
from criterion.errors import Problem as Mistake
from criterion.http.answers import json_answer
from criterion.http.body import refused_body
from criterion.http.limits.access import Authorize, Permit
from criterion.http.limits.bodies import NAME_LENGTH_MAX, read
from criterion.http.limits.denial import denied, failed, verdict_members
from criterion.http.limits.documents import stood
from criterion.http.limits.key import key_of
from criterion.http.limits.kinds import limit_problem
from criterion.http.limits.openapi import document_of
from criterion.http.limits.operations import OPERATIONS, READ, Done, Operation
from criterion.http.limits.options import LimitOptions
from criterion.http.log import log_answer, log_failure
from criterion.http.message import Answer, Request, audit_headers
from criterion.http.problem import Problem, Refusal, problem
from criterion.http.query import FIELDS_MAX
from criterion.http.request_id import HEADER, request_id_of
from criterion.json_text import json_text
from criterion.policy.estimating import POLICY_HEAD
from criterion.policy.runtime.asynchronous import AsyncPolicy
from criterion.policy.runtime.policy import Policy
from criterion.policy.verdict import Verdict
from criterion.policy.verdicts import Verdicts
from criterion.text import code, did_you_mean

ENTITLEMENTS: Final = "entitlements"
OPENAPI: Final = "openapi.json"
READING: Final = ("GET", "HEAD")

_DEFAULTS: Final = LimitOptions()
_PROBLEMS: Final = frozenset({"conflict", "unavailable"})
"""The verdicts that are no answer: whether there is room was not found out."""


class _Said(NamedTuple):
    """An answer, and what the log says of it."""

    answer: Answer
    members: Mapping[str, object] = {}


class LimitService:
    """Answers requests about the limits of one policy; any number of threads may share it.

    Args:
        policy: What is asked.
        authorize: Says of each request what its sender may do. There is no default: whoever can
            send a request could use up what others have paid for.
        options: Limits, and what callers have to send.

    Attributes:
        policy: As given; of an asynchronous one that behind it.
        options: As given.

    Raises:
        DefinitionError: Nothing says who may ask.
    """

    def __init__(
        self,
        policy: Policy | AsyncPolicy,
        authorize: Authorize,
        *,
        options: LimitOptions = _DEFAULTS,
    ) -> None:
        """Refuse to answer everybody."""
        if not callable(authorize):
            hint = "give a function that takes a request and returns a `Permit` or a `Refusal`"
            raise DefinitionError(
                "limits", [Mistake("authorize", "nothing says who may ask", hint)]
            )
        self.policy = policy.policy if isinstance(policy, AsyncPolicy) else policy
        self.options = options
        self._authorize = authorize

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request. Never raises."""
        request_id = request_id_of(request.headers.get(HEADER))
        try:
            said = self._said(request, request_id)
        except Exception as error:  # noqa: BLE001 -- the last line: whatever it is, it is a problem
            log_failure("answering", request_id, error)
            said = _refused(problem("internal_error", "the request was not answered"), request_id)
        answer, members = said
        log_answer(request, request_id, answer.status, lambda: members)
        return answer if request.method != "HEAD" else answer._replace(body=b"")

    def document(self, root_path: str = "") -> dict[str, Any]:
        """Return the OpenAPI document of the service where it is mounted there."""
        return self._document(root_path)

    @cached_property
    def _document(self) -> Callable[[str], dict[str, Any]]:
        return document_of(self.options)

    def _said(self, request: Request, request_id: str) -> _Said:
        permit = self._authorize(request)
        found: _Said | Problem
        if isinstance(permit, Refusal):
            found = permit.problem()
        elif not isinstance(permit, Permit):
            message = "`authorize` returns a `Permit` or a `Refusal`"
            raise TypeError(message)
        else:
            found = self._routed(request, request_id, permit)
        return _refused(found, request_id) if isinstance(found, Problem) else found

    def _routed(self, request: Request, request_id: str, permit: Permit) -> _Said | Problem:
        name, _, below = request.path[1:].partition("/")
        if name == ENTITLEMENTS:
            return self._read(request, request_id, permit, below)
        if not below and name in OPERATIONS:
            return self._done(request, request_id, permit, name)
        if not below and name in {"", OPENAPI}:
            return self._described(request, request_id, name)
        hint = did_you_mean(name, (*OPERATIONS, ENTITLEMENTS))
        detail = f"there is no operation {code(name)}" + (f"; {hint}" if hint else "")
        return limit_problem("unknown_operation", detail)

    def _described(self, request: Request, request_id: str, name: str) -> _Said | Problem:
        refused = _not_read(request) or _no_query(request)
        if refused is not None:
            return refused
        root = request.root_path
        members: Any = self._document(root) if name else _links(root)
        return _Said(json_answer(json_text(members), request_id))

    def _read(
        self, request: Request, request_id: str, permit: Permit, entitlement: str
    ) -> _Said | Problem:
        customer = _not_read(request) or _customer_in(request.query)
        if isinstance(customer, Problem):
            return customer
        refused = _not_permitted(permit, READ, customer)
        if refused is not None:
            return refused
        try:
            found = stood(self.policy, request, request_id, customer, entitlement)
        except Exception as error:  # noqa: BLE001 -- whatever a store may raise
            log_failure("policy", request_id, error)
            return failed(error)
        return found if isinstance(found, Problem) else _Said(found)

    def _done(
        self, request: Request, request_id: str, permit: Permit, name: str
    ) -> _Said | Problem:
        operation = OPERATIONS[name]
        if request.method != "POST":
            return _method_refused(request, "POST")
        if name not in permit.operations:
            return _not_permitted(permit, name, None) or _nothing()
        refused = _no_query(request) or refused_body(request, self.options.body_bytes_max)
        if refused is not None:
            return refused
        required = self.options.requires_key and operation.takes_key
        key = key_of(request, is_required=required) if operation.takes_key else None
        if isinstance(key, Problem):
            return key
        body: Any = read(request.body, operation.body)
        if isinstance(body, Problem):
            return body
        return _not_permitted(permit, name, body.customer) or self._called(
            request, request_id, operation, body, key
        )

    def _called(
        self, request: Request, request_id: str, operation: Operation, body: Any, key: str | None  # noqa: ANN401 -- of the operation
    ) -> _Said | Problem:  # fmt: skip
        route = f"{request.method} {request.root_path}{request.path}"
        try:
            with self.policy.noting({"request_id": request_id, "route": route}):
                done = operation.call(self.policy, body, key)
        except Exception as error:  # noqa: BLE001 -- whatever a store or a recorder may raise
            log_failure("policy", request_id, error)
            return failed(error)
        return _answered(done, request_id)


def _answered(done: Done, request_id: str) -> _Said | Problem:
    """Return what became of an operation: a denial is an answer, too."""
    if isinstance(done, bool):
        return _Said(json_answer(json_text({"released": done}), request_id))
    verdicts = (done,) if isinstance(done, Verdict) else done
    for verdict in verdicts:
        if verdict.code in _PROBLEMS or verdict.errors:
            return denied(verdict) or _nothing()
    members = verdict_members(verdicts[0])
    if isinstance(done, Verdict):
        return _Said(json_answer(done.to_json(), request_id, audit_headers(done)), members)
    return _Said(json_answer(_together(done), request_id), members)


def _together(verdicts: Verdicts) -> str:
    head = json_text(
        {
            "allowed": verdicts.allowed,
            "code": verdicts.code,
            "explanation": verdicts.explanation,
        }
    )
    each = ",".join(verdict.to_json() for verdict in verdicts)
    return f'{head[:-1]},"verdicts":[{each}]}}'


def _links(root: str) -> dict[str, Any]:
    """Return where everything is."""
    links = {name: f"{root}/{name}" for name in OPERATIONS}
    return {
        "operations": links,
        "links": {
            "self": root or "/",
            ENTITLEMENTS: f"{root}/{ENTITLEMENTS}",
            "openapi": f"{root}/{OPENAPI}",
        },
    }


def _customer_in(query: str) -> str | Problem:
    """Return the customer that a query names, and nothing else."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError:
        pairs = []
    if [name for name, _ in pairs] != ["customer"]:
        return problem("invalid_query", "the one parameter is `customer`: `?customer=org_1`")
    customer = pairs[0][1]
    if not 0 < len(customer) <= NAME_LENGTH_MAX:
        return problem("invalid_query", f"a customer has 1 to {NAME_LENGTH_MAX} characters")
    return customer


def _no_query(request: Request) -> Problem | None:
    return problem("invalid_query", "there is no parameter here") if request.query else None


def _not_read(request: Request) -> Problem | None:
    return None if request.method in READING else _method_refused(request, ", ".join(READING))


def _method_refused(request: Request, allow: str) -> Problem:
    message = f"{code(request.method)} is not allowed here; there is {allow}"
    return problem("method_not_allowed", message, headers=(("Allow", allow),))


def _not_permitted(permit: Permit, operation: str, customer: str | None) -> Problem | None:
    if operation not in permit.operations:
        return limit_problem("not_permitted", f"the caller may not {code(operation)}")
    if customer == POLICY_HEAD or (customer is not None and customer not in permit.customers):
        detail = "the caller may not ask for this customer"
        return limit_problem("not_permitted", detail)
    return None


def _nothing() -> Problem:
    return problem("internal_error", "nothing was decided")


def _refused(found: Problem, request_id: str) -> _Said:
    return _Said(found.answer(request_id), {"code": found.code})
