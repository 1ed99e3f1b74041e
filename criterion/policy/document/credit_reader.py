"""Credits of a policy document, and their prices."""

from collections.abc import Iterator
from itertools import pairwise

from criterion.policy.credit import Credit, Price, Tier, ordered
from criterion.policy.document.expressions import NUMBERS, read_expression
from criterion.policy.document.section import Given
from criterion.policy.document.tables import CREDIT, PRICE, TIER
from criterion.policy.formula import CostFormula, formula
from criterion.policy.pricing import Curve, Model, curve_of
from criterion.policy.scopes import OVERHEAD
from criterion.policy.unit_table import PLAIN, UNITS, Unit
from criterion.policy.units import Misfit, unit_meant
from criterion.quantity import UNLIMITED
from criterion.text import code


def read_credits(policy: Given) -> dict[str, Credit]:
    """Return the credits by name."""
    return {name: _credit(name, given) for name, given in policy.named("credits", CREDIT)}


def read_price(given: Given) -> Price | None:
    """Return the price of a credit, a tier or a topup; ``None`` where it has none."""
    inner = given.inner("price", PRICE)
    return None if inner is None else Price(**inner.values)


def _credit(name: str, given: Given) -> Credit:
    model: Model = given["pricing_model"]
    price = read_price(given)
    tiers: tuple[Tier, ...] = ()
    if model == "flat":
        if given["tiers"] is not None:
            given.note("tiers", "unused", "a flat credit has no tiers", "say its `pricing_model`")
        curve = None if price is None else curve_of(model, [(UNLIMITED, price.amount)])
    else:
        tiers = _tiers(given)
        curve = _curve(given, tiers)
    return Credit(
        name=name,
        unit=given["unit"],
        label=given["label"],
        description=given["description"],
        resets=given["resets"],
        overhead_cost=given["overhead_cost"],
        overhead=_overhead(given),
        pricing_model=model,
        price=price,
        tiers=tiers,
        units=_unit(given),
        curve=curve,
    )


def _unit(given: Given) -> Unit:
    name = given["units"]
    unit = UNITS.get(name)
    if unit is None:
        misfit = Misfit(f"{code(name)} is not a unit", unit_meant(name))
        given.misfit("units", "units", misfit)
    return unit or PLAIN


def _overhead(given: Given) -> CostFormula | None:
    tree = read_expression(given, "overhead", OVERHEAD, NUMBERS)
    return None if tree is None else CostFormula(formula(given["overhead"], tree, OVERHEAD))


def _tiers(given: Given) -> tuple[Tier, ...]:
    """Return the tiers in order; every mistake in them is noted."""
    model = code(given["pricing_model"])
    if given.has("price"):
        hint = "move it into `tiers`" if given.has("tiers") else "write `tiers`"
        given.note("price", "price-or-tiers", f"a {model} credit has no price of its own", hint)
    read = [(_tier(each), each) for each in given.listed("tiers", TIER)]
    if not read:
        if given.is_sound("tiers"):
            message = f"a {model} credit needs `tiers`"
            given.note("pricing_model", "price-or-tiers", message, "write `tiers`")
        return ()
    for message, each in _misplaced(read):
        each.note("up_to", "tier-bounds", message)
    for _, each in [pair for pair in read if pair[0].up_to == UNLIMITED][1:]:
        message = "an earlier tier has no bound, so this one never counts"
        each.note(None, "open-tiers", message, "remove one of them")
    return ordered(tier for tier, _ in read)


def _misplaced(read: list[tuple[Tier, Given]]) -> Iterator[tuple[str, Given]]:
    bounded = [pair for pair in read if pair[0].up_to != UNLIMITED]
    for tier, each in bounded:
        if tier.up_to <= 0:
            yield f"{code(str(tier.up_to))} is no bound: it must be more than 0", each
    bounded.sort(key=lambda pair: pair[0].up_to)
    for (lower, _), (upper, each) in pairwise(bounded):
        if lower.up_to == upper.up_to:
            yield f"another tier ends at {upper.up_to}, too", each
    if len(bounded) == len(read):
        yield "the last tier must have no `up_to`", bounded[-1][1]


def _tier(given: Given) -> Tier:
    up_to = given["up_to"]
    return Tier(UNLIMITED if up_to is None else up_to, read_price(given) or Price(0))


def _curve(given: Given, tiers: tuple[Tier, ...]) -> Curve | None:
    bounds = [tier.up_to for tier in tiers]
    if not bounds or bounds[-1] != UNLIMITED or any(bound <= 0 for bound in bounds):
        return None
    return curve_of(given["pricing_model"], [(tier.up_to, tier.price.amount) for tier in tiers])
