"""Ruling: the decision that a policy's calls are, with its guards in front, ready to be asked."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from criterion.decision import Decision
from criterion.explanation import RuleReading
from criterion.expression.failure import ClauseFailure
from criterion.policy.assessment import Assessment, Metering
from criterion.policy.book import Book
from criterion.policy.guarding import GUARD_HTTP, Guards
from criterion.policy.rules import Answer, metering_verdict
from criterion.policy.wording import WHY_NOT
from criterion.policy.work import Metered, Work, assessment_of, passes, refused_by
from criterion.result import Failure, Outcome
from criterion.rule import OTHERWISE, Rule
from criterion.schema import NoProfile
from criterion.snapshot import ProfileSnapshot
from criterion.text import one_line

_NO_NUMBERS: Final = ProfileSnapshot(values=NoProfile(), source=None)
"""What the rules run under: their numbers come with each call, from the customer's plan."""

GUARDED_ID: Final = "guarded-metering-verdict"


class Ruled(NamedTuple):
    """What the rules say of an assessment.

    Attributes:
        position: How many rules said no before the one that decided, or failed.
        answer: What that one says; ``None`` where it failed.
        failure: How it failed, or ``None``.
        code: Why, as a stable name.
        is_allowed: Whether the call may pass.
    """

    position: int
    answer: Answer | None
    failure: Failure | None
    code: str
    is_allowed: bool


FAILED: Final = "rule_error"
"""The code of a call that a guard cannot be worked out for; it does not pass."""


class VerdictReading(RuleReading):
    """Reads what the rules of a policy said."""

    __slots__ = ("_guards",)

    def __init__(self, decision: Decision[Any, Any, Any], guards: Guards | None) -> None:
        """Keep what all these outcomes have in common."""
        super().__init__(decision, _NO_NUMBERS)
        self._guards = guards

    def _whys_false(self, outcome: Outcome, positions: range) -> list[str]:
        return [self._why_false(outcome.facts, position) for position in positions]

    def _why_false(self, facts: Metering, position: int) -> str:
        rule = self.decision.rules[position].id
        if not facts.reached and rule != "unavailable":
            return "the store could not be asked"
        why = WHY_NOT.get(rule)
        if why is not None and (self._guards is None or position >= len(self._guards.rules)):
            return why(facts)
        return "" if self._guards is None else self._guards.why_not(facts, position)


class Ruling:
    """The rules of one policy.

    Attributes:
        decision: The built-in decision; with a policy's guards before its rules where there are
            any.
        reading: Works out what its outcomes mean.
        policy_digest: The digest of the policy that it rules for.
        guards: How many guards stand before the built-in rules.
    """

    def __init__(self, book: Book) -> None:
        """Put the guards before the built-in rules."""
        guards = book.terms.guards
        self.guards = len(guards)
        self._guards = Guards(guards, book.credits) if guards else None
        self.decision: Decision[Metering, NoProfile, Answer] = metering_verdict
        if self._guards is not None:
            self.decision = _guarded(book.terms.digest, self._guards.rules)
        self.reading = VerdictReading(self.decision, self._guards)
        self.policy_digest = book.terms.digest
        self._offset = len(guards)
        self._whens: tuple[Any, ...] = tuple(
            rule.when for rule in metering_verdict.rules if rule.when != OTHERWISE
        )
        self._ruled = tuple(
            _ruled(position, _answer(rule.emit))
            for position, rule in enumerate(self.decision.rules)
        )
        self._ok = self._ruled[-1]
        own = self._ruled[len(guards) :]
        self._by_id = {
            rule.id: ruled for rule, ruled in zip(metering_verdict.rules, own, strict=True)
        }

    def rule(self, work: Work) -> Ruled:
        """Return what the first matching rule says; a guard that fails refuses the call."""
        refused = None if self._guards is None else self._guarded(self._guards, work)
        if refused is not None:
            return refused
        if passes(work):
            return self._ok
        if type(work) is Metered:
            return self._by_id[refused_by(work)]
        return self.asked(assessment_of(work))

    def _guarded(self, guards: Guards, work: Work) -> Ruled | None:
        try:
            position = guards.position(work)
        except ClauseFailure as error:
            return Ruled(
                error.index, None, Failure("when", error.failure), FAILED, is_allowed=False
            )
        return None if position is None else self._ruled[position]

    def reason(self, position: int, assessment: Assessment) -> str | None:
        """Return what a rule says of a call that it decided; ``None`` where it cannot say it."""
        return _reason(self.decision, position, assessment)

    def asked(self, assessment: Assessment) -> Ruled:
        """Return what the built-in rules say, asked one by one."""
        index = self._offset
        for when in self._whens:
            if when(assessment, None):
                break
            index += 1
        return self._ruled[index]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class GuardedDecision(Decision[Metering, NoProfile, Answer]):
    """The built-in decision with a policy's guards before its rules.

    Attributes:
        policy_digest: The digest of the policy that the guards stand in.
    """

    policy_digest: str

    @property
    def digest(self) -> str:
        """The digest of the policy: its guards are part of the definition."""
        return self.policy_digest


class PastRuling:
    """The rules of a policy that is no longer in force, for answers that were given under it.

    Of its guards it knows only the one that decided, and what that said.

    Attributes:
        decision: The decision that the answer was.
        reading: Works out what its outcomes mean.
        policy_digest: The digest of that policy.
        guards: How many guards stand before the built-in rules.
    """

    def __init__(
        self, policy_digest: str, rule: str, reason: str | None, *, is_guarded: bool
    ) -> None:
        """Take the rule that decided, and what it said where it was a guard."""
        guards: tuple[Rule[Metering, NoProfile, Answer], ...] = ()
        if rule not in {each.id for each in metering_verdict.rules}:
            guards = (_guard_that_said(rule, reason),)
        self.policy_digest = policy_digest
        self.decision: Decision[Metering, NoProfile, Answer] = metering_verdict
        if is_guarded:
            self.decision = _guarded(policy_digest, guards)
        self.guards = len(guards)
        self.reading = VerdictReading(self.decision, None)

    def reason(self, position: int, assessment: Assessment) -> str | None:
        """Return what a rule says of a call that it decided; ``None`` where it cannot say it."""
        return _reason(self.decision, position, assessment)


def _guard_that_said(rule: str, reason: str | None) -> Rule[Metering, NoProfile, Answer]:
    given = Answer(allowed=False, code=rule.replace("-", "_"), http=GUARD_HTTP)
    explain = None if reason is None else lambda _, __: reason
    return Rule(id=rule, when=lambda _, __: True, emit=lambda _, __: given, explain=explain)


def _reason(decision: Decision[Any, Any, Any], position: int, assessment: Assessment) -> str | None:
    explain: Any = decision.rules[position].explain
    try:
        return one_line(explain(assessment, None))
    except Exception:  # noqa: BLE001 -- the ordinary reading tells what failed
        return None


def _guarded(
    policy_digest: str, guards: tuple[Rule[Metering, NoProfile, Answer], ...]
) -> GuardedDecision:
    return GuardedDecision(
        id=GUARDED_ID,
        version=metering_verdict.version,
        title=metering_verdict.title,
        input=Metering,
        output=Answer,
        rules=(*guards, *metering_verdict.rules),
        policy_digest=policy_digest,
    )


def _ruled(position: int, answer: Answer) -> Ruled:
    return Ruled(position, answer, None, answer.code, answer.allowed)


def _answer(emit: Any) -> Answer:  # noqa: ANN401 -- of any rule
    given: Answer = emit(None, None)
    return given
