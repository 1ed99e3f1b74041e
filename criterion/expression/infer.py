"""Inference: the type of a checked expression, as far as it lets the generated code be direct.

Of whole numbers it also knows how large they can get, so that only those are watched that might
leave the bounds. It finds no mistakes; where it cannot tell, the type is ``any``.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import reduce
from types import MappingProxyType
from typing import Any, Final

from criterion.exact import INTEGER_MAX
from criterion.expression.functions import FUNCTIONS, either_type, extreme_type, number_type
from criterion.expression.numbers import MAGNITUDE_MAX
from criterion.expression.tree import (
    Arithmetic,
    Call,
    Choice,
    Constant,
    Expression,
    Fold,
    Key,
    Let,
    ListDisplay,
    MappingDisplay,
    Name,
    Negative,
    Text,
)
from criterion.expression.types import (
    ANY,
    BOOLEAN,
    INTEGER,
    NULL,
    NUMBER,
    NUMERIC,
    QUANTITY,
    TEXT,
    Type,
)

Types = Mapping[str, Type]

VALUE: Final = ANY.non_null()
"""The type of a value of any kind, but for null."""

WIDE: Final = 10**MAGNITUDE_MAX
"""As large as a whole number may get on the way to a result."""


def type_of(node: Expression, names: Types) -> Type:
    """Return the type of an expression in a scope where names have these types."""
    infer = _INFER.get(type(node))
    return BOOLEAN if infer is None else infer(node, names)


def types_of(lets: Iterable[Let], given: Type, profile: Type) -> Types:
    """Return the types of the names that rules may use: ``input``, ``profile`` and the lets."""
    names = {"input": given, "profile": profile}
    for let in lets:
        names[let.name] = type_of(let.value, names)
    return names


def reach_of(given: Type) -> int:
    """Return the largest absolute value of a whole number of a type."""
    least, greatest = given.minimum, given.maximum
    if least is None or greatest is None:
        return INTEGER_MAX
    return int(max(-least, greatest)) + 1


def reaching(reach: int) -> Type:
    """Return the type of whole numbers below an absolute value, be it beyond `WIDE`."""
    below = min(reach, WIDE + 1)
    return INTEGER._replace(minimum=1 - below, maximum=below - 1)


def _constant(node: Constant, _: Types) -> Type:
    value = node.value
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int):
        return reaching(abs(value) + 1)
    if isinstance(value, Decimal):
        return NUMBER if value.is_finite() else QUANTITY
    return TEXT


def _name(node: Name, names: Types) -> Type:
    return names.get(node.name, ANY)


def _key(node: Key, names: Types) -> Type:
    base = type_of(node.base, names)
    if base.fields is not None and isinstance(node.index, Constant):
        return base.field(str(node.index.value)) or ANY
    return base.item or ANY if base.kind in {"mapping", "list"} else ANY


def _negative(node: Negative, names: Types) -> Type:
    operand = type_of(node.operand, names)
    if operand.kind == "integer":
        return reaching(reach_of(operand))
    return number_type((operand,)) if operand.kind in NUMERIC else VALUE


def _arithmetic(node: Arithmetic, names: Types) -> Type:
    left, right = type_of(node.left, names), type_of(node.right, names)
    kinds = {left.kind, right.kind}
    if not kinds <= NUMERIC:
        return TEXT if kinds == {"text"} else VALUE
    if kinds == {"integer"}:
        return _of_whole_numbers(node.operator, left, right)
    if node.operator in {"//", "%"}:
        return reaching(WIDE)
    return NUMBER if "quantity" not in kinds else QUANTITY


def _of_whole_numbers(operator: str, left: Type, right: Type) -> Type:
    if operator == "/":
        return NUMBER
    if operator == "**":
        return NUMBER if right.minimum is None or right.minimum < 0 else INTEGER
    reach = {
        "+": reach_of(left) + reach_of(right),
        "-": reach_of(left) + reach_of(right),
        "*": reach_of(left) * reach_of(right),
        "//": reach_of(left) + 1,
        "%": reach_of(right),
    }
    return reaching(reach[operator])


def _choice(node: Choice, names: Types) -> Type:
    return _either(type_of(node.then, names), type_of(node.otherwise, names))


def _either(left: Type, right: Type) -> Type:
    joint = either_type(left, right)
    if joint.kind == "any" and left.kind == right.kind == "mapping":
        return _mapping_of(_values(left) + _values(right))._replace(nullable=joint.nullable)
    if left.kind == right.kind == "integer":
        reach = max(reach_of(left), reach_of(right))
        return reaching(reach)._replace(nullable=joint.nullable)
    return joint._replace(minimum=None, maximum=None)


def _values(mapping: Type) -> list[Type]:
    """Return the types of the values of a mapping, whichever key they stand under."""
    if mapping.fields is None:
        return [mapping.item or ANY]
    return [given for _, given in mapping.fields]


def _mapping_of(values: list[Type]) -> Type:
    return Type(kind="mapping", item=reduce(_either, values) if values else ANY)


def _list(node: ListDisplay, names: Types) -> Type:
    kinds = [type_of(item, names) for item in node.items]
    return Type(kind="list", item=reduce(_either, kinds) if kinds else ANY)


def _mapping(node: MappingDisplay, names: Types) -> Type:
    kinds = (type_of(value, names) for value in node.values)
    return Type(kind="mapping", fields=tuple(zip(node.keys, kinds, strict=True)))


def _call(node: Call, names: Types) -> Type:
    types = tuple(type_of(argument, names) for argument in node.arguments)
    function = FUNCTIONS[node.function]
    if function.name == "get":
        return reduce(_either, [*_values(types[0]), types[2]])
    if any(given.kind == "any" for given in types):
        certain = function.returns(types).kind in {"boolean", "text", "date", "datetime"}
        return function.returns(types) if certain else ANY
    returned = function.returns(types)
    if returned.kind == "integer" and function.name in _AS_LARGE:
        known = [reach_of(given) for given in types if given.kind == "integer"]
        return reaching(max(known) if len(known) == len(types) else WIDE)
    return returned


def _fold(node: Fold, names: Types) -> Type:
    if node.fold in {"any", "all"}:
        return BOOLEAN
    if node.fold == "count":
        return INTEGER
    source = type_of(node.source, names)
    inner = {**names, node.variable: source.item or ANY}
    item = type_of(node.item, inner)
    if node.fold == "list":
        return Type(kind="list", item=item)
    if node.fold == "sum":
        return number_type((item,)) if item.kind in NUMERIC else QUANTITY
    if item.kind == "integer":
        return reaching(reach_of(item))
    return VALUE if item.kind == "any" else extreme_type((item,))


def _text(_: Text, __: Types) -> Type:
    return TEXT


_AS_LARGE: Final = frozenset({"abs", "min", "max", "round", "floor", "ceil"})
_INFER: Final[Mapping[type, Callable[[Any, Types], Type]]] = MappingProxyType(
    {
        Constant: _constant,
        Name: _name,
        Key: _key,
        Negative: _negative,
        Arithmetic: _arithmetic,
        Choice: _choice,
        ListDisplay: _list,
        MappingDisplay: _mapping,
        Call: _call,
        Fold: _fold,
        Text: _text,
    }
)
