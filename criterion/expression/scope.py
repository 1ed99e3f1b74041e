"""Scopes: what an expression may name, and what is known of it where it stands."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, Self, TypeAlias

from criterion.expression.tree import Expression
from criterion.expression.types import Type

Path: TypeAlias = tuple[object, ...]
"""A name and the keys behind it, each a value or a path itself; two equal ones mean one value."""

Fact: TypeAlias = tuple[Literal["has value", "is finite"], Path]
Facts: TypeAlias = frozenset[Fact]

NOTHING: Facts = frozenset()


_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class Scope(NamedTuple):
    """The names an expression may use.

    Attributes:
        names: The type of each: ``input``, ``profile``, lets and bound variables.
        lets: What each let stands for.
        aliases: The paths that lets stand for.
        known: What earlier conditions have made certain.
        later: Names of lets that are defined further down.
    """

    names: Mapping[str, Type]
    lets: Mapping[str, Expression] = _NONE
    aliases: Mapping[str, Path] = _NONE
    known: Facts = NOTHING
    later: frozenset[str] = frozenset()

    def knowing(self, facts: Facts) -> Self:
        """Return the scope where these facts hold too."""
        return self._replace(known=self.known | facts) if facts - self.known else self

    def binding(self, name: str, given: Type) -> Self:
        """Return the scope with one more name."""
        return self._replace(names={**self.names, name: given})
