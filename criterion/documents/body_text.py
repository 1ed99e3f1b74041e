"""Body texts: lets and rules as a file has them, made into the trees that decide."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Final

from criterion.documents.problems import Problems
from criterion.documents.sections import text_of
from criterion.documents.text_offsets import offset_of
from criterion.documents.yaml_text import Node
from criterion.errors import ExpressionError
from criterion.expression import tree
from criterion.expression.parse import parse, parse_text
from criterion.quantity import UNLIMITED, UNLIMITED_TEXT
from criterion.rule import OTHERWISE
from criterion.text import code


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNodes:
    """One rule where it stands in the file.

    Attributes:
        id: The rule's id.
        node: Where its id stands, or else the rule.
        when: Its condition.
        emit: The values of its members, the shared ones included.
        keys: The keys of those members.
        explain: Its reason, or ``None``.
    """

    id: str
    node: Node
    when: Node | None
    emit: dict[str, Node]
    keys: dict[str, Node]
    explain: Node | None


@dataclass(frozen=True, slots=True)
class Trees:
    """Makes trees of nodes.

    Attributes:
        problems: Where mistakes are noted.
        in_file: Whether the columns of the trees count from the beginning of the file, so that a
            mistake in one can be shown there; else from the beginning of each text.
    """

    problems: Problems
    in_file: bool = False

    def body(self, lets: dict[str, Node], rules: list[RuleNodes]) -> tree.Body:
        """Return what the decision decides by, without the parts that have mistakes."""
        made = [(name, self.let(name, node)) for name, node in lets.items()]
        return tree.Body(
            lets=tuple(tree.Let(name=name, value=value) for name, value in made if value),
            clauses=tuple(clause for rule in rules if (clause := self.clause(rule))),
        )

    def let(self, name: str, node: Node) -> tree.Expression | None:
        """Return a let: text is an expression, anything else is data."""
        if node.is_broken:
            return None
        if isinstance(node.value, str):
            text = text_of(node, self.problems, code(name))
            return None if text is None else self._parsed(node, text, 0)
        if node.value is None:
            self.problems.add(node.start, f"{code(name)} has no value")
            return None
        return self._data(node)

    def clause(self, rule: RuleNodes) -> tree.Clause | None:
        """Return a rule as a clause, or ``None`` where its condition cannot be read."""
        otherwise = rule.when is not None and rule.when.value == OTHERWISE
        when = None if otherwise or rule.when is None else self.condition(rule.when)
        emitted = [(name, self.emitted(node)) for name, node in rule.emit.items()]
        explain = None if rule.explain is None else self.reason(rule.explain)
        if (when is None and not otherwise) or any(value is None for _, value in emitted):
            return None
        emit = tuple((name, value) for name, value in emitted if value is not None)
        return tree.Clause(id=rule.id, when=when, emit=emit, explain=explain)

    def condition(self, node: Node) -> tree.Expression | None:
        """Return what stands behind ``when``."""
        if isinstance(node.value, bool) and not node.is_broken:
            word = "always" if node.value else "never"
            hint = "write `when: otherwise`" if node.value else "remove the rule"
            self.problems.add(node.start, f"a condition that {word} holds", hint)
            return None
        if isinstance(node.value, int | Decimal) and not node.is_broken:
            hint = "compare it with something, as in `input.seats > 3`"
            self.problems.add(node.start, "a number is no condition", hint)
            return None
        text = text_of(node, self.problems, "`when`")
        if text is None:
            return None
        if text.strip().lower() in _OTHERWISES:
            self.problems.add(node.start, f"{code(text)} is no condition", "write `otherwise`")
            return None
        if text.startswith("=") and not text.startswith("=="):
            message = "`when` is an expression already"
            self.problems.add(offset_of(self.problems.text, node, 0), message, "leave out the `=`")
            return None
        return self._parsed(node, text, 0)

    def reason(self, node: Node) -> tree.Text | None:
        """Return what stands behind ``explain``."""
        text = text_of(node, self.problems, "`explain`")
        if text is None:
            return None
        made = self._text(node, text, 0)
        if isinstance(made, tree.Constant):
            return tree.Text(at=made.at, end=made.end, parts=(text_value(made),))
        return made if isinstance(made, tree.Text) else None

    def emitted(self, node: Node) -> tree.Expression | None:
        """Return an emitted value: ``=…`` is an expression, other text may hold some in braces."""
        if node.is_broken:
            return None
        if node.style == "collection":
            return self._collection(node, self.emitted)
        if not isinstance(node.value, str):
            return self._constant(node, node.value)
        text = node.value
        if text.startswith("=="):
            return self._text(node, text[1:], 1)
        if text.startswith("="):
            return self._parsed(node, text[1:], 1)
        return self._text(node, text, 0)

    def _data(self, node: Node) -> tree.Expression | None:
        if node.is_broken:
            return None
        if node.style == "collection":
            return self._collection(node, self._data)
        return self._constant(node, data_of(node))

    def _collection(self, node: Node, make: Any) -> tree.Expression | None:  # noqa: ANN401
        at, end = self._span(node)
        parts = node.items if node.items is not None else list((node.members or {}).values())
        made = tuple(make(part) for part in parts)
        if any(part is None for part in made):
            return None
        if node.items is not None:
            return tree.ListDisplay(at=at, end=end, items=made)
        return tree.MappingDisplay(at=at, end=end, keys=tuple(node.members or {}), values=made)

    def _constant(self, node: Node, value: tree.Scalar) -> tree.Constant:
        at, end = self._span(node)
        return tree.Constant(at=at, end=end, value=value)

    def _span(self, node: Node) -> tuple[int, int]:
        return (node.start + 1, node.end + 1) if self.in_file else (1, 2)

    def _parsed(self, node: Node, source: str, skipped: int) -> tree.Expression | None:
        try:
            return self._placed(parse(source), node, skipped)
        except ExpressionError as error:
            self._note(node, error, skipped)
            return None

    def _text(self, node: Node, source: str, skipped: int) -> tree.Expression | None:
        self._check_cut(node)
        try:
            return self._placed(parse_text(source), node, skipped)
        except ExpressionError as error:
            self._note(node, error, skipped)
            return None

    def _placed(self, made: tree.Expression, node: Node, skipped: int) -> tree.Expression:
        if not self.in_file:
            return made
        return moved(made, lambda column: self._offset(node, column, skipped) + 1)

    def _offset(self, node: Node, column: int, skipped: int) -> int:
        return offset_of(self.problems.text, node, skipped + column - 1)

    def _note(self, node: Node, error: ExpressionError, skipped: int) -> None:
        if node.is_flow and self.problems.is_noted(*self.problems.line_of(node.end)):
            return  # a comma has cut it, and that was said
        trap = self._trap(node) if error.kind == "syntax" else None
        at = self._offset(node, error.column, skipped)
        self.problems.add(at, str(error.args[0]), trap or error.hint)

    def _trap(self, node: Node) -> str | None:
        if node.style != "plain":
            return None
        if self._is_cut(node):
            return "quote the whole value: ` #` begins a comment"
        if node.is_flow and self.problems.text[node.end : node.end + 1] == ",":
            return "quote the whole value: inside `{…}` and `[…]` a comma ends it"
        return None

    def _is_cut(self, node: Node) -> bool:
        return self.problems.text[node.end :][:200].lstrip(" \t").startswith("#")

    def _check_cut(self, node: Node) -> None:
        """Note a text that goes on behind a number sign: ``Order #5`` without quotes."""
        behind = self.problems.text[node.end : node.end + 200].lstrip(" \t")
        if node.style == "plain" and behind.startswith("#") and behind[1:2].strip("# \t\r\n!"):
            hint = "quote the whole text; or, for a comment, put a space behind the `#`"
            self.problems.add(node.end + 1, "` #` begins a comment, and cuts the text", hint)


