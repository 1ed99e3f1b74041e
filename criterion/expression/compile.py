"""The compiled reading: all rules of a decision as one generated Python function, the fast path.

A failure costs nothing until it happens: which clause it is follows from the line that raised, and
the native operators are only used where the class of Python's exception tells what is wrong.
"""

from collections.abc import Callable, Mapping
from types import FunctionType, MappingProxyType, TracebackType
from typing import Any, Final, TypeAlias

from criterion.exact import INTEGER_MAX
from criterion.expression import numbers, operations, values
from criterion.expression.failure import (
    ClauseFailure,
    ExpressionFailure,
    Stage,
    too_much,
    wrong_kind,
)
from criterion.expression.generate import Writer
from criterion.expression.infer import reach_of, type_of, types_of
from criterion.expression.program import (
    Program,
    certain,
    constant_value,
    is_constant,
    measures,
    state_line,
)
from criterion.expression.tree import Body, Call, Choice, Clause, Expression, Key, Let, Name, Text
from criterion.expression.types import NUMERIC, Type
from criterion.frozen import FrozenDict

Decide: TypeAlias = Callable[
    [Mapping[str, Any], Mapping[str, Any]], tuple[int, dict[str, Any] | None]
]
"""Takes input and profile; returns which clause matched, and the data that it emits."""

PutTogether: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any]], str]
"""Takes input and profile; returns the text."""

_FILE: Final = "<expressions>"


def compile_body(body: Body, given: Type, profile: Type) -> Decide:
    """Return the function that decides; it never changes what it is given.

    Args:
        body: Checked against the same types.
        given: The type of the input.
        profile: The type of the profile.

    Returns:
        A function that returns the position of the first clause that matches and its data, or the
        number of clauses and ``None``. Data that is the same for all facts is shared, and frozen.
        It raises `ClauseFailure` where a clause that was reached cannot be worked out.
    """
    program = _program(body, given, profile)
    source, places = _source(body, program)
    return _loaded(source, places, program)


def compile_watched(
    body: Body,
    given: Type,
    profile: Type,
    watched: Mapping[int, int],
    tell: Callable[[int, Any], Any],
) -> Decide:
    """Return the function that decides, and tells what some nodes come to whenever they do.

    Args:
        body: Checked against the same types.
        given: The type of the input.
        profile: The type of the profile.
        watched: The numbers of these nodes, by their identity; several may share one.
        tell: Takes a number and a value, and returns the value.
    """
    program = _program(body, given, profile)
    program.watched = watched
    source, places = _source(body, program)
    program.constants["TOLD"] = tell
    return _loaded(source, places, program)


def compile_text(text: Text, lets: tuple[Let, ...], given: Type, profile: Type) -> PutTogether:
    """Return the function that puts a text together, as `compile_body` makes one.

    It takes input and profile, and raises `ClauseFailure` where the text cannot be put together.
    """
    clause = Clause(id="text", when=None, emit=(("text", text),), explain=None)
    run = compile_body(Body(lets=lets, clauses=(clause,)), given, profile)

    def put_together(given: Mapping[str, Any], profile: Mapping[str, Any]) -> str:
        return (run(given, profile)[1] or {})["text"]  # type: ignore[no-any-return] # a text

    return put_together


def source_of(body: Body, given: Type, profile: Type) -> str:
    """Return the source of the generated function; for people who look into it."""
    return _source(body, _program(body, given, profile))[0]


def _program(body: Body, given: Type, profile: Type) -> Program:
    lets = {let.name: let.value for let in body.lets}
    types = types_of(body.lets, given, profile)
    program = Program(lets=lets, types=types, sizes=measures(lets))
    for name, value in lets.items():
        if _is_within_bounds(value, program):
            program.bounded.add(name)
    return program


def _source(body: Body, program: Program) -> tuple[str, dict[int, tuple[int, Stage]]]:
    """Return the module's source, and which clause and stage each line of the main part is."""
    writer = Writer(program)
    lines: list[tuple[str, int, Stage]] = []
    for index, clause in enumerate(body.clauses):
        lines += [(line, index, stage) for line, stage in _clause(writer, index, clause)]
        if clause.when is None:
            break
    head = ["def run(i, p):", " try:"]
    if program.functions or program.pays:
        head.append(f"  {state_line(program)}")
    places = {len(head) + number: place[1:] for number, place in enumerate(lines, 1)}
    tail = [
        f"  return {len(body.clauses)}, None",
        " except EXCEPTION as error:",
        "  failure = FAILED(error)",
        " raise failure",
    ]
    source = "\n".join([*head, *(line for line, _, _ in lines), *tail, *program.functions.values()])
    return source, places


def _clause(writer: Writer, index: int, clause: Clause) -> list[tuple[str, Stage]]:
    lines: list[tuple[str, Stage]] = []
    indent, otherwise = "  ", writer.ready
    if clause.when is not None:
        branches = writer.branches(clause.when)
        lines.append((f"  if {branches.code}:", "when"))
        writer.ready, otherwise = branches.if_true, branches.if_false
        indent = "   "
    lines.append((f"{indent}return {index}, {_data(writer, clause)}", "emit"))
    writer.ready = otherwise
    return lines


