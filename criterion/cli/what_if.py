"""The what-if options: what would have to be otherwise for another answer."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final

import typer

from criterion.analysis.counterfactual import Counterfactuals
from criterion.analysis.counterfactuals import LIMIT, counterfactuals
from criterion.cli.problems import UsageError
from criterion.errors import ExpressionError
from criterion.result import Result
from criterion.text import code

BUDGET_MS: Final = 1_000
"""How long a command looks for changes unless it is told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What is asked besides the answer itself.

    Attributes:
        asked: Whether any other outcome is asked for.
        wish: Which one, as an expression.
        change: The only values that may be changed.
        cost: What changes cost, each as ``NAME=NUMBER``.
        with_profile: Whether the profile may be changed, too.
        limit: How many alternatives are named.
        budget_ms: How long it may take.
    """

    asked: Annotated[
        bool,
        typer.Option("--what-if", help="Say what would have to change for another answer."),
    ] = False
    wish: Annotated[
        str | None,
        typer.Option(
            "--wish", metavar="EXPRESSION", help="Which answer, as in 'data.allowed == true'."
        ),
    ] = None
    change: Annotated[
        list[str] | None,
        typer.Option("--change", metavar="FIELD", help="Change only this; may be repeated."),
    ] = None
    cost: Annotated[
        list[str] | None,
        typer.Option("--cost", metavar="FIELD=NUMBER", help="What a change costs; 1 by default."),
    ] = None
    with_profile: Annotated[
        bool, typer.Option("--change-profile", help="Change values of the profile, too.")
    ] = False
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many alternatives to name.")] = (
        LIMIT
    )
    budget_ms: Annotated[
        int, typer.Option("--budget-ms", min=1, help="How long to look for changes.")
    ] = BUDGET_MS

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked; a wish asks, too."""
        if not self.asked and self.wish is None and (self.change or self.cost or self.with_profile):
            raise UsageError("there is no question to change fields for", hint="add `--what-if`")
        return self.asked or self.wish is not None

    def found(self, result: Result[Any]) -> Counterfactuals:
        """Return what leads to it.

        Raises:
            UsageError: The wish, a field or a cost cannot be used.
        """
        try:
            return counterfactuals(
                result,
                wish=self.wish,
                costs=dict(map(_cost, self.cost or ())),
                changeable=self.change or None,
                profile=self.with_profile,
                limit=self.limit,
                budget_ms=self.budget_ms,
            )
        except ExpressionError as error:
            raise UsageError(f"in the wish: {error.args[0]}", hint=error.hint) from None
        except ValueError as error:
            raise UsageError(str(error)) from None


def _cost(text: str) -> tuple[str, Decimal]:
    name, _, number = text.rpartition("=")
    try:
        return name, Decimal(number)
    except InvalidOperation:
        hint = "write it as `plan=3`"
        raise UsageError(f"{code(text)} is not the cost of a field", hint=hint) from None
