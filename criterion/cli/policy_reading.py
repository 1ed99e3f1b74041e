"""``criterion policy check``, ``show``, ``try``, ``price``, ``model-margin``: of a document alone.

What the commands do is imported when one of them runs: most calls are of other commands.
"""

from pathlib import Path
from typing import Annotated, Final

import typer

from criterion.cli import checking
from criterion.cli.policy_complete import credit_names, entitlement_names, plans
from criterion.cli.policy_session import POLICY_NAME, OfPolicy, policy_file
from criterion.cli.problems import FAILED, OK
from criterion.cli.session import Answers, Session

PlanName = Annotated[
    str | None,
    typer.Option("--plan", metavar="PLAN", help="Name of a plan.", autocompletion=plans),
]
_FILES: Final = f"Files of policies.  [default: {POLICY_NAME}]"


def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help=_FILES)] = None,
    *,
    answers: Answers,
    policy: Annotated[
        Path | None, typer.Option("--policy", envvar="CRITERION_POLICY", hidden=True)
    ] = None,
) -> None:
    """Find every mistake in policies."""
    found = files or [policy_file(policy)]
    checking.check(found, session=Session(as_json=answers.as_json))


def show(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="File of a policy.", show_default=POLICY_NAME),
    ] = None,
    *,
    of: OfPolicy,
) -> None:
    """Show plans, entitlements, limits, resets and prices."""
    from dataclasses import replace

    from criterion.cli.policy_showing import say_policy

    chosen = of if file is None else replace(of, policy=file)
    say_policy(policy_file(chosen.policy), chosen.terms(), chosen)


def try_(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="Who tries: any id.")],
    steps: Annotated[
        list[str],
        typer.Argument(
            metavar="STEP",
            help="An entitlement, then what is done: +1 -1 =3 ?1, and @+30d between.",
            autocompletion=entitlement_names,
        ),
    ],
    *,
    plan: PlanName = None,
    type: Annotated[  # noqa: A002 -- the policy's word
        str | None,
        typer.Option("--type", help="What the customer is: user, org …", show_default=False),
    ] = None,
    of: OfPolicy,
) -> None:
    """Try limits; nothing is kept."""
    from criterion.cli.policy_trial import Trial, try_steps

    trial = Trial(customer=customer, plan=plan, type=type, at=of.clock().now())
    is_fine = try_steps(policy_file(of.policy), trial, steps, of)
    raise typer.Exit(OK if is_fine else FAILED)


def price(
    credit: Annotated[
        str,
        typer.Argument(metavar="CREDIT", help="Name of a credit.", autocompletion=credit_names),
    ],
    quantities: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUANTITY", help="What is priced.  [default: each step]"),
    ] = None,
    *,
    offset: Annotated[str, typer.Option("--offset", help="How much was used before.")] = "0",
    of: OfPolicy,
) -> None:
    """Show the prices of a credit as a table."""
    from criterion.cli.policy_pricing import say_prices

    say_prices(of.terms(), credit, quantities or (), offset, of)


def model_margin(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN", help="Name of a plan.", autocompletion=plans)
    ],
    usage: Annotated[
        list[str], typer.Argument(metavar="NAME=AMOUNT", help="What is used in its period.")
    ],
    *,
    unscaled: Annotated[
        bool,
        typer.Option("--unscaled", help="Take usage as it is, whatever periods it is of."),
    ] = False,
    of: OfPolicy,
) -> None:
    """Show what usage of a plan would leave."""
    from criterion.cli.policy_pricing import say_model

    say_model(of.terms(), plan, usage, scaled=not unscaled, answers=of)
