"""Estimating: what a call will use, from what such calls have used.

Source:
    Policy specification, section 12; weighted incremental mean and variance of Finch 2009.
"""

from collections.abc import Mapping
from decimal import Context, Decimal
from logging import getLogger
from typing import Any, Final, Literal, NamedTuple

from criterion.policy.amounts import DIGITS_MAX, Amount, minus, over, plus, times
from criterion.policy.plan import Entitlement
from criterion.policy.state import Estimate, Head

LOG: Final = getLogger(__name__)

POLICY_HEAD: Final = "policy:estimates"
"""The head that keeps what calls of all customers have used; no customer may have this id."""

SEGMENTS_MAX: Final = 1_000
"""How many segments of one entitlement are kept apart; further ones are not recorded."""

EVERYTHING: Final = "all"
"""The segment of calls that name none."""

_SQUARE: Final = Context(prec=DIGITS_MAX)
_QUANTILE_MIN: Final = Decimal("0.0001")
_QUANTILE_MAX: Final = Decimal("0.9999")


class Prediction(NamedTuple):
    """What a call will use.

    Attributes:
        value: How much, in the credit's unit.
        overhead: What that will cost the provider, in runes.
        samples: How many calls that is learnt from.
        source: Where they were seen.
        scope: Whose calls they were: the customer's, or everyone's.
    """

    value: Amount
    overhead: Amount
    samples: int
    source: Literal["local"]
    scope: Literal["customer", "policy"]


class Basis(NamedTuple):
    """What an estimate is about.

    Attributes:
        segment: What it is kept apart by.
        per_basis: Whether it is per unit of a basis.
        basis: How much of that basis a call has; ``None`` where it is not known.
    """

    segment: str
    per_basis: bool
    basis: Amount | None


class Sample(NamedTuple):
    """What one call has used.

    Attributes:
        about: What the estimate is about.
        value: How much, in the credit's unit.
        overhead: What that cost the provider, in runes.
    """

    about: Basis
    value: Amount
    overhead: Amount


def basis_of(
    entitlement: Entitlement,
    context: Mapping[str, Any] | None,
    basis: Amount | None,
    segment: str | None,
) -> Basis:
    """Return what the estimate of a call is about; arguments win over its context."""
    per_basis = entitlement.estimate_basis is not None
    if basis is not None and not per_basis:
        LOG.warning("`%s` has no `estimate_basis`: the basis is ignored", entitlement.name)
        basis = None
    given = context or {}
    if basis is None and entitlement.estimate_basis is not None:
        basis = _number(given.get(entitlement.estimate_basis))
    if segment is None and entitlement.estimate_segment is not None:
        found = given.get(entitlement.estimate_segment)
        segment = None if found is None else str(found)
    return Basis(segment_key(segment), per_basis, basis)


def segment_key(segment: str | None) -> str:
    """Return the name that a segment is kept under."""
    return (segment or EVERYTHING).replace(".", "_").replace(" ", "_")


def observed(estimate: Estimate | None, sample: Sample, now: int) -> Estimate | None:
    """Return an estimate that has seen one more call; ``None`` where the call tells nothing."""
    about, value, overhead = sample
    if estimate is None or estimate.per_basis != about.per_basis:
        estimate = Estimate(per_basis=about.per_basis)
    if about.per_basis:
        if about.basis is None or about.basis <= 0:
            LOG.warning("a call without a basis is not recorded in the estimate")
            return None
        value, overhead = over(value, about.basis), over(overhead, about.basis)
    samples = estimate.samples + 1
    weight = max(estimate.alpha, over(1, samples))
    mean, variance = _moved(estimate.value_mean, estimate.value_var, value, weight)
    cost, cost_variance = _moved(estimate.overhead_mean, estimate.overhead_var, overhead, weight)
    return Estimate(
        samples, estimate.alpha, about.per_basis, mean, variance, cost, cost_variance, now
    )


def predict(
    estimate: Estimate | None,
    about: Basis,
    quantile: Amount,
    scope: Literal["customer", "policy"],
) -> Prediction | None:
    """Return what a call will use at most, with a given certainty; ``None`` without samples."""
    if estimate is None or not estimate.samples or estimate.per_basis != about.per_basis:
        return None
    if about.per_basis and (about.basis is None or about.basis <= 0):
        return None
    basis = about.basis if about.per_basis and about.basis is not None else 1
    z = _z(quantile)
    value = times(_at(estimate.value_mean, estimate.value_var, z), basis)
    overhead = times(_at(estimate.overhead_mean, estimate.overhead_var, z), basis)
    return Prediction(value, overhead, estimate.samples, "local", scope)


def predicted(
    own: Head, everyone: Head | None, name: str, about: Basis, quantile: Amount, samples_min: int
) -> Prediction | None:
    """Return the prediction of a customer's own calls once there are enough, else of everyone's."""
    mine = own.estimates.get(name, {}).get(about.segment)
    if mine is not None and mine.samples >= samples_min:
        found = predict(mine, about, quantile, "customer")
        if found is not None:
            return found
    shared = None if everyone is None else everyone.estimates.get(name, {}).get(about.segment)
    return predict(shared, about, quantile, "policy")


def _moved(mean: Amount, variance: Amount, value: Amount, weight: Amount) -> tuple[Amount, Amount]:
    away = minus(value, mean)
    step = times(away, weight)
    return plus(mean, step), times(minus(1, weight), plus(variance, times(away, step)))


def _at(mean: Amount, variance: Amount, z: Decimal) -> Amount:
    spread = times(z, Decimal(variance).sqrt(_SQUARE)) if variance > 0 and z else 0
    return max(0, plus(mean, spread))


def _z(quantile: Amount) -> Decimal:
    """Return how many standard deviations above the mean a quantile of the normal lies."""
    from statistics import NormalDist  # noqa: PLC0415 -- slow to import, needed for estimates only

    at = min(max(Decimal(quantile), _QUANTILE_MIN), _QUANTILE_MAX)
    return Decimal(repr(NormalDist().inv_cdf(float(at))))


def _number(value: object) -> Amount | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None
