"""Programs: what the functions of one generated module share, and the patterns they are made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

from criterion.expression.infer import WIDE, reach_of
from criterion.expression.operations import STEPS_MAX
from criterion.expression.tree import (
    Arithmetic,
    Call,
    Constant,
    Expression,
    Fold,
    FoldName,
    Key,
    ListDisplay,
    MappingDisplay,
    Name,
    children,
)
from criterion.expression.types import NUMERIC, Kind, Type
from criterion.frozen import FrozenDict, FrozenList

INLINE_SIZE_MAX: Final = 24
"""How many nodes a let may have to be written out again where it may not be known yet."""

INLINE_DEPTH_MAX: Final = 30
"""How deep a let may be, with the lets in it, to be written out where it is first needed."""

ROOTS: Final[Mapping[str, str]] = MappingProxyType({"input": "i", "profile": "p"})
"""The parameters of the generated functions."""

FAMILIES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        "integer": "number",
        "number": "number",
        "quantity": "number",
        "boolean": "boolean",
        "text": "text",
        "date": "date",
        "datetime": "datetime",
    }
)
"""Kinds whose values Python compares as the language does, by the family they are compared in."""

HELPERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "+": "ADD", "-": "SUBTRACT", "*": "MULTIPLY", "/": "DIVIDE", "//": "FLOOR_DIVIDE",
        "%": "MODULO", "**": "POWER", "==": "EQUAL", "!=": "not EQUAL", "<": "LESS",
        "<=": "LESS_OR_EQUAL", ">": "GREATER", ">=": "GREATER_OR_EQUAL", "in": "IS_IN",
        "not in": "not IS_IN",
    }
)  # fmt: skip
"""What stands for an operator where the types leave more than one way to go on."""

_ORDERED: Final = frozenset({"number", "date", "datetime"})
_UNMISTAKABLE: Final = frozenset({"text", "date", "datetime"})


@dataclass(slots=True, kw_only=True)
class Program:
    """What all functions of one generated module share.

    Attributes:
        lets: The expression of each let.
        types: The types of ``input``, ``profile`` and each let.
        sizes: How many nodes each let has, and how deep it is, with the lets in it.
        bounded: Lets whose value may be emitted without a look at its numbers.
        shared: Lets that have a function of their own, and their slot in the state.
        constants: Values that are no literals of Python, by their global name.
        functions: The source of each function besides the main one.
        locals: The local name of each value that is worked out once.
        inferred: The type of each node outside of loops that was asked for, by its identity.
        written: Lets that were written out.
        pays: Whether anything besides loops is paid for.
        watched: The number of each node whose value is told, by the node's identity.
    """

    lets: Mapping[str, Expression]
    types: Mapping[str, Type]
    sizes: Mapping[str, tuple[int, int]]
    bounded: set[str] = field(default_factory=set)
    shared: dict[str, int] = field(default_factory=dict)
    constants: dict[str, object] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    locals: dict[str, str] = field(default_factory=dict)
    inferred: dict[int, Type] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    pays: bool = False
    watched: Mapping[int, int] = field(default_factory=dict)

    def constant(self, value: object) -> str:
        """Return the global name of a value."""
        name = f"K{len(self.constants)}"
        self.constants[name] = value
        return name

    def local(self, key: str) -> str:
        """Return the local name of a value that is worked out once."""
        return self.locals.setdefault(key, f"x{len(self.locals)}")

    def slot(self, let: str) -> int:
        """Return the place of a shared let in the state; the first is for the steps left."""
        return self.shared.setdefault(let, len(self.shared) + 1)

    def is_shared(self, let: str, *, in_loop: bool) -> bool:
        """Whether a let is worked out by a function of its own: from now on, if it has to be."""
        size, depth = self.sizes[let]
        again = let in self.written and size > INLINE_SIZE_MAX
        if in_loop or again or depth > INLINE_DEPTH_MAX:
            self.slot(let)
        self.written.add(let)
        return let in self.shared


class LoopLines(NamedTuple):
    """The body of a loop: which fold it is, the codes of its parts, what a visit costs."""

    fold: FoldName
    variable: str
    condition: str
    item: str
    type: Type
    cost: int


def state_line(program: Program) -> str:
    """Return the line that makes the state of one evaluation: steps left, and shared lets."""
    slots = ", ".join([str(STEPS_MAX), *["UNSET"] * len(program.shared)])
    return f"s = [{slots}]"


def let_function(name: str, slot: int, code: str) -> str:
    """Return the function of a let that is worked out at most once."""
    lines = [
        f"def {name}(i, p, s):",
        f" v = s[{slot}]",
        " if v is UNSET:",
        f"  v = s[{slot}] = {code}",
        " return v",
    ]
    return "\n".join(lines)


def loop_function(name: str, passed: Sequence[str], lines: LoopLines) -> str:
    """Return the function of a loop."""
    start, visit, end = _pattern(lines)
    source = [
        f"def {name}({', '.join(['i', 'p', 's', 'r', *passed])}):",
        f" s[0] -= LEN(r) * {lines.cost}",
        " if s[0] < 0:",
        "  raise TOO_MUCH()",
        f" t = {start}",
        f" for {lines.variable} in r:",
        f"  if {lines.condition}:",
        f"   {visit}",
        f" return {end}",
    ]
    return "\n".join(source)


def _pattern(lines: LoopLines) -> tuple[str, str, str]:
    """Return how a fold begins, what it does with an item, and how it ends."""
    item, kind = lines.item, certain(lines.type)
    match lines.fold:
        case "any":
            return "None", f"if {item}: return True", "False"
        case "all":
            return "None", f"if not {item}: return False", "True"
        case "count":
            counted = item if kind == "boolean" else f"COUNTED({item})"
            return "0", f"if {counted}: t += 1", "t"
        case "sum":
            native = kind == "integer" and reach_of(lines.type) * STEPS_MAX < WIDE
            return "0", f"t += {item}" if native else f"t = ADD(t, {item})", "WITHIN_BOUNDS(t)"
        case "list":
            return "[]", f"t.append({item})", "t"
        case "min" | "max":
            return "[]", f"t.append({item})", "LEAST(*t)" if lines.fold == "min" else "GREATEST(*t)"


def certain(given: Type) -> Kind:
    """Return the kind of a value that is known and never null, or else ``any``."""
    return "any" if given.nullable else given.kind


def can_compare(operator: str, families: set[str | None]) -> bool:
    """Whether Python's own operator compares values of these families as the language does."""
    if operator in {"==", "!="}:
        same = len(families) == 1 and None not in families
        return same or bool(families & _UNMISTAKABLE)
    return len(families) == 1 and families <= _ORDERED


