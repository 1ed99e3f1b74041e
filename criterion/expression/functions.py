"""Functions: the closed list that expressions may call, with what each takes and returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from criterion.expression import dates, numbers, operations
from criterion.expression.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    INTEGER,
    NUMBER,
    NUMERIC,
    QUANTITY,
    TEXT,
    Kind,
    Type,
)

Types: TypeAlias = tuple[Type, ...]
Kinds: TypeAlias = frozenset[Kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function of the language.

    Attributes:
        name: What it is called by.
        parameters: The kinds that each parameter takes, in order. An argument of kind ``any``
            is checked when it is called. Only the last of ``get`` takes null.
        required: How many of the parameters must be given.
        repeats: Whether the last parameter may be given any number of times.
        is_uniform: Whether all arguments must be of one sort: numbers, dates or instants.
        returns: What it returns for arguments of these types.
        call: Calls it; raises `ExpressionFailure` and nothing else.
    """

    name: str
    parameters: tuple[Kinds, ...]
    required: int
    repeats: bool = False
    is_uniform: bool = False
    returns: Callable[[Types], Type]
    call: Callable[..., Any]

    def scans(self, position: int) -> bool:
        """Whether it goes through the text that it is given there."""
        return self.parameters[min(position, len(self.parameters) - 1)] == _TEXT


def number_type(types: Types) -> Type:
    """Return the type of a number made of numbers: the widest of theirs."""
    kinds = {given.kind for given in types}
    if kinds <= {"integer"}:
        return INTEGER
    return NUMBER if kinds <= {"integer", "number"} else QUANTITY


def extreme_type(types: Types) -> Type:
    """Return the type of the least or greatest of values of these types."""
    kinds = {given.kind for given in types}
    if kinds <= NUMERIC:
        return number_type(types)
    kind = types[0].kind
    return Type(kind=kind) if kinds <= _DAY and len(kinds) == 1 else ANY.non_null()


def either_type(left: Type, right: Type) -> Type:
    """Return the type of a value that is of one type or of the other."""
    nullable = left.nullable or right.nullable
    redacted = left.is_redacted or right.is_redacted
    if right.kind == "null":
        return left._replace(nullable=True, is_redacted=redacted)
    if left.kind == "null":
        return right._replace(nullable=True, is_redacted=redacted)
    if {left.kind, right.kind} <= NUMERIC:
        return number_type((left, right))._replace(nullable=nullable, is_redacted=redacted)
    if left.non_null() == right.non_null():
        return left._replace(nullable=nullable)
    if left.kind == right.kind and left.kind not in {"list", "mapping"}:
        return Type(kind=left.kind, nullable=nullable, is_redacted=redacted)
    return Type(kind="any", nullable=nullable, is_redacted=redacted)


def _whole_type(types: Types) -> Type:
    return INTEGER if types[0].kind in {"integer", "number"} else QUANTITY


def _rounded_type(types: Types) -> Type:
    return _whole_type(types) if len(types) == 1 else number_type(types[:1])


def _got_type(types: Types) -> Type:
    mapping, default = types[0], types[2]
    if mapping.item is None:
        return ANY
    return either_type(mapping.item, default)


def _later_type(types: Types) -> Type:
    return {"date": DATE, "datetime": DATETIME}.get(types[0].kind, ANY.non_null())


def _always(returned: Type) -> Callable[[Types], Type]:
    return lambda _: returned


_TEXT: Final = Kinds({"text"})
_WHOLE: Final = Kinds({"integer", "number"})
_DAY: Final = Kinds({"date", "datetime"})
_INSTANT: Final = Kinds({"datetime"})
_MAPPING: Final = Kinds({"mapping"})
_COUNTABLE: Final = Kinds({"text", "list", "mapping"})
_READABLE: Final = Kinds({"text", "date", "datetime"})
_ANYTHING: Final = _COUNTABLE | _DAY | NUMERIC | Kinds({"boolean", "null", "any"})


def _function(
    name: str,
    parameters: tuple[Kinds, ...],
    returns: Type | Callable[[Types], Type],
    call: Callable[..., Any],
    *,
    required: int | None = None,
    repeats: bool = False,
) -> Function:
    return Function(
        name=name,
        parameters=parameters,
        required=len(parameters) if required is None else required,
        repeats=repeats,
        is_uniform=repeats,
        returns=_always(returns) if isinstance(returns, Type) else returns,
        call=call,
    )


_EXTREME: Final = (NUMERIC | _DAY, NUMERIC | _DAY)
_LIST: Final = (
    _function("abs", (NUMERIC,), number_type, numbers.absolute),
    _function("min", _EXTREME, extreme_type, operations.least, repeats=True),
    _function("max", _EXTREME, extreme_type, operations.greatest, repeats=True),
    _function("round", (NUMERIC, _WHOLE), _rounded_type, numbers.rounded, required=1),
    _function("floor", (NUMERIC,), _whole_type, numbers.floor),
    _function("ceil", (NUMERIC,), _whole_type, numbers.ceil),
    _function("len", (_COUNTABLE,), INTEGER, operations.length),
    _function("lower", (_TEXT,), TEXT, operations.lower),
    _function("upper", (_TEXT,), TEXT, operations.upper),
    _function("startswith", (_TEXT, _TEXT), BOOLEAN, operations.starts_with),
    _function("endswith", (_TEXT, _TEXT), BOOLEAN, operations.ends_with),
    _function("contains", (_TEXT, _TEXT), BOOLEAN, operations.contains),
    _function("get", (_MAPPING, _TEXT, _ANYTHING), _got_type, operations.get),
    _function("days_between", (_DAY, _DAY), INTEGER, dates.days_between),
    _function("seconds_between", (_INSTANT, _INSTANT), NUMBER, dates.seconds_between),
    _function("date", (_READABLE,), DATE, dates.date),
    _function("datetime", (_READABLE - {"date"},), DATETIME, dates.instant),
    _function("add_days", (_DAY, _WHOLE), _later_type, dates.add_days),
    _function("bucket", (_TEXT, _TEXT), NUMBER, operations.bucket),
)

FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType({made.name: made for made in _LIST})
"""Every function there is, by name."""
