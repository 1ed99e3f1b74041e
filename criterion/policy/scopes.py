"""Scopes: what the expressions of a policy may name, and what is known of it before any call.

Whatever a caller hands over (the context of a call, the metadata of a customer) has no schema: it
is taken as it is written, and fails when it is used where it does not fit.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from criterion.expression.checker import BROKEN
from criterion.expression.types import ANY, BOOLEAN, NUMBER, QUANTITY, TEXT, Type

UNCHECKED: Final = BROKEN
"""The type of what only a call can tell: a check says nothing of it."""

METER_EVENTS: Final = (
    "meter-changed", "meter-overage", "meter-limit", "meter-governed", "meter-reset",
    "cap-limit", "cap-threshold-crossed",
)  # fmt: skip
"""The events that notifications are offered."""


def _mapping(**fields: Type) -> Type:
    return Type(kind="mapping", fields=tuple(fields.items()))


def _nullable(kind: Type) -> Type:
    return Type(kind=kind.kind, nullable=True)


OVERHEAD: Final[Mapping[str, Type]] = MappingProxyType({"units": NUMBER, "context": UNCHECKED})
"""What the cost of a credit may name: how many units, and the context of the call."""

ASSESSMENT: Final = _mapping(
    customer=TEXT,
    customer_type=TEXT,
    owner=TEXT,
    plan=TEXT,
    entitlement=TEXT,
    credit=TEXT,
    mode=TEXT,
    requested=NUMBER,
    effective=NUMBER,
    overage=NUMBER,
    covered=NUMBER,
    available=QUANTITY,
    held=NUMBER,
    value=NUMBER,
    after=NUMBER,
    limit=QUANTITY,
    remaining=QUANTITY,
    price=_nullable(NUMBER),
    overhead=NUMBER,
    revenue=NUMBER,
    cost=NUMBER,
    force=BOOLEAN,
)
"""What a call comes to, as guards see it."""

GUARD: Final[Mapping[str, Type]] = MappingProxyType(
    {"input": ASSESSMENT, "metadata": UNCHECKED, "context": UNCHECKED}
)
"""What a guard may name: the assessment, the owner's metadata, and the context of the call."""

_METER: Final = _mapping(
    **dict.fromkeys(
        ("old", "value", "limit", "diff", "invalid", "overhead", "overhead_diff", "price_diff"),
        UNCHECKED,
    )
)

NOTIFICATION: Final[Mapping[str, Type]] = MappingProxyType(
    {
        "type": Type(kind="text", choices=METER_EVENTS),
        "event": _mapping(
            entitlement=TEXT,
            plan=TEXT,
            credit=TEXT,
            meter=_METER,
            **dict.fromkeys(
                (
                    "customer", "caller", "cap", "remaining", "event_data", "grant_value_applied",
                    "overage", "overage_price", "invalid_value", "governor", "previous", "start",
                ),
                UNCHECKED,
            ),
        ),
    }
)  # fmt: skip
"""What a notification may name: the type of an event, and the event."""


def as_compiled(names: Mapping[str, Type]) -> Type:
    """Return names as the one mapping that a compiled expression reads them from."""
    return Type(kind="mapping", fields=tuple((name, _known(kind)) for name, kind in names.items()))


def _known(kind: Type) -> Type:
    if kind is UNCHECKED:
        return ANY
    if kind.fields is None:
        return kind
    fields = tuple((name, _known(field)) for name, field in kind.fields)
    return Type(kind="mapping", fields=fields, nullable=kind.nullable)
