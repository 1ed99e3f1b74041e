"""Lookups: what stands under a key of a mapping, or at a position of a list."""

from collections.abc import Iterable
from typing import Final

import z3

from criterion.analysis.smt.logic import conj, either, neg
from criterion.analysis.smt.relations import has_key
from criterion.analysis.smt.ways import (
    Known,
    Opaque,
    Part,
    Table,
    Term,
    Way,
    fields_of,
    items_of,
    known,
    number_of,
    sort_of,
    word_of,
)
from criterion.analysis.smt.work import Work, of_known, opaque
from criterion.expression import operations


def get(work: Work, mapping: Part, key: Part, default: Part) -> Iterable[Way]:
    """Return what stands under a key, or the default."""
    unknown = opaque(work, mapping)
    if unknown is not None:
        return unknown
    if sort_of(mapping) != "mapping":
        return work.wrong_kind(mapping)
    present = has_key(work, mapping, key)
    if present is None:
        return ()
    return [*under_key(work, mapping, key), Way(neg(present), default)]


def under_key(work: Work, mapping: Part, key: Part) -> Iterable[Way]:
    """Yield what stands under a key of a mapping, each where the key is there."""
    texts = work.symbols.texts
    if isinstance(key, Opaque):
        yield Way(work.symbols.hole(key.reason, z3.BoolSort()), key)
    elif sort_of(key) == "number":
        yield from _under_number(mapping, key)
    elif isinstance(mapping, Table):
        present, value = work.facts.looked_up(mapping, word_of(key, texts.number).term)
        yield from (Way(conj(present, guard), part) for guard, part in value)
    elif isinstance(key, Known):
        yield from fields_of(mapping).get(key.value, ())
    else:
        term = word_of(key, texts.number).term
        for name, value in fields_of(mapping).items():
            if isinstance(name, str):
                is_it = term == texts.number(name)
                yield from (Way(conj(is_it, guard), part) for guard, part in value)


def _under_number(mapping: Part, key: Part) -> Iterable[Way]:
    number = number_of(key)
    if isinstance(mapping, Known) and number is not None and number.is_whole:
        for name, value in mapping.value.items():
            if isinstance(name, int):
                yield from (Way(number.term == name, part) for _, part in known(value))


def at_key(work: Work, base: Part, index: Part) -> Iterable[Way]:
    """Return what stands under a key of a mapping, or at a position of a list."""
    match sort_of(base):
        case "opaque":
            return opaque(work, base) or ()
        case "mapping":
            present = has_key(work, base, index)
            if present is None:
                return ()
            work.fail("missing_key", neg(present))
            return list(under_key(work, base, index))
        case "list":
            return _at_position(work, base, index)
        case _:
            return work.wrong_kind(base)


def _at_position(work: Work, base: Part, index: Part) -> Iterable[Way]:
    unknown = opaque(work, index)
    if unknown is not None:
        return unknown
    number = number_of(index) if sort_of(index) == "number" else None
    if number is None or not number.is_whole:
        return work.wrong_kind(index) if sort_of(index) != "number" else work.fail("type")
    ways: list[Way] = []
    before: Term = z3.IntVal(0)
    for there, value in items_of(base).parts:
        is_it = conj(there, number.term == before)
        ways += (Way(conj(is_it, guard), part) for guard, part in value)
        before = before + either(there, z3.IntVal(1), z3.IntVal(0))
    work.fail("missing_key", z3.Or(number.term < 0, number.term >= before))
    return ways


AT_KEY: Final = of_known(operations.at_key, at_key)
