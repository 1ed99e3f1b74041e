"""Calls: the functions of the language on symbolic values."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

import z3

from criterion.analysis.smt import days
from criterion.analysis.smt.arithmetic import (
    absolute,
    ceil,
    finite,
    floor,
    not_translated,
    rounded,
    whole,
)
from criterion.analysis.smt.logic import Claim, conj, disj, either, neg
from criterion.analysis.smt.lookups import get
from criterion.analysis.smt.relations import BEFORE, BEHIND, ORDERED
from criterion.analysis.smt.ways import (
    Known,
    Number,
    Opaque,
    Part,
    Table,
    Truth,
    Value,
    Way,
    Word,
    fields_of,
    items_of,
    known,
    only,
    sort_of,
    word_of,
)
from criterion.analysis.smt.work import Operation, Work, of_known, opaque
from criterion.exact import EXPONENT_MAX
from criterion.expression import operations
from criterion.expression.functions import FUNCTIONS


def _of_number(call: Callable[[Work, Number | None], Value]) -> Operation:
    def operation(work: Work, part: Part) -> Iterable[Way]:
        unknown = opaque(work, part)
        if unknown is not None:
            return unknown
        given = finite(work, part)
        return () if given is None else call(work, given[0])

    return operation


def _round(work: Work, part: Part, digits: Part = Known(0)) -> Iterable[Way]:  # noqa: B008 -- frozen
    unknown = opaque(work, part, digits)
    if unknown is not None:
        return unknown
    given = finite(work, part)
    places = finite(work, digits) if given is not None else None
    if given is None or places is None:
        return ()
    count = whole(work, places[0])
    if count is None:
        return ()
    value = z3.simplify(count)
    if not z3.is_int_value(value):
        return not_translated(work, "`round`", given[0], places[0])
    if abs(value.as_long()) > EXPONENT_MAX:
        return work.fail("overflow")
    return rounded(work, given[0], value.as_long())


def extreme(work: Work, values: Iterable[tuple[Claim, Value]], *, is_least: bool) -> Value:
    """Return the first of the least, or of the greatest, of values that are there or not.

    Where none is there, there is no way.
    """
    best: Value = ()
    begun: Claim = False
    compare = BEFORE if is_least else BEHIND
    for there, value in values:
        with work.under(conj(there, neg(begun))):
            for guard, part in value:
                with work.under(guard):
                    _require_order(work, part)
        with work.under(conj(there, begun)):
            is_better = work.truth(work.lifted(compare, value, best)) if best else False
        chosen = conj(there, disj(neg(begun), is_better))
        kept = (Way(conj(neg(chosen), guard), part) for guard, part in best)
        best = work.symbols.merged(
            *(Way(conj(chosen, guard), part) for guard, part in value), *kept
        )
        begun = disj(begun, there)
    return best


def _require_order(work: Work, part: Part) -> None:
    if isinstance(part, Opaque):
        work.may_fail(part.reason)
    elif sort_of(part) not in ORDERED:
        work.wrong_kind(part)


def _extreme(*, is_least: bool) -> Operation:
    def operation(work: Work, *parts: Part) -> Iterable[Way]:
        return extreme(work, [(True, only(part)) for part in parts], is_least=is_least)

    return operation


def _length(work: Work, part: Part) -> Iterable[Way]:
    match sort_of(part):
        case "opaque":
            return opaque(work, part) or ()
        case "text":
            word = word_of(part, work.symbols.texts.number)
            length = work.symbols.texts.asked("len", z3.IntSort(), len)(word.term)
            work.symbols.require(length >= 0)
            if word.longest is not None:
                work.symbols.require(length <= word.longest)
            return only(Number(length, is_whole=True, is_within=True))
        case "list":
            there = [part for part, _ in items_of(part).parts]
            count = z3.Sum([either(each, z3.IntVal(1), z3.IntVal(0)) for each in there])
            return only(Number(count, is_whole=True, is_within=True))
        case "mapping" if isinstance(part, Table):
            return only(Number(work.facts.size(part), is_whole=True, is_within=True))
        case "mapping":
            return known(len(fields_of(part)))
        case _:
            return work.wrong_kind(part)


def _word(work: Work, part: Part) -> Word | None:
    if sort_of(part) == "text":
        return word_of(part, work.symbols.texts.number)
    if isinstance(part, Opaque):
        work.may_fail(part.reason)
        return Word(work.symbols.hole(part.reason, z3.IntSort()))
    work.wrong_kind(part)
    return None


def _cased(name: str, change: Callable[[str], str]) -> Operation:
    def operation(work: Work, part: Part) -> Iterable[Way]:
        word = _word(work, part)
        if word is None:
            return ()
        longest = None if word.longest is None else 3 * word.longest  # `ŉ` becomes two letters
        return only(Word(work.symbols.texts.asked(name, z3.IntSort(), change)(word.term), longest))

    return operation


def _predicate(name: str, holds: Callable[[str, str], bool]) -> Operation:
    def operation(work: Work, value: Part, part: Part) -> Iterable[Way]:
        one = _word(work, value)
        two = _word(work, part) if one is not None else None
        if one is None or two is None:
            return ()
        texts = work.symbols.texts
        if isinstance(part, Known):
            text = part.value
            asked = texts.asked(f"{name} {text!r}", z3.BoolSort(), lambda each: holds(each, text))
            return only(Truth(asked(one.term)))
        if isinstance(value, Known):
            text = value.value
            asked = texts.asked(f"{text!r} {name}", z3.BoolSort(), lambda each: holds(text, each))
            return only(Truth(asked(two.term)))
        made = z3.Function(name, z3.IntSort(), z3.IntSort(), z3.BoolSort())
        work.symbols.holes[name] = f"`{name}` of two texts that are not known"
        return only(Truth(made(one.term, two.term)))

    return operation


def _bucket(work: Work, value: Part, salt: Part) -> Iterable[Way]:
    word = _word(work, value)
    other = _word(work, salt) if word is not None else None
    if word is None or other is None:
        return ()
    symbols, name = work.symbols, "bucket of texts that are not known"
    if isinstance(salt, Known):
        text, name = salt.value, f"bucket under {salt.value!r}"
        function = symbols.texts.asked(
            name, z3.IntSort(), lambda each: _place(each, text), is_random=True
        )
        place = function(word.term)
    else:
        place = z3.Function(name, z3.IntSort(), z3.IntSort(), z3.IntSort())(word.term, other.term)
    symbols.holes[name] = "the `bucket` of a text that is not known"
    symbols.require(z3.And(place >= 0, place < operations.BUCKETS))
    share = z3.ToReal(place) / z3.RealVal(operations.BUCKETS // 100)
    return only(Number(share, is_whole=False, is_within=True))


def _place(text: str, salt: str) -> int:
    return int(operations.bucket(text, salt) * (operations.BUCKETS // 100))


_SYMBOLIC: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "abs": _of_number(absolute),
        "min": _extreme(is_least=True),
        "max": _extreme(is_least=False),
        "round": _round,
        "floor": _of_number(floor),
        "ceil": _of_number(ceil),
        "len": _length,
        "lower": _cased("lower", str.lower),
        "upper": _cased("upper", str.upper),
        "startswith": _predicate("startswith", str.startswith),
        "endswith": _predicate("endswith", str.endswith),
        "contains": _predicate("contains", str.__contains__),
        "get": get,
        "days_between": days.days_between,
        "seconds_between": days.seconds_between,
        "date": days.date,
        "datetime": days.instant,
        "add_days": days.add_days,
        "bucket": _bucket,
    }
)

CALLS: Final[Mapping[str, Operation]] = MappingProxyType(
    {name: of_known(FUNCTIONS[name].call, call) for name, call in _SYMBOLIC.items()}
)
"""What each function does."""
