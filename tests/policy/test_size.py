"""How much room a customer takes, in memory and in the journal."""

import gc
import tracemalloc
from decimal import Decimal

from criterion.policy import Policy
from criterion.policy.stores.memory import MemoryStore
from tests.policy.scenes import after, limit

CUSTOMERS = 200
ENTITLEMENTS = 10
BYTES_MAX = 16 * 1024


def test_a_customer_of_ten_entitlements_takes_less_than_16_kb() -> None:
    names = [f"e{number}" for number in range(ENTITLEMENTS)]
    plan = {"default": True, "entitlements": {name: limit(100, resets=True) for name in names}}
    document = {"credits": {"t": {}}, "plans": {"free": plan}}
    policy = Policy.load(document, MemoryStore(journal_max=1))
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(CUSTOMERS):
            customer = f"customer-{number}"
            policy.create_customer(customer, at=after(0))
            for turn in range(4):
                for name in names:
                    policy.allow(customer, name, Decimal("1.5"), at=after(turn + 1))
        gc.collect()
        taken = (tracemalloc.get_traced_memory()[0] - before) / CUSTOMERS
    finally:
        tracemalloc.stop()

    assert taken < BYTES_MAX
