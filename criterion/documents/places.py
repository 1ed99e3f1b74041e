"""Places of values: what a schema refused, shown where it stands in a file."""

import re
from collections.abc import Iterable
from typing import Final

from pydantic import BaseModel, ValidationError

from criterion.documents.problems import Problems
from criterion.documents.yaml_text import Node
from criterion.text import code
from criterion.validation import ErrorDetail, error_details, unreadable

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def note_misfits(
    values: Node, schema: type[BaseModel], problems: Problems, suffix: str = ""
) -> None:
    """Note whatever of a mapping does not fit a schema, each at its own place."""
    try:
        schema.model_validate(values.value)
    except ValidationError as error:
        note_details(values, error_details(error, schema), problems, suffix)
    except Exception as error:  # noqa: BLE001 -- whatever a schema's own validators may raise
        note_details(values, [unreadable(error)], problems, suffix)


def note_details(
    values: Node, details: Iterable[ErrorDetail], problems: Problems, suffix: str = ""
) -> None:
    """Note error details of a mapping, each at its own place."""
    hints = {detail: _hint(values, detail) for detail in details}
    meant = {
        (detail.path.rpartition(".")[0], hint)
        for detail, hint in hints.items()
        if detail.code == "unknown_key"
    }
    for detail, hint in hints.items():
        above, _, name = detail.path.rpartition(".")
        if detail.code == "missing" and (above, f"did you mean {code(name)}?") in meant:
            continue
        offset = offset_at(values, detail.path, of_key=detail.code == "unknown_key")
        lead = f"{code(detail.path)} " if detail.path else ""
        message = detail.message.partition("; did you mean ")[0]
        problems.add(offset, f"{lead}{message}{suffix}", hint)


def _hint(values: Node, detail: ErrorDetail) -> str | None:
    """Return what to do about a value that does not fit."""
    name = detail.path.rpartition(".")[2]
    if detail.code == "missing":
        return f"add a line `{name}: …`"
    if detail.code == "unknown_key":
        _, asks, meant = detail.message.partition("; did you mean ")
        return f"did you mean {meant}" if asks else "remove it, or write it into the schema"
    value = _nearest(values, detail.path)[1].value
    is_number = isinstance(value, str) and _NUMBER.fullmatch(value) is not None
    return "remove the quotes" if detail.code == "type" and is_number else None


def offset_at(values: Node, path: str, *, of_key: bool = False) -> int:
    """Return where the value of a dotted path stands, or the nearest one above it."""
    key, node = _nearest(values, path)
    return key.start if of_key and key is not None else node.start


def _nearest(values: Node, path: str) -> tuple[Node | None, Node]:
    """Return the value of a dotted path, or the nearest one above it, with its key if it is it."""
    key, node = None, values
    while path:
        step, rest = _step(node, path)
        if step is None:
            return None, node
        if node.members is not None:
            key, node = node.keys[step], node.members[step]
        elif node.items is not None:
            key, node = None, node.items[int(step)]
        path = rest
    return key, node


def _step(node: Node, path: str) -> tuple[str | None, str]:
    """Return the first step of a path: the longest one that is there, since keys may have dots."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        step = ".".join(parts[:length])
        is_key = node.members is not None and step in node.members
        is_index = node.items is not None and step.isdecimal() and int(step) < len(node.items)
        if is_key or is_index:
            return step, ".".join(parts[length:])
    return None, ""
