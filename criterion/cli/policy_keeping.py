"""``criterion policy customer``, ``allow``, ``journal`` and so on: what works on a store.

What the commands do is imported when one of them runs: most calls are of other commands.
"""

from typing import Annotated

import typer

from criterion.cli.policy_complete import credit_names, entitlement_names
from criterion.cli.policy_options import AgreedGrant, AgreedLimit, Asked, Order, Range
from criterion.cli.policy_session import OfPolicy, OfStore, at_work, standing
from criterion.cli.problems import FAILED, OK, UsageError
from criterion.cli.session import Answers

CustomerId = Annotated[
    str, typer.Argument(metavar="CUSTOMER", help="Id of a customer, or another of its names.")
]
EntitlementName = Annotated[
    str,
    typer.Argument(metavar="ENTITLEMENT", help="What is used.", autocompletion=entitlement_names),
]


def customer(customer: CustomerId, *, of: OfPolicy, where: OfStore) -> None:
    """Show how a customer stands."""
    from criterion.cli.policy_standing import say_customer

    with standing(of, where) as policy:
        say_customer(policy, customer, of.clock().now(), of)


def allow(
    customer: CustomerId,
    entitlement: EntitlementName,
    amount: Annotated[
        str, typer.Argument(metavar="AMOUNT", help="How much; less than zero gives back.")
    ] = "1",
    *,
    asked: Asked,
    of: OfPolicy,
    where: OfStore,
) -> None:
    """Use an amount, if the customer may."""
    from criterion.cli.policy_changing import allow_call

    if asked.check and (asked.key is not None or asked.plan is not None):
        raise UsageError("`--check` changes nothing: it goes with neither `--key` nor `--plan`")
    makes = asked.plan is not None
    with standing(of, where) if asked.check else at_work(of, where, makes=makes) as policy:
        is_allowed = allow_call(policy, customer, (entitlement, amount), asked, of)
    raise typer.Exit(OK if is_allowed else FAILED)


def grant(
    customer: CustomerId,
    credit: Annotated[
        str, typer.Argument(metavar="CREDIT", help="What of.", autocompletion=credit_names)
    ],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="How much.")],
    *,
    agreed: AgreedGrant,
    of: OfPolicy,
    where: OfStore,
) -> None:
    """Give a customer extra room."""
    from criterion.cli.policy_changing import grant_to

    with at_work(of, where) as policy:
        grant_to(policy, customer, (credit, amount), agreed, of)


def override(
    customer: CustomerId,
    entitlement: EntitlementName,
    value: Annotated[
        str | None, typer.Argument(metavar="VALUE", help="The limit, or unlimited.")
    ] = None,
    *,
    agreed: AgreedLimit,
    of: OfPolicy,
    where: OfStore,
) -> None:
    """Give a customer a limit of its own, or take it back."""
    from criterion.cli.policy_changing import override_limit, remove_override

    if (value is None) != agreed.remove:
        raise UsageError("write the new limit, or `--remove`, and not both")
    with at_work(of, where) as policy:
        if value is None:
            remove_override(policy, customer, entitlement, of)
        else:
            override_limit(policy, customer, (entitlement, value), agreed, of)


def margin(
    customer: Annotated[
        str | None, typer.Argument(metavar="CUSTOMER", help="One customer, by entitlement.")
    ] = None,
    *,
    sort: Annotated[
        Order, typer.Option("--sort", help="By what is left, the worst first, or by what else.")
    ] = Order.LEFT,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many customers.")] = 100,
    of: OfPolicy,
    where: OfStore,
) -> None:
    """Show what customers bring in and cost."""
    from criterion.cli.policy_earning import say_margin_of, say_margins

    with standing(of, where) as policy:
        if customer is None:
            say_margins(policy, sort, limit, of)
        else:
            say_margin_of(policy, customer, of)


def journal(*, chosen: Range, answers: Answers, where: OfStore) -> None:
    """Show the last changes of a store."""
    from criterion.cli.policy_history import say_journal

    with where.opened() as store:
        say_journal(store, chosen, answers)


def events(
    *,
    name: Annotated[str | None, typer.Option("--name", help="Of one name: meter-changed.")] = None,
    chosen: Range,
    answers: Answers,
    where: OfStore,
) -> None:
    """Show the last events of a store."""
    from criterion.cli.policy_history import say_events

    with where.opened() as store:
        say_events(store, chosen, name, answers)
