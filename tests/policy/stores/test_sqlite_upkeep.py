"""Upkeep: changes of a file are found, heads come back from the journal, lines make it anew."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from criterion.clock import FixedClock
from criterion.errors import StoreError
from criterion.policy import Policy
from criterion.policy.stores.lines import exported, imported
from criterion.policy.stores.memory import MemoryStore
from criterion.policy.stores.sqlite import SqliteStore
from criterion.policy.stores.sqlite_upkeep import check, export_file, import_file, rebuild
from tests.policy.scenes import START, limit

DOCUMENT: Final = {
    "credits": {"t": {"price": {"amount": 1}}},
    "plans": {
        "free": {"default": True, "entitlements": {"x": limit(10), "y": limit(5)}},
        "pro": {"entitlements": {"x": limit(100)}},
    },
}


def used(policy: Policy) -> None:
    """Do something of everything."""
    policy.create_customer("org", type="org")
    policy.create_customer("u", refs=["org"], alt_ids=["alt"])
    policy.create_customer("gone")
    policy.grant("u", "t", 5, id="g")
    policy.add_cap("u", 90, id="z")
    policy.add_cap("u", 80, id="c")
    policy.allow("alt", "x", 12, key="k")
    policy.settle("u", "y", policy.reserve("u", "y", 2).hold or "", 1)
    policy.set_plan("org", "pro")
    policy.remove_cap("u", "z")
    policy.delete_customer("gone")


@pytest.fixture(name="path")
def fixture_path(tmp_path: Path) -> str:
    path = str(tmp_path / "limits.db")
    store = SqliteStore(path)
    used(Policy.load(DOCUMENT, store, clock=FixedClock(START)))
    store.close()
    return path


def stood(path: str) -> object:
    """Return every row of the tables of heads."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 -- names of ours
            for table in ("parts", "alts", "plans")
        ]


def run(path: str, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_file_that_is_as_it_was_written_is_sound(path: str) -> None:
    found = check(path, mark=1)

    assert found.findings == ()
    assert check(path, mark=found.last).findings == ()


DAMAGE: Final = {
    "a balance": "UPDATE parts SET data = replace(data, '12', '2') WHERE kind = 1 AND name = 'x'",
    "a head that is gone": "DELETE FROM parts WHERE customer = 'u' AND kind = 3",
    "one too many": "INSERT INTO parts SELECT 'v', kind, name, at, born, data FROM parts"
    " WHERE customer = 'u' AND kind = 0",
    "a time": "UPDATE parts SET at = at - 1 WHERE customer = 'u' AND name = 'x'",
    "another name": "DELETE FROM alts",
    "a plan": "DELETE FROM plans WHERE plan = 'pro'",
}


@pytest.mark.parametrize("statement", DAMAGE.values(), ids=DAMAGE)
def test_heads_that_were_changed_are_found_and_come_back(path: str, statement: str) -> None:
    before = stood(path)
    run(path, statement)

    found = check(path)
    rebuild(path)

    assert [each.startswith("not what the journal says (1)") for each in found.findings] == [True]
    assert check(path).findings == ()
    assert stood(path) == before


def test_a_hole_in_the_journal_is_named(path: str) -> None:
    run(path, "DELETE FROM journal WHERE seq IN (3, 4)", "DELETE FROM journal WHERE seq = 6")

    findings = check(path).findings

    assert "commits 3 to 4 are missing from the journal" in findings
    assert "commit 6 is missing from the journal" in findings


def test_an_end_that_was_cut_off_shows_only_beside_a_mark(path: str, tmp_path: Path) -> None:
    cut = str(tmp_path / "cut.db")
    last = check(path).last
    store = SqliteStore(cut)
    policy = Policy.load(DOCUMENT, store, clock=FixedClock(START))
    policy.create_customer("org", type="org")
    store.close()

    assert check(cut).findings == ()
    assert check(cut, mark=last).findings == (
        f"the journal ends at commit 1: {last - 1} after it were seen outside, and are gone",
    )


def test_damaged_pages_and_lines_are_findings_and_no_crash(path: str) -> None:
    run(path, "UPDATE journal SET data = '[[[null' WHERE seq = 2")

    assert any(each.startswith("not everything can be read") for each in check(path).findings)
    with pytest.raises(StoreError, match="the journal of store"):
        rebuild(path)

    damaged = bytearray(Path(path).read_bytes())
    for start in range(4_096, len(damaged), 4_096):
        damaged[start + 8 : start + 2_000] = b"\xa5" * 1_992
    Path(path).write_bytes(damaged)
    assert check(path).findings[-1].startswith("not everything can be read: ")


def test_a_rebuild_that_cannot_be_done_changes_nothing(path: str) -> None:
    run(path, "UPDATE journal SET data = '[[[null' WHERE seq = 9", "UPDATE parts SET at = 7")
    before = stood(path)

    with pytest.raises(StoreError):
        rebuild(path)

    assert stood(path) == before


def test_lines_make_the_same_store_with_its_keys(path: str, tmp_path: Path) -> None:
    made = str(tmp_path / "made.db")

    last = import_file(made, export_file(path))

    assert (last, stood(made)) == (check(path).last, stood(path))
    assert list(export_file(made)) == list(export_file(path))
    policies = [
        Policy.load(DOCUMENT, SqliteStore(each), clock=FixedClock(START)) for each in (path, made)
    ]
    first, second = (policy.allow("alt", "x", 12, key="k") for policy in policies)
    assert (second.record, second.explanation) == (first.record, first.explanation)
    assert second.seq == first.seq > 0


def test_lines_go_from_one_kind_of_store_to_another(path: str) -> None:
    store = MemoryStore()

    imported(export_file(path), store)

    assert list(exported(store)) == list(export_file(path))
    assert Policy.load(DOCUMENT, store).value("u", "x") == 12


def test_lines_that_are_not_whole_make_no_file(path: str, tmp_path: Path) -> None:
    made = str(tmp_path / "made.db")
    lines = list(export_file(path))
    changed = [line.replace('"value"', '"valve"').replace("12", "13") for line in lines]

    for wrong, message in (
        (lines[:-1], "the lines end early"),
        (lines[:3] + lines[4:], "some were changed or lost"),
        (changed, "some were changed or lost"),
        ([*lines, lines[1]], "is none of an export"),
        (lines[1:], "line 1 is none of an export"),
        (["[1]"], "line 1 is none of an export"),
        ([lines[0], '{"parts": [1]}'], "line 2 is none of an export"),
        ([], "the lines end early"),
    ):
        with pytest.raises(StoreError, match=message):
            import_file(made, wrong)
        assert sorted(each.name for each in tmp_path.iterdir() if "made" in each.name) == []


def test_nothing_is_imported_over_what_is_there(path: str) -> None:
    with pytest.raises(StoreError, match="is there already"):
        import_file(path, [])
    with pytest.raises(StoreError, match="the store is not empty"):
        imported([], SqliteStore(path))


@pytest.mark.parametrize("act", [check, rebuild, lambda path: list(export_file(path))])
def test_upkeep_makes_no_file_where_there_is_none(tmp_path: Path, act: object) -> None:
    assert callable(act)
    with pytest.raises(StoreError, match="there is no file"):
        act(str(tmp_path / "none.db"))

    assert list(tmp_path.iterdir()) == []
