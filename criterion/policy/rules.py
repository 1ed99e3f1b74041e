"""The metering verdict: the built-in decision that every call of a policy is.

One rule for each code, in their order of precedence; the id of a rule is its code with hyphens.

Source:
    Policy specification, section 16.1.
"""

from collections.abc import Callable
from typing import Any, Final

from pydantic import Field

from criterion.decision import Decision
from criterion.policy import wording
from criterion.policy.assessment import Metering
from criterion.rule import Rule
from criterion.schema import NoProfile, Schema


class Answer(Schema):
    """What is decided about a call."""

    allowed: bool = Field(description="Whether it passes.")
    code: str = Field(description="Why, as a stable name.")
    http: int = Field(description="The status of a web answer that says the same.")


def answer(code: str, http: int) -> Callable[[Any, Any], Answer]:
    """Return an ``emit`` that always gives the same answer."""
    given = Answer(allowed=code == "ok", code=code, http=http)
    return lambda _, __: given


metering_verdict: Final = Decision[Metering, NoProfile, Answer](
    id="metering-verdict",
    version="1.0.0",
    title="Whether a metered call may pass",
    input=Metering,
    output=Answer,
    rules=(
        Rule(
            id="conflict",
            when=lambda a, _: a.conflicting,
            emit=answer("conflict", 409),
            explain=lambda a, _: (
                f"{a.entitlement}: the same key or hold was used for a different call of"
                f" {a.customer}"
            ),
        ),
        Rule(
            id="unknown-customer",
            when=lambda a, _: not a.known,
            emit=answer("unknown_customer", 404),
            explain=lambda a, _: wording.unknown_customer(a),
        ),
        Rule(
            id="not-included",
            when=lambda a, _: not a.included,
            emit=answer("not_included", 403),
            explain=lambda a, _: wording.not_included(a),
        ),
        Rule(
            id="not-metered",
            when=lambda a, _: not a.usable,
            emit=answer("not_metered", 400),
            explain=lambda a, _: f"{a.entitlement}: plan {a.plan} does not count it; check it",
        ),
        Rule(
            id="invalid-amount",
            when=lambda a, _: a.problem is not None,
            emit=answer("invalid_amount", 400),
            explain=lambda a, _: wording.invalid_amount(a),
        ),
        Rule(
            id="spend-cap-reached",
            when=lambda a, _: not a.caps_fit,
            emit=answer("spend_cap_reached", 402),
            explain=lambda a, _: wording.spend_cap_reached(a),
        ),
        Rule(
            id="rate-limited",
            when=lambda a, _: not a.rate_fits,
            emit=answer("rate_limited", 429),
            explain=lambda a, _: wording.rate_limited(a),
        ),
        Rule(
            id="held",
            when=lambda a, _: not a.limit_fits and a.own_fits,
            emit=answer("held", 429),
            explain=lambda a, _: wording.held(a),
        ),
        Rule(
            id="credit-exhausted",
            when=lambda a, _: not a.limit_fits and a.purchasable,
            emit=answer("credit_exhausted", 402),
            explain=lambda a, _: wording.credit_exhausted(a),
        ),
        Rule(
            id="quota-exhausted",
            when=lambda a, _: not a.limit_fits and a.resets_at is not None,
            emit=answer("quota_exhausted", 429),
            explain=lambda a, _: wording.quota_exhausted(a),
        ),
        Rule(
            id="capacity-reached",
            when=lambda a, _: not a.limit_fits,
            emit=answer("capacity_reached", 403),
            explain=lambda a, _: wording.quota_exhausted(a),
        ),
        Rule(
            id="unavailable",
            when=lambda a, _: not a.reached and not a.lenient,
            emit=answer("unavailable", 503),
            explain=lambda a, _: wording.unavailable(a),
        ),
        Rule(
            id="ok",
            when="otherwise",
            emit=answer("ok", 200),
            explain=lambda a, _: wording.ok(a),
        ),
    ),
)
"""Whether a metered call may pass."""
