"""Phrases: values and names as sentences show them, short, and never more alike than they are."""

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, Final

from criterion.exact import DIGITS_MAX
from criterion.expression.numbers import plain_text, rounded_to
from criterion.expression.tree import Constant, Expression, Key, Name, Node
from criterion.expression.values import shown
from criterion.expression.written import quoted, written

DIGITS_SHOWN: Final = 10
"""How many significant digits a number shows; whole digits are never cut."""

TEXT_SHOWN: Final = 100
"""How much of a text is shown, in characters."""

ITEMS_SHOWN: Final = 5
"""How many items of a list of facts are shown."""

ROOTS: Final = frozenset({"input", "profile"})


def value_text(value: object, digits: int = DIGITS_SHOWN) -> str:
    """Return one value as a sentence shows it: text in quotes, numbers in plain notation."""
    if isinstance(value, str):
        cut = value if len(value) <= TEXT_SHOWN else f"{value[: TEXT_SHOWN - 1]}…"
        is_plain = cut.isprintable() and '"' not in cut and "\\" not in cut
        return f'"{cut}"' if is_plain else quoted(cut)
    if type(value) is int:
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return plain_text(rounded_to(value, digits))
    if isinstance(value, list):
        return f"[{', '.join(value_text(item, digits) for item in value)}]"
    if isinstance(value, dict):
        return counted(len(value), "key")
    return shown(value)


def value_texts(left: object, right: object) -> tuple[str, str]:
    """Return two values that were compared, with as many digits as it takes to tell them apart."""
    texts = value_text(left), value_text(right)
    if texts[0] != texts[1]:
        return texts
    digits = DIGITS_SHOWN
    while texts[0] == texts[1] and left != right and digits < DIGITS_MAX:
        digits += 1
        texts = value_text(left, digits), value_text(right, digits)
    return texts


def few_items(items: list[Any]) -> str:
    """Return a list of facts by its first items."""
    if len(items) <= ITEMS_SHOWN:
        return value_text(items)
    first = ", ".join(map(value_text, items[:ITEMS_SHOWN]))
    return f"[{first}, …] ({counted(len(items), 'item')})"


def counted(count: int, word: str) -> str:
    """Return ``1 item`` or ``3 items``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def words(name: str) -> str:
    """Return a name as words."""
    return name.replace("_", " ").strip()


def expression_text(node: Expression) -> str:
    """Return an expression as an author would write it, without ``input.`` and ``profile.``."""
    return written(_bare(node))


def _bare(node: Any) -> Any:  # noqa: ANN401 -- a node, a tuple of them, or a plain member of one
    if isinstance(node, tuple):
        return tuple(map(_bare, node))
    if not isinstance(node, Node):
        return node
    if isinstance(node, Key) and isinstance(node.base, Name) and node.base.name in ROOTS:
        index = node.index
        if isinstance(index, Constant) and isinstance(index.value, str):
            return Name(at=node.at, end=node.end, name=index.value)
    return replace(node, **{part.name: _bare(getattr(node, part.name)) for part in fields(node)})
