"""Paths: which inputs and values of the profile an expression stands for, and which it reads."""

from collections.abc import Iterator, Mapping

from criterion.expression.tree import (
    Call,
    Choice,
    Constant,
    Expression,
    Fold,
    Key,
    Name,
    children,
)

Path = tuple[str, ...]
"""``input`` or ``profile`` and the keys behind it; ``*`` for a key that the facts decide."""

Lets = Mapping[str, Expression]
Scope = Mapping[str, tuple[Path, ...]]

ANY_KEY = "*"


def denoted(node: Expression, lets: Lets, scope: Scope) -> tuple[Path, ...]:  # noqa: PLR0911 -- one for each kind
    """Return the paths of data that an expression may be, none where it works something out."""
    if isinstance(node, Name):
        if node.name in scope:
            return scope[node.name]
        if node.name in {"input", "profile"}:
            return ((node.name,),)
        return denoted(lets[node.name], lets, {}) if node.name in lets else ()
    if isinstance(node, Key):
        index = node.index
        key = str(index.value) if isinstance(index, Constant) else ANY_KEY
        return tuple((*path, key) for path in denoted(node.base, lets, scope))
    if isinstance(node, Call) and node.function == "get":
        mapping, key_node, default = node.arguments
        key = str(key_node.value) if isinstance(key_node, Constant) else ANY_KEY
        under = tuple((*path, key) for path in denoted(mapping, lets, scope))
        return under + denoted(default, lets, scope)
    if isinstance(node, Choice):
        return denoted(node.then, lets, scope) + denoted(node.otherwise, lets, scope)
    return ()


def reads(node: Expression, lets: Lets, scope: Scope | None = None) -> Iterator[Path]:
    """Yield the paths that an expression reads, lets opened; longer ones where it reads inside."""
    scope = scope or {}
    found = denoted(node, lets, scope)
    if found:
        yield from found
    if isinstance(node, Name):
        if node.name in lets and node.name not in scope and not found:
            yield from reads(lets[node.name], lets)
        elif node.name in lets and node.name not in scope:
            yield from _below(lets[node.name], lets, {})
        return
    yield from _below(node, lets, scope)


def _below(node: Expression, lets: Lets, scope: Scope) -> Iterator[Path]:
    """Yield what the parts of an expression read, without the data that it only reaches into."""
    if isinstance(node, Fold):
        yield from reads(node.source, lets, scope)
        items = tuple((*path, ANY_KEY) for path in denoted(node.source, lets, scope))
        inner = {**scope, node.variable: items}
        for part in (node.item, node.condition):
            if part is not None:
                yield from reads(part, lets, inner)
        return
    for child in children(node):
        if _is_base(node, child) and denoted(child, lets, scope):
            yield from _of_base(child, lets, scope)
        else:
            yield from reads(child, lets, scope)


def _of_base(node: Expression, lets: Lets, scope: Scope) -> Iterator[Path]:
    """Yield what is read to find a mapping of which only a part is read."""
    if isinstance(node, Name):
        if node.name in lets and node.name not in scope:
            yield from _below(lets[node.name], lets, {})
        return
    yield from _below(node, lets, scope)


def _is_base(node: Expression, child: Expression) -> bool:
    if isinstance(node, Key):
        return child is node.base
    return isinstance(node, Call) and node.function == "get" and child is node.arguments[0]
