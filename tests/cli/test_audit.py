"""``criterion audit`` and ``why``: what they say of trails, and of records in them."""

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.audit import AuditRecorder, JsonLinesTrail
from criterion.catalogue import Catalogue
from criterion.cli.moments import moment
from criterion.cli.problems import UsageError
from criterion.clock import FixedClock
from criterion.engine import Engine
from criterion.policy import Policy
from tests.audit.trails import CLOCK, KEY, QUICK, recorded
from tests.cli.conftest import Project
from tests.parcels import NOON


@pytest.fixture(name="trail")
def fixture_trail(tmp_path: Path) -> Path:
    """Return the folder of a trail of five records."""
    folder = tmp_path / "trail"
    recorded(JsonLinesTrail(folder), 5)
    return folder


def file_of(trail: Path) -> Path:
    [file] = trail.glob("*.jsonl")
    return file


def members(empty: Project, *arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        empty.run("audit", "verify", "--trail", *map(str, arguments), "--json").stdout
    )
    return found


def plainly(text: str, trail: Path) -> str:
    """Return text without the names that are drawn."""
    first = json.loads(file_of(trail).read_text().splitlines()[0])
    lines = [json.loads(line) for line in file_of(trail).read_text().splitlines()]
    for number, line in enumerate(lines, 1):
        text = text.replace(line["id"], f"<id {number}>").replace(line["hash"], f"<hash {number}>")
    return text.replace(first["writer"], "<writer>")


def test_a_whole_trail_verifies(trail: Path, empty: Project, snapshot: SnapshotAssertion) -> None:
    ended = empty.run("audit", "verify", "--trail", str(trail))

    assert ended.exit_code == 0
    assert plainly(ended.stdout, trail) == snapshot
    assert ended.stderr == "without --checkpoints, a tail that was cut off does not show\n"


def test_a_changed_record_is_named(
    trail: Path, empty: Project, snapshot: SnapshotAssertion
) -> None:
    file = file_of(trail)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join([*lines[:2], lines[2].replace("heavy", "light"), *lines[3:]]))

    ended = empty.run("audit", "verify", "--trail", str(trail))

    assert ended.exit_code == 1
    assert plainly(ended.stdout, trail) == snapshot


def test_a_cut_tail_is_found_against_what_was_printed_before(
    trail: Path, empty: Project, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(members(empty, trail)))
    whole = empty.run("audit", "verify", "--trail", str(trail), "--checkpoints", str(kept))
    file = file_of(trail)
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:4]))

    cut = members(empty, trail, "--checkpoints", kept)

    assert (whole.exit_code, whole.stderr) == (0, "")
    assert not cut["intact"]
    assert "the tail is cut: entry 5" in cut["findings"][0]["problem"]


def test_a_torn_line_is_set_aside_and_said(trail: Path, empty: Project) -> None:
    file = file_of(trail)
    file.write_text(file.read_text()[:-9])

    ended = empty.run("audit", "verify", "--trail", str(trail))

    assert ended.exit_code == 0
    assert f"{file.name}:5 is not finished, as a crash leaves it; it was set aside" in ended.stderr


def test_many_findings_are_counted(tmp_path: Path, empty: Project) -> None:
    folder = tmp_path / "trail"
    recorded(JsonLinesTrail(folder), 30)
    file = file_of(folder)
    file.write_text(file.read_text().replace("heavy", "light"))

    ended = empty.run("audit", "verify", "--trail", str(folder))

    assert "and 10 more\n" in ended.stdout
    assert "30 records, 30 findings" in ended.stdout


def test_a_trail_that_is_not_there_is_said(empty: Project) -> None:
    ended = empty.run("audit", "verify", "--trail", "nowhere")

    assert ended.exit_code == 1
    assert ended.stderr == "`nowhere` cannot be read: no such file or directory\n"


@pytest.mark.parametrize("text", [None, "x", "[]", '{"checkpoints": [1]}', "{}"])
def test_checkpoints_that_are_none_are_refused(
    trail: Path, empty: Project, tmp_path: Path, text: str | None
) -> None:
    kept = tmp_path / "kept.json"
    if text is not None:
        kept.write_text(text)

    ended = empty.run("audit", "verify", "--trail", str(trail), "--checkpoints", str(kept))

    assert ended.exit_code == 2
    assert "cannot be read" in ended.stderr or "holds no checkpoints" in ended.stderr


