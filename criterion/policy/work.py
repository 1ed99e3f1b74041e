"""Work: a metering call once it is weighed, for whoever decides, commits and tells of it.

Source:
    Policy specification, section 7.1.
"""

from typing import Final, NamedTuple, TypeAlias

from criterion.policy.amounts import Amount, minus, plus
from criterion.policy.assessment import Assessment
from criterion.policy.burning import Pool
from criterion.policy.capping import Draw
from criterion.policy.changing import Change, Held
from criterion.policy.command import Command
from criterion.policy.credit import Credit
from criterion.policy.governing import wait_ms
from criterion.policy.periods import Standing
from criterion.policy.plan import Limit
from criterion.policy.pricing import price_of
from criterion.policy.resolution import Place
from criterion.policy.state import Close, Customer, Grant
from criterion.policy.units import Misfit


class Outside(NamedTuple):
    """A call that belongs nowhere.

    Attributes:
        command: What was asked.
        at: The time of deciding, in ms.
        customer: Who asked, or ``None``: nobody knows.
        plan: The plan that serves it; ``""`` for none.
        missing: The type of customer whose meter would count and who is not there, or ``None``: the
            plan lacks the entitlement.
        is_conflicting: Whether its key was used for something else.
    """

    command: Command
    at: int
    customer: Customer | None = None
    plan: str = ""
    missing: str | None = None
    is_conflicting: bool = False


class Featured(NamedTuple):
    """A call for a feature, which one has or has not.

    Attributes:
        command: What was asked.
        at: The time of deciding, in ms.
        place: Where it belongs.
    """

    command: Command
    at: int
    place: Place


class Metered(NamedTuple):
    """A call for something that is counted, weighed.

    Attributes:
        command: What was asked.
        at: The time of deciding, in ms.
        place: Where it belongs.
        limit: The ceiling that counts.
        credit: What is counted.
        standing: The meter as it stands.
        close: The closed period that it is posted to, or ``None``.
        is_late: Whether its own period is closed for good.
        is_clamped: Whether a later time was seen already.
        misfit: Why the amount is none, or ``None``.
        amount: What was asked for.
        value: The meter before.
        change: What the amount does to it.
        held: What others hold on it.
        pool: What the owner's grants can cover.
        covered: How much of the overage they cover.
        left: Those that this takes from, as they are afterwards.
        draws: What it draws on each cap that is about it.
        bucket: The tokens of the governor, or ``None``.
        limit_fits: Whether limit or grants let it pass.
        caps_fit: Whether every cap has room.
        rate_fits: Whether the governor lets it pass.
    """

    command: Command
    at: int
    place: Place
    limit: Limit
    credit: Credit
    standing: Standing
    close: Close | None
    is_late: bool
    is_clamped: bool
    misfit: Misfit | None
    amount: Amount
    value: Amount
    change: Change
    held: Held
    pool: Pool
    covered: Amount
    left: tuple[Grant, ...]
    draws: tuple[Draw, ...]
    bucket: Amount | None
    limit_fits: bool
    caps_fit: bool
    rate_fits: bool

    @property
    def owner(self) -> str:
        """Whose meter counts."""
        return self.place.owner.customer.id

    @property
    def room(self) -> Amount:
        """What the owner's grants can cover."""
        return self.pool.room

    @property
    def spent(self) -> Amount:
        """What the period has cost the provider before, in runes."""
        return (self.standing.meter.overhead or 0) if self.close is None else self.close.overhead

    @property
    def charged(self) -> Amount:
        """What the overage of the period was worth before that no grant covered, in runes."""
        return self.standing.meter.charged if self.close is None else self.close.charged

    @property
    def charge(self) -> Amount:
        """What the overage is worth that no grant covers, in runes."""
        change, curve = self.change, self.credit.curve
        if not change.overage or change.own_fits or curve is None:
            return 0
        at = plus(max(0, minus(self.value, self.limit.value)), self.covered)
        return price_of(curve, minus(change.overage, self.covered), at)


class Unreached(NamedTuple):
    """A call that came while the store could not answer.

    Attributes:
        command: What was asked.
        at: The time of deciding, in ms.
        is_lenient: Whether the policy lets such calls pass.
    """

    command: Command
    at: int
    is_lenient: bool


class Recalled(NamedTuple):
    """A call that was answered before; of its work only what the rules decided by is left.

    Attributes:
        assessment: What it came to.
    """

    assessment: Assessment

    @property
    def at(self) -> int:
        """The time of deciding, in ms."""
        return self.assessment.at


