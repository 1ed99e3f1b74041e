"""Tests that a document with random damage is read, or refused in words, and nothing else."""

import random
import time
from pathlib import Path
from typing import Final

import pytest

from criterion.documents.decision_file import dump
from criterion.documents.decision_reader import read_decision
from criterion.documents.runnable import runnable
from criterion.errors import DocumentError
from tests.soak import seconds_max, sized

COUNT: Final = sized(20_000, 300)
SECONDS_MAX: Final = 2
BASE: Final = (Path(__file__).parents[2] / "decisions" / "usage_limit.yaml").read_text("utf-8")
PIECES: Final = [
    *"{}[]:,#&*!|>'\"%@`=-~?<\n\t \\$", "null", "true", "unlimited", "input", "profile", "[]", "{}",
    "1e9", ".nan", "default: null", "- ", "  ", "&a ", "*a", "<<: ", "==", "{{", "}}", "otherwise",
    "type", "integer", "quantity", "$ref", "enum", "properties", "redact: mask", "é", "\u2028",
    "9" * 40, "not ", "and", "for x in", "sum(", "any(",
]  # fmt: skip


def mutated(text: str, dice: random.Random) -> str:
    for _ in range(dice.randint(1, 3)):
        at, size = dice.randrange(len(text)), dice.randint(0, 12)
        piece = dice.choice([dice.choice(PIECES), text[at // 2 : at // 2 + size], ""])
        text = text[:at] + piece + text[at + dice.choice([0, size]) :]
    return text


@pytest.mark.soak
def test_damage_never_makes_anything_but_a_decision_or_a_document_error() -> None:
    dice = random.Random(COUNT)  # noqa: S311 -- no secret
    read = 0
    said: set[str] = set()
    for _ in range(COUNT):
        text = mutated(BASE, dice)
        begin = time.process_time()
        try:
            decision = read_decision(text)
            runnable(decision)
            assert read_decision(dump(decision)) == decision
            read += 1
        except DocumentError as error:
            said |= {mark.message for mark in error.marks} or {""}
        assert time.process_time() - begin < seconds_max(SECONDS_MAX), text

    assert 0 < read < COUNT
    assert [words for words in said if not words or "cannot be read as YAML" in words] == []
