"""Denials: a verdict that refuses, as the problem that a guard answers with."""

from collections.abc import Mapping
from typing import Final

from criterion.errors import OverloadError
from criterion.http.limits.fields import limit_fields, retry_fields
from criterion.http.limits.kinds import DENIED, VERDICT_KINDS, limit_problem
from criterion.http.log import result_members
from criterion.http.message import audit_headers
from criterion.http.problem import Kind, Problem, problem
from criterion.json_text import Plain, plain
from criterion.policy.verdict import Verdict
from criterion.result import Status

RETRY_SOON: Final = (("Retry-After", "1"),)
"""What goes along where something is lost that may be back at once."""

TOO_MANY: Final = 429
UNAVAILABLE: Final = 503


def denied(verdict: Verdict, *, legacy: bool = False) -> Problem | None:
    """Return why a request may not pass; ``None`` where it may.

    Args:
        verdict: Of a guard.
        legacy: Whether the older ``X-RateLimit-*`` go along.
    """
    if verdict:
        return None
    if verdict.status is not Status.OK:
        return problem("rule_error", "a guard of the policy failed; its author has to mend it")
    if verdict.http == UNAVAILABLE:
        members: dict[str, Plain] = {
            "entitlement": verdict.entitlement,
            "degraded": verdict.degraded,
        }
        return problem("unavailable", verdict.explanation, headers=RETRY_SOON, members=members)
    kind = VERDICT_KINDS.get(verdict.code) or Kind(verdict.http, DENIED)
    headers = (
        *retry_fields(verdict),
        *limit_fields([verdict], legacy=legacy),
        *audit_headers(verdict),
    )
    return Problem(
        verdict.code, verdict.explanation, kind, headers=headers, members=_members(verdict)
    )


def verdict_members(verdict: Verdict) -> Mapping[str, object]:
    """Return what the log says of a verdict."""
    marked = {"degraded": True} if verdict.degraded else {}
    return {**result_members(verdict), "entitlement": verdict.entitlement, **marked}


def failed(error: Exception) -> Problem:
    """Return what is answered where a policy raised: a lost store, or a mistake of ours."""
    if isinstance(error, TypeError):
        return problem("internal_error", "nothing was decided")
    if isinstance(error, OverloadError):
        detail = "too many calls wait already"
        return limit_problem("overload", detail, headers=RETRY_SOON)
    detail = "whether there is room cannot be told now"
    return problem("unavailable", detail, headers=RETRY_SOON)


def _members(verdict: Verdict) -> dict[str, Plain]:
    """Return what a program wants to know of a refusal, and what would help."""
    about: dict[str, object] = {
        "decision": {"id": verdict.decision_id, "version": verdict.decision_version},
        "rule": verdict.matched_rule,
        "reasons": [verdict.explanation],
        "audit_id": verdict.audit_id,
        "entitlement": verdict.entitlement,
    }
    shown = plain({**about, **(_numbers(verdict) if verdict.assessment.credit else {})})
    return shown if isinstance(shown, dict) else {}


def _numbers(verdict: Verdict) -> dict[str, object]:
    """Return what was compared, and what would help."""
    upgrade = verdict.assessment.upgrade
    numbers: dict[str, object] = {
        "requested": verdict.requested,
        "limit": verdict.limit,
        "remaining": verdict.remaining,
        "resets_at": verdict.resets_at,
        "retry_after_ms": verdict.retry_after_ms,
        "upgrade": None if upgrade is None else {"plan": upgrade[0], "limit": upgrade[1]},
        "top_up": verdict.assessment.purchasable,
    }
    if verdict.http == TOO_MANY:
        numbers["violated-policies"] = [verdict.entitlement]
    return numbers
