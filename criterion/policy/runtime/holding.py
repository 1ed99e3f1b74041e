"""Holding: room set aside around a block, counted or given back when the block ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from logging import getLogger
from typing import Final, Unpack

from criterion.policy.runtime.options import Given, ReserveOptions, SettleOptions
from criterion.policy.runtime.reserving import Reserving
from criterion.policy.verdict import Verdict

LOG: Final = getLogger(__name__)


class Hold:
    """Room that is set aside while a block runs; false where there was none.

    Attributes:
        customer: Who reserved.
        entitlement: What for.
        verdict: The answer to the reservation; once it is settled, to that.
        is_open: Whether something is set aside that was neither settled nor given back.
    """

    def __init__(self, policy: Reserving, customer: str, entitlement: str, made: Verdict) -> None:
        """Made by `Policy.hold`."""
        self._policy = policy
        self._reserved = made
        self.customer = customer
        self.entitlement = entitlement
        self.verdict = made
        self.is_open = made.hold is not None

    def __bool__(self) -> bool:
        """Whether room was set aside."""
        return bool(self._reserved)

    @property
    def id(self) -> str:
        """The id of the hold; ``""`` where there was no room."""
        return self._reserved.hold or ""

    def settle(self, amount: Given, **options: Unpack[SettleOptions]) -> Verdict:
        """Count what was used, and give the rest back; more is counted, too.

        Args:
            amount: How much was used.
            options: As for `Policy.settle`.

        Raises:
            ValueError: There was no room, so that nothing was to be used.
        """
        if not self:
            message = f"nothing was set aside: {self.verdict.explanation}"
            raise ValueError(message)
        policy = self._policy
        self.verdict = policy.settle(self.customer, self.entitlement, self.id, amount, **options)
        self.is_open = False
        return self.verdict

    def release(self) -> bool:
        """Give everything back; false where nothing is set aside any more."""
        if not self.is_open:
            return False
        self.is_open = False
        return self._policy.release(self.customer, self.entitlement, self.id)

    def end(self) -> None:
        """Count what was set aside, where the block did not say how much was used."""
        if self.is_open:
            self.settle(self._reserved.requested)

    def drop(self) -> None:
        """Give everything back for a block that raised, whose error must not be hidden."""
        try:
            self.release()
        except Exception as error:  # noqa: BLE001 -- whatever a store may raise
            LOG.error("hold `%s` was not given back, and ends by itself: %s",  # noqa: TRY400 -- the block's own error goes on
                      self.id, type(error).__name__)  # fmt: skip


class Holding(Reserving):
    """Reservations as blocks."""

    @contextmanager
    def hold(
        self,
        customer: str,
        entitlement: str,
        amount: Given | None = None,
        *,
        key: str | None = None,
        **options: Unpack[ReserveOptions],
    ) -> Iterator[Hold]:
        """Set room aside for a ``with`` block, which gets the hold; it is false without room.

        The block calls `Hold.settle` with what was used. Where it does not, all that was set aside
        counts as used; where it raises, nothing does.

        Args:
            customer: Who asks.
            entitlement: What for.
            amount: As for `reserve`.
            key: As for `allow`.
            options: As for `reserve`.
        """
        made = self.reserve(customer, entitlement, amount, key=key, **options)
        hold = Hold(self, customer, entitlement, made)
        try:
            yield hold
        except BaseException:
            hold.drop()
            raise
        hold.end()
