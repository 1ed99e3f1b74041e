"""Notifying: the conditions on events that a policy wants to be told of.

Source:
    Policy specification, section 15.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from logging import getLogger
from typing import Any, Final

from criterion.expression.failure import ExpressionFailure
from criterion.frozen import FrozenDict, FrozenList
from criterion.policy.events import Event
from criterion.policy.scopes import METER_EVENTS
from criterion.policy.state import Cap, Customer
from criterion.policy.terms import Notification, Terms

LOG: Final = getLogger(__name__)

TOLD_MAX: Final = 100_000
"""How many conditions on meters are remembered as told of; the oldest go first."""


class Notifications:
    """Remembers what was told of already, so that it is told once a period, or a crossing."""

    def __init__(self) -> None:
        """Start without having told anything."""
        self._told: dict[tuple[str, str, str], object] = {}

    def of(self, terms: Terms, event: Event) -> Iterator[Event]:
        """Yield an event again under the name of each notification whose condition it meets."""
        if not terms.notifications or event.name not in METER_EVENTS:
            return
        shown = _plain(event.payload)
        for notification in terms.notifications.values():
            is_met = _is_met(notification, event, shown)
            if self._is_due(notification, event, shown, is_met=is_met):
                yield event._replace(name=notification.name)

    def _is_due(
        self, notification: Notification, event: Event, shown: Mapping[str, Any], *, is_met: bool
    ) -> bool:
        if notification.once_per is None:
            return is_met
        key = (notification.name, event.customer, str(shown.get("entitlement", "")))
        before = self._told.pop(key, None)
        if notification.once_per == "crossing":
            self._remember(key, is_met)
            return is_met and before is not True
        period = shown.get("start")
        self._remember(key, period if is_met else before)
        return is_met and before != period

    def _remember(self, key: tuple[str, str, str], what: object) -> None:
        while len(self._told) >= TOLD_MAX:
            self._told.pop(next(iter(self._told)))
        self._told[key] = what


def _is_met(notification: Notification, event: Event, shown: Mapping[str, Any]) -> bool:
    """Whether a condition is true; one that names what an event does not have is not."""
    try:
        return notification.when({"type": event.name, "event": shown}) is True
    except ExpressionFailure as failure:
        LOG.debug("notification `%s` does not fit `%s`: %s", notification.name, event.name, failure)
        return False


def _plain(value: Any) -> Any:  # noqa: ANN401 -- any part of a payload
    """Return a payload as expressions read it: mappings, lists and scalars."""
    if isinstance(value, Customer):
        return FrozenDict(
            {each.name: _plain(getattr(value, each.name)) for each in fields(Customer)}
        )
    if isinstance(value, Cap):
        terms = {each.name: _plain(getattr(value.terms, each.name)) for each in fields(value.terms)}
        return FrozenDict({**terms, "meter_value": value.meter_value, "started": value.started})
    if isinstance(value, Mapping):
        return FrozenDict({str(key): _plain(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return FrozenList([_plain(item) for item in value])
    return value
