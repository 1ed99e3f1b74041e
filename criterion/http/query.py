"""Queries: what may stand behind the ``?``, each once, and nothing else."""

from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from criterion.http.problem import Problem, problem
from criterion.text import code, did_you_mean, listing

FIELDS_MAX: Final = 10
"""How many parameters a query may have before it is not read at all."""


class Query(NamedTuple):
    """The parameters of a request.

    Attributes:
        version: The version that the caller pins.
        profile: The profile that the caller picks.
        explain: ``full``, or nothing.
        what_if: ``true``, or nothing.
    """

    version: str | None = None
    profile: str | None = None
    explain: str | None = None
    what_if: str | None = None


NO_QUERY: Final = Query()


def read_query(text: str, known: tuple[str, ...]) -> Query | Problem:
    """Return the parameters, or why they are refused: unknown, repeated, or too many.

    Args:
        text: What stands behind the ``?``.
        known: The parameters of this route.
    """
    if not text:
        return NO_QUERY
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError:
        return problem("invalid_query", f"there are more than {FIELDS_MAX} parameters")
    values = dict(pairs)
    if len(values) < len(pairs):
        return problem("invalid_query", "a parameter is given twice")
    for name in values:
        if name not in known:
            return problem("invalid_query", _unknown(name, known))
    for name, only in _ONLY.items():
        if values.get(name, only) != only:
            return problem("invalid_query", f"`{name}` can only be `{only}`")
    return Query(**values)


_ONLY: Final = {"explain": "full", "what_if": "true"}
"""The only value of some parameters."""


def _unknown(name: str, known: tuple[str, ...]) -> str:
    hint = did_you_mean(name, known)
    there = hint or (f"there is {listing(map(code, known), 'and')}" if known else "there is none")
    return f"there is no parameter {code(name)}; {there}"
