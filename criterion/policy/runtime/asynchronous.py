"""The policy for asynchronous programs: the same calls, awaited, and no event loop held up."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from contextvars import copy_context
from functools import partial, wraps
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, Self, TypeVar, Unpack

from criterion.errors import OverloadError
from criterion.policy.delivery import Handler, Undelivered
from criterion.policy.plan import Plan
from criterion.policy.runtime.asynchronous_hold import AsyncHold
from criterion.policy.runtime.holding import Hold
from criterion.policy.runtime.options import Given, ReserveOptions
from criterion.policy.runtime.policy import Policy
from criterion.policy.store import Store
from criterion.policy.stores.memory import MemoryStore
from criterion.policy.terms import Terms
from criterion.recorder import Recorder

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

P = ParamSpec("P")
Answered = TypeVar("Answered")

THREADS: Final = 8
"""How many calls of a store that waits for something run at once where nothing else is said."""

WAITING_MAX: Final = 1_000
"""How many more may wait for their turn where nothing else is said."""


def _pool_of(threads: int) -> "ThreadPoolExecutor":
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 -- not for a memory store

    return ThreadPoolExecutor(threads, thread_name_prefix="criterion-policy")


def _awaited(
    method: Callable[Concatenate[Policy, P], Answered],
) -> Callable[Concatenate["AsyncPolicy", P], Coroutine[Any, Any, Answered]]:
    """Return a method of `Policy` as one that is awaited."""

    @wraps(method)
    async def call(self: "AsyncPolicy", /, *args: P.args, **kwargs: P.kwargs) -> Answered:
        if self._pool is None:
            return method(self.policy, *args, **kwargs)
        return await self._elsewhere(partial(method, self.policy, *args, **kwargs))

    return call


class AsyncPolicy:
    """A `Policy` whose calls are awaited; arguments and answers are the same.

    A policy in memory answers at once, where the event loop runs. With any other store each call
    runs in a thread of a small pool. Who is cancelled while a call waits for its turn has used
    nothing; later the call comes to its end, is counted once, and its answer goes nowhere.

    Args:
        policy: What answers.
        threads: How many calls run at once where the store waits for something.
        waiting_max: How many more may wait; whoever comes then gets an `OverloadError`.

    Attributes:
        policy: As given.
    """

    def __init__(
        self, policy: Policy, *, threads: int = THREADS, waiting_max: int = WAITING_MAX
    ) -> None:
        """Put an asynchronous front before a policy."""
        self.policy = policy
        self._pool = None if isinstance(policy.store, MemoryStore) else _pool_of(threads)
        self._room = BoundedSemaphore(threads + waiting_max)

    @classmethod
    def load(
        cls,
        source: str | Path | Mapping[str, Any],
        store: str | Store = "memory://",
        **options: Any,  # noqa: ANN401 -- those of `Policy.load`
    ) -> Self:
        """Read a document and put it to work, as `Policy.load`; call it before the loop runs."""
        return cls(Policy.load(source, store, **options))

    async def run(self, function: Callable[[Policy], Answered]) -> Answered:
        """Return what a function makes of the policy, run where its calls run: several as one."""
        if self._pool is None:
            return function(self.policy)
        return await self._elsewhere(partial(function, self.policy))

    def close(self) -> None:
        """Wait for the calls that run, and end the threads; nothing can be asked afterwards."""
        if self._pool is not None:
            self._pool.shutdown()

    async def _elsewhere(self, call: Callable[[], Answered]) -> Answered:
        """Run a call in a thread, with what is noted here.

        Raises:
            OverloadError: Too many wait already.
        """
        if self._pool is None or not self._room.acquire(blocking=False):
            raise OverloadError("too many calls wait for the store of the policy")
        from asyncio import wrap_future  # noqa: PLC0415 -- whoever awaits has imported it

        running = self._pool.submit(copy_context().run, call)
        running.add_done_callback(lambda _: self._room.release())
        return await wrap_future(running)

    @property
    def terms(self) -> Terms:
        """What the policy says."""
        return self.policy.terms

    @property
    def store(self) -> Store:
        """Where customers stand."""
        return self.policy.store

    @property
    def default_plan(self) -> Plan | None:
        """The plan of customers without one."""
        return self.policy.default_plan

    @property
    def undelivered(self) -> tuple[Undelivered, ...]:
        """The last events that handlers would not take, oldest first."""
        return self.policy.undelivered

    @property
    def degraded_calls(self) -> int:
        """How many calls were answered while the store could not, by the policy's choice."""
        return self.policy.degraded_calls

    @property
    def records(self) -> bool:
        """Whether verdicts are kept by a recorder."""
        return self.policy.records

    def record_with(self, recorder: Recorder) -> None:
        """Hand every verdict from now on to a recorder; it is called where the call runs."""
        self.policy.record_with(recorder)

    def on_event(self, handler: Handler, *, name: str = "handler") -> None:
        """Tell a handler of everything from now on; it runs where the call runs."""
        self.policy.on_event(handler, name=name)

    def off_event(self, name: str = "handler") -> bool:
        """Tell a handler no more."""
        return self.policy.off_event(name)

    @asynccontextmanager
    async def hold(
        self,
        customer: str,
        entitlement: str,
        amount: Given | None = None,
        *,
        key: str | None = None,
        **options: Unpack[ReserveOptions],
    ) -> AsyncIterator[AsyncHold]:
        """Set room aside for an ``async with`` block; see `Policy.hold`.

        A block that is cancelled has raised: nothing counts.
        """
        made = await self.reserve(customer, entitlement, amount, key=key, **options)
        hold = AsyncHold(self, Hold(self.policy, customer, entitlement, made))
        try:
            yield hold
        except BaseException:
            await hold.drop()
            raise
        await hold.end()

    explain = staticmethod(Policy.explain)
    validate = staticmethod(Policy.validate)
    noting = staticmethod(Policy.noting)

    grant = _awaited(Policy.grant)
    grants = _awaited(Policy.grants)
    credit_remaining = _awaited(Policy.credit_remaining)
    apply_topup = _awaited(Policy.apply_topup)
    ensure_included_topups = _awaited(Policy.ensure_included_topups)
    add_cap = _awaited(Policy.add_cap)
    update_cap = _awaited(Policy.update_cap)
    cap = _awaited(Policy.cap)
    caps = _awaited(Policy.caps)
    reset_cap = _awaited(Policy.reset_cap)
    remove_cap = _awaited(Policy.remove_cap)
    exchange = _awaited(Policy.exchange)
    credit = _awaited(Policy.credit)
    set_overhead_cost = _awaited(Policy.set_overhead_cost)
    margin_snapshot = _awaited(Policy.margin_snapshot)
    model_margin = _awaited(Policy.model_margin)
    start_margin = _awaited(Policy.start_margin)
    capture_margin = _awaited(Policy.capture_margin)
    overview = _awaited(Policy.overview)
    value = _awaited(Policy.value)
    remaining = _awaited(Policy.remaining)
    limit = _awaited(Policy.limit)
    ceiling = _awaited(Policy.ceiling)
    allowance = _awaited(Policy.allowance)
    cost = _awaited(Policy.cost)
    meter_overhead = _awaited(Policy.meter_overhead)
    resets = _awaited(Policy.resets)
    rate = _awaited(Policy.rate)
    ewma = _awaited(Policy.ewma)
    acceleration = _awaited(Policy.acceleration)
    projected_exhaustion = _awaited(Policy.projected_exhaustion)
    meter_of = _awaited(Policy.meter_of)
    limit_of = _awaited(Policy.limit_of)
    entitlement = _awaited(Policy.entitlement)
    credit_for = _awaited(Policy.credit_for)
    plan = _awaited(Policy.plan)
    customer = _awaited(Policy.customer)
    allow = _awaited(Policy.allow)
    check = _awaited(Policy.check)
    increment = _awaited(Policy.increment)
    decrement = _awaited(Policy.decrement)
    check_increment = _awaited(Policy.check_increment)
    check_decrement = _awaited(Policy.check_decrement)
    set_value = _awaited(Policy.set_value)
    allow_all = _awaited(Policy.allow_all)
    check_all = _awaited(Policy.check_all)
    create_customer = _awaited(Policy.create_customer)
    ensure_customer = _awaited(Policy.ensure_customer)
    update_customer = _awaited(Policy.update_customer)
    delete_customer = _awaited(Policy.delete_customer)
    load_customer = _awaited(Policy.load_customer)
    load_customers = _awaited(Policy.load_customers)
    add_alt = _awaited(Policy.add_alt)
    remove_alt = _awaited(Policy.remove_alt)
    refs = _awaited(Policy.refs)
    metadata = _awaited(Policy.metadata)
    set_plan = _awaited(Policy.set_plan)
    create_override = _awaited(Policy.create_override)
    remove_override = _awaited(Policy.remove_override)
    ensure_subscription = _awaited(Policy.ensure_subscription)
    reserve = _awaited(Policy.reserve)
    reserve_all = _awaited(Policy.reserve_all)
    settle = _awaited(Policy.settle)
    release = _awaited(Policy.release)
    held = _awaited(Policy.held)
    observe = _awaited(Policy.observe)
    estimate = _awaited(Policy.estimate)
    samples = _awaited(Policy.samples)
    reload = _awaited(Policy.reload)
    diff = _awaited(Policy.diff)
    publish_plan = _awaited(Policy.publish_plan)
    retire_plan = _awaited(Policy.retire_plan)
    plan_period = _awaited(Policy.plan_period)
    trial_period = _awaited(Policy.trial_period)
    subscription_entitlement = _awaited(Policy.subscription_entitlement)
