"""Readings: what a model of z3 says that facts are, as plain data."""

import datetime as dt
from collections.abc import Mapping
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, Final

import z3

from criterion.analysis.domain import Domain
from criterion.analysis.smt.leaves import leaf
from criterion.analysis.smt.spelling import spelled
from criterion.analysis.smt.symbols import Symbols, exact_decimal
from criterion.analysis.smt.ways import (
    Term,
)
from criterion.analysis.text_fit import taking
from criterion.analysis.trials import Drawing
from criterion.exact import DIGITS_MAX
from criterion.frozen import FrozenDict, FrozenList
from criterion.quantity import UNLIMITED

_SECOND: Final = 1_000_000
_NEAREST: Final = Context(prec=DIGITS_MAX)
_EPOCH: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


class Reading:
    """Reads one model."""

    def __init__(self, symbols: Symbols, asked: Mapping[str, list[Term]], model: Any) -> None:  # noqa: ANN401
        """Take what the translation shares, the keys that were looked up, and the model."""
        self._texts = symbols.texts
        self._asked = asked
        self._model = model
        self._others: dict[int, str] = {}

    def value(self, domain: Domain, path: str, keys: tuple[Term, ...] = ()) -> Any:  # noqa: ANN401
        """Return what the value at a path is; numbers that are no decimal, the nearest one."""
        if domain.kept == "nothing":
            return Drawing(()).value(domain)
        is_null = domain.nullable and self._is_true(f"{path}?", keys)
        if is_null or domain.kind in {"any", "null"}:
            return None
        if domain.kind == "list":
            length = self._int(f"{path}#", keys)
            item = domain.item or Domain(kind="any", nullable=True)
            return FrozenList(self.value(item, f"{path}[{place}]", keys) for place in range(length))
        if domain.fields is not None:
            parts = domain.fields.items()
            return FrozenDict(
                (name, self.value(part, f"{path}.{name}", keys)) for name, part in parts
            )
        if domain.kind == "mapping":
            return self._table(domain, path, keys)
        return self._scalar(domain, path, keys)

    def _table(self, domain: Domain, path: str, keys: tuple[Term, ...]) -> Any:  # noqa: ANN401
        item = domain.item or Domain(kind="any", nullable=True)
        asked = {self._eval(term).as_long() for term in self._asked.get(path, ())}
        asked |= {self._texts.number(key) for key in domain.keys}
        present = [
            number for number in sorted(asked)
            if self._texts.text(number) in domain.keys
            or self._is_true(f"{path}{{}}?", (*keys, z3.IntVal(number)))
        ]  # fmt: skip
        name = Domain(kind="text")
        return FrozenDict(
            (self._text(name, number), self.value(item, f"{path}{{}}", (*keys, z3.IntVal(number))))
            for number in present
        )

    def _scalar(self, domain: Domain, path: str, keys: tuple[Term, ...]) -> Any:  # noqa: ANN401, PLR0911 -- one line per kind
        match domain.kind:
            case "boolean":
                return self._is_true(path, keys)
            case "text":
                return self._text(domain, self._int(path, keys))
            case "date":
                return dt.date.fromordinal(self._int(path, keys))
            case "datetime":
                offset = dt.timedelta(seconds=self._int(f"{path}+", keys))
                moment = self._int(path, keys) + offset // dt.timedelta(microseconds=1)
                local = _EPOCH.replace(tzinfo=None) + dt.timedelta(microseconds=moment)
                return local.replace(tzinfo=dt.timezone(offset) if offset else dt.UTC)
            case "integer":
                return self._int(path, keys)
            case "quantity" if self._is_true(f"{path}!", keys):
                return UNLIMITED
            case _:
                return decimal_of(self._eval(leaf(path, keys, z3.RealSort())))

    def _text(self, domain: Domain, number: int) -> str:
        found = self._texts.text(number)
        if found is None and number not in self._others:
            takes = taking(domain)
            taken = set(self._others.values())
            self._others[number] = spelled(
                domain.pattern,
                self._texts.known,
                lambda text: text not in taken and takes(text),
                lambda text: self._texts.agrees(self._model, number, text),
            )
        return self._others[number] if found is None else found

    def _eval(self, term: Term) -> Any:  # noqa: ANN401
        return self._model.eval(term, model_completion=True)

    def _int(self, path: str, keys: tuple[Term, ...]) -> int:
        return int(self._eval(leaf(path, keys, z3.IntSort())).as_long())

    def _is_true(self, path: str, keys: tuple[Term, ...]) -> bool:
        return bool(z3.is_true(self._eval(leaf(path, keys, z3.BoolSort()))))


def decimal_of(term: Term) -> Decimal:
    """Return a number of a model as a decimal, the nearest one where it is none."""
    if z3.is_algebraic_value(term):
        term = term.approx(40)
    value = Fraction(term.numerator_as_long(), term.denominator_as_long())
    exact = exact_decimal(value)
    if exact is not None:
        return exact
    return _NEAREST.divide(Decimal(value.numerator), Decimal(value.denominator))
