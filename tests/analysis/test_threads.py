"""Threads: several may lint, compare and look for changes at once, and get what one alone gets."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from criterion import Catalogue, Engine
from criterion.analysis import counterfactuals, diff, lint

CATALOGUE: Final = Catalogue.load()
IDS: Final = ("document-state", "feature-access", "transaction-threshold", "usage-limit")
VERSIONS: Final = {"usage-limit": "1.1.0-yaml"}


def asked(id: str) -> Any:  # noqa: ANN401 -- what was found
    decision = CATALOGUE.decision(id, VERSIONS.get(id))
    return lint(decision), diff(decision, decision)


def nothing_helps(_: str) -> str:
    facts = {"plan": "free", "resource": "projects", "usage": 3, "requested": 1}
    decision = CATALOGUE.decision("usage-limit", "1.1.0-yaml")
    result = Engine(profiles=CATALOGUE.profiles).run(decision, facts, "pricing")
    return counterfactuals(result, wish="data.limit == 7").verdict


def test_threads_that_prove_at_once_are_told_what_one_alone_is_told() -> None:
    alone = {id: asked(id) for id in IDS}

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(asked, IDS * 2))
        said = set(pool.map(nothing_helps, IDS))

    assert together == [alone[id] for id in IDS * 2]
    assert said == {nothing_helps("")}
