"""Rounding: amounts of money as people read them, to whole cents."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from criterion.policy.amounts import Amount, tidy

_CENT: Final = Decimal("0.01")
_CONTEXT: Final = Context(prec=200, rounding=ROUND_HALF_UP)


def cents(amount: Amount) -> Amount:
    """Return an amount at two decimals, half away from zero."""
    return tidy(Decimal(amount).quantize(_CENT, context=_CONTEXT))
