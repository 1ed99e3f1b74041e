"""Plain data of what a policy is made of, for programs: members by their names."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from criterion.json_text import Plain, plain
from criterion.policy.credit import Credit
from criterion.policy.schedule import Every, Schedule
from criterion.policy.unit_table import Unit

_WORKINGS: Final = frozenset({"curve", "overhead"})
"""The members of a credit that only compute."""


def shown(value: object) -> Plain:  # noqa: PLR0911 -- one line per kind of value
    """Return a value of a policy, a head or an event as plain data; amounts keep all digits."""
    if isinstance(value, Schedule):
        return {"every_ms": value.step_ms} if isinstance(value, Every) else {"on": value.text}
    if isinstance(value, Unit):
        return value.name
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: shown(member) for name, member in zip(value._fields, value, strict=True)}
    if is_dataclass(value) and not isinstance(value, type):
        return _members(value)
    if isinstance(value, Mapping):
        return {str(name): shown(member) for name, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [shown(member) for member in value]
    return plain(value, str)


def _members(value: Any) -> Plain:  # noqa: ANN401 -- any dataclass
    hidden = _WORKINGS if isinstance(value, Credit) else frozenset()
    return {
        each.name: shown(getattr(value, each.name))
        for each in fields(value)
        if each.repr and each.name not in hidden
    }
