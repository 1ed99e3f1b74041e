"""Fields: the kinds of values that keys of a policy document take, each with its JSON Schema."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from criterion.documents.yaml_text import Node
from criterion.frozen import FrozenDict, freeze
from criterion.policy.amounts import Amount
from criterion.policy.document.findings import RuleId
from criterion.policy.units import Misfit, read_duration
from criterion.quantity import UNLIMITED, UNLIMITED_TEXT
from criterion.text import code, did_you_mean, listing


class Refused(NamedTuple):
    """Why a field does not take a value."""

    rule: RuleId
    misfit: Misfit


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(ABC):
    """One key of a section.

    Attributes:
        about: What it means; for editors.
        default: What it is where it is absent or null.
        required: Whether it must be there.
        nullable: Whether null means the default; otherwise null is a mistake.
    """

    about: str = ""
    default: Any = None
    required: bool = False
    nullable: bool = True

    @abstractmethod
    def take(self, node: Node) -> Any:  # noqa: ANN401 -- a value, or `Refused`
        """Return the value of a node that is not null, or why it has none."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of values that are not null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Field):
    """Text; of a closed list where it has choices."""

    default: str | None = ""
    choices: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=FrozenDict)
    may_be_empty: bool = True

    def take(self, node: Node) -> str | Refused:
        """Return the text, with an alias replaced by what it stands for."""
        value = node.value
        if not isinstance(value, str):
            return _wrong_kind(node, "text")
        if self.choices:
            return self._chosen(self.aliases.get(value, value))
        if not value and not self.may_be_empty:
            return Refused("name", Misfit("a name is empty", "give it one"))
        return value

    def _chosen(self, word: str) -> str | Refused:
        if word in self.choices:
            return word
        hint = did_you_mean(word, (*self.choices, *self.aliases))
        hint = hint or f"it is one of {listing(map(code, self.choices))}"
        return Refused("choice", Misfit(f"{code(word)} is not possible here", hint))

    def schema(self) -> dict[str, Any]:
        """Return text, or the choices with their aliases."""
        return {"enum": [*self.choices, *self.aliases]} if self.choices else {"type": "string"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label(Field):
    """Text, or a number that stands for the text it is written as."""

    def take(self, node: Node) -> str | Refused:
        """Return the text."""
        if isinstance(node.value, str | int | Decimal) and not isinstance(node.value, bool):
            return str(node.value)
        return _wrong_kind(node, "text")

    def schema(self) -> dict[str, Any]:
        """Return text or a number."""
        return {"type": ["string", "number"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Field):
    """True or false."""

    default: bool | None = False

    def take(self, node: Node) -> bool | Refused:
        """Return the truth value."""
        return node.value if isinstance(node.value, bool) else _wrong_kind(node, "true or false")

    def schema(self) -> dict[str, Any]:
        """Return a boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    """A finite number between two bounds.

    Attributes:
        least: The smallest one, or ``None``.
        most: The greatest one, or ``None``.
        is_whole: Whether it has no fraction.
    """

    least: Amount | None = None
    most: Amount | None = None
    is_whole: bool = False

    def take(self, node: Node) -> Amount | Refused:
        """Return the number."""
        value = node.value
        wanted = "a whole number" if self.is_whole else "a number"
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return _wrong_kind(node, wanted)
        if self.is_whole and isinstance(value, Decimal):
            return _wrong_kind(node, wanted)
        if self.least is not None and value < self.least:
            return Refused("range", Misfit(f"{code(str(value))} is less than {self.least}"))
        if self.most is not None and value > self.most:
            return Refused("range", Misfit(f"{code(str(value))} is more than {self.most}"))
        return value

    def schema(self) -> dict[str, Any]:
        """Return a number with its bounds."""
        bounds = {"minimum": self.least, "maximum": self.most}
        kind = "integer" if self.is_whole else "number"
        return {"type": kind, **{key: at for key, at in bounds.items() if at is not None}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Field):
    """An amount as it is written: a number, or text with a unit; its credit says what it means.

    Attributes:
        may_be_unlimited: Whether ``unlimited`` is one.
    """

    default: Amount | None = 0
    may_be_unlimited: bool = False

    def take(self, node: Node) -> Amount | str | Refused:
        """Return the number or the text."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
            return _wrong_kind(node, "a number, or text with a unit")
        return UNLIMITED if self.may_be_unlimited and value == UNLIMITED_TEXT else value

    def schema(self) -> dict[str, Any]:
        """Return a number or text."""
        return {"type": ["number", "string"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration(Field):
    """Whole milliseconds: a number, or text with a unit of time.

    Attributes:
        least: The shortest one.
    """

    least: int = 0

    def take(self, node: Node) -> int | Refused:
        """Return the milliseconds."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
            return _wrong_kind(node, "a number of milliseconds, or text such as `30days`")
        found = read_duration(value)
        if isinstance(found, Misfit):
            return Refused("duration", found)
        if found < self.least:
            return Refused("range", Misfit(f"{code(str(value))} is less than {self.least} ms"))
        return found

    def schema(self) -> dict[str, Any]:
        """Return a number or text."""
        return {"type": ["number", "string"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Field):
    """A list of names; it is empty where it is absent."""

    default: tuple[str, ...] | None = ()

    def take(self, node: Node) -> tuple[str, ...] | Refused:
        """Return the names, each once."""
        for item in node.items or ():
            if not isinstance(item.value, str) or not item.value:
                return _wrong_kind(item, "a name")
        return tuple(dict.fromkeys(node.value)) if node.items is not None else _a_list(node)

    def schema(self) -> dict[str, Any]:
        """Return a list of texts."""
        return {"type": "array", "items": {"type": "string"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner(Field):
    """A section inside the section: one, a list of them, or one for each name.

    Attributes:
        of: What it is of, by the name of its section.
        each: How many there are: one, a list, one for each name, or for each name of each name.
        example: How one is written.
    """

    of: str
    each: Literal["one", "item", "name", "table"] = "one"
    example: str = ""

    def take(self, node: Node) -> Node | Refused:
        """Return the node, which whoever builds the values reads on."""
        if self.each == "item":
            return node if node.items is not None else _a_list(node)
        if node.members is not None:
            return node
        how = f", such as {code(self.example)}" if self.example else ""
        return _wrong_kind(node, "a mapping", how or ("" if self.each == "one" else " of names"))

    def schema(self) -> dict[str, Any]:
        """Return a reference to the section."""
        reference = {"$ref": f"#/definitions/{self.of}"}
        if self.each == "one":
            return reference
        if self.each == "item":
            return {"type": "array", "items": reference}
        named = {"type": "object", "additionalProperties": {"anyOf": [reference, {"type": "null"}]}}
        return named if self.each == "name" else {"type": "object", "additionalProperties": named}


@dataclass(frozen=True, slots=True, kw_only=True)
class Links(Field):
    """A name for each name."""

    def take(self, node: Node) -> Node | Refused:
        """Return the node, whose members are all text."""
        if node.members is None:
            return _wrong_kind(node, "a mapping")
        wrong = (each for each in node.members.values() if not isinstance(each.value, str))
        first = next(wrong, None)
        return node if first is None else _wrong_kind(first, "a name")

    def schema(self) -> dict[str, Any]:
        """Return a mapping of texts."""
        return {"type": "object", "additionalProperties": {"type": "string"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Data(Field):
    """Plain data of any shape, under names."""

    def take(self, node: Node) -> Any:  # noqa: ANN401 -- plain data
        """Return a frozen copy."""
        return freeze(node.value) if node.members is not None else _wrong_kind(node, "a mapping")

    def schema(self) -> dict[str, Any]:
        """Return any mapping."""
        return {"type": "object"}


def _a_list(node: Node) -> Refused:
    return _wrong_kind(node, "a list")


def _wrong_kind(node: Node, wanted: str, how: str = "") -> Refused:
    message = f"{_shown(node)} is not {wanted}"
    return Refused("kind", Misfit(message, f"write {wanted}{how}"))


def _shown(node: Node) -> str:
    if node.members is not None:
        return "a mapping"
    if node.items is not None:
        return "a list"
    if isinstance(node.value, bool):
        return code("true" if node.value else "false")
    return code(str(node.value))
