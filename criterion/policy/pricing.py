"""Pricing: what a quantity costs on a curve of bands, and what a sum of money buys on it.

A curve prices billable units: those past what a plan includes. Prices are in runes, the common unit
of money. A position is where on the curve a quantity starts; below zero lies what is included.

Source:
    Policy specification, section 3.
"""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from criterion.policy.amounts import Amount, minus, over, plus, times
from criterion.quantity import UNLIMITED

Model: TypeAlias = Literal["flat", "tiered", "volume", "stairstep"]


class Band(NamedTuple):
    """The quantities that one price is for: those above ``start``, up to and with ``end``.

    Attributes:
        start: Where the band before it ends.
        end: Its last quantity; `UNLIMITED` for the last band.
        rate: Runes per unit, or of a stairstep the fee for any quantity in it.
        before: What all units below it cost together, on a tiered curve.
    """

    start: Amount
    end: Amount
    rate: Amount
    before: Amount


class Curve(NamedTuple):
    """The prices of a credit.

    Attributes:
        model: ``"flat"`` has one band, and its price has no beginning: refunds cost the same.
            ``"tiered"`` prices each unit in its own band, ``"volume"`` all units in the band that
            the last one reaches, ``"stairstep"`` charges that band's fee.
        bands: From zero upwards, without gaps; the last is open.
    """

    model: Model
    bands: tuple[Band, ...]

    @property
    def first_rate(self) -> Amount:
        """What a unit below zero costs."""
        return 0 if self.model == "stairstep" else self.bands[0].rate


def curve_of(model: Model, prices: Iterable[tuple[Amount, Amount]]) -> Curve:
    """Return the curve of pairs of a band's end and its rate, in order; the last is unlimited."""
    bands: list[Band] = []
    start: Amount = 0
    before: Amount = 0
    for end, rate in prices:
        bands.append(Band(start, end, rate, before))
        if end != UNLIMITED:
            before = plus(before, times(minus(end, start), rate))
        start = end
    return Curve(model, tuple(bands))


def total(curve: Curve, quantity: Amount) -> Amount:
    """Return what the first billable units cost together."""
    if quantity <= 0 or curve.model == "flat":
        return times(quantity, curve.first_rate) if quantity else 0
    band = _band_of(curve, quantity)
    if curve.model == "volume":
        return times(quantity, band.rate)
    if curve.model == "stairstep":
        return band.rate
    return plus(band.before, times(minus(quantity, band.start), band.rate))


def price_of(curve: Curve, quantity: Amount, offset: Amount = 0) -> Amount:
    """Return what a quantity costs from a position on; less than zero for a refund.

    Where all of it is included, it costs the first rate: a cap on consumption counts it too. A
    volume curve may cost less than nothing where a cheaper band is entered.
    """
    if curve.model == "flat":
        return times(quantity, curve.bands[0].rate)
    if offset == -UNLIMITED:
        return times(quantity, curve.first_rate) if quantity else 0
    return minus(total(curve, plus(offset, quantity)), total(curve, offset))


def quantity_for(curve: Curve, runes: Amount, offset: Amount = 0) -> Amount | None:
    """Return how much a sum buys from a position on.

    Returns:
        The quantity; `UNLIMITED` where a band costs nothing and has no end; ``None`` where the sum
        cannot be converted: nothing has a price.
    """
    rate = curve.first_rate
    if curve.model == "flat":
        return None if rate == 0 else over(runes, rate)
    if runes == 0:
        return 0
    if runes < 0:
        return None if rate == 0 else over(runes, rate)
    included: Amount = 0
    if offset < 0:
        priced = times(minus(0, offset), rate) if rate else 0
        if rate and runes <= priced:
            return over(runes, rate)
        included, runes, offset = minus(0, offset), minus(runes, priced), 0
    return plus(included, _walked(curve, runes, offset))


def _walked(curve: Curve, runes: Amount, offset: Amount) -> Amount:
    """Return how much a sum buys from a position that is not included, band by band."""
    at = offset
    for band in curve.bands:
        if band.end <= at:
            continue
        entry = _entry(curve, band, at)
        if entry > runes:
            break
        runes = minus(runes, entry)
        rate = 0 if curve.model == "stairstep" else band.rate
        if rate:
            bought = over(runes, rate)
            if band.end == UNLIMITED or bought < minus(band.end, at):
                return minus(plus(at, bought), offset)
            runes = minus(runes, times(minus(band.end, at), rate))
        at = band.end
    return minus(at, offset)


def _entry(curve: Curve, band: Band, at: Amount) -> Amount:
    """Return what it costs to stand in a band, above where one stands."""
    if curve.model == "tiered":
        return 0
    if curve.model == "volume":
        return minus(times(at, band.rate), total(curve, at))
    return minus(band.rate, total(curve, at))


def _band_of(curve: Curve, quantity: Amount) -> Band:
    return curve.bands[bisect_left(curve.bands, quantity, key=_end)]


def _end(band: Band) -> Amount:
    return band.end
