"""Problems: every way in which a request is not answered with a decision, as RFC 9457 has them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from criterion.errors import DefinitionError
from criterion.errors import Problem as Mistake
from criterion.http.message import Answer, Headers
from criterion.json_text import Plain, json_text
from criterion.text import code as in_backticks

ERRORS_BYTES_MAX: Final = 12_000
"""How long the list of errors in one problem may be; what does not fit is left out."""

MEDIA_TYPE: Final = "application/problem+json"
REFUSING: Final = range(400, 500)
"""The statuses that a hook, a resolver or a guard may refuse with."""

_CODE: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.ASCII)


class Kind(NamedTuple):
    """One kind of problem.

    Attributes:
        status: The HTTP status.
        title: What happened, for people; the same each time.
    """

    status: int
    title: str


KINDS: Final = {
    "invalid_query": Kind(400, "The query is not understood"),
    "invalid_json": Kind(400, "The body is not strict JSON"),
    "profile_required": Kind(400, "The caller has to send a profile"),
    "profile_not_accepted": Kind(403, "Profiles are chosen by the server"),
    "explanation_not_offered": Kind(403, "Rules are not shown here"),
    "changes_not_offered": Kind(403, "Other answers are not looked for here"),
    "denied": Kind(403, "The decision says no"),
    "not_found": Kind(404, "There is nothing at this address"),
    "unknown_decision": Kind(404, "There is no such decision"),
    "unknown_version": Kind(404, "The decision has no such version"),
    "unknown_profile": Kind(404, "There is no such profile on offer"),
    "method_not_allowed": Kind(405, "The method is not allowed here"),
    "body_too_large": Kind(413, "The body is too large"),
    "unsupported_media_type": Kind(415, "The body must be JSON"),
    "invalid_input": Kind(422, "The input does not fit the decision"),
    "invalid_profile": Kind(422, "The profile does not fit the decision"),
    "rule_error": Kind(500, "A rule of the decision failed"),
    "invalid_output": Kind(500, "A rule of the decision emitted what does not fit"),
    "profile_unfit": Kind(500, "The server's profile does not fit the decision"),
    "internal_error": Kind(500, "The server failed"),
    "unavailable": Kind(503, "Something that the server needs is unavailable"),
}
"""The closed list of codes of problems, and what each means."""


class FieldError(NamedTuple):
    """One thing that does not fit.

    Attributes:
        pointer: Where in the body, as a JSON Pointer (RFC 6901).
        code: One of `criterion.validation.CODES`.
        detail: What is expected there; never the value itself.
    """

    pointer: str
    code: str
    detail: str


class Problem(NamedTuple):
    """Why there is no decision; one of `KINDS`, or a refusal of the operator's own.

    Attributes:
        code: Stable; branch on this.
        detail: One sentence for people.
        kind: Status and title.
        errors: What does not fit, where that is known field by field.
        headers: What goes along: ``Allow``, ``Retry-After``.
        members: Further members of the body.
    """

    code: str
    detail: str
    kind: Kind
    errors: tuple[FieldError, ...] = ()
    headers: Headers = ()
    members: Mapping[str, Plain] = {}

    def answer(self, request_id: str) -> Answer:
        """Return the problem as it is sent; its body is shorter than 16 kB."""
        members: dict[str, Plain] = {
            "type": f"/problems/{self.code.replace('_', '-')}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
            **self.members,
        }
        if self.errors:
            members["errors"] = list(_shown(self.errors))
        body = json_text(members).encode("ascii")
        return Answer(self.kind.status, (*self.headers, *_headers(body, request_id)), body)


def problem(
    code: str,
    detail: str,
    errors: tuple[FieldError, ...] = (),
    *,
    headers: Headers = (),
    members: Mapping[str, Plain] | None = None,
) -> Problem:
    """Return a problem of one of the `KINDS`."""
    return Problem(code, detail, KINDS[code], errors, headers, members or {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What a hook or a resolver returns to refuse a request before anything is decided.

    Attributes:
        code: Snake case; the problem's type is ``/problems/`` and the code with hyphens.
        detail: One sentence for people.
        title: What happened, for people; the same each time.
        status: Between 400 and 499.
        headers: What goes along, such as ``Retry-After``.

    Raises:
        DefinitionError: The code or the status cannot be used.
    """

    code: str
    detail: str
    title: str = "The request is refused"
    status: int = 403
    headers: Headers = field(default=())

    def __post_init__(self) -> None:
        """Check code and status before anything is sent."""
        problems = [
            *([] if _CODE.fullmatch(self.code) else [_no_code(self.code)]),
            *([] if self.status in REFUSING else [_no_refusal(self.status)]),
        ]
        if problems:
            raise DefinitionError("refusal", problems)

    def problem(self) -> Problem:
        """Return the refusal as a problem."""
        return Problem(self.code, self.detail, Kind(self.status, self.title), headers=self.headers)


def _no_code(code: str) -> Mistake:
    return Mistake("code", f"{in_backticks(code)} is not a code", "write it as `seats_exhausted`")


def _no_refusal(status: int) -> Mistake:
    return Mistake("status", f"{in_backticks(str(status))} does not refuse", "use 400 to 499")


def _headers(body: bytes, request_id: str) -> Headers:
    return (
        ("Content-Type", MEDIA_TYPE),
        ("Content-Length", str(len(body))),
        ("X-Request-Id", request_id),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    )


def _shown(errors: tuple[FieldError, ...]) -> Iterator[dict[str, Any]]:
    length = 0
    for error in errors:
        members = error._asdict()
        length += len(json_text(members)) + 1
        if length > ERRORS_BYTES_MAX:
            return
        yield members
