"""Names on the command line: the plan, credit, entitlement or customer that one is, or is near."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from criterion.cli.problems import UsageError
from criterion.policy.amounts import Amount
from criterion.policy.credit import Credit
from criterion.policy.plan import Plan
from criterion.policy.resolution import find
from criterion.policy.runtime.policy import Policy
from criterion.policy.state import Head
from criterion.policy.store import Commit, Store
from criterion.policy.terms import Terms
from criterion.policy.unit_table import PLAIN, Unit
from criterion.policy.units import Misfit, read_amount
from criterion.quantity import UNLIMITED, UNLIMITED_TEXT
from criterion.text import code, did_you_mean, listing

LOOKED_AT_MAX: Final = 10_000
"""How many commits are looked at for a name that is near to one that nobody has."""

LISTED_MAX: Final = 8
"""How many names a hint lists."""

BATCH: Final = 1_000
"""How many commits are read from a store at once."""


def plan_of(terms: Terms, name: str) -> Plan:
    """Return a plan of the policy."""
    return terms.plans[known(name, terms.plans, "plan")]


def credit_of(terms: Terms, name: str) -> Credit:
    """Return a credit of the policy."""
    return terms.credits[known(name, terms.credits, "credit")]


def entitlement_of(terms: Terms, name: str) -> str:
    """Return the name of an entitlement that some plan has."""
    return known(name, entitlements(terms), "entitlement")


def entitlements(terms: Terms) -> tuple[str, ...]:
    """Return the entitlements of all plans, each once."""
    plans = terms.plans.values()
    return tuple(dict.fromkeys(name for plan in plans for name in plan.entitlements))


def known(name: str, names: Iterable[str], what: str) -> str:
    """Return a name that is there.

    Raises:
        UsageError: It is not; names the nearest, or all where there are few.
    """
    there = list(names)
    if name in there:
        return name
    hint = did_you_mean(name, there)
    if hint is None and there:
        more = ["…"] if len(there) > LISTED_MAX else []
        hint = f"there is {listing([*map(code, there[:LISTED_MAX]), *more], 'and')}"
    raise UsageError(f"the policy has no {what} {code(name)}", hint=hint)


def head_of(policy: Policy, name: str) -> Head:
    """Return where a customer stands, as it is stored.

    Raises:
        UsageError: Nobody answers to that name; names the nearest.
    """
    found: Head | None = policy.store.look(name, lambda heads: find(heads, name))
    if found is None:
        hint = did_you_mean(name, customers_in(policy.store, LOOKED_AT_MAX))
        raise UsageError(f"no customer {code(name)} is known", hint=hint)
    return found


def customers_in(store: Store, limit: int | None = None) -> list[str]:
    """Return the ids of customers, the longest known first; not of those who are gone.

    Args:
        store: Where they are.
        limit: How many commits are looked at; all by default.
    """
    there: dict[str, bool] = {}
    for commit in islice(commits_in(store), limit):
        for part in commit.parts:
            if part.kind == "customer" and part.value is None:
                there.pop(part.customer, None)
            elif part.kind == "customer" and part.value.type != "policy":
                there[part.customer] = True
    return list(there)


def commits_in(store: Store, after: int = 0) -> Iterator[Commit]:
    """Yield what was committed, oldest first, up to what is the last when this begins."""
    last = store.last
    while after < last:
        batch = [commit for commit in store.entries(after, BATCH) if commit.seq <= last]
        yield from batch
        if not batch:
            return
        after = batch[-1].seq


def amount_of(text: str, unit: Unit = PLAIN, *, unlimited: bool = False) -> Amount:
    """Return an amount in a unit.

    Raises:
        UsageError: The text is none.
    """
    if unlimited and text == UNLIMITED_TEXT:
        return UNLIMITED
    found = read_amount(text, unit)
    if isinstance(found, Misfit):
        raise UsageError(found.message, hint=found.hint)
    return found
