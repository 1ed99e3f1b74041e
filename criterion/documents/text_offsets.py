"""Offsets in texts: where in a file a character of a quoted, folded or escaped text stands."""

from typing import Final

from criterion.documents.yaml_text import Node

_ESCAPE_LENGTHS: Final = {"x": 4, "u": 6, "U": 10}


def offset_of(text: str, node: Node, position: int) -> int:
    """Return the offset in a file of a character of a scalar's value.

    Args:
        text: The whole file.
        node: A scalar whose value is text.
        position: Which character of the value, counted from 0; one behind the last is fine.
    """
    if node.style == "plain" and "\n" not in text[node.start : node.end]:
        return min(node.start + position, node.end)
    at = _begin(text, node)
    value = str(node.value)
    for sign in value[:position]:
        at = _behind(text, node, at, sign)
    if position < len(value) and not value[position].isspace():
        at = _without_space(text, node, at)
    return min(at, node.end)


def _begin(text: str, node: Node) -> int:
    if node.style == "block":
        return min(text.find("\n", node.start) + 1, node.end)
    return node.start + (node.style == "quoted")


def _without_space(text: str, node: Node, at: int) -> int:
    while at < node.end and text[at].isspace():
        at += 1
    return at


def _behind(text: str, node: Node, at: int, sign: str) -> int:
    """Return the offset behind one character of the value."""
    if at >= node.end:
        return node.end
    if sign.isspace() and text[at].isspace():
        after = _without_space(text, node, at)
        return after if node.style != "block" and "\n" in text[at:after] else at + 1
    if not sign.isspace():
        at = _without_space(text, node, at)
    quote = text[node.start] if node.style == "quoted" else ""
    if quote == '"' and text[at] == "\\":
        return _behind_escape(text, node, at, sign)
    return at + (2 if quote == "'" and sign == "'" else 1)


def _behind_escape(text: str, node: Node, at: int, sign: str) -> int:
    after = text[at + 1 : at + 2]
    if after in {"\n", "\r"}:  # the line goes on: nothing of the value stands here
        return _behind(text, node, _without_space(text, node, at + 1), sign)
    return at + _ESCAPE_LENGTHS.get(after, 2)
