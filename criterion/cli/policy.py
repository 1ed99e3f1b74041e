"""``criterion policy``: policies, and the stores that they keep customers in."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

import typer
from typer.core import TyperCommand

from criterion.cli import policy_keeping, policy_reading
from criterion.cli.parameters import command
from criterion.cli.policy_store import store_commands

MINUS: Final = "\N{MINUS SIGN}"
"""Stands for the sign of an amount below zero while options are looked for."""

_BELOW_ZERO: Final = re.compile(r"\A-(?=[.0-9])")


class Signed(TyperCommand):
    """A command whose arguments may be amounts below zero, which look like options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 -- of typer's own click
        """Hide the signs of arguments from whatever looks for options, then show them again."""
        valued = {
            name for each in self.params if not getattr(each, "is_flag", True) for name in each.opts
        }
        words = [
            word if before in valued else _BELOW_ZERO.sub(MINUS, word)
            for before, word in pairwise(["", *args])
        ]
        left = super().parse_args(ctx, words)
        ctx.params |= {name: _signed(value) for name, value in ctx.params.items()}
        return left


def _signed(value: Any) -> Any:  # noqa: ANN401 -- whatever was read
    if isinstance(value, list | tuple):
        return type(value)(map(_signed, value))
    return f"-{value[1:]}" if isinstance(value, str) and value.startswith(MINUS) else value


def policy_commands() -> typer.Typer:
    """Return the commands about policies."""
    app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    for name, function in COMMANDS:
        app.command(name, cls=Signed)(command(function))
    app.add_typer(
        store_commands(), name="store", help="Check, rebuild, export and import stores in files."
    )
    return app


COMMANDS: Final[tuple[tuple[str, Callable[..., None]], ...]] = (
    ("check", policy_reading.check),
    ("show", policy_reading.show),
    ("try", policy_reading.try_),
    ("price", policy_reading.price),
    ("model-margin", policy_reading.model_margin),
    ("customer", policy_keeping.customer),
    ("allow", policy_keeping.allow),
    ("grant", policy_keeping.grant),
    ("override", policy_keeping.override),
    ("margin", policy_keeping.margin),
    ("journal", policy_keeping.journal),
    ("events", policy_keeping.events),
)
"""Every command: its name, and what runs it."""
