"""Terms: what a record is found by, taken from an evaluation or from a payload alike."""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from criterion.text import one_line

WORD_LENGTH_MAX: Final = 200
"""How much of a name or value of metadata is searched, in characters."""

DENIED: Final = "DENIED"
"""The outcome of an evaluation whose data says ``allowed: false``."""


class Terms(NamedTuple):
    """What a record is found by.

    Attributes:
        decision: The decision's id; ``None`` for a record about the trail itself.
        rule: The id of the rule that matched, or ``None``.
        outcome: The status, or `DENIED`; for a record about the trail itself, its kind.
        words: Names and values of the metadata, as text; lists and mappings are left out.
    """

    decision: str | None
    rule: str | None
    outcome: str
    words: Mapping[str, str]


def outcome_of(status: str, data: object) -> str:
    """Return the outcome by which an evaluation is found."""
    if type(data) is dict or isinstance(data, Mapping):  # the second costs ten times more
        allowed = data.get("allowed")
    else:
        allowed = getattr(data, "allowed", None)
    return DENIED if allowed is False else status


def terms_of(payload: str) -> Terms:
    """Return the terms of a payload.

    Raises:
        ValueError: It is no payload.
    """
    try:
        members: dict[str, Any] = json.loads(payload)
        if members["kind"] != "evaluation":
            return Terms(None, None, str(members["kind"]), {})
        outcome = outcome_of(members["status"], members["data"])
        words = words_of(members["metadata"])
        return Terms(members["decision"]["id"], members["matched_rule"], outcome, words)
    except (TypeError, KeyError, AttributeError) as error:
        message = "is not a payload"
        raise ValueError(message) from error


def words_of(metadata: Mapping[str, object]) -> dict[str, str]:
    """Return metadata as it is searched."""
    words = {}
    for name, value in metadata.items():
        word = word_of(value)
        if word is not None:
            words[one_line(name, WORD_LENGTH_MAX)] = word
    return words


def word_of(value: object) -> str | None:
    """Return a value of metadata as it is searched; ``None`` for a list or mapping."""
    if isinstance(value, str):
        return one_line(value, WORD_LENGTH_MAX)
    if isinstance(value, Mapping | list):
        return None
    return one_line(json.dumps(value), WORD_LENGTH_MAX)
