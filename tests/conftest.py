"""What all tests share: how hard hypothesis looks, and the services beside them."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.services import drop_database, make_database, postgres_url

# A suite that is red must be red for the change under test: it looks at the same examples each
# time. New ones are looked for in the soak.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None, max_examples=10_000, print_blob=True)
settings.load_profile("soak" if os.environ.get("CRITERION_SOAK") else "house")


# What the terminal, the shell or the CI around the tests says of itself is no part of them, and no
# program that they start hears of it.
for name in (
    *("CI", "BUILD_NUMBER", "GITHUB_ACTIONS", "PYTEST_ADDOPTS", "CRITERION_PATH"),
    *("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "PY_COLORS", "TERM"),
):
    os.environ.pop(name, None)


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the URL of an empty PostgreSQL database of the test's own."""
    url = postgres_url()
    name = f"criterion_{os.getpid()}_{abs(hash(request.node.nodeid)):x}"
    drop_database(url, name)
    yield make_database(url, name)
    drop_database(url, name)
