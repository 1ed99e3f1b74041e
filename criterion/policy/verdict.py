"""Verdicts: the answers of metering calls; results that are true when the call may pass."""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, NamedTuple

from criterion.json_text import Plain, instant, json_text
from criterion.policy.amounts import Amount, is_unlimited, minus, plus, rounded
from criterion.policy.assessment import Assessment, facts_of
from criterion.policy.estimating import Basis
from criterion.policy.instants import instant_of
from criterion.policy.recalling import Kept, kept, kept_text
from criterion.policy.rules import Answer
from criterion.policy.ruling import PastRuling, Ruled, Ruling
from criterion.policy.work import Metered, Recalled, Work, assessment_of
from criterion.quantity import UNLIMITED_TEXT
from criterion.result import Outcome, Result, Status

MICROS: Final = 1_000_000
"""How many micros are in a rune."""

FAILED_HTTP: Final = 500
"""The status of a web answer where a guard failed."""

RETRY_MS: Final = 1_000
"""When to ask again where the store could not answer."""

_POSTING: Final = Context(prec=60, rounding=ROUND_HALF_UP)


class Contract(NamedTuple):
    """What a call was decided under.

    Attributes:
        plan: The plan whose limit counted, or ``None``.
        revision: Of that plan; ``None``: policies have no revisions.
        hash: The digest of the policy.
    """

    plan: str | None
    revision: int | None
    hash: str


class Gate(NamedTuple):
    """One thing that a call had to pass.

    Attributes:
        gate: ``cap``, ``governor``, ``holds``, ``limit`` or ``grants``.
        passed: Whether it did.
        numbers: What was compared, by name.
    """

    gate: str
    passed: bool
    numbers: Mapping[str, Amount | str | None]


class Answered(NamedTuple):
    """What a verdict is made of; stores keep it for the key that a call came under.

    Attributes:
        work: What the call comes to.
        ruled: What the rules say of it.
        ruling: The rules.
        hold: The hold that it made, or ``None``.
        about: What a settled call tells estimates of, or ``None``.
    """

    work: Work | Recalled
    ruled: Ruled
    ruling: Ruling | PastRuling
    hold: str | None = None
    about: Basis | None = None

    def packed(self) -> Kept:
        """Return what a store outside of this process keeps of it."""
        return kept(self.work, self.ruled, self.ruling, self.hold)

    def text(self) -> str | None:
        """Return the same as text; ``None`` where it says more than usual."""
        return kept_text(self.work, self.ruled, self.ruling, self.hold)


