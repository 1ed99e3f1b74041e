"""What the HTTP tests share: one service under every server."""

from collections.abc import Iterator

import pytest

from tests.http import subjects
from tests.http.servers import SERVERS, Address


@pytest.fixture(scope="session", params=SERVERS)
def address(request: pytest.FixtureRequest) -> Iterator[Address]:
    """Return where the service of `subjects` answers, under each server in turn."""
    with SERVERS[request.param](subjects.service()) as found:
        yield found
