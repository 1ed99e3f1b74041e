"""The order of the public document that this project started from: a rule in it never matches."""

from pathlib import Path
from typing import Final

from criterion import Catalogue, load_decision
from criterion.analysis import Report, lint

CATALOGUE: Final = Catalogue.load()
SOURCE: Final = Path("decisions/usage_limit.yaml").read_text("utf-8")


def reordered(source: str, moved: str, before: str) -> str:
    """Return a decision file with one rule moved before another."""
    head, *rules = source.split("\n  - id: ")
    rule = next(each for each in rules if each.startswith(moved))
    rest = [each for each in rules if each is not rule]
    place = next(n for n, each in enumerate(rest) if each.startswith(before))
    return "\n  - id: ".join([head, *rest[:place], rule, *rest[place:]])


SEED: Final = reordered(SOURCE, "within-limit", "approaching-limit")


def linted(source: str) -> Report:
    decision = load_decision(source)
    return lint(
        decision, profiles=CATALOGUE.profiles, source=source, file="seed.yaml", budget_ms=20_000
    )


def test_the_seeds_order_is_proven_to_hide_a_rule_and_the_move_is_named() -> None:
    (found,) = linted(SEED).problems

    line = SEED[: SEED.index("approaching-limit")].count("\n") + 1
    assert (found.kind, found.verdict, found.rule) == ("unreachable", "proven", "approaching-limit")
    assert found.message == (
        "`approaching-limit` never matches: `within-limit` before it matches first,"
        " whatever the profile says"
    )
    assert found.hint == (
        "move `approaching-limit` before `within-limit`; then every rule matches some facts"
    )
    assert str(found.place) == f"seed.yaml:{line}:9"


def test_the_move_that_is_proposed_is_clean() -> None:
    assert linted(reordered(SEED, "approaching-limit", "within-limit")).is_clean
