"""Checks of values: constants, names, keys, lists, mappings, texts and choices."""

from decimal import Decimal
from typing import Final

from criterion.expression.checker import BROKEN, Checker, tainted
from criterion.expression.functions import FUNCTIONS
from criterion.expression.joins import joined
from criterion.expression.scope import Scope
from criterion.expression.tree import (
    Constant,
    Key,
    ListDisplay,
    MappingDisplay,
    Name,
    Text,
)
from criterion.expression.types import ANY, BOOLEAN, INTEGER, NULL, NUMBER, QUANTITY, TEXT, Type
from criterion.expression.wording import (
    is_kind,
    keys_hint,
    shown,
    values_named,
)
from criterion.expression.words import FOLDS, VALUE_HINTS
from criterion.text import code, did_you_mean

_LENGTHS: Final = frozenset({"length", "size", "count", "len"})


def constant(_: Checker, node: Constant, __: Scope) -> Type:
    """Return the type of a constant: it is its own only choice."""
    value = node.value
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, str):
        return Type(kind="text", choices=(value,))
    if isinstance(value, Decimal) and not value.is_finite():
        return QUANTITY
    kind = INTEGER if isinstance(value, int) else NUMBER
    return kind._replace(choices=(value,), minimum=value, maximum=value)


def name(checker: Checker, node: Name, scope: Scope) -> Type:
    """Return the type of a name that the scope has."""
    given = scope.names.get(node.name)
    if given is not None:
        return given
    if node.name in scope.later:
        hint = "move it up: a let uses earlier ones only"
        return checker.note("unknown_name", node, f"{code(node.name)} is defined below", hint)
    message = f"unknown name {code(node.name)}"
    return checker.note("unknown_name", node, message, _name_hint(node.name, scope))


def _name_hint(word: str, scope: Scope) -> str | None:
    if word in VALUE_HINTS:
        return VALUE_HINTS[word]
    if word in FUNCTIONS or word in FOLDS:
        return f"{code(word)} is a function: write `{word}(…)`"
    paths = {name: name for name in scope.names}
    for root in ("profile", "input"):
        fields = scope.names[root].fields if root in scope.names else None
        paths.update({field: f"{root}.{field}" for field, _ in fields or () if field not in paths})
    if word in paths:
        return f"did you mean {code(paths[word])}?"
    nearest = did_you_mean(word, paths)
    if nearest is None:
        return f'for a text, write `"{word}"`' if word.isalnum() else None
    found = nearest.removeprefix("did you mean `").removesuffix("`?")
    return f"did you mean {code(paths[found])}?"


def key(checker: Checker, node: Key, scope: Scope) -> Type:
    """Return the type of what stands under a key, or at a position."""
    base = checker.value(node.base, scope)
    if base is BROKEN:
        checker.visit(node.index, scope)
        return BROKEN
    if base.kind == "mapping":
        found = _under_key(checker, node, base, scope)
    elif base.kind == "list":
        found = _at_position(checker, node, base, scope)
    else:
        checker.visit(node.index, scope)
        message = f"{is_kind(node.base, base)}, which has no keys"
        return checker.note("type", node.index, message, _no_keys_hint(node, base))
    return tainted(found, base) if base.is_redacted else found


def _under_key(checker: Checker, node: Key, base: Type, scope: Scope) -> Type:
    if isinstance(node.index, Constant) and isinstance(node.index.value, str):
        return _under_constant(checker, node, base, node.index.value)
    index = checker.of_kind(node.index, scope, {"text", "integer"}, "a key of a mapping")
    if index is BROKEN:
        return BROKEN
    known = _keys(base)
    possible = index.choices
    if base.fields is None:
        _note_strange_keys(checker, node, possible, known)
        return tainted(base.item or ANY, index)
    if index.kind != "text":
        message = f"{is_kind(node.index, index)}, and the keys here are text"
        return checker.note("type", node.index, message)
    _note_strange_keys(checker, node, possible, known)
    chosen = [given for field, given in base.fields if possible is None or field in possible]
    return tainted(joined(chosen) or ANY, index)


def _under_constant(checker: Checker, node: Key, base: Type, field: str) -> Type:
    known = _keys(base)
    if known is not None and field not in known:
        message = f"{shown(node.base)} has no {code(field)}"
        hint = keys_hint(field, known, shown(node.base))
        return checker.note("unknown_key", node.index, message, hint)
    found = base.field(field) if base.fields is not None else base.item
    return found or ANY


def _keys(base: Type) -> tuple[str, ...] | None:
    """Return the only keys that a mapping can have, if they are known."""
    return base.key_choices if base.fields is None else tuple(name for name, _ in base.fields)


def _note_strange_keys(
    checker: Checker, node: Key, possible: tuple[object, ...] | None, known: tuple[str, ...] | None
) -> None:
    """Note a key of which no possible value is a key of the mapping."""
    if possible is None or known is None or set(possible) & set(known):
        return
    message = f"{shown(node.index)} is never a key of {shown(node.base)}"
    checker.note("unknown_key", node.index, message, f"its keys are {values_named(known)}")


def _at_position(checker: Checker, node: Key, base: Type, scope: Scope) -> Type:
    if isinstance(node.index, Constant) and isinstance(node.index.value, str):
        word = node.index.value
        hint = f"for its items, write `any(x.{word} … for x in {shown(node.base).strip('`')})`"
        if word in _LENGTHS:
            hint = f"write `len({shown(node.base).strip('`')})`"
        message = f"{shown(node.base)} is a list, which has no keys"
        return checker.note("type", node.index, message, hint)
    index = checker.of_kind(node.index, scope, {"integer"}, "a position in a list")
    if index is BROKEN:
        return BROKEN
    if isinstance(node.index, Constant) and index.maximum is not None and index.maximum < 0:
        list_ = shown(node.base).strip("`")
        hint = f"positions count from 0; for the last item, write `{list_}[len({list_}) - 1]`"
        return checker.note("range", node.index, "a position cannot be negative", hint)
    return tainted(base.item or ANY, index)


def _no_keys_hint(node: Key, base: Type) -> str | None:
    word = node.index.value if isinstance(node.index, Constant) else None
    if base.kind == "text" and word in _LENGTHS:
        return f"write `len({shown(node.base).strip('`')})`"
    if base.kind == "text" and not isinstance(word, str):
        return "for the start or end of a text, use `startswith` or `endswith`"
    if base.kind in {"date", "datetime"}:
        return "use `days_between(a, b)`, `add_days(a, days)`, or compare it with `date(…)`"
    return None


def list_display(checker: Checker, node: ListDisplay, scope: Scope) -> Type:
    """Return the type of a list that is written out."""
    types = [checker.visit(item, scope) for item in node.items]
    if BROKEN in types:
        return Type(kind="list", item=BROKEN)
    return Type(kind="list", item=joined(types))


def mapping_display(checker: Checker, node: MappingDisplay, scope: Scope) -> Type:
    """Return the type of a mapping that is written out."""
    types = [checker.visit(value, scope) for value in node.values]
    return Type(kind="mapping", fields=tuple(zip(node.keys, types, strict=True)))


def text(checker: Checker, node: Text, scope: Scope) -> Type:
    """Return the type of a text; every part must be something that prints."""
    types = []
    for part in node.parts:
        if isinstance(part, str):
            continue
        given = checker.visit(part, scope)
        types.append(given)
        if given.kind == "mapping":
            hint = keys_hint("", _keys(given) or (), shown(part))
            checker.note("type", part, f"{shown(part)} is a mapping, which is no text", hint)
    return tainted(TEXT, *types)
