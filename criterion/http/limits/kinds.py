"""Kinds: why a request about limits is refused, beside the kinds that decisions have."""

from typing import Final

from criterion.http.message import Headers
from criterion.http.problem import KINDS, FieldError, Kind, Problem

LIMIT_KINDS: Final = {
    "invalid_key": Kind(400, "The idempotency key is not understood"),
    "key_required": Kind(400, "An idempotency key is missing"),
    "not_permitted": Kind(403, "The caller may not do this"),
    "unknown_operation": Kind(404, "There is no such operation"),
    "unknown_entitlement": Kind(404, "The customer has no such entitlement"),
    "invalid_input": Kind(422, "The body does not fit the operation"),
}
"""The codes of problems that routes about limits have, or mean something of their own by."""

VERDICT_KINDS: Final = {
    "invalid_amount": Kind(400, "The amount is none"),
    "not_metered": Kind(400, "There is nothing to count"),
    "not_included": Kind(403, "The plan does not include this"),
    "capacity_reached": Kind(403, "The limit is reached"),
    "unknown_customer": Kind(404, "The customer is not known"),
    "conflict": Kind(409, "The key was used for something else"),
    "quota_exhausted": Kind(429, "The limit of this period is used up"),
    "rate_limited": Kind(429, "Too much at once"),
    "held": Kind(429, "The room is held by other calls"),
    "credit_exhausted": Kind(402, "The credit is used up"),
    "spend_cap_reached": Kind(402, "A spending cap is reached"),
    "overload": Kind(503, "Too many calls wait"),
}
"""The codes of verdicts that refuse, and what each means to people."""

DENIED: Final = "The policy says no"
"""The title of a refusal by a rule of the policy's own."""


def limit_problem(
    code: str,
    detail: str,
    errors: tuple[FieldError, ...] = (),
    *,
    headers: Headers = (),
) -> Problem:
    """Return a problem of one of the kinds that routes about limits answer with."""
    kind = LIMIT_KINDS.get(code) or VERDICT_KINDS.get(code) or KINDS[code]
    return Problem(code, detail, kind, errors, headers)
