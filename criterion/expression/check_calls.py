"""Checks of calls: the functions of the language, and what runs over the items of a list."""

from typing import Final

from criterion.expression.check_conditions import condition
from criterion.expression.check_operators import has_fraction
from criterion.expression.checker import BROKEN, Checker, tainted
from criterion.expression.failure import ExpressionFailure
from criterion.expression.functions import FUNCTIONS, Function
from criterion.expression.joins import either, item_of, widest
from criterion.expression.scope import Scope
from criterion.expression.tree import Call, Constant, Expression, Fold
from criterion.expression.types import ANY, BOOLEAN, INTEGER, NUMERIC, Kind, Type
from criterion.expression.wording import is_kind, kinds_named, shown
from criterion.expression.words import FOLDS
from criterion.expression.written import written
from criterion.text import code, did_you_mean, listing

USAGE: Final = {
    "abs": "abs(number)",
    "min": "min(a, b, …)",
    "max": "max(a, b, …)",
    "round": "round(number, digits)",
    "floor": "floor(number)",
    "ceil": "ceil(number)",
    "len": "len(list)",
    "lower": "lower(text)",
    "upper": "upper(text)",
    "startswith": "startswith(text, start)",
    "endswith": "endswith(text, end)",
    "contains": "contains(text, part)",
    "get": "get(mapping, key, default)",
    "days_between": "days_between(from, to)",
    "seconds_between": "seconds_between(from, to)",
    "date": 'date("2026-01-31")',
    "datetime": 'datetime("2026-01-31T12:00:00Z")',
    "add_days": "add_days(date, days)",
    "bucket": "bucket(text, salt)",
}
"""How each function is called."""

_ELSEWHERE: Final = {
    **dict.fromkeys(("lookup", "vlookup", "find"), "write `get(mapping, key, default)`"),
    "size": "write `len(…)`",
    "length": "write `len(…)`",
    "count": "write `len(…)`, or `count(x for x in …)`",
    "ceiling": "write `ceil(…)`",
    "int": "write `floor(…)` or `round(…)`",
    "trunc": "write `floor(…)`",
    "float": "leave it out: numbers are exact decimals",
    "decimal": "leave it out: numbers are exact decimals",
    "str": "write a text with braces around the value",
    "string": "write a text with braces around the value",
    "format": "write a text with braces around the value",
    "concat": "join texts with `+`",
    "bool": "compare the value, as in `x == …`",
    "pow": "write `a ** b`",
    "mod": "write `a % b`",
    "avg": "write `sum(…) / len(…)`",
    "average": "write `sum(…) / len(…)`",
    "mean": "write `sum(…) / len(…)`",
    "coalesce": "write `a if a != null else b`",
    "default": "write `a if a != null else b`",
    "ifnull": "write `a if a != null else b`",
    "nvl": "write `a if a != null else b`",
    "isnull": "write `a == null`",
    "iif": "write `a if condition else b`",
    "now": "let the caller pass the time in, as a field of the input",
    "today": "let the caller pass the date in, as a field of the input",
    "random": "for a steady share of people, use `bucket(text, salt)`",
    "trim": "let the caller trim the text",
    "list": "write `[… for x in …]`",
    "filter": "write `[x for x in … if …]`",
    "map": "write `[… for x in …]`",
    "some": "write `any(… for x in …)`",
    "every": "write `all(… for x in …)`",
}
"""What to write instead of a function of another language."""

_WHOLE: Final[frozenset[Kind]] = frozenset({"integer", "number"})
_ORDERED: Final[frozenset[Kind]] = NUMERIC | {"date", "datetime"}


def call(checker: Checker, node: Call, scope: Scope) -> Type:
    """Return the type of what a function returns."""
    types = [checker.visit(argument, scope) for argument in node.arguments]
    function = FUNCTIONS.get(node.function)
    if function is None:
        message = f"unknown function {code(node.function)}"
        if node.function in FOLDS:
            message = f"{code(node.function)} takes `… for x in list`"
        if node.function in scope.names:
            message = f"{code(node.function)} is a value and no function"
        return checker.note("unknown_function", node, message, _function_hint(node, scope))
    if not _check_count(checker, node, function, types):
        return BROKEN
    kinds = [_argument(checker, node, function, place, given) for place, given in enumerate(types)]
    if BROKEN in kinds or not _is_uniform(checker, node, function, kinds):
        return BROKEN
    if not _check_date(checker, node):
        return BROKEN
    made = _got(kinds) if node.function == "get" else function.returns(tuple(kinds))
    return tainted(made, *kinds)


def _function_hint(node: Call, scope: Scope) -> str | None:
    name = node.function
    if name in FOLDS:
        source = written(node.arguments[0]) if len(node.arguments) == 1 else "list"
        if name == "count" and len(node.arguments) == 1:
            return f"write `len({source})`, or `count(x for x in {source} if …)`"
        return f"write `{name}(x for x in {source})`"
    if name in scope.names:
        return "leave the brackets out, or put an operator before them"
    known = _ELSEWHERE.get(name.lower())
    nearest = known or did_you_mean(name.lower(), [*FUNCTIONS, *FOLDS])
    return nearest or f"the functions are {listing(sorted({*FUNCTIONS, *FOLDS}), 'and')}"


