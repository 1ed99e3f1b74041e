"""Relations: equality, order and membership of symbolic values."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

import z3

from criterion.analysis.smt.logic import ALWAYS, Claim, conj, disj, neg
from criterion.analysis.smt.ways import (
    Items,
    Known,
    Opaque,
    Part,
    Table,
    Term,
    Value,
    Way,
    as_real,
    claim_of,
    day_of,
    fields_of,
    items_of,
    moment_of,
    number_of,
    sort_of,
    truth,
    word_of,
)
from criterion.analysis.smt.work import Operation, Work, of_known, opaque, undecided
from criterion.expression import operations

PARTS_MAX: Final = 300
"""How many items of a list that is known are compared one by one."""

ORDERED: Final = frozenset({"number", "date", "instant"})


def equal(work: Work, left: Value, right: Value) -> Claim:
    """Return whether two values are the same."""
    pairs = (
        conj(one.guard, two.guard, same(work, one.part, two.part)) for one in left for two in right
    )
    return disj(*pairs)


def same(work: Work, left: Part, right: Part) -> Claim:
    """Return whether two parts are the same."""
    if isinstance(left, Known) and isinstance(right, Known):
        return operations.equal(left.value, right.value)
    for part in (left, right):
        if isinstance(part, Opaque):
            return work.symbols.hole(part.reason, z3.BoolSort())
    sort = sort_of(left)
    if sort != sort_of(right):
        return False
    return _SAME[sort](work, left, right)


def _same_numbers(work: Work, left: Part, right: Part) -> Claim:
    one, two = number_of(left), number_of(right)
    return False if one is None or two is None else work.symbols.same(one, two)


def _same_truths(_: Work, left: Part, right: Part) -> Claim:
    one, two = claim_of(left), claim_of(right)  # type: ignore[arg-type] # both are truth values
    if isinstance(one, bool):
        one, two = two, one
    if isinstance(two, bool):
        return one if two else neg(one)
    return one == two


def _same_words(work: Work, left: Part, right: Part) -> Claim:
    number = work.symbols.texts.number
    return word_of(left, number).term == word_of(right, number).term


def _same_lists(work: Work, left: Part, right: Part) -> Claim:
    one, two = items_of(left), items_of(right)
    if not one.is_packed or not two.is_packed:
        return work.symbols.hole(
            "a list without the items that a condition leaves out", z3.BoolSort()
        )
    if max(len(one.parts), len(two.parts)) > PARTS_MAX:
        return work.symbols.hole("a comparison of long lists", z3.BoolSort())
    claims = []
    for place in range(max(len(one.parts), len(two.parts))):
        there = [
            items.parts[place][0] if place < len(items.parts) else False for items in (one, two)
        ]
        if there[0] is False or there[1] is False:
            claims.append(conj(neg(there[0]), neg(there[1])))
            continue
        both = conj(*there)
        is_same = equal(work, one.parts[place][1], two.parts[place][1])
        claims.append(disj(conj(neg(there[0]), neg(there[1])), conj(both, is_same)))
    return conj(*claims)


def _same_mappings(work: Work, left: Part, right: Part) -> Claim:
    if isinstance(left, Table) or isinstance(right, Table):
        return work.symbols.hole("a comparison of mappings whose keys are not known", z3.BoolSort())
    one, two = fields_of(left), fields_of(right)
    if one.keys() != two.keys():
        return False
    return conj(*(equal(work, one[name], two[name]) for name in one))


_SAME: Final[Mapping[str, Callable[[Work, Part, Part], Claim]]] = MappingProxyType(
    {
        "number": _same_numbers,
        "boolean": _same_truths,
        "text": _same_words,
        "date": lambda _, left, right: day_of(left) == day_of(right),
        "instant": lambda _, left, right: moment_of(left).micros == moment_of(right).micros,
        "list": _same_lists,
        "mapping": _same_mappings,
        "null": lambda *_: True,
    }
)


def _compared(
    order: Callable[[Term, Term], Term], unlimited: Callable[[bool, bool], bool]
) -> Operation:
    """Return a comparison: of terms, or by which of two numbers are unlimited."""

    def operation(work: Work, left: Part, right: Part) -> Iterable[Way]:
        for part in (left, right):
            if isinstance(part, Opaque):
                work.may_fail(part.reason)
                return undecided(work, part.reason)
        sort = sort_of(left)
        if sort not in ORDERED or sort_of(right) != sort:
            return work.wrong_kind(left if sort not in ORDERED else right)
        terms = _terms(sort, left, right)
        if terms is None:
            return truth(unlimited(number_of(left) is None, number_of(right) is None))
        return truth(order(*terms))

    return operation


def _terms(sort: str, left: Part, right: Part) -> tuple[Term, Term] | None:
    """Return two values of one sort as terms that have an order; ``None`` for unlimited."""
    if sort == "date":
        return day_of(left), day_of(right)
    if sort == "instant":
        return moment_of(left).micros, moment_of(right).micros
    one, two = number_of(left), number_of(right)
    if one is None or two is None:
        return None
    is_whole = one.is_whole and two.is_whole
    return (one.term, two.term) if is_whole else (as_real(one), as_real(two))


def _equality(is_equal: bool) -> Operation:  # noqa: FBT001 -- one of two
    def operation(work: Work, left: Part, right: Part) -> Iterable[Way]:
        claim = same(work, left, right)
        return truth(claim if is_equal else neg(claim))

    return operation


def _membership(is_in: bool) -> Operation:  # noqa: FBT001 -- one of two
    def operation(work: Work, value: Part, container: Part) -> Iterable[Way]:
        claim = _held(work, value, container)
        if claim is None:
            return ()
        return truth(claim if is_in else neg(claim))

    return operation


def _held(work: Work, value: Part, container: Part) -> Claim | None:
    """Return whether a list or mapping holds a value, ``None`` where that fails."""
    match sort_of(container):
        case "opaque":
            opaque(work, container)
            return work.symbols.hole("a value of any kind", z3.BoolSort())
        case "list":
            return _among(work, value, items_of(container))
        case "mapping":
            return has_key(work, container, value)
        case _:
            work.wrong_kind(container)
            return None


def _among(work: Work, value: Part, items: Items) -> Claim:
    if len(items.parts) > PARTS_MAX:
        return work.symbols.hole(f"a list of more than {PARTS_MAX} items", z3.BoolSort())
    given = (Way(ALWAYS, value),)
    return disj(*(conj(there, equal(work, given, item)) for there, item in items.parts))


def has_key(work: Work, mapping: Part, key: Part) -> Claim | None:
    """Return whether a mapping has a key, ``None`` where that fails."""
    if isinstance(key, Opaque):
        opaque(work, key)
        return work.symbols.hole(key.reason, z3.BoolSort())
    sort = sort_of(key)
    if sort not in {"text", "number"}:
        work.wrong_kind(key)
        return None
    if sort == "number":
        return _has_number(work, mapping, key)
    texts = work.symbols.texts
    if isinstance(mapping, Table):
        return work.facts.looked_up(mapping, word_of(key, texts.number).term)[0]
    if isinstance(key, Known):
        return key.value in fields_of(mapping)
    keys: list[Any] = [*fields_of(mapping)]
    names = tuple(key for key in keys if isinstance(key, str))
    return texts.among(word_of(key, texts.number).term, names)


def _has_number(work: Work, mapping: Part, key: Part) -> Claim | None:
    """Return whether a mapping has a number as its key; the keys of facts are texts."""
    if isinstance(key, Known) and not isinstance(key.value, int):
        work.wrong_kind(key)
        return None
    number = number_of(key)
    if number is not None and not number.is_whole:
        work.may_fail("a number as a key")
        return work.symbols.hole("a number as a key", z3.BoolSort())
    if isinstance(mapping, Known) and number is not None:
        keys: list[Any] = [*mapping.value]
        return disj(*(number.term == each for each in keys if isinstance(each, int)))
    return False


RELATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "==": _equality(is_equal=True),
        "!=": _equality(is_equal=False),
        "<": of_known(
            operations.less,
            _compared(lambda one, two: one < two, lambda left, right: right and not left),
        ),
        "<=": of_known(
            operations.less_or_equal,
            _compared(lambda one, two: one <= two, lambda _, right: right),
        ),
        ">": of_known(
            operations.greater,
            _compared(lambda one, two: one > two, lambda left, right: left and not right),
        ),
        ">=": of_known(
            operations.greater_or_equal,
            _compared(lambda one, two: one >= two, lambda left, _: left),
        ),
        "in": of_known(operations.is_in, _membership(is_in=True)),
        "not in": of_known(
            lambda value, container: not operations.is_in(value, container),
            _membership(is_in=False),
        ),
    }
)
"""What each comparison operator does."""

BEFORE: Final = RELATIONS["<"]
BEHIND: Final = RELATIONS[">"]
