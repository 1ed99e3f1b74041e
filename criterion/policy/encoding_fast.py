"""Encoding, fast: the usual changes and events straight as text, equal to the plain form.

This is the hot path of stores outside of this process; a test holds it equal to
`criterion.policy.encoding.encoded`, which does everything else.
"""

from collections.abc import Mapping
from decimal import Decimal
from json import JSONDecoder
from json.encoder import encode_basestring_ascii
from typing import Any, Final

from criterion.frozen import FrozenDict
from criterion.json_text import encoder
from criterion.policy.amounts import Amount, minus, rounded
from criterion.policy.command import Command
from criterion.policy.encoding import decoded, encoded, packed, unpacked
from criterion.policy.records import made
from criterion.policy.state import Change, Close, Customer, Meter

quoted: Final = encode_basestring_ascii
"""Writes a text."""


def encoded_part(value: object) -> str:
    """Return a part of a head as text.

    Raises:
        TypeError: It is neither plain data nor state.
    """
    return (_meter(value) if type(value) is Meter else None) or encoded(value)


def decoded_part(text: str) -> Any:  # noqa: ANN401 -- whatever was encoded
    """Return a part of a head as it was before it became text.

    Raises:
        StoreError: The text is damaged, or a newer version has written it.
    """
    try:
        data, end = _scan(text, 0)
        read = _READ[data[0]] if end == len(text) else None
        found = None if read is None else read(data)
    except (StopIteration, ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
        found = None
    return decoded(text) if found is None else found


def encoded_content(value: object) -> str:
    """Return what a key was used for as text.

    Raises:
        TypeError: It is neither plain data nor state.
    """
    if type(value) is Command:
        customer, entitlement, amount, *rest = value
        if type(amount) is int and amount and rest == _NOTHING_ELSE:
            return f'["?",{quoted(customer)},{quoted(entitlement)},{amount}]'
    return encoded(value)


def encoded_payload(value: Mapping[str, object]) -> str:
    """Return the payload of an event as text.

    Python's writer knows mappings and scalars, and asks for the rest; only lists, which it would
    write without their tags, must not be in them.

    Raises:
        TypeError: It is neither plain data nor state.
    """
    for each in value.values():
        if type(each) in _FLAT:
            continue
        if type(each) is not dict or not _is_flat(each):
            return encoded(value)
    return _write(value) if type(value) is dict else encoded(value)


def encoded_change(
    customer: str,
    names: tuple[str, str, str],
    context: Mapping[str, object] | None,
    started: int,
    meter: tuple[Amount, Amount, Amount],
    change: tuple[Amount, Amount, Amount],
) -> str:
    """Return the payload of a ``meter-changed`` that neither grants nor prices take part in.

    Args:
        customer: The owner of the meter, as text.
        names: Of the entitlement, its plan and its credit.
        context: The data of the call.
        started: When the period began.
        meter: The meter before and after, and what its period has cost the provider.
        change: The limit, the change, and what that costs the provider.

    Raises:
        TypeError: The context is not plain data.
    """
    entitlement, plan, credit = names
    old, value, overhead = meter
    limit, diff, overhead_diff = change
    return (
        f'{{"customer":{customer},"entitlement":{quoted(entitlement)},"plan":{quoted(plan)},'
        f'"credit":{quoted(credit)},"event_data":{"null" if context is None else encoded(context)},'
        f'"start":{started},"meter":{{"old":{_shown(old)},"value":{_shown(value)},'
        f'"overhead":{_shown(overhead)},"limit":{_shown(limit)},"diff":{_shown(diff)},'
        f'"overhead_diff":{_shown(overhead_diff)},"price_diff":null}},'
        f'"remaining":{_shown(minus(limit, value))}}}'
    )


def encoded_amount(amount: Amount | None) -> str:
    """Return an amount as text."""
    if type(amount) is int:
        return str(amount)
    return "null" if amount is None else f'["d","{amount}"]'


def _shown(amount: Amount) -> str:
    return str(amount) if type(amount) is int else encoded_amount(rounded(amount))


def _is_flat(value: dict[object, object]) -> bool:
    return _TEXTS.issuperset(map(type, value)) and _FLAT.issuperset(map(type, value.values()))


_FLAT: Final = frozenset({str, int, bool, type(None), Decimal, Customer})
_TEXTS: Final = frozenset({str})
_write: Final = encoder(packed)


def _meter(meter: Meter) -> str | None:
    """Return a meter, straight from its members; ``None`` where it is no usual one."""
    credit, started, value, spent, holds, history, *rest = meter
    if holds or not history:
        return None
    changes = ""
    for ts, delta in history:
        changes += f',["c",{ts},{delta if type(delta) is int else encoded_amount(delta)}]'
    text = (
        f'["M",{quoted(credit)},{started},{value if type(value) is int else encoded_amount(value)},'
        f'{spent if type(spent) is int else encoded_amount(spent)},{{}},["t"{changes}]'
    )
    return f"{text}]" if rest == _NO_REST else f"{text}{_rest(rest)}]"


def _rest(members: list[Any]) -> str:
    """Return the last members of a meter as text, but those at the end that have their defaults."""
    end = len(members)
    while members[end - 1] == _NO_REST[end - 1]:
        end -= 1
    text = ""
    for each in members[:end]:
        text += f",{encoded(each) if type(each) is Close else encoded_amount(each)}"
    return text


_NOTHING_ELSE: Final[list[Any]] = list(Command("", ""))[3:]
_NO_REST: Final[list[Any]] = list(Meter("", 0))[6:]


def _meter_of(data: list[Any]) -> Meter | None:
    _, credit, started, value, spent, holds, history, *rest = data
    if holds or history[0] != "t" or len(rest) > len(_NO_REST):
        return None
    changes: tuple[Change, ...] = ()
    for tag, ts, delta in history[1:]:
        if tag != "c":
            return None
        changes += (made(Change, (ts, delta if type(delta) is int else unpacked(delta))),)
    return Meter(
        credit,
        started,
        value if type(value) is int else unpacked(value),
        spent if type(spent) is int else unpacked(spent),
        _NO_HOLDS,
        changes,
        *map(unpacked, rest),
    )


def _customer_of(data: list[Any]) -> Customer | None:
    _, id, plan = data  # what else it may have makes it none of the usual
    return Customer(id=id, plan=plan) if type(id) is type(plan) is str else None


_NO_HOLDS: Final[FrozenDict[str, Any]] = FrozenDict()
_READ: Final = {"M": _meter_of, "C": _customer_of}
_scan: Final = JSONDecoder().scan_once  # type: ignore[attr-defined] # what `raw_decode` calls
