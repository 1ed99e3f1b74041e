"""Pointers: the places of errors as JSON Pointers into the body that was sent."""

from collections.abc import Iterable
from typing import Final

from criterion.http.problem import FieldError
from criterion.text import one_line
from criterion.validation import ErrorDetail

STEP_LENGTH_MAX: Final = 100
"""Longest key that a pointer shows in full, in characters; errors show no more of it either."""

Steps = tuple[str, ...]


def field_errors(
    details: Iterable[ErrorDetail], body: object, base: Steps = ()
) -> tuple[FieldError, ...]:
    """Return errors with pointers.

    Args:
        details: What was refused.
        body: What was sent, in which keys may have dots of their own.
        base: Where in the whole body that stands.
    """
    return tuple(
        FieldError(_pointer((*base, *_steps(path, body))), code, message)
        for path, code, message in details
    )


def _pointer(steps: Steps) -> str:
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)


def _steps(path: str, value: object) -> Steps:
    """Split a dotted path along the keys that are really there; a missing key comes last."""
    if not path:
        return ()
    if isinstance(value, dict):
        shown = {one_line(key, STEP_LENGTH_MAX): key for key in value}
        there = [key for key in shown if path == key or path.startswith(f"{key}.")]
        if not there:
            return (path,)
        key = max(there, key=len)
        step = shown[key] if len(shown[key]) <= STEP_LENGTH_MAX else key
        return (step, *_steps(path[len(key) + 1 :], value[shown[key]]))
    head, _, rest = path.partition(".")
    return (head, *_steps(rest, _item(head, value)))


def _item(step: str, value: object) -> object:
    is_there = isinstance(value, list) and step.isdecimal() and int(step) < len(value)
    return value[int(step)] if isinstance(value, list) and is_there else None
