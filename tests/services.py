"""Services that run beside the tests; without them, tests are skipped unless they are required."""

import os
from typing import Final

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

POSTGRES_DEFAULT: Final = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


def postgres_url() -> str:
    """Return the URL of a PostgreSQL server, or skip the test where there is none."""
    url = os.environ.get("CRITERION_TEST_POSTGRES_URL", POSTGRES_DEFAULT)
    try:
        with create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 3}).connect():
            return url
    except SQLAlchemyError as error:
        missing(f"PostgreSQL does not answer: {str(error).splitlines()[0]}")
        raise


def make_database(url: str, name: str) -> str:
    """Make an empty database and return its URL."""
    _administer(url, f'CREATE DATABASE "{name}"')
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str, name: str) -> None:
    """Remove a database, and whoever is still connected to it."""
    _administer(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def missing(reason: str) -> None:
    """Skip the test for want of a service; fail it where services are required."""
    if os.environ.get("CRITERION_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