def data_of(node: Node) -> Any:  # noqa: ANN401 -- plain data
    """Return what is written under ``let`` as data; an unquoted ``unlimited`` is the quantity."""
    if node.items is not None:
        return [data_of(item) for item in node.items]
    if node.members is not None:
        return {key: data_of(member) for key, member in node.members.items()}
    is_unlimited = node.style == "plain" and node.value == UNLIMITED_TEXT
    return UNLIMITED if is_unlimited else node.value


def moved(node: tree.Expression, place: Any) -> tree.Expression:  # noqa: ANN401 -- a function of columns
    """Return a tree whose columns are what ``place`` makes of them."""
    changes: dict[str, Any] = {}
    for field in fields(node):
        part = getattr(node, field.name)
        if isinstance(part, tree.Node):
            changes[field.name] = moved(part, place)  # type: ignore[arg-type] # all are expressions
        elif isinstance(part, tuple):
            changes[field.name] = tuple(_moved_parts(part, place))
    return replace(node, at=place(node.at), end=place(node.end), **changes)


def _moved_parts(parts: tuple[Any, ...], place: Any) -> Iterator[Any]:  # noqa: ANN401
    for part in parts:
        yield moved(part, place) if isinstance(part, tree.Node) else part  # type: ignore[arg-type] # same


def text_value(constant: tree.Constant) -> str:
    """Return the value of a constant that is text."""
    return str(constant.value)


_OTHERWISES: Final = frozenset({"else", "default", "always", OTHERWISE})
"""What authors write for the word that always matches."""
