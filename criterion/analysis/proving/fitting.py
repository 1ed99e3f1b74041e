"""Fitting: facts for which a rule emits what the output schema refuses."""

from collections.abc import Callable, Iterable
from typing import Any

import z3

from criterion.analysis.domain import Domain, domain_of
from criterion.analysis.proving.desk import Desk
from criterion.analysis.proving.setting import Witness, tried
from criterion.analysis.smt.decision_model import DecisionModel, sound
from criterion.analysis.smt.logic import ALWAYS, Claim, conj, disj, neg
from criterion.analysis.smt.ways import (
    Items,
    Known,
    Part,
    Table,
    Value,
    as_real,
    claim_of,
    fields_of,
    items_of,
    number_of,
    real,
    sort_of,
    word_of,
)
from criterion.analysis.text_fit import taking
from criterion.output_fit import output_readers
from criterion.result import Status
from criterion.text import code


def note_misfits(desk: Desk) -> None:
    """Note facts for which a rule emits what the output schema refuses."""
    setting = desk.setting
    domain = domain_of(setting.decision.shapes.output.node)
    readers = output_readers(setting.decision)
    for index, clause in enumerate(setting.body.clauses):
        if readers[index] is None:
            continue
        misfit = _misfit(domain, index)
        answered = setting.ask(misfit, _is_refused(clause.id))
        if answered.verdict == "unknown":
            what = f"whether what {code(clause.id)} emits fits the output"
            desk.undecided(what, answered.reason)
        if answered.verdict == "found" and answered.witness is not None:
            error = answered.witness.result.errors[0]
            member = error.path.partition(".")[0]
            desk.note(
                "output",
                f"{code(clause.id)} emits what the output refuses: {code(member)} {error.message}",
                verdict="found",
                level=desk.level,
                rule=clause.id,
                node=dict(clause.emit).get(member),
                witness=answered.witness,
                hint="bound the value where it is emitted, or widen the schema",
            )


def _is_refused(rule: str) -> Callable[[Witness], bool]:
    def confirms(witness: Witness) -> bool:
        result = witness.result
        return result.status is Status.INVALID_OUTPUT and tried(result) == rule

    return confirms


def _misfit(domain: Domain, index: int) -> Callable[[DecisionModel], tuple[Claim, ...]]:
    def claims(model: DecisionModel) -> tuple[Claim, ...]:
        parts = domain.fields or {}
        fits = [_asks_no_more(model, domain)]
        fits += [
            _fits(model, member.value, parts[member.name])
            for member in model.emits(index)
            if member.name in parts
        ]
        return model.matches(index), sound(model.emit_faults(index)), neg(conj(*fits))

    return claims


def _fits(model: DecisionModel, value: Value, domain: Domain) -> Claim:
    """Return whether a value is one that a schema takes, as far as its domain tells."""
    told = _asks_no_more(model, domain)
    if domain.kind == "any":
        return told
    return conj(told, *(disj(neg(way.guard), _part_fits(model, way.part, domain)) for way in value))


def _asks_no_more(model: DecisionModel, domain: Domain) -> Claim:
    """Return whether a schema refuses nothing but what its domain says."""
    reason = "a limit or a validator of the output"
    return model.symbols.hole(reason, z3.BoolSort()) if domain.has_more else True


def _part_fits(model: DecisionModel, part: Part, domain: Domain) -> Claim:  # noqa: PLR0911 -- one for each sort
    sort = sort_of(part)
    if sort == "null":
        return domain.nullable
    if sort == "number":
        return _number_fits(part, domain)
    if sort == "text" and domain.kind == "text":
        return _text_fits(model, part, domain)
    if sort == "boolean" and domain.choices is not None:
        return disj(*(claim_of(part) == choice for choice in domain.choices))  # type: ignore[arg-type] # a truth
    if sort == "list" and domain.kind == "list":
        return _list_fits(model, items_of(part), domain)
    if sort == "mapping" and domain.fields is not None and not isinstance(part, Table):
        inner = fields_of(part)
        parts = domain.fields
        known = (_fits(model, inner[name], parts[name]) for name in inner if name in parts)
        return conj(domain.keys <= inner.keys() <= parts.keys(), *known)
    if sort == "opaque":
        return model.symbols.hole("a value of any kind", z3.BoolSort())
    return True


def _number_fits(part: Part, domain: Domain) -> Claim:
    number = number_of(part)
    if number is None:
        return domain.kind == "quantity"
    if domain.kind not in {"integer", "number", "quantity"}:
        return True
    term = as_real(number)
    claims: list[Claim] = [ALWAYS]
    if domain.kind == "integer" and not number.is_whole:
        claims.append(z3.IsInt(term))
    if domain.least is not None:
        least = real(domain.least)
        claims.append(term > least if domain.is_above else term >= least)
    if domain.most is not None:
        most = real(domain.most)
        claims.append(term < most if domain.is_below else term <= most)
    if domain.multiple_of is not None:
        claims.append(z3.IsInt(term / real(domain.multiple_of)))
    if domain.choices is not None:
        claims.append(disj(*(term == real(choice) for choice in _numbers(domain))))
    return conj(*claims)


def _numbers(domain: Domain) -> Iterable[Any]:
    return (choice for choice in domain.choices or () if not isinstance(choice, str | bool))


def _text_fits(model: DecisionModel, part: Part, domain: Domain) -> Claim:
    texts = model.symbols.texts
    takes = taking(domain)
    if isinstance(part, Known):
        is_choice = domain.choices is None or part.value in domain.choices
        return bool(is_choice and takes(part.value))
    word = word_of(part, texts.number)
    if domain.choices is not None:
        return texts.among(word.term, tuple(map(str, domain.choices)))
    is_short = (
        domain.length_max is None or (word.longest or domain.length_max + 1) <= domain.length_max
    )
    if not domain.length_min and is_short and domain.pattern is None:
        return True
    name = f"fits {domain.length_min} {domain.length_max} {domain.pattern}"
    return texts.asked(name, z3.BoolSort(), takes)(word.term)


def _list_fits(model: DecisionModel, items: Items, domain: Domain) -> Claim:
    inner = domain.item
    each = (
        disj(neg(there), _fits(model, item, inner))
        for there, item in items.parts
        if inner is not None
    )
    count = z3.Sum([z3.IntVal(0), *(z3.If(there, 1, 0) for there, _ in items.parts)])
    most = True if domain.length_max is None else count <= domain.length_max
    least = count >= domain.length_min if domain.length_min else True
    return conj(least, most, *each)
