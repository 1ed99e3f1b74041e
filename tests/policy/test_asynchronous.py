"""Tests of the asynchronous policy: the same names and answers, whoever is cancelled."""

import asyncio
import threading
from typing import Any

import pytest

from criterion.errors import OverloadError
from criterion.policy import AsyncPolicy, Policy
from criterion.policy.runtime.noting import noted
from criterion.policy.stores.memory import MemoryStore
from criterion.recorder import MemoryRecorder

DOCUMENT: dict[str, Any] = {
    "credits": {"seat": {}},
    "plans": {"free": {"default": True, "entitlements": {
        "seats": {"limit": {"credit": "seat", "value": 100}}, "pdf": {},
    }}},
}  # fmt: skip


class Held:
    """A store whose calls wait until they are let go."""

    def __init__(self) -> None:
        self.inner = MemoryStore()
        self.let_go = threading.Event()
        self.let_go.set()
        self.entered = threading.Semaphore(0)
        self.threads: set[str] = set()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.inner, name)

    def transact(self, customer: str, decide: Any) -> Any:  # noqa: ANN401
        self.threads.add(threading.current_thread().name)
        self.entered.release()
        self.let_go.wait(10)
        return self.inner.transact(customer, decide)


def policy_on(store: Any, **more: Any) -> Policy:  # noqa: ANN401
    policy = Policy.load({"policy": DOCUMENT}, store, **more)
    policy.create_customer("ann")
    return policy


def test_it_has_the_names_of_a_policy_and_its_own() -> None:
    def names(kind: type) -> set[str]:
        return {name for name in dir(kind) if not name.startswith("_")}

    assert names(AsyncPolicy) - names(Policy) == {"close", "run"}
    assert names(Policy) - names(AsyncPolicy) == {"beside"}


@pytest.mark.parametrize("kind", [MemoryStore, Held])
def test_it_answers_as_the_policy_does(kind: Any) -> None:  # noqa: ANN401
    async def asked() -> list[object]:
        policy = AsyncPolicy(policy_on(kind()))
        try:
            verdict = await policy.allow("ann", "seats", 40)
            async with policy.hold("ann", "seats", 30) as hold:
                held = await policy.held("ann", "seats")
                await hold.settle(10)
            return [verdict.remaining, held, await policy.value("ann", "seats"), hold.is_open]
        finally:
            policy.close()

    assert asyncio.run(asked()) == [60, 30, 50, False]


def test_a_memory_store_is_asked_where_the_loop_runs_and_any_other_in_threads() -> None:
    store = Held()
    policy = AsyncPolicy(policy_on(store), threads=2)
    store.threads.clear()

    async def asked() -> None:
        await asyncio.gather(*[policy.allow("ann", "seats", 1) for _ in range(20)])

    asyncio.run(asked())
    policy.close()
    assert policy.policy.value("ann", "seats") == 20
    assert 1 <= len(store.threads) <= 2
    assert all(name.startswith("criterion-policy") for name in store.threads)


def test_who_is_cancelled_while_the_call_runs_is_counted_once_and_answers_nobody() -> None:
    store = Held()
    policy = AsyncPolicy(policy_on(store), threads=1)
    store.entered = threading.Semaphore(0)

    async def asked() -> object:
        store.let_go.clear()
        running = asyncio.create_task(policy.allow("ann", "seats", 1))
        await asyncio.to_thread(store.entered.acquire)
        waiting = asyncio.create_task(policy.allow("ann", "seats", 10))
        await asyncio.sleep(0)
        for task in (running, waiting):
            task.cancel()
        done = await asyncio.gather(running, waiting, return_exceptions=True)
        store.let_go.set()
        after = await policy.allow("ann", "seats", 100 - 1)
        return [type(each) for each in done], after.remaining

    found = asyncio.run(asked())
    policy.close()
    assert found == ([asyncio.CancelledError] * 2, 0)


def test_a_block_that_is_cancelled_gives_its_hold_back() -> None:
    policy = AsyncPolicy(policy_on(Held()))

    async def asked() -> object:
        entered = asyncio.Event()

        async def work() -> None:
            async with policy.hold("ann", "seats", 60):
                entered.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(work())
        await entered.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return await policy.held("ann", "seats"), await policy.value("ann", "seats")

    found = asyncio.run(asked())
    policy.close()
    assert found == (0, 0)


def test_no_more_calls_wait_than_may() -> None:
    store = Held()
    policy = AsyncPolicy(policy_on(store), threads=1, waiting_max=1)

    async def asked() -> list[bool]:
        store.let_go.clear()
        calls = [asyncio.create_task(policy.allow("ann", "seats", 1)) for _ in range(4)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        store.let_go.set()
        done = await asyncio.gather(*calls, return_exceptions=True)
        again = await policy.allow("ann", "seats", 1)
        return [isinstance(each, OverloadError) for each in (*done, again)]

    found = asyncio.run(asked())
    policy.close()
    assert found == [False, False, True, True, False]


@pytest.mark.parametrize("kind", [MemoryStore, Held])
def test_what_is_noted_goes_along_into_the_thread(kind: Any) -> None:  # noqa: ANN401
    recorder = MemoryRecorder()
    policy = AsyncPolicy(policy_on(kind(), recorder=recorder))

    async def ask(number: int) -> None:
        with policy.noting({"request_id": number}):
            await policy.allow("ann", "seats", number)

    async def asked() -> None:
        await asyncio.gather(*[ask(number) for number in range(1, 9)])

    asyncio.run(asked())
    policy.close()
    kept = {each.result.requested: each.metadata["request_id"] for each in recorder.records}  # type: ignore[attr-defined]
    assert kept == {number: number for number in range(1, 9)}
    assert noted() == {}
