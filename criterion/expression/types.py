"""The types of expressions: what a schema promises about a value before there is one."""

from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal[
    "integer", "number", "quantity", "boolean", "text", "date", "datetime", "list", "mapping",
    "null", "any",
]  # fmt: skip
"""``number`` is int or Decimal; ``quantity`` may also be unlimited; ``any`` is not known."""


class Type(NamedTuple):
    """What is known of a value.

    Attributes:
        kind: The kind of value, but for null.
        nullable: Whether it may be null.
        choices: The only values there are (an enum or a constant), or ``None``.
        item: Of a list: its items. Of a mapping without fixed fields: its values.
        fields: Of a closed mapping: the type of each key; keys that may be absent are nullable.
        required: Keys that are certain to exist in an open mapping (``item`` is set); of a closed
            one, the fields without a default.
        key_choices: Of an open mapping: the only keys there can be, or ``None``.
        minimum: Least value of a number, where the schema bounds it.
        maximum: Greatest value of a number.
        title: What people call it; for generated sentences.
        is_redacted: Whether it, or what it is computed from, is marked.
    """

    kind: Kind
    nullable: bool = False
    choices: tuple[str | int | Decimal | bool, ...] | None = None
    item: "Type | None" = None
    fields: "tuple[tuple[str, Type], ...] | None" = None
    required: frozenset[str] = frozenset()
    key_choices: tuple[str, ...] | None = None
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    title: str | None = None
    is_redacted: bool = False

    def field(self, name: str) -> "Type | None":
        """Return the type of a key of a closed mapping, or ``None``."""
        return dict(self.fields or ()).get(name)

    def non_null(self) -> "Type":
        """Return the type of the value where it is not null."""
        return self._replace(nullable=False)


BOOLEAN = Type(kind="boolean")
INTEGER = Type(kind="integer")
NUMBER = Type(kind="number")
QUANTITY = Type(kind="quantity")
TEXT = Type(kind="text")
DATE = Type(kind="date")
DATETIME = Type(kind="datetime")
NULL = Type(kind="null", nullable=True)
ANY = Type(kind="any", nullable=True)
NUMERIC: frozenset[Kind] = frozenset({"integer", "number", "quantity"})
