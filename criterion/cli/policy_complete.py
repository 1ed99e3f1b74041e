"""Completion: what a shell offers where something of a policy is named."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import typer

from criterion.cli.policy_session import policy_file
from criterion.errors import CriterionError

if TYPE_CHECKING:
    from criterion.policy.terms import Terms


def plans(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the plans that begin so."""
    return _beginning(ctx, incomplete, lambda terms: terms.plans)


def credit_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the credits that begin so."""
    return _beginning(ctx, incomplete, lambda terms: terms.credits)


def entitlement_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the entitlements of all plans that begin so."""
    return _beginning(
        ctx,
        incomplete,
        lambda terms: [name for plan in terms.plans.values() for name in plan.entitlements],
    )


def _beginning(
    ctx: typer.Context, incomplete: str, names: Callable[["Terms"], Iterable[str]]
) -> list[str]:
    """Return names of the policy that begin so; a shell must not see why it cannot be read."""
    from criterion.policy.document.loading import load_policy

    try:
        terms = load_policy(policy_file(ctx.params.get("policy"))).terms
    except CriterionError:
        return []
    return [name for name in dict.fromkeys(names(terms)) if name.startswith(incomplete)]