def native_call(function: str, kinds: Sequence[Kind], codes: Sequence[str]) -> str | None:
    """Return the code of a call that needs no function of ours for these kinds, or ``None``."""
    if function in {"min", "max"} and all(kind in NUMERIC for kind in kinds):
        return f"{function.upper()}({', '.join(codes)})"
    fits, form = _NATIVE.get(function, ((), None))
    fitting = all(kind in fit for kind, fit in zip(kinds, fits, strict=False))
    return form(*codes) if form is not None and fitting else None


def path_of(node: Expression, bound: Mapping[str, str]) -> str | None:
    """Return one name for all places that read the same data, ``None`` for a loop's own."""
    if isinstance(node, Name):
        return None if node.name in bound else node.name
    if isinstance(node, Constant):
        return literal(node.value) if isinstance(node.value, str | int) else None
    if not isinstance(node, Key):
        return None
    base, index = path_of(node.base, bound), path_of(node.index, bound)
    return None if base is None or index is None else f"{base}[{index}]"


def key_of(node: Arithmetic | Call, bound: Mapping[str, str]) -> str | None:
    """Return one name for all places that work out the same, ``None`` where it is unsure."""
    if isinstance(node, Call):
        name, parts = node.function, node.arguments
    else:
        name, parts = node.operator, (node.left, node.right)
    paths = [path_of(part, bound) for part in parts]
    return None if None in paths else f"{name}({', '.join(map(str, paths))})"


def literal(value: object) -> str:
    """Return a text, a whole number, a truth value or null as Python writes it, in ASCII."""
    return ascii(value)


def is_constant(node: Expression) -> bool:
    """Whether an expression is data that is the same for all facts."""
    if isinstance(node, ListDisplay | MappingDisplay):
        return all(map(is_constant, children(node)))
    return isinstance(node, Constant)


def constant_value(node: Expression) -> object:
    """Return the frozen value of a constant expression."""
    if isinstance(node, ListDisplay):
        return FrozenList(map(constant_value, node.items))
    if isinstance(node, MappingDisplay):
        return FrozenDict(zip(node.keys, map(constant_value, node.values), strict=True))
    return node.value if isinstance(node, Constant) else None


def measures(lets: Mapping[str, Expression]) -> dict[str, tuple[int, int]]:
    """Return how many nodes each let has, and how deep it is, with the lets in it."""
    known: dict[str, tuple[int, int]] = {}

    def measured(node: Expression) -> tuple[int, int]:
        if isinstance(node, Name):
            return known.get(node.name, (1, 1))
        parts = [measured(part) for part in children(node)]
        size = 1 + sum(size for size, _ in parts)
        least = INLINE_DEPTH_MAX if isinstance(node, Fold) else 0  # a loop must not run twice
        return size, 1 + max(least, *(depth for _, depth in parts), 0)

    for name, value in lets.items():
        known[name] = measured(value)
    return known


_ANY: Final = frozenset[Kind](FAMILIES) | frozenset[Kind]({"list", "mapping", "null", "any"})
_TEXT: Final = frozenset[Kind]({"text"})
_WHOLE: Final = frozenset[Kind]({"integer"})
_MAPPING: Final = frozenset[Kind]({"mapping"})
_COUNTABLE: Final = frozenset[Kind]({"text", "list", "mapping"})
_Form = tuple[tuple[frozenset[Kind], ...], Callable[..., str]]

_NATIVE: Final[Mapping[str, _Form]] = MappingProxyType(
    {
        "len": ((_COUNTABLE,), lambda code: f"LEN({code})"),
        "abs": ((_WHOLE,), lambda code: f"ABS({code})"),
        "lower": ((_TEXT,), lambda code: f"{code}.lower()"),
        "upper": ((_TEXT,), lambda code: f"{code}.upper()"),
        "startswith": ((_TEXT, _TEXT), lambda a, b: f"{a}.startswith({b})"),
        "endswith": ((_TEXT, _TEXT), lambda a, b: f"{a}.endswith({b})"),
        "contains": ((_TEXT, _TEXT), lambda a, b: f"{a}.__contains__({b})"),
        "get": ((_MAPPING, _TEXT, _ANY), lambda a, b, c: f"{a}.get({b}, {c})"),
    }
)
