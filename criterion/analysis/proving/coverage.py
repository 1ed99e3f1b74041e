"""Coverage: facts that no rule covers, and facts that several rules cover in different ways."""

from collections.abc import Mapping

from criterion.analysis.proving.desk import Desk
from criterion.analysis.proving.setting import Witness
from criterion.analysis.smt.decision_model import DecisionModel
from criterion.analysis.smt.logic import Claim, conj, disj, neg
from criterion.analysis.smt.relations import equal
from criterion.analysis.smt.work import Work
from criterion.expression.failure import ExpressionFailure
from criterion.json_text import plain
from criterion.result import Status
from criterion.text import code


def note_gap(desk: Desk) -> None:
    """Note facts that no rule covers."""
    setting = desk.setting
    count = len(setting.body.clauses)
    answered = setting.ask(
        lambda model: (model.reached(count),),
        lambda witness: witness.result.status is Status.NO_MATCH,
    )
    if answered.verdict == "unknown":
        desk.undecided("whether a rule covers all facts", answered.reason)
    if answered.verdict == "found":
        desk.note(
            "gap",
            "no rule covers some facts",
            verdict="found",
            level=desk.level,
            witness=answered.witness,
            hint="add a last rule with `when: otherwise`",
        )


def note_overlaps(desk: Desk, dead: set[int]) -> None:
    """Note of each rule that ever matches where an earlier one emits something else first."""
    setting = desk.setting
    for index, clause in enumerate(setting.body.clauses):
        if index == 0 or index in dead or clause.when is None:
            continue
        alone = _Alone(desk, index)
        answered = setting.ask(alone.claims, alone.confirms)
        if answered.verdict == "unknown":
            desk.undecided(
                f"whether an earlier rule takes facts from {code(clause.id)}",
                answered.reason,
            )
        if answered.verdict == "found" and answered.witness is not None:
            first = code(str(answered.witness.result.matched_rule))
            desk.note(
                "overlap",
                f"{code(clause.id)} would emit something else where {first} matches first",
                verdict="found",
                level="remark",
                rule=clause.id,
                witness=answered.witness,
            )


class _Alone:
    """One rule as if it were asked alone."""

    def __init__(self, desk: Desk, index: int) -> None:
        self._index = index
        self._rule = desk.setting.decision.rules[index]
        self._earlier = {clause.id for clause in desk.setting.body.clauses[:index]}

    def claims(self, model: DecisionModel) -> tuple[Claim, ...]:
        earlier = (
            conj(model.matches(place), _differs(model, place, self._index))
            for place in range(self._index)
        )
        return model.holds(self._index), disj(*earlier)

    def confirms(self, witness: Witness) -> bool:
        result = witness.result
        if result.status is not Status.OK or result.matched_rule not in self._earlier:
            return False
        facts, profile = dict(witness.seen), dict(witness.profile)
        try:
            if not callable(self._rule.when) or self._rule.when(facts, profile) is not True:
                return False
            emitted = self._rule.emit(facts, profile)
        except ExpressionFailure:
            return False
        first = result.to_dict()["data"]
        same = isinstance(first, dict) and isinstance(emitted, Mapping)
        return not same or plain({**first, **emitted}) != first


def _differs(model: DecisionModel, one: int, two: int) -> Claim:
    left = {member.name: member for member in model.emits(one)}
    right = {member.name: member for member in model.emits(two)}
    if left.keys() != right.keys():
        return True
    claims = []
    for name, member in left.items():
        work = Work(model.symbols, model.facts, member.node)
        claims.append(neg(equal(work, member.value, right[name].value)))
    return disj(*claims)
