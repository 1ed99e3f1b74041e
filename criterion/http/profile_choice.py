"""Profile choice: which profile a decision runs under is the server's to say."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self, TypeAlias

from pydantic import BaseModel

from criterion.decision import Decision
from criterion.http.message import Request
from criterion.http.problem import Refusal
from criterion.profiles import ProfileValues

Resolver: TypeAlias = Callable[[Request, Decision[Any, Any, Any]], str | ProfileValues | Refusal]
"""Says under which profile a request is decided: a registered name, values, or a refusal.

One that raises is a lost dependency: the request is answered with 503.
"""

IN_BODY: Final = "@body"
"""Picked as a profile: the body holds ``input`` and ``profile``. No profile has such a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChoice:
    """Under which profiles a decision is asked over HTTP.

    Attributes:
        names: What callers may pick by ``?profile=``; the first serves those who pick none.
        values: What it runs under, without a name; callers pick nothing then.
        resolver: Says it for each request, such as by tenant; callers pick nothing then.
        takes_own: Whether a caller may send a profile in the body.

    Raises:
        TypeError: More than one of names, values and a resolver is given.
    """

    names: tuple[str, ...] = ()
    values: ProfileValues | None = None
    resolver: Resolver | None = None
    takes_own: bool = False

    def __post_init__(self) -> None:
        """Refuse two ways to choose."""
        ways = (bool(self.names), self.values is not None, self.resolver is not None)
        if sum(ways) > 1:
            raise TypeError("one thing chooses: give names, values, or a resolver")

    @classmethod
    def of(cls, given: "ProfileChoiceLike") -> Self:
        """Return the choice that was written short: one name, several, values, or a resolver.

        Raises:
            TypeError: It is none of them.
        """
        if isinstance(given, cls):
            return given
        if isinstance(given, str):
            return cls(names=(given,))
        if isinstance(given, Mapping | BaseModel):
            return cls(values=given)
        if callable(given):
            return cls(resolver=given)
        if isinstance(given, Iterable):
            return cls(names=tuple(given))
        raise TypeError(
            "a profile choice is a name, a list of names, values, a function or a ProfileChoice"
        )


ProfileChoiceLike: TypeAlias = str | Iterable[str] | ProfileValues | Resolver | ProfileChoice
