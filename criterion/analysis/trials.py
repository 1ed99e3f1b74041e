"""Trials: facts drawn from a schema by a seed, near the values that rules compare; no solver."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import Any, Final

from criterion.analysis.domain import Domain
from criterion.analysis.text_fit import taking
from criterion.exact import EXPONENT_MAX, INTEGER_MAX
from criterion.expression.tree import Body, Constant, Expression, children
from criterion.quantity import UNLIMITED

TRIALS_MAX: Final = 160
"""How many facts are tried under one profile."""

ITEMS_MAX: Final = 3
"""How many items a list is drawn with at most, unless it needs more."""

HINTS_MAX: Final = 200
"""How many values of a profile and of rules are tried as facts."""

_OTHERS: Final = ("other", "XX", "a", "2026-01-31", "0")
_DEPTH_MAX: Final = 8
_FAR: Final = Decimal(10) ** 15


def hints_of(body: Body, values: object) -> tuple[Any, ...]:
    """Return what rules compare facts with: scalars and keys of a profile, and constants."""
    clauses = [clause.when for clause in body.clauses if clause.when is not None]
    nodes: list[Expression] = [*clauses, *(let.value for let in body.lets)]
    found = dict.fromkeys(
        [*scalars_in(values), *(each for node in nodes for each in _constants(node))]
    )
    return tuple(found)[:HINTS_MAX]


def scalars_in(value: object) -> Iterator[Any]:
    """Yield every key and scalar in a profile: what rules compare facts with."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield key
            yield from scalars_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from scalars_in(part)
    elif value is not None and not isinstance(value, bool):
        yield value


def _constants(node: Expression) -> Iterator[Any]:
    if isinstance(node, Constant):
        yield from scalars_in(node.value)
    for child in children(node):
        yield from _constants(child)


class Drawing:
    """Draws values of domains: the ends of a schema, hints and their neighbours, and any."""

    def __init__(self, hints: tuple[Any, ...], seed: int = 0) -> None:
        """Take what facts are compared with; the same seed draws the same values."""
        self._random = Random(seed)  # noqa: S311 -- the same facts each time
        self._texts = [each for each in hints if isinstance(each, str)]
        self._days = [each for each in hints if type(each) is dt.date]
        self._numbers = [
            each
            for each in hints
            if isinstance(each, int | Decimal)
            and not isinstance(each, bool)
            and -_FAR < each < _FAR
        ]
        self._made: dict[int, tuple[Domain, list[Any]]] = {}

    def value(self, domain: Domain, depth: int = 0) -> Any:  # noqa: ANN401 -- plain data
        """Return a value that the domain takes, as far as it tells."""
        if domain.nullable and self._random.random() < 0.3:  # noqa: PLR2004 -- seeded
            return None
        if depth < _DEPTH_MAX and domain.kind == "list":
            return [
                self.value(domain.item or _NULL, depth + 1) for _ in range(self._length(domain))
            ]
        if depth < _DEPTH_MAX and domain.kind == "mapping":
            return self._mapping(domain, depth)
        if domain.choices is None and domain.kind in {"integer", "number", "quantity"}:
            return self._number(domain)
        choices = self._choices(domain)
        return self._random.choice(choices) if choices else None

    def changed(self, domain: Domain, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return facts with one field drawn again."""
        name = self._random.choice(list(domain.fields or facts))
        return {**facts, name: self.value((domain.fields or {})[name])}

    def _length(self, domain: Domain) -> int:
        most = max(ITEMS_MAX, domain.length_min)
        most = most if domain.length_max is None else min(most, domain.length_max)
        return self._random.randint(min(domain.length_min, most), most)

    def _mapping(self, domain: Domain, depth: int) -> dict[str, Any]:
        if domain.fields is not None:
            return {name: self.value(part, depth + 1) for name, part in domain.fields.items()}
        names = list(domain.key_choices or dict.fromkeys((*self._texts, *_OTHERS)))
        count = self._random.randint(0, min(len(names), ITEMS_MAX))
        keys = [*sorted(domain.keys), *self._random.sample(names, count)]
        return {key: self.value(domain.item or _NULL, depth + 1) for key in keys}

    def _number(self, domain: Domain) -> Any:  # noqa: ANN401 -- a number
        draw = self._random.random()
        if domain.kind == "quantity" and draw < 0.2:  # noqa: PLR2004 -- seeded
            return UNLIMITED
        if draw < 0.8:  # noqa: PLR2004 -- seeded
            return self._random.choice(self._choices(domain))
        low, high = self._choices(domain)[:2]
        size = Decimal(10) ** self._random.randint(0, 6)
        step = domain.multiple_of or (1 if domain.kind == "integer" else Decimal("0.01"))
        count = int(Decimal(self._random.random()) * min(size, Decimal(high) - Decimal(low)) / step)
        made = Decimal(low if low > -_FAR else 0) + count * step
        fitted = int(made) if domain.kind == "integer" else made
        return fitted if _taking(domain)(fitted) else low

    def _choices(self, domain: Domain) -> list[Any]:
        """Return the values that matter of a domain of scalars; of numbers its ends first."""
        key = id(domain)
        if key not in self._made:
            self._made[key] = domain, list(self._listed(domain))
        return self._made[key][1]

    def _listed(self, domain: Domain) -> Iterable[Any]:  # noqa: PLR0911 -- one for each kind
        if domain.choices is not None:
            return domain.choices
        match domain.kind:
            case "boolean":
                return (False, True)
            case "text":
                takes = taking(domain)
                length = "x" * max(1, domain.length_min)
                return [each for each in (*self._texts, *_OTHERS, length) if takes(each)]
            case "date":
                day = dt.timedelta(days=1)
                near = {each + shift * day for each in self._days for shift in (-1, 0, 1)}
                return sorted(near) or [dt.date(2026, 1, 31)]
            case "datetime":
                return [dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC), _START]
            case "integer" | "number" | "quantity":
                return self._near(domain)
            case _:
                return ()

    def _near(self, domain: Domain) -> list[Any]:
        """Return the ends of a domain of numbers, then what facts are compared with."""
        is_whole = domain.kind == "integer"
        step = domain.multiple_of or (1 if is_whole else Decimal("0.01"))
        far = INTEGER_MAX if is_whole else Decimal(10) ** EXPONENT_MAX
        low = -far if domain.least is None else domain.least
        high = far if domain.most is None else domain.most
        ends = [low + step * domain.is_above, high - step * domain.is_below]
        tiny = [] if is_whole else [Decimal(1).scaleb(-EXPONENT_MAX)]
        near = [each + shift for each in self._numbers for shift in (-step, 0, step)]
        given = [*ends, 0, 1, 10, *tiny, *near]
        takes = _taking(domain)
        kept = [int(each) if is_whole else Decimal(each) for each in given if takes(each)]
        return list(dict.fromkeys(kept)) if len(kept) > 1 else [*(kept or ends), *ends]


def _taking(domain: Domain) -> Callable[[int | Decimal], bool]:
    """Return whether a domain of numbers takes a number."""

    def takes(value: int | Decimal) -> bool:
        if domain.kind == "integer" and value != int(value):
            return False
        low, high = domain.least, domain.most
        if low is not None and (value < low or (domain.is_above and value == low)):
            return False
        if high is not None and (value > high or (domain.is_below and value == high)):
            return False
        return domain.multiple_of is None or value % domain.multiple_of == 0

    return takes


_NULL: Final = Domain(kind="null", nullable=True)
_START: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
