"""Guarding: a policy's own rules, asked before the built-in ones.

A guard refuses what it matches. It is asked of calls that have a meter or a feature to answer for,
and not of what happened already.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from criterion.expression.compile import Decide, compile_body, compile_text
from criterion.expression.interpret import Interpretation
from criterion.expression.reasons import Reasons
from criterion.expression.tree import Body, Clause, Constant, Expression, Key, Name, children
from criterion.expression.types import Type
from criterion.frozen import FrozenDict
from criterion.policy.amounts import Amount, minus, plus
from criterion.policy.assessment import Metering, facts_of
from criterion.policy.credit import Credit
from criterion.policy.formula import exact, lets_of
from criterion.policy.pricing import price_of
from criterion.policy.rules import Answer
from criterion.policy.scopes import ASSESSMENT, GUARD, as_compiled
from criterion.policy.terms import Guard
from criterion.policy.work import Featured, Metered, Work, assessment_of
from criterion.rule import Rule
from criterion.schema import NoProfile

GUARD_HTTP: Final = 403
"""The status of a web answer that says what a guard refused."""

_EMPTY: Final = Type(kind="mapping", fields=())
_NOTHING: Final[FrozenDict[str, Any]] = FrozenDict()
_GIVEN: Final = as_compiled(
    {**dict(ASSESSMENT.fields or ()), **{name: GUARD[name] for name in GUARD if name != "input"}}
)


class Guards:
    """The guards of one policy, ready to be asked.

    Attributes:
        rules: The same as rules of a decision, which work one by one.
    """

    def __init__(self, guards: tuple[Guard, ...], credits: Mapping[str, Credit]) -> None:  # noqa: A002 -- the policy's word
        """Compile them all into one function."""
        self._credits = credits
        clauses = tuple(
            Clause(id=guard.id, when=guard.when, emit=(), explain=guard.explain) for guard in guards
        )
        self._body = Body(lets=lets_of(GUARD), clauses=clauses)
        self._lets = {let.name: let.value for let in self._body.lets}
        self._reasons = Reasons(self._body, _GIVEN, _EMPTY)
        used = names_in(guard.when for guard in guards)
        self._reads = tuple((name, READS[name]) for name in READS if name in used)
        self._run: Decide = compile_body(self._body, _GIVEN, _EMPTY)
        self.rules = tuple(self._rules(guards))

    def position(self, work: Work) -> int | None:
        """Return which guard refuses a call; ``None`` where none does.

        Raises:
            ClauseFailure: A guard cannot be worked out for this call.
        """
        if isinstance(work, Metered):
            if work.command.force or work.misfit is not None:
                return None
            values = {name: read(work) for name, read in self._reads}
        elif isinstance(work, Featured) and not work.command.force:
            values = self._values(facts_of(assessment_of(work)))
        else:
            return None
        position, data = self._run(values, _NOTHING)
        return None if data is None else position

    def why_not(self, facts: Metering, position: int) -> str:
        """Return why a guard did not refuse a call."""
        if not is_guarded(facts):
            return "guards are not asked of such a call"
        return self._reasons.reason(position, self._interpretation(facts))

    def _rules(self, guards: tuple[Guard, ...]) -> Iterator[Rule[Metering, NoProfile, Answer]]:
        for position, guard in enumerate(guards):
            yield self._rule(position, guard)

    def _rule(self, position: int, guard: Guard) -> Rule[Metering, NoProfile, Answer]:
        code = guard.id.replace("-", "_")
        given = Answer(allowed=False, code=code, http=GUARD_HTTP)

        def when(facts: Metering, _: object) -> bool:
            if not is_guarded(facts):
                return False
            truth: bool = self._interpretation(facts).value(guard.when)
            return truth

        def explain(facts: Metering, _: object) -> str:
            if guard.explain is None:
                return self._reasons.reason(position, self._interpretation(facts))
            put_together = compile_text(guard.explain, self._body.lets, _GIVEN, _EMPTY)
            return put_together(self._values(facts), _NOTHING)

        return Rule(id=guard.id, when=when, emit=lambda _, __: given, explain=explain)

    def _interpretation(self, facts: Metering) -> Interpretation:
        return Interpretation({"input": self._values(facts), "profile": _NOTHING}, self._lets)

    def _values(self, facts: Metering) -> dict[str, Any]:
        return values_of(facts, self._credits.get(facts.credit))


def values_of(a: Metering, credit: Credit | None) -> dict[str, Any]:
    """Return everything that guards may name, from the facts of the decision."""
    price, revenue = (None, 0) if credit is None else _worth(a, credit)
    grants = minus(a.available, a.covered)
    ceiling = plus(max(a.after, a.limit), grants) if grants > 0 else a.limit
    return {
        **{name: getattr(a, name) for name in _PLAIN},
        "remaining": minus(ceiling, a.after),
        "price": price,
        "revenue": revenue,
        "cost": plus(a.spent, a.overhead),
        "metadata": exact(a.metadata or _NOTHING),
        "context": exact(a.context or _NOTHING),
    }


_PLAIN: Final = (
    "customer", "customer_type", "owner", "plan", "entitlement", "credit", "mode", "requested",
    "effective", "overage", "covered", "available", "held", "value", "after", "limit", "overhead",
    "force",
)  # fmt: skip


def is_guarded(a: Metering) -> bool:
    """Whether guards are asked of a call."""
    return a.known and a.included and a.problem is None and not a.force and not a.conflicting


def names_in(expressions: Iterable[Expression]) -> set[str]:
    """Return what some guards name: members of the input, ``metadata`` and ``context``."""
    found: set[str] = set()
    waiting = list(expressions)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name):
            found |= set(READS) if node.name == "input" else {node.name}
        elif isinstance(node, Key) and isinstance(node.base, Name) and node.base.name == "input":
            found |= {str(node.index.value)} if isinstance(node.index, Constant) else set(READS)
        else:
            waiting.extend(children(node))
    return found


def _worth(a: Metering, credit: Credit) -> tuple[Amount | None, Amount]:
    """Return the list price of a call, and the revenue of its period with it, in runes."""
    if credit.curve is None:
        return None, 0
    if a.mode == "observe":
        return 0, 0
    before, after = max(0, minus(a.value, a.limit)), max(0, minus(a.after, a.limit))
    price = price_of(credit.curve, minus(after, before), before)
    return price, price_of(credit.curve, after)


def _price(work: Metered) -> Amount | None:
    if work.credit.curve is None:
        return None
    if work.limit.mode == "observe":
        return 0
    before, after = max(0, minus(work.value, work.limit.value)), _beyond(work)
    return price_of(work.credit.curve, minus(after, before), before)


def _revenue(work: Metered) -> Amount:
    curve = work.credit.curve
    return 0 if curve is None or work.limit.mode == "observe" else price_of(curve, _beyond(work))


def _beyond(work: Metered) -> Amount:
    return max(0, minus(work.change.after, work.limit.value))


def _remaining(work: Metered) -> Amount:
    after, limit, grants = work.change.after, work.limit.value, minus(work.room, work.covered)
    return minus(plus(max(after, limit), grants) if grants > 0 else limit, after)


READS: Final[Mapping[str, Callable[[Metered], Any]]] = MappingProxyType(
    {
        "customer": lambda work: work.place.caller.customer.id,
        "customer_type": lambda work: work.place.caller.customer.type,
        "owner": lambda work: work.place.owner.customer.id,
        "plan": lambda work: work.place.offer.plan.name,
        "entitlement": lambda work: work.place.offer.name,
        "credit": lambda work: work.limit.credit,
        "mode": lambda work: work.limit.mode,
        "requested": lambda work: work.amount,
        "effective": lambda work: work.change.effective,
        "overage": lambda work: work.change.overage,
        "covered": lambda work: work.covered,
        "available": lambda work: work.room,
        "held": lambda work: work.held.value,
        "value": lambda work: work.value,
        "after": lambda work: work.change.after,
        "limit": lambda work: work.limit.value,
        "overhead": lambda work: work.change.overhead,
        "force": lambda work: work.command.force,
        "remaining": _remaining,
        "price": _price,
        "revenue": _revenue,
        "cost": lambda work: plus(work.spent, work.change.overhead),
        "metadata": lambda work: exact(work.place.owner.customer.metadata or _NOTHING),
        "context": lambda work: exact(work.command.context or _NOTHING),
    }
)
"""The same as `values_of`, straight from a call: only what the guards name is worked out.

This is the hot path; a test holds the two equal.
"""
