"""Reasons: why a condition was true or false, as a sentence with the values that it met.

Every part of a sentence is something that holds: of ``score >= 650`` that was false it says
``score 500 < 650``. So parts are joined by *and*, however the condition was put together.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from criterion.expression.failure import ExpressionFailure
from criterion.expression.interpret import Interpretation, Reached
from criterion.expression.labels import Labels, turned
from criterion.expression.phrases import (
    ROOTS,
    counted,
    expression_text,
    few_items,
    value_text,
    value_texts,
    words,
)
from criterion.expression.program import is_constant
from criterion.expression.tree import (
    And,
    Body,
    Call,
    Choice,
    Comparison,
    Constant,
    Expression,
    Fold,
    Key,
    Name,
    Not,
    Or,
)
from criterion.expression.types import Type
from criterion.expression.values import CONTAINERS
from criterion.redaction import REDACTED_TEXT

OTHERWISE_REASON: Final = "no earlier rule matched"

_VERBS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "startswith": ("starts with", "does not start with"),
        "endswith": ("ends with", "does not end with"),
        "contains": ("contains", "does not contain"),
    }
)


_NOTHING_HIDDEN: Final = (False, False)
_NOT_REACHED: Final = Reached(None, ExpressionFailure("steps", "not worked out"))


class Reasons:
    """Generates the reasons of one decision's rules."""

    def __init__(self, body: Body, given: Type, profile: Type) -> None:
        """Take the body, and the types of its input and profile, for titles and marks."""
        self._clauses = body.clauses
        self._lets = {let.name: let.value for let in body.lets}
        self._labels = Labels(body, given, profile)

    def reason(self, position: int, interpretation: Interpretation) -> str:
        """Return why a clause's condition was true, or why it was not.

        Args:
            position: Which clause, from 0.
            interpretation: Of the facts in question; parts that it has not needed yet may be
                worked out, and where they fail they are left out.
        """
        when = self._clauses[position].when
        if when is None:
            return OTHERWISE_REASON
        reached = interpretation.attempt(when)
        if reached.failure is not None:
            return f"the condition cannot be worked out: {reached.failure}"
        if not isinstance(reached.value, bool):
            return "the condition is neither true nor false"
        return _Sentence(self._lets, self._labels, interpretation).of(when, reached.value)


