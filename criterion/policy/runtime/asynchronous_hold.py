"""Holds for asynchronous programs: the same as `Hold`, awaited."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar, Unpack

from criterion.policy.runtime.holding import Hold
from criterion.policy.runtime.options import Given, SettleOptions
from criterion.policy.runtime.policy import Policy
from criterion.policy.verdict import Verdict

Answered = TypeVar("Answered")


class Runs(Protocol):
    """What runs calls of a policy: an `AsyncPolicy`."""

    def run(self, function: Callable[[Policy], Answered]) -> Coroutine[Any, Any, Answered]:
        """Return what a function makes of the policy."""
        ...


class AsyncHold:
    """Room that is set aside while a block runs; false where there was none.

    Attributes:
        hold: What it stands for.
    """

    def __init__(self, policy: Runs, hold: Hold) -> None:
        """Made by `AsyncPolicy.hold`."""
        self._policy = policy
        self.hold = hold

    def __bool__(self) -> bool:
        """Whether room was set aside."""
        return bool(self.hold)

    @property
    def id(self) -> str:
        """The id of the hold; ``""`` where there was no room."""
        return self.hold.id

    @property
    def is_open(self) -> bool:
        """Whether something is set aside that was neither settled nor given back."""
        return self.hold.is_open

    @property
    def verdict(self) -> Verdict:
        """The answer to the reservation; once it is settled, to that."""
        return self.hold.verdict

    async def settle(self, amount: Given, **options: Unpack[SettleOptions]) -> Verdict:
        """Count what was used, and give the rest back; see `Hold.settle`."""
        return await self._policy.run(lambda _: self.hold.settle(amount, **options))

    async def release(self) -> bool:
        """Give everything back; false where nothing is set aside any more."""
        return await self._policy.run(lambda _: self.hold.release())

    async def end(self) -> None:
        """Count what was set aside, where the block did not say how much was used."""
        if self.is_open:
            await self._finished(self.hold.end)

    async def drop(self) -> None:
        """Give everything back for a block that raised, also where it was cancelled."""
        if self.is_open:
            await self._finished(self.hold.drop)

    async def _finished(self, step: Callable[[], None]) -> None:
        """Wait for a step that comes to its end whoever is cancelled meanwhile."""
        from asyncio import shield  # noqa: PLC0415 -- whoever awaits has imported it

        await shield(self._policy.run(lambda _: step()))