class Verdict(Result[Answer]):
    """The answer of one metering call: true when it may pass.

    All instants are aware, all durations in ms, all amounts in the unit of the entitlement's
    credit. What it means is worked out when it is read.

    Attributes:
        seq: The number of the commit in the journal; 0 where nothing was changed.
    """

    __slots__ = ("_answered", "_known", "seq")

    def __init__(self, answered: Answered, seq: int = 0) -> None:
        """Made by a policy."""
        ruled = answered.ruled
        self._answered = answered
        self._known: Assessment | None = None
        self._reading = answered.ruling.reading
        self._status = Status.OK if ruled.failure is None else Status.RULE_ERROR
        self._position = ruled.position
        self._cause = ruled.answer if ruled.failure is None else ruled.failure
        self._explained = None
        self.seq = seq

    def __bool__(self) -> bool:  # type: ignore[override] # the one result that has a truth
        """Whether the call may pass."""
        return self._answered.ruled.is_allowed

    @property
    def assessment(self) -> Assessment:
        """What the call comes to, in plain numbers: what the rules decided by."""
        if self._known is None:
            self._known = assessment_of(self._answered.work)
        return self._known

    @property
    def _outcome(self) -> Outcome:
        facts = facts_of(self.assessment)
        return Outcome(self._status, self.evaluated_at, facts, self._position, self._cause)

    @property
    def explanation(self) -> str:
        """Why, as one sentence that can be forwarded; never raises."""
        if self._explained is None and self._status is Status.OK:
            self._explained = self._answered.ruling.reason(self._position, self.assessment)
        return super().explanation

    @property
    def evaluated_at(self) -> datetime:
        """When it was decided; aware."""
        return instant_of(self._answered.work.at)

    @property
    def at(self) -> datetime:
        """When it was decided; aware."""
        return self.evaluated_at

    @property
    def allowed(self) -> bool:
        """Whether the call may pass."""
        return self._answered.ruled.is_allowed

    @property
    def code(self) -> str:
        """Why, as a stable name."""
        return self._answered.ruled.code

    @property
    def http(self) -> int:
        """The status of a web answer that says the same."""
        answer = self._answered.ruled.answer
        return FAILED_HTTP if answer is None else answer.http

    @property
    def message(self) -> str:
        """Why, as one sentence."""
        return self.explanation

    @property
    def customer(self) -> str:
        """Who asked: the id; of an unknown one what was given."""
        return self.assessment.customer

    @property
    def owner(self) -> str | None:
        """Whose meter counts; ``None`` where nobody's does."""
        return self.assessment.owner or None

    @property
    def entitlement(self) -> str:
        """What was asked for."""
        return self.assessment.entitlement

    @property
    def contract(self) -> Contract:
        """What it was decided under."""
        plan = self.assessment.plan or None
        return Contract(plan, None, self._answered.ruling.policy_digest)

    @property
    def requested(self) -> Amount:
        """The amount; 0 of what is not metered."""
        return rounded(self.assessment.requested)

    @property
    def effective(self) -> Amount:
        """By how much the meter changes, or would have: not below the limit's minimum."""
        return rounded(self.assessment.effective)

    @property
    def overage(self) -> Amount:
        """How much of that is past the limit."""
        return rounded(self.assessment.overage)

    @property
    def covered(self) -> Amount:
        """How much of the overage grants cover; 0 of a refused call, which takes nothing."""
        return rounded(self.assessment.covered) if self.allowed else 0

    @property
    def charged_micros(self) -> int:
        """What the overage that no grant covered is worth, in millionths of a rune.

        Rounded so that the sum over a period is the rounded sum.
        """
        a = self.assessment
        if not self.allowed or not a.charge:
            return 0
        return _micros(plus(a.charged, a.charge)) - _micros(a.charged)

    @property
    def limit(self) -> Amount | None:
        """The ceiling, without grants; ``None`` where there is none."""
        a = self.assessment
        return rounded(a.limit) if _is_metered(a) else None

    @property
    def remaining(self) -> Amount | None:
        """What is left after the call, with grants; ``None`` where there is no limit."""
        a = self.assessment
        if not _is_metered(a) or a.mode == "observe":
            return None
        value = a.after if self.allowed else a.value
        grants = minus(a.available, a.covered) if self.allowed else a.available
        ceiling = plus(max(value, a.limit), grants) if grants > 0 else a.limit
        return rounded(minus(ceiling, value))

    @property
    def resets_at(self) -> datetime | None:
        """When the period ends; ``None``: it never does."""
        resets_at = self.assessment.resets_at
        return None if resets_at is None else instant_of(resets_at)

    @property
    def period_ms(self) -> int | None:
        """How long the whole period is; ``None``: it never ends."""
        work = self._answered.work
        if not isinstance(work, Metered) or work.standing.resets_at is None:
            return None
        return work.standing.resets_at - work.standing.meter.started

    @property
    def retry_after_ms(self) -> int | None:
        """How long to wait before it may pass; ``None`` where waiting does not help."""
        a = self.assessment
        if self.code == "rate_limited":
            return a.wait_ms
        if self.code == "unavailable":
            return RETRY_MS
        until = {"quota_exhausted": a.resets_at, "held": a.held_until}.get(self.code)
        return None if until is None else until - a.at

    @property
    def cap(self) -> str | None:
        """The cap that has no room, or ``None``."""
        if self.code != "spend_cap_reached":
            return None
        caps = self.assessment.caps
        return next((cap.id for cap in caps if cap.enforced and not cap.fits), None)

    @property
    def hold(self) -> str | None:
        """The hold that a reservation made, or ``None``."""
        return self._answered.hold

    @property
    def late(self) -> bool:
        """Whether the usage belongs to a period that is closed; the current one has it."""
        return self.assessment.late

    @property
    def clamped(self) -> bool:
        """Whether a later time was seen already, and counts instead of the given one."""
        return self.assessment.clamped

    @property
    def degraded(self) -> bool:
        """Whether the store could not answer, so that the policy's own choice did."""
        return not self.assessment.reached

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Everything that the call had to pass, with its numbers, in order."""
        return tuple(_gates(self.assessment))

    @property
    def record(self) -> dict[str, Plain]:
        """The verdict as plain data, every gate with its numbers."""
        return {
            "allowed": self.allowed,
            "code": self.code,
            "http": self.http,
            "message": self.message,
            "customer": self.customer,
            "owner": self.owner,
            "entitlement": self.entitlement,
            "contract": self.contract._asdict(),
            "requested": self.requested,
            "effective": self.effective,
            "overage": self.overage,
            "covered": self.covered,
            "charged_micros": self.charged_micros,
            "limit": _plain(self.limit),
            "remaining": _plain(self.remaining),
            "resets_at": None if self.resets_at is None else instant(self.resets_at),
            "retry_after_ms": self.retry_after_ms,
            "cap": self.cap,
            "hold": self.hold,
            "trace": [_shown(gate) for gate in self.gates],
            "late": self.late,
            "clamped": self.clamped,
            "degraded": self.degraded,
            "at": instant(self.at),
            "seq": self.seq,
        }

    def to_json(self, *, trace: bool = False) -> str:
        """Return the answer as one line of JSON; its data is the record."""
        return json_text(self._members(trace=trace))

    def _members(self, *, trace: bool) -> dict[str, Plain]:
        return {**super()._members(trace=trace), "data": self.record}


def _gates(a: Assessment) -> list[Gate]:
    if not a.reached:
        return [Gate("store", a.lenient, {})]
    if not _is_metered(a):
        return [Gate("entitlement", a.known and a.included, {})]
    gates = [
        Gate(
            "cap",
            cap.fits or not cap.enforced,
            {
                "id": cap.id, "holder": cap.holder or None, "credit": cap.credit,
                "ceiling": cap.ceiling, "spent": cap.spent, "reserved": cap.reserved,
                "requested": cap.wanted,
            },
        )
        for cap in a.caps
    ]  # fmt: skip
    if a.tokens is not None:
        numbers = {"tokens": a.tokens, "capacity": a.capacity, "requested": a.requested}
        gates.append(Gate("governor", a.rate_fits, numbers))
    numbers = {"value": a.value, "requested": a.requested, "after": a.after, "limit": a.limit}
    gates.append(Gate("limit", a.own_fits, numbers))
    if a.held:
        gates.append(Gate("holds", a.gate_fits, {"held": a.held, **numbers}))
    if a.overage or a.available:
        covers = {"overage": a.gate_overage, "available": a.available, "covered": a.covered}
        gates.append(Gate("grants", a.limit_fits, covers))
    return gates


def _is_metered(a: Assessment) -> bool:
    return a.known and a.included and a.metered


def _micros(runes: Amount) -> int:
    scaled = _POSTING.multiply(Decimal(runes), Decimal(MICROS))
    return int(scaled.to_integral_value(ROUND_HALF_UP))


def _plain(value: Amount | None) -> Plain:
    return UNLIMITED_TEXT if value is not None and is_unlimited(value) else value


def _shown(gate: Gate) -> dict[str, Plain]:
    numbers: dict[str, Plain] = {
        name: value if isinstance(value, str) or value is None else _plain(rounded(value))
        for name, value in gate.numbers.items()
    }
    return {"gate": gate.gate, "passed": gate.passed, **numbers}
