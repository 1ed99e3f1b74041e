"""Options that commands about customers share, in records that reach what the commands do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer

from criterion.cli.policy_complete import plans
from criterion.policy.plan import PRIORITY_DEFAULT


class Order(StrEnum):
    """What customers are sorted by: names rise, sums fall; what is left rises, the worst first."""

    LEFT = "left"
    REVENUE = "revenue"
    COST = "cost"
    CUSTOMER = "customer"


class Above(StrEnum):
    """What happens above a limit."""

    HARD = "hard"
    SOFT = "soft"
    OBSERVE = "observe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How something is used.

    Attributes:
        check: Whether nothing is used.
        plan: The plan of a customer who is made for it; ``None``: it has to be there.
        type: What that customer is.
        key: The call's idempotency key.
    """

    check: Annotated[bool, typer.Option("--check", help="Ask only; nothing is used.")] = False
    plan: Annotated[
        str | None,
        typer.Option(
            "--plan", metavar="PLAN", help="Plan of a customer who is new.", autocompletion=plans
        ),
    ] = None
    type: Annotated[str, typer.Option("--type", help="What that customer is.")] = "user"
    key: Annotated[
        str | None, typer.Option("--key", help="The same call under it is counted once.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What is agreed beside an amount, as it was written.

    Attributes:
        expires: From when on it counts no more.
        reset_inc: How long its period is.
        reset_sch: When its period begins, by the calendar.
    """

    expires: Annotated[
        str | None,
        typer.Option("--expires", metavar="INSTANT", help="When it ends: +30d, 2026-01-31."),
    ] = None
    reset_inc: Annotated[
        str | None, typer.Option("--reset-inc", metavar="SPAN", help="Its period: 30d.")
    ] = None
    reset_sch: Annotated[
        str | None, typer.Option("--reset-sch", metavar="DAYS", help="Its days: monthly:1.")
    ] = None

    @property
    def resets(self) -> bool | None:
        """Whether it begins anew; ``None``: nothing was said of it."""
        return True if self.reset_inc or self.reset_sch else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedGrant(Agreed):
    """What is agreed of a grant.

    Attributes:
        id: Its name; ``None`` for one that is made up.
        priority: Lower ones are spent first.
    """

    id: Annotated[str | None, typer.Option("--id", help="Its name.", show_default="made up")] = None
    priority: Annotated[int, typer.Option("--priority", help="Lower ones are spent first.")] = (
        PRIORITY_DEFAULT
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedLimit(Agreed):
    """What is agreed of a limit.

    Attributes:
        mode: What happens above it; ``None`` for what happens now.
        remove: Whether it is taken back.
    """

    mode: Annotated[
        Above | None,
        typer.Option("--mode", help="What happens above it.", show_default="as it is"),
    ] = None
    remove: Annotated[bool, typer.Option("--remove", help="Take it back.")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Which commits are looked at.

    Attributes:
        customer: Whose; ``None`` for all.
        after: Those behind this number.
        limit: How many, the last ones.
        at: Those up to this instant; ``None`` for all.
    """

    customer: Annotated[
        str | None, typer.Option("--customer", metavar="CUSTOMER", help="Of one customer alone.")
    ] = None
    after: Annotated[
        int, typer.Option("--after", min=0, help="Behind this number of a commit.")
    ] = 0
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many, the last ones.")] = 20
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="INSTANT", help="Up to when.", show_default="now"),
    ] = None
