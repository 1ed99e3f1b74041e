"""Reachability: rules that can never match, what shadows them, and the move that mends it."""

from dataclasses import replace

from criterion.analysis.proving.desk import Desk
from criterion.analysis.proving.setting import Answered, Setting, tried
from criterion.analysis.smt.decision_model import DecisionModel, sound
from criterion.analysis.smt.logic import Claim, conj, neg
from criterion.expression.check import check_body
from criterion.expression.schema_types import type_of_node
from criterion.expression.tree import Body
from criterion.text import code, listing


def note_unreachable(desk: Desk, known: frozenset[int]) -> set[int]:
    """Note every rule that never matches, but for those known, and return their positions."""
    setting = desk.setting
    found = set(known)
    for index, clause in enumerate(setting.body.clauses):
        if index in known:
            continue
        answered = fires(setting, index)
        if answered.verdict == "unknown":
            desk.undecided(f"whether {code(clause.id)} ever matches", answered.reason)
        if answered.verdict != "proven":
            continue
        found.add(index)
        shadows = _needed(setting, index, answered.core)
        message = f"{code(clause.id)} never matches"
        if shadows:
            names = listing([code(setting.body.clauses[place].id) for place in shadows], "and")
            message += f": {names} before it {'matches' if len(shadows) == 1 else 'match'} first"
        else:
            message += ": its condition is never true"
        desk.note(
            "unreachable",
            f"{message}{desk.scope}",
            verdict="proven",
            level="problem" if setting.profile is None else "remark",
            rule=clause.id,
            hint=_move(setting, index, shadows),
            limit=answered.limit,
        )
    return found


def fires(setting: Setting, index: int) -> Answered:
    """Return whether a rule ever is the one that matches."""
    rule = setting.body.clauses[index].id

    def passed_over(model: DecisionModel) -> tuple[Claim, ...]:
        return tuple(conj(sound(faults), neg(holds)) for holds, faults in model.conditions[:index])

    return setting.ask(
        lambda model: (model.holds(index),),
        lambda witness: tried(witness.result) == rule,
        assumptions=passed_over,
        is_shown=False,
    )


def _needed(setting: Setting, index: int, core: tuple[int, ...]) -> tuple[int, ...]:
    """Return the fewest of the earlier rules without which this one might match."""
    kept = list(core)
    for place in core:
        rest = [each for each in kept if each != place]
        conditions = setting.model.conditions
        passed = [conj(sound(conditions[each][1]), neg(conditions[each][0])) for each in rest]
        if setting.is_refuted(setting.model.holds(index), *passed):
            kept = rest
    return tuple(kept)


def _move(setting: Setting, index: int, shadows: tuple[int, ...]) -> str | None:
    """Return the move after which every rule can match, where that is proven to be one."""
    clauses = setting.body.clauses
    if not shadows:
        return "remove the rule, or mend its condition"
    target = shadows[0]
    order = [*clauses[:target], clauses[index], *clauses[target:index], *clauses[index + 1 :]]
    body = replace(setting.body, clauses=tuple(order))
    if not _is_sound(setting, body):
        return None
    moved = setting.moved(body)
    if any(fires(moved, place).verdict != "found" for place in range(len(order))):
        return None
    first = code(clauses[target].id)
    return f"move {code(clauses[index].id)} before {first}; then every rule matches some facts"


def _is_sound(setting: Setting, body: Body) -> bool:
    """Whether a body may be loaded with its rules in this order."""
    output = type_of_node(setting.decision.shapes.output.node)
    is_last = all(clause.when is not None for clause in body.clauses[:-1])
    return is_last and not check_body(body, *setting.decision.types, output)
