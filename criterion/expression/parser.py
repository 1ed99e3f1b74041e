"""The parser: precedence climbing over the tokens of one expression."""

from decimal import Decimal
from typing import Final

from criterion.expression.numbers import negate
from criterion.expression.operands import Operands
from criterion.expression.tree import (
    And,
    Arithmetic,
    ArithmeticOperator,
    Choice,
    Comparison,
    ComparisonOperator,
    Constant,
    Expression,
    Negative,
    Not,
    Or,
    measure,
)  # fmt: skip
from criterion.quantity import UNLIMITED
from criterion.text import code

PARTS_MAX: Final = 200
"""How many nodes one expression may have."""

DEPTH_MAX: Final = 30
"""How deep its nodes may be nested."""

_OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _NEGATE, _POWER = range(1, 9)
_BINDING: Final = {
    "or": _OR, "and": _AND, "in": _COMPARE, "not": _COMPARE, "==": _COMPARE, "!=": _COMPARE,
    "<": _COMPARE, "<=": _COMPARE, ">": _COMPARE, ">=": _COMPARE, "+": _ADD, "-": _ADD,
    "*": _MULTIPLY, "/": _MULTIPLY, "//": _MULTIPLY, "%": _MULTIPLY, "**": _POWER,
}  # fmt: skip
"""How tightly each operator binds, as in Python."""

_NUMBERS: Final = frozenset({int, Decimal})
_ORDERS: Final = frozenset({"<", "<=", ">", ">=", "=="})


class Parser(Operands):
    """Reads the tokens of one expression, once."""

    def whole(self) -> Expression:
        """Return the one expression that all tokens make.

        Raises:
            ExpressionError: They make none, or more than one, or one beyond the bounds.
        """
        node = self.expression()
        if self.token.kind != "end":
            self.refuse_middle()
        if len(self.tokens) > DEPTH_MAX:
            self._refuse_large(node)
        return node

    def expression(self) -> Expression:
        """Read operands and operators, and the ``if`` behind them."""
        start = self.token.at
        node = self.disjunction()
        if self.token.text != "if":
            return node
        at_if = self.take()
        condition = self.disjunction()
        if self.token.text != "else":
            if self.token.kind != "end":
                self.refuse_middle()
            message, hint = "`if` has no `else`", "write `a if condition else b`"
            self.refuse("syntax", at_if, message, hint)
        self.take()
        otherwise = self.nested()
        return Choice(
            at=start + 1, end=self.end, condition=condition, then=node, otherwise=otherwise
        )

    def disjunction(self) -> Expression:
        """Read operands and operators, without an ``if``."""
        return self._binary(_OR)

    def _binary(self, binding_min: int) -> Expression:
        """Read operands and the operators between them that bind at least as tightly."""
        self.deeper()
        start = self.token.at
        node = self._prefixed(binding_min)
        while True:
            token = self.token
            binding = _BINDING.get(token.text, 0)
            if binding < binding_min or not binding:
                break
            if binding in {_OR, _AND}:
                node = self._joined(node, start, binding)
            elif binding == _COMPARE:
                node = self._compared(node, start)
            else:
                node = self._calculated(node, start, binding)
        self.nesting -= 1
        return node

    def _prefixed(self, binding_min: int) -> Expression:
        token = self.token
        if token.text == "-":
            self.take()
            operand = self._binary(_NEGATE)
            value = operand.value if isinstance(operand, Constant) else None
            if type(value) in _NUMBERS and value != UNLIMITED:
                return Constant(at=token.at + 1, end=self.end, value=negate(value))
            return Negative(at=token.at + 1, end=self.end, operand=operand)
        if token.text == "not":
            if binding_min > _NOT:
                hint = "put brackets around it: `(not …)`"
                self.refuse("syntax", token, "`not` cannot stand here", hint)
            self.take()
            operand = self._binary(_NOT)
            return Not(at=token.at + 1, end=self.end, operand=operand)
        return self.operand()

    def _joined(self, first: Expression, start: int, binding: int) -> Expression:
        word = self.token.text
        operands = [first]
        while self.token.text == word:
            self.take()
            operands.append(self._binary(binding + 1))
        node = And if binding == _AND else Or
        return node(at=start + 1, end=self.end, operands=tuple(operands))

    def _compared(self, first: Expression, start: int) -> Expression:
        parts: list[Expression] = []
        left, start_left = first, start
        operators = []
        while _BINDING.get(self.token.text) == _COMPARE:
            operators.append(self.token)
            operator = self._comparison_operator()
            start_right = self.token.at
            right = self._binary(_ADD)
            parts.append(
                Comparison(
                    at=start_left + 1, end=self.end, operator=operator, left=left, right=right
                )
            )
            left, start_left = right, start_right
        if len(parts) == 1:
            return parts[0]
        odd = next((token for token in operators if token.text not in _ORDERS), None)
        if odd is not None:
            message = f"{code(odd.text)} cannot stand in a chain of comparisons"
            self.refuse("syntax", odd, message, "join two comparisons with `and`")
        return And(at=start + 1, end=self.end, operands=tuple(parts))

    def _comparison_operator(self) -> ComparisonOperator:
        token = self.take()
        if token.text != "not":
            return token.text  # type: ignore[return-value] # a sign that compares, or `in`
        if self.token.text != "in":
            self.refuse("syntax", token, "`not` cannot stand here", "write `not in`, or `!=`")
        self.take()
        return "not in"

    def _calculated(self, left: Expression, start: int, binding: int) -> Expression:
        operator: ArithmeticOperator = self.take().text  # type: ignore[assignment] # such a sign
        right = self._binary(_NEGATE if binding == _POWER else binding + 1)
        return Arithmetic(at=start + 1, end=self.end, operator=operator, left=left, right=right)

    def _refuse_large(self, node: Expression) -> None:
        parts, depth = measure(node)
        hint = "name a part of it under `let`"
        if parts > PARTS_MAX:
            message = f"the expression has {parts} parts, more than {PARTS_MAX}"
            self.refuse("too_large", self.tokens[0], message, hint)
        if depth > DEPTH_MAX:
            message = f"the expression is {depth} levels deep, more than {DEPTH_MAX}"
            self.refuse("too_large", self.tokens[0], message, hint)
