"""Differing: for which facts two decisions answer otherwise, or a proof that there are none."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from criterion.analysis.domain import domain_of
from criterion.analysis.paths import ANY_KEY, reads
from criterion.analysis.proving.setting import Answered, Meant, Setting, Witness
from criterion.analysis.shared_facts import default_of
from criterion.analysis.smt.decision_model import DecisionModel, Emitted, Question, sound
from criterion.analysis.smt.logic import Claim, conj, disj, neg
from criterion.analysis.smt.relations import equal
from criterion.analysis.smt.solving import Budget
from criterion.analysis.smt.ways import Value, known
from criterion.analysis.smt.work import Work
from criterion.analysis.twins import Transition, Twins
from criterion.analysis.watch import Watch
from criterion.expression.tree import Constant, Expression, Name, Text, children
from criterion.expression.written import written
from criterion.expression_decision import ExpressionDecision

TRANSITIONS_MAX: Final = 50
"""How many ways to differ are looked for."""

_NOWHERE: Final = Constant(value=None, at=1, end=1)


class Met(NamedTuple):
    """One way to differ that was found, with what shows it."""

    way: Transition
    facts: Mapping[str, Any]
    values: Mapping[str, Any] | None


class Proof(NamedTuple):
    """What is known of the ways in which two decisions differ.

    Attributes:
        verdict: ``proven`` that there is none, or none but those found; ``found`` where there may
            be more; or ``unknown``.
        met: Those found.
        reason: Why it is unknown, or what a proof does not cover.
    """

    verdict: str
    met: tuple[Met, ...]
    reason: str | None


def differing(twins: Twins, watch: Watch) -> Proof:
    """Return the ways in which two decisions in expressions answer the same facts otherwise."""
    return _Differing(twins, watch).proof()


class _Differing:
    """Asks about each pair of rules, one of either decision."""

    def __init__(self, twins: Twins, watch: Watch) -> None:
        self._twins = twins
        old: Any = twins.old
        new: Any = twins.new
        self._old: ExpressionDecision = old
        self._new: ExpressionDecision = new
        budget = Budget(int(watch.left_ms), int(watch.left_ms), watch.now_ms)
        pinned = {f"input.{name}": value for name, value in twins.shared.defaults.items()}
        self._setting = Setting(
            old,
            old.body,
            budget,
            values=twins.values[0],
            meant=Meant(twins.shared.domain, pinned),
        )
        self._question = Question(
            body=new.body,
            input=twins.shared.domain,
            profile=domain_of(new.shapes.profile.node),
            values=twins.values[1],
        )
        self._others: dict[int, DecisionModel] = {}
        self._met: dict[Transition, Met] = {}

    def proof(self) -> Proof:
        asked = self._setting.ask(lambda model: (self._any(model),), self._confirm, is_shown=False)
        if asked.verdict != "found":
            reason = asked.limit if asked.verdict == "proven" else asked.reason
            return Proof(asked.verdict, (), reason)
        limits = [answered for answered in self._each() if answered.verdict != "found"]
        reasons = [each.reason for each in limits if each.verdict == "unknown"]
        verdict = "found" if reasons else "proven"
        reason = (
            reasons[0] if reasons else next((each.limit for each in limits if each.limit), None)
        )
        return Proof(verdict, tuple(self._met.values()), reason)

    def _each(self) -> Iterator[Answered]:
        """Ask about each pair of answers, but for those that were met on the way."""
        model = self._setting.model
        for before in range(len(self._old.rules) + 2):
            for after in range(len(self._new.rules) + 2):
                way = Transition(_named(self._old, before), _named(self._new, after))
                if way in self._met or len(self._met) >= TRANSITIONS_MAX:
                    continue
                if self._pair(model, before, after) is False:
                    continue
                yield self._setting.ask(
                    self._claiming(before, after), self._confirm, is_shown=False
                )

    def _claiming(self, before: int, after: int) -> Callable[[DecisionModel], tuple[Claim, ...]]:
        return lambda model: (self._pair(model, before, after),)

    def _confirm(self, witness: Witness) -> bool:
        way = self._twins.differ(witness.facts, witness.profile)
        if way is not None:
            self._met.setdefault(way, Met(way, witness.facts, witness.values))
        return way is not None

    def _other(self, model: DecisionModel) -> DecisionModel:
        key = id(model)
        if key not in self._others:
            self._others[key] = DecisionModel(self._question, beside=model)
        return self._others[key]

    def _any(self, model: DecisionModel) -> Claim:
        sizes = len(self._old.rules) + 2, len(self._new.rules) + 2
        pairs = ((i, j) for i in range(sizes[0]) for j in range(sizes[1]))
        return disj(*(self._pair(model, i, j) for i, j in pairs))

    def _pair(self, model: DecisionModel, before: int, after: int) -> Claim:
        """Return whether one answer comes to another; the last two are no match and a failure."""
        other = self._other(model)
        both = _answers(model, before), _answers(other, after)
        rules = len(self._old.rules), len(self._new.rules)
        if before < rules[0] and after < rules[1]:
            return conj(*both, self._data(model, other, before, after))
        if before - rules[0] == after - rules[1]:
            return False  # both have no match, or both fail
        return conj(*both)

    def _data(self, model: DecisionModel, other: DecisionModel, before: int, after: int) -> Claim:
        one, two = ({each.name: each for each in at.emits(n)}
                    for at, n in ((model, before), (other, after)))  # fmt: skip
        both = (name for name in output_fields(self._old) if name in output_fields(self._new))
        return disj(
            *(self._member(model, other, (one.get(name), two.get(name)), name) for name in both)
        )

    def _member(
        self,
        model: DecisionModel,
        other: DecisionModel,
        pair: tuple[Emitted | None, Emitted | None],
        name: str,
    ) -> Claim:
        one, two = pair
        if one is not None and two is not None:
            return self._differ(model, other, one.node, two.node)
        emitted = one or two
        node = _NOWHERE if emitted is None else emitted.node
        work = Work(model.symbols, model.facts, node)
        values = [
            _default(decision, name) if each is None else each.value
            for decision, each in zip((self._old, self._new), pair, strict=True)
        ]
        return neg(equal(work, values[0], values[1]))

    def _differ(
        self, model: DecisionModel, other: DecisionModel, one: Expression, two: Expression
    ) -> Claim:
        """Return whether two expressions differ; texts are compared part by part."""
        if self._is_same(one, two):
            return False
        if isinstance(one, Text) and isinstance(two, Text):
            if len(one.parts) != len(two.parts):
                return True
            claims = []
            for left, right in zip(one.parts, two.parts, strict=True):
                if isinstance(left, str) or isinstance(right, str):
                    claims.append(left != right)
                else:
                    claims.append(self._differ(model, other, left, right))
            return disj(*claims)
        work = Work(model.symbols, model.facts, one)
        before, after = model.translation.evaluate(one)[0], other.translation.evaluate(two)[0]
        return neg(equal(work, before, after))

    def _is_same(self, one: Expression, two: Expression) -> bool:
        """Whether two expressions are written the same, over the same lets and values."""
        if written(one) != written(two):
            return False
        lets = self._old.lets, self._new.lets
        paths = set(reads(one, lets[0])), set(reads(two, lets[1]))
        if paths[0] != paths[1] or not self._same_lets(one):
            return False
        values = self._twins.values
        if values[0] is values[1]:
            return True
        return all(
            _under(values[0], path[1:]) == _under(values[1], path[1:])
            for path in paths[0]
            if path[0] == "profile"
        )

    def _same_lets(self, node: Expression) -> bool:
        names = _lets_in(node, self._old.lets)
        return all(
            name in self._new.lets
            and written(self._old.lets[name]) == written(self._new.lets[name])
            for name in names
        )


def output_fields(decision: ExpressionDecision) -> Mapping[str, Any]:
    """Return the members of the output."""
    return domain_of(decision.shapes.output.node).fields or {}


def _default(decision: ExpressionDecision, name: str) -> Value:
    default = default_of(decision.shapes.output.node, name)
    return known(None if default is ... else default)


def _answers(model: DecisionModel, place: int) -> Claim:
    """Return whether a rule answers, none does, or one fails."""
    count = len(model.question.body.clauses)
    if place < count:
        return conj(model.matches(place), sound(model.emit_faults(place)))
    none = model.reached(count)
    if place == count:
        return none
    return neg(disj(none, *(_answers(model, each) for each in range(count))))


def _named(decision: ExpressionDecision, place: int) -> str:
    ids = [rule.id for rule in decision.rules]
    return [*ids, "NO_MATCH", "RULE_ERROR"][place]


def _lets_in(node: Expression, lets: Mapping[str, Expression]) -> set[str]:
    """Return the lets that an expression needs, and those that these need."""
    waiting, found = [node], set[str]()
    while waiting:
        part = waiting.pop()
        if isinstance(part, Name) and part.name in lets and part.name not in found:
            found.add(part.name)
            waiting.append(lets[part.name])
        waiting.extend(children(part))
    return found


def _under(values: object, path: tuple[str, ...]) -> object:
    for key in path:
        if key == ANY_KEY or not isinstance(values, Mapping):
            return values
        values = values.get(key)
    return values
