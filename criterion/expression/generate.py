"""Generation: expressions as Python source, with the types of the schemas put to use.

Nothing of an author's text gets into the code but as a quoted literal; every name is made here.
Native operators stand only where the types leave one way to fail, which is then known by the class
of Python's own exception (see `compile`). Values that are used again are kept in locals: `ready`
holds the keys of those that are certain to be worked out at this point of the program.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from criterion.expression.functions import FUNCTIONS
from criterion.expression.infer import WIDE, reach_of, type_of
from criterion.expression.program import (
    FAMILIES,
    HELPERS,
    ROOTS,
    LoopLines,
    Program,
    can_compare,
    certain,
    constant_value,
    is_constant,
    key_of,
    let_function,
    literal,
    loop_function,
    native_call,
    path_of,
)
from criterion.expression.tree import (
    And,
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Constant,
    Expression,
    Fold,
    Key,
    ListDisplay,
    MappingDisplay,
    Name,
    Negative,
    Not,
    Or,
    Text,
    is_written_out,
    visit_cost,
)
from criterion.expression.types import ANY, NUMERIC, Type

Ready = frozenset[str]


class Branches(NamedTuple):
    """A condition's code, and what is ready where it is true and where it is false."""

    code: str
    if_true: Ready
    if_false: Ready


class Loop(NamedTuple):
    """What the function of a loop sees of the loops around it.

    Attributes:
        variables: The local name of each bound variable.
        types: The types of those variables.
        needed: Bound variables that the loop reads.
    """

    variables: Mapping[str, str]
    types: Mapping[str, Type]
    needed: set[str]


_PAID: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "TRAVERSED": frozenset({"list", "mapping", "any"}),
        "SEARCHED": frozenset({"list", "any"}),
        "SCANNED": frozenset({"text", "any"}),
        "COLLECTED": frozenset({"text", "list", "mapping", "any"}),
    }
)
"""Which kinds of values cost something, by how they are paid for."""

_NO_LOOP: Final = Loop({}, {}, set())


def _is_position(node: Expression) -> bool:
    value = node.value if isinstance(node, Constant) else None
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_null(operator: str, sides: tuple[Type, Type]) -> str:
    """Return the operator that compares with null; Python warns of ``is`` beside a literal."""
    if all(side.nullable for side in sides):
        return "is" if operator == "==" else "is not"
    return operator


