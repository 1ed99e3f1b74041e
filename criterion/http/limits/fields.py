"""Fields: what the headers of an answer say of limits.

Source:
    draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4; RFC 9110, section 10.2.3.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_FLOOR, Decimal
from typing import Final, NamedTuple

from criterion.http.message import Headers
from criterion.policy.amounts import Amount, is_unlimited
from criterion.policy.assessment import Assessment
from criterion.policy.verdict import Verdict

WHOLE_MAX: Final = 999_999_999_999_999
"""The largest number that a structured field can hold (RFC 9651)."""

GOVERNOR: Final = ".rate"
"""What the name of an entitlement ends with where its governor is meant."""

MS: Final = 1_000


class Quota(NamedTuple):
    """One quota as fields tell of it; all numbers are whole.

    Attributes:
        name: The entitlement's.
        quota: How much there is in all.
        window_s: For how long, in seconds, or ``None``.
        remaining: How much is left; not negative.
        reset_s: In how many seconds there is more, or ``None``.
    """

    name: str
    quota: int
    window_s: int | None
    remaining: int
    reset_s: int | None


def limit_fields(verdicts: Iterable[Verdict], *, legacy: bool = False) -> Headers:
    """Return ``RateLimit-Policy`` and ``RateLimit`` of what was asked for; nothing of features.

    Args:
        verdicts: Of one request.
        legacy: Whether the older ``X-RateLimit-*`` go along: those of the quota that is used up
            first, its reset in seconds since 1970.
    """
    told = [(quota, verdict) for verdict in verdicts for quota in quotas_of(verdict)]
    if not told:
        return ()
    quotas = [quota for quota, _ in told]
    headers = (
        ("RateLimit-Policy", ", ".join(map(_policy, quotas))),
        ("RateLimit", ", ".join(map(_state, quotas))),
    )
    if not legacy:
        return headers
    quota, verdict = min(told, key=lambda each: each[0].remaining)
    return (*headers, *_legacy(quota, verdict))


def retry_fields(verdict: Verdict) -> Headers:
    """Return ``Retry-After``, where waiting helps."""
    wait_ms = verdict.retry_after_ms
    return () if wait_ms is None else (("Retry-After", str(max(1, _seconds(wait_ms)))),)


def quotas_of(verdict: Verdict) -> Iterator[Quota]:
    """Yield what a verdict counted against: of a denial only what refused."""
    a = verdict.assessment
    if not a.credit or a.mode == "observe":
        return
    refused = None if verdict.allowed else verdict.code
    if refused != "rate_limited" and not is_unlimited(a.limit):
        yield _limit(verdict, a)
    if a.tokens is not None and a.capacity is not None and refused in {None, "rate_limited"}:
        left = a.tokens - a.requested if verdict.allowed else a.tokens
        reset_s = None if a.wait_ms is None else _seconds(a.wait_ms)
        yield Quota(f"{a.entitlement}{GOVERNOR}", _whole(a.capacity), None, _whole(left), reset_s)


def _limit(verdict: Verdict, a: Assessment) -> Quota:
    left, period_ms = verdict.remaining or 0, verdict.period_ms
    wait_ms = None if verdict.allowed else verdict.retry_after_ms
    if wait_ms is None and a.resets_at is not None:
        wait_ms = a.resets_at - a.at
    return Quota(
        a.entitlement,
        _whole(a.limit),
        None if period_ms is None else _seconds(period_ms),
        _whole(left - a.held),
        None if wait_ms is None else _seconds(wait_ms),
    )


def _policy(quota: Quota) -> str:
    window = "" if quota.window_s is None else f";w={quota.window_s}"
    return f"{_text(quota.name)};q={quota.quota}{window}"


def _state(quota: Quota) -> str:
    reset = "" if quota.reset_s is None else f";t={quota.reset_s}"
    return f"{_text(quota.name)};r={quota.remaining}{reset}"


def _legacy(quota: Quota, verdict: Verdict) -> Headers:
    headers = (
        ("X-RateLimit-Limit", str(quota.quota)),
        ("X-RateLimit-Remaining", str(quota.remaining)),
    )
    if quota.reset_s is None:
        return headers
    at_s = verdict.assessment.at // MS + quota.reset_s
    return (*headers, ("X-RateLimit-Reset", str(at_s)))


def _text(name: str) -> str:
    """Return a name as a string of a structured field, which is ASCII."""
    shown = name.encode("ascii", "replace").decode("ascii")
    return '"{}"'.format("".join(each if each.isprintable() else "?" for each in shown)
                         .replace("\\", "\\\\").replace('"', '\\"'))  # fmt: skip


def _whole(amount: Amount) -> int:
    if is_unlimited(amount):
        return WHOLE_MAX
    whole = int(Decimal(amount).to_integral_value(ROUND_FLOOR))
    return min(max(0, whole), WHOLE_MAX)


def _seconds(ms: int) -> int:
    return min(max(0, -(-ms // MS)), WHOLE_MAX)
