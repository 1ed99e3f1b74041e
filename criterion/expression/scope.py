"""Scopes: what an expression may name, and what is known of it where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, Self, TypeAlias

from criterion.expression.tree import Expression
from criterion.expression.types import Type

Path: TypeAlias = tuple[object, ...]
"""A name and the keys behind it, each a value or a path itself; two equal ones mean one value."""

Fact: TypeAlias = tuple[Literal["has value", "is finite"], Path]
Facts: TypeAlias = frozenset[Fact]

NOTHING: Facts = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The names an expression may use.

    Attributes:
        names: The type of each: ``input``, ``profile``, lets and bound variables.
        lets: What each let stands for.
        aliases: The paths that lets stand for.
        known: What earlier conditions have made certain.
        later: Names of lets that are defined further down.
    """

    names: Mapping[str, Type]
    lets: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))
    aliases: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))
    known: Facts = NOTHING
    later: frozenset[str] = frozenset()

    def knowing(self, facts: Facts) -> Self:
        """Return the scope where these facts hold too."""
        return replace(self, known=self.known | facts) if facts - self.known else self

    def binding(self, name: str, given: Type) -> Self:
        """Return the scope with one more name."""
        return replace(self, names={**self.names, name: given})
