"""Arguments: what callers say beside amounts, refused where it is misspelt or of the wrong kind."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from criterion.frozen import freeze
from criterion.text import code, did_you_mean


class Kind(NamedTuple):
    """What an argument has to be.

    Attributes:
        wanted: The same in words.
        fits: Whether a value is that.
    """

    wanted: str
    fits: Callable[[object], bool]


def named(*names: object) -> None:
    """Refuse what is no name of a customer, an entitlement or a hold; it may be unknown.

    Raises:
        TypeError: One of them is no text.
    """
    for name in names:
        if not isinstance(name, str):
            message = "customers, entitlements and holds are named by text: give the id"
            raise TypeError(message)


def require(name: str, value: object, kind: Kind) -> None:
    """Refuse an argument that is of the wrong kind.

    Raises:
        TypeError: It is.
    """
    if not kind.fits(value):
        raise TypeError(f"{code(name)} is {kind.wanted}, not {value!r:.100}")


def checked(options: Mapping[str, object], known: Collection[str], what: str) -> None:
    """Refuse options that are misspelt, or of the wrong kind.

    Args:
        options: As they were given.
        known: The names that there are.
        what: What they are options of.

    Raises:
        TypeError: One is; a misspelt one with the name that is nearest.
    """
    for name, value in options.items():
        if name not in known:
            hint = did_you_mean(name, sorted(known))
            more = "" if hint is None else f": {hint}"
            raise TypeError(f"{code(name)} is no option of {what}{more}")
        kind = KINDS.get(name)
        if kind is not None:
            require(name, value, kind)


def names_of(name: str, given: Iterable[str] | None) -> tuple[str, ...]:
    """Return names, each once, that an argument gives as several, as one text, or not at all.

    Raises:
        TypeError: It gives something else, or an empty one.
    """
    several = () if given is None else (given,) if isinstance(given, str) else given
    if not isinstance(several, Iterable):
        raise TypeError(f"{code(name)} is names, not {given!r:.100}")
    names = tuple(several)
    for each in names:
        require(name, each, NAMES)
    return tuple(dict.fromkeys(names))


def frozen_data(name: str, data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return a copy of the mapping that an argument is, which nothing can change.

    Raises:
        TypeError: It is none, or holds something that is no plain data.
    """
    require(name, data, DATA)
    if data is None:
        return None
    try:
        kept: Mapping[str, Any] = freeze(dict(data))
    except ValueError as error:
        raise TypeError(f"{code(name)} {error}") from error
    return kept


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != ""


NAME: Final = Kind("text of at least one character", _is_name)
NAMES: Final = Kind("names, each of at least one character", _is_name)
OPTIONAL_NAME: Final = Kind(
    "text of at least one character, or `None`", lambda value: value is None or _is_name(value)
)
TEXT: Final = Kind("text", lambda value: isinstance(value, str))
OPTIONAL_TEXT: Final = Kind(
    "text, or `None`", lambda value: value is None or isinstance(value, str)
)
DATA: Final = Kind(
    "a mapping, or `None`", lambda value: value is None or isinstance(value, Mapping)
)
FLAG: Final = Kind("true or false", lambda value: isinstance(value, bool))
OPTIONAL_FLAG: Final = Kind(
    "true, false or `None`", lambda value: value is None or isinstance(value, bool)
)
WHOLE: Final = Kind(
    "a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)
)

KINDS: Final[Mapping[str, Kind]] = {
    "type": NAME, "label": TEXT, "metadata": DATA, "context": DATA, "segment": OPTIONAL_TEXT,
    "resets": OPTIONAL_FLAG, "reset_sch": OPTIONAL_TEXT, "priority": WHOLE,
    "credit": OPTIONAL_NAME, "mode": OPTIONAL_TEXT, "exchangeable": OPTIONAL_FLAG,
    "hard_trailing": OPTIONAL_FLAG, "grants_apply": OPTIONAL_FLAG,
    "governor_enabled": OPTIONAL_FLAG, "overage_only": FLAG, "ignore_grants": FLAG,
    "observe_only": FLAG, "overhead_cost": FLAG, "follow_decrements": FLAG, "shared": FLAG,
    "force": FLAG, "events": FLAG, "clamp": FLAG,
}  # fmt: skip
"""What options have to be; amounts, durations, instants and names are read where they are used."""
