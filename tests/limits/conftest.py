"""What the tests of limits share: one policy under every server, on both kinds of store."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from criterion.policy import Policy
from tests.http.servers import Address
from tests.limits import subjects
from tests.limits.applications import SERVERS, STORES


class Place(NamedTuple):
    """Where limits are asked, and the policy behind."""

    address: Address
    policy: Policy


PLACES = [(server, store) for server in SERVERS for store in STORES]


@pytest.fixture(scope="session", params=PLACES, ids="-".join)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Return where the policy of `subjects` answers, under each server and store in turn."""
    server, store = request.param
    policy = subjects.policy(STORES[store]())
    with SERVERS[server](policy) as address:
        yield Place(address, policy)
