"""``criterion policy store``: what the commands say, and how they end."""

import json
import sqlite3
from contextlib import closing
from typing import Final

import pytest

from criterion.clock import FixedClock
from criterion.policy import Policy
from criterion.policy.stores.sqlite import SqliteStore
from tests.cli.conftest import Project
from tests.policy.scenes import START, limit

DOCUMENT: Final = {
    "credits": {"t": {}},
    "plans": {"free": {"default": True, "entitlements": {"x": limit(10)}}},
}


@pytest.fixture(name="stored")
def fixture_stored(empty: Project) -> Project:
    store = SqliteStore("limits.db")
    policy = Policy.load(DOCUMENT, store, clock=FixedClock(START))
    policy.create_customer("u")
    policy.allow("u", "x", 4)
    store.close()
    return empty


def test_a_sound_store_is_sound(stored: Project) -> None:
    ended = stored.run("policy", "store", "check", "limits.db", "--mark", "2")

    assert (ended.exit_code, ended.stdout) == (0, "last commit 2, sound\n")


def test_a_changed_balance_is_found_and_rebuilt(stored: Project) -> None:
    with closing(sqlite3.connect("limits.db", isolation_level=None)) as connection:
        connection.execute("UPDATE parts SET data = replace(data, ',4,', ',1,')")

    found = stored.run("policy", "store", "check", "limits.db")
    rebuilt = stored.run("policy", "store", "rebuild", "limits.db", "--json")
    again = stored.run("policy", "store", "check", "limits.db", "--json")

    assert found.exit_code == 1
    assert found.stdout == (
        "not what the journal says (1): meters `x` of `u`\nlast commit 2, NOT SOUND\n"
    )
    assert found.stderr == "without --mark, an end that was cut off does not show\n"
    assert json.loads(rebuilt.stdout) == {"last": 2}
    assert (again.exit_code, json.loads(again.stdout)) == (0, {"last": 2, "findings": []})


def test_what_is_exported_can_be_imported(stored: Project) -> None:
    lines = stored.run("policy", "store", "export", "limits.db").stdout

    ended = stored.run("policy", "store", "import", "copy.db", stdin=lines)

    assert (ended.exit_code, ended.stdout) == (0, "imported up to commit 2\n")
    assert stored.run("policy", "store", "export", "copy.db").stdout == lines


@pytest.mark.parametrize("name", ["check", "rebuild", "export"])
def test_a_file_that_is_not_there_is_named(empty: Project, name: str) -> None:
    ended = empty.run("policy", "store", name, "none.db")

    assert ended.exit_code == 1
    assert ended.stderr == "there is no file `none.db`\n  hint: name the file of a store\n"
