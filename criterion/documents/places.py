"""Places of values: what a schema refused, shown where it stands in a file."""

from collections.abc import Iterable

from pydantic import BaseModel, ValidationError

from criterion.documents.problems import Problems
from criterion.documents.yaml_text import Node
from criterion.text import code
from criterion.validation import ErrorDetail, error_details, unreadable


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
    for detail in details:
        offset = offset_at(values, detail.path, of_key=detail.code == "unknown_key")
        lead = f"{code(detail.path)} " if detail.path else ""
        problems.add(offset, f"{lead}{detail.message}{suffix}")


def offset_at(values: Node, path: str, *, of_key: bool = False) -> int:
    """Return where the value of a dotted path stands, or the nearest one above it."""
    node, offset = values, values.start
    while path:
        step, rest = _step(node, path)
        if step is None:
            return offset
        if node.members is not None:
            key, node = node.keys[step], node.members[step]
            offset = key.start if of_key and not rest else node.start
        elif node.items is not None:
            node = node.items[int(step)]
            offset = node.start
        path = rest
    return offset


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
