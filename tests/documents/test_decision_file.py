"""Tests of decision files: what they say, that writing loses nothing, and their digests."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.documents.decision_file import DecisionFile, dump
from criterion.documents.decision_loading import load_decision
from criterion.documents.decision_reader import LETS_MAX, read_decision
from criterion.documents.yaml_writer import write_yaml
from criterion.errors import DocumentError
from criterion.schema import NoProfile
from tests.parcels import Parcel

ROOT = Path(__file__).parents[2]
USAGE_LIMIT = (ROOT / "decisions" / "usage_limit.yaml").read_text("utf-8")

SMALL = """\
decision: seat-limit
version: 1.0.0
title: Seats
owner: growth
input:
  seats: {type: integer, minimum: 0, title: Seats, description: How many.}
output:
  allowed: {type: boolean}
  left: {$ref: quantity}
  note: {type: string, default: null}
  parts: {type: array, items: {type: string}, default: []}
let:
  room: {small: 3, large: unlimited, word: "unlimited"}
  limit: room["small"]
emit:
  note: "==one {input.seats}"
rules:
  - id: fits
    when: input.seats <= limit
    emit: {allowed: true, left: "=limit - input.seats", parts: ["{{", "{limit}", y, x]}
    explain: "{input.seats} of {limit}"
  - id: full
    when: otherwise
    emit: {allowed: false, left: 0, note: null}