def _check_count(checker: Checker, node: Call, function: Function, types: list[Type]) -> bool:
    most = None if function.repeats else len(function.parameters)
    given = len(types)
    if function.required <= given and (most is None or given <= most):
        return True
    name = node.function
    usage = USAGE[name]
    if name in FOLDS and given == 1 and types[0].kind == "list":
        usage = f"{name}(x for x in {written(node.arguments[0])})"
    wanted = f"{function.required}" if most == function.required else f"{function.required} or more"
    if most is not None and most > function.required:
        wanted = f"{function.required} or {most}"
    noun = "argument" if wanted == "1" else "arguments"
    checker.note(
        "arguments", node, f"{code(name)} takes {wanted} {noun}, not {given}", f"write `{usage}`"
    )
    return False


def _argument(checker: Checker, node: Call, function: Function, place: int, given: Type) -> Type:
    """Return the type of an argument that its parameter takes."""
    argument = node.arguments[place]
    kinds = function.parameters[min(place, len(function.parameters) - 1)]
    if given is BROKEN or "any" in kinds:
        return given
    given = checker.certain(argument, given)
    if given is not BROKEN and kinds == _WHOLE and has_fraction(argument):
        message = f"{shown(argument)} has a fraction, and {code(node.function)} takes whole numbers"
        return checker.note("type", argument, message, f"write `{USAGE[node.function]}`")
    if given is BROKEN or given.kind in kinds:
        return given
    hint = _argument_hint(node, argument, given, kinds)
    message = f"{is_kind(argument, given)}, and {code(node.function)} takes {kinds_named(kinds)}"
    return checker.note("type", argument, message, hint)


def _argument_hint(
    node: Call, argument: Expression, given: Type, kinds: frozenset[Kind]
) -> str | None:
    if given.kind == "list" and node.function in FOLDS:
        return f"write `{node.function}(x for x in {written(argument)})`"
    if given.kind == "list" and node.function == "contains":
        return f"write `{written(node.arguments[1])} in {written(argument)}`"
    if given.kind == "text" and kinds & {"date", "datetime"}:
        function = "date" if "date" in kinds else "datetime"
        return f"write `{function}({written(argument)})`"
    if given.kind == "quantity":
        return f"test it first: `{written(argument)} != unlimited and …`"
    return f"write `{USAGE[node.function]}`"


def _is_uniform(checker: Checker, node: Call, function: Function, types: list[Type]) -> bool:
    if not function.is_uniform:
        return True
    sorts = ["number" if given.kind in NUMERIC else given.kind for given in types]
    odd = next((place for place, sort in enumerate(sorts) if sort != sorts[0]), None)
    if odd is None:
        return True
    first, other = node.arguments[0], node.arguments[odd]
    message = f"{is_kind(first, types[0])}, but {is_kind(other, types[odd])}"
    checker.note("type", other, message, f"{code(node.function)} takes values of one kind")
    return False


def _check_date(checker: Checker, node: Call) -> bool:
    """Note a text that is written out and is no date."""
    argument = node.arguments[0]
    if node.function not in {"date", "datetime"} or not isinstance(argument, Constant):
        return True
    try:
        FUNCTIONS[node.function].call(argument.value)
    except ExpressionFailure:
        noun = "date" if node.function == "date" else "date and time with its offset from UTC"
        hint = f"write `{USAGE[node.function]}`"
        checker.note("range", argument, f"{shown(argument)} is not a {noun}", hint)
        return False
    return True


def _got(types: list[Type]) -> Type:
    """Return the type of ``get(mapping, key, default)``."""
    mapping, _, default = types
    found = item_of(mapping)
    return default if found is None else either(found, default)


def fold(checker: Checker, node: Fold, scope: Scope) -> Type:
    """Return the type of what runs over the items of a list."""
    source = checker.of_kind(node.source, scope, {"list"}, "`for`")
    if node.variable in scope.names or node.variable in FUNCTIONS or node.variable in FOLDS:
        message = f"{code(node.variable)} already means something here"
        checker.note("name", node, message, "choose another name for the item")
    item = BROKEN if source is BROKEN else source.item or ANY
    item = tainted(item, source) if source.is_redacted else item
    inner = scope.binding(node.variable, item)
    types = [source]
    if node.condition is not None:
        types.append(condition(checker, node.condition, inner, "if"))
        inner = inner.knowing(checker.facts(node.condition, inner, truth=True))
    if node.fold in {"any", "all"}:
        return tainted(BOOLEAN, condition(checker, node.item, inner, node.fold), *types)
    given = checker.visit(node.item, inner)
    return tainted(_folded(checker, node, given), given, *types)


def _folded(checker: Checker, node: Fold, given: Type) -> Type:
    if node.fold == "list":
        return Type(kind="list", item=given)
    if given is not BROKEN:
        given = checker.certain(node.item, given)
    if node.fold == "count":
        return INTEGER
    kinds = NUMERIC if node.fold == "sum" else _ORDERED
    if given is not BROKEN and given.kind not in kinds:
        message = f"{is_kind(node.item, given)}, and {code(node.fold)} takes {kinds_named(kinds)}"
        given = checker.note("type", node.item, message)
    if given is BROKEN:
        return BROKEN
    return widest([given]) if given.kind in NUMERIC else Type(kind=given.kind)