FACTS: Final[tuple[dict[str, Any], ...]] = (
    {"weight_g": 40_000},
    {"weight_g": 1_500, "to": "shop"},
    {"weight_g": "much"},
)


@pytest.fixture(name="asked")
def fixture_asked(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a project whose trail has a denial, a charge and invalid input."""
    monkeypatch.setenv("CRITERION_AUDIT", "trail")
    catalogue = Catalogue.load(project.root)
    with AuditRecorder(JsonLinesTrail("trail"), key=KEY, delivery=QUICK, clock=CLOCK) as recorder:
        for number, facts in enumerate(FACTS):
            at = FixedClock(NOON.replace(hour=12 + number))
            engine = Engine(profiles=catalogue.profiles, recorder=recorder, clock=at)
            decision = catalogue.decision("parcel-surcharge")
            engine.run(decision, facts, "tariff", metadata={"customer": f"org_{number}"})
    return project


def masked(text: str) -> str:
    """Return text without ids and digests; columns become as wide as what stands in."""
    text = re.sub("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>", text)
    return re.sub(r"\b(sha256:|blake2b:)?[0-9a-f]{64}\b", "<digest>", text)


COMMANDS: Final[dict[str, list[str]]] = {
    "search": ["audit", "search"],
    "search by everything": ["audit", "search", "--metadata", "customer=org_0", "--denied",
                             "--decision", "parcel-surcharge", "--rule", "refused",
                             "--since", "2026-01-31", "--until", "2026-01-31T12:00:01Z"],
    "search for nothing": ["audit", "search", "--rule", "nothing"],
    "search as JSON": ["audit", "search", "--rule", "heavy", "--json"],
    "search with a wrong moment": ["audit", "search", "--since", "soon"],
    "search with wrong metadata": ["audit", "search", "--metadata", "org_1", "--json"],
    "stats": ["audit", "stats", "--by", "hour"],
    "stats as JSON": ["audit", "stats", "--json"],
    "stats of nothing": ["audit", "stats", "--rule", "nothing"],
    "replay": ["audit", "replay"],
    "replay as JSON": ["audit", "replay", "--denied", "--json"],
    "why": ["why", "--denied", "--metadata", "customer=org_0"],
    "why as JSON": ["why", "--denied", "--json"],
    "why of invalid input": ["why", "--status", "INVALID_INPUT"],
    "why of nothing": ["why", "--rule", "nothing"],
    "an unknown record": ["audit", "show", "nothing"],
    "prune unsure": ["audit", "prune", "--before", "2026-02-01"],
    "prune nothing": ["audit", "prune", "--before", "2026-01-01", "--yes"],
    "prune": ["audit", "prune", "--before", "2026-01-31T13:00:00", "--yes"],
    "erase unsure": ["audit", "erase", "--metadata", "customer=org_0"],
    "erase": ["audit", "erase", "--metadata", "customer=org_0", "--yes", "--json"],
    "a missing key": ["audit", "replay", "--key-file", "nowhere"],
}  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_command_says_what_it_found(
    words: list[str], asked: Project, snapshot: SnapshotAssertion
) -> None:
    ended = asked.run(*words)

    assert (ended.exit_code, masked(ended.stdout), masked(ended.stderr)) == snapshot


def id_of(asked: Project, *words: str) -> str:
    found = json.loads(asked.run("audit", "search", *words, "--json").stdout)["records"]
    return str(found[0]["id"])


def test_a_record_is_shown(asked: Project, snapshot: SnapshotAssertion) -> None:
    ended = asked.run("audit", "show", id_of(asked, "--denied"))

    assert masked(ended.stdout) == snapshot


def test_a_record_is_shown_as_json(asked: Project) -> None:
    id = id_of(asked, "--denied")

    shown = json.loads(asked.run("audit", "show", id, "--json").stdout)

    assert (shown["id"], shown["payload"]["id"], shown["sequence"]) == (id, id, 1)


def test_why_takes_the_id_of_a_record(asked: Project) -> None:
    id = id_of(asked, "--rule", "heavy")

    assert f"record {id}\n" in asked.run("why", id).stdout


def test_the_command_that_why_prints_gives_the_same_answer(asked: Project) -> None:
    told = json.loads(asked.run("why", "--rule", "heavy", "--json").stdout)
    program, *words = re.findall(r"'[^']*'|\S+", told["command"])

    ended = asked.run(*(word.strip("'") for word in words), "--json")

    assert program == "criterion"
    for member in ("decision", "profile", "data", "explanation"):
        assert json.loads(ended.stdout)[member] == told["record"][member]


def test_an_erased_record_is_shown_as_erased_and_not_explained(asked: Project) -> None:
    id = id_of(asked, "--denied")
    asked.run("audit", "erase", "--metadata", "customer=org_0", "--yes")

    shown = asked.run("audit", "show", id)
    why = asked.run("why", id)
    verified = asked.run("audit", "verify")

    assert "its payload was erased" in shown.stderr
    assert (why.exit_code, why.stderr) == (
        2,
        f"record `{id}` is no evaluation, or was erased\n",
    )
    assert (verified.exit_code, verified.stderr.splitlines()[0]) == (
        0,
        "1 payload erased or pruned, as notes in the trail say",
    )


def test_a_pruned_trail_says_so_when_verified(asked: Project) -> None:
    asked.run("audit", "prune", "--before", "2026-01-31T13:00:00", "--yes")

    ended = asked.run("audit", "verify")

    assert ended.exit_code == 0
    assert "pruned up to record 1, as a note says" in ended.stderr


def test_changed_code_is_not_replayed_and_a_different_answer_fails(asked: Project) -> None:
    asked.replace("decisions/parcel.py", "is too heavy", "weighs too much")
    changed = asked.run("audit", "replay", "--denied")
    asked.replace("decisions/parcel.py", "weighs too much", "is too heavy")
    [file] = (asked.root / "trail").glob("*.jsonl")
    file.write_text(file.read_text().replace("40000 g is too heavy", "40001 g is too heavy"))
    different = asked.run("audit", "replay", id_of(asked, "--denied"))

    assert (changed.exit_code, different.exit_code) == (0, 1)
    assert "not replayable: the code of `parcel-surcharge@1.0.0` has changed" in changed.stdout
    assert "different: explanation is different" in different.stdout
    why = asked.run("why", id_of(asked, "--denied"))
    assert why.stderr == "this record is not as it was written; see `criterion audit verify`\n"


def test_a_broken_catalogue_is_said_and_the_rest_replayed(asked: Project) -> None:
    asked.write("decisions/broken.yaml", "decision: 1")

    ended = asked.run("audit", "replay")

    assert "decisions in Python are not replayed" in ended.stderr
    assert "3 not replayable" in ended.stdout


def test_a_key_that_is_too_short_is_refused(asked: Project) -> None:
    asked.write("key", "short")

    assert asked.run("audit", "replay", "--key-file", "key").exit_code == 2


def test_a_payload_with_terminal_escapes_is_printed_in_plain_letters(asked: Project) -> None:
    [file] = (asked.root / "trail").glob("*.jsonl")
    file.write_text(
        file.read_text().replace("customer", r"\u001b[2J\u202e").replace("too heavy", r"\u001b")
    )

    for words in (["audit", "search"], ["why", "--denied"], ["audit", "show", id_of(asked)]):
        printed = asked.run(*words).output
        assert ("\x1b" in printed, "\u202e" in printed) == (False, False)


def test_a_payload_without_its_members_is_said(asked: Project) -> None:
    [file] = (asked.root / "trail").glob("*.jsonl")
    file.write_text(file.read_text().replace('"engine":', '"engines":'))
    id = json.loads(file.read_text().splitlines()[0])["id"]

    assert asked.run("audit", "search").stdout.count("unreadable") == 3
    assert "its payload was erased, or is none" in asked.run("audit", "show", id).stderr
    assert asked.run("why", id).exit_code == 2


def test_an_export_verifies(asked: Project) -> None:
    asked.write("export.jsonl", asked.run("audit", "export").stdout)

    ended = asked.run("audit", "verify", "--trail", "export.jsonl", "--json")

    assert json.loads(ended.stdout)["entries"] == 3


def test_why_explains_a_denial_by_a_policy_with_the_numbers_of_that_moment(empty: Project) -> None:
    plan = {"default": True, "entitlements": {"seats": {"limit": {"credit": "seat", "value": 1}}}}
    document = {"policy": {"credits": {"seat": {}}, "plans": {"free": plan}}}
    trail = JsonLinesTrail(empty.root / "trail")
    with AuditRecorder(trail, key=KEY, delivery=QUICK, clock=CLOCK) as recorder:
        policy = Policy.load(document, clock=FixedClock(NOON), recorder=recorder)
        for customer in ("org_1", "org_2"):
            policy.ensure_customer(customer)
            policy.allow(customer, "seats", 1)
        policy.allow("org_1", "seats", 2)
        policy.set_value("org_1", "seats", 0)

    ended = empty.run("why", "org_1", "--denied", "--trail", str(empty.root / "trail"))

    assert (ended.exit_code, ended.stderr) == (0, "")
    assert "because capacity-reached: seats: 1 of 1 used on plan free; 2 more requested" in (
        ended.stdout
    )
    assert "  customer  org_1\n" in ended.stdout


def test_why_takes_a_customer_and_a_day(asked: Project) -> None:
    on = asked.run("why", "org_0", "--denied", "--on", "2026-01-31")
    before = asked.run("why", "org_0", "--on", "2026-01-30")
    nobody = asked.run("why", "org_99", "--on", "2026-01-31")

    assert on.stdout == asked.run("why", "--denied", "-m", "customer=org_0").stdout
    assert "would have been allowed by" in on.stdout
    assert (before.exit_code, nobody.exit_code) == (2, 2)


def test_a_day_beside_other_times_is_refused(asked: Project) -> None:
    ended = asked.run("audit", "search", "--on", "today", "--since", "7d")

    assert (ended.exit_code, "leave out `--since`" in ended.stderr) == (2, True)


def test_an_export_replays_where_the_trail_is_not(asked: Project) -> None:
    asked.write("export.jsonl", asked.run("audit", "export").stdout)
    here = asked.run("why", "--denied").stdout
    shutil.rmtree(asked.root / "trail")

    assert asked.run("why", "--denied", "--trail", "export.jsonl").stdout == here
    replayed = asked.run("audit", "replay", "--trail", "export.jsonl").stdout
    assert replayed == "3 records: 3 identical, 0 different, 0 not replayable\n"


MOMENTS: Final[dict[str, datetime]] = {
    "today": datetime(2026, 1, 31, tzinfo=UTC),
    "yesterday": datetime(2026, 1, 30, tzinfo=UTC),
    "90m": datetime(2026, 1, 31, 10, 30, tzinfo=UTC),
    "36h": datetime(2026, 1, 30, tzinfo=UTC),
    "7d": datetime(2026, 1, 24, 12, tzinfo=UTC),
    "2026-01-02": datetime(2026, 1, 2, tzinfo=UTC),
    "2026-01-02T03:04:05": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    "2026-01-02T03:04:05+01:00": datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC),
}


@pytest.mark.parametrize(("text", "at"), MOMENTS.items(), ids=MOMENTS)
def test_a_moment_is_an_instant(text: str, at: datetime) -> None:
    assert moment(text, FixedClock(NOON)) == at


@pytest.mark.parametrize("text", ["", "now", "7w", "2026-13-01", "999999d", "-1d"])
def test_other_words_are_no_moment(text: str) -> None:
    with pytest.raises(UsageError, match="is not an instant"):
        moment(text, FixedClock(NOON))


def test_the_audit_trail_is_not_imported_until_it_is_used() -> None:
    code = "import criterion.cli.app, sys; criterion.cli.app.make_app(); print(*sys.modules)"

    imported = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout.split()

    assert [name for name in imported if name.startswith("criterion.audit")] == []
