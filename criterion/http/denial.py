"""Denials: what a guard makes of a result that says no."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from criterion.http.message import Headers, audit_headers
from criterion.http.problem import KINDS, Kind, Problem
from criterion.result import Result, Status


def allowed_member(data: Any) -> bool:  # noqa: ANN401 -- the output of any decision
    """Return the member ``allowed``."""
    return data.allowed is True


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """When a guard refuses, and as which problem.

    Attributes:
        is_allowed: Whether data lets the request pass; by default its member ``allowed``.
        status: 403, or what fits the reason better: 402 where it can be paid for, 429 where it
            comes back with time.
        code: Snake case; the problem's type is ``/problems/`` and the code with hyphens.
        title: What happened, for people; the same each time.
        headers: What goes along, such as ``Retry-After``.
    """

    is_allowed: Callable[[Any], bool] = allowed_member
    status: int = KINDS["denied"].status
    code: str = "denied"
    title: str = KINDS["denied"].title
    headers: Headers = field(default=())

    def of(self, result: Result[Any]) -> Problem | None:
        """Return the problem of a result that lets nobody pass; no match is one."""
        if result.status is Status.OK and self.is_allowed(result.data) is True:
            return None
        headers = (*self.headers, *audit_headers(result))
        kind = Kind(self.status, self.title)
        members: dict[str, Any] = {
            "decision": {"id": result.decision_id, "version": result.decision_version},
            "rule": result.matched_rule,
            "reasons": [result.explanation],
            "audit_id": result.audit_id,
        }
        return Problem(self.code, _said(result), kind, headers=headers, members=members)


def _said(result: Result[Any]) -> str:
    message = getattr(result.data, "message", None)
    return message if isinstance(message, str) else result.explanation
