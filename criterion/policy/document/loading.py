"""Loading policies: a file, a text or plain data as checked terms."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from criterion.documents.decision_loading import TEXT_NAME, bytes_of
from criterion.policy.arguments import Kind, require
from criterion.policy.document.reader import PolicyDocument, read_policy

SOURCE: Final = Kind(
    "a path, the text of a document, or plain data",
    lambda given: isinstance(given, str | Path | Mapping),
)


def load_policy(
    source: str | Path | Mapping[str, Any], *, at: int = 0, validate: bool = True
) -> PolicyDocument:
    """Load a policy.

    Args:
        source: The path of a YAML or JSON file; or the text, which is told by its having several
            lines or beginning with a brace; or plain data.
        at: The instant, in ms, for states that do not say when they began.
        validate: As for `criterion.policy.document.reader.read_policy`.

    Raises:
        DocumentError: The file cannot be read, or has mistakes; lists all of them.
        DefinitionError: The data has mistakes.
        TypeError: It is neither path nor text nor data.
    """
    require("source", source, SOURCE)
    if isinstance(source, Mapping):
        return read_policy(source, at=at, validate=validate)
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
        return read_policy(source, TEXT_NAME, at=at, validate=validate)
    path = Path(source)
    return read_policy(bytes_of(path), str(path), at=at, validate=validate)
