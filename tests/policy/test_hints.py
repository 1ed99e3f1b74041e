"""Hints: slips that people make in policy documents, and what mends them."""

from typing import Any, Final

import pytest

from criterion.policy import Policy

SLIPS: Final[list[tuple[dict[str, Any], str, str]]] = [
    ({"credits": {"f": {"units": "mb"}}}, "`mb` is not a unit", "did you mean `MB`?"),
    ({"credits": {"f": {"units": "secnd"}}}, "`secnd` is not a unit", "did you mean `second`?"),
    (
        {"credits": {"f": {"price": 5}}},
        "`5` is not a mapping",
        "write a mapping, such as `{amount: 5}`",
    ),
    (
        {"plans": {"p": {"entitlements": {"x": {"limit": 3}}}}},
        "`3` is not a mapping",
        "write a mapping, such as `{credit: seat, value: 3}`",
    ),
    ({"plans": ["p"]}, "a list is not a mapping", "write a mapping of names"),
    (
        {"hold_ttl": "soon"},
        "`soon` is not a duration",
        "write milliseconds, or text with a unit of time: `30days`",
    ),
]


@pytest.mark.parametrize(("document", "message", "hint"), SLIPS, ids=[said for _, said, _ in SLIPS])
def test_a_slip_is_told_how_to_be_mended(document: dict[str, Any], message: str, hint: str) -> None:
    (problem,) = Policy.validate(document)

    assert (problem.message, problem.hint) == (message, hint)