Work: TypeAlias = Outside | Featured | Metered | Unreached


def passes(work: Work) -> bool:
    """Whether nothing is in the way of a call: then no rule but the last one matches.

    It tells the same as asking every rule, in a fraction of the time.
    """
    if type(work) is Metered:
        return work.limit_fits and work.caps_fit and work.rate_fits and work.misfit is None
    return isinstance(work, Featured) and work.command.verb in _OF_FEATURES


def refused_by(work: Metered) -> str:
    """Return the id of the built-in rule that refuses a call which does not pass.

    It tells the same as asking every rule, without the assessment that they are asked about.
    """
    if work.misfit is not None:
        return "invalid-amount"
    if not work.caps_fit:
        return "spend-cap-reached"
    if not work.rate_fits:
        return "rate-limited"
    if work.change.own_fits:
        return "held"
    if _is_purchasable(work):
        return "credit-exhausted"
    return "capacity-reached" if work.standing.resets_at is None else "quota-exhausted"


_OF_FEATURES: Final = frozenset({"allow", "set", "settle"})
"""What may be asked of a feature; the others need a meter."""


def assessment_of(work: Work | Recalled) -> Assessment:
    """Return what a call comes to, in plain numbers."""
    if isinstance(work, Metered):
        return _of_metered(work)
    if isinstance(work, Featured):
        return _of_feature(work)
    if isinstance(work, Recalled):
        return work.assessment
    if isinstance(work, Unreached):
        return Assessment(
            work.command.customer,
            work.command.entitlement,
            work.at,
            metered=False,
            context=work.command.context,
            reached=False,
            lenient=work.is_lenient,
        )
    customer, command = work.customer, work.command
    return Assessment(
        command.customer if customer is None else customer.id,
        command.entitlement,
        work.at,
        "" if customer is None else customer.type,
        "" if customer is None else customer.id,
        work.plan,
        conflicting=work.is_conflicting,
        known=customer is not None,
        included=work.is_conflicting or customer is None,
        missing=work.missing,
        context=command.context,
    )


def _of_feature(work: Featured) -> Assessment:
    customer, owner = work.place.caller.customer, work.place.owner.customer
    return Assessment(
        customer.id,
        work.place.offer.name,
        work.at,
        customer.type,
        owner.id,
        work.place.offer.plan.name,
        metered=False,
        usable=work.command.verb in _OF_FEATURES,
        metadata=owner.metadata,
        context=work.command.context,
        verb=work.command.verb,
    )


def _of_metered(work: Metered) -> Assessment:
    change, limit, offer, state = work.change, work.limit, work.place.offer, work.standing
    customer, owner, governor = (
        work.place.caller.customer,
        work.place.owner.customer,
        limit.governor,
    )
    command = work.command
    wait = None
    if governor is not None and work.bucket is not None and not work.rate_fits:
        wait = wait_ms(governor, work.bucket, work.amount)
    return Assessment(
        customer=customer.id, entitlement=offer.name, at=work.at, customer_type=customer.type,
        owner=owner.id, plan=offer.plan.name, credit=limit.credit, mode=limit.mode,
        problem=None if work.misfit is None else work.misfit.message,
        requested=work.amount, effective=change.effective, value=work.value, after=change.after,
        limit=limit.value, held=work.held.value, overage=change.overage,
        gate_overage=change.gate_overage, available=work.room, covered=work.covered,
        overhead=change.overhead,
        spent=work.spent,
        charge=work.charge, charged=work.charged,
        own_fits=change.own_fits, gate_fits=change.gate_fits, limit_fits=work.limit_fits,
        caps_fit=work.caps_fit, rate_fits=work.rate_fits,
        force=command.force, trailing=limit.hard_trailing, late=work.is_late,
        clamped=work.is_clamped, resets_at=state.resets_at, held_until=work.held.until,
        tokens=work.bucket, capacity=None if governor is None else governor.capacity,
        wait_ms=wait,
        purchasable=_is_purchasable(work),
        upgrade=offer.upgrade, caps=tuple(draw.use for draw in work.draws),
        metadata=owner.metadata, context=command.context, verb=command.verb,
    )  # fmt: skip


def _is_purchasable(work: Metered) -> bool:
    """Whether a topup of the plan could make room above the limit."""
    limit = work.limit
    is_open = limit.grants_apply and limit.mode == "hard"
    return is_open and limit.credit in work.place.offer.purchasable
