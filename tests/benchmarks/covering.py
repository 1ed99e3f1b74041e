"""Coverage: what it takes to see the arms of many results, beside what it took to make them."""

from time import process_time
from typing import Final, NamedTuple

from criterion import Catalogue, Engine, load_decision
from criterion.testing import coverage
from tests.benchmarks.loads import TEXT
from tests.benchmarks.timing import Effort

FACTS_COUNT: Final = 1_000


class CoverTimes(NamedTuple):
    """Seconds of processor time, in the fastest turn: of the results, and of their coverage."""

    run_s: float
    cover_s: float


def cover_times(effort: Effort) -> CoverTimes:
    """Ask as many different facts, and cover the results, by turns."""
    engine = Engine(profiles=Catalogue.load().profiles)
    decision = load_decision(TEXT)
    facts = [
        {"resource": "projects", "current_usage": number, "requested_amount": 1, "plan": "free"}
        for number in range(FACTS_COUNT)
    ]
    turns = []
    for _ in range(effort.pairs):
        begin = process_time()
        results = list(engine.run_many(decision, facts, "pricing"))
        asked = process_time()
        assert coverage(decision, results).seen
        turns.append((asked - begin, process_time() - asked))
    runs, covers = zip(*turns, strict=True)
    return CoverTimes(min(runs), min(covers))
