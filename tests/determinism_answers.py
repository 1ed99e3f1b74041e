"""Prints the answers that must be the same bytes everywhere; run by `test_determinism.py`.

It needs nothing but pydantic, so that any Python that has it can run it.
"""

import json
import runpy
import sys
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field

from criterion.decision import Decision
from criterion.profiles import ProfileRegistry
from criterion.quantity import Quantity
from criterion.redaction import Redact
from criterion.result import Result
from criterion.rule import Rule
from criterion.schema import NoProfile, Schema
from tests.parcels import engine

ROOT: Final = Path(__file__).parent.parent


class Color(Enum):
    """Something with names."""

    RED = "red"
    GREEN = "green"


class Thing(Schema):
    """Facts of kinds whose order could depend on hashes."""

    tags: frozenset[str] = frozenset()
    sizes: frozenset[int | str] = frozenset()
    colors: frozenset[Color] = frozenset()
    weights: dict[str, Decimal] = Field(default={})
    choice: int | list[str] | None = None
    note: Annotated[str, Redact("mask")] = "hush"


class Told(Schema):
    """Data of such kinds."""

    tags: frozenset[str]
    colors: frozenset[Color]
    by_tag: dict[str, frozenset[str]]
    limit: Quantity


def _refuse(thing: Thing, _: object) -> bool:
    raise KeyError(f"{sorted(thing.tags)}")


things = Decision(
    id="things",
    version="1.0.0",
    input=Thing,
    profile=NoProfile,
    output=Told,
    rules=(
        Rule(
            id="refused", when=lambda t, _: "x" in t.tags and _refuse(t, _), emit=lambda _, __: {}
        ),
        Rule(id="odd", when=lambda t, _: "y" not in t.tags, emit=lambda t, _: {"tagz": t.tags}),
        Rule(
            id="told",
            when=lambda t, _: "z" not in t.tags,
            emit=lambda t, _: Told(
                tags=t.tags,
                colors=t.colors,
                by_tag=dict.fromkeys(sorted(t.tags), t.tags),
                limit=t.weights.get("limit", 3),
            ),
            explain=lambda t, _: f"{', '.join(sorted(t.tags))} {t.weights} {t.note}",
        ),
    ),
)

WORDS: Final = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
THINGS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"tags": {*WORDS, "y"}, "sizes": {1, "1", 2, "b"}, "colors": set(Color)},
    {"tags": {*WORDS, "x"}},
    {"tags": {*WORDS, "y", "z"}},
    {"tags": {*WORDS, "y"}, "weights": {word: Decimal("0.10") for word in WORDS}},
    {"tags": [1], "sizes": {None}, "colors": {"blue"}, "choice": "many", "note": 1},
    {"tag": 1, "size": 2, "color": 3, "wieghts": 4, "chioce": 5, "notes": 6},
    {"weights": dict.fromkeys(WORDS, "heavy")},
)
USAGES: Final[tuple[dict[str, Any], ...]] = tuple(
    {"plan": plan, "resource": "projects", "current_usage": usage, "requested_amount": amount}
    for plan, usage, amount in product(("free", "pro", "enterprise", "gold"), (0, 2, 60), (0, 1))
)


def answers(profiles: dict[str, dict[str, Any]]) -> Iterator[Result[Any]]:
    """Yield every answer, always in the same order."""
    registry = ProfileRegistry()
    for name, values in profiles.items():
        registry.register(name, values, version="1.0.0")
    running = engine(registry)
    usage_limit = runpy.run_path(str(ROOT / "decisions/usage_limit.py"))["usage_limit"]
    rates = runpy.run_path(str(ROOT / "decisions/api_rate_limit.py"))["api_rate_limit"]
    yield from running.run_many(usage_limit, USAGES, "pricing")
    yield from running.run_many(usage_limit, USAGES, "prices")
    yield from running.run_many(rates, [{"plan": "pro"}, {}], "rate-limits")
    yield from running.run_many(things, THINGS)


if __name__ == "__main__":
    for answer in answers(json.load(sys.stdin)):
        sys.stdout.write(f"{answer.to_json(trace=True)}\n{answer}\n")
        sys.stdout.write(f"{json.dumps(answer._repr_mimebundle_())}\n")
