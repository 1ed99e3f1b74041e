"""Failures: how the evaluation of an expression goes wrong, equal in every reading."""

from typing import Final, Literal, TypeAlias

from criterion.text import one_line

Stage: TypeAlias = Literal["when", "emit"]

FAILURES: Final = {
    "division_by_zero": "a division by zero",
    "missing_key": "a key that a mapping does not have, or a position outside a list",
    "undefined": "arithmetic with unlimited that has no answer, such as unlimited - unlimited",
    "overflow": "a number beyond the bounds of the language",
    "not_whole": "a whole number is needed",
    "text_too_long": "a text beyond the bounds of the language",
    "not_a_date": "a text that is no date or instant, or has no time zone",
    "empty": "the least or greatest of nothing",
    "null": "a null where a value is needed",
    "type": "a value of the wrong kind",
    "steps": "more work than an evaluation may do",
}
"""The closed list of codes, and what each means."""


class ExpressionFailure(Exception):  # noqa: N818 -- a rule's failure, not a mistake of the program
    """An expression cannot be worked out for these facts.

    Attributes:
        code: One of `FAILURES`.
    """

    def __init__(self, code: str, message: str) -> None:
        """Say what went wrong, without the values."""
        super().__init__(one_line(message, 500))
        self.code = code


class ClauseFailure(Exception):  # noqa: N818 -- as above
    """A clause of a body cannot be worked out for these facts.

    Attributes:
        index: Which clause, from 0.
        stage: ``when`` or ``emit``.
        failure: What went wrong in it.
    """

    def __init__(self, index: int, stage: Stage, failure: ExpressionFailure) -> None:
        """Name the clause that needed what failed."""
        super().__init__(str(failure))
        self.index = index
        self.stage = stage
        self.failure = failure


def wrong_kind(value: object, wanted: str) -> ExpressionFailure:
    """Return the failure of a value that is null, or not what is wanted."""
    if value is None:
        return ExpressionFailure("null", f"null where {wanted} is needed")
    return ExpressionFailure("type", f"a value of the wrong kind where {wanted} is needed")


def too_much() -> ExpressionFailure:
    """Return the failure of more work than an evaluation may do."""
    return ExpressionFailure("steps", "more work than one evaluation may do")
