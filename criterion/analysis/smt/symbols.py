"""Symbols: what one translation shares: texts, constraints, holes, and whether it rounds."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import z3

from criterion.analysis.smt.logic import Claim, either
from criterion.analysis.smt.ranges import ANY, Range, kept
from criterion.analysis.smt.texts import Texts
from criterion.analysis.smt.ways import Number, Term, Value, Way, as_real, merged
from criterion.exact import DIGITS_MAX

ROUNDING_SHARE: Final = Fraction(1, 10 ** (DIGITS_MAX - 1))
"""How far a rounded decimal may be from the exact one, as a share of it; more than it ever is."""


class Symbols:
    """What one translation shares.

    Attributes:
        rounds: Whether decimals are rounded as the engine may round them; else they are exact.
        texts: The texts it knows.
        constraints: What holds for all facts.
        holes: Why a name stands for anything: what was not translated.
        limits: Why a name is restricted: lists of more items were not looked at.
        was_rounded: Whether there is a decimal that the engine may have rounded.
        definitions: What products and quotients of numbers that are not known are; `constraints`
            say of them only what is linear.
    """

    def __init__(self, *, rounds: bool) -> None:
        """Start with nothing."""
        self.rounds = rounds
        self.texts = Texts()
        self.constraints: list[Claim] = []
        self.holes: dict[str, str] = {}
        self.limits: dict[str, str] = {}
        self.was_rounded = False
        self.definitions: list[Claim] = []
        self._products: dict[tuple[str, int, int], tuple[Term, Term, Term]] = {}
        self._count = 0
        self._rounded: dict[int, tuple[Term, Term]] = {}

    def require(self, claim: Claim) -> None:
        """Note what holds for all facts."""
        if claim is not True:
            self.constraints.append(claim)

    def hole(self, reason: str, sort: Any) -> Term:  # noqa: ANN401 -- a sort of z3
        """Return a name for what was not translated; it may be anything."""
        self._count += 1
        name = f"hole {self._count}"
        self.holes[name] = reason
        return z3.Const(name, sort)

    def product(self, one: Number, two: Number) -> Term:
        """Return the product of two numbers, Ints or Reals both."""
        if _is_constant(one.term) or _is_constant(two.term):
            return one.term * two.term
        key = ("*", *sorted((one.term.get_id(), two.term.get_id())))
        if key not in self._products:
            made = self._made("product", one.term.sort())
            self._products[key] = made, one.term, two.term
            self.definitions.append(made == one.term * two.term)
            self.constraints += product_bounds(made, one, two)
        return self._products[key][0]

    def quotient(self, one: Number, two: Number) -> Term:
        """Return the quotient of two Reals; anything where what divides is zero."""
        if _is_constant(two.term):
            return one.term / two.term
        key = ("/", one.term.get_id(), two.term.get_id())
        if key not in self._products:
            made = self._made("quotient", z3.RealSort())
            self._products[key] = made, one.term, two.term
            there = two.term != 0
            self.definitions.append(z3.Implies(there, made * two.term == one.term))
            signs = z3.And(
                z3.Implies(z3.And(one.term >= 0, two.term > 0), made >= 0),
                z3.Implies(one.term == 0, made == 0),
            )
            self.require(z3.Implies(there, signs))
        return self._products[key][0]

    def near(self, model: Any) -> Iterator[Claim]:  # noqa: ANN401 -- of z3
        """Yield what products and quotients are where one number of each is what a model says."""
        for (kind, _, _), (made, one, two) in self._products.items():
            fixed, other = (two, one) if kind == "/" else (one, two)
            value = model.eval(fixed, model_completion=True)
            if kind == "*":
                yield z3.And(fixed == value, made == value * other)
            elif value.as_fraction() != 0:
                yield z3.And(fixed == value, made * value == other)

    def _made(self, what: str, sort: Any) -> Term:  # noqa: ANN401 -- a sort of z3
        self._count += 1
        return z3.Const(f"{what} {self._count}", sort)

    def rounded(self, exact: Term, between: Range = ANY) -> Number:
        """Return the result of an operation on decimals, which has at most 34 digits.

        Args:
            exact: The result before it is rounded.
            between: Its range.
        """
        if between.is_exact:
            return Number(exact, False, between.is_within, between)  # noqa: FBT003 -- by place
        self.was_rounded = True
        between = kept(between)
        is_within = between.is_within
        if not self.rounds or z3.is_rational_value(z3.simplify(exact)):
            return Number(exact, False, is_within, between)  # noqa: FBT003 -- by place
        key = exact.get_id()
        if key not in self._rounded:
            self._count += 1
            term = z3.Real(f"rounded {self._count}")
            slack = z3.RealVal(str(ROUNDING_SHARE)) * either(exact >= 0, exact, -exact)
            self.require(z3.And(term - exact <= slack, exact - term <= slack))
            self._rounded[key] = exact, term
        return Number(self._rounded[key][1], False, is_within, between)  # noqa: FBT003 -- by place

    def merged(self, *ways: Way) -> Value:
        """Return a value in as few ways as kinds allow."""
        return merged(ways, self.texts.number)

    def same(self, left: Number, right: Number) -> Claim:
        """Return whether two numbers are equal."""
        if left.is_whole and right.is_whole:
            return left.term == right.term
        return as_real(left) == as_real(right)


def _is_constant(term: Term) -> bool:
    return bool(z3.is_int_value(term) or z3.is_rational_value(term))


def product_bounds(made: Term, one: Number, two: Number) -> list[Claim]:
    """Return what is linear of a product: its sign, and the planes that bound it.

    Source: McCormick, Computability of global solutions to factorable nonconvex programs, 1976.
    """
    claims: list[Claim] = [(made == 0) == z3.Or(one.term == 0, two.term == 0)]
    x, y = one.term, two.term
    value = z3.IntVal if one.is_whole else z3.RealVal
    for a, b, is_below in (
        (one.range.least, two.range.least, True),
        (one.range.most, two.range.most, True),
        (one.range.least, two.range.most, False),
        (one.range.most, two.range.least, False),
    ):
        if a is not None and b is not None:
            plane = value(str(a)) * y + value(str(b)) * x - value(str(a * b))
            claims.append(made >= plane if is_below else made <= plane)
    return claims


def exact_decimal(value: Fraction) -> Decimal | None:
    """Return a fraction as a decimal of at most 34 digits, ``None`` where it is none."""
    denominator, twos, fives = value.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    places = max(twos, fives)
    digits = value * 10**places
    if denominator != 1 or len(str(abs(digits.numerator))) > DIGITS_MAX:
        return None
    sign = 1 if value < 0 else 0
    return Decimal((sign, tuple(map(int, str(abs(digits.numerator)))), -places))
