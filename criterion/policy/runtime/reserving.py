"""Reserving: room set aside for calls whose size is known only afterwards."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Unpack, cast

from criterion.clock import new_id
from criterion.errors import StoreError
from criterion.policy.amounts import Amount
from criterion.policy.arguments import checked, frozen_data, named
from criterion.policy.assess import prediction_of
from criterion.policy.command import Command, HoldTerms
from criterion.policy.deciding import estimate_parts, settled
from criterion.policy.estimating import (
    POLICY_HEAD,
    Prediction,
    Sample,
    basis_of,
    segment_key,
)
from criterion.policy.instants import Instant
from criterion.policy.reading import placed, view
from criterion.policy.reserving import released_parts
from criterion.policy.resolution import place
from criterion.policy.runtime.base import LOG
from criterion.policy.runtime.metering import Metering, pairs_of, runes_of
from criterion.policy.runtime.options import (
    CallOptions,
    Given,
    ReserveOptions,
    SampleOptions,
    SettleOptions,
)
from criterion.policy.state import Customer, Head
from criterion.policy.store import Commit, Heads, Part
from criterion.policy.units import Misfit, read_amount, read_duration
from criterion.policy.verdict import Verdict
from criterion.policy.verdicts import Verdicts

QUANTILE: Final = Decimal("0.9")
"""How sure an estimate is to hold enough, where nothing else is said."""

_OF_HOLDS: Final = frozenset({"ttl", "quantile", "basis", "segment", "clamp"})


class Reserving(Metering):
    """Holds, and the estimates that tell how much to hold."""

    def reserve(
        self,
        customer: str,
        entitlement: str,
        amount: Given | None = None,
        *,
        at: Instant | None = None,
        key: str | None = None,
        **options: Unpack[ReserveOptions],
    ) -> Verdict:
        """Set room aside, if `allow` would let it pass; the verdict names the hold.

        Args:
            customer: Who asks.
            entitlement: What for.
            amount: How much, more than nothing; ``None``: what such calls are expected to use, or
                one increment where nothing is known of them.
            at: As for `allow`.
            key: As for `allow`.
            options: What else there is to say of it.

        Raises:
            TypeError: As for `allow`.
        """
        return self._decide(self._reservation(customer, entitlement, amount, options), at, key)

    def reserve_all(
        self,
        customer: str,
        uses: Iterable[tuple[str, Given | None]],
        *,
        at: Instant | None = None,
        key: str | None = None,
        **options: Unpack[ReserveOptions],
    ) -> Verdicts:
        """Set room aside on several entitlements together: on all, or on none of them."""
        commands = [
            self._reservation(customer, name, amount, options) for name, amount in pairs_of(uses)
        ]
        return self._decide_together(commands, at, key)

    def settle(
        self,
        customer: str,
        entitlement: str,
        hold: str,
        amount: Given = 0,
        *,
        at: Instant | None = None,
        **options: Unpack[SettleOptions],
    ) -> Verdict:
        """Count what was used under a hold, and give the hold back.

        It is counted whatever the limits say, because it was used; also where the hold has ended
        or was never made. The same again gets the same answer, something else is a conflict.

        Args:
            customer: Who reserved.
            entitlement: What for.
            hold: The hold that `reserve` named.
            amount: How much was used.
            at: As for `allow`.
            options: What else there is to say of it; basis and segment are those of the hold where
                nothing else is said.

        Raises:
            TypeError: As for `allow`.
        """
        named(customer, entitlement, hold)
        checked(options, SettleOptions.__optional_keys__, "a settlement")
        basis, segment = options.pop("basis", None), options.pop("segment", None)
        call = cast("CallOptions", options)
        command = self._command(customer, entitlement, amount, "settle", **call)._replace(
            force=True, hold=HoldTerms(hold, basis=runes_of(basis), segment=segment)
        )
        active, now = self._active, self._now(at)
        try:
            commit = self._commit(customer, lambda heads: settled(active, heads, command, now))
        except StoreError as error:
            return self._without_store(error, command, now)
        self._learn_for_all(commit)
        return self._verdict(commit.answer, commit.seq)

    def release(
        self, customer: str, entitlement: str, hold: str, *, at: Instant | None = None
    ) -> bool:
        """Give a hold back; false where it has ended or was never made."""
        book = self._active.book

        def released(heads: Heads, head: Head, now: int) -> Commit | None:
            spot = place(book, heads, head, entitlement, now)
            meter = None if spot is None else spot.owner.meters.get(entitlement)
            known = None if meter is None else meter.holds.get(hold)
            if spot is None or known is None:
                return None
            parts = released_parts(heads, spot, hold)
            return Commit(head.customer.id, now, now < known.expires, parts)

        done: bool = self._change(customer, at, released, default=False)
        return done

    def held(self, customer: str, entitlement: str, *, at: Instant | None = None) -> Amount | None:
        """Return what is set aside on a meter; ``None`` of what has none."""
        seen = self._look(
            customer, at, lambda book, heads, now: view(book, heads, customer, entitlement, now)
        )
        return None if seen is None else seen.held.value

    def observe(
        self,
        customer: str,
        entitlement: str,
        amount: Given,
        *,
        at: Instant | None = None,
        **options: Unpack[SampleOptions],
    ) -> bool:
        """Tell what a call has used, for estimates alone; nothing is counted.

        Returns:
            Whether it was taken: not of an unknown name, an amount that is none, or without the
            basis that its estimates are per unit of.
        """
        named(customer, entitlement)
        checked(options, SampleOptions.__optional_keys__, "a sample")
        book, context = self._active.book, frozen_data("context", options.get("context"))
        cost, basis = runes_of(options.get("overhead")) or 0, runes_of(options.get("basis"))

        def observed(heads: Heads, head: Head, now: int) -> Commit | None:
            spot = place(book, heads, head, entitlement, now)
            if spot is None or spot.limit is None:
                return None
            value = read_amount(amount, book.credits[spot.limit.credit].units)
            if isinstance(value, Misfit):
                return None
            about = basis_of(spot.offer.entitlement, context, basis, options.get("segment"))
            sample = Sample(about, value, cost)
            parts = estimate_parts(spot.owner, entitlement, sample, now)
            return Commit(head.customer.id, now, sample if parts else None, parts)

        taken: Sample | None = self._change(customer, at, observed)
        if taken is not None:
            self._observe_for_all(entitlement, taken, self._now(at))
        return taken is not None

    def estimate(
        self,
        customer: str,
        entitlement: str,
        *,
        at: Instant | None = None,
        **options: Unpack[ReserveOptions],
    ) -> Prediction | None:
        """Return what a call will use at most, with the given certainty; ``None``: nobody knows."""
        named(customer, entitlement)
        command = self._reservation(customer, entitlement, None, options)
        active, now = self._active, self._now(at)

        def predicted(heads: Heads) -> Prediction | None:
            spot = placed(active.book, heads, customer, entitlement, now)
            if spot is None or spot.limit is None:
                return None
            return prediction_of(active.book, heads, command, spot)

        found: Prediction | None = self._store.look(customer, predicted)
        return found

    def samples(self, entitlement: str, segment: str | None = None) -> int:
        """Return how many calls of all customers an estimate is learnt from."""

        def counted(heads: Heads) -> int:
            head = heads.head(POLICY_HEAD)
            kept = {} if head is None else head.estimates.get(entitlement, {})
            known = kept.get(segment_key(segment))
            return 0 if known is None else known.samples

        count: int = self._store.look(POLICY_HEAD, counted)
        return count

    def _reservation(
        self, customer: str, entitlement: str, amount: Given | None, options: ReserveOptions
    ) -> Command:
        checked(options, ReserveOptions.__optional_keys__, "a reservation")
        given = options.get("ttl")
        ttl = self.terms.hold_ttl if given is None else read_duration(given)
        if isinstance(ttl, Misfit):
            raise TypeError(f"`ttl` is a duration: {ttl.message}")
        if ttl < 0:
            raise TypeError("`ttl` is a duration, and none is less than nothing")
        hold = HoldTerms(
            new_id(),
            ttl,
            runes_of(options.get("quantile", QUANTILE)) or 0,
            runes_of(options.get("basis")),
            options.get("segment"),
            options.get("clamp", False),
        )
        call = {key: each for key, each in options.items() if key not in _OF_HOLDS}
        command = self._command(
            customer, entitlement, amount, "reserve", **cast("CallOptions", call)
        )
        return command._replace(hold=hold)

    def _learn_for_all(self, commit: Commit) -> None:
        """Tell the estimates of everyone what a settled call has used; a repeated one nothing."""
        about, work = commit.answer.about, commit.answer.work
        if about is not None and commit.parts:
            sample = Sample(about, work.amount, work.change.overhead)
            try:
                self._observe_for_all(work.place.offer.name, sample, work.at)
            except StoreError as error:  # the usage is counted; only an estimate has not learnt
                LOG.error("a sample of %s is lost: %s", work.place.offer.name, error)

    def _observe_for_all(self, entitlement: str, sample: Sample, now: int) -> None:
        def observed(heads: Heads) -> Commit:
            head = heads.head(POLICY_HEAD)
            made: tuple[Part, ...] = ()
            if head is None:
                customer = Customer(id=POLICY_HEAD, type="policy")
                head, made = Head(customer=customer), (Part(POLICY_HEAD, "customer", "", customer),)
            parts = estimate_parts(head, entitlement, sample, now)
            return Commit(POLICY_HEAD, now, None, (*made, *parts) if parts else ())

        self._commit(POLICY_HEAD, observed)
