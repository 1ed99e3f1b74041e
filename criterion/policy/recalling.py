"""Recalling: answers as stores keep them for their keys, and the same answers read back.

What is kept is the assessment that the rules decided by, which rule it was, and under which policy:
enough to say the same again, in another process, also under a policy that has changed since.
"""

from typing import Any, Final, NamedTuple

from criterion.expression.failure import ExpressionFailure
from criterion.policy.assessment import Assessment
from criterion.policy.capping import CapUse
from criterion.policy.encoding_fast import quoted
from criterion.policy.rules import Answer
from criterion.policy.ruling import PastRuling, Ruled, Ruling
from criterion.policy.work import Metered, Recalled, Work, assessment_of
from criterion.result import Failure


class Kept(NamedTuple):
    """What is kept of an answer.

    Attributes:
        policy: The digest of the policy that it was decided under.
        is_guarded: Whether that had guards.
        rule: The id of the rule that decided, or failed.
        reason: What a guard said of it; ``None`` of a built-in rule, which says it again.
        answer: Whether it passed, its code, and the status of a web answer; ``None`` where the rule
            failed.
        failure: How it failed: the stage, the code, the message; or ``None``.
        hold: The hold that it made, or ``None``.
        assessment: The members of the assessment that are not as they are by default.
    """

    policy: str
    is_guarded: bool
    rule: str
    reason: str | None
    answer: tuple[bool, str, int] | None
    failure: tuple[str, str, str] | None
    hold: str | None
    assessment: dict[str, Any]


def kept(
    work: Work | Recalled, ruled: Ruled, ruling: Ruling | PastRuling, hold: str | None
) -> Kept:
    """Return what is kept of an answer, all of it plain data."""
    assessment = assessment_of(work)
    is_guards = ruled.position < ruling.guards and ruled.failure is None
    given, failed = ruled.answer, ruled.failure
    raised: Any = None if failed is None else failed.raised
    return Kept(
        ruling.policy_digest,
        ruling.guards > 0,
        ruling.decision.rules[ruled.position].id,
        ruling.reason(ruled.position, assessment) if is_guards else None,
        None if given is None else (given.allowed, given.code, given.http),
        None if failed is None else (failed.stage, getattr(raised, "code", ""), str(raised)),
        hold,
        {
            name: value
            for name, value, default in zip(_NAMES, assessment, _DEFAULTS, strict=True)
            if value is not default and value != default
        },
    )


def kept_text(
    work: Work | Recalled, ruled: Ruled, ruling: Ruling | PastRuling, hold: str | None
) -> str | None:
    """Return what is kept of a usual call that passes, as text; ``None`` of any other.

    This is on the hot path of stores outside of this process; a test holds it equal to `kept`.
    """
    if type(work) is not Metered or hold is not None or ruling.guards or ruled.answer is None:
        return None
    if not ruled.is_allowed or not _is_usual(work):
        return None
    customer, owner, offer = work.place.caller.customer, work.place.owner.customer, work.place.offer
    change, limit, given = work.change, work.limit, ruled.answer
    members = (
        f'"customer":{quoted(customer.id)},"entitlement":{quoted(offer.name)},"at":{work.at}'
        f"{_text('customer_type', customer.type)}{_text('owner', owner.id)}"
        f"{_text('plan', offer.plan.name)}{_text('credit', limit.credit)}"
        f"{_text('mode', limit.mode)}"
    )
    # whole numbers, as `_is_usual` says; nothing where they are the default
    if work.amount:
        members += f',"requested":{work.amount}'
    if change.effective:
        members += f',"effective":{change.effective}'
    if work.value:
        members += f',"value":{work.value}'
    if change.after:
        members += f',"after":{change.after}'
    if limit.value:
        members += f',"limit":{limit.value}'
    ends_at = work.standing.resets_at
    if ends_at is not None:
        members += f',"resets_at":{ends_at}'
    rule = quoted(ruling.decision.rules[ruled.position].id)
    answer = f'["t",{"true" if given.allowed else "false"},{quoted(given.code)},{given.http}]'
    return (
        f'["A",["t",{quoted(ruling.policy_digest)},false,{rule},null,{answer},null,null,'
        f"{{{members}}}]]"
    )


def _text(name: str, value: str) -> str:
    return f',"{name}":{quoted(value)}' if value else ""


def _is_usual(work: Metered) -> bool:
    """Whether an assessment says no more than the whole numbers of a meter with room."""
    change, limit, offer, command = work.change, work.limit, work.place.offer, work.command
    return not (
        work.held.value
        or work.held.until is not None
        or change.overage
        or change.gate_overage
        or not (change.own_fits and change.gate_fits)
        or not (work.limit_fits and work.caps_fit and work.rate_fits)
        or work.room
        or work.covered
        or change.overhead
        or work.spent
        or work.standing.meter.charged
        or limit.governor is not None
        or limit.hard_trailing
        or command.force
        or work.is_late
        or work.is_clamped
        or offer.upgrade is not None
        or limit.credit in offer.purchasable
        or work.draws
        or work.place.owner.customer.metadata is not None
        or command.context is not None
        or command.verb != "allow"
        or work.misfit is not None
    ) and _INTS.issuperset(
        map(type, (work.amount, change.effective, work.value, change.after, limit.value))
    )


_INTS: Final = frozenset({int})
_NAMES: Final = Assessment._fields
_DEFAULTS: Final = tuple(Assessment._field_defaults.get(name) for name in _NAMES)


def recalled(
    ruling: Ruling,
    data: Any,  # noqa: ANN401 -- what was kept
) -> tuple[Recalled, Ruled, Ruling | PastRuling, str | None]:
    """Return work, what was ruled, the ruling and the hold of an answer that was kept.

    Args:
        ruling: The rules in force; others are made where the answer was given under others.
        data: A `Kept`, as read back from a store.
    """
    known = Kept(*data)
    members = dict(known.assessment)
    members["caps"] = tuple(CapUse(*use) for use in members.get("caps", ()))
    assessment = Assessment(**members)
    under: Ruling | PastRuling = ruling
    if known.policy != ruling.policy_digest:
        under = PastRuling(known.policy, known.rule, known.reason, is_guarded=known.is_guarded)
    ids = [rule.id for rule in under.decision.rules]
    position = ids.index(known.rule)
    if known.answer is None:
        stage, code, message = known.failure or ("when", "", "")
        failure = Failure(stage, ExpressionFailure(code, message))
        ruled = Ruled(position, None, failure, "rule_error", is_allowed=False)
    else:
        allowed, code, http = known.answer
        ruled = Ruled(
            position, Answer(allowed=allowed, code=code, http=http), None, code, is_allowed=allowed
        )
    return Recalled(assessment), ruled, under, known.hold
