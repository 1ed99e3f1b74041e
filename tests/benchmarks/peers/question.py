"""The question that every engine gets: its facts, the numbers, and what has to be answered."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from criterion.quantity import UNLIMITED
from decisions.usage_limit import usage_limit
from tests.parcels import engine

Answer = dict[str, Any]
Facts = dict[str, Any]

ROOT: Final = Path(__file__).parent.parent.parent.parent


def _pricing() -> dict[str, Any]:
    """Return the catalogue's numbers, changed so that every branch of the decision is reached."""
    text = (ROOT / "profiles" / "pricing.yaml").read_text("utf-8")
    values: dict[str, Any] = yaml.safe_load(text)["values"]
    values["limits"]["enterprise"]["alerts"] = 200  # a finite limit, and no plan to upgrade to
    del values["limits"]["free"]["alerts"]  # what is not listed is 0
    return values


PRICING: Final = _pricing()
LIMITS: Final[dict[str, dict[str, Any]]] = PRICING["limits"]
NEXT_PLAN: Final[dict[str, str]] = PRICING["next_plan"]
WARN_AT: Final[float] = PRICING["warn_at"]
PLANS: Final = tuple(LIMITS)
RESOURCES: Final = tuple(LIMITS["pro"])

TIMED: Final[Facts] = {
    "resource": "projects",
    "current_usage": 1,
    "requested_amount": 1,
    "plan": "free",
}
"""The facts that are timed; the third of the four rules matches."""


class Peer(NamedTuple):
    """One engine, ready to be asked.

    Attributes:
        name: What the table calls it.
        distribution: The package that it comes from, whose version the table names.
        ask: Answers the question; this is timed.
        read: Turns what it returned into members of our answer, for comparison; not timed.
        leaves_out: What ours does and this does not, for the table.
    """

    name: str
    distribution: str
    ask: Callable[[Facts], Any]
    read: Callable[[Any], Answer] = dict
    leaves_out: str = ""


def facts() -> Iterator[Facts]:
    """Yield facts of every plan and resource, on both sides of every boundary."""
    for plan in PLANS:
        for resource in RESOURCES:
            for usage, amount in _amounts(LIMITS[plan].get(resource, 0)):
                given = {"current_usage": usage, "requested_amount": amount}
                yield {"resource": resource, **given, "plan": plan}


def _amounts(limit: Any) -> list[tuple[int, int]]:  # noqa: ANN401 -- a number, or unlimited
    if limit == "unlimited":
        return [(0, 0), (1_000_000, 7)]
    warned = int(limit * WARN_AT)
    return [(0, 0), (0, 1), (warned, 0), (warned, 1), (limit, 0), (limit, 1), (limit + 5, 2)]


def expected(given: Facts) -> Answer:
    """Return the answer, as the decision in Python gives it, and the rule behind it."""
    return answer(engine().run(usage_limit, given, PRICING))


def answer(result: Any) -> Answer:  # noqa: ANN401 -- the result of any decision
    """Return an answer of ours as plain members, with the rule that matched."""
    data = {name: plainly(value) for name, value in result.data.model_dump().items()}
    return {"rule": result.matched_rule, **data}


def plainly(value: object) -> object:
    """Return a value as an engine of JSON would say it."""
    return "unlimited" if isinstance(value, Decimal) and value == UNLIMITED else value


def differences(peer: Peer) -> list[tuple[Facts, Answer, Answer]]:
    """Return the facts that are answered otherwise, with what was said and what is right.

    Only the members that the engine answers are compared; whether it is allowed, it must say.
    """
    found = []
    for given in facts():
        said, right = peer.read(peer.ask(dict(given))), expected(given)
        if "allowed" not in said or said != {name: right[name] for name in said}:
            found.append((given, said, right))
    return found
