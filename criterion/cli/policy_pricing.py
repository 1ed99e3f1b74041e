"""``criterion policy price`` and ``model-margin``: what quantities cost, and what usage leaves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from criterion.cli.policy_names import amount_of, credit_of, known, plan_of
from criterion.cli.policy_plain import shown
from criterion.cli.policy_words import NOTHING, measured, money, runes
from criterion.cli.problems import UsageError
from criterion.cli.screen import note, say, say_table
from criterion.cli.session import Answers
from criterion.policy.amounts import Amount, is_unlimited, minus, over, rounded
from criterion.policy.credit import Credit
from criterion.policy.margins import Margin
from criterion.policy.runtime.policy import Policy
from criterion.policy.stores.memory import MemoryStore
from criterion.policy.terms import Terms
from criterion.policy.wording import amount
from criterion.text import code, one_line

QUANTITIES: Final = (1, 10, 100, 1_000, 10_000)
"""What is priced of a credit whose prices have no steps, where no quantity is asked for."""

MARGIN_HEADS: Final = ("revenue", "cost", "left", "margin")


def say_prices(
    terms: Terms, name: str, quantities: Sequence[str], offset: str, answers: Answers
) -> None:
    """Print the curve of a credit, and what some quantities cost on it.

    Raises:
        UsageError: There is no such credit, or a quantity is none.
    """
    credit = credit_of(terms, name)
    start = amount_of(offset, credit.units)
    asked = [amount_of(each, credit.units) for each in quantities] or list(_steps(credit))
    priced = [(each, credit.price_of(each, start)) for each in asked]
    members: dict[str, Any] = {
        "credit": credit.name,
        "model": credit.pricing_model,
        "unit": credit.units.name,
        "offset": start,
        "bands": [] if credit.curve is None else [_band(band) for band in credit.curve.bands],
        "quantities": [
            {"quantity": each, "price": _rounded(price), "each": _each(each, price)}
            for each, price in priced
        ],
    }

    def say_it() -> None:
        if credit.curve is None:
            note(f"credit {code(credit.name)} has no price")
            return
        _say_bands(credit)
        rows = [
            (measured(each, credit.units), _shown(_rounded(price)), _shown(_each(each, price)))
            for each, price in priced
        ]
        say()
        say_table(rows, ("quantity", "price", "each"))

    answers.answer(members, say_it)


def say_model(
    terms: Terms, name: str, usage: Sequence[str], *, scaled: bool, answers: Answers
) -> None:
    """Print the margin that assumed usage would have on a plan.

    Raises:
        UsageError: Plan or entitlement are unknown, or an amount is none.
    """
    plan = plan_of(terms, name)
    given: dict[str, str] = {}
    for entitlement, text in map(_pair, usage):
        if entitlement in given:
            raise UsageError(f"the usage of {code(entitlement)} is given twice")
        given[entitlement] = text
        limit = plan.entitlements[known(entitlement, plan.entitlements, "entitlement")].limit
        if limit is None:
            raise UsageError(
                f"{code(entitlement)} is a feature of plan {code(name)}: it has no amount"
            )
        if amount_of(text, terms.credits[limit.credit].units) < 0:
            raise UsageError(f"the usage of {code(entitlement)} is not less than nothing")
    found = Policy(terms, MemoryStore()).model_margin(name, given, scaled=scaled)
    assert found is not None  # noqa: S101 -- the plan is known
    answers.answer({"plan": name, **margin_members(found)}, lambda: say_margin(found))


def margin_members(margin: Margin) -> dict[str, Any]:
    """Return a margin as plain data."""
    members = shown(margin)
    assert isinstance(members, dict)  # noqa: S101 -- of a record
    return members


def say_margin(margin: Margin) -> None:
    """Print a margin by entitlement."""
    rows = [(name, *sums(line)) for name, line in margin.entitlements.items()]
    say_table([*rows, ("total", *sums(margin))], ("entitlement", *MARGIN_HEADS))


def sums(of: Any) -> tuple[str, ...]:  # noqa: ANN401 -- a margin, or a line of one
    """Return what comes in, what it costs, and what is left of it."""
    left = NOTHING if of.margin is None else f"{amount(of.margin)} %"
    return money(of.revenue), money(of.cost), money(minus(of.revenue, of.cost)), left


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        hint = "write `tokens=100_000` or `storage=70MB`"
        raise UsageError(f"{code(text)} names no entitlement with its usage", hint=hint)
    return name, value


def _steps(credit: Credit) -> Iterator[Amount]:
    """Yield the quantities at which a price changes; powers of ten where there are none."""
    ends = [tier.up_to for tier in credit.tiers if not is_unlimited(tier.up_to)]
    if not ends:
        yield from QUANTITIES
    for end in ends:
        yield end
        yield end + 1


def _say_bands(credit: Credit) -> None:
    is_whole = credit.pricing_model == "stairstep"
    bands = credit.curve.bands if credit.curve else ()
    rows = [
        (measured(band.start, credit.units), measured(band.end, credit.units), runes(band.rate))
        for band in bands
    ]
    say(one_line(f"{credit.name}  {credit.label}, {credit.pricing_model}"))
    say_table(rows, ("above", "up to", "for all of it" if is_whole else "each"))


def _band(band: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- of a curve
    return {"above": band.start, "up_to": shown(band.end), "price": band.rate}


def _rounded(price: Amount | None) -> Amount | None:
    return None if price is None else rounded(price)


def _each(quantity: Amount, price: Amount | None) -> Amount | None:
    return None if price is None or not quantity else rounded(over(price, quantity))


def _shown(value: Amount | None) -> str:
    return NOTHING if value is None else runes(value)
