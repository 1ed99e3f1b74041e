"""Sections: mappings in a file whose keys are known, and the values that are expected there."""

from collections.abc import Iterable
from typing import Final

from criterion.documents.problems import Problems
from criterion.documents.yaml_text import Node
from criterion.identity import ID_HINT, VERSION_HINT, is_id, parse_version
from criterion.text import code, did_you_mean, listing

_ABSENT: Final = "give it a value, or remove the line"


def section(
    node: Node,
    problems: Problems,
    what: str,
    *,
    known: Iterable[str],
    required: Iterable[str] = (),
    hints: "dict[str, str] | None" = None,
) -> dict[str, Node]:
    """Return the members of a mapping by key, without those that are refused.

    Args:
        node: What should be a mapping.
        problems: Where unknown and missing keys are noted.
        what: What the mapping is, with its article: ``"a rule"``.
        known: Every key that it may have.
        required: Keys that it must have.
        hints: What to say about certain unknown keys.
    """
    if node.is_broken:
        return {}
    if node.members is None:
        problems.add(node.start, f"{what} is a mapping of {listing(map(code, known), 'and')}")
        return {}
    known = tuple(known)
    meant: set[str] = set()
    for name, key in node.keys.items():
        if name not in known:
            hint = (hints or {}).get(name) or did_you_mean(name, known)
            meant |= {word for word in known if hint == f"did you mean {code(word)}?"}
            hint = hint or f"the keys of {what} are {listing(map(code, known), 'and')}"
            problems.add(key.start, f"{code(name)} is not a key of {what}", hint)
    for name in required:
        if name not in node.members and name not in meant:
            problems.add(node.start, f"{code(name)} is missing from {what}")
    return {name: member for name, member in node.members.items() if name in known}


def text_of(node: Node | None, problems: Problems, what: str) -> str | None:
    """Return a text that is not empty, or ``None`` after a problem, or where there is no node."""
    if node is None or node.is_broken:
        return None
    if isinstance(node.value, str):
        if node.value.strip():
            return node.value
        problems.add(node.start, f"{what} is empty", _ABSENT)
    elif node.value is None:
        problems.add(node.start, f"{what} has no value", _ABSENT)
    elif node.style == "collection":
        kind = "mapping" if node.members is not None else "list"
        problems.forget(node.start, node.end)
        is_opened = problems.text[node.start : node.start + 1] in {"{", "["}
        hint = "put quotes around a text that begins with `{` or `[`" if is_opened else None
        problems.add(node.start, f"{what} must be text, not a {kind}", hint)
    else:
        shown = written(node, problems)
        problems.add(node.start, f"{what} must be text", f'put quotes around it: `"{shown}"`')
    return None


def id_of(node: Node | None, problems: Problems, what: str) -> str:
    """Return an id; ``""`` after a problem, or where there is no node."""
    text = text_of(node, problems, what)
    if text is None or node is None:
        return ""
    if not is_id(text):
        problems.add(node.start, f"{code(text)} is not an id", ID_HINT)
    return text


def profile_of(node: Node | None, problems: Problems) -> str:
    """Return a profile's name, or ``name@version``; ``""`` after a problem, or without a node."""
    text = text_of(node, problems, "`profile`")
    if text is None or node is None:
        return ""
    name, at, version = text.partition("@")
    if not is_id(name):
        problems.add(node.start, f"{code(name)} is not an id", ID_HINT)
    if at and parse_version(version) is None:
        offset = node.end - len(version)
        problems.add(offset, f"{code(version)} is not a semantic version", VERSION_HINT)
    return text


def version_of(node: Node | None, problems: Problems) -> str:
    """Return a semantic version; ``""`` after a problem, or where there is no node."""
    if node is None or node.is_broken:
        return ""
    if node.value is None or node.value == "":
        return text_of(node, problems, "`version`") or ""
    if isinstance(node.value, str) and parse_version(node.value) is not None:
        return node.value
    shown = written(node, problems)
    is_number = node.style == "plain" and not isinstance(node.value, str | bool | None)
    message = f"{code(shown)} is not a semantic version"
    hint = f"write `{_three(shown)}`: a version has three numbers" if is_number else VERSION_HINT
    problems.add(node.start, message, hint)
    return ""


def _three(shown: str) -> str:
    parts = [part for part in shown.split(".") if part.isdecimal()]
    return ".".join([*parts, "0", "0"][:3])


def written(node: Node, problems: Problems) -> str:
    """Return what stands in the file for a value, at most its first line."""
    return problems.text[node.start : node.end].split("\n", 1)[0].strip()


def items_of(node: Node | None, problems: Problems, what: str) -> list[Node]:
    """Return the items of a list; none after a problem."""
    if node is None or node.is_broken:
        return []
    if node.items is None:
        problems.add(node.start, f"{what} must be a list", "begin each item with `- `")
        return []
    return node.items


def members_of(node: Node | None, problems: Problems, what: str) -> dict[str, Node]:
    """Return the members of a mapping whose keys are free; none after a problem."""
    if node is None or node.is_broken:
        return {}
    if node.members is None:
        problems.add(
            node.start, f"{what} must be a mapping", "write lines of the form `name: value`"
        )
        return {}
    return node.members
