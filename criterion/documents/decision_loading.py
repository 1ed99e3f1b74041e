"""Loading decisions: a file or a text of YAML as a decision that runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from criterion.documents.problems import Problems
from criterion.text import not_a

if TYPE_CHECKING:
    from criterion.expression_decision import ExpressionDecision

TEXT_NAME: Final = "<text>"
"""What problems call a text that is no file."""


def load_decision(source: str | Path) -> "ExpressionDecision":
    """Load a decision from YAML.

    Args:
        source: The path of a file; or YAML text, which is told by its having several lines.

    Raises:
        DocumentError: The file cannot be read, or has mistakes; lists every mistake with its line
            and column.
        TypeError: What was given is neither a path nor a text.
    """
    if not isinstance(source, str | Path):
        raise not_a(source, "a path or YAML text")
    from criterion.documents.runnable import loaded  # noqa: PLC0415 -- only who has YAML pays

    if isinstance(source, str) and "\n" in source:
        return loaded(source, TEXT_NAME, imports=False)
    path = Path(source)
    return loaded(bytes_of(path), str(path), imports=True)


def bytes_of(path: Path) -> bytes:
    """Return what is in a file.

    Raises:
        DocumentError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        problems = Problems(str(path), "")
        reason = getattr(error, "strerror", None) or type(error).__name__
        hint = "give a path, or YAML text of several lines"
        problems.add(0, f"cannot be read: {reason}", hint)
        raise problems.error() from None
