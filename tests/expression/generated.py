"""Generated expressions: well-typed trees over one schema, and facts that fit it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from criterion.exact import INTEGER_MAX
from criterion.expression.functions import FUNCTIONS
from criterion.expression.tree import (
    And,
    Arithmetic,
    Body,
    Call,
    Choice,
    Clause,
    Comparison,
    Constant,
    Expression,
    Fold,
    Key,
    Let,
    ListDisplay,
    MappingDisplay,
    Name,
    Negative,
    Not,
    Or,
    Text,
)
from criterion.expression.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    INTEGER,
    NUMBER,
    QUANTITY,
    TEXT,
    Type,
)

UNLIMITED: Final = Decimal("Infinity")
DEPTH_MAX: Final = 4
PLACE: Final = {"at": 1, "end": 2}

Env = dict[str, Type]
Draw = Callable[[st.SearchStrategy[Any]], Any]


def mapping(item: Type | None = None, **fields: Type) -> Type:
    return Type(kind="mapping", item=item, fields=tuple(fields.items()) or None)


def listing(item: Type) -> Type:
    return Type(kind="list", item=item)


def nullable(given: Type) -> Type:
    return Type(kind=given.kind, nullable=True, item=given.item)


ROW: Final = mapping(price=NUMBER, count=INTEGER, name=TEXT, tag=nullable(TEXT))
INPUT: Final = mapping(
    whole=INTEGER,
    small=Type(kind="integer", minimum=0, maximum=9),
    number=NUMBER,
    quantity=QUANTITY,
    flag=BOOLEAN,
    text=TEXT,
    plan=Type(kind="text", choices=("free", "pro")),
    day=DATE,
    moment=DATETIME,
    wholes=listing(INTEGER),
    numbers=listing(NUMBER),
    texts=listing(TEXT),
    flags=listing(BOOLEAN),
    rows=listing(ROW),
    maybe_whole=nullable(INTEGER),
    maybe_text=nullable(TEXT),
    maybe_flag=nullable(BOOLEAN),
    maybe_texts=nullable(listing(TEXT)),
    anything=ANY,
)
PROFILE: Final = mapping(
    limit=QUANTITY,
    limits=mapping(item=QUANTITY),
    names=mapping(item=TEXT),
    tables=mapping(item=mapping(item=INTEGER)),
    blocked=listing(TEXT),
    rate=NUMBER,
)

TEXTS: Final = st.sampled_from(["", "a", "free", "pro", "Straße", "2026-02-28", "x{y}'\"\\\n", "é"])
WHOLES: Final = st.one_of(
    st.integers(-3, 12),
    st.sampled_from([INTEGER_MAX, -INTEGER_MAX, 10**9, 1_000]),
)
DECIMALS: Final = st.one_of(
    st.decimals(-10, 10, places=2),
    st.sampled_from([Decimal("1E+40"), Decimal("-1E-40"), Decimal("1.5"), Decimal(3), Decimal(0)]),
    st.sampled_from([Decimal("1234567890.123456789012345678901234")]),
)
NUMBERS: Final = st.one_of(WHOLES, DECIMALS)
QUANTITIES: Final = st.one_of(NUMBERS, st.just(UNLIMITED))
DATES: Final = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)) | st.just(dt.date(2026, 2, 28))
ZONES: Final = st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=30))])
MOMENTS: Final = st.datetimes(timezones=ZONES)
SCALARS: Final = {
    "integer": WHOLES,
    "number": NUMBERS,
    "quantity": QUANTITIES,
    "boolean": st.booleans(),
    "text": TEXTS,
    "date": DATES,
    "datetime": MOMENTS,
}
KINDS: Final = (INTEGER, NUMBER, QUANTITY, BOOLEAN, TEXT, DATE, DATETIME)

ANYTHING: Final = st.one_of(
    QUANTITIES, st.booleans(), TEXTS, DATES, st.lists(WHOLES | st.booleans(), max_size=2),
    st.dictionaries(TEXTS, NUMBERS, max_size=2),
)  # fmt: skip


def values(given: Type) -> st.SearchStrategy[Any]:
    """Return what makes values of a type."""
    if given.nullable:
        return st.none() | values(given.non_null())
    if given.kind == "any":
        return ANYTHING
    if given.kind == "list":
        return st.lists(values(given.item or ANY), max_size=3)
    if given.fields is not None:
        return st.fixed_dictionaries({name: values(part) for name, part in given.fields})
    if given.kind == "mapping":
        keys = st.sampled_from(["free", "pro", "a"])
        return st.dictionaries(keys, values(given.item or ANY), max_size=3)
    return _scalars(given)


def _scalars(given: Type) -> st.SearchStrategy[Any]:
    if given.choices is not None:
        return st.sampled_from(given.choices)
    if given.minimum is not None:
        return st.integers(int(given.minimum), int(given.maximum or 9))
    return SCALARS[given.kind]


def constant(value: Any) -> Constant:  # noqa: ANN401 -- any scalar
    return Constant(**PLACE, value=value)


def key(base: Expression, name: str) -> Key:
    return Key(**PLACE, base=base, index=constant(name))


class Trees:
    """Draws expressions of a wanted type, over the names in scope."""

    def __init__(self, draw: Draw, env: Env, depth: int = DEPTH_MAX) -> None:
        self.draw = draw
        self.env = env
        self.depth = depth

    def choose(self, options: list[Any]) -> Any:  # noqa: ANN401 -- an item
        return self.draw(st.sampled_from(options))

    def deeper(self, **names: Type) -> "Trees":
        return Trees(self.draw, {**self.env, **names}, self.depth - 1)

    def of(self, kind: str) -> Expression:
        """Return an expression that is meant to be of a kind; now and then it may fail."""
        makers = [self._read, *([self._made] * 3 if self.depth > 0 else [])]
        node: Expression = self.choose(makers)(kind)
        return node

    def _read(self, kind: str) -> Expression:
        """Return a constant, or something in scope of the kind; perhaps something nullable."""
        places = [*self._places(kind)]
        if kind in {"date", "datetime"} or (places and self.draw(st.integers(0, 3))):
            node: Expression = self.choose(places)
            return node
        if kind == "list":
            return ListDisplay(**PLACE, items=tuple(map(constant, self.choose(_LISTS))))
        if kind == "mapping":
            return MappingDisplay(**PLACE, keys=("free",), values=(constant(1),))
        value = self.draw(SCALARS[kind])
        if isinstance(value, Decimal) and kind != "quantity" and not value.is_finite():
            value = 1
        return constant(value)

    def _places(self, kind: str) -> list[Expression]:
        found: list[Expression] = []
        for name, given in self.env.items():
            at: Expression = Name(**PLACE, name=name)
            if _fits(given, kind):
                found.append(at)
            found += [key(at, part) for part, kept in given.fields or () if _fits(kept, kind)]
        return found

    def _made(self, kind: str) -> Expression:
        inner = self.deeper()
        general = [inner.choice, inner.let_or_key]
        node: Expression = self.choose(general + _MAKERS[kind](inner))(kind)
        return node

    def choice(self, kind: str) -> Expression:
        return Choice(
            **PLACE, condition=self.of("boolean"), then=self.of(kind), otherwise=self.of(kind)
        )

    def let_or_key(self, kind: str) -> Expression:
        """Return a value of a table of the profile, where there is one of the kind."""
        profile = Name(**PLACE, name="profile")
        if kind == "quantity":
            return Key(**PLACE, base=key(profile, "limits"), index=self.of("text"))
        if kind == "text":
            return Key(**PLACE, base=key(profile, "names"), index=self.of("text"))
        if kind == "integer":
            table = Key(**PLACE, base=key(profile, "tables"), index=self.of("text"))
            lists = key(Name(**PLACE, name="input"), "wholes")
            at_text = Key(**PLACE, base=table, index=self.of("text"))
            node: Expression = self.choose([
                at_text, Key(**PLACE, base=lists, index=self.of("integer")),
                Key(**PLACE, base=lists, index=constant(0)),
            ])  # fmt: skip
            return node
        return self.of(kind)

    def arithmetic(self, kind: str) -> Expression:
        operators = ["+", "-", "*", "//", "%", "**"] if kind == "integer" else ["+", "-", "*", "/"]
        operator = self.choose([*operators, *["+", "-"]])
        right = constant(self.draw(st.integers(-3, 9))) if operator == "**" else self.of(kind)
        return Arithmetic(**PLACE, operator=operator, left=self.of(kind), right=right)

    def negative(self, kind: str) -> Expression:
        return Negative(**PLACE, operand=self.of(kind))

    def joined(self, _: str) -> Expression:
        return Arithmetic(**PLACE, operator="+", left=self.of("text"), right=self.of("text"))

    def written(self, _: str) -> Expression:
        kinds = self.draw(st.lists(st.sampled_from(sorted(_MAKERS)), min_size=1, max_size=2))
        return Text(**PLACE, parts=("at {", *(self.of(kind) for kind in kinds)))

    def comparison(self, _: str) -> Expression:
        kind = self.choose(["integer", "number", "quantity", "date", "datetime"])
        operator = self.choose(["<", "<=", ">", ">=", "==", "!="])
        other = self.choose(["integer", "quantity", kind]) if kind in _NUMERIC else kind
        return Comparison(**PLACE, operator=operator, left=self.of(kind), right=self.of(other))

    def equality(self, _: str) -> Expression:
        kind = self.choose(["text", "boolean", "list", "mapping", "any"])
        operator = self.choose(["==", "!="])
        if kind == "any":
            anything = key(Name(**PLACE, name="input"), "anything")
            other = self.choose(["integer", "boolean", "text", "list"])
            return Comparison(**PLACE, operator=operator, left=anything, right=self.of(other))
        right = self.choose([self.of(kind), constant(None)])
        return Comparison(**PLACE, operator=operator, left=self.of(kind), right=right)

    def dynamic(self, _: str) -> Expression:
        """Return a use of a value whose kind no schema tells."""
        anything = key(Name(**PLACE, name="input"), "anything")
        operator = self.choose(["<", ">=", "in", "not in"])
        left = self.of(self.choose(["integer", "text"]))
        compared = Comparison(**PLACE, operator=operator, left=left, right=anything)
        node: Expression = self.choose([compared, Not(**PLACE, operand=anything)])
        return node

    def membership(self, _: str) -> Expression:
        operator = self.choose(["in", "not in"])
        kind = self.choose(["text", "integer", "boolean"])
        container = self.choose([self.of("list"), self.of("mapping")])
        return Comparison(**PLACE, operator=operator, left=self.of(kind), right=container)

    def logic(self, _: str) -> Expression:
        count = self.draw(st.integers(2, 3))
        operands = tuple(self.of("boolean") for _ in range(count))
        return self.choose([And, Or])(**PLACE, operands=operands)  # type: ignore[no-any-return]

    def negation(self, _: str) -> Expression:
        return Not(**PLACE, operand=self.of("boolean"))

    def call(self, kind: str) -> Expression:
        function, kinds = self.choose(_CALLS[kind])
        arguments = tuple(self.of(part) for part in kinds)
        assert function in FUNCTIONS
        return Call(**PLACE, function=function, arguments=arguments)

    def fold(self, kind: str) -> Expression:
        name, item_kind = self.choose(_FOLDS[kind])
        variable = self.choose(["x", "y"])
        source, item = self.choose(_SOURCES)
        place: Expression = key(Name(**PLACE, name="input"), source)
        inner = self.deeper(**{variable: item})
        return Fold(
            **PLACE,
            fold=name,
            item=inner.of(item_kind),
            variable=variable,
            source=place,
            condition=inner.of("boolean") if self.draw(st.booleans()) else None,
        )

    def display(self, kind: str) -> Expression:
        if kind == "mapping":
            values = (self.of("integer"), self.of("text"))
            return MappingDisplay(**PLACE, keys=("a", "b"), values=values)
        part = self.choose(["integer", "text", "number", "boolean"])
        count = self.draw(st.integers(0, 3))
        return ListDisplay(**PLACE, items=tuple(self.of(part) for _ in range(count)))


_NUMERIC: Final = frozenset({"integer", "number", "quantity"})
_LISTS: Final = [["free", "pro"], [1, 2, Decimal("2.5")], [], [True], [None, "a"]]
_SOURCES: Final = [
    ("wholes", INTEGER), ("numbers", NUMBER), ("texts", TEXT), ("flags", BOOLEAN), ("rows", ROW),
    ("maybe_texts", TEXT),
]  # fmt: skip
_CALLS: Final = {
    "integer": [
        ("abs", ["integer"]), ("min", ["integer", "integer"]), ("max", ["integer", "integer"]),
        ("round", ["number"]), ("floor", ["number"]), ("ceil", ["number"]), ("len", ["text"]),
        ("len", ["list"]), ("len", ["mapping"]), ("days_between", ["date", "datetime"]),
        ("round", ["integer", "integer"]),
    ],
    "number": [
        ("abs", ["number"]), ("min", ["number", "integer"]), ("max", ["number", "integer"]),
        ("round", ["number", "integer"]), ("seconds_between", ["datetime", "datetime"]),
        ("bucket", ["text", "text"]),
    ],
    "quantity": [
        ("abs", ["quantity"]), ("min", ["quantity", "integer"]), ("floor", ["quantity"]),
        ("max", ["quantity", "number", "integer"]), ("round", ["quantity", "integer"]),
    ],
    "boolean": [
        ("startswith", ["text", "text"]), ("endswith", ["text", "text"]),
        ("contains", ["text", "text"]),
    ],
    "text": [("lower", ["text"]), ("upper", ["text"]), ("get", ["mapping", "text", "text"])],
    "date": [
        ("date", ["text"]), ("date", ["datetime"]), ("add_days", ["date", "integer"]),
        ("min", ["date", "date"]), ("max", ["date", "date"]),
    ],
    "datetime": [("add_days", ["datetime", "integer"]), ("max", ["datetime", "datetime"])],
}  # fmt: skip
_FOLDS: Final = {
    "integer": [("sum", "integer"), ("count", "boolean"), ("count", "text"), ("min", "integer")],
    "number": [("sum", "number"), ("max", "number"), ("min", "number")],
    "quantity": [("sum", "quantity"), ("max", "quantity")],
    "boolean": [("any", "boolean"), ("all", "boolean")],
    "date": [("min", "date")],
    "datetime": [("max", "datetime")],
    "list": [("list", "integer"), ("list", "text"), ("list", "boolean"), ("list", "list")],
}
_MAKERS: Final[dict[str, Callable[[Trees], list[Any]]]] = {
    "integer": lambda trees: [trees.arithmetic, trees.negative, trees.call, trees.fold],
    "number": lambda trees: [trees.arithmetic, trees.negative, trees.call, trees.fold],
    "quantity": lambda trees: [trees.arithmetic, trees.negative, trees.call, trees.fold],
    "boolean": lambda trees: [
        trees.comparison, trees.comparison, trees.equality, trees.membership, trees.logic,
        trees.logic, trees.negation, trees.call, trees.fold, trees.dynamic,
    ],
    "text": lambda trees: [trees.joined, trees.call, trees.written],
    "date": lambda trees: [trees.call, trees.fold],
    "datetime": lambda trees: [trees.call, trees.fold],
    "list": lambda trees: [trees.display, trees.fold],
    "mapping": lambda trees: [trees.display],
}  # fmt: skip


def _fits(given: Type, kind: str) -> bool:
    """Whether a value of the type can stand where the kind is wanted; null is let through."""
    wider = {"number": {"integer"}, "quantity": {"integer", "number"}}.get(kind, set())
    return given.kind == kind or given.kind in wider


@st.composite
def bodies(draw: Draw) -> Body:
    """Return what makes bodies: some lets that may use one another, some clauses."""
    env: Env = {"input": INPUT, "profile": PROFILE}
    lets = []
    for number in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(sorted(_MAKERS)))
        lets.append(Let(name=f"let_{number}", value=Trees(draw, env).of(kind)))
        env = {**env, f"let_{number}": _let_type(kind)}
    clauses = [_clause(draw, env, number) for number in range(draw(st.integers(1, 3)))]
    return Body(lets=tuple(lets), clauses=tuple(clauses))


def _let_type(kind: str) -> Type:
    parts = {"list": listing(ANY), "mapping": mapping(item=ANY)}
    return parts.get(kind) or Type(kind=kind)  # type: ignore[arg-type] # one of the kinds


def _clause(draw: Draw, env: Env, number: int) -> Clause:
    trees = Trees(draw, env)
    kinds = draw(st.lists(st.sampled_from(sorted(_MAKERS)), min_size=1, max_size=2))
    emit = tuple((f"out_{place}", trees.of(kind)) for place, kind in enumerate(kinds))
    is_last = draw(st.integers(0, 5)) == 0
    when = None if is_last else trees.of("boolean")
    return Clause(id=f"rule-{number}", when=when, emit=emit, explain=None)
