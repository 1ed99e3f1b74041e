"""Constants: conditions, and parts of conditions, that are always true or never."""

from collections.abc import Iterator
from typing import Final

from criterion.analysis.proving.desk import Desk
from criterion.analysis.smt.logic import Claim, conj, disj, neg
from criterion.analysis.smt.ways import Known, Truth, Value
from criterion.expression.tree import And, Expression, Or, children
from criterion.expression.written import written
from criterion.text import code

TEXT_MAX: Final = 80
"""How much of a condition a message quotes, in characters."""


def note_constants(desk: Desk, unreachable: set[int]) -> None:
    """Note conditions that are the same for all facts, for what they say themselves."""
    setting = desk.setting
    model = setting.model
    for index, clause in enumerate(setting.body.clauses):
        if clause.when is None or index in unreachable:
            continue
        whole = model.holds(index)
        if not isinstance(whole, bool) and setting.is_refuted(neg(whole)):
            desk.note(
                "constant",
                f"the condition of {code(clause.id)} is always true{desk.scope}",
                verdict="proven",
                level="problem",
                rule=clause.id,
                node=clause.when,
                hint="write `when: otherwise`, as the last rule",
            )
            continue
        for part in _parts(clause.when):
            _note_part(desk, clause.id, part)


def _note_part(desk: Desk, rule: str, part: Expression) -> None:
    setting = desk.setting
    path, value = setting.model.translation.values.get(id(part), (True, ()))
    holds = _claim(value)
    for word, claim in (("always true", neg(holds)), ("never true", holds)):
        if setting.is_refuted(path, claim):
            desk.note(
                "constant",
                f"{code(_quoted(part))} is {word} where it is asked{desk.scope}",
                verdict="proven",
                level="problem",
                rule=rule,
                node=part,
                hint="leave it out, or mend what it compares",
            )
            return


def _parts(node: Expression) -> Iterator[Expression]:
    """Yield the operands of every `and` and `or` that stands outside of loops."""
    if isinstance(node, And | Or):
        for operand in node.operands:
            if isinstance(operand, And | Or):
                yield from _parts(operand)
            else:
                yield operand
        return
    for child in children(node):
        yield from _parts(child)


def _claim(value: Value) -> Claim:
    claims = []
    for guard, part in value:
        if isinstance(part, Truth):
            claims.append(conj(guard, part.term))
        elif isinstance(part, Known) and part.value is True:
            claims.append(guard)
    return disj(*claims)


def _quoted(part: Expression) -> str:
    text = written(part)
    return text if len(text) <= TEXT_MAX else f"{text[: TEXT_MAX - 1]}…"