class _Sentence:
    """Puts one sentence together, from what an interpretation knows."""

    def __init__(
        self,
        lets: Mapping[str, Expression],
        labels: Labels,
        interpretation: Interpretation,
    ) -> None:
        self._lets = lets
        self._labels = labels
        self._interpretation = interpretation
        self._loops = 0
        self._opened = 0

    def of(self, node: Expression, truth: bool) -> str:  # noqa: FBT001 -- what the node came to
        """Return what holds, given that a condition came to this."""
        write = self._WRITE.get(type(node))
        return self._plain(node, truth) if write is None else write(self, node, truth)

    def _reached(self, node: Expression) -> Reached:
        """Return what a node came to; inside a loop only what was worked out there."""
        if self._loops:
            return self._interpretation.known(node) or _NOT_REACHED
        return self._interpretation.attempt(node)

    def _value(self, node: Expression) -> Any:  # noqa: ANN401 -- any plain data
        if type(node) is Constant:
            return node.value
        value = self._interpretation.values.get(id(node), self)
        return self._reached(node).value if value is self else value

    def _hides(self, *nodes: Expression) -> bool:
        return self._labels.marks and any(map(self._labels.hides, nodes))

    def _plain(self, node: Expression, truth: bool) -> str:  # noqa: FBT001
        """Return the sentence of a value that is itself true or false."""
        word = "true" if truth else "false"
        text = f"{self._label(node)} is {REDACTED_TEXT if self._hides(node) else word}"
        if not isinstance(node, Name) or node.name not in self._lets or self._opened:
            return text
        self._opened += 1
        inner = self.of(self._lets[node.name], truth)
        self._opened -= 1
        return f"{text} ({inner})"

    def _constant(self, node: Constant, _: bool) -> str:  # noqa: FBT001
        return f"{value_text(node.value)} is written in the rule"

    def _not(self, node: Not, truth: bool) -> str:  # noqa: FBT001
        return self.of(node.operand, not truth)

    def _and(self, node: And, truth: bool) -> str:  # noqa: FBT001
        return self._joint(node.operands, truth, all_of=truth)

    def _or(self, node: Or, truth: bool) -> str:  # noqa: FBT001
        return self._joint(node.operands, truth, all_of=not truth, first=truth)

    def _joint(
        self,
        operands: tuple[Expression, ...],
        truth: bool,  # noqa: FBT001
        *,
        all_of: bool,
        first: bool = False,
    ) -> str:
        """Return the sentences of the parts that decided: all, or those that came to the same."""
        parts = []
        for operand in operands:
            if all_of or self._value(operand) is truth:
                parts.append(self.of(operand, truth))
                if first or (self._loops and not all_of):
                    break
        return _joined(parts)

    def _choice(self, node: Choice, truth: bool) -> str:  # noqa: FBT001
        is_then = bool(self._value(node.condition))
        chosen = node.then if is_then else node.otherwise
        test = self.of(node.condition, is_then)
        return test if isinstance(chosen, Constant) else f"{test} and {self.of(chosen, truth)}"

    def _comparison(self, node: Comparison, truth: bool) -> str:  # noqa: FBT001
        frame = self._labels.frame(node, truth)
        if frame is not None:
            first, second = self._value(frame.left), self._value(frame.right)
            if type(first) not in CONTAINERS:
                texts = value_texts(first, second)
                return f"{frame.before}{texts[0]}{frame.between}{texts[1]}"
        operator, left, right = turned(node, truth)
        if operator in {"in", "not in"}:
            return self._membership(left, right, operator)
        shown = self._both(left, right, equal=operator == "==")
        if operator in {"==", "!="} and isinstance(right, Constant):
            text = f"{self._label(left)} is {shown[0]}"
            return text if operator == "==" else f"{text}, not {shown[1]}"
        return f"{self._named(left, shown[0])} {operator} {self._named(right, shown[1])}"

    def _both(self, left: Expression, right: Expression, *, equal: bool) -> tuple[str, str]:
        """Return two compared values; what equals a marked value would give it away."""
        hides = (self._hides(left), self._hides(right)) if self._labels.marks else _NOTHING_HIDDEN
        if equal and any(hides):
            return REDACTED_TEXT, REDACTED_TEXT
        first, second = self._value(left), self._value(right)
        if isinstance(first, (list, dict)) and isinstance(second, (list, dict)):
            texts = self._listed(left), self._listed(right)
        else:
            texts = value_texts(first, second)
        if hides is _NOTHING_HIDDEN:
            return texts
        return REDACTED_TEXT if hides[0] else texts[0], REDACTED_TEXT if hides[1] else texts[1]

    def _membership(self, left: Expression, right: Expression, operator: str) -> str:
        verb = "is in" if operator == "in" else "is not in"
        if not self._hides(left, right):
            value = value_text(self._value(left))
            return f"{self._named(left, value)} {verb} {self._container(right)}"
        source = self._label(right) if isinstance(right, Name | Key) else "a list of the rule"
        return f"{self._named(left, REDACTED_TEXT)} {verb} {source}"

    def _container(self, node: Expression) -> str:
        """Return a list or mapping: one of the rule in full, one of a profile by its length."""
        origin = self._lets.get(node.name, node) if isinstance(node, Name) else node
        if is_constant(origin):
            return self._listed(origin)
        return self._named(node, self._listed(node))

    def _listed(self, node: Expression) -> str:
        value = self._value(node)
        if isinstance(value, dict):
            return f"({counted(len(value), 'key')})"
        if not isinstance(value, list):
            return value_text(value)
        if is_constant(node):
            return value_text(value)
        return few_items(value) if self._is_given(node) else f"({counted(len(value), 'item')})"

    def _is_given(self, node: Expression) -> bool:
        """Whether data stands in the input, and in nothing but the input."""
        while isinstance(node, Key):
            node = node.base
        return isinstance(node, Name) and node.name == "input"

    def _call(self, node: Call, truth: bool) -> str:  # noqa: FBT001
        verbs = _VERBS.get(node.function)
        if verbs is None:
            return self._plain(node, truth)
        hides = self._hides(*node.arguments)
        texts = [
            REDACTED_TEXT if hides else value_text(self._value(argument))
            for argument in node.arguments
        ]
        left, right = map(self._named, node.arguments, texts)
        return f"{left} {verbs[0] if truth else verbs[1]} {right}"

    def _fold(self, node: Fold, truth: bool) -> str:  # noqa: FBT001
        """Return the sentence of ``any`` or ``all``: by the item that decided, if one did."""
        source = self._label(node.source)
        count = len(self._value(node.source) or ())
        if truth is (node.fold == "any"):
            self._loops += 1
            inner = self.of(node.item, truth)
            self._loops -= 1
            return f"for one of {source}: {inner}"
        if not count:
            return f"{source} is empty"
        test = f"`{expression_text(node.item)}`"
        if node.condition is not None:
            test = f"{test} where `{expression_text(node.condition)}`"
        quantifier = "none" if node.fold == "any" else "each"
        return f"{quantifier} of {source} ({counted(count, 'item')}) has {test}"

    def _named(self, node: Expression, text: str) -> str:
        """Return a value behind what it is called, where it is called anything."""
        if isinstance(node, (Name, Key)) or text.startswith("("):
            return f"{self._label(node)} {text}"
        if is_constant(node) or (isinstance(node, Call) and all(map(is_constant, node.arguments))):
            return text
        return f"{self._label(node)} ({text})"

    def _label(self, node: Expression) -> str:
        """Return what people call a value: its title, its name, or how it is worked out."""
        fixed = self._labels.fixed(node)
        if fixed is not None or not isinstance(node, Key):
            return fixed or ""
        last = REDACTED_TEXT if self._hides(node.index) else self._part(node.index)
        if isinstance(node.base, Name) and node.base.name in ROOTS:
            return last
        return f"{self._label(node.base)}{last if last.startswith('[') else f'.{last}'}"

    def _part(self, index: Expression) -> str:
        """Return a key as the part of a path: the key that it was for these facts."""
        value = self._value(index)
        return words(value) if isinstance(value, str) else f"[{value}]"

    _WRITE: Final[dict[type, Callable[["_Sentence", Any, bool], str]]] = {
        Constant: _constant,
        Not: _not,
        And: _and,
        Or: _or,
        Choice: _choice,
        Comparison: _comparison,
        Call: _call,
        Fold: _fold,
    }


def _joined(parts: list[str]) -> str:
    """Join what holds; what is null is not said to be unequal to something as well."""
    kept = list(dict.fromkeys(parts))
    said = [f"{part}," for part in kept if part.endswith(" is none")]
    if said:
        kept = [part for part in kept if not part.startswith(tuple(said))]
    return (", and " if ", not " in "\n".join(kept) else " and ").join(kept)
