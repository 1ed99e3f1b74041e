"""Leaves: the names of the scalars in facts, and which texts a schema takes."""

from typing import Any

import z3

from criterion.analysis.smt.ways import (
    Term,
)


def leaf(path: str, arguments: tuple[Term, ...], sort: Any) -> Term:  # noqa: ANN401 -- a sort
    """Return the scalar at a path, for the keys of the tables above it."""
    if not arguments:
        return z3.Const(path, sort)
    return z3.Function(path, *[z3.IntSort()] * len(arguments), sort)(*arguments)