class Writer:
    """Writes the expressions of one generated function.

    Attributes:
        ready: Keys of the values that are in their locals by now.
        used: Keys of the values that were read from their locals.
    """

    def __init__(self, program: Program, ready: Ready = frozenset(), loop: Loop = _NO_LOOP) -> None:
        """Start a function, outside of loops or that of a loop."""
        self.program = program
        self.ready = ready
        self.used: set[str] = set()
        self.loop = loop
        self.types = {**program.types, **loop.types}

    def known(self, node: Expression) -> Type:
        """Return the type of an expression here."""
        if self.loop.variables:
            return type_of(node, self.types)
        inferred = self.program.inferred
        if id(node) not in inferred:
            inferred[id(node)] = type_of(node, self.types)
        return inferred[id(node)]

    def code(self, node: Expression) -> str:
        """Return the code of an expression, in brackets of its own where it needs them."""
        code = self._WRITE[type(node)](self, node)
        number = self.program.watched.get(id(node))
        return code if number is None else f"TOLD({number}, {code})"

    def truth(self, node: Expression) -> str:
        """Return the code of a condition, which is true or false or fails."""
        given = self.known(node)
        code = self.code(node)
        return code if certain(given) == "boolean" else f"TRUTH({code})"

    def branches(self, node: Expression) -> Branches:
        """Return a condition's code with what is ready behind it, either way."""
        if isinstance(node, Not):
            inner = self.branches(node.operand)
            return Branches(f"(not {inner.code})", inner.if_false, inner.if_true)
        if isinstance(node, And | Or):
            return self._chain(node)
        code = self.truth(node)
        return Branches(code, self.ready, self.ready)

    def _chain(self, node: And | Or) -> Branches:
        word, go = ("and" if isinstance(node, And) else "or"), self.ready
        codes, stops = [], []
        for operand in node.operands:
            part = self.branches(operand)
            go, stop = (part.if_true, part.if_false)[:: 1 if word == "and" else -1]
            codes.append(part.code)
            stops.append(stop)
            self.ready = go
        stopped = frozenset.intersection(*stops)
        code = f"({f' {word} '.join(codes)})"
        self.ready &= stopped
        return Branches(code, *((go, stopped)[:: 1 if word == "and" else -1]))

    def keep(self, key: str, code: Callable[[], str]) -> str:
        """Return the code of a value that may be needed again: worked out, or read."""
        name = self.program.local(key)
        if key in self.ready:
            self.used.add(key)
            return name
        written = code()
        self.ready |= {key}
        return f"({name} := {written})"

    def _constant(self, node: Constant) -> str:
        value = node.value
        return self.program.constant(value) if isinstance(value, Decimal) else literal(value)

    def _name(self, node: Name) -> str:
        if node.name in self.loop.variables:
            self.loop.needed.add(node.name)
            return self.loop.variables[node.name]
        if node.name in ROOTS:
            return ROOTS[node.name]
        return self.keep(f"let {node.name}", lambda: self._let(node.name))

    def _let(self, name: str) -> str:
        """Return the code that works out a let: its expression, or a call of its function."""
        program = self.program
        if program.is_shared(name, in_loop=bool(self.loop.variables)):
            function = f"let_{program.local(f'let {name}')}"
            if function not in program.functions:
                program.functions[function] = ""
                program.functions[function] = self._let_function(name, function)
            return f"{function}(i, p, s)"
        return self.code(program.lets[name])

    def _let_function(self, name: str, function: str) -> str:
        code = Writer(self.program).code(self.program.lets[name])
        return let_function(function, self.program.slot(name), code)

    def _key(self, node: Key) -> str:
        key = path_of(node, self.loop.variables)
        if key is None:
            return self._subscript(node)
        return self.keep(key, lambda: self._subscript(node))

    def _subscript(self, node: Key) -> str:
        base, index = self.known(node.base), self.known(node.index)
        written, at = self.code(node.base), self.code(node.index)
        is_key = index.kind in {"text", "integer"} and not index.nullable
        if base.kind == "mapping" and is_key:
            return f"{written}[{at}]"
        if base.kind == "list" and _is_position(node.index):
            return f"{written}[{at}]"
        return f"AT_KEY({written}, {at})"

    def _negative(self, node: Negative) -> str:
        operand = self.code(node.operand)
        native = self.known(node.operand).kind == "integer"
        return f"(-{operand})" if native else f"NEGATE({operand})"

    def _arithmetic(self, node: Arithmetic) -> str:
        key = key_of(node, self.loop.variables)
        return self._computed(node) if key is None else self.keep(key, lambda: self._computed(node))

    def _computed(self, node: Arithmetic) -> str:
        kinds = {self.known(node.left).kind, self.known(node.right).kind}
        left, right = self.code(node.left), self.code(node.right)
        if node.operator == "+" and not kinds <= NUMERIC:
            return f"BOUNDED({left} + {right})" if kinds == {"text"} else f"PLUS({left}, {right})"
        native = kinds == {"integer"} and node.operator not in {"/", "**"}
        if native and reach_of(self.known(node)) <= WIDE:
            return f"({left} {node.operator} {right})"
        return f"{HELPERS[node.operator]}({left}, {right})"

    def _comparison(self, node: Comparison) -> str:
        if node.operator in {"in", "not in"}:
            return self._membership(node)
        left, right = self.known(node.left), self.known(node.right)
        families = {FAMILIES.get(left.kind), FAMILIES.get(right.kind)}
        is_equality = node.operator in {"==", "!="}
        codes = self.code(node.left), self._paid(node.right, "TRAVERSED", when=is_equality)
        if node.operator in {"==", "!="} and "null" in {left.kind, right.kind}:
            return f"({codes[0]} {_is_null(node.operator, (left, right))} {codes[1]})"
        native = can_compare(node.operator, families)
        return self._compare(node.operator, codes, native=native)

    def _compare(self, operator: str, codes: tuple[str, str], *, native: bool) -> str:
        if native:
            return f"({codes[0]} {operator} {codes[1]})"
        return f"({HELPERS[operator]}({codes[0]}, {codes[1]}))"

    def _membership(self, node: Comparison) -> str:
        left, right = self.known(node.left), self.known(node.right)
        item = FAMILIES.get(right.item.kind) if right.kind == "list" and right.item else None
        same = item is not None and item == FAMILIES.get(left.kind)
        is_key = right.kind == "mapping" and left.kind == "text" and not left.nullable
        codes = self.code(node.left), self._members(node.right, same=same)
        return self._compare(node.operator, codes, native=is_key or same)

    def _members(self, node: Expression, *, same: bool) -> str:
        """Return the code of what is searched: constants of one kind as a set."""
        if isinstance(node, ListDisplay) and is_constant(node) and same and not self.loop.variables:
            return self.program.constant(frozenset(map(constant_value, node.items)))
        return self._paid(node, "SEARCHED", when=bool(self.loop.variables))

    def _paid(self, node: Expression, payment: str, *, when: bool = True) -> str:
        """Return the code of a value that is paid for where its size is not known before."""
        code = self.code(node)
        if not when or is_written_out(node) or self.known(node).kind not in _PAID[payment]:
            return code
        self.program.pays = True
        return f"{payment}(s, {code})"

    def _condition(self, node: Not | And | Or) -> str:
        branches = self.branches(node)
        self.ready = branches.if_true & branches.if_false
        return branches.code

    def _choice(self, node: Choice) -> str:
        condition = self.branches(node.condition)
        self.ready = condition.if_true
        then, ready = self.code(node.then), self.ready
        self.ready = condition.if_false
        otherwise = self.code(node.otherwise)
        self.ready &= ready
        return f"({then} if {condition.code} else {otherwise})"

    def _list(self, node: ListDisplay) -> str:
        if is_constant(node):
            return self.program.constant(constant_value(node))
        return f"[{', '.join(self._paid(item, 'TRAVERSED') for item in node.items)}]"

    def _mapping(self, node: MappingDisplay) -> str:
        if is_constant(node):
            return self.program.constant(constant_value(node))
        codes = [self._paid(value, "TRAVERSED") for value in node.values]
        pairs = zip(node.keys, codes, strict=True)
        return f"{{{', '.join(f'{key!a}: {code}' for key, code in pairs)}}}"

    def _call(self, node: Call) -> str:
        key = key_of(node, self.loop.variables)
        return self._returned(node) if key is None else self.keep(key, lambda: self._returned(node))

    def _returned(self, node: Call) -> str:
        kinds = [certain(self.known(argument)) for argument in node.arguments]
        scans, in_loop = FUNCTIONS[node.function].scans, bool(self.loop.variables)
        codes = [
            self._paid(argument, "SCANNED", when=in_loop and scans(position))
            for position, argument in enumerate(node.arguments)
        ]
        return native_call(node.function, kinds, codes) or self._called(node.function, codes)

    def _called(self, name: str, codes: list[str]) -> str:
        self.program.constants[f"F_{name}"] = FUNCTIONS[name].call
        return f"F_{name}({', '.join(codes)})"

    def _text(self, node: Text) -> str:
        return f"BOUNDED(''.join(({', '.join(map(self._part, node.parts))},)))"

    def _part(self, part: str | Expression) -> str:
        if isinstance(part, str):
            return ascii(part)
        given, code = certain(self.known(part)), self.code(part)
        if given == "text":
            return code
        return f"{'DIGITS' if given in NUMERIC else 'SHOWN'}({code})"

    def _fold(self, node: Fold) -> str:
        """Return the call of a function of its own, which gets what is ready and what is bound."""
        given = self.known(node.source)
        source = self.code(node.source)
        number = len(self.program.functions)
        variable, function = f"v{number}", f"loop_{number}"
        self.program.functions[function] = ""
        loop = Loop(
            {**self.loop.variables, node.variable: variable},
            {**self.loop.types, node.variable: given.item or ANY},
            set(),
        )
        inner = Writer(self.program, self.ready, loop)
        lines = inner.loop_lines(node, variable)
        passed = self._passed(inner, node.variable)
        self.program.functions[function] = loop_function(function, passed, lines)
        listed = source if certain(given) == "list" else f"ITEMS({source})"
        return f"{function}({', '.join(['i', 'p', 's', listed, *passed])})"

    def _passed(self, inner: "Writer", variable: str) -> list[str]:
        """Return the locals of this function that the one of a loop in it needs."""
        used = inner.used & self.ready
        bound = inner.loop.needed - {variable}
        self.used |= used
        self.loop.needed.update(bound)
        names = [self.program.local(key) for key in used]
        return sorted(names + [self.loop.variables[name] for name in bound])

    def loop_lines(self, node: Fold, variable: str) -> LoopLines:
        """Return the lines that visit one item, in the function of the loop."""
        condition = "True"
        if node.condition is not None:
            branches = self.branches(node.condition)
            condition, self.ready = branches.code, branches.if_true
        is_truth = node.fold in {"any", "all"}
        is_list = node.fold == "list"
        code = (
            self.truth(node.item) if is_truth else self._paid(node.item, "COLLECTED", when=is_list)
        )
        known = self.known(node.item)
        return LoopLines(node.fold, variable, condition, code, known, visit_cost(node))

    _WRITE: Final[dict[type, Callable[["Writer", Any], str]]] = {
        Constant: _constant,
        Name: _name,
        Key: _key,
        Negative: _negative,
        Arithmetic: _arithmetic,
        Comparison: _comparison,
        Not: _condition,
        And: _condition,
        Or: _condition,
        Choice: _choice,
        ListDisplay: _list,
        MappingDisplay: _mapping,
        Call: _call,
        Text: _text,
        Fold: _fold,
    }
