"""Costs: what a call costs the provider, in runes.

Source:
    Policy specification, section 7.1, step 3.
"""

from collections.abc import Mapping
from decimal import Decimal
from logging import getLogger
from types import MappingProxyType
from typing import Any, Final

from criterion.policy.amounts import Amount, tidy, times
from criterion.policy.credit import Credit

LOG: Final = getLogger(__name__)

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def cost_of(credit: Credit, units: Amount, context: Mapping[str, Any] | None) -> Amount:
    """Return what units cost: as the credit's own function says, else a constant for each.

    A function that fails, or returns what is no finite number, is reported to the log, and the
    constant counts.
    """
    constant = credit.overhead_cost
    if credit.overhead is None:
        return times(units, constant) if constant else 0
    if units == 0:
        return 0
    try:
        cost = credit.overhead(units, _NOTHING if context is None else context)
        found = _finite(cost)
    except Exception:
        LOG.exception("the cost of credit `%s` failed", credit.name)
        found = None
    else:
        if found is None:
            LOG.error("the cost of credit `%s` is no finite number", credit.name)
    return times(units, constant) if found is None else found


def _finite(cost: object) -> Amount | None:
    if isinstance(cost, bool) or not isinstance(cost, int | float | Decimal):
        return None
    number = Decimal(repr(cost)) if isinstance(cost, float) else Decimal(cost)
    return tidy(number) if number.is_finite() else None