def _data(writer: Writer, clause: Clause) -> str:
    if all(is_constant(value) for _, value in clause.emit):
        data = FrozenDict((name, constant_value(value)) for name, value in clause.emit)
        return writer.program.constant(data)
    members = (f"{name!a}: {_member(writer, value)}" for name, value in clause.emit)
    return f"{{{', '.join(members)}}}"


def _member(writer: Writer, value: Expression) -> str:
    code = writer.code(value)
    if _is_within_bounds(value, writer.program):
        return code
    is_number = certain(type_of(value, writer.program.types)) in NUMERIC
    return f"WITHIN_BOUNDS({code})" if is_number else f"EMITTED({code})"


def _is_within_bounds(node: Expression, program: Program) -> bool:
    """Whether a value needs no look before it is emitted: facts and constants never do."""
    if is_constant(node) or isinstance(node, Text):
        return True
    if isinstance(node, Name):
        return node.name not in program.lets or node.name in program.bounded
    sources = _sources(node)
    if sources:
        return all(_is_within_bounds(source, program) for source in sources)
    given = type_of(node, program.types)
    if certain(given) == "integer":
        return reach_of(given) <= INTEGER_MAX
    return given.kind in {"boolean", "text", "date", "datetime", "null"}


def _sources(node: Expression) -> tuple[Expression, ...]:
    """Return the parts of which one is the value, or holds it as it is."""
    match node:
        case Key():
            return (node.base,)
        case Choice():
            return (node.then, node.otherwise)
        case Call(function="get"):
            return node.arguments
        case _:
            return ()


def _loaded(source: str, places: Mapping[int, tuple[int, Stage]], program: Program) -> Decide:
    code = compile(source, _FILE, "exec", dont_inherit=True, optimize=2)
    names: dict[str, Any] = {**_GLOBALS, **program.constants}

    def failed(error: Exception) -> ClauseFailure:
        index, stage = places[_line(error.__traceback__, names["run"])]
        return ClauseFailure(index, stage, _failure(error))

    names["FAILED"] = failed
    exec(code, names)  # noqa: S102 -- source of our own making, without builtins
    decide: Decide = names["run"]
    return decide


def _line(traceback: TracebackType | None, main: FunctionType) -> int:
    """Return the line at which the main function stood when something raised."""
    while traceback is not None and traceback.tb_frame.f_code is not main.__code__:
        traceback = traceback.tb_next
    return traceback.tb_lineno if traceback is not None else 0


def _failure(error: Exception) -> ExpressionFailure:
    if isinstance(error, ExpressionFailure):
        return error
    for raised, failure in _FAILURES:
        if isinstance(error, raised):
            return failure()
    return wrong_kind(error, "a value")


def _missing() -> ExpressionFailure:
    return ExpressionFailure("missing_key", "a mapping or a list does not have what is asked for")


def _null() -> ExpressionFailure:
    return wrong_kind(None, "a value")


_FAILURES: Final[tuple[tuple[type[Exception], Callable[[], ExpressionFailure]], ...]] = (
    (LookupError, _missing),
    (ZeroDivisionError, numbers.division_by_zero),
    (TypeError, _null),
    (AttributeError, _null),
    (RecursionError, too_much),
    (MemoryError, too_much),
)


_GLOBALS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "__builtins__": {},
        "EXCEPTION": Exception,
        "UNSET": object(),
        "LEN": len, "STR": str, "ABS": abs, "MIN": min, "MAX": max,
        "ADD": numbers.add, "SUBTRACT": numbers.subtract, "MULTIPLY": numbers.multiply,
        "DIVIDE": numbers.divide, "FLOOR_DIVIDE": numbers.floor_divide, "MODULO": numbers.modulo,
        "POWER": numbers.power, "NEGATE": numbers.negate, "WITHIN_BOUNDS": numbers.within_bounds,
        "PLUS": operations.plus, "EQUAL": operations.equal, "IS_IN": operations.is_in,
        "LESS": operations.less, "LESS_OR_EQUAL": operations.less_or_equal,
        "GREATER": operations.greater, "GREATER_OR_EQUAL": operations.greater_or_equal,
        "LEAST": operations.least, "GREATEST": operations.greatest, "AT_KEY": operations.at_key,
        "COUNTED": operations.is_counted, "TRAVERSED": operations.traversed,
        "SEARCHED": operations.searched, "SCANNED": operations.scanned,
        "COLLECTED": operations.collected, "TOO_MUCH": too_much, "DIGITS": numbers.plain_text,
        "BOUNDED": values.bounded, "SHOWN": values.shown, "TRUTH": values.truth,
        "ITEMS": values.items, "EMITTED": values.emitted,
    }
)  # fmt: skip