"""


def test_a_decision_says_what_its_file_says() -> None:
    decision = read_decision(SMALL)

    assert (decision.id, decision.version) == ("seat-limit", "1.0.0")
    assert (decision.title, decision.owner) == ("Seats", "growth")
    assert decision.let["room"] == {"small": 3, "large": Decimal("Infinity"), "word": "unlimited"}
    assert [rule.id for rule in decision.rules] == ["fits", "full"]
    assert decision.rules[1].when == "otherwise"
    assert decision.shapes[1].model is NoProfile
    assert [clause.id for clause in decision.body.clauses] == ["fits", "full"]


READY: Final = {
    path.stem: path.read_text("utf-8")
    for path in sorted((Path(__file__).parents[2] / "decisions").glob("*.yaml"))
    if not path.stem.endswith(".cases")
}
WRITTEN: Final = {"small": SMALL, "usage-limit": USAGE_LIMIT, **READY}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_written_decision_reads_back_equal(text: str) -> None:
    decision = read_decision(text)

    again = read_decision(dump(decision))

    assert again == decision
    assert again.digest == decision.digest
    assert again.body == decision.body
    assert dump(again) == dump(decision)


SAME = [
    ("title: Seats\n", ""),
    ("title: Seats", "title: Places"),
    ("owner: growth", "owner: sales"),
    ("title: Seats, description: How many.", "title: Other"),
    ("{type: integer, minimum: 0,", "{minimum: 0.0, type: integer,"),
    ('explain: "{input.seats} of {limit}"', "explain: '{input.seats} of {limit}'"),
    ("rules:", "# a comment\nrules:"),
]
DIFFERENT = [
    ("1.0.0", "1.0.1"),
    ("seat-limit", "seat-limits"),
    ("minimum: 0", "minimum: 1"),
    ("<= limit", "< limit"),
    ("left: 0", "left: 1"),
    ("left: 0", "left: 0.5"),
    ("id: full", "id: rest"),
    ("of {limit}", "from {limit}"),
    ("small: 3", "small: 4"),
    ("large: unlimited", 'large: "unlimited"'),
    ("{type: string, default: null}", "{type: string, default: null, redact: mask}"),
    ("note: null", "note: x"),
]


@pytest.mark.parametrize(("before", "after"), SAME)
def test_words_for_people_and_layout_do_not_change_the_digest(before: str, after: str) -> None:
    assert before in SMALL

    assert read_decision(SMALL.replace(before, after, 1)).digest == read_decision(SMALL).digest


@pytest.mark.parametrize(("before", "after"), DIFFERENT)
def test_whatever_can_change_an_answer_changes_the_digest(before: str, after: str) -> None:
    assert before in SMALL

    assert read_decision(SMALL.replace(before, after, 1)).digest != read_decision(SMALL).digest


def test_shared_members_may_stand_in_each_rule_as_well() -> None:
    shared = 'emit:\n  note: "==one {input.seats}"\n'
    apart = SMALL.replace(shared, "").replace(
        "emit: {allowed: true,", 'emit: {note: "==one {input.seats}", allowed: true,'
    )

    assert read_decision(apart).digest == read_decision(SMALL).digest


def test_a_digest_stays_what_it_is() -> None:
    assert re.fullmatch("sha256:[0-9a-f]{64}", read_decision(SMALL).digest)
    assert read_decision(SMALL).digest.startswith("sha256:")
    assert load_decision(SMALL).digest == read_decision(SMALL).digest


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12
)
texts = words.map(lambda text: text.replace("{", "{{").replace("}", "}}")).map(
    lambda text: f"={text}" if text.startswith("=") else text
)


@given(st.lists(texts, min_size=1, max_size=4), words, st.integers(-(10**12), 10**12))
def test_any_text_survives_writing_and_reading(notes: list[str], title: str, limit: int) -> None:
    rules = [
        {"id": f"rule-{n}", "when": f"input.seats > {n}", "emit": {"note": note}, "explain": note}
        for n, note in enumerate(notes)
    ]
    members: dict[str, Any] = {
        "decision": "seat-limit",
        "version": "1.0.0",
        "title": f"t{title}",
        "input": {"seats": {"type": "integer"}},
        "output": {"note": {"type": "string"}},
        "let": {"limit": limit, "data": [title, limit, None, True]},
        "rules": [rule for rule in rules if str(rule["explain"]).strip()] or rules[:0],
    }
    if not members["rules"]:
        return

    decision = read_decision(write_yaml(members))

    assert decision.title == f"t{title}"
    assert [rule.explain for rule in decision.rules] == [r["explain"] for r in members["rules"]]
    assert read_decision(dump(decision)) == decision


def problems_of(text: str, *, imports: bool = False) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read_decision(text, imports=imports)
    return [f"{mark.line}:{mark.column}: {mark.message}" for mark in caught.value.marks]


def with_input(reference: str) -> str:
    return re.sub(r"input:\n.*\n", f"input: {reference}\n", SMALL, count=1)


def test_a_file_may_name_a_pydantic_model() -> None:
    text = with_input("tests.parcels:Parcel").replace("input.seats", "input.weight_g")

    decision: DecisionFile = read_decision(text, imports=True)

    assert decision.shapes[0].model is Parcel
    assert read_decision(dump(decision), imports=True) == decision


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("os:system", "`os` is a part of Python itself"),
        ("antigravity:fly", "`antigravity` is a part of Python itself"),
        ("tests.parcels:Nothing", "`tests.parcels` has no pydantic model `Nothing`"),
        ("tests.parcels:Final", "`tests.parcels` has no pydantic model `Final`"),
        ("no_such_module:Facts", "there is no module `no_such_module`"),
        ("../tests/schemas.py:Parcel", "this is neither fields nor the name of a model"),
    ],
)
def test_a_reference_that_is_no_model_is_refused(reference: str, message: str) -> None:
    assert problems_of(with_input(reference), imports=True) == [f"5:8: {message}"]


def test_there_are_bounds_on_lets() -> None:
    lets = "".join(f"  a{n}: 1\n" for n in range(LETS_MAX))

    assert problems_of(SMALL.replace("let:\n", f"let:\n{lets}")) == [
        f"13:3: there are more than {LETS_MAX} lets"
    ]


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = (
        SMALL.replace("version: 1.0.0", "version: 1.0")
        .replace("limit: room", "limit: rom")
        .replace("id: full", "id: Full")
        .replace("{input.seats} of", "{input.seat} of")
    )

    assert problems_of(text) == [
        "2:10: `1.0` is not a semantic version",
        "14:10: unknown name `rom`",
        "21:22: `input` has no `seat`",
        "22:9: `Full` is not an id",
    ]


def test_a_mistake_in_a_folded_text_has_its_own_line() -> None:
    text = SMALL.replace(
        "    when: input.seats <= limit\n",
        "    when: >\n      input.seats <= limit\n      and input.seat > 0\n",
    )

    assert problems_of(text) == ["21:17: `input` has no `seat`"]


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read: No such file or directory"):
        load_decision(tmp_path / "nothing.yaml")
    with pytest.raises(DocumentError, match="give a path, or YAML text of several lines"):
        load_decision("decision: seat-limit")
