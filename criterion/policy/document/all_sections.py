"""The sections of a policy document, all of them by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from criterion.policy.document import state_tables, tables
from criterion.policy.document.section import Section

SECTIONS: Final[Mapping[str, Section]] = MappingProxyType(
    {
        "policy": tables.POLICY,
        "credit": tables.CREDIT,
        "price": tables.PRICE,
        "tier": tables.TIER,
        "plan": tables.PLAN,
        "entitlement": tables.ENTITLEMENT,
        "limit": tables.LIMIT,
        "topup": tables.TOPUP,
        "exchange": tables.EXCHANGE,
        "pair": tables.PAIR,
        "guard": tables.GUARD,
        "notification": tables.NOTIFICATION,
        "capability": tables.CAPABILITY,
        "parameter": tables.PARAMETER,
        "customer": state_tables.CUSTOMER,
        "meter": state_tables.METER,
        "hold": state_tables.HOLD,
        "change": state_tables.CHANGE,
        "estimate": state_tables.ESTIMATE,
        "grant": state_tables.GRANT,
        "cap": state_tables.CAP,
    }
)
"""Every section by its short name."""
