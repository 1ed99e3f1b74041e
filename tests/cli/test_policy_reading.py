"""``criterion policy check``, ``show``, ``try``, ``price``, ``model-margin``: without a store."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from criterion.cli import policy, policy_complete, screen
from criterion.json_input import read_json
from criterion.policy import Policy
from tests.cli.conftest import Project, masked
from tests.cli.policy_project import AT, POLICY, fixture_shop  # noqa: F401 -- the fixture
from tests.policy.scenes import START

ROOT: Final = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("flags", [[], ["--json"]], ids=["text", "json"])
@pytest.mark.parametrize("text", [POLICY, POLICY.replace("credit: seat,", "credit: saet,")])
def test_what_is_checked_is_what_check_finds(text: str, flags: list[str], shop: Project) -> None:
    shop.write("policy.yaml", text)

    found = shop.run("policy", "check", *flags)
    named = shop.run("policy", "check", "policy.yaml", *flags)
    expected = shop.run("check", "policy.yaml", *flags)

    assert found.exit_code == named.exit_code == expected.exit_code == int("saet" in text)
    assert found.stdout == named.stdout == expected.stdout


SCREENS = [
    "show",
    f"try acme --plan free --at {AT} seats +1 +1 +1 +1",
    f"try ann --plan pro --at {AT} tokens +99_000 +2_000 @+31d +1 files +1GB =2GB -500MB ?9GB",
    f"try ann --plan pro --at {AT} requests +5 +1 @+1s +1 pdf-export",
    f"try ann --at {AT} pdf-export tokens -5 +2e9",
    "price token",
    "price storage --offset 10 250 1GB",
    "model-margin pro tokens=3_000_000 files=6GB",
    "model-margin pro requests=600 --unscaled",
]


@pytest.mark.parametrize("line", SCREENS)
def test_a_person_reads_this(line: str, shop: Project, snapshot: SnapshotAssertion) -> None:
    ended = shop.run("policy", *line.split())

    assert f"exit {ended.exit_code}\n{ended.stdout}\n{ended.stderr}" == snapshot


@pytest.mark.parametrize(
    "line",
    [
        "show",
        f"try acme --at {AT} seats +3 +1 @2026-04-01 tokens",
        "price token 1500000",
        "model-margin pro tokens=3_000_000",
    ],
)
def test_a_program_reads_this(line: str, shop: Project, snapshot: SnapshotAssertion) -> None:
    ended = shop.run("policy", *line.split(), "--json")

    assert read_json(masked(ended.stdout)) == snapshot


MISTAKES = [
    "try acme seets +1",
    "try acme +1",
    "try acme -1",
    "try acme seats 3",
    "try acme seats +x",
    "try acme seats -",
    "try acme tokens +1GB",
    "try acme files -1h",
    "try acme tokens +1e30",
    "try acme --plan fre seats +1",
    f"try acme --at {AT} tokens @30d",
    f"try acme --at {AT} tokens @2026-02-28",
    "try acme tokens @+99999999d",
    "try acme tokens @+1e300d",
    "try acme tokens --at 9999-12-31",
    "try acme tokens --at someday",
    "show none.yaml",
    "price tokn",
    "price token 1e3x",
    "model-margin prp tokens=1",
    "model-margin pro tokens",
    "model-margin pro tokns=1",
    "model-margin pro pdf-export=1",
    "model-margin pro tokens=1 tokens=2",
    "model-margin pro tokens=-1",
]


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_answered_with_what_to_type(
    line: str, shop: Project, snapshot: SnapshotAssertion
) -> None:
    ended = shop.run("policy", *line.split())

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == snapshot


def test_a_mistyped_option_is_not_taken_for_a_step(shop: Project) -> None:
    ended = shop.run("policy", "try", "acme", "--paln", "free", "seats", "+1")

    assert ended.exit_code == 2
    assert "No such option: --paln" in ended.stderr
    assert "--plan" in ended.stderr


def test_a_trial_has_a_bound(shop: Project) -> None:
    ended = shop.run("policy", "try", "acme", "tokens", *["+1"] * 10_000)

    assert (ended.exit_code, ended.stderr) == (2, "a trial has at most 10,000 steps\n")


@pytest.mark.parametrize("way", ["option", "variable", "folder"])
def test_the_policy_is_found(way: str, shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.write("other.yaml", POLICY.replace("value: 3,", "value: 7,"))
    if way == "variable":
        monkeypatch.setenv("CRITERION_POLICY", "other.yaml")
    option = ["--policy", "other.yaml"] if way == "option" else []

    ended = shop.run("policy", "try", "acme", "seats", *option)

    assert f"0 of {3 if way == 'folder' else 7} used" in ended.stdout


def test_without_a_policy_a_way_to_name_one_is_said(empty: Project) -> None:
    ended = empty.run("policy", "show")

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == (
        "here is no `policy.yaml`\n"
        "  hint: name one: `--policy FILE`, or the variable CRITERION_POLICY\n"
    )


@pytest.mark.parametrize("name", ["none.yaml", ".", "a" * 5_000], ids=["none", "folder", "long"])
def test_a_file_that_is_none_is_named(name: str, shop: Project) -> None:
    ended = shop.run("policy", "show", "--policy", name)

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"there is no file `{name[:99]}")


def test_a_policy_without_a_default_plan_asks_for_one(shop: Project) -> None:
    shop.replace("policy.yaml", "    default: true\n", "")

    ended = shop.run("policy", "try", "acme", "tokens", "+1")

    assert (ended.exit_code, ended.stderr) == (
        2,
        "the policy has no default plan: write `--plan PLAN`\n  hint: there is `free`, `pro`\n",
    )


@pytest.mark.parametrize(
    ("more", "seats"), [([], "8 of 10"), (["--plan", "free"], "8 of 3")], ids=["own", "other plan"]
)
def test_a_customer_of_the_document_begins_where_it_stands(
    more: list[str], seats: str, shop: Project
) -> None:
    state = "{plan: pro, type: org, meters: {seats: {credit: seat, value: 8}}}"
    shop.write("policy.yaml", f"{POLICY}\ncustomers:\n  acme: {state}\n")

    ended = shop.run("policy", "try", "acme", "seats", *more)

    assert seats in ended.stdout


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["seats"], "org"),
        (["tokens", "seats"], "org"),
        (["tokens"], "user"),
        (["seats", "--type", "user"], "user"),
    ],
    ids=" ".join,
)
def test_who_tries_is_of_the_type_whose_limits_are_tried(
    words: list[str], kind: str, shop: Project
) -> None:
    ended = shop.run("policy", "try", "acme", *words)

    is_found = "belongs to no customer" not in ended.stdout
    assert is_found == (kind == "org" or "seats" not in words)
    assert ("`org`" in ended.stderr) == (kind == "org")


AMOUNTS = st.lists(st.integers(-2_000, 2_000), min_size=1, max_size=8)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(AMOUNTS)
def test_a_trial_answers_as_the_policy_does(shop: Project, amounts: list[int]) -> None:
    own = Policy.load(POLICY)
    own.create_customer("ann", "free", at=START)
    expected = [own.allow("ann", "tokens", each, at=START) for each in amounts]

    ended = shop.run(
        "policy", "try", "ann", "--at", START.isoformat(), "tokens",
        *(f"{each:+}" for each in amounts), "--json",
    )  # fmt: skip

    steps: list[dict[str, Any]] = json.loads(ended.stdout)["steps"]
    assert [(each["verdict"]["code"], each["verdict"]["remaining"]) for each in steps] == [
        (each.code, each.remaining) for each in expected
    ]
    assert ended.exit_code == int(not all(expected))


def test_nothing_is_cut_off_in_a_narrow_table(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["policy", "try", "acme", "--at", AT, "seats", "+3", "+1"]
    wide = shop.run(*words).stdout

    monkeypatch.setattr(screen, "WIDTH_UNSEEN", 24)
    narrow = shop.run(*words).stdout

    assert max(map(len, narrow.splitlines())) <= 24
    assert sorted("".join(narrow.split())) == sorted("".join(wide.split()))


def test_what_could_move_the_cursor_is_escaped(shop: Project) -> None:
    ended = shop.run("policy", "try", "a\x1b[31m\nb", "tokens", "nothing\x1b[31m")

    assert "\x1b" not in ended.output


@pytest.mark.parametrize(
    ("offers", "beginning", "expected"),
    [
        (policy_complete.plans, "p", ["pro"]),
        (policy_complete.credit_names, "s", ["seat", "storage"]),
        (
            policy_complete.entitlement_names,
            "",
            ["seats", "tokens", "files", "requests", "pdf-export"],
        ),
    ],
    ids=["plans", "credits", "entitlements"],
)
def test_a_shell_is_offered_the_names_of_the_policy(
    offers: Callable[[Any, str], list[str]],
    beginning: str,
    expected: list[str],
    shop: Project,
) -> None:
    here: Any = SimpleNamespace(params={})

    assert offers(here, beginning) == expected
    (shop.root / "policy.yaml").write_text("a: [")
    assert offers(here, beginning) == []


COMMANDS = [name for name, _ in policy.COMMANDS]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_on_a_screen_and_every_option_is_documented(name: str, empty: Project) -> None:
    page = (ROOT / "docs/reference/cli.md").read_text("utf-8").partition("### `policy`\n")[2]

    ended = empty.run("policy", name, "--help")

    lines = ended.stdout.splitlines()
    assert ended.exit_code == 0
    assert (len(lines) < 40, max(map(len, lines)) <= 80) == (True, True)
    assert [option for option in re.findall(r"--[a-z-]+", ended.stdout) if option not in page] == [
        "--help"
    ]
